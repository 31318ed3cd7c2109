/* overlap.h - the similarity of two statements, in per cent of shared words.
 *
 * A statement is the set of its words: folded forms, stop words too, each once,
 * as ascending numbers. Likeness is twice the number of shared words, divided by the sum of both sizes (Dice): 100
 * for the same words in any order, 0 for no common word. Counting sets keeps it symmetric and cheap; order and
 * repetition do not matter. */
#ifndef SKS_OVERLAP_H
#define SKS_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From this likeness on, a removed and an added statement count as one reworded statement: half of the words of both
 * are shared. */
#define SKS_OVERLAP_REWORDED 50

/* From this likeness on, two statements of one framework give a warning: of ten words each, at most one differs. */
#define SKS_OVERLAP_NEAR_DUPLICATE 90

/* Sort words and drop duplicates; returns how many are left. */
size_t sks_overlap_prepare (uint32_t *words, size_t count);

/* Likeness of two prepared sets, 0..100, rounded down. The likeness of two empty sets is 100. */
unsigned sks_overlap (const uint32_t *left, size_t left_count, const uint32_t *right, size_t right_count);

/* How many words may be in only one of two sets with this total size if they are to reach a likeness. */
static inline size_t
sks_overlap_slack (size_t words, unsigned likeness)
{
    return words * (100 - likeness) / 100;
}

/* A 64-bit mark of a set, for a cheap comparison first: sets that differ in n words have marks that differ in at most
 * n bits. */
uint64_t sks_overlap_mark (const uint32_t *words, size_t count);

/* Whether two marks differ in at most `most` bits. */
static inline bool
sks_overlap_possible (uint64_t left, uint64_t right, size_t max)
{
    uint64_t differing = left ^ right;
    /* Few bits are allowed, most pairs have many: clearing bit by bit ends soon. */
    for (; differing && max; max--)
        differing &= differing - 1;
    return differing == 0;
}

#endif
