/* feedback.h - orders the best statements again by what they have in common.
 *
 * Statements about the same task use the same words, including words that are not in the query. The best few
 * statements are models; their influence decays exponentially with the distance of their score from the best. Their
 * words form a weighted list, early words with more weight, and each of the best hundred gains by the listed words
 * that it contains (relevance model 3 of Abdul-Jaleel et al., TREC 2004, as a second pass over a fixed depth).
 * Statements below that depth keep their place, and no score decreases, so pages stay consistent. */
#ifndef SKS_FEEDBACK_H
#define SKS_FEEDBACK_H

#include "score.h"
#include "stems.h"

/* Add feedback to the best `count` of a match set (all of it, or
 * SKS_RANK_FEEDBACK_DEPTH), given best first, and sort the first `wanted` of them again; the others follow in any
 * order. Their stems were read. */
int sks_feedback_apply (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, sks_scored *best,
                        size_t count, size_t wanted);

#endif
