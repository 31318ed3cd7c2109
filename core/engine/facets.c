/* facets.c - the members of a set -> counts of all facets. */
#include "facets.h"

#include "cells.h"

#include <string.h>

/* A list with fewer than cells / SEEK_SHARE members is cheaper to look up
 * member by member than to walk in step with all cells. */
#define SEEK_SHARE 8

/* Neighbouring occupations often have the same value, and additions to one number wait for each other. So each of
 * this many occupations adds to another one. */
#define TURNS 4

/* ----------------------------------------------------------- a short list */

/* A walk over the occupations that have members, with the number of members in each of their cells. */
struct walk {
    const sks_facet_table *table;
    const sks_set *set;
    const uint32_t *occupations; /* by member */
    uint32_t next;               /* index in the list */
    uint32_t occupation;
    uint32_t found[SKS_LEVELS]; /* by slot of its cells */
};

/* Look up the occupation of each member; NULL when out of memory. One look-up does not wait for another. */
SKS_CLONES
static uint32_t *
find_occupations (const sks_facet_table *table, const sks_set *set, sks_arena *arena)
{
    uint32_t *out = sks_arena_room (arena, set->count + (size_t) 1, sizeof *out);
    for (uint32_t i = 0; out && i < set->count; i++)
        out[i] = sks_facet_table_occupation (table, set->list[i]);
    return out;
}

static bool
next_occupation (struct walk *walk)
{
    const sks_set *set = walk->set;
    if (walk->next == set->count)
        return false;
    walk->occupation = walk->occupations[walk->next];
    const uint32_t *cells = walk->table->store->cells + (size_t) walk->occupation * SKS_LEVELS;
    memset (walk->found, 0, sizeof walk->found);
    for (; walk->next < set->count && walk->occupations[walk->next] == walk->occupation; walk->next++) {
        uint32_t slot = 0;
        for (uint32_t k = 1; k < SKS_LEVELS; k++)
            slot += set->list[walk->next] >= cells[k];
        walk->found[slot]++;
    }
    return true;
}

/* Add an occupation. If it passes all filters it counts for each facet; if one filter rejects it, for the facet of
 * that filter only. */
static void
count_occupation (sks_tally *tally, const sks_facet_table *table, const struct walk *walk, const sks_fails *fails)
{
    uint32_t occupation = walk->occupation, passing = 0;
    unsigned failed = fails->occupation ? fails->occupation[occupation] : 0;
    if (failed & (failed - 1))
        return; /* rejected by two filters or more: it counts for no facet */
    uint32_t *levels = failed ? NULL : tally->counts[SKS_FACET_LEVEL];
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++) {
        int level = sks_cell_level (slot);
        passing += fails->level[level] ? 0 : walk->found[slot];
        if (levels)
            levels[level] += walk->found[slot];
    }
    tally->total += failed ? 0 : passing;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (facet != SKS_FACET_LEVEL && tally->counts[facet] && !(failed & ~(1u << facet)))
            tally->counts[facet][sks_facet_table_row (table, facet, occupation)] += passing;
}

/* Look up the members. They are few, so the occupations seen are listed, and a reader of the list need not go through
 * all occupations. */
static int
count_few (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, const sks_set *set, const sks_fails *fails,
           sks_error *err)
{
    struct walk walk = { .table = table, .set = set, .occupations = find_occupations (table, set, arena) };
    if (!walk.occupations)
        return sks_fail_memory (err);
    if (tally->counts[SKS_FACET_OCCUPATION] &&
        !(tally->seen = sks_arena_room (arena, set->count + (size_t) 1, sizeof *tally->seen)))
        return sks_fail_memory (err);
    while (next_occupation (&walk)) {
        if (tally->seen) {
            tally->seen[tally->seen_count++] = walk.occupation;
            tally->counts[SKS_FACET_OCCUPATION][walk.occupation] = 0;
        }
        count_occupation (tally, table, &walk, fails);
    }
    return 0;
}

/* --------------------------------------------------------- any other set */

/* Which occupations count for a facet: those that no other facet's filter rejects. All bits or none. */
static inline uint32_t
counts_for (const uint8_t *failed, int facet, uint32_t occupation)
{
    return failed && failed[occupation] & ~(1u << facet) ? 0 : UINT32_MAX;
}

/* Add the members of all occupations to the values that they have. */
SKS_CLONES
static int
add_values (uint32_t *counts, sks_arena *arena, const sks_facet_table *table, int facet, const uint32_t *passing,
            const uint8_t *failed, sks_error *err)
{
    const sks_facet_values *values = &table->facet[facet];
    const uint32_t *row_of = values->row_of;
    uint32_t *turns = sks_arena_array (arena, TURNS * (values->rows + (size_t) 1), sizeof *turns);
    if (!turns)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < table->store->occupations; i++)
        turns[row_of[i] * TURNS + i % TURNS] += passing[i] & counts_for (failed, facet, i);
    for (uint32_t row = 0; row < values->rows; row++)
        for (unsigned turn = 0; turn < TURNS; turn++)
            counts[row] += turns[row * TURNS + turn];
    return 0;
}

static void
sum_levels (uint32_t *counts, const sks_facet_table *table, int facet, const sks_fails *fails)
{
    const sks_facet_values *values = &table->facet[facet];
    for (uint32_t row = 0; row < values->rows; row++)
        for (int level = 0; level < SKS_LEVELS; level++)
            counts[row] += fails->level[level] ? 0 : values->statements[row][level];
}

/* Count for every facet except levels. If all statements are members and filters reject no occupation, the counts
 * are sums of what is known of each value. */
static int
count_values (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, const sks_set *set, uint32_t *passing,
              const sks_fails *fails, sks_error *err)
{
    bool known = set->count == set->universe && !fails->occupation;
    int code = 0;
    for (int facet = 0; !code && facet < SKS_FACETS; facet++) {
        uint32_t *counts = tally->counts[facet];
        if (!counts || facet == SKS_FACET_LEVEL)
            continue;
        if (facet == SKS_FACET_OCCUPATION && !fails->occupation)
            tally->counts[facet] = passing;
        else if (facet == SKS_FACET_OCCUPATION)
            for (uint32_t i = 0; i < table->store->occupations; i++)
                counts[i] = passing[i] & counts_for (fails->occupation, facet, i);
        else if (known)
            sum_levels (counts, table, facet, fails);
        else
            code = add_values (counts, arena, table, facet, passing, fails->occupation, err);
    }
    return code;
}

static int
count_many (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
            const sks_fails *fails, sks_error *err)
{
    bool values = false;
    sks_cells cells;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        values |= facet != SKS_FACET_LEVEL && tally->counts[facet];
    int code = sks_cells_count (&cells, arena, table, set, fails, values, err);
    if (code)
        return code;
    for (int level = 0; level < SKS_LEVELS; level++) {
        tally->total += fails->level[level] ? 0 : cells.levels[level];
        if (tally->counts[SKS_FACET_LEVEL])
            tally->counts[SKS_FACET_LEVEL][level] = cells.levels[level];
    }
    return values ? count_values (tally, arena, table, set, cells.passing, fails, err) : 0;
}

static bool
is_short (const sks_facet_table *table, const sks_set *set)
{
    return set->list && set->count < table->store->occupations * SKS_LEVELS / SEEK_SHARE;
}

static int
count_set (sks_tally *tally, sks_arena *arena, const sks_facet_table *table, const sks_set *set, const sks_fails *fails,
           sks_error *err)
{
    return (is_short (table, set) ? count_few : count_many) (tally, arena, table, set, fails, err);
}

/* Whether a reader of the counts needs only those of occupations with members. */
static bool
reads_seen (const sks_query *query)
{
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == SKS_FACET_OCCUPATION && !sks_facets_by_count (query, &query->facets[i]))
            return false;
    return true;
}

/* Make room for the counts of the requested facets. With `written`, those of occupations that are read are written
 * before, so they are not zeroed. */
static int
open_tally (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const sks_query *query, bool written,
            sks_error *err)
{
    *out = (sks_tally) { 0 };
    for (size_t i = 0; i < query->facet_count; i++) {
        int facet = query->facets[i].facet;
        bool zeroed = facet != SKS_FACET_OCCUPATION || !written;
        out->counts[facet] = (zeroed ? sks_arena_array : sks_arena_room) (arena, table->facet[facet].rows + (size_t) 1,
                                                                          sizeof *out->counts[facet]);
        if (!out->counts[facet])
            return sks_fail_memory (err);
    }
    return 0;
}

int
sks_facets_count (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                  const sks_fails *fails, const sks_query *query, sks_error *err)
{
    /* count_many writes the counts of all occupations, count_few those of the occupations seen. */
    int code = open_tally (out, arena, table, query, !is_short (table, set) || reads_seen (query), err);
    return code ? code : count_set (out, arena, table, set, fails, err);
}

int
sks_facets_count_cells (sks_tally *out, sks_arena *arena, const sks_facet_table *table, const uint32_t *cells,
                        const sks_fails *fails, const sks_query *query, sks_error *err)
{
    struct walk walk = { .table = table };
    int code = open_tally (out, arena, table, query, false, err);
    if (code)
        return code;
    for (; walk.occupation < table->store->occupations; walk.occupation++) {
        memcpy (walk.found, cells + walk.occupation * SKS_LEVELS, sizeof walk.found);
        count_occupation (out, table, &walk, fails);
    }
    return 0;
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
