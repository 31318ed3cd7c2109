/* context.h - what an occupation adds to the score of its statements. */
#ifndef SKS_CONTEXT_H
#define SKS_CONTEXT_H

#include "scorer.h"

/* By occupation; NULL when out of memory. Here and in sks_context_of, sums are made in the order of the words, groups
 * last, so that they are equal to the last bit. */
const float *sks_context_make (const sks_scorer *scorer);

/* The same for `count` occupations, at most SKS_CONTEXT_MOST. */
#define SKS_CONTEXT_MOST 64
void sks_context_of (const sks_scorer *scorer, const uint32_t *occupations, uint32_t count, float *out);

#endif
