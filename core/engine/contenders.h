/* contenders.h - the statements that may be among the best, found by coarse scores. */
#ifndef SKS_CONTENDERS_H
#define SKS_CONTENDERS_H

#include "filter.h"
#include "scorer.h"

/* Find the contenders: all of the best `wanted` members of a set of bits that pass the filters, and few more, in no
 * order.
 *   contexts   by occupation
 *   out_p      in the arena of the scorer; NULL if there are too many: their scores are equal or nearly so, and scoring
 *              all members is faster than looking the contenders up
 * Returns 0 or SKS_ENOMEM. If the budget is spent, some may be missing. */
int sks_contenders_find (const sks_scorer *scorer, const float *contexts, const sks_set *set, const sks_fails *fails,
                         size_t wanted, uint32_t **out_p, uint32_t *count_p, sks_error *err);

#endif
