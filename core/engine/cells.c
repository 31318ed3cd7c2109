/* cells.c - three ways to count: all statements by the bounds of cells alone, bits by occupation and by level, and
 * everything else by cell. */
#include "cells.h"

#include <string.h>

/* The four cells of an occupation. */
typedef uint32_t four __attribute__ ((vector_size (16)));
_Static_assert(SKS_LEVELS == 4, "an occupation has four cells");

static inline four
load (const uint32_t *from)
{
    four out;
    memcpy (&out, from, sizeof out);
    return out;
}

/* The sums of four vectors. */
static inline four
sums_of (const four v[4])
{
    four one = __builtin_shufflevector (v[0], v[1], 0, 4, 2, 6) + __builtin_shufflevector (v[0], v[1], 1, 5, 3, 7);
    four two = __builtin_shufflevector (v[2], v[3], 0, 4, 2, 6) + __builtin_shufflevector (v[2], v[3], 1, 5, 3, 7);
    return __builtin_shufflevector (one, two, 0, 1, 4, 5) + __builtin_shufflevector (one, two, 2, 3, 6, 7);
}

/* The members of an occupation's cells: counts, or the differences of bounds. */
static inline four
members_of (const uint32_t *cells, bool bounds, uint32_t occupation)
{
    const uint32_t *at = cells + (size_t) occupation * SKS_LEVELS;
    return bounds ? load (at + 1) - load (at) : load (at);
}

/* All bits if a filter does not reject the occupation. */
static inline uint32_t
is_open (const sks_fails *fails, uint32_t occupation)
{
    return fails->occupation && fails->occupation[occupation] ? 0 : UINT32_MAX;
}

/* Sum the cells of each occupation at the levels that pass, and those of each level in the occupations that pass. */
SKS_CLONES
static void
sum_cells (sks_cells *out, const uint32_t *cells, bool bounds, uint32_t occupations, const sks_fails *fails)
{
    four pass = { 0 }, slots = { 0 };
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++)
        pass[slot] = fails->level[sks_cell_level (slot)] ? 0 : UINT32_MAX;
    uint32_t i = 0;
    for (; i + 4 <= occupations; i += 4) {
        four found[4];
#pragma GCC unroll 4
        for (uint32_t k = 0; k < 4; k++) {
            four members = members_of (cells, bounds, i + k);
            uint32_t open = is_open (fails, i + k);
            slots += members & (four) { open, open, open, open };
            found[k] = members & pass;
        }
        four sums = sums_of (found);
        if (out->passing)
            memcpy (out->passing + i, &sums, sizeof sums);
    }
    for (; i < occupations; i++) {
        four members = members_of (cells, bounds, i);
        uint32_t open = is_open (fails, i);
        slots += members & (four) { open, open, open, open };
        members &= pass;
        if (out->passing)
            out->passing[i] = members[0] + members[1] + members[2] + members[3];
    }
    for (uint32_t slot = 0; slot < SKS_LEVELS; slot++)
        out->levels[sks_cell_level (slot)] = slots[slot];
}

/* The members of a set of bits at levels that pass; NULL when out of memory. */
SKS_CLONES
static uint64_t *
passing_bits (sks_arena *arena, const sks_facet_table *table, const sks_set *set, const sks_fails *fails)
{
    size_t words = SKS_SET_WORDS (set->universe);
    uint64_t *bits = sks_arena_room (arena, words + 1, sizeof *bits);
    if (!bits)
        return NULL;
    memset (bits, 0, (words + 1) * sizeof *bits);
    for (int level = 0; level < SKS_LEVELS; level++)
        for (size_t w = 0; !fails->level[level] && w < words; w++)
            bits[w] |= set->bits[w] & table->level[level][w];
    return bits;
}

/* Count the members of each level in one pass. */
SKS_CLONES
static void
count_levels (uint32_t *out, const sks_facet_table *table, const sks_set *set)
{
    const uint64_t *const levels[] = { table->level[0], table->level[1], table->level[2] };
    uint32_t counts[SKS_LEVELS - 1] = { 0 }, left = set->count;
    for (size_t w = 0; w < SKS_SET_WORDS (set->universe); w++)
#pragma GCC unroll 3
        for (int level = 0; level < SKS_LEVELS - 1; level++)
            counts[level] += (uint32_t) __builtin_popcountll (set->bits[w] & levels[level][w]);
    for (int level = 0; level < SKS_LEVELS - 1; level++) {
        out[level] = counts[level];
        left -= counts[level];
    }
    out[SKS_LEVELS - 1] = left; /* each statement has one level */
}

/* Count bits, if filters reject no occupation. */
static int
count_bits (sks_cells *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set, const sks_fails *fails,
            sks_error *err)
{
    const sks_store *store = table->store;
    sks_set passing = *set;
    count_levels (out->levels, table, set);
    if (!out->passing)
        return 0;
    if (fails->any)
        passing.bits = passing_bits (arena, table, set, fails);
    if (!passing.bits || !sks_set_count_runs (&passing, arena, table->starts, store->occupations, out->passing))
        return sks_fail_memory (err);
    return 0;
}

int
sks_cells_count (sks_cells *out, sks_arena *arena, const sks_facet_table *table, const sks_set *set,
                 const sks_fails *fails, bool passing, sks_error *err)
{
    const sks_store *store = table->store;
    uint32_t cells = store->occupations * SKS_LEVELS;
    *out = (sks_cells) { .passing = NULL };
    if (passing && !(out->passing = sks_arena_room (arena, store->occupations + (size_t) 1, sizeof *out->passing)))
        return sks_fail_memory (err);
    if (set->count == set->universe) {
        sum_cells (out, store->cells, true, store->occupations, fails);
        return 0;
    }
    if (set->bits && !fails->occupation)
        return count_bits (out, arena, table, set, fails, err);
    uint32_t *counts = sks_arena_room (arena, cells + (size_t) 1, sizeof *counts);
    if (!counts || !sks_set_count_runs (set, arena, store->cells, cells, counts))
        return sks_fail_memory (err);
    sum_cells (out, counts, false, store->occupations, fails);
    return 0;
}
