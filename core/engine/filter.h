/* filter.h - the filters of a query, as the facets that reject each occupation and level.
 *
 * Every facet is a property of a cell (one occupation at one level), so a query's filters are one byte per
 * occupation and one per level: bit f is set if the filter of facet f rejects it. A cell passes if no bit is set;
 * it still counts for facet f if bit f is the only one. */
#ifndef SKS_FILTER_H
#define SKS_FILTER_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "facet_table.h"
#include "matching.h"

#include <stdbool.h>

typedef struct sks_fails {
    bool any; /* whether there is any filter at all */
    uint8_t level[SKS_LEVELS];
    const uint8_t *occupation; /* NULL if all filters are about levels */
} sks_fails;

/* Read the values of the filters of *query_p: if it has `resolve`, labels become codes (label.h). Resolved labels,
 * and values that no statement has, are noted.
 *   *query_p   becomes a copy in the matching's arena if a filter is set.
 * Returns 0, SKS_EBADREQUEST (an unknown or ambiguous label), SKS_ENOMEM or the failure of the budget. */
int sks_filter_read (const sks_query **query_p, const sks_matching *m, sks_notes *notes);

/* Compute what the filters reject. Returns 0, SKS_EBADREQUEST (an impossible value, see sks_schema_facet_refusal)
 * or SKS_ENOMEM. */
int sks_filter_make (sks_fails *out, sks_arena *arena, const sks_facet_table *table, const sks_query *query,
                     sks_error *err);

_Static_assert(SKS_FACETS <= SKS_FACET_PLACES && SKS_FACET_PLACES <= 8, "a bit for each facet");

static inline uint8_t
sks_cell_fails (const sks_fails *fails, uint32_t cell)
{
    uint8_t bits = fails->level[sks_cell_level (cell)];
    return fails->occupation ? bits | fails->occupation[cell / SKS_LEVELS] : bits;
}

/* Whether the filters pass a statement of an occupation. */
static inline bool
sks_filter_passes (const sks_fails *fails, const sks_store *store, uint32_t occupation, uint32_t statement)
{
    uint32_t cell = occupation * SKS_LEVELS;
    if (!fails->any)
        return true;
    while (store->cells[cell + 1] <= statement)
        cell++;
    return !sks_cell_fails (fails, cell);
}

/* Whether a facet's value is among those chosen in its filter. */
bool sks_filter_chose (const sks_query *query, int facet, const char *value);

#endif
