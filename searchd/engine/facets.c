/* facets.c - the members of a set -> counts of all facets. */
#include "facets.h"

/* A list with fewer than cells / SEEK_SHARE members is cheaper to look up
 * member by member than to walk in step with all cells. */
#define SEEK_SHARE 16

/* ----------------------------------------------------------------- counting */

/* The walk over cells that have members: calls `add` with each count. */
typedef void add_cell (void *context, uint32_t cell, uint32_t count);

static void
walk_bits (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    uint32_t cells = store->occupations * SKS_LEVELS;
    bool all = set->count == set->universe;
    for (uint32_t cell = 0; cell < cells; cell++) {
        uint32_t first = store->cells[cell], end = store->cells[cell + 1];
        uint32_t count = all ? end - first : sks_set_count_bits (set->bits, first, end);
        if (count)
            add (context, cell, count);
    }
}

static void
walk_list (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    bool seek = set->count < store->occupations * SKS_LEVELS / SEEK_SHARE;
    uint32_t cell = 0;
    for (uint32_t i = 0; i < set->count;) {
        if (seek)
            cell = sks_store_cell (store, set->list[i]);
        else
            while (store->cells[cell + 1] <= set->list[i])
                cell++;
        uint32_t first = i;
        while (i < set->count && set->list[i] < store->cells[cell + 1])
            i++;
        add (context, cell, i - first);
    }
}

struct counting {
    sks_tally *tally;
    const sks_store *store;
    const sks_fails *fails;
};

static void
count_cell (void *context, uint32_t cell, uint32_t count)
{
    struct counting *c = context;
    sks_tally *tally = c->tally;
    const sks_occupation *row = &c->store->occupation[cell / SKS_LEVELS];
    unsigned fails = sks_cell_fails (c->fails, cell);
    if (fails & (fails - 1))
        return;  /* two filters or more say no: it counts nowhere */
    tally->total += fails ? 0 : count;
    if (!(fails & ~(1u << SKS_FACET_LEVEL)))
        tally->level[sks_cell_level (cell)] += count;
    if (!(fails & ~(1u << SKS_FACET_ZONE)))
        tally->zone[row->zone] += count;
    if (tally->sector && !(fails & ~(1u << SKS_FACET_SECTOR)))
        tally->sector[row->sector] += count;
    if (tally->group && !(fails & ~(1u << SKS_FACET_GROUP)))
        tally->group[row->group] += count;
    if (tally->occupation && !(fails & ~(1u << SKS_FACET_OCCUPATION)))
        tally->occupation[cell / SKS_LEVELS] += count;
}

static void
add_total (void *context, uint32_t cell, uint32_t count)
{
    struct counting *c = context;
    if (!sks_cell_fails (c->fails, cell))
        c->tally->total += count;
}

static void
walk (const sks_store *store, const sks_set *set, add_cell *add, void *context)
{
    (set->bits ? walk_bits : walk_list) (store, set, add, context);
}

static bool
asked (const sks_query *query, int facet)
{
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == facet)
            return true;
    return false;
}

int
sks_facets_count (sks_tally *out, sks_arena *arena, const sks_store *store, const sks_set *set,
                  const sks_fails *fails, const sks_query *query, sks_error *err)
{
    *out = (sks_tally) { 0 };
    const struct {
        int facet;
        uint32_t rows;
        uint64_t **counts;
    } tables[] = {
        { SKS_FACET_SECTOR, store->sectors, &out->sector },
        { SKS_FACET_GROUP, store->groups, &out->group },
        { SKS_FACET_OCCUPATION, store->occupations, &out->occupation },
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (asked (query, tables[i].facet)
            && !(*tables[i].counts = sks_arena_array (arena, tables[i].rows + (size_t) 1, sizeof (uint64_t))))
            return sks_fail_memory (err);
    struct counting counting = { out, store, fails };
    walk (store, set, count_cell, &counting);
    return 0;
}

uint64_t
sks_facets_total (const sks_store *store, const sks_set *set, const sks_fails *fails)
{
    if (!fails->any)
        return set->count;
    sks_tally tally = { 0 };
    struct counting counting = { &tally, store, fails };
    walk (store, set, add_total, &counting);
    return tally.total;
}
