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
} sks_scored;

/* Sort best first, ties by lower statement. */
void sks_scored_sort (sks_scored *list, size_t count);

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
    sks_scored item = { 0, ~(uint32_t) rank, 0, false };
    bits ^= bits & 0x80000000u ? 0x80000000u : 0xFFFFFFFFu;
    memcpy (&item.score, &bits, sizeof bits);
    return item;
}

#endif
