/* nearness.h - raises the scores of the best matches by near words.
 *
 * Near words change the order, not the matches: sets, totals and facets stay the same. The
 * best SKS_RANK_NEAR_DEPTH statements by the query's own words gain, for each plain
 * word of the query,
 *
 *     lam * q * max (0, max over near words (n * min (idf, idf of the word) * w) - idf * w of the word itself)
 *
 * with n the weight in the table (thesaurus.h) and q, idf and w as in rank.h. So only the best near word counts,
 * not a sum, and a statement that contains the word itself gains nothing from a weaker near word. lam is 1 for
 * learned near words, and for all others
 *
 *     min (MOST, LEAST + SLOPE * (1 - c) ^ 2)
 *
 * where c is the share of the query's weight in the statement that covers most of it: if statements have the words of
 * the query, near words count little. Gains
 * are never negative, so these statements stay before all others.
 *
 * The words of an entry with a particle ("look after") count SKS_RANK_NEAR_PART of their usual worth, also before
 * the best are chosen; a statement that has them side by side gains the difference.
 *
 * Only words of a bag (query.h) have near words. Words that a bag leaves out count only inside an entry of several
 * words. */
#ifndef SKS_ENGINE_NEARNESS_H
#define SKS_ENGINE_NEARNESS_H

#include "near_terms.h"
#include "score.h"
#include "stems.h"

/* Add the gains by near words to the best statements, at most SKS_RANK_NEAR_DEPTH in any order, and sort the first
 * `wanted` of them; the others follow in any order. Their stems are read already. Statements found only by near words
 * gain no less than sks_scorer_brought. */
int sks_nearness_apply (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, sks_scored *best,
                        size_t count, size_t wanted);

/* Add the gain of one statement, as in sks_nearness_apply, to *score. shares may be NULL; else it has space for 2 *
 * SKS_MAX_QUERY_WORDS + 2 more, whose texts come from the arena, and *count grows. Records which near words were
 * used. */
int sks_nearness_explain (const sks_scorer *scorer, sks_scored scored, sks_arena *arena, sks_share *shares,
                          size_t *count, double *score, sks_error *err);

/* Call mark for each near word in m->words, the words of a statement. */
void sks_nearness_spans (const sks_nearness *nearness, const sks_matching *m, sks_mark *mark, void *context);

/* List the near words that sks_nearness_explain recorded as used, and those of words that occur nowhere, in the
 * order of the query's words; if `all`, list all that apply. *out and its texts come from the arena. */
int sks_nearness_list (const sks_nearness *nearness, bool all, sks_arena *arena, const sks_near **out, size_t *count,
                       sks_error *err);

#endif
