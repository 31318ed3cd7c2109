/* worth.h - what a posting of a ranked word adds to the score of its statement. */
#ifndef SKS_WORTH_H
#define SKS_WORTH_H

#include "scorer.h"

/* The data of a ranked word. The ranks of forms follow no pattern, so their worth is read from a table instead of
 * chosen by a branch. */
typedef struct sks_worth {
    const float (*weight)[SKS_RANK_LENGTHS];
    const uint8_t *lengths;
    const uint16_t *wdf;
    const uint32_t *statements;
    uint32_t count;
    const float *worth_of; /* by rank */
    const uint8_t *kin;
    const float *flat;
} sks_worth;

static inline sks_worth
sks_worth_of (const sks_scorer *scorer, size_t w)
{
    const sks_ranked_word *word = &scorer->words[w];
    const sks_postings *p = word->postings;
    return (sks_worth) { .weight = scorer->rank->weight,
                         .lengths = scorer->store->lengths,
                         .wdf = p->wdf,
                         .statements = p->statements,
                         .count = p->count,
                         .worth_of = word->worth_of,
                         .kin = word->kin,
                         .flat = word->flat };
}

static inline float
sks_worth_share (const sks_worth *word, size_t i)
{
    uint32_t wdf = word->wdf[i];
    return word->weight[sks_posting_code (wdf)][word->lengths[word->statements[i]]] *
           word->worth_of[sks_posting_rank (wdf)];
}

/* The same for the only word of a query, which has `flat`. */
static inline float
sks_worth_share_alone (const sks_worth *word, size_t i)
{
    return word->flat[word->kin[sks_posting_rank (word->wdf[i])]] + sks_worth_share (word, i);
}

#endif
