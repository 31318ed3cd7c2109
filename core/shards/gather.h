/* gather.h - answers searches over the shards of an index, as search.h does over an index without shards.
 *
 * One thread's access: its own connections, its own scratch memory. The shards find what matches, count it by cell, and
 * send the best 1,000 by their words, or for later pages the next 1,000; these are ranked here as an index without
 * shards ranks them. A search takes one to four exchanges. Near words are not used. */
#ifndef SKS_GATHER_H
#define SKS_GATHER_H

#include "core/engine/search.h"
#include "shard_state.h"

typedef struct sks_gather sks_gather;

typedef struct sks_gather_options {
    unsigned timeout_ms, connect_ms; /* of servers: to answer, to connect */
    sks_shard_states *states;        /* of all threads, borrowed; NULL: this one has its own */
    bool later;                      /* do not connect before the first request */
} sks_gather_options;

/* Open the shards that the file `shards` of the generation's folder lists, and check that each is of its set.
 *   *out   caller owns it; free with sks_gather_close. It takes a reference to the generation. NULL on failure.
 * Returns 0, SKS_EUNAVAILABLE (the text names the shard), SKS_EINDEX, SKS_EIO or SKS_ENOMEM. */
int sks_gather_open (sks_gather **out, sks_generation *generation, const sks_gather_options *options, sks_error *err);
void sks_gather_close (sks_gather **gather_p);

/* Connect all shards. Returns 0 or a failure, as sks_gather_open. */
int sks_gather_check (sks_gather *gather, sks_error *err);

/* Exchange a message with each shard, so that its server keeps an idle connection. A lost connection is closed; the
 * next request opens it again. The first server that does not answer in time ends the round: a request may be
 * waiting. */
void sks_gather_keep_alive (sks_gather *gather);

/* The searcher whose generation, dictionary and budget are used. Borrowed: valid until the gather is closed. */
sks_searcher *sks_gather_searcher (sks_gather *gather);

/* Answer a query; ownership and failures as for sks_searcher_search, and SKS_EUNAVAILABLE. With query->partial, shards
 * that do not answer are left out while at least one answers, and the result says how many did. Also fails with
 * SKS_EUNSUPPORTED for what ask.h says, SKS_MATCH_MEANING, and the reversed order of relevance. */
int sks_gather_search (sks_gather *gather, const sks_query *query, sks_result **out, sks_error *err);

/* A page of all matches, as sks_searcher_scan. */
int sks_gather_scan (sks_gather *gather, const sks_query *query, const char *cursor, sks_result **out, sks_error *err);

/* As sks_searcher_similar, by words only. Its result has no reading, and matched_all is 0. */
int sks_gather_similar (sks_gather *gather, const char *id, unsigned exclude, const sks_query *options,
                        sks_result **out, sks_error *err);

/* As sks_searcher_analyze; near words are not listed. */
int sks_gather_analyze (sks_gather *gather, const char *text, int match, sks_arena *arena, sks_analysis *out,
                        sks_error *err);

/* Fetch what an operation of a searcher is about (core/engine/operations.h): the statements with these ids, or all of
 * these occupations. Unknown ones are not there.
 *   *out   a searcher whose statements these are, for sks_searcher_get, compare, crosswalk and occupation; with the
 *          budget of the gather's searcher as it is now. Borrowed: valid until the next call.
 * Returns 0, SKS_ELIMIT (over SKS_MAX_IDS ids) or as sks_gather_search. */
int sks_gather_statements (sks_gather *gather, const char *const *ids, size_t count, sks_searcher **out,
                           sks_error *err);
int sks_gather_occupations (sks_gather *gather, const char *const *codes, size_t count, sks_searcher **out,
                            sks_error *err);

#endif
