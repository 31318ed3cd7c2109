/* generation.h - one published generation, opened for reading and shared.
 *
 * Immutable once open: its statements file in memory, and a growing set of decoded
 * posting lists that all threads use. A thread that needs a list which nobody
 * has decoded yet decodes it with a handle of its own and offers it to the others
 * through one atomic slot a stem, so there is no lock and no waiting. */
#ifndef SKS_GENERATION_H
#define SKS_GENERATION_H

#include "core/base/error.h"

typedef struct sks_generation sks_generation;

/* Open the generation that DIR/current points at. The link is resolved once;
 * what is published later is another generation and another call.
 *   *out   caller owns one reference; give it back with sks_generation_release.
 * Returns 0, SKS_EINDEX (none, damaged, other format), SKS_EIO or SKS_ENOMEM. */
int sks_generation_open (sks_generation **out, const char *index_dir, sks_error *err);

/* Keep at most so many bytes of decoded lists; what does not fit is decoded for
 * each request anew. All of them take about 220 bytes a statement, and without
 * this call all are kept. Before any other thread knows the generation. */
void sks_generation_limit (sks_generation *generation, size_t bytes);

/* One more reference; any thread that holds one may call it. */
sks_generation *sks_generation_share (sks_generation *generation);

/* Give a reference back; the last one closes. Sets *generation_p to NULL. */
void sks_generation_release (sks_generation **generation_p);

uint64_t sks_generation_number (const sks_generation *generation);
uint64_t sks_generation_statements (const sks_generation *generation);
uint64_t sks_generation_occupations (const sks_generation *generation);

#endif
