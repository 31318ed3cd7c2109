/* gather_step.c - what matches, how many, and what is fetched of it. */
#include "gather_step.h"

#include "core/base/result.h"
#include "core/engine/leaf.h"
#include "core/index/shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- matching */

/* Find the first statements with every word; returns whether these are all. */
static int
find_full (sks_gathering *s, bool *few)
{
    sks_shards_answer answer;
    sks_counted *counted = s->counted;
    if (counted && counted->full_known) {
        memcpy (s->full, counted->full, sizeof s->full);
        s->full_count = counted->full_count;
        *few = s->full_count < SKS_ENOUGH_MATCHES;
        return 0;
    }
    const sks_shards_order order = { .query = s->all, .key = SKS_SHARD_NUMBER, .want = SKS_ENOUGH_MATCHES };
    int code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    if (code)
        return code;
    *few = answer.hit_count < SKS_ENOUGH_MATCHES;
    for (size_t i = 0; i < answer.hit_count && i < SKS_ENOUGH_MATCHES; i++) {
        uint32_t statement =
            answer.hits[i].size == SKS_SHARD_NUMBER_BYTES ? sks_shard_number (answer.hits[i].key) : UINT32_MAX;
        if (statement >= s->a.m.store->statements) {
            sks_fail (s->a.m.err, SKS_EINDEX, "it sent a statement that is not of this index");
            return sks_shards_refuse (s->g->shards, answer.hits[i].shard, s->a.m.err);
        }
        s->full[s->full_count++] = statement;
    }
    if (counted) {
        memcpy (counted->full, s->full, sizeof s->full);
        counted->full_count = s->full_count;
        counted->full_known = true;
    }
    return 0;
}

/* If few statements have every word, take those with a share of the words, and those of the named occupations. */
static int
widen (sks_gathering *s)
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

int
sks_gather_match (sks_gathering *s)
{
    sks_search *a = &s->a;
    int code = sks_search_read (a);
    if (!code)
        code = sks_ask_match (&s->g->ask, &a->m, a->tree.root, SKS_AMOUNT_ALL, &s->all);
    if (code)
        return code;
    s->set = s->all;
    s->counted = s->g->given_up ? NULL : sks_count_cache_of (&s->g->counts, a->query->text, a->query->match);
    a->amount = SKS_AMOUNT_ALL;
    if (a->query->match == SKS_MATCH_AUTO)
        return widen (s);
    if (a->query->match == SKS_MATCH_ANY) {
        a->amount = SKS_AMOUNT_ANY;
        code = sks_ask_match (&s->g->ask, &a->m, a->tree.root, a->amount, &s->set);
    }
    return code;
}

void
sks_gather_begin (sks_gathering *s, sks_gather *g, const sks_query *query, sks_error *err)
{
    *s = (sks_gathering) { .g = g };
    s->a =
        (sks_search) { .m = sks_searcher_matching (g->searcher, err), .query = query, .result = sks_result_create () };
    s->a.m.find = sks_ask_find;
    s->a.m.in_duty = sks_ask_in_duty;
    s->a.m.finder = &g->ask;
    s->a.m.semantics = NULL;
    s->a.m.reader = NULL;
}

int
sks_gather_read (sks_gathering *s)
{
    sks_search *a = &s->a;
    int code = sks_gather_match (s);
    if (!code)
        code = sks_filter_read (&a->query, &a->m, &a->tree.notes);
    if (!code)
        code = sks_filter_make (&a->fails, a->m.arena, &a->m.snapshot->facets, a->query, a->m.err);
    if (!code)
        code = sks_ask_filter (&s->g->ask, &a->m, a->query, &s->filter);
    return code ? code : sks_ranked_find (&a->m, a->tree.root, &a->words, &a->word_count);
}

/* ------------------------------------------------------------------- counting */

sks_shards_query *
sks_gather_filtered (const sks_gathering *s, sks_shards_query *query)
{
    sks_shards_query *both[] = { query, s->filter };
    return s->filter ? sks_shards_join (s->g->shards, SKS_SHARDS_AND, both, 2) : query;
}

static uint32_t
cells_of (const sks_gathering *s)
{
    return s->a.m.store->occupations * SKS_LEVELS;
}

/* Take the counts by cell of an answer. */
static int
take_cells (const sks_gathering *s, const sks_shards_answer *answer, uint32_t *out)
{
    uint32_t cells = cells_of (s);
    const uint32_t *bounds = s->a.m.store->cells;
    memset (out, 0, cells * sizeof *out);
    for (size_t i = 0; i < answer->count_count; i++) {
        const sks_shards_count *count = &answer->counts[i];
        uint32_t cell = count->size == SKS_SHARD_NUMBER_BYTES ? sks_shard_number (count->value) : UINT32_MAX;
        if (cell >= cells || count->count > bounds[cell + 1] - bounds[cell])
            return sks_fail (s->a.m.err, SKS_EINDEX, "a shard counted statements that are not of this index");
        out[cell] = (uint32_t) count->count;
    }
    return 0;
}

/* The counts by cell of what matches, from an answer that has them. */
static int
take_set (const sks_gathering *s, const sks_shards_answer *answer)
{
    int code = take_cells (s, answer, s->g->cells);
    if (!code && s->counted)
        sks_count_cache_keep (&s->counted->set, s->g->cells, cells_of (s));
    return code;
}

/* How many statements with every word pass the filters. */
static int
count_all_words (sks_gathering *s, uint64_t *out)
{
    sks_search *a = &s->a;
    sks_counted *counted = s->counted;
    sks_shards_answer answer;
    sks_tally tally;
    const sks_query plain = SKS_QUERY_INIT;
    const sks_shards_order order = { .query = s->all, .counts = true, .counted = SKS_SHARD_CELL };
    uint32_t *cells = sks_arena_array (a->m.arena, cells_of (s) + (size_t) 1, sizeof *cells);
    int code = cells ? 0 : sks_fail_memory (a->m.err);
    if (!code && counted && counted->all.known)
        sks_count_cache_put (&counted->all, cells, cells_of (s));
    else {
        if (!code)
            code = sks_shards_run (s->g->shards, &order, &answer, a->m.err);
        if (!code)
            code = take_cells (s, &answer, cells);
        if (!code && counted)
            sks_count_cache_keep (&counted->all, cells, cells_of (s));
    }
    if (!code)
        code = sks_facets_count_cells (&tally, a->m.arena, &a->m.snapshot->facets, cells, &a->fails, &plain, a->m.err);
    *out = code ? 0 : tally.total;
    return code;
}

/* Those of the few statements with every word that pass the filters. */
static uint64_t
count_full (const sks_gathering *s)
{
    uint64_t count = 0;
    for (size_t i = 0; i < s->full_count; i++)
        count += !s->a.fails.any || !sks_cell_fails (&s->a.fails, sks_store_cell (s->a.m.store, s->full[i]));
    return count;
}

/* Total and facets from the counts by cell. */
int
sks_gather_tally (sks_gathering *s)
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
    a->all.count = a->amount == SKS_AMOUNT_ALL && !a->named.count ? a->set.count : (uint32_t) s->full_count;
    a->result->total = a->result->matched_all = tally.total;
    a->result->facets = facets;
    a->result->facet_count = a->query->facet_count;
    if (a->amount == SKS_AMOUNT_ANY)
        return count_all_words (s, &a->result->matched_all);
    if (a->amount != SKS_AMOUNT_ALL || a->named.count)
        a->result->matched_all = count_full (s);
    return 0;
}

/* Without words, every statement matches: the counts are known, unless a shard is left out. */
static bool
counts_all (sks_gathering *s)
{
    uint32_t cells = s->a.m.store->occupations * SKS_LEVELS;
    if (s->a.tree.root->kind != SKS_NODE_ALL || s->g->given_up)
        return false;
    for (uint32_t cell = 0; cell < cells; cell++)
        s->g->cells[cell] = s->a.m.store->cells[cell + 1] - s->a.m.store->cells[cell];
    return true;
}

int
sks_gather_count (sks_gathering *s)
{
    sks_shards_answer answer;
    const sks_shards_order order = { .query = s->set, .counts = true, .counted = SKS_SHARD_CELL };
    if (counts_all (s))
        return sks_gather_tally (s);
    if (s->counted && s->counted->set.known) {
        sks_count_cache_put (&s->counted->set, s->g->cells, cells_of (s));
        return sks_gather_tally (s);
    }
    int code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    if (!code)
        code = take_set (s, &answer);
    return code ? code : sks_gather_tally (s);
}

/* -------------------------------------------------------------------- fetching */

/* What matches, with the weights of its words and of what else makes a statement rank higher. */
static int
weigh (sks_gathering *s, sks_shards_query **out)
{
    const sks_search *a = &s->a;
    sks_shards *shards = s->g->shards;
    sks_shards_query *parts[2] = { sks_shards_scale (shards, sks_gather_filtered (s, s->set), 0) }, *weights[2];
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

static int
fill_window (sks_gather *g, const sks_shards_answer *answer, sks_error *err)
{
    int code = sks_window_fill (g->window, answer->hits, answer->hit_count, err);
    return code == SKS_EINDEX ? sks_shards_refuse (g->shards, g->window->wrong, err) : code;
}

/* Fetch also the best of each cell, of which each occupation has four, and join both lists. Where an occupation has
 * more statements than are kept, the best statements alone may be of few occupations. */
static int
add_collapsed (sks_gathering *s, sks_shards_order order, sks_shards_answer *answer)
{
    const sks_query *query = s->a.query;
    sks_arena *arena = s->a.m.arena;
    size_t best = answer->hit_count, count = 0;
    order.counts = false;
    order.kept = query->collapse + 1; /* one more: weights of shards are rounded */
    order.collapsed = SKS_SHARD_CELL;
    order.want = 2 * SKS_LEVELS * (query->offset + query->limit) + SKS_GATHER_DEPTH;
    sks_shards_hit *hits = sks_arena_array (arena, best + order.want + 1, sizeof *hits);
    for (size_t i = 0; hits && i < best; i++) {
        hits[i] = answer->hits[i];
        if (!(hits[i].key = sks_arena_copy (arena, hits[i].key, hits[i].size)))
            hits = NULL;
    }
    int code = hits ? sks_shards_run (s->g->shards, &order, answer, s->a.m.err) : sks_fail_memory (s->a.m.err);
    if (code)
        return code;
    for (size_t i = 0; i < answer->hit_count && i < order.want; i++)
        hits[best++] = answer->hits[i];
    qsort (hits, best, sizeof *hits, sks_window_by_number);
    for (size_t i = 0; i < best; i++)
        if (!count || sks_window_by_number (&hits[count - 1], &hits[i]) != 0)
            hits[count++] = hits[i];
    answer->hits = hits;
    answer->hit_count = count;
    return 0;
}

/* Fetch the best by their words. With the counts, if these are of the same statements. */
int
sks_gather_fetch_best (sks_gathering *s, uint32_t skip, bool counts)
{
    sks_shards_answer answer = { 0 };
    const sks_query *query = s->a.query;
    sks_shards_order order = { .weighted = true,
                               .key = SKS_SHARD_CONTENT,
                               .skip = skip,
                               .want = SKS_GATHER_DEPTH + (query->collapse ? query->offset + query->limit : 0),
                               .counts = counts,
                               .counted = SKS_SHARD_CELL };
    sks_shards_query *weighed = NULL;
    int code = weigh (s, &weighed);
    order.query = weighed;
    if (!code)
        code = sks_shards_run (s->g->shards, &order, &answer, s->a.m.err);
    if (!code && counts)
        code = take_set (s, &answer);
    if (!code && query->collapse)
        code = add_collapsed (s, order, &answer);
    return code ? code : fill_window (s->g, &answer, s->a.m.err);
}

/* Fetch the statements of the page's cells. */
int
sks_gather_fetch_page (sks_gathering *s, const sks_cell_page *page)
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
    return code ? code : fill_window (s->g, &answer, s->a.m.err);
}

int
sks_gather_fetch_terms (sks_gather *g, const char *prefix, const char *const *values, size_t count, uint32_t most,
                        sks_error *err)
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
        code = fill_window (g, &answer, err);
    sks_shards_clear (g->shards);
    return code;
}

/* --------------------------------------------------------------------- showing */

void
sks_gather_look_at_window (const sks_gathering *s, sks_matching *m)
{
    sks_window *window = s->g->window;
    m->snapshot = &window->snapshot;
    m->cache = &window->cache;
    m->store = &window->store;
    m->semantics = NULL;
    m->reader = NULL;
    m->titles = NULL;
    m->find = NULL;
    m->in_duty = NULL;
    m->split = NULL;
    m->notes = NULL;
}

/* A search of the window for the same tree, whose statements all match. */
int
sks_gather_begin_window (sks_gathering *s, sks_search *w)
{
    const sks_search *a = &s->a;
    sks_set ignored;
    *w = *a;
    sks_gather_look_at_window (s, &w->m);
    w->counts = s->g->cells;
    w->words = NULL;
    int code = sks_leaf_find (&w->m, w->tree.root);
    if (!code)
        code = sks_match_set (&w->m, w->tree.root, SKS_AMOUNT_ALL, &w->all);
    /* What marks spans in a statement is known after this: the sides of OR. */
    if (!code && a->amount == SKS_AMOUNT_ANY)
        code = sks_match_set (&w->m, w->tree.root, a->amount, &ignored);
    return code ? code : sks_matching_all (&w->m, &w->set);
}
