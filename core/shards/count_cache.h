/* count_cache.h - what the shards counted for the last texts: a filter, another page or order, or another facet of one
 * of them needs no count again.
 *
 * What matches depends only on the text and on `match`; filters are applied to the counts by cell. A cache belongs to
 * one thread and one generation, and keeps SKS_COUNT_CACHE_TEXTS texts with 8 bytes per cell each. */
#ifndef SKS_COUNT_CACHE_H
#define SKS_COUNT_CACHE_H

#include "core/engine/search.h"

#define SKS_COUNT_CACHE_TEXTS 8

/* The numbers of matches of the cells that have any. */
typedef struct sks_cell_counts {
    bool known;
    uint32_t count;
    struct sks_cell_count {
        uint32_t cell, matches;
    } * list;
} sks_cell_counts;

typedef struct sks_counted {
    char *text; /* NULL: the place is free */
    int match;
    uint64_t used;            /* the number of the last use */
    sks_cell_counts set, all; /* of what matches; of the statements with every word */
    bool full_known;
    uint32_t full[SKS_ENOUGH_MATCHES]; /* the first statements with every word */
    size_t full_count;
} sks_counted;

typedef struct sks_count_cache {
    sks_counted texts[SKS_COUNT_CACHE_TEXTS];
    uint64_t uses;
} sks_count_cache;

void sks_count_cache_free (sks_count_cache *cache);

/* What is known of a text, in the place of the text that was used the longest time ago if it is new. Borrowed: valid
 * until as many other texts were asked for as the cache has places. NULL when out of memory. */
sks_counted *sks_count_cache_of (sks_count_cache *cache, const char *text, int match);

/* Keep counts, one per cell; without memory they are not kept. */
void sks_count_cache_keep (sks_cell_counts *counts, const uint32_t *cells, uint32_t cell_count);

/* Write known counts into the cells, all others as 0. */
void sks_count_cache_put (const sks_cell_counts *counts, uint32_t *cells, uint32_t cell_count);

#endif
