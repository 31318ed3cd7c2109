/* gather_step.h - the steps of an operation over shards; gather.h has the operations. */
#ifndef SKS_GATHER_STEP_H
#define SKS_GATHER_STEP_H

#include "ask.h"
#include "cell_page.h"
#include "count_cache.h"
#include "core/engine/searcher.h"
#include "shard_list.h"
#include "shard_state.h"
#include "window.h"

/* The statements that are fetched to be ranked. Those that are best by their words are the first part, which has the
 * first pages; then come the next ones, ranked among themselves, and so on: so each is on one page. */
#define SKS_GATHER_DEPTH 1000

/* What a gather has. */
typedef struct sks_gather {
    sks_searcher *searcher;
    sks_shards *shards;
    sks_shard_states *states, own;    /* states: of all threads, or its own */
    uint64_t given_up;                /* shards that did not answer the current request, one bit each */
    uint64_t lost;                    /* shards whose connection was lost in it */
    bool connected;                   /* the shards that it needs were connected */
    sks_error causes[SKS_MAX_SHARDS]; /* why each was not connected when it was last tried */
    sks_asker ask;
    sks_window *window;
    sks_searcher *part; /* on the window */
    uint32_t *cells;    /* of the current query: the numbers of matches */
    sks_count_cache counts;
} sks_gather;

/* A search over shards. The leaves of its tree are found twice: in the shards, then in the window. */
typedef struct sks_gathering {
    sks_gather *g;
    sks_search a;                      /* of the whole index */
    sks_shards_query *all;             /* the statements with every word */
    sks_shards_query *set;             /* what matches */
    sks_shards_query *filter;          /* what passes the filters; NULL: everything */
    uint32_t full[SKS_ENOUGH_MATCHES]; /* the statements with every word, if they are few */
    size_t full_count;
    sks_counted *counted; /* what is known of its text; NULL: nothing is kept */
} sks_gathering;

/* An operation for a query; its result is NULL when out of memory. */
void sks_gather_begin (sks_gathering *s, sks_gather *g, const sks_query *query, sks_error *err);

/* Read the query's text, and find what matches: all, set and amount. The second function also reads the filters, and
 * finds the words to rank by. */
int sks_gather_match (sks_gathering *s);
int sks_gather_read (sks_gathering *s);

/* A query and the filters, if there are any. */
sks_shards_query *sks_gather_filtered (const sks_gathering *s, sks_shards_query *query);

/* Total and facets. The second function takes them from the counts by cell in s->g->cells. */
int sks_gather_count (sks_gathering *s);
int sks_gather_tally (sks_gathering *s);

/* Fill the window with the SKS_GATHER_DEPTH best by their words after the first `skip`; with `counts`, also fill
 * s->g->cells. A query that collapses gets all from the first one to that number after its page, and the best of each
 * cell; its `skip` is 0. Or with all of the page's cells. */
int sks_gather_fetch_best (sks_gathering *s, uint32_t skip, bool counts);
int sks_gather_fetch_page (sks_gathering *s, const sks_cell_page *page);

/* Fill the window with at most `most` statements that have one of some terms: prefix and value. */
int sks_gather_fetch_terms (sks_gather *g, const char *prefix, const char *const *values, size_t count, uint32_t most,
                            sks_error *err);

/* Make a matching one of the window. */
void sks_gather_look_at_window (const sks_gathering *s, sks_matching *m);

/* Begin a search of the window for the same tree, whose statements all match. */
int sks_gather_begin_window (sks_gathering *s, sks_search *w);

#endif
