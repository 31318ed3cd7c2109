/* gather.c - one query over all shards: read, match, count, fetch, rank. */
#include "gather.h"

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/index/shard.h"
#include "gather_link.h"
#include "gather_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------- opening */

static int
make_shards (sks_gather *g, const sks_snapshot *snapshot, const sks_gather_options *options, sks_error *err)
{
    sks_shard_list *list = malloc (sizeof *list);
    int code =
        list ? sks_shard_list_read (list, snapshot->folder, snapshot->store->shards, err) : sks_fail_memory (err);
    if (!code) {
        const sks_shards_places places = { list->places, list->count, options->timeout_ms, options->connect_ms };
        code = sks_shards_make (&g->shards, &places, err);
    }
    free (list);
    return code;
}

int
sks_gather_open (sks_gather **out, sks_generation *generation, const sks_gather_options *options, sks_error *err)
{
    const sks_snapshot *snapshot = sks_generation_snapshot (generation);
    sks_gather *g = *out = calloc (1, sizeof *g);
    if (!g)
        return sks_fail_memory (err);
    g->states = options->states ? options->states : &g->own;
    int code = snapshot->store->shards ? 0 : sks_fail (err, SKS_EINVALID, "%s: not in shards", snapshot->folder);
    if (!code)
        code = sks_searcher_open (&g->searcher, generation, err);
    if (!code)
        code = sks_asker_make (&g->ask, snapshot->store, err);
    if (!code)
        code = sks_window_open (&g->window, generation, err);
    if (!code)
        code = sks_searcher_open_part (&g->part, generation, &g->window->snapshot, &g->window->cache, err);
    g->cells = calloc ((size_t) snapshot->store->occupations * SKS_LEVELS + 1, sizeof *g->cells);
    if (!code && !g->cells)
        code = sks_fail_memory (err);
    if (!code)
        code = make_shards (g, snapshot, options, err);
    g->ask.shards = g->shards;
    if (!code && !options->later)
        code = sks_gather_connect (g, false, err);
    if (code)
        sks_gather_close (out);
    return code;
}

void
sks_gather_close (sks_gather **gather_p)
{
    sks_gather *g = *gather_p;
    if (!g)
        return;
    *gather_p = NULL;
    sks_searcher_close (&g->part);
    sks_window_close (&g->window);
    sks_shards_close (&g->shards);
    sks_searcher_close (&g->searcher);
    sks_asker_free (&g->ask);
    sks_count_cache_free (&g->counts);
    free (g->cells);
    free (g);
}

int
sks_gather_check (sks_gather *g, sks_error *err)
{
    sks_gather_begin_request (g);
    return sks_gather_connect (g, false, err);
}

void
sks_gather_keep_alive (sks_gather *g)
{
    for (uint32_t i = 0; i < sks_generation_shards (sks_searcher_generation (g->searcher)); i++) {
        sks_error cause;
        if (sks_shards_keep_alive (g->shards, i, &cause) && sks_shards_failed (g->shards)->timed_out)
            sks_shard_state_failed (g->states, i, SKS_SHARD_TIMED_OUT, cause.text);
    }
}

sks_searcher *
sks_gather_searcher (sks_gather *g)
{
    return g->searcher;
}

/* ---------------------------------------------------------------------- search */

/* Choose from the window, and make hits. */
static int
show (sks_gathering *s, const sks_query *query)
{
    sks_search w;
    sks_scored *page;
    size_t found;
    int code = sks_gather_begin_window (s, &w);
    w.query = query;
    if (!code)
        code = sks_search_choose (&w, &page, &found);
    return code ? code : sks_search_fill (&w, page, found);
}

static int
show_best (sks_gathering *s, bool counts)
{
    int code = sks_gather_fetch_best (s, counts);
    if (!code && counts)
        code = sks_gather_tally (s);
    return code ? code : show (s, s->a.query);
}

static int
show_page (sks_gathering *s, int sort)
{
    sks_cell_page page;
    sks_query query = *s->a.query;
    query.sort = sort;
    int code = sks_cell_page_find (&page, &s->a.m, s->g->cells, &s->a.fails, &query);
    if (!code)
        code = sks_gather_fetch_page (s, &page);
    query.offset = page.offset;
    return code ? code : show (s, &query);
}

/* The number of members of a set, which is known only as a query. */
static int
count_members (const sks_gathering *s, sks_shards_query *query, uint32_t *out)
{
    uint64_t count;
    int code = sks_ask_count (&s->g->ask, &s->a.m, query, &count);
    *out = (uint32_t) count;
    return code;
}

/* Count what a suggested query finds, and what the query itself finds with all words. */
static int
try_query (sks_search *a, sks_search *trial, uint64_t *count)
{
    sks_gathering *s = (sks_gathering *) ((char *) a - offsetof (sks_gathering, a));
    sks_gathering t = { .g = s->g, .a = *trial };
    int code = sks_gather_match (&t);
    if (!code)
        code = count_members (&t, t.set, &trial->set.count);
    if (!code)
        code = count_members (&t, t.all, &trial->all.count);
    if (!code && a->amount == SKS_AMOUNT_ANY)
        code = count_members (s, s->all, &a->all.count);
    *count = trial->set.count;
    if (!code && *count)
        code = sks_ask_filter (&s->g->ask, &t.a.m, a->query, &t.filter);
    if (!code && *count && t.filter)
        code = sks_ask_count (&s->g->ask, &t.a.m, sks_gather_filtered (&t, t.set), count);
    return code;
}

/* Refuse what the shards cannot do. */
static int
check (const sks_query *query, bool ranked, sks_error *err)
{
    if (query->match == SKS_MATCH_MEANING)
        return sks_fail (err, SKS_EUNSUPPORTED, "/match: an index in shards does not match by meaning");
    if (query->reverse && ranked)
        return sks_fail (err, SKS_EUNSUPPORTED, "/sort: an index in shards does not list the least relevant first");
    return 0;
}

static int
answer (sks_gathering *s)
{
    sks_search *a = &s->a;
    int code = sks_search_check (a->query, a->m.err);
    if (!code)
        code = check (a->query, false, a->m.err);
    if (!code)
        code = sks_gather_read (s);
    if (code)
        return code;
    bool ranked = a->query->sort == SKS_SORT_RELEVANCE && a->word_count;
    bool known = s->counted && s->counted->set.known;
    bool together = ranked && a->query->limit && !a->fails.any && !known;
    int sort = a->query->sort == SKS_SORT_RELEVANCE ? SKS_SORT_OCCUPATION : a->query->sort;
    code = check (a->query, ranked, a->m.err);
    if (!code && !together)
        code = sks_gather_count (s);
    if (!code && a->query->limit)
        code = ranked ? show_best (s, together) : show_page (s, sort);
    if (!code)
        code = sks_search_describe (a);
    return code ? code : sks_search_suggest (a);
}

static int
search (sks_gather *g, const sks_query *query, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    sks_gathering s;
    sks_gather_begin (&s, g, query, err);
    s.a.try_query = try_query;
    int code = s.a.result ? answer (&s) : sks_fail_memory (err);
    sks_shards_clear (g->shards);
    if (!code && query->partial) {
        s.a.result->shards_asked = sks_generation_shards (sks_searcher_generation (g->searcher));
        s.a.result->shards_answered = sks_gather_count_open (g);
    }
    return sks_search_finish (&s.a.m, s.a.result, code, start, out);
}

int
sks_gather_search (sks_gather *g, const sks_query *query, sks_result **out, sks_error *err)
{
    int code;
    *out = NULL;
    sks_gather_begin_request (g);
    do {
        code = sks_gather_connect (g, query->partial, err);
        if (!code)
            code = search (g, query, out, err);
    } while (sks_gather_again (g, query->partial, &code, err));
    return code;
}

/* ------------------------------------------------------------ other operations */

/* Fill the window with what has one of some terms. */
static int
fetch (sks_gather *g, const char *prefix, const char *const *values, size_t count, uint32_t most, sks_searcher **out,
       sks_error *err)
{
    int code;
    sks_gather_begin_request (g);
    do {
        code = sks_gather_connect (g, false, err);
        if (!code)
            code = sks_gather_fetch_terms (g, prefix, values, count, most, err);
    } while (sks_gather_again (g, false, &code, err));
    *sks_searcher_budget (g->part) = *sks_searcher_budget (g->searcher);
    *out = g->part;
    return code;
}

int
sks_gather_statements (sks_gather *g, const char *const *ids, size_t count, sks_searcher **out, sks_error *err)
{
    if (count > SKS_MAX_IDS)
        return sks_fail (err, SKS_ELIMIT, "/ids: at most %d", SKS_MAX_IDS);
    return fetch (g, "Q", ids, count, (uint32_t) count, out, err);
}

int
sks_gather_occupations (sks_gather *g, const char *const *codes, size_t count, sks_searcher **out, sks_error *err)
{
    const uint32_t most = (uint32_t) count * SKS_LEVELS * SKS_MAX_LEVEL_STATEMENTS;
    return fetch (g, "XO", codes, count, most, out, err);
}
