/* collapse.c - an occupation has four cells, each of which is a run of statements. */
#include "collapse.h"

static uint32_t
count_members (const sks_set *set, uint32_t first, uint32_t end)
{
    if (set->bits)
        return sks_set_count_bits (set->bits, first, end);
    uint32_t from = sks_set_list_find (set->list, set->count, 0, first);
    return sks_set_list_find (set->list, set->count, from, end) - from;
}

uint64_t
sks_collapse_more (const sks_store *store, const sks_set *set, const sks_fails *fails, uint32_t kept,
                   uint32_t statement)
{
    if (!kept)
        return 0;
    uint32_t occupation = sks_store_cell (store, statement) / SKS_LEVELS, members = 0;
    for (uint32_t cell = occupation * SKS_LEVELS; cell < (occupation + 1) * SKS_LEVELS; cell++)
        if (!sks_cell_fails (fails, cell))
            members += count_members (set, store->cells[cell], store->cells[cell + 1]);
    return members > kept ? members - kept : 0;
}
