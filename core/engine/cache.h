/* cache.h - data about a snapshot that threads compute once and share: decoded posting lists, places, and split
 * words.
 *
 * A thread that needs a missing list decodes it with its own handle and publishes it in an atomic slot, one per
 * stem, so no thread locks or waits. When all lists are kept, the memory of what they are decoded from is returned:
 * the encoded lists, and the contexts and holdings of the store. */
#ifndef SKS_CACHE_H
#define SKS_CACHE_H

#include "places.h"
#include "postings.h"
#include "snapshot.h"

#include <stdatomic.h>

/* Bytes of a list that are fetched ahead: its head, and the first postings of a rare stem. */
#define SKS_CACHE_AHEAD 256
#define SKS_CACHE_LINE 64

typedef struct sks_cache {
    const sks_snapshot *snapshot;
    _Atomic (sks_postings *) *postings; /* by stem */
    _Atomic (sks_places *) *places;     /* by stem */
    atomic_size_t bytes;                /* of both */
    size_t max_bytes;
    _Atomic uint32_t missing;  /* stems whose postings are not kept yet */
    _Atomic uint32_t readers;  /* threads that decode, and 1 while a list is missing; 0: what they need is released */
    _Atomic uint32_t expected; /* stems in at least as many statements will be filled by another thread */
    _Atomic uint8_t *splits;   /* by form: see sks_cache_split */
    /* In place of decoding and publishing; then nothing is kept, not even places. NULL: not used. */
    int (*read) (struct sks_cache *cache, uint32_t stem, sks_arena *scratch, const sks_postings **out, sks_error *err);
} sks_cache;

/* An empty cache of a snapshot, without a limit.
 *   *out   must be all zero before; close it even after a failure. The snapshot is borrowed and must be closed
 *          after the cache.
 * Returns 0 or SKS_ENOMEM. */
int sks_cache_open (sks_cache *out, const sks_snapshot *snapshot, sks_error *err);
void sks_cache_close (sks_cache *cache);

/* Open the encoded lists for the calling thread, limited by its budget.
 *   *out   close it with sks_lists_close. NULL when all lists are kept: then the encoded ones are not needed.
 * Returns as sks_lists_open. */
int sks_cache_open_lists (sks_cache *cache, sks_lists **out, sks_budget *budget, sks_error *err);

/* The postings of a stem. `lists` is what sks_cache_open_lists gave to the calling thread.
 *   *out   borrowed: valid while the cache is open or, if the cache is full, until scratch is cleared. */
int sks_cache_postings (sks_cache *cache, sks_lists *lists, uint32_t stem, sks_arena *scratch, const sks_postings **out,
                        sks_error *err);

/* The places of a stem. Borrowed: valid while the cache is open. NULL when the cache is full, when memory or time has
 * run out, or when they are not there yet, but another thread is about to read them (`expected`). */
const sks_places *sks_cache_places (sks_cache *cache, uint32_t stem, const sks_postings *postings, sks_budget *budget);

/* Keep the list of a stem, or its places, with the handle, memory and budget of the calling thread.
 *   *fits   false: there is no space for them, and nothing was done. */
int sks_cache_fill (sks_cache *cache, sks_lists *lists, uint32_t stem, bool places, sks_arena *scratch,
                    sks_budget *budget, bool *fits, sks_error *err);

/* Where a form is split in two (split.h): the bytes of its first part, 0 if it is not split. False if this has not
 * been determined yet. */
bool sks_cache_split (const sks_cache *cache, uint32_t form, size_t *left);
void sks_cache_keep_split (sks_cache *cache, uint32_t form, size_t left);

/* Begin to fetch the head of a stem's list and what follows it into the processor's cache, if the list is kept. */
static inline void
sks_cache_prefetch (const sks_cache *cache, uint32_t stem)
{
    const char *list = (const char *) atomic_load_explicit (&cache->postings[stem], memory_order_relaxed);
    for (size_t line = 0; list && line < SKS_CACHE_AHEAD; line += SKS_CACHE_LINE)
        __builtin_prefetch (list + line);
}

#endif
