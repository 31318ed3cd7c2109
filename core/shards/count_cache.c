/* count_cache.c - few texts, so they are searched one by one. */
#include "count_cache.h"

#include <stdlib.h>
#include <string.h>

static void
free_counts (sks_cell_counts *counts)
{
    free (counts->list);
    *counts = (sks_cell_counts) { 0 };
}

static void
forget (sks_counted *counted)
{
    free_counts (&counted->set);
    free_counts (&counted->all);
    free (counted->text);
    *counted = (sks_counted) { 0 };
}

void
sks_count_cache_free (sks_count_cache *cache)
{
    for (size_t i = 0; i < SKS_COUNT_CACHE_TEXTS; i++)
        forget (&cache->texts[i]);
}

sks_counted *
sks_count_cache_of (sks_count_cache *cache, const char *text, int match)
{
    sks_counted *oldest = cache->texts;
    text = text ? text : "";
    for (sks_counted *c = cache->texts; c < cache->texts + SKS_COUNT_CACHE_TEXTS; c++) {
        if (c->text && c->match == match && strcmp (c->text, text) == 0) {
            c->used = ++cache->uses;
            return c;
        }
        oldest = c->used < oldest->used ? c : oldest;
    }
    forget (oldest);
    oldest->text = strdup (text);
    oldest->match = match;
    oldest->used = ++cache->uses;
    return oldest->text ? oldest : NULL;
}

void
sks_count_cache_keep (sks_cell_counts *counts, const uint32_t *cells, uint32_t cell_count)
{
    uint32_t used = 0;
    free_counts (counts);
    for (uint32_t i = 0; i < cell_count; i++)
        used += cells[i] > 0;
    counts->list = calloc (used + (size_t) 1, sizeof *counts->list);
    counts->known = counts->list;
    for (uint32_t i = 0; counts->list && i < cell_count; i++)
        if (cells[i])
            counts->list[counts->count++] = (struct sks_cell_count) { i, cells[i] };
}

void
sks_count_cache_put (const sks_cell_counts *counts, uint32_t *cells, uint32_t cell_count)
{
    memset (cells, 0, cell_count * sizeof *cells);
    for (uint32_t i = 0; i < counts->count; i++)
        cells[counts->list[i].cell] = counts->list[i].matches;
}
