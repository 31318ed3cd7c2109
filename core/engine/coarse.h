/* coarse.h - scores as numbers of 16 bits, which have nearly the order of the exact ones.
 *
 * A coarse score is a sum of parts: the context of the occupation, the share of each word, and gains. Each part is
 * multiplied by a scale and rounded down, so a sum is too low by less than the number of parts. Floats have 24 bits, of
 * which a coarse score has 16: their rounding errors, here and in the exact score, are below 1/32 of a unit per part. */
#ifndef SKS_COARSE_H
#define SKS_COARSE_H

#include "scorer.h"

typedef struct sks_coarse {
    float scale;
    uint16_t *contexts; /* by occupation; from 1 on, so that 0 is below every score */
    uint32_t margin;    /* if coarse scores differ by more, exact ones have the same order */
} sks_coarse;

/* Choose the scale for a query whose contexts these are, and convert them. Returns 0 or SKS_ENOMEM. */
int sks_coarse_make (sks_coarse *out, const sks_scorer *scorer, const float *contexts, sks_error *err);

#endif
