/* best.h - the few best of many candidates, in order. */
#ifndef SKS_BEST_H
#define SKS_BEST_H

#include "skillsearch.h"

#include <stdbool.h>

/* What may be meant, with what orders it: what follows the words before in the
 * most statements first, then what the most statements hold, then what begins as
 * the text does, then the lower number. */
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
