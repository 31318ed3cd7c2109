/* search.c - one query from text to result, step by step. */
#include "search.h"

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/utf8.h"
#include "capitals.h"
#include "collapse.h"
#include "facets.h"
#include "hit.h"
#include "leaf.h"
#include "order.h"
#include "prose.h"
#include "reading.h"
#include "selection.h"
#include "spelling.h"
#include "split.h"
#include "meaning.h"
#include "nearness.h"
#include "neighbours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
sks_search_check (const sks_query *query, sks_error *err)
{
    if (query->collapse > SKS_MAX_COLLAPSE)
        return sks_fail (err, SKS_ELIMIT, "/collapse: at most %d", SKS_MAX_COLLAPSE);
    if (query->limit > SKS_MAX_LIMIT)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_LIMIT);
    if ((uint64_t) query->offset + query->limit > SKS_MAX_WINDOW)
        return sks_fail (err, SKS_ELIMIT, "/offset: offset + limit is at most %d", SKS_MAX_WINDOW);
    return 0;
}

int
sks_search_read (sks_search *a)
{
    const char *text = a->query->text ? a->query->text : "";
    size_t size = strlen (text), bad;
    if (!sks_utf8_valid (text, size, &bad))
        return sks_fail_at (a->m.err, SKS_EQUERYSYNTAX, (long) bad, "the query is not valid UTF-8");
    a->m.split = sks_split_find;
    const sks_labels labels = { &a->m.snapshot->facets, a->m.budget };
    int code = sks_query_parse (&a->tree, a->m.arena, &labels, text, size, a->m.err);
    a->m.notes = &a->tree.notes;
    if (!code)
        code = sks_leaf_find (&a->m, a->tree.root);
    if (!code)
        code = sks_capitals_drop (&a->m, &a->tree, a->tree.root);
    return code ? code : sks_neighbours_join (&a->m, &a->tree, a->tree.root);
}

int
sks_search_name (sks_search *a)
{
    char text[SKS_MAX_QUERY_BYTES + 128];
    int code = sks_named_find (&a->m, &a->tree, &a->named);
    if (code || !a->named.count)
        return code;
    const char *query = sks_named_query (&a->tree, a->m.arena);
    bool one = a->named.count == 1;
    snprintf (text, sizeof text, "the statements of %zu %s are found too, by %s; %s finds these alone", a->named.count,
              one ? "occupation" : "occupations", one ? "its title" : "their titles",
              query ? query : "title: with these words");
    return sks_notes_add (&a->tree.notes, a->m.arena, SKS_NOTE_TITLE, a->named.at, text, a->m.err);
}

/* Add the statements of the occupations that the query names. */
static int
match_named (sks_search *a)
{
    int code = sks_search_name (a);
    return code || !a->named.count ? code : sks_named_add (&a->m, &a->named, &a->set);
}

static bool
uses_near_words (const sks_search *a)
{
    const sks_matching *m = &a->m;
    return (m->snapshot->thesaurus || m->semantics || m->snapshot->sense) && !a->query->plain && a->tree.plain;
}

/* Whether there is no hit that near words could reorder, and no word that they could replace. False without a result:
 * then hits were not counted. */
static bool
finds_nothing (const sks_search *a)
{
    return a->result && !a->result->total && !sks_near_terms_may_replace (&a->tree, a->words, a->word_count);
}

/* Find the words used for ranking, and their near words. A query of one word uses near words only to find statements:
 * those that contain the word itself gain nothing by them. */
static int
find_ranked (sks_search *a, bool meaning)
{
    if (a->words)
        return 0;
    int code = sks_ranked_find (&a->m, a->tree.root, &a->words, &a->word_count);
    if (!code && uses_near_words (a) && (meaning || (a->tree.bag && !finds_nothing (a))))
        code = sks_near_terms_make (&a->nearness, &a->m, &a->tree, a->words, a->word_count);
    return code;
}

/* List the statements that are in the set only because of near words. */
static int
list_brought (sks_search *a, const sks_set *by_words, const sks_meaning *meaning)
{
    sks_set brought;
    if (!sks_set_without (&brought, a->m.arena, &a->set, by_words))
        return sks_fail_memory (a->m.err);
    uint32_t *list = sks_arena_room (a->m.arena, brought.count + (size_t) 1, sizeof *list), count = 0;
    float *gains = sks_arena_room (a->m.arena, brought.count + (size_t) 1, sizeof *gains);
    if (!list || !gains)
        return sks_fail_memory (a->m.err);
    sks_set_walk walk = { .set = &brought };
    while (sks_set_walk_next (&walk, &list[count])) {
        gains[count] = SKS_RANK_MEANING * meaning->brought[list[count]];
        count++;
    }
    a->brought = list;
    a->brought_gains = gains;
    a->brought_count = count;
    return 0;
}

/* Add the statements that near words find. */
static int
match_meaning (sks_search *a)
{
    sks_meaning meaning;
    sks_set sets[2] = { a->set };
    int code = find_ranked (a, true);
    if (code || !a->nearness)
        return code;
    code = sks_meaning_find (&meaning, a->nearness, &a->m);
    a->tree.plain->set = &meaning.set;
    if (!code)
        code = sks_match_set (&a->m, a->tree.root, SKS_AMOUNT_MEANING, &sets[1]);
    a->tree.plain->set = NULL;
    if (!code && !sks_set_or (&a->set, a->m.arena, sets, 2))
        code = sks_fail_memory (a->m.err);
    if (code || a->set.count == sets[0].count)
        return code;
    a->amount = SKS_AMOUNT_MEANING;
    return list_brought (a, &sets[0], &meaning);
}

/* Whether statements found by near words are wanted too: in SKS_MATCH_MEANING always; in SKS_MATCH_AUTO if few match
 * otherwise, and the query has plain words only. */
static int
want_meaning (sks_search *a, bool *out)
{
    uint32_t count = a->set.count;
    int code = 0;
    *out = uses_near_words (a) && a->query->match == SKS_MATCH_MEANING;
    if (*out || !uses_near_words (a) || a->query->match != SKS_MATCH_AUTO || a->tree.root != a->tree.plain)
        return 0;
    if (count >= SKS_ENOUGH_MATCHES && a->amount != SKS_AMOUNT_ALL)
        code = find_ranked (a, true);
    if (!code && count >= SKS_ENOUGH_MATCHES && a->nearness)
        code = sks_meaning_count (a->nearness, &a->m, a->tree.plain, &a->set, &count);
    *out = count < SKS_ENOUGH_MATCHES;
    return code;
}

/* The share of the words that must match before near words are used. */
static int
choose_amount (const sks_search *a)
{
    bool relaxes = sks_bag_may_relax (a->tree.bag);
    if (a->query->match == SKS_MATCH_ANY)
        return SKS_AMOUNT_ANY;
    if (a->query->match == SKS_MATCH_MEANING && relaxes)
        return SKS_AMOUNT_THIRD;
    if (a->query->match == SKS_MATCH_AUTO && relaxes && a->all.count < SKS_ENOUGH_MATCHES)
        return uses_near_words (a) ? SKS_AMOUNT_SHARE : SKS_AMOUNT_QUARTER;
    return SKS_AMOUNT_ALL;
}

/* Decide how much must match. The choice depends on text and generation alone:
 * filters and pages come later. */
int
sks_search_match (sks_search *a)
{
    int match = a->query->match, code = sks_search_read (a);
    bool meaning;
    if (!code)
        code = sks_match_set (&a->m, a->tree.root, SKS_AMOUNT_ALL, &a->all);
    if (code)
        return code;
    a->amount = choose_amount (a);
    a->set = a->all;
    if (a->amount != SKS_AMOUNT_ALL)
        code = sks_match_set (&a->m, a->tree.root, a->amount, &a->set);
    if (!code)
        code = want_meaning (a, &meaning);
    if (!code && meaning)
        code = match_meaning (a);
    if (!code && match == SKS_MATCH_AUTO && a->all.count < SKS_ENOUGH_MATCHES)
        code = match_named (a);
    return code;
}

int
sks_search_count (sks_search *a)
{
    sks_tally tally;
    sks_facet_counts *facets = NULL;
    sks_arena *arena = sks_result_arena (a->result);
    int code = sks_filter_read (&a->query, &a->m, &a->tree.notes);
    if (!code)
        code = sks_filter_make (&a->fails, a->m.arena, &a->m.snapshot->facets, a->query, a->m.err);
    if (code)
        return code;
    if (a->query->facet_count) {
        code = sks_facets_count (&tally, a->m.arena, &a->m.snapshot->facets, &a->set, &a->fails, a->query, a->m.err);
        if (!code)
            code = sks_facets_list (&tally, &a->m.snapshot->facets, a->query, arena, a->m.budget, &facets, a->m.err);
        a->result->total = tally.total;
        a->result->facets = facets;
        a->result->facet_count = a->query->facet_count;
    } else
        code = sks_facets_total (&a->result->total, a->m.arena, &a->m.snapshot->facets, &a->set, &a->fails, a->m.err);
    a->result->matched_all = a->result->total;
    if (code || (a->amount == SKS_AMOUNT_ALL && !a->named.count))
        return code;
    return sks_facets_total (&a->result->matched_all, a->m.arena, &a->m.snapshot->facets, &a->all, &a->fails, a->m.err);
}

/* Copy the words, because shares refer to them as long as the result lives. */
static int
keep_words (sks_search *a, sks_ranked_word *words, size_t count)
{
    for (size_t i = 0; i < count && a->query->want & SKS_WANT_EXPLAIN; i++)
        if (!(words[i].word = sks_arena_copy (sks_result_arena (a->result), words[i].word, strlen (words[i].word))))
            return sks_fail_memory (a->m.err);
    return 0;
}

int
sks_search_rank (sks_search *a)
{
    int code = find_ranked (a, false);
    if (!code)
        code = keep_words (a, a->words, a->word_count);
    if (!code)
        sks_scorer_make (&a->scorer, &a->m, a->words, a->word_count, a->query->reverse);
    a->scorer.collapse = a->query->collapse;
    a->scorer.nearness = a->nearness;
    a->scorer.brought = a->brought;
    a->scorer.brought_gains = a->brought_gains;
    a->scorer.brought_count = a->brought_count;
    if (!code && a->amount >= SKS_AMOUNT_QUARTER)
        code = sks_scorer_boost_full (&a->scorer, &a->all, a->m.err);
    if (!code)
        sks_scorer_boost_named (&a->scorer, &a->named);
    return code;
}

/* Write the first `want` statements by relevance to `page`, of which those before the offset are not shown. */
static int
choose_ranked (sks_search *a, size_t want, sks_scored *page, size_t *found)
{
    const sks_query *query = a->query;
    const sks_selection selection = { &a->m, &a->scorer, &a->set, &a->fails, query->collapse };
    if (query->reverse)
        return sks_selection_worst (&selection, want, a->result->total, page, found);
    if (query->collapse)
        return sks_selection_collapsed (&selection, want, page, found);
    return sks_selection_best (&selection, want, (size_t) query->offset + query->limit, page, found);
}

int
sks_search_choose (sks_search *a, sks_scored **page, size_t *found)
{
    const sks_query *query = a->query;
    size_t want = (size_t) query->offset + query->limit;
    *page = NULL;
    *found = 0;
    if (!a->set.count && !uses_near_words (a))
        return 0;
    int code = sks_search_rank (a);
    size_t depth = sks_selection_depth (&a->scorer);
    want = want < depth ? depth : want;
    bool ranked = query->sort == SKS_SORT_RELEVANCE && (a->scorer.count || a->brought_count);
    *page = code ? NULL : sks_arena_array (a->m.arena, want + 1, sizeof **page);
    if (!code && !*page)
        code = sks_fail_memory (a->m.err);
    if (code || !query->limit)
        return code;
    if (!ranked) {
        sks_query browsed = *query;
        browsed.sort = query->sort == SKS_SORT_RELEVANCE ? SKS_SORT_OCCUPATION : query->sort;
        return sks_order_page (a->m.store, a->m.arena, &a->set, &a->fails, &browsed, *page, found, a->m.err);
    }
    code = choose_ranked (a, want, *page, found);
    size_t skipped = *found < query->offset ? *found : query->offset;
    *page += skipped;
    *found -= skipped;
    *found = *found < query->limit ? *found : query->limit;
    return code;
}

int
sks_search_fill (sks_search *a, const sks_scored *page, size_t found)
{
    sks_arena *arena = sks_result_arena (a->result);
    sks_hit *hits = sks_arena_array (arena, found + 1, sizeof *hits);
    int code = hits ? 0 : sks_fail_memory (a->m.err);
    for (size_t i = 0; !code && i < found; i++) {
        code = sks_hit_fill (&hits[i], &a->m, a->tree.root, &a->scorer, a->query, page[i], arena);
        hits[i].more =
            sks_collapse_more (a->m.store, &a->set, a->counts, &a->fails, a->query->collapse, page[i].statement);
    }
    a->result->hits = hits;
    a->result->hit_count = found;
    return code;
}

/* List the words that no statement contains. */
static int
describe_unknown (sks_search *a)
{
    const sks_query_word *words[SKS_MAX_QUERY_WORDS];
    size_t count;
    int code = sks_match_unknown (&a->m, a->tree.root, words, &count);
    const char **list = code ? NULL : sks_arena_array (sks_result_arena (a->result), count + 1, sizeof *list);
    if (!list)
        return code ? code : sks_fail_memory (a->m.err);
    for (size_t i = 0; i < count; i++) {
        const sks_query_word *word = words[i];
        if (!(list[i] = sks_arena_copy (sks_result_arena (a->result), word->form, word->size)))
            return sks_fail_memory (a->m.err);
    }
    a->result->unknown = list;
    a->result->unknown_count = count;
    return 0;
}

int
sks_search_describe (sks_search *a)
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
        if (!(ignored[i] = sks_arena_copy (arena, a->tree.ignored[i].form, a->tree.ignored[i].size)))
            return sks_fail_memory (a->m.err);
    a->result->ignored = ignored;
    a->result->ignored_count = a->tree.ignored_count;
    int code = sks_notes_copy (&a->tree.notes, arena, &a->result->notes, &a->result->note_count, a->m.err);
    if (!code)
        code = describe_unknown (a);
    if (code)
        return code;
    if (a->scorer.nearness)
        code = sks_nearness_list (a->scorer.nearness, false, arena, &a->result->near, &a->result->near_count, a->m.err);
    a->result->relaxed = a->query->match == SKS_MATCH_AUTO && a->amount != SKS_AMOUNT_ALL;
    a->result->generation = a->m.store->generation;
    return code;
}

int
sks_search_show (sks_search *a, const sks_scored *page, size_t found)
{
    int code = sks_search_fill (a, page, found);
    return code ? code : sks_search_describe (a);
}

/* If nothing is found, suggest a search for the titles that have all words. */
static int
suggest_titles (sks_search *a, sks_suggestion *out)
{
    sks_arena *arena = sks_result_arena (a->result);
    sks_named named;
    int code = sks_named_find (&a->m, &a->tree, &named);
    if (code || !named.count || !(out->query = sks_named_query (&a->tree, arena)))
        return code;
    out->word = sks_arena_copy (arena, a->query->text, strlen (a->query->text));
    out->replacement = out->query;
    return out->word ? 0 : sks_fail_memory (a->m.err);
}

static int
try_query (sks_search *a, sks_search *trial, uint64_t *count)
{
    int code = sks_search_match (trial);
    if (code)
        return code;
    return sks_facets_total (count, a->m.arena, &a->m.snapshot->facets, &trial->set, &a->fails, trial->m.err);
}

/* Whether another query finds what it must to be suggested. */
static bool
finds (const sks_search *other, const sks_search *a, enum sks_corrected_finds required)
{
    if (required == SKS_FINDS_SOME)
        return other->set.count > 0;
    bool more = (required == SKS_FINDS_MORE || !a->set.count) && other->set.count > a->set.count;
    return other->all.count == a->all.count ? more : other->all.count > a->all.count;
}

/* Whether another query excludes less. With other words, a line may be a sentence, whose NOT is a word. */
static bool
excludes_less (const sks_search *a, const char *text)
{
    const sks_labels labels = { &a->m.snapshot->facets, a->m.budget };
    sks_query_tree tree;
    sks_error ignored;
    return sks_query_parse (&tree, a->m.arena, &labels, text, strlen (text), &ignored) == 0 &&
           sks_query_exclusions (tree.root) < sks_query_exclusions (a->tree.root);
}

/* Suggest a query if it is valid, excludes as much and finds enough. Its count is the total of a search for it with the
 * same filters. */
static int
offer (sks_search *a, sks_suggestion *suggestion, enum sks_corrected_finds required)
{
    if (excludes_less (a, suggestion->query))
        return 0;
    sks_query offered = *a->query;
    sks_error err;
    sks_search trial = { .m = a->m, .query = &offered };
    offered.text = suggestion->query;
    trial.m.err = &err;
    uint64_t count = 0;
    int code = (a->try_query ? a->try_query : try_query) (a, &trial, &count);
    if (code == SKS_EQUERYSYNTAX || code == SKS_ETOOCOMPLEX || code == SKS_EUNSUPPORTED)
        return 0;
    if (code)
        return sks_fail (a->m.err, code, "%s", err.text);
    if (!finds (&trial, a, required))
        return 0;
    a->result->suggestion = *suggestion;
    a->result->suggestion.count = count;
    return 0;
}

/* If a query with operators finds nothing, suggest its words without them, with a note.
 *   corrected  the query with corrections, whose words are suggested instead; or NULL */
static int
suggest_words (sks_search *a, const char *corrected)
{
    sks_arena *arena = sks_result_arena (a->result);
    const sks_labels labels = { &a->m.snapshot->facets, a->m.budget };
    sks_query_tree tree;
    sks_word first, other;
    sks_suggestion suggestion = { .query = sks_prose_text (&a->tree, a->query->text, arena, &first) };
    if (!suggestion.query)
        return 0;
    sks_error ignored;
    if (corrected && sks_query_parse (&tree, a->m.arena, &labels, corrected, strlen (corrected), &ignored) == 0)
        suggestion.query = sks_prose_text (&tree, corrected, arena, &other);
    if (!suggestion.query)
        return 0;
    suggestion.word = sks_arena_copy (arena, a->query->text + first.start, first.end - first.start);
    suggestion.replacement = suggestion.query;
    int code =
        suggestion.word && suggestion.replacement ? offer (a, &suggestion, SKS_FINDS_SOME) : sks_fail_memory (a->m.err);
    if (code || !a->result->suggestion.word)
        return code;
    code = sks_notes_add (&a->tree.notes, a->m.arena, SKS_NOTE_OPERATORS, first.start, NULL, a->m.err);
    return code ? code : sks_notes_copy (&a->tree.notes, arena, &a->result->notes, &a->result->note_count, a->m.err);
}

int
sks_search_suggest (sks_search *a)
{
    sks_suggestion suggestion;
    enum sks_corrected_finds required = SKS_FINDS_SOME;
    int code = sks_spelling_correct (&suggestion, &a->m, &a->tree, a->nearness, a->query->text,
                                     sks_result_arena (a->result), &required);
    /* Corrections that need more statements with all words have no such evidence here. */
    const char *corrected = required == SKS_FINDS_ALL_WORDS ? NULL : suggestion.query;
    if (!code && !suggestion.word && !a->set.count)
        code = suggest_titles (a, &suggestion);
    if (!code && suggestion.word)
        code = offer (a, &suggestion, required);
    if (!code && !a->result->suggestion.word && !a->set.count)
        code = suggest_words (a, corrected);
    return code;
}

static int
answer (sks_search *a)
{
    sks_scored *page;
    size_t found;
    int code = sks_search_check (a->query, a->m.err);
    if (!code)
        code = sks_search_match (a);
    if (!code)
        code = sks_search_count (a);
    if (!code)
        code = sks_search_choose (a, &page, &found);
    if (!code)
        code = sks_search_show (a, page, found);
    return code ? code : sks_search_suggest (a);
}

int
sks_search_finish (const sks_matching *m, sks_result *result, int code, uint64_t start, sks_result **out)
{
    if (!code)
        code = sks_budget_status (m->budget, m->err);
    if (code)
        sks_result_destroy (&result);
    else
        result->took_us = sks_clock_us () - start;
    *out = result;
    return code;
}

int
sks_searcher_search (sks_searcher *searcher, const sks_query *query, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    sks_search a = { .m = sks_searcher_matching (searcher, err), .query = query, .result = sks_result_create () };
    int code = a.result ? answer (&a) : sks_fail_memory (err);
    return sks_search_finish (&a.m, a.result, code, start, out);
}
