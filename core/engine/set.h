/* set.h - a set of statements: a sorted list if small, else bits.
 *
 * All sets of a query come from its arena and are freed with it. A set may borrow a posting list or its bits, so that
 * the set of a word needs no copy. */
#ifndef SKS_SET_H
#define SKS_SET_H

#include "core/base/arena.h"
#include "core/base/clones.h"
#include "core/base/error.h"
#include "packed.h"

#include <stdbool.h>

/* Words of 64 bits for the bits of a universe. */
#define SKS_SET_WORDS(universe) (((size_t) (universe) + 63) / 64)

typedef struct sks_set {
    uint32_t universe; /* statements of the generation */
    uint32_t count;    /* members */
    /* One of these; the others are NULL. */
    const uint32_t *list; /* ascending */
    uint64_t *bits;       /* SKS_SET_WORDS; read-only if they belong to a posting list */
    sks_packed packed;    /* a posting list */
} sks_set;

/* Budget units for each operand of a set operation, which is not interrupted. */
#define SKS_SET_UNITS(universe) ((universe) / 16 + 16)

/* The set of a list, which is borrowed. */
sks_set sks_set_of_list (uint32_t universe, const uint32_t *list, uint32_t count);

/* The statements [first, end). False when out of memory. */
bool sks_set_range (sks_set *out, sks_arena *arena, uint32_t universe, uint32_t first, uint32_t end);

/* The statements in all of the sets; in any of them; in `set` but not in `without`. count is at least 1. Operands
 * are unchanged. False when out of memory. */
bool sks_set_and (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count);
bool sks_set_or (sks_set *out, sks_arena *arena, const sks_set *sets, size_t count);
bool sks_set_without (sks_set *out, sks_arena *arena, const sks_set *set, const sks_set *without);

/* Bits for the universe, all clear; NULL when out of memory. */
uint64_t *sks_set_bits (sks_arena *arena, uint32_t universe);

/* Set the bits [first, end). */
void sks_set_add_range (uint64_t *bits, uint32_t first, uint32_t end);

/* The set of these bits; counts them. Takes ownership of the bits. */
sks_set sks_set_of_bits (uint32_t universe, uint64_t *bits);

/* Write the members of a set that has no bits. */
void sks_set_copy (uint32_t *out, const sks_set *set);

/* The list of such a set, which is borrowed or in the arena. NULL when out of memory. */
const uint32_t *sks_set_members (const sks_set *set, sks_arena *arena);

/* Make a set a list if it is a posting list. False when out of memory. */
bool sks_set_unpack (sks_set *set, sks_arena *arena);

static inline bool
sks_set_has_bit (const uint64_t *bits, uint32_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}

/* Members in [first, end) of a set of bits. */
uint32_t sks_set_count_bits (const uint64_t *bits, uint32_t first, uint32_t end);

/* Members in [first, end) of any set. */
uint32_t sks_set_count_range (const sks_set *set, uint32_t first, uint32_t end);

/* Members between bounds: out[i] are those in [bounds[i], bounds[i + 1]). The bounds ascend from 0 to at most the
 * universe; there are count + 1 of them. False when out of memory. */
bool sks_set_count_runs (const sks_set *set, sks_arena *arena, const uint32_t *bounds, uint32_t count, uint32_t *out);

/* Whether a statement is a member. */
bool sks_set_has (const sks_set *set, uint32_t statement);

/* The first index >= from whose value is >= value, in an ascending list; galloping search: cheap if the answer is
 * near. */
static inline uint32_t
sks_set_list_find (const uint32_t *list, uint32_t count, uint32_t from, uint32_t value)
{
    uint32_t step = SKS_SLOTS_BLOCK, low = from, left = count - from < SKS_SLOTS_BLOCK ? count - from : SKS_SLOTS_BLOCK;
    while (left && list[low + left - 1] < value) {
        low += left;
        left = count - low < step ? count - low : step;
        step *= 2;
    }
    while (left > SKS_SLOTS_BLOCK) {
        uint32_t half = left / 2;
        low += list[low + half - 1] < value ? half : 0;
        left -= half;
    }
    if (count - low >= SKS_SLOTS_BLOCK)
        return low + sks_slots_count_below (list + low, value);
    while (low < count && list[low] < value)
        low++;
    return low;
}

/* A walk over the members, ascending. */
typedef struct sks_set_walk {
    const sks_set *set;
    uint32_t next;        /* index in the list or the postings, or next statement to look at */
    uint32_t block, stop; /* of postings: the first statement of the next block, and the end of the current one */
} sks_set_walk;

/* The same for a set that is not a list. */
bool sks_set_walk_other (sks_set_walk *walk, uint32_t *statement);

/* Move to the next member; false at the end. */
static inline bool
sks_set_walk_next (sks_set_walk *walk, uint32_t *statement)
{
    const sks_set *set = walk->set;
    if (!set->list)
        return sks_set_walk_other (walk, statement);
    if (walk->next >= set->count)
        return false;
    *statement = set->list[walk->next++];
    return true;
}

#endif
