/* filter.h - the chosen facet values, as what each occupation and level fails.
 *
 * Every facet is a property of a cell (one occupation at one level), so a
 * query's filters are one byte an occupation and one a level: bit f is set when
 * facet f's filter lets it not through. A cell passes when no bit is set; it
 * still counts for facet f when f's bit is the only one. */
#ifndef SKS_FILTER_H
#define SKS_FILTER_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "facet_table.h"

#include <stdbool.h>

typedef struct sks_fails {
    bool any; /* whether there is any filter at all */
    uint8_t level[SKS_LEVELS];
    const uint8_t *occupation; /* NULL when no filter is about occupations */
} sks_fails;

/* Work out what fails. Returns 0, SKS_EBADREQUEST (a value that there cannot be, see
 * sks_facet_refusal) or SKS_ENOMEM. */
int sks_filter_make (sks_fails *out, sks_arena *arena, const sks_facet_table *table, const sks_query *query,
                     sks_error *err);

_Static_assert(SKS_FACETS <= SKS_FACET_PLACES && SKS_FACET_PLACES <= 8, "a bit for each facet");

static inline uint8_t
sks_cell_fails (const sks_fails *fails, uint32_t cell)
{
    uint8_t bits = fails->level[sks_cell_level (cell)];
    return fails->occupation ? bits | fails->occupation[cell / SKS_LEVELS] : bits;
}

/* Whether a facet's value is among those chosen in its filter. */
bool sks_filter_chose (const sks_query *query, int facet, const char *value);

#endif
