/* partners.h - for each of many statements, the ones most similar to it.
 *
 * Comparing all with all takes a minute for two lists of 10,000. Here a statement
 * is compared with those that share a word with it, the rarest words first, and
 * with no more than SKS_PARTNER_CANDIDATES: so the work grows linearly with the number of statements. Up to that many
 * candidates the result is exact; beyond that, pairs that share only very common words may be missed. */
#ifndef SKS_PARTNERS_H
#define SKS_PARTNERS_H

#include "core/base/error.h"

#define SKS_PARTNER_CANDIDATES 256 /* compared with one statement */
#define SKS_PARTNERS_KEPT 16       /* of one statement, the most alike */

/* A statement as a set of words (overlap.h). */
typedef struct sks_word_set {
    const uint32_t *words;
    size_t count;
} sks_word_set;

typedef struct sks_partner_pair {
    uint32_t left, right;
    unsigned likeness;
} sks_partner_pair;

/* Find the pairs of left and right whose likeness is at least `likeness`.
 *   *pairs        the most similar first, equal ones by left, then right. Caller owns
 *                 it; free with free. NULL on failure.
 *   *comparisons  increased by the number of compared pairs.
 * Returns 0 or SKS_ENOMEM. */
int sks_partners_find (sks_partner_pair **pairs, size_t *pair_count, const sks_word_set *left, size_t lefts,
                       const sks_word_set *right, size_t rights, unsigned likeness, size_t *comparisons,
                       sks_error *err);

#endif
