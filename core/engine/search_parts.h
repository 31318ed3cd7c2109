/* search_parts.h - what the engine's other operations may see of a searcher. */
#ifndef SKS_SEARCH_PARTS_H
#define SKS_SEARCH_PARTS_H

#include "match.h"
#include "score.h"
#include "search.h"

/* The searcher's tools for one call. What the calls before it left in the
 * scratch arena is forgotten; failures go to err. */
sks_matching sks_searcher_matching (sks_searcher *searcher, sks_error *err);

/* A query on its way to a result. Start with m, query and result; the steps
 * below fill the rest, in this order. */
typedef struct sks_answer {
    sks_matching m;
    const sks_query *query;
    sks_tree tree;
    int amount;
    sks_set all;     /* what holds every word */
    sks_set set;     /* what matches */
    sks_named named; /* occupations whose statements match by their title */
    sks_fails fails;
    sks_scorer scorer;
    sks_result *result;
} sks_answer;

/* Read the query's text and find what matches. Needs no result. */
int sks_answer_match (sks_answer *answer);

/* Filters, total and facets. */
int sks_answer_count (sks_answer *answer);

/* Prepare to score. */
int sks_answer_rank (sks_answer *answer);

/* Make hits of these statements, and tell how the query was read. */
int sks_answer_show (sks_answer *answer, const sks_scored *page, size_t found);

/* Give the result out with the time since `start`, or free it after a failure.
 * Returns code, or what cut the budget. */
int sks_answer_finish (const sks_matching *m, sks_result *result, int code, uint64_t start, sks_result **out);

#endif
