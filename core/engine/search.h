/* search.h - answers searches, in steps that other operations share. It does not use sockets: tests, benchmarks and
 * relevance runs link this folder without the daemon. */
#ifndef SKS_SEARCH_H
#define SKS_SEARCH_H

#include "facets.h"
#include "named.h"
#include "score.h"
#include "searcher.h"

/* Answer a query.
 *   *out   caller owns it; free with sks_result_destroy. NULL on failure. Its codes and titles are borrowed from
 *          the generation: valid while that is open.
 * Returns 0, SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX (err->at is the byte in the
 * query's text), SKS_ELIMIT, SKS_EBADREQUEST (an invalid filter value),
 * SKS_EINDEX or SKS_ENOMEM. */
int sks_searcher_search (sks_searcher *searcher, const sks_query *query, sks_result **out, sks_error *err);

/* The state of a search. Start with m, query and result; the steps below fill the rest, in this order. */
typedef struct sks_search {
    sks_matching m;
    const sks_query *query;
    sks_query_tree tree;
    int amount;
    sks_set all;            /* statements with every word */
    sks_set set;            /* statements that match */
    const uint32_t *counts; /* of what matches, by cell, where the set has only some of it; else NULL */
    sks_ranked_word *words; /* used for ranking; NULL: not determined yet */
    size_t word_count;
    struct sks_nearness *nearness; /* NULL: no statement has a near word */
    const uint32_t *brought;       /* statements found only by near words; ascending */
    const float *brought_gains;
    size_t brought_count;
    sks_named named; /* occupations whose statements match by their title */
    sks_fails fails;
    sks_scorer scorer;
    sks_result *result;
    /* In place of sks_search_match and a count, for a query that may be suggested; NULL: not used. Of the sets of
     * `trial` and of search->all, it sets the numbers of members. *count: how many of trial->set pass the filters of
     * `search` */
    int (*try_query) (struct sks_search *search, struct sks_search *trial, uint64_t *count);
    /* In place of matching a word to count its statements; NULL: not used. */
    int (*count_node) (struct sks_search *search, sks_node *node, uint64_t *count);
} sks_search;

/* In SKS_MATCH_AUTO, if fewer statements than this contain all words, those with a share of the query's weight match
 * too: 15 % if near words are used, else a quarter. */
#define SKS_ENOUGH_MATCHES 10

/* Check the numbers of a query. */
int sks_search_check (const sks_query *query, sks_error *err);

/* Read the query's text and find its leaves; the first step of sks_search_match. */
int sks_search_read (sks_search *search);

/* Find the occupations that the query names, with a note. */
int sks_search_name (sks_search *search);

/* Read the query's text and find what matches. Needs no result. */
int sks_search_match (sks_search *search);

/* Filters, total and facets. */
int sks_search_count (sks_search *search);

/* Prepare to score. */
int sks_search_rank (sks_search *search);

/* Prepare to score, and choose the page's statements by relevance or in the order of the query. *page comes from the
 * arena of the matching. */
int sks_search_choose (sks_search *search, sks_scored **page, size_t *found);

/* Suggest a correction, or another query if nothing matches; search->set needs only its number of members. */
int sks_search_suggest (sks_search *search);

/* Make hits of these statements. */
int sks_search_fill (sks_search *search, const sks_scored *page, size_t found);

/* Describe how the query was read. */
int sks_search_describe (sks_search *search);

/* Make hits of these statements, and describe how the query was read: both of the above. */
int sks_search_show (sks_search *search, const sks_scored *page, size_t found);

/* Store the time since `start` in the result and return it, or free it after a failure. Returns code, or the failure
 * of the budget. */
int sks_search_finish (const sks_matching *m, sks_result *result, int code, uint64_t start, sks_result **out);

#endif
