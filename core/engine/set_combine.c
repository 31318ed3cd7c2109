/* set_combine.c - and, or, without, for lists, posting lists and bits. */
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

/* Items of a list, or postings of the block of statements that begins with `base`. */
struct items {
    const uint32_t *at;
    uint32_t count, base;
    bool packed;
};

static inline __attribute__ ((always_inline)) uint32_t
item_at (struct items in, uint32_t i)
{
    return in.packed ? in.base + sks_packed_number (in.at[i]) : in.at[i];
}

/* Write the items that are in the set to `out`, which may be where they are. Returns their number. */
static inline __attribute__ ((always_inline)) uint32_t
keep (uint32_t *out, struct items in, const sks_set *set)
{
    uint32_t kept = 0, at = 0;
    if (set->bits)
        for (uint32_t i = 0; i < in.count; i++) {
            uint32_t item = item_at (in, i);
            out[kept] = item;
            kept += sks_set_has_bit (set->bits, item);
        }
    else if (set->packed.postings)
        for (uint32_t i = 0; i < in.count; i++) {
            uint32_t item = item_at (in, i);
            at = sks_packed_find (&set->packed, set->count, item);
            out[kept] = item;
            kept += at != SKS_NONE;
        }
    else
        for (uint32_t i = 0; i < in.count && at < set->count; i++) {
            uint32_t item = item_at (in, i);
            at = sks_set_list_find (set->list, set->count, at, item);
            out[kept] = item;
            kept += at < set->count && set->list[at] == item;
        }
    return kept;
}

SKS_CLONES
static uint32_t
keep_members (uint32_t *out, const uint32_t *list, uint32_t count, const sks_set *set)
{
    return keep (out, (struct items) { list, count, 0, false }, set);
}

/* The same for a posting list. */
SKS_CLONES
static uint32_t
keep_postings (uint32_t *out, const sks_set *from, const sks_set *set)
{
    uint32_t kept = 0;
    for (uint32_t base = 0, i = 0, end; i < from->count; base += SKS_PACKED_BLOCK, i = end) {
        end = sks_packed_block_end (&from->packed, from->count, base, from->universe);
        kept += keep (out + kept, (struct items) { from->packed.postings + i, end - i, base, true }, set);
    }
    return kept;
}

/* Whether looking up every member of a list costs more than combining all bits. */
static bool
is_long (const sks_set *set)
{
    return set->count > set->universe / LIST_SHARE;
}

/* Keep the members of the first set that are in all others. Bits come first: a look-up in them costs a sixth of a search
 * in a list, and leaves few to search for. */
static bool
and_lists (sks_set *out, sks_arena *arena, const sks_set *const *sets, size_t count)
{
    uint32_t kept = sets[0]->count, passes = 0;
    uint32_t *list = sks_arena_room (arena, kept + (size_t) 1, sizeof *list);
    if (!list)
        return false;
    for (int bits = 1; bits >= 0; bits--)
        for (size_t i = 1; i < count && kept; i++) {
            if ((sets[i]->bits != NULL) != bits)
                continue;
            kept = passes++                   ? keep_members (list, list, kept, sets[i])
                   : sets[0]->packed.postings ? keep_postings (list, sets[0], sets[i])
                                              : keep_members (list, sets[0]->list, kept, sets[i]);
        }
    if (!passes)
        sks_set_copy (list, sets[0]);
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
        if (!order[i]->bits && list == count)
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
    uint32_t have = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *list = sks_set_members (&sets[i], arena);
        if (!list)
            return false;
        have = merge_lists (two, one, have, list, sets[i].count);
        uint32_t *swap = one;
        one = two;
        two = swap;
    }
    *out = sks_set_of_list (sets[0].universe, one, have);
    return true;
}

static void
add_list (uint64_t *bits, const sks_set *set)
{
    for (uint32_t i = 0; i < set->count; i++)
        bits[set->list[i] >> 6] |= (uint64_t) 1 << (set->list[i] & 63);
}

static void
add_postings (uint64_t *bits, const sks_set *set)
{
    const uint32_t *postings = set->packed.postings;
    for (uint32_t base = 0, i = 0; i < set->count; base += SKS_PACKED_BLOCK)
        for (uint32_t end = sks_packed_block_end (&set->packed, set->count, base, set->universe); i < end; i++) {
            uint32_t number = sks_packed_number (postings[i]);
            bits[(base + number) >> 6] |= (uint64_t) 1 << (number & 63);
        }
}

bool
sks_set_or (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count)
{
    uint64_t max = 0;
    bool lists = true;
    for (size_t i = 0; i < count; i++) {
        max += sets[i].count;
        lists &= !sets[i].bits;
    }
    if (lists && max <= sets[0].universe / LIST_SHARE)
        return or_lists (out, arena, sets, count, max);
    uint64_t *bits = sks_set_bits (arena, sets[0].universe);
    if (!bits)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (sets[i].bits)
            or_words (bits, sets[i].bits, SKS_SET_WORDS (sets[0].universe));
        else
            (sets[i].packed.postings ? add_postings : add_list) (bits, &sets[i]);
    }
    *out = sks_set_of_bits (sets[0].universe, bits);
    return true;
}

/* ----------------------------------------------------------------- without */

static bool
remove_from_list (sks_set *out, sks_arena *arena, const sks_set *set, const sks_set *without)
{
    const uint32_t *from = sks_set_members (set, arena);
    uint32_t *list = sks_arena_room (arena, set->count + (size_t) 1, sizeof *list), kept = 0, at = 0;
    if (!list || !from)
        return false;
    for (uint32_t i = 0; i < set->count; i++) {
        bool in;
        if (without->list) {
            at = sks_set_list_find (without->list, without->count, at, from[i]);
            in = at < without->count && without->list[at] == from[i];
        } else
            in = sks_set_has (without, from[i]);
        list[kept] = from[i];
        kept += !in;
    }
    *out = sks_set_of_list (set->universe, list, kept);
    return true;
}

bool
sks_set_without (sks_set *out, sks_arena *arena, const sks_set *set, const sks_set *without)
{
    if (!set->bits)
        return remove_from_list (out, arena, set, without);
    uint64_t *bits = sks_set_bits (arena, set->universe);
    if (!bits)
        return false;
    memcpy (bits, set->bits, SKS_SET_WORDS (set->universe) * sizeof *bits);
    for (uint32_t w = 0; without->bits && w < SKS_SET_WORDS (set->universe); w++)
        bits[w] &= ~without->bits[w];
    sks_set_walk walk = { .set = without };
    for (uint32_t statement; !without->bits && sks_set_walk_next (&walk, &statement);)
        bits[statement >> 6] &= ~((uint64_t) 1 << (statement & 63));
    *out = sks_set_of_bits (set->universe, bits);
    return true;
}
