/* nearness.h - how near words raise the best of a match set.
 *
 * Near words change the order, not the matches: sets, totals and facets stay the same. The
 * best SKS_RANK_NEAR_DEPTH statements by the query's own words gain, for each plain
 * word of the query,
 *
 *     lam * q * max (0, max over near words (n * min (idf, idf of the word) * w) - idf * w of the word itself)
 *
 * with n the weight in the table (thesaurus.h) and q, idf and w as in rank.h. So the
 * best near word counts, never a sum, and a statement that holds the word itself gains
 * nothing by a weaker one. lam is 1 for what was learned, and for all other near words
 *
 *     min (MOST, LEAST + SLOPE * (1 - c) ^ 2)
 *
 * where c is the share of the query's weight in the statement that covers most of it: if statements have the words of
 * the query, near words count little. Gains
 * are never negative, so these statements stay before all others.
 *
 * Only the words of a bag (query.h) have near words, and those that a bag leaves out
 * where they stand in an entry of several words. */
#ifndef SKS_ENGINE_NEARNESS_H
#define SKS_ENGINE_NEARNESS_H

#include "score.h"

typedef struct sks_nearness sks_nearness;

/* Prepare the near words of a query. *out is NULL if no statement has one of them;
 * else it comes from the matching's arena. */
int sks_nearness_make (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, const sks_ranked_word *ranked,
                       size_t count);

/* Whether a plain word of the query is none that ranks: then near words may be what it is read as,
 * whether anything is found or not. */
bool sks_nearness_may_replace (const sks_query_tree *tree, const sks_ranked_word *ranked, size_t count);

/* Add what near words say to the best statements, at most SKS_RANK_NEAR_DEPTH, and order
 * them by it. What is there by near words alone gains no less than sks_scorer_brought. */
int sks_nearness_apply (const sks_scorer *scorer, sks_matching *m, sks_scored *best, size_t count);

/* Add what one statement gains, as sks_nearness_apply did, to *score. shares may be
 * NULL, else has room for 2 * SKS_MAX_QUERY_WORDS + 1 more, whose texts come from the
 * arena; *count grows. Records which near words were used. */
int sks_nearness_explain (const sks_scorer *scorer, sks_scored scored, sks_arena *arena, sks_share *shares,
                          size_t *count, double *score, sks_error *err);

/* Where near words stand in m->words, which are those of a statement. */
void sks_nearness_spans (const sks_nearness *nearness, const sks_matching *m, sks_mark *mark, void *context);

/* The near words that sks_nearness_explain found of use and those of words that occur nowhere, by
 * the words of the query; all that apply where `all`. *out and its texts come from the arena. */
int sks_nearness_list (const sks_nearness *nearness, bool all, sks_arena *arena, const sks_near **out, size_t *count,
                       sks_error *err);

#endif
