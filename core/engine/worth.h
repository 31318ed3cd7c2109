/* worth.h - what a posting of a ranked word adds to the score of its statement. */
#ifndef SKS_WORTH_H
#define SKS_WORTH_H

#include "scorer.h"

/* The data of a ranked word. The ranks of forms follow no pattern, so their worth is read from a table instead of
 * chosen by a branch. */
typedef struct sks_worth {
    const float (*weight)[SKS_RANK_LENGTHS];
    const uint8_t *lengths;
    const uint32_t *postings;
    const sks_posting_kind *kinds; /* NULL: the load is the wdf */
    const float *worth_of;         /* by rank */
    const uint8_t *kin;
    const float *flat; /* of the only word of a query; else NULL */
} sks_worth;

static inline sks_worth
sks_worth_of (const sks_scorer *scorer, size_t w)
{
    const sks_ranked_word *word = &scorer->words[w];
    const sks_postings *p = word->postings;
    return (sks_worth) { .weight = scorer->rank->weight,
                         .lengths = scorer->store->lengths,
                         .postings = p->packed.postings,
                         .kinds = p->kind_count ? p->kinds : NULL,
                         .worth_of = word->worth_of,
                         .kin = word->kin,
                         .flat = word->flat };
}

/* What a kind of posting adds if the query has several words. */
static inline float
sks_worth_share (const sks_worth *word, sks_posting_kind kind)
{
    uint32_t wdf = kind >> 8;
    return word->weight[sks_posting_code (wdf)][kind & UINT8_MAX] * word->worth_of[sks_posting_rank (wdf)];
}

/* The same for the only word of a query. */
static inline float
sks_worth_share_alone (const sks_worth *word, sks_posting_kind kind)
{
    return word->flat[word->kin[sks_posting_rank (kind >> 8)]] + sks_worth_share (word, kind);
}

/* The kind of a posting, which is that of a statement. */
static inline sks_posting_kind
sks_worth_kind (const sks_worth *word, uint32_t i, uint32_t statement)
{
    uint32_t load = sks_packed_load (word->postings[i]);
    return word->kinds ? word->kinds[load] : sks_posting_kind_of (load, word->lengths[statement]);
}

#endif
