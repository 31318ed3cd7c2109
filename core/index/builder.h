/* builder.h - the postings of a run of documents, and a database of them that libxapian can read.
 *
 * libxapian builds postings in trees of strings and documents, which takes 0.9 us more per posting than this: stems
 * have numbers and documents come in order, so a posting is only appended to the list of its stem, in the encoding that
 * the database has. The database is a piece: sks_index_compact joins pieces, and libxapian writes the file that is
 * published. If there is only one, as after a small change, it can be that file itself: joining one piece of some
 * kilobytes takes a tenth of the time of such a change.
 *
 * An object may be used by only one thread at a time. */
#ifndef SKS_BUILDER_H
#define SKS_BUILDER_H

#include "core/base/error.h"
#include "rows.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_builder sks_builder;

/* One posting of the next document. */
typedef struct sks_term {
    uint32_t stem; /* a number below the stems of the builder */
    uint32_t count;
} sks_term;

/* *out: caller owns it; free with sks_builder_close.
 *   stems   the number of stems that postings can have */
int sks_builder_create (sks_builder **out, uint32_t stems, sks_error *err);

/* Add the next document; each stem occurs at most once in its terms, and the counts of a document, and of a stem, add
 * up to less than 2^32, as in libxapian. Returns 0 or SKS_ENOMEM; after that the builder can only be closed. */
int sks_builder_add (sks_builder *builder, const sks_term *terms, size_t count, sks_error *err);

/* Write all added documents as a database at `path`, which must not exist; no more can be added.
 *   is_file   a file, which is synced; else a folder, to be joined with others, which is not
 *   stem      rows of all stems, in ascending order of their bytes: 1..SKS_MAX_TERM_BYTES (index.h), no NUL (else
 *             SKS_EINVALID)
 *   strings   the bytes of stems, which the rows point into */
int sks_builder_commit (sks_builder *builder, const char *path, bool is_file, const sks_stem *stem, const char *strings,
                        sks_error *err);

/* Bytes of memory that the postings take. */
size_t sks_builder_bytes (const sks_builder *builder);

/* Free everything; what was not committed is lost. Sets *builder_p to NULL. */
void sks_builder_close (sks_builder **builder_p);

#endif
