/* cache.c - fills the atomic slots. */
#include "cache.h"

#include <stdlib.h>

#define NO_SPLIT 255 /* 0: not determined yet */

int
sks_cache_open (sks_cache *out, const sks_snapshot *snapshot, sks_error *err)
{
    const sks_store *store = snapshot->store;
    out->snapshot = snapshot;
    atomic_init (&out->readers, 1);
    out->max_bytes = SIZE_MAX;
    atomic_init (&out->expected, SKS_NONE);
    atomic_init (&out->missing, store->stems);
    out->postings = calloc (store->stems + (size_t) 1, sizeof *out->postings);
    out->places = calloc (store->stems + (size_t) 1, sizeof *out->places);
    out->splits = calloc (store->forms + (size_t) 1, sizeof *out->splits);
    return out->postings && out->places && out->splits ? 0 : sks_fail_memory (err);
}

void
sks_cache_close (sks_cache *cache)
{
    uint32_t stems = cache->snapshot ? cache->snapshot->store->stems : 0;
    for (uint32_t i = 0; cache->postings && i < stems; i++)
        free (atomic_load_explicit (&cache->postings[i], memory_order_relaxed));
    for (uint32_t i = 0; cache->places && i < stems; i++)
        free (atomic_load_explicit (&cache->places[i], memory_order_relaxed));
    free (cache->postings);
    free (cache->places);
    free (cache->splits);
}

/* Let the calling thread read the encoded lists until it calls `leave`; false: all lists are kept, and those are
 * released. */
static bool
enter (sks_cache *cache)
{
    uint32_t readers = atomic_load (&cache->readers);
    while (readers && !atomic_compare_exchange_weak (&cache->readers, &readers, readers + 1))
        ;
    return readers;
}

static void
leave (sks_cache *cache)
{
    const sks_store *store = cache->snapshot->store;
    if (atomic_fetch_sub (&cache->readers, 1) != 1)
        return;
    sks_image_empty (&store->postings_image);
    sks_image_empty (&store->additions_image);
    sks_image_empty_part (store->context, store->contexts * sizeof *store->context);
    sks_image_empty_part (store->holding, store->holdings * sizeof *store->holding);
}

int
sks_cache_open_lists (sks_cache *cache, sks_lists **out, sks_budget *budget, sks_error *err)
{
    *out = NULL;
    if (!enter (cache))
        return 0;
    int code = sks_lists_open (out, cache->snapshot->store, cache->snapshot->folder, err);
    if (!code)
        sks_lists_limit (*out, budget);
    leave (cache);
    return code;
}

/* Publish a list. If another thread was first, its list is kept. Returns the list that is kept. */
static const sks_postings *
publish (sks_cache *cache, uint32_t stem, sks_postings *list)
{
    sks_postings *expected = NULL;
    if (atomic_compare_exchange_strong_explicit (&cache->postings[stem], &expected, list, memory_order_acq_rel,
                                                 memory_order_acquire)) {
        if (atomic_fetch_sub (&cache->missing, 1) == 1)
            leave (cache);
        return list;
    }
    return expected;
}

/* Reserve bytes of the cache; false if that exceeds its maximum. Even then a caller that publishes nothing must
 * release them. */
static bool
reserve (sks_cache *cache, size_t bytes)
{
    return atomic_fetch_add_explicit (&cache->bytes, bytes, memory_order_relaxed) + bytes <= cache->max_bytes;
}

/* Decode a list, and keep it if it fits. */
static int
decode (sks_cache *cache, sks_lists *lists, uint32_t stem, sks_arena *scratch, const sks_postings **out, sks_error *err)
{
    size_t size = sks_postings_bytes (cache->snapshot, stem);
    bool keep = reserve (cache, size);
    sks_postings *list = keep ? malloc (size) : sks_arena_alloc (scratch, size);
    int code = list ? sks_postings_decode (cache->snapshot, lists, stem, list, scratch, err) : sks_fail_memory (err);
    if (!code && keep) {
        size_t used = sks_postings_fit (&list, cache->snapshot, stem);
        atomic_fetch_sub_explicit (&cache->bytes, size - used, memory_order_relaxed);
        size = used;
    }
    if (!code)
        *out = keep ? publish (cache, stem, list) : list;
    if (keep && *out != list)
        free (list);
    if (code || *out != list || !keep)
        atomic_fetch_sub_explicit (&cache->bytes, size, memory_order_relaxed);
    return code;
}

int
sks_cache_postings (sks_cache *cache, sks_lists *lists, uint32_t stem, sks_arena *scratch, const sks_postings **out,
                    sks_error *err)
{
    if ((*out = atomic_load_explicit (&cache->postings[stem], memory_order_acquire)))
        return 0;
    if (cache->read)
        return cache->read (cache, stem, scratch, out, err);
    if (!enter (cache)) {
        *out = atomic_load_explicit (&cache->postings[stem], memory_order_acquire);
        return 0;
    }
    int code = decode (cache, lists, stem, scratch, out, err);
    leave (cache);
    return code;
}

/* Read and publish the places of a stem. */
static const sks_places *
read_places (sks_cache *cache, uint32_t stem, const sks_postings *postings, sks_budget *budget)
{
    sks_places *expected = NULL;
    size_t size = sks_places_bytes (postings->count);
    sks_places *places = reserve (cache, size) ? malloc (size) : NULL;
    if (places && sks_places_read (cache->snapshot, stem, postings, budget, places)) {
        size_t used = sks_places_fit (&places, postings->count);
        atomic_fetch_sub_explicit (&cache->bytes, size - used, memory_order_relaxed);
        size = used;
        if (atomic_compare_exchange_strong_explicit (&cache->places[stem], &expected, places, memory_order_acq_rel,
                                                     memory_order_acquire))
            return places;
    }
    free (places);
    atomic_fetch_sub_explicit (&cache->bytes, size, memory_order_relaxed);
    return expected;
}

const sks_places *
sks_cache_places (sks_cache *cache, uint32_t stem, const sks_postings *postings, sks_budget *budget)
{
    const sks_places *places = atomic_load_explicit (&cache->places[stem], memory_order_acquire);
    bool expected = postings->count >= atomic_load_explicit (&cache->expected, memory_order_relaxed);
    return places || cache->read || expected ? places : read_places (cache, stem, postings, budget);
}

int
sks_cache_fill (sks_cache *cache, sks_lists *lists, uint32_t stem, bool places, sks_arena *scratch, sks_budget *budget,
                bool *fits, sks_error *err)
{
    const sks_postings *list;
    size_t most = places ? sks_places_bytes (cache->snapshot->store->stem[stem].statements)
                         : sks_postings_bytes (cache->snapshot, stem);
    *fits = atomic_load_explicit (&cache->bytes, memory_order_relaxed) + most <= cache->max_bytes;
    if (!*fits)
        return 0;
    int code = sks_cache_postings (cache, lists, stem, scratch, &list, err);
    if (!code && places && !atomic_load_explicit (&cache->places[stem], memory_order_relaxed))
        read_places (cache, stem, list, budget);
    return code ? code : sks_budget_status (budget, err);
}

bool
sks_cache_split (const sks_cache *cache, uint32_t form, size_t *left)
{
    uint8_t split = atomic_load_explicit (&cache->splits[form], memory_order_relaxed);
    *left = split == NO_SPLIT ? 0 : split;
    return split != 0;
}

void
sks_cache_keep_split (sks_cache *cache, uint32_t form, size_t left)
{
    atomic_store_explicit (&cache->splits[form], left ? (uint8_t) left : NO_SPLIT, memory_order_relaxed);
}
