/* rank.h - the formula: how much a word in a statement is worth.
 *
 * The score of a statement is, over the query's words,
 *
 *     q * (idf(stem) * w  +  FORM * idf(form) * w)    in the statement itself
 *   + FORM_ALONE * idf(form)                          if the word is the only one
 *   + OCCUPATION * BM25 of the occupation as one document
 *   + GROUP * log-odds of the word in the SOC major group
 *
 * with w the BM25 saturation of the position weight (core/index/posting.h), and q above 1 for words that tend to
 * begin statements (mostly verbs) and for the query's first word. The best hundred are then sorted again by what
 * they have in common (feedback.h). The constants were measured on 1,005 search texts with judgments of O*NET's
 * analysts; docs/ranking.md explains what each part is worth. */
#ifndef SKS_RANK_H
#define SKS_RANK_H

#include "core/index/posting.h"
#include "core/index/store.h"

#include <stdbool.h>

/* The saturation of BM25, SKS_RANK_K1 and SKS_RANK_B, is in core/index/posting.h. */
/* Weight of the exact form relative to its stem. */
#define SKS_RANK_FORM 0.35f
/* Added for the exact form of the only word of a query, wherever it occurs, and the share of that for an inflection
 * of the word. */
#define SKS_RANK_FORM_ALONE 2.5f
#define SKS_RANK_INFLECTED 0.35f
/* The gain of q, times the share of a stem's statements that begin with it. */
#define SKS_RANK_OPENING 0.9f
/* Each stem counts as if this many more of its statements did not begin with it: one statement alone does not prove a
 * word to be a verb. */
#define SKS_RANK_OPENING_PRIOR 1.5f
/* The gain of q if the word is the query's first one and begins at least one in SKS_RANK_FIRST_SHARE of its
 * statements; less if it begins fewer. */
#define SKS_RANK_FIRST 0.3f
#define SKS_RANK_FIRST_SHARE 8
/* Weight, saturation and length of the occupation as a document. */
#define SKS_RANK_OCCUPATION 0.4f
#define SKS_RANK_OCCUPATION_K1 0.3f
#define SKS_RANK_OCCUPATION_B 0.8f
/* Weight of the group's log-odds, and the words of the prior that smooths them. */
#define SKS_RANK_GROUP 1.17f
#define SKS_RANK_GROUP_PRIOR 100.0f

/* The gain of a statement that contains all words of a relaxed query (fewer than ten do): this share of the weight
 * of the query's words. */
#define SKS_RANK_FULL 0.5f

/* The gain of the statements of an occupation that the query names: this share of the weight of the query's words. */
#define SKS_RANK_NAMED 0.7f

/* Feedback: how many statements are sorted again, how many of them are models, how fast their influence decays with
 * the score, and the total weight. */
#define SKS_RANK_FEEDBACK_DEPTH 100
#define SKS_RANK_FEEDBACK_MODELS 30
#define SKS_RANK_FEEDBACK_SCALE 1.0f
#define SKS_RANK_FEEDBACK 2.0f
/* The total weight for a query of a single word: there the form is more significant. */
#define SKS_RANK_FEEDBACK_ALONE 0.6f

/* Near words (nearness.h): how many statements are sorted again; the minimum and maximum weight of near words, and
 * how fast it grows if statements lack words of the query; the weight of feedback after them. */
#define SKS_RANK_NEAR_DEPTH 300
#define SKS_RANK_NEAR_LEAST 0.3f
#define SKS_RANK_NEAR_SLOPE 4.0f
#define SKS_RANK_NEAR_MOST 2.0f
/* The share of its worth that a word keeps in an entry with a particle ("look after"). */
#define SKS_RANK_NEAR_PART 0.25f
/* The score of a cosine of 1 between the vectors of query and statement (semantics.h). */
#define SKS_RANK_COSINE 10.0f
/* The same if a sentence encoder is used too, and the score of a cosine of 1 between its vectors (sense.h). */
#define SKS_RANK_COSINE_BESIDE 8.0f
#define SKS_RANK_SENTENCE 12.0f
#define SKS_RANK_NEAR_FEEDBACK 1.0f

/* Statements found by meaning (meaning.h): the minimum share of the idf, and the part of it that counts when the
 * best are chosen. */
#define SKS_RANK_MEANING_SHARE 0.35f
#define SKS_RANK_MEANING 0.5f

#define SKS_RANK_LENGTHS 256

/* Values that depend only on the generation. */
typedef struct sks_rank {
    float weight[SKS_WEIGHT_CODES][SKS_RANK_LENGTHS]; /* w by code and length */
    float greatest;                                   /* of these */
    float position[SKS_RANK_LENGTHS];                 /* weight of the word at this index */
    float occupation_length;                          /* average */
    float length;                                     /* average number of words in a statement */
} sks_rank;

void sks_rank_prepare (sks_rank *rank, const sks_store *store);

/* q: the weight of a word in the query. opening is the share of its statements that begin with it. */
float sks_rank_query (float opening, bool first);

/* Inverse document frequency: ln (1 + (all - holding + .5) / (holding + .5)),
 * as in Robertson and Zaragoza, The Probabilistic Relevance Framework (2009),
 * with 1 added so that it is never negative. */
float sks_rank_idf (uint64_t all, uint64_t holding);

/* The score of a stem that occurs `count` times (weighted) in an occupation's document of `length` words, if
 * `holding` of all occupations have it. */
float sks_rank_occupation (const sks_rank *rank, const sks_store *store, uint32_t count, uint32_t length,
                           uint32_t holding);

/* The score of a stem that is `count` of the group's `words` words and `all` of the index's `all_words`. */
float sks_rank_group (uint64_t count, uint64_t words, uint64_t all, uint64_t all_words);

#endif
