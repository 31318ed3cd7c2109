/* cache.h - what threads found out about a snapshot and keep for each other: decoded
 * posting lists, places, and words that were split.
 *
 * A thread that needs a list which is not there decodes it with a handle of its own
 * and publishes it in one atomic slot a stem, so there is no lock and no waiting. */
#ifndef SKS_CACHE_H
#define SKS_CACHE_H

#include "places.h"
#include "postings.h"
#include "snapshot.h"

#include <stdatomic.h>

typedef struct sks_cache {
    const sks_snapshot *snapshot;
    _Atomic (sks_postings *) *postings; /* by stem */
    _Atomic (sks_stem_place *) *places; /* by stem */
    atomic_size_t bytes;                /* of both */
    size_t max_bytes;
    _Atomic uint8_t *splits; /* by form: see sks_cache_split */
} sks_cache;

/* An empty cache of a snapshot, without a limit.
 *   *out   all zero before; to be closed after a failure, too. The snapshot is
 *          borrowed and is closed after the cache.
 * Returns 0 or SKS_ENOMEM. */
int sks_cache_open (sks_cache *out, const sks_snapshot *snapshot, sks_error *err);
void sks_cache_close (sks_cache *cache);

/* The postings of a stem. lists is the calling thread's own.
 *   *out   borrowed: valid as long as the cache is open, or, when it is full, as
 *          long as scratch is not cleared. */
int sks_cache_postings (sks_cache *cache, sks_lists *lists, uint32_t stem, sks_arena *scratch, const sks_postings **out,
                        sks_error *err);

/* The places of a stem. Borrowed: valid as long as the cache is open. NULL when it
 * is full, or when there is no memory or no time. */
const sks_stem_place *sks_cache_places (sks_cache *cache, uint32_t stem, const sks_postings *postings,
                                        sks_budget *budget);

/* Where a form is split in two (split.h), as bytes of its first part, 0 for nowhere:
 * false when nobody has looked for that yet. */
bool sks_cache_split (const sks_cache *cache, uint32_t form, size_t *left);
void sks_cache_keep_split (sks_cache *cache, uint32_t form, size_t left);

#endif
