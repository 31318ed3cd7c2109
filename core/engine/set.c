/* set.c - makes, counts, unpacks and walks sets. */
#include "set.h"

#include <string.h>

uint64_t *
sks_set_bits (sks_arena *arena, uint32_t universe)
{
    return sks_arena_array (arena, SKS_SET_WORDS (universe) + 1, sizeof (uint64_t));
}

sks_set
sks_set_of_list (uint32_t universe, const uint32_t *list, uint32_t count)
{
    static const uint32_t none;
    return (sks_set) { .universe = universe, .count = count, .list = list ? list : &none };
}

sks_set
sks_set_of_bits (uint32_t universe, uint64_t *bits)
{
    return (sks_set) { .universe = universe, .count = sks_set_count_bits (bits, 0, universe), .bits = bits };
}

void
sks_set_add_range (uint64_t *bits, uint32_t first, uint32_t end)
{
    for (; first < end && first % 64; first++)
        bits[first >> 6] |= (uint64_t) 1 << (first & 63);
    if (first + 64 <= end) {
        memset (bits + (first >> 6), 0xFF, (end - first) / 64 * sizeof *bits);
        first += (end - first) / 64 * 64;
    }
    for (; first < end; first++)
        bits[first >> 6] |= (uint64_t) 1 << (first & 63);
}

bool
sks_set_range (sks_set *out, sks_arena *arena, uint32_t universe, uint32_t first, uint32_t end)
{
    uint64_t *bits = sks_set_bits (arena, universe);
    if (!bits)
        return false;
    if (first < end)
        sks_set_add_range (bits, first, end);
    *out = (sks_set) { .universe = universe, .count = first < end ? end - first : 0, .bits = bits };
    return true;
}

SKS_CLONES
uint32_t
sks_set_count_bits (const uint64_t *bits, uint32_t first, uint32_t end)
{
    if (first >= end)
        return 0;
    uint32_t low = first >> 6, high = (end - 1) >> 6, count = 0;
    uint64_t head = UINT64_MAX << (first & 63), tail = UINT64_MAX >> (63 - ((end - 1) & 63));
    if (low == high)
        return (uint32_t) __builtin_popcountll (bits[low] & head & tail);
    count = (uint32_t) __builtin_popcountll (bits[low] & head);
    for (uint32_t i = low + 1; i < high; i++)
        count += (uint32_t) __builtin_popcountll (bits[i]);
    return count + (uint32_t) __builtin_popcountll (bits[high] & tail);
}

/* before[w] is the number of members below word w. The members between two bounds are the difference of the counts
 * below them, which needs no branch for short runs. */
SKS_CLONES
static void
count_runs (const uint64_t *bits, uint32_t *before, const uint32_t *bounds, uint32_t count, uint32_t *out)
{
    uint32_t words = bounds[count] / 64 + 1, below = 0;
    for (uint32_t w = 0; w < words; w++) {
        before[w] = below;
        below += (uint32_t) __builtin_popcountll (bits[w]);
    }
    below = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t end = bounds[i + 1], word = end / 64;
        uint32_t now = before[word] + (uint32_t) __builtin_popcountll (bits[word] & (((uint64_t) 1 << end % 64) - 1));
        out[i] = now - below;
        below = now;
    }
}

/* The same for a list. */
static void
count_runs_of_list (const sks_set *set, const uint32_t *bounds, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0, k = 0; i < count; i++) {
        uint32_t first = k, end = bounds[i + 1];
        while (k < set->count && set->list[k] < end)
            k++;
        out[i] = k - first;
    }
}

static void
count_runs_of_postings (const sks_set *set, const uint32_t *bounds, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0, first = 0; i < count; i++) {
        uint32_t end = sks_packed_seek (&set->packed, set->count, bounds[i + 1]);
        out[i] = end - first;
        first = end;
    }
}

bool
sks_set_count_runs (const sks_set *set, sks_arena *arena, const uint32_t *bounds, uint32_t count, uint32_t *out)
{
    if (!set->bits) {
        (set->packed.postings ? count_runs_of_postings : count_runs_of_list) (set, bounds, count, out);
        return true;
    }
    uint32_t *before = sks_arena_room (arena, SKS_SET_WORDS (set->universe) + 1, sizeof *before);
    if (before)
        count_runs (set->bits, before, bounds, count, out);
    return before != NULL;
}

/* The index of the first item of a list or posting list that is not below a statement. */
static uint32_t
seek (const sks_set *set, uint32_t from, uint32_t statement)
{
    return set->packed.postings ? sks_packed_seek (&set->packed, set->count, statement)
                                : sks_set_list_find (set->list, set->count, from, statement);
}

uint32_t
sks_set_count_range (const sks_set *set, uint32_t first, uint32_t end)
{
    if (set->bits)
        return sks_set_count_bits (set->bits, first, end);
    uint32_t from = seek (set, 0, first);
    return seek (set, from, end) - from;
}

bool
sks_set_has (const sks_set *set, uint32_t statement)
{
    if (set->bits)
        return sks_set_has_bit (set->bits, statement);
    if (set->packed.postings)
        return sks_packed_find (&set->packed, set->count, statement) != SKS_NONE;
    uint32_t i = sks_set_list_find (set->list, set->count, 0, statement);
    return i < set->count && set->list[i] == statement;
}

/* ------------------------------------------------------------------ unpack */

/* The end of the postings of a block of statements. */
static uint32_t
end_of_block (const sks_set *set, uint32_t base)
{
    return sks_packed_block_end (&set->packed, set->count, base, set->universe);
}

/* Write the statements of postings of a block. */
SKS_CLONES
static void
unpack_block (uint32_t *restrict out, const uint32_t *postings, uint32_t count, uint32_t base)
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = base + sks_packed_number (postings[i]);
}

void
sks_set_copy (uint32_t *out, const sks_set *set)
{
    if (set->list)
        memcpy (out, set->list, set->count * sizeof *out);
    else
        for (uint32_t base = 0, i = 0, end; i < set->count; base += SKS_PACKED_BLOCK, i = end) {
            end = end_of_block (set, base);
            unpack_block (out + i, set->packed.postings + i, end - i, base);
        }
}

const uint32_t *
sks_set_members (const sks_set *set, sks_arena *arena)
{
    uint32_t *list = set->list ? NULL : sks_arena_room (arena, set->count + (size_t) 1, sizeof *list);
    if (list)
        sks_set_copy (list, set);
    return set->list ? set->list : list;
}

bool
sks_set_unpack (sks_set *set, sks_arena *arena)
{
    const uint32_t *list = set->packed.postings ? sks_set_members (set, arena) : NULL;
    if (list)
        *set = sks_set_of_list (set->universe, list, set->count);
    return !set->packed.postings;
}

/* -------------------------------------------------------------------- walk */

static bool
walk_bits (sks_set_walk *walk, uint32_t *statement)
{
    const sks_set *set = walk->set;
    uint32_t words = (uint32_t) SKS_SET_WORDS (set->universe), word = walk->next >> 6;
    if (word >= words)
        return false;
    uint64_t left = set->bits[word] & UINT64_MAX << (walk->next & 63);
    while (!left && ++word < words)
        left = set->bits[word];
    if (!left)
        return false;
    *statement = word * 64 + (uint32_t) __builtin_ctzll (left);
    walk->next = *statement + 1;
    return true;
}

static bool
walk_postings (sks_set_walk *walk, uint32_t *statement)
{
    const sks_set *set = walk->set;
    if (walk->next >= set->count)
        return false;
    for (; walk->next >= walk->stop; walk->block += SKS_PACKED_BLOCK)
        walk->stop = end_of_block (set, walk->block);
    *statement = walk->block - SKS_PACKED_BLOCK + sks_packed_number (set->packed.postings[walk->next++]);
    return true;
}

bool
sks_set_walk_other (sks_set_walk *walk, uint32_t *statement)
{
    return (walk->set->bits ? walk_bits : walk_postings) (walk, statement);
}
