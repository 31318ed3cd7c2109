/* gather_similar.c - a statement as a query for all others, as core/engine/similar.c. */
#include "gather.h"

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/bag_rank.h"
#include "core/engine/hit.h"
#include "core/engine/leaf.h"
#include "core/engine/operations.h"
#include "gather_link.h"
#include "gather_step.h"

#include <string.h>

/* Make a bag of the statement, which is alone in the window; what it leaves out becomes *left. */
static int
read_statement (sks_gathering *s, const char *id, unsigned exclude, sks_bag *bag, sks_shards_query **left)
{
    const sks_store *store = s->a.m.store, *window = &s->g->window->store;
    const sks_asker *ask = &s->g->ask;
    char term[SKS_STATEMENT_ID_BYTES + 1] = "Q";
    uint32_t statement = sks_store_find (window, id);
    if (statement == SKS_NONE)
        return sks_fail (s->a.m.err, SKS_ENOTFOUND, "there is no statement %s", id);
    uint32_t cell = sks_store_cell (window, statement), occupation = cell / SKS_LEVELS;
    sks_shards_query *parts[3];
    size_t count = 0;
    sks_store_id (window, statement, term + 1);
    parts[count++] = sks_shards_term (ask->shards, term, strlen (term));
    if (exclude & SKS_EXCLUDE_OCCUPATION)
        parts[count++] = sks_ask_occupations (ask, &s->a.m, &occupation, 1);
    if (exclude & SKS_EXCLUDE_LEVEL)
        parts[count++] = sks_ask_level (ask, sks_cell_level (cell));
    *left = sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count);
    s->a.m.store = window;
    int code = sks_bag_of_statement (bag, &s->a.m, statement, SKS_SIMILAR_WORDS);
    s->a.m.store = store;
    bag->statement = SKS_NONE;
    return code;
}

/* The statements with enough of the words, without those that are left out. */
static int
match (sks_gathering *s, const sks_bag *bag, sks_shards_query *left)
{
    sks_shards_query *both[] = { NULL, left };
    int code = 0;
    if (!bag->weight)
        both[0] = sks_shards_nothing (s->g->shards);
    else
        code = sks_ask_match (&s->g->ask, &s->a.m, bag->node, SKS_AMOUNT_EIGHTH, &both[0]);
    s->set = sks_shards_join (s->g->shards, SKS_SHARDS_AND_NOT, both, 2);
    return code || s->set ? code : sks_fail_memory (s->a.m.err);
}

static int
count_total (sks_gathering *s)
{
    sks_search *a = &s->a;
    sks_notes notes = { NULL, 0 };
    int code = sks_filter_read (&a->query, &a->m, &notes);
    if (!code)
        code = sks_filter_make (&a->fails, a->m.arena, &a->m.snapshot->facets, a->query, a->m.err);
    if (!code)
        code = sks_ask_filter (&s->g->ask, &a->m, a->query, &s->filter);
    if (!code)
        code = sks_ask_count (&s->g->ask, &a->m, sks_gather_filtered (s, s->set), &a->result->total);
    return code ? code
                : sks_notes_copy (&notes, sks_result_arena (a->result), &a->result->notes, &a->result->note_count,
                                  a->m.err);
}

/* Rank the window, and make hits of the best. */
static int
fill_hits (sks_gathering *s, const sks_bag *bag)
{
    sks_arena *arena = sks_result_arena (s->a.result);
    const sks_query *query = s->a.query;
    sks_search w = { .m = s->a.m };
    sks_bag_rank rank;
    sks_hit *hits = sks_arena_array (arena, query->limit + (size_t) 1, sizeof *hits);
    rank.count = 0;
    sks_gather_look_at_window (s, &w.m);
    int code = hits ? sks_leaf_find (&w.m, bag->node) : sks_fail_memory (w.m.err);
    if (!code)
        code = sks_matching_all (&w.m, &w.set);
    if (!code)
        code = sks_bag_rank_best (&rank, &w.m, bag, &w.set, &s->a.fails, query->limit, arena);
    for (size_t i = 0; !code && i < rank.count; i++)
        code = sks_hit_fill (&hits[i], &w.m, bag->node, &rank.scorer, query, rank.best[i], arena);
    s->a.result->hits = hits;
    s->a.result->hit_count = code ? 0 : rank.count;
    return code;
}

static int
answer (sks_gathering *s, const char *id, unsigned exclude)
{
    sks_search *a = &s->a;
    sks_bag bag;
    sks_shards_query *left;
    int code = read_statement (s, id, exclude, &bag, &left);
    if (!code)
        code = match (s, &bag, left);
    if (!code)
        code = count_total (s);
    if (code || !a->query->limit || !a->result->total)
        return code;
    code = sks_ranked_find (&a->m, bag.node, &a->words, &a->word_count);
    if (!code)
        code = sks_gather_fetch_best (s, 0, false);
    return code ? code : fill_hits (s, &bag);
}

static int
similar (sks_gather *g, const char *id, unsigned exclude, const sks_query *options, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    sks_gathering s;
    sks_query query = *options;
    query.offset = 0;
    int code = sks_gather_fetch_terms (g, "Q", &id, 1, 1, err);
    if (code)
        return code;
    sks_gather_begin (&s, g, &query, err);
    code = s.a.result ? answer (&s, id, exclude) : sks_fail_memory (err);
    sks_shards_clear (g->shards);
    if (!code) {
        s.a.result->compared_by = SKS_BY_WORDS;
        s.a.result->generation = s.a.m.store->generation;
        s.a.result->read_as = "";
    }
    return sks_search_finish (&s.a.m, s.a.result, code, start, out);
}

int
sks_gather_similar (sks_gather *g, const char *id, unsigned exclude, const sks_query *options, sks_result **out,
                    sks_error *err)
{
    int code;
    *out = NULL;
    if (options->limit > SKS_MAX_LIMIT)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_LIMIT);
    sks_gather_begin_request (g);
    do {
        code = sks_gather_connect (g, false, err);
        if (!code)
            code = similar (g, id, exclude, options, out, err);
    } while (sks_gather_again (g, false, &code, err));
    return code;
}
