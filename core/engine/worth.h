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
    const uint8_t *kin;
    const float *worth, *flat;
} sks_worth;

static inline sks_worth
sks_worth_of (const sks_scorer *scorer, size_t w)
{
    const sks_ranked_word *word = &scorer->words[w];
    const sks_postings *p = word->postings;
    return (sks_worth) { scorer->rank->weight,
                         scorer->store->lengths,
                         p->wdf,
                         p->statements,
                         p->count,
                         word->kin,
                         word->worth,
                         word->flat };
}

static inline float
sks_worth_share (const sks_worth *word, uint32_t i)
{
    uint32_t wdf = word->wdf[i];
    return word->weight[sks_posting_code (wdf)][word->lengths[word->statements[i]]] *
           word->worth[word->kin[sks_posting_rank (wdf)]];
}

/* The worth that the form of the only word of a query adds, which then has `flat`. */
static inline float
sks_worth_flat (const sks_worth *word, uint32_t i)
{
    return word->flat[word->kin[sks_posting_rank (word->wdf[i])]];
}

#endif
