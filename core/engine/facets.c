/* facets.c - the members of a set -> counts of all facets. */
#include "facets.h"

#include <string.h>

/* A list with fewer than cells / SEEK_SHARE members is cheaper to look up
 * member by member than to walk in step with all cells. */
#define SEEK_SHARE 16

/* ----------------------------------------------------------------- counting */

/* A walk over the occupations that have members, with the number of members in each of their cells. */
struct walk {
    const sks_store *store;
    const sks_set *set;
    uint32_t *counts; /* by cell; NULL: the members of the list are looked up */
    uint32_t next;    /* index in the list, or next occupation */
    uint32_t cell, occupation;
    uint32_t found[SKS_LEVELS]; /* by slot of its cells */
};

/* The facets that are counted by occupation: all except levels, which are counted by cell. */
struct counted {
    struct column {
        unsigned bit;           /* set if the facet's filter rejects the occupation */
        const uint32_t *row_of; /* NULL: the occupation is the row */
        uint64_t *counts;
    } columns[SKS_FACETS];
    size_t count;
};

/* Find the cell of the next member. */
static void
seek_cell (struct walk *walk)
{
    const sks_store *store = walk->store;
    const sks_set *set = walk->set;
    if (walk->next == set->count)
        return;
    walk->cell =
        sks_set_list_find (store->cells + 1, store->occupations * SKS_LEVELS, walk->cell, set->list[walk->next] + 1);
}

/* Start a walk. If the set is everything, bits or a long list, all cells are counted first. */
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

/* Add an occupation. If it passes all filters it counts for each facet; if one filter rejects it, for the facet of
 * that filter only. */
static inline void
count_occupation (sks_tally *tally, const struct counted *counted, const struct walk *walk, const sks_fails *fails)
{
    uint32_t occupation = walk->occupation, passing = 0;
    unsigned failed = fails->occupation ? fails->occupation[occupation] : 0;
    if (failed & (failed - 1))
        return; /* rejected by two filters or more: it counts for no facet */
    uint64_t *levels = failed ? NULL : tally->counts[SKS_FACET_LEVEL];
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++) {
        int level = sks_cell_level (slot);
        passing += fails->level[level] ? 0 : walk->found[slot];
        if (levels)
            levels[level] += walk->found[slot];
    }
    tally->total += failed ? 0 : passing;
    for (size_t i = 0; i < counted->count; i++) {
        const struct column *column = &counted->columns[i];
        if (!(failed & ~column->bit))
            column->counts[column->row_of ? column->row_of[occupation] : occupation] += passing;
    }
}

/* Prepare the list of occupations with counts. It is made only if the members are looked up: then they are few, and a
 * reader of the list need not go through all occupations. */
static int
start_seen (sks_tally *tally, const struct walk *walk, sks_arena *arena, sks_error *err)
{
    if (!tally->counts[SKS_FACET_OCCUPATION] || walk->counts)
        return 0;
    tally->seen = sks_arena_room (arena, walk->set->count + (size_t) 1, sizeof *tally->seen);
    return tally->seen ? 0 : sks_fail_memory (err);
}

/* Count the occupations of a walk that was started. */
static int
count_walk (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, struct walk *walk, const sks_fails *fails,
            sks_error *err)
{
    struct counted counted = { .count = 0 };
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (facet != SKS_FACET_LEVEL && tally->counts[facet])
            counted.columns[counted.count++] =
                (struct column) { 1u << facet, table->facet[facet].row_of, tally->counts[facet] };
    int code = start_seen (tally, walk, arena, err);
    while (!code && next_occupation (walk)) {
        count_occupation (tally, &counted, walk, fails);
        if (tally->seen)
            tally->seen[tally->seen_count++] = walk->occupation;
    }
    return code;
}

static int
count_set (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, const sks_set *set, const sks_fails *fails,
           sks_error *err)
{
    struct walk walk;
    int code = start_walk (&walk, arena, table->store, set, err);
    return code ? code : count_walk (tally, arena, table, &walk, fails, err);
}

/* An empty tally for the facets of a query. */
static int
start_tally (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const sks_query *query, sks_error *err)
{
    *out = (sks_tally) { 0 };
    for (size_t i = 0; i < query->facet_count; i++) {
        int facet = query->facets[i].facet;
        out->counts[facet] = sks_arena_array (arena, table->facet[facet].rows + (size_t) 1, sizeof (uint64_t));
        if (!out->counts[facet])
            return sks_fail_memory (err);
    }
    return 0;
}

int
sks_facets_count (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                  const sks_fails *fails, const sks_query *query, sks_error *err)
{
    int code = start_tally (out, arena, table, query, err);
    return code ? code : count_set (out, arena, table, set, fails, err);
}

int
sks_facets_count_cells (sks_tally *out, sks_arena *arena, const sks_facet_table *table, uint32_t *cells,
                        const sks_fails *fails, const sks_query *query, sks_error *err)
{
    const sks_set none = { 0 };
    struct walk walk = { .store = table->store, .set = &none, .counts = cells };
    int code = start_tally (out, arena, table, query, err);
    return code ? code : count_walk (out, arena, table, &walk, fails, err);
}

int
sks_facets_total (uint64_t *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                  const sks_fails *fails, sks_error *err)
{
    sks_tally tally = { .total = set->count };
    int code = 0;
    if (fails->any) {
        tally.total = 0;
        code = count_set (&tally, arena, table, set, fails, err);
    }
    *out = tally.total;
    return code;
}
