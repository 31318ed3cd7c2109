/* best.h - the best few of many candidates, in order. */
#ifndef SKS_BEST_H
#define SKS_BEST_H

#include "skillsearch.h"

#include <stdbool.h>

/* A completion and its sort keys: first the number of statements where it follows the preceding words, then the
 * number of statements that contain it, then whether it begins like the text, then the lower number. */
typedef struct sks_candidate {
    uint64_t follows;
    uint64_t count;
    bool begins;
    uint32_t number;
} sks_candidate;

typedef struct sks_best {
    sks_candidate items[SKS_MAX_SUGGESTIONS];
    size_t count, limit;
} sks_best;

/* Keep a candidate if it is among the best `limit`. */
void sks_best_offer (sks_best *best, sks_candidate candidate);

#endif
