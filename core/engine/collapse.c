/* collapse.c - an occupation has four cells, each of which is a run of statements. */
#include "collapse.h"

uint64_t
sks_collapse_more (const sks_store *store, const sks_set *set, const uint32_t *counts, const sks_fails *fails,
                   uint32_t kept, uint32_t statement)
{
    if (!kept)
        return 0;
    uint32_t occupation = sks_store_cell (store, statement) / SKS_LEVELS, members = 0;
    for (uint32_t cell = occupation * SKS_LEVELS; cell < (occupation + 1) * SKS_LEVELS; cell++)
        if (!sks_cell_fails (fails, cell))
            members += counts ? counts[cell] : sks_set_count_range (set, store->cells[cell], store->cells[cell + 1]);
    return members > kept ? members - kept : 0;
}
