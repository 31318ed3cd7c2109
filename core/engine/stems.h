/* stems.h - reads the stems of statements for the steps that rank the best of a match set again: near words, feedback.
 *
 * The stems of a statement are those of its words in their order, without stop words and joined forms of compounds; at
 * most SKS_RANK_LENGTHS, as later words weigh next to nothing. */
#ifndef SKS_STEMS_H
#define SKS_STEMS_H

#include "matching.h"
#include "scored.h"

typedef struct sks_stems {
    uint32_t *stems;  /* of all statements, one after the other, each with all of its stems */
    uint32_t *starts; /* by place: where a statement's stems start; one more than there are statements */
    uint32_t *entries, *entry_starts; /* the same for all its entries of the dictionary */
} sks_stems;

/* The stems of the statement at this place. */
static inline const uint32_t *
sks_stems_of (const sks_stems *stems, uint16_t place, uint32_t *count)
{
    uint32_t start = stems->starts[place], all = stems->starts[place + 1] - start;
    *count = all < SKS_RANK_LENGTHS ? all : SKS_RANK_LENGTHS;
    return stems->stems + start;
}

/* Read the stems of these statements; sets their places. Memory comes from the matching's arena. Returns 0 or
 * SKS_ENOMEM. */
int sks_stems_read (sks_stems *out, const sks_matching *m, sks_scored *list, size_t count);

#endif
