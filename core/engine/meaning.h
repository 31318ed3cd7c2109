/* meaning.h - finds statements that contain enough of a query's words or of their near words.
 *
 * For each word of the query a statement gets the idf of that word if it contains it, else n * min (idf, idf of the
 * word) of the best near word that it contains (n: the weight in the table). The statement is in the set if the sum
 * is at least SKS_RANK_MEANING_SHARE of the idf of all words. A word does not count if no statement contains it or
 * a near word of it. */
#ifndef SKS_MEANING_H
#define SKS_MEANING_H

#include "matching.h"
#include "nearness.h"

typedef struct sks_meaning {
    sks_set set;
    const float *brought; /* by statement: the part of the sum that near words add to the query's own */
} sks_meaning;

/* All memory comes from the matching's arena. nearness comes from sks_near_terms_make. */
int sks_meaning_find (sks_meaning *out, const sks_nearness *nearness, sks_matching *m);

/* How many members of a set contain a word of the query, or all words of an entry of several words: statements with
 * "look" alone do not answer "look after".
 *   plain   the bag of the query's plain words; its leaves were found */
int sks_meaning_count (const sks_nearness *nearness, sks_matching *m, const sks_node *plain, const sks_set *set,
                       uint32_t *out);

#endif
