/* scorer.h - what the scores of a query depend on (score.h). */
#ifndef SKS_SCORER_H
#define SKS_SCORER_H

#include "named.h"
#include "rank.h"
#include "ranked.h"

typedef struct sks_scorer {
    const sks_snapshot *snapshot;
    const sks_store *store;
    const sks_rank *rank;
    const sks_ranked_word *words;
    size_t count;
    bool reverse; /* the worst are requested, worst first */
    sks_arena *arena;
    sks_budget *budget;
    uint32_t collapse;    /* how many to keep of each occupation; 0: all of them */
    const uint32_t *full; /* the few statements that contain all words and gain by it; ascending */
    size_t full_count;
    float gain;                    /* what each of them gains */
    sks_named named;               /* the occupations that the query names: their statements gain */
    float named_gain;              /* what each of these statements gains */
    struct sks_nearness *nearness; /* near words that are added to the best; NULL: none (nearness.h) */
    const uint32_t *brought;       /* the statements found only by near words; ascending */
    const float *brought_gains;    /* the minimum that each gains by near words */
    size_t brought_count;
} sks_scorer;

#endif
