/* scored.h - statements with their scores, and their order. */
#ifndef SKS_SCORED_H
#define SKS_SCORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct sks_scored {
    float score;
    uint32_t statement;
    float feedback; /* part of the score; feedback.h */
    bool near;      /* the gain from near words was added, even if it is 0; nearness.h */
    uint16_t place; /* among the statements whose stems were read; stems.h */
} sks_scored;

/* Sort best first, ties by lower statement. */
void sks_scored_sort (sks_scored *list, size_t count);

/* Sort the best `wanted` of a list that is nearly sorted; the others follow in any order. */
void sks_scored_sort_first (sks_scored *list, size_t count, size_t wanted);

/* Move the best `wanted` of at most SKS_RANK_NEAR_DEPTH to the front; neither these nor the others are sorted. */
void sks_scored_select (sks_scored *list, size_t count, size_t wanted);

/* A score and a statement as one number, the greater the better, so that one comparison orders both. */
static inline uint64_t
sks_scored_rank (float score, uint32_t statement)
{
    uint32_t bits;
    score += 0.0f; /* -0 is 0 */
    memcpy (&bits, &score, sizeof bits);
    bits ^= bits & 0x80000000u ? 0xFFFFFFFFu : 0x80000000u;
    return (uint64_t) bits << 32 | (uint32_t) ~statement;
}

static inline sks_scored
sks_scored_of (uint64_t rank)
{
    uint32_t bits = (uint32_t) (rank >> 32);
    sks_scored item = { .statement = ~(uint32_t) rank };
    bits ^= bits & 0x80000000u ? 0x80000000u : 0xFFFFFFFFu;
    memcpy (&item.score, &bits, sizeof bits);
    return item;
}

/* Move the `wanted` greatest of distinct ranks to the front, in any order. */
void sks_scored_select_ranks (uint64_t *ranks, size_t count, size_t wanted);

/* The lowest of some ranks; count is not 0. */
uint64_t sks_scored_least_rank (const uint64_t *ranks, size_t count);

#endif
