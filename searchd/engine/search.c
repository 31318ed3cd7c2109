/* search.c - one query from text to result, in the order it happens. */
#include "search.h"

#include "../../core/result.h"
#include "../../core/text.h"
#include "facets.h"
#include "feedback.h"
#include "generation_parts.h"
#include "hit.h"
#include "leaf.h"
#include "match.h"
#include "order.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* In SKS_MATCH_AUTO: fewer statements than this with all words, and those that
 * carry a quarter of the query's weight answer too. */
#define ENOUGH_MATCHES 10

struct sks_searcher {
    sks_generation *generation;
    sks_reader *reader;
    sks_stemmer *stemmer;
    sks_arena *arena;    /* of the query under way */
    sks_words words;
};

/* A query on its way to a result. */
struct answer {
    sks_matching m;
    const sks_query *query;
    sks_tree tree;
    int amount;
    sks_set all;         /* what holds every word */
    sks_set set;         /* what matches */
    sks_fails fails;
    sks_scorer scorer;
    sks_result *result;
};

int
sks_searcher_open (sks_searcher **out, sks_generation *generation, sks_error *err)
{
    *out = NULL;
    sks_searcher *searcher = calloc (1, sizeof *searcher);
    if (!searcher)
        return sks_fail_memory (err);
    searcher->generation = sks_generation_share (generation);
    searcher->arena = sks_arena_create ();
    int code = searcher->arena ? 0 : sks_fail_memory (err);
    if (!code)
        code = sks_reader_open (&searcher->reader, sks_generation_postings_path (generation), err);
    if (!code)
        code = sks_stemmer_create (&searcher->stemmer, err);
    if (code)
        sks_searcher_close (&searcher);
    *out = searcher;
    return code;
}

void
sks_searcher_close (sks_searcher **searcher_p)
{
    sks_searcher *searcher = *searcher_p;
    if (!searcher)
        return;
    *searcher_p = NULL;
    sks_reader_close (&searcher->reader);
    sks_stemmer_destroy (&searcher->stemmer);
    sks_arena_destroy (&searcher->arena);
    sks_generation_release (&searcher->generation);
    free (searcher);
}

sks_generation *
sks_searcher_generation (sks_searcher *searcher)
{
    return searcher->generation;
}

static uint64_t
now_us (void)
{
    struct timespec t;
    clock_gettime (CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static sks_matching
matching_of (sks_searcher *searcher, sks_error *err)
{
    return (sks_matching) { searcher->generation, sks_generation_store (searcher->generation), searcher->reader,
                            searcher->stemmer, searcher->arena, &searcher->words, NULL, err };
}

/* ------------------------------------------------------------------- search */

static int
check_query (const sks_query *query, sks_error *err)
{
    if (query->limit > SKS_MAX_LIMIT)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_LIMIT);
    if ((uint64_t) query->offset + query->limit > SKS_MAX_WINDOW)
        return sks_fail (err, SKS_ELIMIT, "/offset: offset + limit is at most %d", SKS_MAX_WINDOW);
    return 0;
}

static int
parse (struct answer *a)
{
    const char *text = a->query->text ? a->query->text : "";
    size_t size = strlen (text), bad;
    if (!sks_utf8_valid (text, size, &bad))
        return sks_fail_at (a->m.err, SKS_EQUERYSYNTAX, (long) bad, "the query is not valid UTF-8");
    int code = sks_query_parse (&a->tree, a->m.arena, text, size, a->m.err);
    return code ? code : sks_leaves_find (&a->m, a->tree.root);
}

/* Decide how much must match. The choice hangs on text and generation alone:
 * filters and pages come later. */
static int
match (struct answer *a)
{
    int code = sks_match_set (&a->m, a->tree.root, SKS_AMOUNT_ALL, &a->all);
    a->amount = SKS_AMOUNT_ALL;
    if (!code && a->query->match == SKS_MATCH_ANY)
        a->amount = SKS_AMOUNT_ANY;
    else if (!code && a->query->match == SKS_MATCH_AUTO && a->tree.bag && a->all.count < ENOUGH_MATCHES)
        a->amount = SKS_AMOUNT_QUARTER;
    a->set = a->all;
    if (code || a->amount == SKS_AMOUNT_ALL)
        return code;
    return sks_match_set (&a->m, a->tree.root, a->amount, &a->set);
}

static int
count (struct answer *a)
{
    sks_tally tally;
    sks_facet_counts *facets = NULL;
    sks_arena *arena = sks_result_arena (a->result);
    int code = sks_filter_make (&a->fails, a->m.arena, a->m.store, a->query, a->m.err);
    if (code)
        return code;
    if (a->query->facet_count) {
        code = sks_facets_count (&tally, a->m.arena, a->m.store, &a->set, &a->fails, a->query, a->m.err);
        if (!code)
            code = sks_facets_list (&tally, a->m.store, a->query, arena, &facets, a->m.err);
        a->result->total = tally.total;
        a->result->facets = facets;
        a->result->facet_count = a->query->facet_count;
    } else
        a->result->total = sks_facets_total (a->m.store, &a->set, &a->fails);
    a->result->matched_all = a->amount == SKS_AMOUNT_ALL ? a->result->total
                                                         : sks_facets_total (a->m.store, &a->all, &a->fails);
    return code;
}

/* Shares name words: these must live as long as the result, not as the query. */
static int
keep_words (struct answer *a, sks_ranked_word *words, size_t count)
{
    for (size_t i = 0; i < count && a->query->want & SKS_WANT_EXPLAIN; i++)
        if (!(words[i].word = sks_arena_copy (sks_result_arena (a->result), words[i].word, strlen (words[i].word))))
            return sks_fail_memory (a->m.err);
    return 0;
}

/* The best first, with feedback. */
static int
choose_best (struct answer *a, sks_scored *best, size_t want, size_t *found)
{
    int code = sks_scorer_best (&a->scorer, &a->set, &a->fails, want, best, found, a->m.err);
    size_t depth = *found < SKS_RANK_FEEDBACK_DEPTH ? *found : SKS_RANK_FEEDBACK_DEPTH;
    return code ? code : sks_feedback_apply (&a->scorer, &a->m, best, depth);
}

/* The worst first: the very order of the best, read from its end. Feedback
 * moves only the best of them, so only a page that reaches them asks for it. */
static int
choose_worst (struct answer *a, sks_scored *worst, size_t want, size_t *found)
{
    sks_scored best[SKS_RANK_FEEDBACK_DEPTH];
    size_t count;
    int code = sks_scorer_best (&a->scorer, &a->set, &a->fails, want, worst, found, a->m.err);
    if (code || *found + SKS_RANK_FEEDBACK_DEPTH <= a->result->total)
        return code;
    a->scorer.reverse = false;
    code = choose_best (a, best, SKS_RANK_FEEDBACK_DEPTH, &count);
    for (size_t i = 0; !code && i < count; i++) {
        size_t place = a->result->total - 1 - i;
        if (place < *found)
            worst[place] = best[i];
    }
    return code;
}

/* The page's statements, best or first in order. */
static int
choose (struct answer *a, sks_scored **page, size_t *found)
{
    const sks_query *query = a->query;
    sks_ranked_word *words;
    size_t count, want = (size_t) query->offset + query->limit;
    want = want < SKS_RANK_FEEDBACK_DEPTH ? SKS_RANK_FEEDBACK_DEPTH : want;
    int code = sks_match_ranked (&a->m, a->tree.root, &words, &count);
    if (!code)
        code = keep_words (a, words, count);
    if (!code)
        code = sks_scorer_make (&a->scorer, &a->m, words, count, query->reverse);
    bool ranked = query->sort == SKS_SORT_RELEVANCE && count;
    *page = code ? NULL : sks_arena_array (a->m.arena, want + 1, sizeof **page);
    *found = 0;
    if (!code && !*page)
        code = sks_fail_memory (a->m.err);
    if (code || !query->limit)
        return code;
    if (!ranked) {
        sks_query by_id = *query;
        by_id.sort = query->sort == SKS_SORT_RELEVANCE ? SKS_SORT_ID : query->sort;
        return sks_order_page (a->m.store, a->m.arena, &a->set, &a->fails, &by_id, *page, found, a->m.err);
    }
    code = (query->reverse ? choose_worst : choose_best) (a, *page, want, found);
    size_t skipped = *found < query->offset ? *found : query->offset;
    *page += skipped;
    *found -= skipped;
    *found = *found < query->limit ? *found : query->limit;
    return code;
}

static int
fill_hits (struct answer *a, const sks_scored *page, size_t found)
{
    sks_arena *arena = sks_result_arena (a->result);
    sks_hit *hits = sks_arena_array (arena, found + 1, sizeof *hits);
    int code = hits ? 0 : sks_fail_memory (a->m.err);
    for (size_t i = 0; !code && i < found; i++)
        code = sks_hit_fill (&hits[i], &a->m, a->tree.root, &a->scorer, a->query, page[i], arena);
    a->result->hits = hits;
    a->result->hit_count = found;
    return code;
}

/* What the reply says about the reading of the query. */
static int
describe (struct answer *a)
{
    sks_arena *arena = sks_result_arena (a->result);
    sks_buffer reading = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES * 8);
    sks_reading_put (&reading, a->tree.root, a->amount);
    const char *text = sks_buffer_text (&reading);
    const char **ignored = sks_arena_array (arena, a->tree.ignored_count + 1, sizeof *ignored);
    a->result->read_as = text ? sks_arena_copy (arena, text, reading.size) : NULL;
    sks_buffer_free (&reading);
    if (!a->result->read_as || !ignored)
        return sks_fail_memory (a->m.err);
    for (size_t i = 0; i < a->tree.ignored_count; i++)
        if (!(ignored[i] = sks_arena_copy (arena, a->tree.ignored[i], strlen (a->tree.ignored[i]))))
            return sks_fail_memory (a->m.err);
    a->result->ignored = ignored;
    a->result->ignored_count = a->tree.ignored_count;
    a->result->relaxed = a->amount == SKS_AMOUNT_QUARTER;
    a->result->generation = a->m.store->generation;
    return 0;
}

static int
answer (struct answer *a)
{
    sks_scored *page;
    size_t found;
    int code = check_query (a->query, a->m.err);
    if (!code)
        code = parse (a);
    if (!code)
        code = match (a);
    if (!code)
        code = count (a);
    if (!code)
        code = choose (a, &page, &found);
    if (!code)
        code = fill_hits (a, page, found);
    return code ? code : describe (a);
}

/* Give the result out, or free it after a failure. */
static int
finish (sks_result *result, int code, uint64_t start, sks_result **out)
{
    if (code)
        sks_result_destroy (&result);
    else
        result->took_us = now_us () - start;
    *out = result;
    return code;
}

int
sks_searcher_search (sks_searcher *searcher, const sks_query *query, sks_result **out, sks_error *err)
{
    uint64_t start = now_us ();
    struct answer a = { .m = matching_of (searcher, err), .query = query, .result = sks_result_create () };
    sks_arena_clear (searcher->arena);
    int code = a.result ? answer (&a) : sks_fail_memory (err);
    return finish (a.result, code, start, out);
}

/* ---------------------------------------------------------------------- get */

int
sks_searcher_get (sks_searcher *searcher, const char *const *ids, size_t count, sks_result **out, sks_error *err)
{
    uint64_t start = now_us ();
    sks_matching m = matching_of (searcher, err);
    sks_result *result = sks_result_create ();
    *out = NULL;
    sks_arena *arena = result ? sks_result_arena (result) : NULL;
    sks_hit *hits = arena ? sks_arena_array (arena, count + 1, sizeof *hits) : NULL;
    const char **missing = arena ? sks_arena_array (arena, count + 1, sizeof *missing) : NULL;
    int code = hits && missing ? 0 : sks_fail_memory (err);
    if (count > SKS_MAX_IDS)
        code = sks_fail (err, SKS_ELIMIT, "/ids: at most %d", SKS_MAX_IDS);
    for (size_t i = 0; !code && i < count; i++) {
        uint32_t statement = sks_store_find (m.store, ids[i]);
        if (statement == SKS_NONE) {
            char *copy = sks_arena_copy (arena, ids[i], strlen (ids[i]));
            missing[result->missing_count++] = copy;
            code = copy ? 0 : sks_fail_memory (err);
        } else
            code = sks_hit_fill (&hits[result->hit_count++], &m, NULL, NULL, NULL, (sks_scored) { 0, statement, 0 }, arena);
    }
    if (!code) {
        result->generation = m.store->generation;
        result->hits = hits;
        result->missing = missing;
    }
    return finish (result, code, start, out);
}
