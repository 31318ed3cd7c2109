/* set.c - and, or, without, for lists and bits. */
#include "set.h"

#include <string.h>

/* A list of more than universe / LIST_SHARE members takes more memory than
 * bits; results that may be larger become bits. */
#define LIST_SHARE 32

/* Words that are combined at once. */
typedef uint64_t eight __attribute__ ((vector_size (64)));
#define EIGHT (sizeof (eight) / sizeof (uint64_t))

/* out &= in, for some words. */
SKS_CLONES
static void
and_words (uint64_t *out, const uint64_t *in, size_t words)
{
    size_t w = 0;
    for (; w + EIGHT <= words; w += EIGHT) {
        eight one, two;
        memcpy (&one, out + w, sizeof one);
        memcpy (&two, in + w, sizeof two);
        one &= two;
        memcpy (out + w, &one, sizeof one);
    }
    for (; w < words; w++)
        out[w] &= in[w];
}

/* out |= in. */
SKS_CLONES
static void
or_words (uint64_t *out, const uint64_t *in, size_t words)
{
    size_t w = 0;
    for (; w + EIGHT <= words; w += EIGHT) {
        eight one, two;
        memcpy (&one, out + w, sizeof one);
        memcpy (&two, in + w, sizeof two);
        one |= two;
        memcpy (out + w, &one, sizeof one);
    }
    for (; w < words; w++)
        out[w] |= in[w];
}

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

bool
sks_set_count_runs (const sks_set *set, sks_arena *arena, const uint32_t *bounds, uint32_t count, uint32_t *out)
{
    if (!set->bits) {
        count_runs_of_list (set, bounds, count, out);
        return true;
    }
    uint32_t *before = sks_arena_room (arena, SKS_SET_WORDS (set->universe) + 1, sizeof *before);
    if (before)
        count_runs (set->bits, before, bounds, count, out);
    return before != NULL;
}

#define BLOCK SKS_SLOTS_BLOCK

static inline uint32_t
find (const uint32_t *list, uint32_t count, uint32_t from, uint32_t value)
{
    uint32_t step = BLOCK, low = from, left = count - from < BLOCK ? count - from : BLOCK;
    while (left && list[low + left - 1] < value) {
        low += left;
        left = count - low < step ? count - low : step;
        step *= 2;
    }
    while (left > BLOCK) {
        uint32_t half = left / 2;
        low += list[low + half - 1] < value ? half : 0;
        left -= half;
    }
    if (count - low >= BLOCK)
        return low + sks_slots_count_below (list + low, value);
    while (low < count && list[low] < value)
        low++;
    return low;
}

uint32_t
sks_set_list_find (const uint32_t *list, uint32_t count, uint32_t from, uint32_t value)
{
    return find (list, count, from, value);
}

uint32_t
sks_set_count_range (const sks_set *set, uint32_t first, uint32_t end)
{
    if (set->bits)
        return sks_set_count_bits (set->bits, first, end);
    uint32_t from = sks_set_list_find (set->list, set->count, 0, first);
    return sks_set_list_find (set->list, set->count, from, end) - from;
}

bool
sks_set_has (const sks_set *set, uint32_t statement)
{
    if (set->bits)
        return sks_set_has_bit (set->bits, statement);
    uint32_t i = sks_set_list_find (set->list, set->count, 0, statement);
    return i < set->count && set->list[i] == statement;
}

/* --------------------------------------------------------------------- and */

/* Whether a set comes before another: it has fewer members, or as many in a list, which is cheaper to walk than bits. */
static bool
is_first (const sks_set *a, const sks_set *b)
{
    return a->count < b->count || (a->count == b->count && !a->bits && b->bits);
}

static void
sort_sets (const sks_set **order, const sks_set *sets, size_t count)
{
    for (size_t i = 0, at; i < count; i++) {
        for (at = i; at && is_first (&sets[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &sets[i];
    }
}

/* Write the items of `list` that are in the set to `out`, which may be the list itself. Returns their number. */
SKS_CLONES
static uint32_t
keep_members (uint32_t *out, const uint32_t *list, uint32_t count, const sks_set *set)
{
    uint32_t kept = 0, at = 0;
    if (set->bits)
        for (uint32_t i = 0; i < count; i++) {
            uint32_t item = list[i];
            out[kept] = item;
            kept += sks_set_has_bit (set->bits, item);
        }
    else if (set->slots.starts)
        for (uint32_t i = 0; i < count; i++) {
            uint32_t item = list[i];
            at = sks_slots_find (set->slots, set->list, set->count, item);
            out[kept] = item;
            kept += at < set->count && set->list[at] == item;
        }
    else
        for (uint32_t i = 0; i < count && at < set->count; i++) {
            uint32_t item = list[i];
            at = find (set->list, set->count, at, item);
            out[kept] = item;
            kept += at < set->count && set->list[at] == item;
        }
    return kept;
}

/* Whether looking up every member of a list costs more than combining all bits. */
static bool
is_long (const sks_set *set)
{
    return set->count > set->universe / LIST_SHARE;
}

/* Keep the members of the first set's list that are in all others. Bits come first: a look-up in them costs a sixth of
 * a search in a list, and leaves few to search for. */
static bool
and_lists (sks_set *out, sks_arena *arena, const sks_set *const *sets, size_t count)
{
    uint32_t kept = sets[0]->count;
    uint32_t *list = sks_arena_room (arena, kept + (size_t) 1, sizeof *list);
    if (!list)
        return false;
    const uint32_t *from = sets[0]->list;
    for (int bits = 1; bits >= 0; bits--)
        for (size_t i = 1; i < count && kept; i++)
            if ((sets[i]->bits != NULL) == bits) {
                kept = keep_members (list, from, kept, sets[i]);
                from = list;
            }
    if (from != list)
        memcpy (list, from, kept * sizeof *list);
    *out = sks_set_of_list (sets[0]->universe, list, kept);
    return true;
}

static bool
and_bits (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count)
{
    uint64_t *bits = sks_set_bits (arena, sets[0].universe);
    if (!bits)
        return false;
    size_t words = SKS_SET_WORDS (sets[0].universe);
    memcpy (bits, sets[0].bits, words * sizeof *bits);
    for (size_t i = 1; i < count; i++)
        and_words (bits, sets[i].bits, words);
    *out = sks_set_of_bits (sets[0].universe, bits);
    return true;
}

bool
sks_set_and (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count)
{
    const sks_set **order = sks_arena_room (arena, count, sizeof *order);
    if (!order)
        return false;
    size_t list = count;
    sort_sets (order, sets, count);
    if (!order[0]->count) {
        *out = sks_set_of_list (sets->universe, NULL, 0);
        return true;
    }
    bool bits_alone = true;
    for (size_t i = 0; i < count; i++) {
        bits_alone &= order[i]->bits != NULL;
        if (order[i]->list && list == count)
            list = i;
    }
    if (list < count && !(bits_alone && is_long (order[0]))) {
        /* Walk the smallest list; its members are looked up in all others. */
        const sks_set *first = order[list];
        memmove (order + 1, order, list * sizeof *order);
        order[0] = first;
        return and_lists (out, arena, order, count);
    }
    return bits_alone && and_bits (out, arena, sets, count); /* without a list, all have bits */
}

/* ---------------------------------------------------------------------- or */

/* Merge two ascending lists into out; returns the number of items. */
static uint32_t
merge_lists (uint32_t *out, const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count)
{
    uint32_t i = 0, k = 0, n = 0;
    while (i < a_count && k < b_count) {
        uint32_t x = a[i], y = b[k];
        out[n++] = x < y ? x : y;
        i += x <= y;
        k += y <= x;
    }
    while (i < a_count)
        out[n++] = a[i++];
    while (k < b_count)
        out[n++] = b[k++];
    return n;
}

static bool
or_lists (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count, uint64_t max)
{
    uint32_t *one = sks_arena_room (arena, max + 1, sizeof *one);
    uint32_t *two = sks_arena_room (arena, max + 1, sizeof *two);
    if (!one || !two)
        return false;
    uint32_t have = sets[0].count;
    memcpy (one, sets[0].list, have * sizeof *one);
    for (size_t i = 1; i < count; i++) {
        have = merge_lists (two, one, have, sets[i].list, sets[i].count);
        uint32_t *swap = one;
        one = two;
        two = swap;
    }
    *out = sks_set_of_list (sets[0].universe, one, have);
    return true;
}

bool
sks_set_or (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count)
{
    uint64_t max = 0;
    bool lists = true;
    for (size_t i = 0; i < count; i++) {
        max += sets[i].count;
        lists &= sets[i].list != NULL;
    }
    if (lists && max <= sets[0].universe / LIST_SHARE)
        return or_lists (out, arena, sets, count, max);
    uint64_t *bits = sks_set_bits (arena, sets[0].universe);
    if (!bits)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (sets[i].bits)
            or_words (bits, sets[i].bits, SKS_SET_WORDS (sets[0].universe));
        else if (sets[i].list)
            for (uint32_t k = 0; k < sets[i].count; k++)
                bits[sets[i].list[k] >> 6] |= (uint64_t) 1 << (sets[i].list[k] & 63);
    }
    *out = sks_set_of_bits (sets[0].universe, bits);
    return true;
}

/* ----------------------------------------------------------------- without */

bool
sks_set_without (sks_set *out, sks_arena *arena, const sks_set *set, const sks_set *without)
{
    if (set->list) {
        uint32_t *list = sks_arena_room (arena, set->count + (size_t) 1, sizeof *list);
        if (!list)
            return false;
        uint32_t kept = 0, at = 0;
        for (uint32_t i = 0; i < set->count; i++) {
            bool in;
            if (without->bits)
                in = sks_set_has_bit (without->bits, set->list[i]);
            else {
                at = sks_set_list_find (without->list, without->count, at, set->list[i]);
                in = at < without->count && without->list[at] == set->list[i];
            }
            list[kept] = set->list[i];
            kept += !in;
        }
        *out = sks_set_of_list (set->universe, list, kept);
        return true;
    }
    uint64_t *bits = sks_set_bits (arena, set->universe);
    if (!bits)
        return false;
    memcpy (bits, set->bits, SKS_SET_WORDS (set->universe) * sizeof *bits);
    for (uint32_t w = 0; without->bits && w < SKS_SET_WORDS (set->universe); w++)
        bits[w] &= ~without->bits[w];
    for (uint32_t i = 0; !without->bits && i < without->count; i++)
        bits[without->list[i] >> 6] &= ~((uint64_t) 1 << (without->list[i] & 63));
    *out = sks_set_of_bits (set->universe, bits);
    return true;
}

/* -------------------------------------------------------------------- walk */

bool
sks_set_walk_bits (sks_set_walk *walk, uint32_t *statement)
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
