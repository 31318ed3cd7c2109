/* contexts.h - the scores of a stem for occupations, in few bytes.
 *
 * A score depends on two small numbers: how often the stem occurs in an occupation, and how many words that has. So a
 * stem has few different scores. They are in a table, and each occupation has a code of one or two bytes, so that a
 * score is equal to the computed one to the last bit. Of the numbers of occupations, the lower 16 bits are stored; the
 * upper ones follow from the slot (slots.h). */
#ifndef SKS_CONTEXTS_H
#define SKS_CONTEXTS_H

#include "core/base/arena.h"
#include "lanes.h"
#include "snapshot.h"

typedef struct sks_contexts {
    uint32_t count;              /* occupations that have a score */
    uint32_t rows;               /* of the table of codes */
    bool all;                    /* there is a score for every occupation, by its number, and none of the following */
    uint8_t width;               /* bytes of a code; SKS_CONTEXTS_PLAIN: there are scores in place of codes */
    uint8_t shift;               /* of the slots, at most SKS_CONTEXTS_BITS */
    const float *scores;         /* by code, from 1 on; or by index */
    const uint32_t *starts;      /* by slot: the first index */
    const uint16_t *occupations; /* by index: the lower bits of the number */
    const void *codes;           /* by index */
} sks_contexts;

#define SKS_CONTEXTS_PLAIN sizeof (float)

/* Bits of a number that are stored. */
#define SKS_CONTEXTS_BITS 16

/* An occupation that has the stem, and how often. */
typedef struct sks_context_count {
    uint32_t occupation, count;
} sks_context_count;

/* The maximum size in bytes for `most` occupations of the store. */
size_t sks_contexts_bytes (const sks_store *store, uint32_t most);

/* Write the scores of a stem at `start`, which has sks_contexts_bytes and the alignment of a number of 4 bytes. The
 * counts ascend by occupation. False when out of memory. */
bool sks_contexts_make (sks_contexts *out, void *start, const sks_snapshot *snapshot, const sks_context_count *counts,
                        uint32_t count, sks_arena *scratch);

/* Set the pointers for bytes at `start`, to which they were moved; returns their number. */
size_t sks_contexts_place (sks_contexts *contexts, const sks_store *store, const void *start);

/* Numbers that are compared at once. */
#define SKS_CONTEXTS_BLOCK 16
typedef uint16_t sks_contexts_block __attribute__ ((vector_size (2 * SKS_CONTEXTS_BLOCK)));
typedef int8_t sks_contexts_found __attribute__ ((vector_size (SKS_CONTEXTS_BLOCK)));
typedef uint64_t sks_contexts_halves __attribute__ ((vector_size (SKS_CONTEXTS_BLOCK)));

/* Which of a block of numbers are the wanted one, one bit each. */
static inline __attribute__ ((always_inline)) uint32_t
sks_contexts_equal (const uint16_t *numbers, uint16_t wanted)
{
    sks_contexts_block block;
    memcpy (&block, numbers, sizeof block);
    sks_contexts_halves halves = (sks_contexts_halves) __builtin_convertvector(block == wanted, sks_contexts_found);
    return sks_lanes_bits (halves[0]) | sks_lanes_bits (halves[1]) << 8;
}

/* The score at an index, if codes have this width. */
static inline __attribute__ ((always_inline)) float
sks_contexts_score (const sks_contexts *c, unsigned width, uint32_t i)
{
    if (width == 1)
        return c->scores[((const uint8_t *) c->codes)[i]];
    return c->scores[width == 2 ? ((const uint16_t *) c->codes)[i] : i];
}

/* The score of an occupation. */
static inline float
sks_contexts_of (const sks_contexts *c, uint32_t occupation)
{
    if (c->all)
        return c->scores[occupation];
    const uint32_t *slot = c->starts + (occupation >> c->shift);
    uint32_t i = slot[0], end = slot[1];
    uint16_t number = (uint16_t) occupation;
    while (end - i > SKS_CONTEXTS_BLOCK && c->occupations[i + SKS_CONTEXTS_BLOCK - 1] < number)
        i += SKS_CONTEXTS_BLOCK;
    uint32_t left = end - i < SKS_CONTEXTS_BLOCK ? end - i : SKS_CONTEXTS_BLOCK;
    uint32_t found = sks_contexts_equal (c->occupations + i, number) & ((UINT32_C (1) << left) - 1);
    return found ? sks_contexts_score (c, c->width, i + (uint32_t) __builtin_ctz (found)) : 0;
}

/* Add the scores to an array by occupation. */
void sks_contexts_add (const sks_contexts *contexts, const sks_store *store, float *to);

#endif
