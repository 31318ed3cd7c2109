/* gather.c - one query over all shards: read, match, count, fetch, rank. */
#include "gather.h"

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/leaf.h"
#include "core/index/shard.h"
#include "cell_page.h"
#include "shard_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sks_gather {
    sks_searcher *searcher;
    sks_shards *shards;
    sks_asker ask;
    sks_window *window;
    sks_searcher *part; /* on the window */
    uint32_t *cells;    /* of the current query: the numbers of matches */
};

/* -------------------------------------------------------------------- opening */

static int
check_labels (sks_shards *shards, const sks_store *store, const sks_shard_list *list, sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < store->shards; i++) {
        char wanted[SKS_SHARD_LABEL_BYTES], found[SKS_SHARD_LABEL_BYTES];
        sks_shard_label (store, i, wanted);
        code = sks_shards_note (shards, i, SKS_SHARD_KEY, found, sizeof found, err);
        if (!code && strcmp (wanted, found) != 0)
            code = sks_fail (err, SKS_EUNAVAILABLE, "shard %u of %u (%s): it is \"%s\" instead of \"%s\"", i + 1,
                             store->shards, list->places[i], found, wanted);
    }
    return code;
}

static int
open_shards (sks_gather *g, const sks_snapshot *snapshot, unsigned timeout_ms, unsigned connect_ms, sks_error *err)
{
    sks_shard_list *list = malloc (sizeof *list);
    int code =
        list ? sks_shard_list_read (list, snapshot->folder, snapshot->store->shards, err) : sks_fail_memory (err);
    if (!code) {
        const sks_shards_places places = { list->places, list->count, timeout_ms, connect_ms };
        code = sks_shards_open (&g->shards, &places, err);
    }
    if (!code)
        code = check_labels (g->shards, snapshot->store, list, err);
    free (list);
    return code;
}

int
sks_gather_open (sks_gather **out, sks_generation *generation, unsigned timeout_ms, unsigned connect_ms, sks_error *err)
{
    const sks_snapshot *snapshot = sks_generation_snapshot (generation);
    sks_gather *g = *out = calloc (1, sizeof *g);
    if (!g)
        return sks_fail_memory (err);
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
        code = open_shards (g, snapshot, timeout_ms, connect_ms, err);
    g->ask.shards = g->shards;
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
    free (g->cells);
    free (g);
}

bool
sks_gather_broken (const sks_gather *g)
{
    return sks_shards_broken (g->shards);
}

sks_searcher *
sks_gather_searcher (sks_gather *g)
{
    return g->searcher;
}

/* ------------------------------------------------------------------- matching */

/* A search over shards. The leaves of its tree are found twice: in the shards, then in the window. */
struct gathering {
    sks_gather *g;
    sks_search a;                      /* of the whole index */
    sks_shards_query *all;             /* the statements with every word */
    sks_shards_query *set;             /* what matches */
    sks_shards_query *filter;          /* what passes the filters; NULL: everything */
    uint32_t full[SKS_ENOUGH_MATCHES]; /* the statements with every word, if they are few */
    size_t full_count;
};

/* Find the first statements with every word; returns whether these are all. */
static int
find_full (struct gathering *s, bool *few)
{
    sks_shards_answer answer;
    const sks_shards_order order = { .query = s->all, .key = SKS_SHARD_NUMBER, .want = SKS_ENOUGH_MATCHES };
    int code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    *few = !code && answer.hit_count < SKS_ENOUGH_MATCHES;
    for (size_t i = 0; *few && i < answer.hit_count; i++) {
        uint32_t statement =
            answer.hits[i].size == SKS_SHARD_NUMBER_BYTES ? sks_shard_number (answer.hits[i].key) : UINT32_MAX;
        if (statement >= s->a.m.store->statements)
            return sks_fail (s->a.m.err, SKS_EINDEX, "a shard sent a statement that is not of this index");
        s->full[s->full_count++] = statement;
    }
    return code;
}

/* If few statements have every word, take those with a share of the words, and those of the named occupations. */
static int
widen (struct gathering *s)
{
    sks_search *a = &s->a;
    bool few;
    int code = find_full (s, &few);
    if (code || !few)
        return code;
    if (sks_bag_may_relax (a->tree.bag)) {
        a->amount = SKS_AMOUNT_QUARTER;
        code = sks_ask_match (&s->g->ask, &a->m, a->tree.root, a->amount, &s->set);
    }
    if (!code)
        code = sks_search_name (a);
    if (!code && a->named.count) {
        sks_shards_query *both[] = { s->set,
                                     sks_ask_occupations (&s->g->ask, &a->m, a->named.occupations, a->named.count) };
        s->set = sks_shards_join (s->g->shards, SKS_SHARDS_OR, both, 2);
    }
    return code;
}

static int
match (struct gathering *s)
{
    sks_search *a = &s->a;
    int code = sks_search_read (a);
    if (!code)
        code = sks_ask_match (&s->g->ask, &a->m, a->tree.root, SKS_AMOUNT_ALL, &s->all);
    if (code)
        return code;
    s->set = s->all;
    a->amount = SKS_AMOUNT_ALL;
    if (a->query->match == SKS_MATCH_AUTO)
        return widen (s);
    if (a->query->match == SKS_MATCH_ANY) {
        a->amount = SKS_AMOUNT_ANY;
        code = sks_ask_match (&s->g->ask, &a->m, a->tree.root, a->amount, &s->set);
    }
    return code;
}

/* ------------------------------------------------------------------- counting */

static sks_shards_query *
filtered (const struct gathering *s, sks_shards_query *query)
{
    sks_shards_query *both[] = { query, s->filter };
    return s->filter ? sks_shards_join (s->g->shards, SKS_SHARDS_AND, both, 2) : query;
}

/* Take the counts by cell of an answer. */
static int
take_cells (const struct gathering *s, const sks_shards_answer *answer)
{
    uint32_t cells = s->a.m.store->occupations * SKS_LEVELS;
    const uint32_t *bounds = s->a.m.store->cells;
    memset (s->g->cells, 0, cells * sizeof *s->g->cells);
    for (size_t i = 0; i < answer->count_count; i++) {
        const sks_shards_count *count = &answer->counts[i];
        uint32_t cell = count->size == SKS_SHARD_NUMBER_BYTES ? sks_shard_number (count->value) : UINT32_MAX;
        if (cell >= cells || count->count > bounds[cell + 1] - bounds[cell])
            return sks_fail (s->a.m.err, SKS_EINDEX, "a shard counted statements that are not of this index");
        s->g->cells[cell] = (uint32_t) count->count;
    }
    return 0;
}

/* Those of the few statements with every word that pass the filters. */
static uint64_t
count_full (const struct gathering *s)
{
    uint64_t count = 0;
    for (size_t i = 0; i < s->full_count; i++)
        count += !s->a.fails.any || !sks_cell_fails (&s->a.fails, sks_store_cell (s->a.m.store, s->full[i]));
    return count;
}

/* Total and facets from the counts by cell. */
static int
tally (struct gathering *s)
{
    sks_search *a = &s->a;
    sks_tally tally;
    sks_facet_counts *facets = NULL;
    const sks_facet_table *table = &a->m.snapshot->facets;
    int code = sks_facets_count_cells (&tally, a->m.arena, table, s->g->cells, &a->fails, a->query, a->m.err);
    if (!code && a->query->facet_count)
        code = sks_facets_list (&tally, table, a->query, sks_result_arena (a->result), a->m.budget, &facets, a->m.err);
    if (code)
        return code;
    uint64_t members = 0;
    for (uint32_t cell = 0; cell < a->m.store->occupations * SKS_LEVELS; cell++)
        members += s->g->cells[cell];
    a->set.count = (uint32_t) members;
    a->result->total = a->result->matched_all = tally.total;
    a->result->facets = facets;
    a->result->facet_count = a->query->facet_count;
    if (a->amount == SKS_AMOUNT_ANY)
        return sks_ask_count (&s->g->ask, &a->m, filtered (s, s->all), &a->result->matched_all);
    if (a->amount != SKS_AMOUNT_ALL || a->named.count)
        a->result->matched_all = count_full (s);
    return 0;
}

/* Without words, every statement matches: the counts are known. */
static bool
counts_all (struct gathering *s)
{
    uint32_t cells = s->a.m.store->occupations * SKS_LEVELS;
    if (s->a.tree.root->kind != SKS_NODE_ALL)
        return false;
    for (uint32_t cell = 0; cell < cells; cell++)
        s->g->cells[cell] = s->a.m.store->cells[cell + 1] - s->a.m.store->cells[cell];
    return true;
}

static int
count (struct gathering *s)
{
    sks_shards_answer answer;
    const sks_shards_order order = { .query = s->set, .counts = true, .counted = SKS_SHARD_CELL };
    if (counts_all (s))
        return tally (s);
    int code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    if (!code)
        code = take_cells (s, &answer);
    return code ? code : tally (s);
}

/* -------------------------------------------------------------------- fetching */

/* What matches, with the weights of its words and of what else makes a statement rank higher. */
static int
weigh (struct gathering *s, sks_shards_query **out)
{
    const sks_search *a = &s->a;
    sks_shards *shards = s->g->shards;
    sks_shards_query *parts[2] = { sks_shards_scale (shards, filtered (s, s->set), 0) }, *weights[2];
    int code = sks_ask_rank (&s->g->ask, &s->a.m, a->words, a->word_count, &weights[0]);
    if (code)
        return code;
    parts[1] = weights[0];
    if (a->named.count) {
        weights[1] =
            sks_shards_constant (shards, sks_ask_occupations (&s->g->ask, &a->m, a->named.occupations, a->named.count),
                                 (double) (SKS_RANK_NAMED * a->named.weight));
        parts[1] = sks_shards_join (shards, SKS_SHARDS_OR, weights, 2);
    }
    *out = sks_shards_join (shards, SKS_SHARDS_AND_MAYBE, parts, 2);
    return *out ? 0 : sks_fail_memory (a->m.err);
}

/* Fetch the best by their words. With the counts, if these are of the same statements. */
static int
fetch_best (struct gathering *s, bool counts)
{
    sks_shards_answer answer = { 0 };
    const sks_query *query = s->a.query;
    sks_shards_order order = { .weighted = true,
                               .key = SKS_SHARD_CONTENT,
                               .want = query->offset + query->limit + SKS_GATHER_DEPTH,
                               .counts = counts,
                               .counted = SKS_SHARD_CELL };
    sks_shards_query *weighed = NULL;
    int code = weigh (s, &weighed);
    order.query = weighed;
    if (!code)
        code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    if (!code && counts)
        code = take_cells (s, &answer);
    return code ? code : sks_window_fill (s->g->window, answer.hits, answer.hit_count, s->a.m.err);
}

/* Fetch the statements of the page's cells. */
static int
fetch_page (struct gathering *s, const sks_cell_page *page)
{
    sks_shards_answer answer = { 0 };
    sks_shards_query **cells = sks_arena_array (s->a.m.arena, page->count + (size_t) 1, sizeof *cells), *both[2];
    if (!cells)
        return sks_fail_memory (s->a.m.err);
    for (uint32_t i = 0; i < page->count; i++)
        cells[i] = sks_ask_cell (&s->g->ask, s->a.m.store, page->cells[i]);
    both[0] = s->set;
    both[1] = sks_shards_join (s->g->shards, SKS_SHARDS_OR, cells, page->count);
    const sks_shards_order order = { .query = sks_shards_join (s->g->shards, SKS_SHARDS_AND, both, 2),
                                     .key = SKS_SHARD_CONTENT,
                                     .want = page->members };
    int code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    return code ? code : sks_window_fill (s->g->window, answer.hits, answer.hit_count, s->a.m.err);
}

/* --------------------------------------------------------------------- showing */

/* A search of the window for the same tree, whose statements all match. */
static int
begin_window (struct gathering *s, sks_search *w)
{
    const sks_search *a = &s->a;
    sks_window *window = s->g->window;
    sks_set ignored;
    *w = *a;
    w->m.snapshot = &window->snapshot;
    w->m.cache = &window->cache;
    w->m.store = &window->store;
    w->m.semantics = NULL;
    w->m.reader = NULL;
    w->m.titles = NULL;
    w->m.find = NULL;
    w->m.split = NULL;
    w->m.notes = NULL;
    w->words = NULL;
    int code = sks_leaf_find (&w->m, w->tree.root);
    if (!code)
        code = sks_match_set (&w->m, w->tree.root, SKS_AMOUNT_ALL, &w->all);
    /* What marks spans in a statement is known after this: the sides of OR. */
    if (!code && a->amount == SKS_AMOUNT_ANY)
        code = sks_match_set (&w->m, w->tree.root, a->amount, &ignored);
    return code ? code : sks_matching_all (&w->m, &w->set);
}

/* Choose from the window, and make hits. */
static int
show (struct gathering *s, const sks_query *query)
{
    sks_search w;
    sks_scored *page;
    size_t found;
    int code = begin_window (s, &w);
    w.query = query;
    if (!code)
        code = sks_search_choose (&w, &page, &found);
    return code ? code : sks_search_fill (&w, page, found);
}

static int
show_best (struct gathering *s, bool counts)
{
    int code = fetch_best (s, counts);
    if (!code && counts)
        code = tally (s);
    return code ? code : show (s, s->a.query);
}

static int
show_page (struct gathering *s, int sort)
{
    sks_cell_page page;
    sks_query query = *s->a.query;
    query.sort = sort;
    int code = sks_cell_page_find (&page, &s->a.m, s->g->cells, &s->a.fails, &query);
    if (!code)
        code = fetch_page (s, &page);
    query.offset = page.offset;
    return code ? code : show (s, &query);
}

/* ----------------------------------------------------------------------- whole */

/* Count what a suggested query finds. */
static int
try_query (sks_search *a, sks_search *trial, bool *found, uint64_t *count)
{
    const sks_asker *ask = a->m.finder;
    struct gathering t = { .g = (sks_gather *) ((char *) a->m.finder - offsetof (sks_gather, ask)), .a = *trial };
    int code = match (&t);
    if (!code)
        code = sks_ask_count (ask, &t.a.m, t.set, count);
    *found = !code && *count;
    if (!code && *found)
        code = sks_ask_filter (ask, &t.a.m, a->query, &t.filter);
    if (!code && *found && t.filter)
        code = sks_ask_count (ask, &t.a.m, filtered (&t, t.set), count);
    return code;
}

/* Refuse what the shards cannot do. */
static int
check (const sks_query *query, bool ranked, sks_error *err)
{
    if (query->collapse)
        return sks_fail (err, SKS_EUNSUPPORTED, "/collapse: an index in shards does not collapse");
    if (query->match == SKS_MATCH_MEANING)
        return sks_fail (err, SKS_EUNSUPPORTED, "/match: an index in shards does not match by meaning");
    if (query->reverse && ranked)
        return sks_fail (err, SKS_EUNSUPPORTED, "/sort: an index in shards does not list the least relevant first");
    return 0;
}

static int
answer (struct gathering *s)
{
    sks_search *a = &s->a;
    int code = sks_search_check (a->query, a->m.err);
    if (!code)
        code = check (a->query, false, a->m.err);
    if (!code)
        code = match (s);
    if (!code)
        code = sks_filter_read (&a->query, &a->m, &a->tree.notes);
    if (!code)
        code = sks_filter_make (&a->fails, a->m.arena, &a->m.snapshot->facets, a->query, a->m.err);
    if (!code)
        code = sks_ask_filter (&s->g->ask, &a->m, a->query, &s->filter);
    if (!code)
        code = sks_ranked_find (&a->m, a->tree.root, &a->words, &a->word_count);
    if (code)
        return code;
    bool ranked = a->query->sort == SKS_SORT_RELEVANCE && a->word_count;
    bool together = ranked && a->query->limit && !a->fails.any;
    int sort = a->query->sort == SKS_SORT_RELEVANCE ? SKS_SORT_OCCUPATION : a->query->sort;
    code = check (a->query, ranked, a->m.err);
    if (!code && !together)
        code = count (s);
    if (!code && a->query->limit)
        code = ranked ? show_best (s, together) : show_page (s, sort);
    if (!code)
        code = sks_search_describe (a);
    return code ? code : sks_search_suggest (a);
}

int
sks_gather_search (sks_gather *g, const sks_query *query, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    struct gathering s = { .g = g };
    s.a =
        (sks_search) { .m = sks_searcher_matching (g->searcher, err), .query = query, .result = sks_result_create () };
    s.a.try_query = try_query;
    s.a.m.find = sks_ask_find;
    s.a.m.finder = &g->ask;
    s.a.m.semantics = NULL;
    s.a.m.reader = NULL;
    int code = s.a.result ? answer (&s) : sks_fail_memory (err);
    sks_shards_clear (g->shards);
    return sks_search_finish (&s.a.m, s.a.result, code, start, out);
}

/* ------------------------------------------------------------ other operations */

/* Fill the window with at most `most` statements that have one of some terms: prefix and value. */
static int
fetch_terms (sks_gather *g, const char *prefix, const char *const *values, size_t count, uint32_t most,
             sks_searcher **out, sks_error *err)
{
    sks_matching m = sks_searcher_matching (g->searcher, err);
    sks_shards_query **terms = sks_arena_array (m.arena, count + 1, sizeof *terms);
    sks_shards_answer answer = { 0 };
    int code = terms ? 0 : sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        char term[SKS_MAX_TERM_BYTES];
        int size = snprintf (term, sizeof term, "%s%s", prefix, values[i]);
        /* No term is as long as that. */
        terms[i] = (size_t) size < sizeof term ? sks_shards_term (g->shards, term, (size_t) size)
                                               : sks_shards_nothing (g->shards);
    }
    const sks_shards_order order = { .query = code ? NULL : sks_shards_join (g->shards, SKS_SHARDS_OR, terms, count),
                                     .key = SKS_SHARD_CONTENT,
                                     .want = most };
    if (!code)
        code = sks_shards_run (g->shards, &order, &answer, err);
    if (!code)
        code = sks_window_fill (g->window, answer.hits, answer.hit_count, err);
    sks_shards_clear (g->shards);
    *sks_searcher_budget (g->part) = *sks_searcher_budget (g->searcher);
    *out = g->part;
    return code;
}

int
sks_gather_statements (sks_gather *g, const char *const *ids, size_t count, sks_searcher **out, sks_error *err)
{
    if (count > SKS_MAX_IDS)
        return sks_fail (err, SKS_ELIMIT, "/ids: at most %d", SKS_MAX_IDS);
    return fetch_terms (g, "Q", ids, count, (uint32_t) count, out, err);
}

int
sks_gather_occupations (sks_gather *g, const char *const *codes, size_t count, sks_searcher **out, sks_error *err)
{
    const uint32_t most = (uint32_t) count * SKS_LEVELS * SKS_MAX_LEVEL_STATEMENTS;
    return fetch_terms (g, "XO", codes, count, most, out, err);
}
