/* meaning.h - statements that hold enough of a query's words or of their near words.
 *
 * A statement carries, for each word of the query, the idf of that word when it holds it,
 * else n * min (idf, idf of the word) of the best near word that it holds (n: the weight in
 * the table). It is in the set when that is at least SKS_RANK_MEANING_SHARE of the idf of
 * all words. Words that no statement holds, and that have no near word in any, do not
 * count. */
#ifndef SKS_MEANING_H
#define SKS_MEANING_H

#include "matching.h"
#include "nearness.h"

typedef struct sks_meaning {
    sks_set set;
    const float *brought; /* by statement: the part of it that near words carry; zero where there is no set */
} sks_meaning;

/* All comes from the matching's arena. The near words are as sks_nearness_make made them. */
int sks_meaning_find (sks_meaning *out, const sks_nearness *nearness, sks_matching *m);

#endif
