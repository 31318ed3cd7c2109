/* cells.h - the members of a set by occupation and level, which is all that counts of facets depend on.
 *
 * No member is looked at: they are differences of counts at the bounds of cells, and the bits of levels. */
#ifndef SKS_CELLS_H
#define SKS_CELLS_H

#include "core/base/arena.h"
#include "filter.h"
#include "set.h"

typedef struct sks_cells {
    uint32_t levels[SKS_LEVELS]; /* by level: members in occupations that no filter rejects */
    uint32_t *passing;           /* by occupation, whatever filters reject it: members at levels that pass. NULL if not
                                    requested */
} sks_cells;

/* Count a set's members.
 *   passing   whether they are requested by occupation
 * Returns 0 or SKS_ENOMEM. */
int sks_cells_count (sks_cells *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                     const sks_fails *fails, bool passing, sks_error *err);

#endif
