/* slots.h - finds numbers in an ascending list without a search.
 *
 * The range of the numbers is cut into slots of a power of two, with 8 to 16 numbers in each on average. It is known
 * where each slot begins in the list, and 16 numbers are compared at once, so most look-ups have no branch that is
 * mispredicted. */
#ifndef SKS_SLOTS_H
#define SKS_SLOTS_H

#include <stddef.h>
#include <stdint.h>

/* The fewest numbers of a slot on average. */
#define SKS_SLOTS_SHARE 8

typedef struct sks_slots {
    const uint32_t *starts; /* by slot: the index of its first number in the list */
    unsigned shift;         /* a number is in slot number >> shift */
} sks_slots;

/* The shift for `count` numbers below `end`. */
static inline unsigned
sks_slots_shift (uint32_t count, uint32_t end)
{
    unsigned shift = 0;
    while (end >> shift > count / SKS_SLOTS_SHARE)
        shift++;
    return shift;
}

/* The number of starts for `count` numbers below `end`. */
static inline size_t
sks_slots_starts (uint32_t count, uint32_t end)
{
    return (end >> sks_slots_shift (count, end)) + (size_t) 2;
}

/* The most starts that `count` numbers have, whatever their range. */
#define SKS_SLOTS_MOST(count) ((count) / SKS_SLOTS_SHARE + (size_t) 2)

/* Write the starts of a list of numbers below `end`. They are borrowed. */
static inline sks_slots
sks_slots_make (uint32_t *starts, const uint32_t *list, uint32_t count, uint32_t end)
{
    sks_slots slots = { starts, sks_slots_shift (count, end) };
    uint32_t slot = 0, i = 0;
    for (; i < count; i++)
        while (slot <= list[i] >> slots.shift)
            starts[slot++] = i;
    while (slot < sks_slots_starts (count, end))
        starts[slot++] = count;
    return slots;
}

/* Numbers that are compared at once, without a branch. They are compared as signed ones: a statement takes at least
 * two bytes of the token stream, whose offsets have 32 bits, so statement numbers have 31. */
#define SKS_SLOTS_BLOCK 16
typedef int32_t sks_slots_four __attribute__ ((vector_size (16)));
typedef uint64_t sks_slots_halves __attribute__ ((vector_size (16)));
typedef int32_t sks_slots_anywhere __attribute__ ((vector_size (16), aligned (4), may_alias));

/* The number of a block's numbers that are below a value. */
static inline uint32_t
sks_slots_count_below (const uint32_t *list, uint32_t value)
{
    const int32_t v = (int32_t) value;
    const sks_slots_four values = { v, v, v, v };
    const sks_slots_anywhere *block = (const sks_slots_anywhere *) list;
    sks_slots_four below = (block[0] < values) + (block[1] < values) + (block[2] < values) + (block[3] < values);
    sks_slots_halves counts = (sks_slots_halves) -below; /* small numbers, so that no sum of two reaches the next one */
    uint64_t both = counts[0] + counts[1];
    return (uint32_t) both + (uint32_t) (both >> 32);
}

/* The index of the first of `count` numbers that is not below `value`, which is at most the end of their range. */
static inline uint32_t
sks_slots_find (sks_slots slots, const uint32_t *list, uint32_t count, uint32_t value)
{
    uint32_t low = slots.starts[value >> slots.shift], end = slots.starts[(value >> slots.shift) + 1];
    while (end - low > SKS_SLOTS_BLOCK && list[low + SKS_SLOTS_BLOCK - 1] < value)
        low += SKS_SLOTS_BLOCK;
    if (count - low >= SKS_SLOTS_BLOCK)
        return low + sks_slots_count_below (list + low, value);
    while (low < count && list[low] < value)
        low++;
    return low;
}

#endif
