/* limits.h - what one index can hold, and the errors about more. docs/scale.md explains where each limit comes from. */
#ifndef SKS_LIMITS_H
#define SKS_LIMITS_H

#include "core/base/error.h"
#include "core/base/schema.h"

#include <stdint.h>

/* Rows and bytes are numbered by 32 bits. */
#define SKS_MAX_STATEMENTS (UINT32_MAX - 1)
#define SKS_MAX_OCCUPATIONS (UINT32_MAX / SKS_LEVELS - 1)
#define SKS_MAX_TOKEN_BYTES UINT32_MAX      /* of all texts, as numbers of words: about 145 million statements */
#define SKS_MAX_VOCABULARY_BYTES UINT32_MAX /* of different words, while files are read */
#define SKS_MAX_STRING_BYTES UINT32_MAX     /* of different words, and of all titles, descriptions, file names */

/* Memory that a build takes for each statement, at least, beside what reading took. Measured at a million: 94 to
 * 120. */
#define SKS_BUILD_BYTES 64

/* Memory for the postings of one thread: with more, they are written as a piece. Statements take 22 bytes each, so the
 * largest index has about 200 pieces, which are open at once while they are joined. */
#define SKS_PIECE_BYTES (16 << 20)

typedef struct sks_limits {
    uint64_t statements, occupations, token_bytes, vocabulary_bytes, string_bytes;
    uint64_t memory_bytes; /* that a build may take; the system may have less */
    uint64_t piece_bytes;
} sks_limits;

/* The limits above. Not constant only because tests lower them. */
extern sks_limits sks_limits_of_index;

/* Whether an index can hold these numbers, and the system has memory to build it. Returns 0, SKS_ELIMIT or
 * SKS_ENOMEM. */
int sks_limits_check (uint64_t statements, uint64_t occupations, sks_error *err);

/* The failure that `what` (a plural) needs more bytes than fit. Returns SKS_ELIMIT. */
int sks_limits_refuse (const char *what, uint64_t bytes, sks_error *err);

#endif
