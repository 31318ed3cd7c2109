/* score.h - the best of a match set.
 *
 * Each ranked word adds its share to the scores of a window of statements (windows.h), and those that could be among the
 * best are examined.
 * If the set is small compared with the posting lists, its members are looked up one by one instead. Ties go to the
 * lower statement, which has the lower id. */
#ifndef SKS_SCORE_H
#define SKS_SCORE_H

#include "filter.h"
#include "scored.h"
#include "scorer.h"

/* Prepare to score by these words; borrows them. */
void sks_scorer_make (sks_scorer *out, const sks_matching *m, const sks_ranked_word *words, size_t count, bool reverse);

/* Raise the scores of the statements that contain every word of a relaxed query, a small set. Its list is borrowed. */
int sks_scorer_boost_full (sks_scorer *scorer, const sks_set *full, sks_error *err);

/* Raise the scores of all statements of these occupations. Borrows their list. */
void sks_scorer_boost_named (sks_scorer *scorer, const sks_named *named);

/* The minimum gain of a statement found only by near words; 0 for others. */
float sks_scorer_brought (const sks_scorer *scorer, uint32_t statement);

/* The best `want` members of the set that pass the filters, best first; in the exactly reversed order, including
 * ties, if scorer->reverse. With scorer->collapse, only the first scorer->collapse of each occupation in that
 * order compete. The result is useless when the budget is cut.
 *   out     space for want entries; *found is their number. */
int sks_scorer_best (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want, sks_scored *out,
                     size_t *found, sks_error *err);

/* The same statements in no order, which costs less; not for scorer->reverse. */
int sks_scorer_choose (const sks_scorer *scorer, const sks_set *set, const sks_fails *fails, size_t want,
                       sks_scored *out, size_t *found, sks_error *err);

/* The score of one statement as the sum of its shares. shares may be NULL; else it has space for 4 times the number
 * of words plus two; *share_count is the number of shares that are not zero. */
double sks_scorer_explain (const sks_scorer *scorer, uint32_t statement, sks_share *shares, size_t *share_count);

#endif
