/* cell_page.c - skips whole cells. */
#include "cell_page.h"

#include "core/engine/order.h"

/* How many statements of a cell are shown: of each occupation at most query->collapse. */
static uint32_t
keep (uint32_t *kept, const sks_query *query, uint32_t cell, uint32_t count)
{
    if (!query->collapse)
        return count;
    uint32_t *before = &kept[cell / SKS_LEVELS], left = query->collapse - *before;
    count = count < left ? count : left;
    *before += count;
    return count;
}

int
sks_cell_page_find (sks_cell_page *out, const sks_matching *m, const uint32_t *counts, const sks_fails *fails,
                    const sks_query *query)
{
    const sks_store *store = m->store;
    uint32_t cells = store->occupations * SKS_LEVELS;
    uint64_t skip = query->offset, wanted = skip + query->limit;
    uint32_t *kept = sks_arena_array (m->arena, store->occupations + (size_t) 1, sizeof *kept);
    *out = (sks_cell_page) { .cells = sks_arena_array (m->arena, cells + (size_t) 1, sizeof *out->cells) };
    if (!out->cells || !kept)
        return sks_fail_memory (m->err);
    for (uint32_t i = 0; i < cells && wanted; i++) {
        uint32_t cell = sks_order_cell (store, query->sort, query->reverse ? cells - 1 - i : i);
        uint32_t count = fails->any && sks_cell_fails (fails, cell) ? 0 : counts[cell];
        uint32_t shown = keep (kept, query, cell, count);
        if (shown <= skip && !out->count && !query->collapse) {
            skip -= shown;
            wanted -= shown;
            continue;
        }
        if (!shown)
            continue;
        out->cells[out->count++] = cell;
        out->members += count;
        wanted -= shown < wanted ? shown : wanted;
    }
    out->offset = (uint32_t) skip;
    return 0;
}

int
sks_cell_page_from (sks_cell_page *out, const sks_matching *m, const uint32_t *counts, const sks_fails *fails,
                    const sks_query *query, uint32_t first)
{
    const sks_store *store = m->store;
    uint32_t cells = store->occupations * SKS_LEVELS;
    uint64_t wanted = query->limit + UINT64_C (1) + (first == SKS_NONE ? 0 : counts[first]);
    bool begun = first == SKS_NONE;
    *out = (sks_cell_page) { .cells = sks_arena_array (m->arena, cells + (size_t) 1, sizeof *out->cells) };
    if (!out->cells)
        return sks_fail_memory (m->err);
    for (uint32_t i = 0; i < cells && out->members < wanted; i++) {
        uint32_t cell = sks_order_cell (store, query->sort, query->reverse ? cells - 1 - i : i);
        begun |= cell == first;
        if (!begun || !counts[cell] || (fails->any && sks_cell_fails (fails, cell)))
            continue;
        out->cells[out->count++] = cell;
        out->members += counts[cell];
    }
    return 0;
}
