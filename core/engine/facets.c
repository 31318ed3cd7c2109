/* facets.c - the members of a set -> counts of all facets. */
#include "facets.h"

#include <string.h>

/* A list with fewer than cells / SEEK_SHARE members is cheaper to look up
 * member by member than to walk in step with all cells. */
#define SEEK_SHARE 16

/* ----------------------------------------------------------------- counting */

/* The occupations that have members, one after the other, with the members of
 * each of their cells. */
struct walk {
    const sks_store *store;
    const sks_set *set;
    uint32_t *counts; /* by cell; NULL: look the list's members up */
    uint32_t next;    /* index in the list, or next occupation */
    uint32_t cell, occupation;
    uint32_t found[SKS_LEVELS]; /* by slot of its cells */
};

/* Find the cell of the next member, and ask for its occupation's row ahead of the
 * turn: the rows lie anywhere in the file. */
static void
seek_cell (struct walk *walk)
{
    const sks_store *store = walk->store;
    const sks_set *set = walk->set;
    if (walk->next == set->count)
        return;
    walk->cell =
        sks_set_list_find (store->cells + 1, store->occupations * SKS_LEVELS, walk->cell, set->list[walk->next] + 1);
    __builtin_prefetch (&store->occupation[walk->cell / SKS_LEVELS].zone);
}

/* Runs of everything, a set of bits or a long list are counted at once. */
static int
start_walk (struct walk *walk, sks_arena *arena, const sks_store *store, const sks_set *set, sks_error *err)
{
    uint32_t cells = store->occupations * SKS_LEVELS;
    *walk = (struct walk) { .store = store, .set = set };
    if (set->list && set->count < cells / SEEK_SHARE) {
        seek_cell (walk);
        return 0;
    }
    walk->counts = sks_arena_room (arena, cells + (size_t) 1, sizeof *walk->counts);
    if (!walk->counts)
        return sks_fail_memory (err);
    for (uint32_t cell = 0; set->count == set->universe && cell < cells; cell++)
        walk->counts[cell] = store->cells[cell + 1] - store->cells[cell];
    if (set->count == set->universe || sks_set_count_runs (set, arena, store->cells, cells, walk->counts))
        return 0;
    return sks_fail_memory (err);
}

static bool
seek_occupation (struct walk *walk)
{
    const sks_set *set = walk->set;
    if (walk->next == set->count)
        return false;
    walk->occupation = walk->cell / SKS_LEVELS;
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++) {
        uint32_t first = walk->next, end = walk->store->cells[walk->occupation * SKS_LEVELS + slot + 1];
        while (walk->next < set->count && set->list[walk->next] < end)
            walk->next++;
        walk->found[slot] = walk->next - first;
    }
    seek_cell (walk);
    return true;
}

static inline bool
next_occupation (struct walk *walk)
{
    if (!walk->counts)
        return seek_occupation (walk);
    while (walk->next < walk->store->occupations) {
        walk->occupation = walk->next++;
        memcpy (walk->found, walk->counts + walk->occupation * SKS_LEVELS, sizeof walk->found);
        if (walk->found[0] | walk->found[1] | walk->found[2] | walk->found[3])
            return true;
    }
    return false;
}

_Static_assert(SKS_LEVELS == 4, "an occupation has four cells");

/* Add an occupation with the facets that it fails: what passes all of them counts for
 * each; what fails one counts for that one alone. */
static inline void
count_occupation (sks_tally *tally, const struct walk *walk, const sks_fails *fails)
{
    uint32_t occupation = walk->occupation, passing = 0;
    const sks_occupation *row = &walk->store->occupation[occupation];
    unsigned failed = fails->occupation ? fails->occupation[occupation] : 0;
    if (failed & (failed - 1))
        return; /* two filters or more say no: it counts nowhere */
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++) {
        int level = sks_cell_level (slot);
        passing += fails->level[level] ? 0 : walk->found[slot];
        tally->level[level] += failed ? 0 : walk->found[slot];
    }
    tally->total += failed ? 0 : passing;
    if (!(failed & ~(1u << SKS_FACET_ZONE)))
        tally->zone[row->zone] += passing;
    if (tally->sector && !(failed & ~(1u << SKS_FACET_SECTOR)))
        tally->sector[row->sector] += passing;
    if (tally->group && !(failed & ~(1u << SKS_FACET_GROUP)))
        tally->group[row->group] += passing;
    if (tally->occupation && !(failed & ~(1u << SKS_FACET_OCCUPATION)))
        tally->occupation[occupation] += passing;
}

/* Few members that are looked up have few occupations: a caller that lists these need
 * not look through all. */
static int
start_seen (sks_tally *tally, const struct walk *walk, sks_arena *arena, sks_error *err)
{
    if (!tally->occupation || walk->counts)
        return 0;
    tally->seen = sks_arena_room (arena, walk->set->count + (size_t) 1, sizeof *tally->seen);
    return tally->seen ? 0 : sks_fail_memory (err);
}

static int
count_set (sks_tally *tally, sks_arena *arena, const sks_store *store, const sks_set *set, const sks_fails *fails,
           sks_error *err)
{
    struct walk walk;
    int code = start_walk (&walk, arena, store, set, err);
    if (!code)
        code = start_seen (tally, &walk, arena, err);
    while (!code && next_occupation (&walk)) {
        count_occupation (tally, &walk, fails);
        if (tally->seen)
            tally->seen[tally->seen_count++] = walk.occupation;
    }
    return code;
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
sks_facets_count (sks_tally *out, sks_arena *arena, const sks_store *store, const sks_set *set, const sks_fails *fails,
                  const sks_query *query, sks_error *err)
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
        if (asked (query, tables[i].facet) &&
            !(*tables[i].counts = sks_arena_array (arena, tables[i].rows + (size_t) 1, sizeof (uint64_t))))
            return sks_fail_memory (err);
    return count_set (out, arena, store, set, fails, err);
}

int
sks_facets_total (uint64_t *out, sks_arena *arena, const sks_store *store, const sks_set *set, const sks_fails *fails,
                  sks_error *err)
{
    sks_tally tally = { .total = set->count };
    int code = 0;
    if (fails->any) {
        tally.total = 0;
        code = count_set (&tally, arena, store, set, fails, err);
    }
    *out = tally.total;
    return code;
}
