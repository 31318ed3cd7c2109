/* feedback.h - the best statements, ordered once more by what they share.
 *
 * Statements that answer the same need use the same words, also words that the
 * query does not have. The best few are taken as models, each with a say that
 * falls exponentially with its distance in score from the first; their words,
 * early ones more, are a weighted list, and each of the best hundred gains by
 * the words of it that it holds (relevance model 3 of Abdul-Jaleel et al., TREC
 * 2004, as a second pass over a fixed depth). Below that depth nothing changes,
 * and since no one loses, the order stays one order on every page. */
#ifndef SKS_FEEDBACK_H
#define SKS_FEEDBACK_H

#include "score.h"

/* Add feedback to the best `count` of a match set (all of it, or
 * SKS_RANK_FEEDBACK_DEPTH), given best first, and order them again. */
int sks_feedback_apply (const sks_scorer *scorer, sks_matching *m, sks_scored *best, size_t count);

#endif
