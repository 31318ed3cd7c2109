/* packed.h - a posting in 32 bits: the lower 16 bits of the number of its statement, and 15 bits of load.
 *
 * The numbers of one block of 65,536 statements compare like the postings do. The upper bits of a number follow from
 * the slot (slots.h), which is never larger than a block, or from the index, as the postings of a block are adjacent. */
#ifndef SKS_PACKED_H
#define SKS_PACKED_H

#include "core/index/rows.h"
#include "slots.h"

#define SKS_PACKED_NUMBER_BITS 16
#define SKS_PACKED_LOAD_BITS 15
#define SKS_PACKED_BLOCK (UINT32_C (1) << SKS_PACKED_NUMBER_BITS)
#define SKS_PACKED_LOADS (UINT32_C (1) << SKS_PACKED_LOAD_BITS)

/* A list of postings with its slots. */
typedef struct sks_packed {
    const uint32_t *postings; /* NULL: there is none */
    sks_slots slots;          /* of their statements */
} sks_packed;

static inline uint32_t
sks_packed_make (uint32_t statement, uint32_t load)
{
    return (statement & (SKS_PACKED_BLOCK - 1)) << SKS_PACKED_LOAD_BITS | load;
}

/* The number within the block, and the load. */
static inline uint32_t
sks_packed_number (uint32_t posting)
{
    return posting >> SKS_PACKED_LOAD_BITS;
}

static inline uint32_t
sks_packed_load (uint32_t posting)
{
    return posting & (SKS_PACKED_LOADS - 1);
}

/* The shift of the slots for `count` statements below `end`, and the number of starts. */
static inline unsigned
sks_packed_shift (uint32_t count, uint32_t end)
{
    unsigned shift = sks_slots_shift (count, end);
    return shift < SKS_PACKED_NUMBER_BITS ? shift : SKS_PACKED_NUMBER_BITS;
}

static inline size_t
sks_packed_starts (uint32_t count, uint32_t end)
{
    return (end >> sks_packed_shift (count, end)) + (size_t) 2;
}

/* The number of a block's postings that are below a value, of those that are in the slot. */
static inline uint32_t
sks_packed_count_below (const uint32_t *postings, uint32_t value, uint32_t left)
{
    static const sks_slots_four lanes[4] = { { 0, 1, 2, 3 }, { 4, 5, 6, 7 }, { 8, 9, 10, 11 }, { 12, 13, 14, 15 } };
    const int32_t v = (int32_t) value, n = (int32_t) left;
    const sks_slots_four values = { v, v, v, v }, end = { n, n, n, n };
    const sks_slots_anywhere *block = (const sks_slots_anywhere *) postings;
    sks_slots_four below = ((block[0] < values) & (lanes[0] < end)) + ((block[1] < values) & (lanes[1] < end)) +
                           ((block[2] < values) & (lanes[2] < end)) + ((block[3] < values) & (lanes[3] < end));
    return sks_slots_sum (-below);
}

/* The end of the postings of the block that begins with statement `base`, of `count` postings below `end`. A block begins
 * with a slot. */
static inline uint32_t
sks_packed_block_end (const sks_packed *list, uint32_t count, uint32_t base, uint32_t end)
{
    return end - base <= SKS_PACKED_BLOCK ? count : list->slots.starts[(base + SKS_PACKED_BLOCK) >> list->slots.shift];
}

/* The index of the first of `count` postings whose statement is not below `statement`, which is at most the end of their
 * range. *end_p is set to the end of its slot. */
static inline uint32_t
sks_packed_search (const sks_packed *list, uint32_t count, uint32_t statement, uint32_t *end_p)
{
    const uint32_t *postings = list->postings, value = sks_packed_make (statement, 0);
    uint32_t slot = statement >> list->slots.shift, low = list->slots.starts[slot], end = list->slots.starts[slot + 1];
    *end_p = end;
    while (end - low > SKS_SLOTS_BLOCK && postings[low + SKS_SLOTS_BLOCK - 1] < value)
        low += SKS_SLOTS_BLOCK;
    if (count - low >= SKS_SLOTS_BLOCK)
        return low + sks_packed_count_below (postings + low, value, end - low);
    while (low < end && postings[low] < value)
        low++;
    return low;
}

static inline uint32_t
sks_packed_seek (const sks_packed *list, uint32_t count, uint32_t statement)
{
    uint32_t end;
    return sks_packed_search (list, count, statement, &end);
}

/* The index of a statement's posting, SKS_NONE if there is none. */
static inline uint32_t
sks_packed_find (const sks_packed *list, uint32_t count, uint32_t statement)
{
    uint32_t end, i = sks_packed_search (list, count, statement, &end);
    return i < end && sks_packed_number (list->postings[i]) == (statement & (SKS_PACKED_BLOCK - 1)) ? i : SKS_NONE;
}

#endif
