/* check_exact.c - compares every short cut of the engine with plain loops over all statements: matches, counts, the
 * best hits, and their scores to the last bit.
 *
 * Queries are random words of a generated index that is large enough for windows, bits and places: 12,000 statements of
 * 300 words, some in every third statement, many twice in one. A second one has several blocks of postings, of 65,536
 * statements each. SKS_EXACT_INDEX names another index, for which SKS_EXACT_QUERIES is the number of queries (50). */
#include "core/base/result.h"
#include "core/engine/contenders.h"
#include "core/engine/context.h"
#include "core/engine/facets.h"
#include "core/engine/generation.h"
#include "core/engine/search.h"
#include "tests/support/engine.h"
#include "tests/support/sample.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_exact (void);

#define OCCUPATIONS 40
#define LINES 75       /* statements of a cell */
#define MANY_LINES 825 /* the same of the index with two blocks and a part of a third one */
#define VOCABULARY 300
#define BEST 100

static sks_generation *generation;
static sks_searcher *searcher;
static const sks_store *store;
static char *folder;
static unsigned state, queries, lines;
static unsigned compared, crowded; /* queries with contenders, and with too many of them */

/* -------------------------------------------------------------------- index */
/* A word; small numbers are frequent. */
static void
put_word (char *out, size_t room)
{
    static const char *const stop[] = { "the", "of", "and" };
    unsigned number = engine_draw (&state, engine_draw (&state, VOCABULARY) + 1);
    if (engine_draw (&state, 8) == 0)
        snprintf (out, room, "%s", stop[number % 3]);
    else
        snprintf (out, room, "%c%c%cx%s", 'b' + number % 7, 'a' + number / 7 % 5, 'b' + number / 35,
                  engine_draw (&state, 5) ? "" : "ing");
}

static char *
make_level (void)
{
    char *text = calloc (lines, 256), word[32];
    ck_assert_ptr_nonnull (text);
    for (unsigned line = 0, at = 0; line < lines; line++) {
        for (unsigned i = engine_draw (&state, 12) + 2; i; i--) {
            put_word (word, sizeof word);
            at += (unsigned) sprintf (text + at, "%s%s", word, i > 2 && engine_draw (&state, 15) == 0 ? " — " : " ");
        }
        at += (unsigned) sprintf (text + at, "n%u\n", engine_draw (&state, 1000000));
    }
    return text;
}

static void
make_exports (const char *exports)
{
    static const char *const groups[] = { "Office & Administrative Support", "Construction & Extraction",
                                          "Computer & Mathematical" };
    static const char *const prefixes[] = { "43", "47", "15" };
    static const char *const sectors[] = { "55", "23", NULL };
    for (unsigned i = 0; i < OCCUPATIONS; i++) {
        char soc[16], name[32], title[80], one[32], two[32], *levels[SKS_LEVELS];
        put_word (one, sizeof one);
        put_word (two, sizeof two);
        snprintf (soc, sizeof soc, "%s-%04u.00", prefixes[i % 3], 1000 + i);
        snprintf (name, sizeof name, "%s.json", soc);
        snprintf (title, sizeof title, "Workers %s %s", one, two);
        sample_occupation row = {
            .soc = soc, .title = title, .group = groups[i % 3], .sector = sectors[i % 3], .zone = (int) (i % 6)
        };
        for (int level = 0; level < SKS_LEVELS; level++)
            row.levels[level] = levels[level] = make_level ();
        sample_put (exports, name, &row);
        for (int level = 0; level < SKS_LEVELS; level++)
            free (levels[level]);
    }
}

/* Open an index of cells of `of_cell` statements. */
static void
open_sized (unsigned of_cell, unsigned most)
{
    sks_error err;
    const char *other = getenv ("SKS_EXACT_INDEX"), *count = getenv ("SKS_EXACT_QUERIES");
    state = 4711;
    lines = of_cell;
    queries = other ? count ? (unsigned) atoi (count) : 50 : most;
    if (!other) {
        char *exports = sample_folder ();
        folder = sample_folder ();
        make_exports (exports);
        sample_index (folder, exports);
        sample_remove (exports);
    }
    ck_assert_msg (sks_generation_open (&generation, other ? other : folder, &err) == 0, "%s", err.text);
    ck_assert_msg (sks_searcher_open (&searcher, generation, &err) == 0, "%s", err.text);
    store = sks_generation_snapshot (generation)->store;
    ck_assert_uint_gt (store->statements, 10000);
}

static void
open_index (void)
{
    open_sized (LINES, 1500);
}

static void
open_blocks (void)
{
    open_sized (MANY_LINES, 60);
    if (!getenv ("SKS_EXACT_INDEX"))
        ck_assert_uint_gt (store->statements, 2 * SKS_PACKED_BLOCK);
}

static void
close_index (void)
{
    sks_searcher_close (&searcher);
    sks_generation_release (&generation);
    if (folder)
        sample_remove (folder);
    folder = NULL;
}

/* ------------------------------------------------------------------ queries */
/* `count` neighbouring words of some statement, with spaces between. */
static void
draw_words (unsigned count, char *out, size_t room)
{
    static sks_words words;
    do
        sks_words_read (&words, store, engine_draw (&state, store->statements));
    while (words.count < count);
    uint32_t first = engine_draw (&state, words.count - count + 1);
    *out = '\0';
    for (uint32_t i = first; i < first + count; i++) {
        const sks_form *form = &store->form[words.form[i]];
        size_t used = strlen (out);
        snprintf (out + used, room - used, "%s%.*s", i > first ? " " : "", form->size, store->strings + form->text);
    }
}

static void
draw_text (char *out, size_t room)
{
    static const char *const shapes[] = { "%s",      "%s %s",        "%s %s",     "\"%s\"",      "\"%s\" %s",
                                          "=\"%s\"", "%s OR \"%s\"", "%s NOT %s", "duty:\"%s\"", "\"%s\" OR =\"%s\"" };
    char one[400], two[400];
    size_t shape = engine_draw (&state, sizeof shapes / sizeof *shapes);
    draw_words (2 + engine_draw (&state, 2), one, sizeof one);
    draw_words (1 + engine_draw (&state, 2), two, sizeof two);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf (out, room, shapes[shape], one, two);
#pragma GCC diagnostic pop
}

static void
draw_query (sks_query *query, const char *text)
{
    static const char *const levels[] = { "developing", "advanced" };
    static const char *const groups[] = { "43", "15" }, *const sectors[] = { "55", "none" };
    static const char *const occupations[] = { "47-", "43-1000.00", "15-1002.00" };
    *query = (sks_query) SKS_QUERY_INIT;
    query->text = text;
    query->match = engine_draw (&state, 2) ? SKS_MATCH_ANY : SKS_MATCH_ALL;
    query->reverse = engine_draw (&state, 6) == 0;
    query->collapse = engine_draw (&state, 4) ? 0 : 1 + engine_draw (&state, 3);
    query->facet_count = SKS_FACETS;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        query->facets[facet] = (sks_facet_ask) { facet, 10, NULL, 0 };
    if (engine_draw (&state, 3) == 0)
        query->filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 1 + engine_draw (&state, 2), 0, 0 };
    if (engine_draw (&state, 4) == 0)
        query->filter[SKS_FACET_GROUP] = (sks_filter) { groups, 1 + engine_draw (&state, 2), 0, 0 };
    if (engine_draw (&state, 6) == 0)
        query->filter[SKS_FACET_SECTOR] = (sks_filter) { sectors, 1 + engine_draw (&state, 2), 0, 0 };
    if (engine_draw (&state, 8) == 0)
        query->filter[SKS_FACET_OCCUPATION] = (sks_filter) { occupations, 1 + engine_draw (&state, 3), 0, 0 };
    if (engine_draw (&state, 8) == 0)
        query->filter[SKS_FACET_ZONE] = (sks_filter) { NULL, 0, 1 + (int) engine_draw (&state, 3), 4 };
}

/* ---------------------------------------------------------------- references */
static bool
leaf_holds (const sks_node *leaf, const sks_words *words)
{
    uint32_t count = leaf->field == SKS_FIELD_DUTY ? words->duty : words->count;
    for (uint32_t at = 0; at + leaf->word_count <= count; at++)
        if (sks_words_match (words, store, at, at + (uint32_t) leaf->word_count, leaf->matchers, leaf->word_count))
            return true;
    return false;
}

static bool
holds (const sks_node *node, int amount, const sks_words *words)
{
    bool any = node->kind == SKS_NODE_OR || (node->kind == SKS_NODE_BAG && amount == SKS_AMOUNT_ANY);
    if (node->word_count)
        return leaf_holds (node, words) || (node->other && leaf_holds (node->other, words));
    if (node->kind == SKS_NODE_NOT)
        return !holds (node->children[0], amount, words);
    for (size_t i = 0; i < node->child_count; i++)
        if (holds (node->children[i], amount, words) == any)
            return any;
    return !any;
}

/* The sum in the engine's order, so that both are equal to the last bit. */
static float
score_of (const sks_scorer *scorer, uint32_t statement, uint32_t occupation)
{
    float score = 0, context = 0, groups = 0;
    for (size_t w = 0; w < scorer->count; w++) {
        const sks_ranked_word *word = &scorer->words[w];
        const sks_postings *p = word->postings;
        uint32_t i = sks_postings_find (p, statement), wdf = i == SKS_NONE ? 0 : sks_postings_wdf (p, i);
        if (i != SKS_NONE)
            score += (word->flat ? word->flat[word->kin[sks_posting_rank (wdf)]] : 0) +
                     scorer->rank->weight[sks_posting_code (wdf)][store->lengths[statement]] *
                         word->worth[word->kin[sks_posting_rank (wdf)]];
        context += sks_contexts_of (&p->contexts, occupation);
        groups += p->groups[store->occupation[occupation].group];
    }
    float around = scorer->count ? context + groups : 0;
    if (scorer->named.count && sks_named_has (&scorer->named, occupation))
        around += scorer->named_gain;
    return score + around;
}

struct expected {
    sks_tally tally;
    sks_scored *best;
    size_t count;
};

static void
count_one (const sks_facet_table *table, sks_tally *tally, uint32_t cell, unsigned fails)
{
    tally->total += !fails;
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        uint32_t level = (uint32_t) sks_cell_level (cell);
        uint32_t row = facet == SKS_FACET_LEVEL ? level : sks_facet_table_row (table, facet, cell / SKS_LEVELS);
        tally->counts[facet][row] += !(fails & ~(1u << facet));
    }
}

static void
expect_all (const sks_search *a, sks_arena *arena, struct expected *out)
{
    static sks_words words;
    const sks_facet_table *table = &a->m.snapshot->facets;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        ck_assert (out->tally.counts[facet] =
                       sks_arena_array (arena, table->facet[facet].rows + 1u, sizeof (uint32_t)));
    out->best = sks_arena_array (arena, store->statements, sizeof *out->best);
    ck_assert (out->best);
    for (uint32_t s = 0, cell = 0; s < store->statements; s++) {
        while (store->cells[cell + 1] <= s)
            cell++;
        sks_words_read (&words, store, s);
        bool member =
            holds (a->tree.root, a->amount, &words) || (a->named.count && sks_named_has (&a->named, cell / SKS_LEVELS));
        if (member != sks_set_has (&a->set, s))
            ck_abort_msg ("\"%s\": statement %u %s", a->query->text, s, member ? "is missing" : "is too many");
        if (!member)
            continue;
        unsigned fails = sks_cell_fails (&a->fails, cell);
        count_one (table, &out->tally, cell, fails);
        if (!fails)
            out->best[out->count++] =
                (sks_scored) { .score = score_of (&a->scorer, s, cell / SKS_LEVELS), .statement = s };
    }
}

static int
best_first (const void *left, const void *right)
{
    const sks_scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->statement < b->statement ? -1 : 1;
}

/* Whether counts are the expected ones. Those of occupations that are not seen may be unset, and must be 0. */
static bool
same_counts (const sks_tally *tally, const sks_tally *expected, int facet, uint32_t rows)
{
    bool listed = facet == SKS_FACET_OCCUPATION && tally->seen;
    for (uint32_t row = 0, next = 0; row < rows; row++) {
        bool seen = !listed || (next < tally->seen_count && tally->seen[next] == row);
        next += listed && seen;
        if ((seen ? tally->counts[facet][row] : 0) != expected->counts[facet][row])
            return false;
    }
    return true;
}

static void
compare_tallies (const sks_search *a, sks_arena *arena, const sks_tally *expected)
{
    const sks_facet_table *table = &a->m.snapshot->facets;
    sks_tally tally;
    uint64_t total;
    ck_assert_int_eq (sks_facets_count (&tally, arena, table, &a->set, &a->fails, a->query, a->m.err), 0);
    ck_assert_int_eq (sks_facets_total (&total, arena, table, &a->set, &a->fails, a->m.err), 0);
    bool same = tally.total == expected->total && total == expected->total;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        same &= same_counts (&tally, expected, facet, table->facet[facet].rows);
    ck_assert_msg (same, "the counts of \"%s\" differ", a->query->text);
}

/* The first `most` in the order of the query, of which an occupation has at most as many as it asks for. */
static size_t
list_first (const sks_query *query, const struct expected *expected, size_t most, sks_scored *out)
{
    uint32_t *kept = calloc (store->occupations, sizeof *kept);
    size_t count = 0;
    ck_assert_ptr_nonnull (kept);
    for (size_t i = 0; i < expected->count && count < most; i++) {
        const sks_scored *next = &expected->best[query->reverse ? expected->count - 1 - i : i];
        if (++kept[sks_store_cell (store, next->statement) / SKS_LEVELS] <= query->collapse || !query->collapse)
            out[count++] = *next;
    }
    free (kept);
    return count;
}

static void
compare_best (const sks_search *a, const struct expected *expected, size_t most)
{
    sks_scored best[BEST], first[BEST];
    size_t found, want = list_first (a->query, expected, most, first);
    ck_assert_int_eq (sks_scorer_best (&a->scorer, &a->set, &a->fails, most, best, &found, a->m.err), 0);
    ck_assert_uint_eq (found, want);
    for (size_t i = 0; i < found; i++)
        if (best[i].statement != first[i].statement || best[i].score != first[i].score)
            ck_abort_msg ("\"%s\": %zu is %u with %.9g instead of %u with %.9g", a->query->text, i, best[i].statement,
                          (double) best[i].score, first[i].statement, (double) first[i].score);
}

static int
by_number (const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* None of the best is missing among the contenders, unless there are too many of these. */
static void
compare_contenders (const sks_search *a, const struct expected *expected, size_t most)
{
    const sks_scorer *scorer = &a->scorer;
    uint32_t *found, count;
    if (!a->set.bits || a->query->reverse || a->query->collapse)
        return;
    const float *contexts = sks_context_make (scorer);
    ck_assert_ptr_nonnull (contexts);
    ck_assert_int_eq (sks_contenders_find (scorer, contexts, &a->set, &a->fails, most, &found, &count, a->m.err), 0);
    *(found ? &compared : &crowded) += 1;
    if (!found)
        return;
    qsort (found, count, sizeof *found, by_number);
    for (size_t i = 0; i < most && i < expected->count; i++)
        ck_assert_msg (bsearch (&expected->best[i].statement, found, count, sizeof *found, by_number),
                       "\"%s\": %u is missing", a->query->text, expected->best[i].statement);
}

static void
try_query (const sks_query *query)
{
    sks_error err;
    sks_arena *arena = sks_arena_create ();
    struct expected expected = { .count = 0 };
    sks_search a = { .m = sks_searcher_matching (searcher, &err), .query = query, .result = sks_result_create () };
    ck_assert (arena && a.result);
    int code = sks_search_match (&a);
    if (!code)
        code = sks_search_count (&a);
    if (!code)
        code = sks_search_rank (&a);
    ck_assert_msg (code == 0, "\"%s\": %s", query->text, err.text);
    expect_all (&a, arena, &expected);
    compare_tallies (&a, arena, &expected.tally);
    qsort (expected.best, expected.count, sizeof *expected.best, best_first);
    compare_best (&a, &expected, BEST);
    compare_best (&a, &expected, 10);
    compare_best (&a, &expected, 1);
    compare_contenders (&a, &expected, BEST);
    for (size_t most = 1; most < BEST; most += 13)
        compare_contenders (&a, &expected, most);
    sks_result_destroy (&a.result);
    sks_arena_destroy (&arena);
}

/* -------------------------------------------------------------------- tests */
static void
try_queries (unsigned count)
{
    char text[1024];
    sks_query query;
    for (unsigned i = 0; i < count; i++) {
        draw_text (text, sizeof text);
        draw_query (&query, text);
        try_query (&query);
    }
}

START_TEST (short_cuts_have_the_results_of_plain_loops)
{
    try_queries (queries);
}
END_TEST

/* Words of a statement, of which any may match, have the most members. */
START_TEST (no_contender_is_missing)
{
    char text[1024];
    compared = crowded = 0;
    for (unsigned i = 0; i < queries / 3; i++) {
        sks_query query;
        draw_words (1 + engine_draw (&state, 4), text, sizeof text);
        draw_query (&query, text);
        query.match = SKS_MATCH_ANY;
        query.reverse = false;
        query.collapse = 0;
        try_query (&query);
    }
    ck_assert_uint_gt (compared, 0);
    if (!getenv ("SKS_EXACT_INDEX"))
        ck_assert_uint_gt (crowded, 0);
}
END_TEST

START_TEST (short_cuts_have_the_same_results_with_small_caches)
{
    sks_generation_limit (generation, 0);
    try_queries (queries / 10);
    sks_generation_limit (generation, 100000);
    try_queries (queries / 10);
}
END_TEST

START_TEST (an_empty_query_has_the_results_of_plain_loops)
{
    sks_query query;
    for (unsigned i = 0; i < 200; i++) {
        draw_query (&query, "");
        try_query (&query);
    }
}
END_TEST

/* ------------------------------------------------------------------ sorting */

static int
by_score (const void *left, const void *right)
{
    const sks_scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->statement > b->statement) - (a->statement < b->statement);
}

#define ALL_LENGTHS 600 /* each length up to this one */
#define LONGEST 12000

/* Scores of both signs, zeros of both, and many that are equal; long lists are also nearly sorted, in either order. */
static void
sort_list (unsigned *seed, size_t count, int order)
{
    static sks_scored sorted[LONGEST], expected[LONGEST];
    for (size_t i = 0; i < count; i++) {
        float score = (float) engine_draw (seed, 1 + (unsigned) count) / 16 - (float) count / 48;
        if (engine_draw (seed, 9) == 0)
            score = engine_draw (seed, 2) ? 0.0f : -0.0f;
        score = order && engine_draw (seed, 99) ? (float) order * (float) i : score;
        sorted[i] = (sks_scored) { score, engine_draw (seed, 1000000) * 1000 + (uint32_t) i, score * 2, i % 2, 0 };
    }
    memcpy (expected, sorted, sizeof expected);
    qsort (expected, count, sizeof *expected, by_score);
    sks_scored_sort (sorted, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq (sorted[i].statement, expected[i].statement);
        ck_assert (sorted[i].score == expected[i].score && sorted[i].feedback == expected[i].feedback);
        ck_assert (sorted[i].near == expected[i].near);
    }
}

START_TEST (sorts_lists_of_any_length_like_a_comparison_sort)
{
    unsigned seed = 7;
    for (size_t count = 0; count <= ALL_LENGTHS; count++)
        sort_list (&seed, count, 0);
    for (size_t count = ALL_LENGTHS; count <= LONGEST; count += LONGEST / 4)
        for (int order = -1; order <= 1; order++)
            sort_list (&seed, count, order);
}
END_TEST

/* The first ones are sorted, and the others are all still there; in lists that are nearly sorted, and in others. */
START_TEST (sorts_the_first_of_a_list)
{
    static sks_scored sorted[BEST], expected[BEST];
    static const size_t wants[] = { 0, 1, 2, 10, 32, 33, 100, 200 };
    unsigned seed = 13;
    for (size_t count = 0; count <= BEST; count++)
        for
            EACH (w, wants)
            {
                for (size_t i = 0; i < count; i++) {
                    float score = (float) engine_draw (&seed, 20) - (count % 2 ? (float) i / 4 : 0);
                    sorted[i] = (sks_scored) { .score = score, .statement = (uint32_t) i, .place = (uint16_t) (2 * i) };
                }
                memcpy (expected, sorted, sizeof expected);
                qsort (expected, count, sizeof *expected, by_score);
                sks_scored_sort_first (sorted, count, wants[w]);
                size_t front = wants[w] < count ? wants[w] : count;
                qsort (sorted + front, count - front, sizeof *sorted, by_score);
                for (size_t i = 0; i < count; i++) {
                    ck_assert_uint_eq (sorted[i].statement, expected[i].statement);
                    ck_assert_uint_eq (sorted[i].place, 2 * expected[i].statement);
                }
            }
}
END_TEST

/* The front of a selection, sorted, is the front of the sorted list; the others follow. */
START_TEST (selects_what_sorting_puts_first)
{
    static sks_scored selected[SKS_RANK_NEAR_DEPTH], sorted[SKS_RANK_NEAR_DEPTH];
    static const size_t wants[] = { 0, 1, 2, 10, 15, 16, 17, 100, 299, 300 };
    unsigned seed = 11;
    for (size_t count = 0; count <= SKS_RANK_NEAR_DEPTH; count++)
        for
            EACH (w, wants)
            {
                unsigned scores = 1 + engine_draw (&seed, 3) * 50;
                for (size_t i = 0; i < count; i++)
                    selected[i] = (sks_scored) { .score = (float) engine_draw (&seed, scores) - 20,
                                                 .statement = (uint32_t) (count % 2 ? i : count - i),
                                                 .place = (uint16_t) i };
                memcpy (sorted, selected, sizeof sorted);
                qsort (sorted, count, sizeof *sorted, by_score);
                sks_scored_select (selected, count, wants[w]);
                size_t front = wants[w] < count ? wants[w] : count;
                qsort (selected, front, sizeof *selected, by_score);
                qsort (selected + front, count - front, sizeof *selected, by_score);
                for (size_t i = 0; i < count; i++) {
                    ck_assert_uint_eq (selected[i].statement, sorted[i].statement);
                    ck_assert_uint_eq (selected[i].place, sorted[i].place);
                }
            }
}
END_TEST

/* Assert that a decoded list has these postings, and finds them. */
static void
assert_postings (const sks_postings *p, const uint32_t *statements, const uint32_t *wdf, uint32_t count)
{
    sks_postings_run run = { 0 };
    sks_set set = sks_postings_set (p, store);
    ck_assert_uint_eq (p->count, count);
    ck_assert_uint_eq (set.count, count);
    for (uint32_t i = 0, before = 0; i < count; i++) {
        ck_assert_uint_eq (sks_postings_statement (p, store, &run, i), statements[i]);
        ck_assert_uint_eq (sks_postings_wdf (p, i), wdf[i]);
        ck_assert_uint_eq (sks_postings_find (p, statements[i]), i);
        ck_assert_uint_eq (sks_postings_seek (p, before), i);
        if (statements[i] > before)
            ck_assert_uint_eq (sks_postings_find (p, statements[i] - 1), SKS_NONE);
        before = statements[i] + 1;
    }
    ck_assert_uint_eq (sks_postings_seek (p, store->statements), count);
}

/* Each list with kinds, slots or bits has what was indexed. */
START_TEST (postings_are_those_of_the_index)
{
    sks_error err;
    sks_lists *lists;
    uint32_t *statements = calloc (2 * (size_t) store->statements, sizeof *statements), with_kinds = 0, with_bits = 0;
    ck_assert_ptr_nonnull (statements);
    ck_assert_int_eq (sks_lists_open (&lists, store, sks_generation_snapshot (generation)->folder, &err), 0);
    for (uint32_t stem = 0; stem < store->stems; stem++) {
        const sks_postings *p;
        uint32_t *wdf = statements + store->statements;
        ck_assert_int_eq (sks_lists_read (lists, stem, statements, wdf, &err), 0);
        sks_arena *arena = sks_arena_create ();
        ck_assert_int_eq (sks_cache_postings (sks_generation_cache (generation), lists, stem, arena, &p, &err), 0);
        assert_postings (p, statements, wdf, store->stem[stem].statements);
        with_kinds += p->kind_count > 0;
        with_bits += p->bits != NULL;
        sks_arena_destroy (&arena);
    }
    if (store->statements > SKS_PACKED_BLOCK)
        ck_assert_uint_gt (with_kinds, 0);
    ck_assert_uint_gt (with_bits, 0);
    ck_assert_uint_lt (with_bits, store->stems);
    sks_lists_close (&lists);
    free (statements);
}
END_TEST

Suite *
suite_exact (void)
{
    Suite *suite = suite_create ("exact");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_index, close_index);
    tcase_set_timeout (core, 600);
    tcase_add_test (core, short_cuts_have_the_results_of_plain_loops);
    tcase_add_test (core, no_contender_is_missing);
    tcase_add_test (core, postings_are_those_of_the_index);
    tcase_add_test (core, sorts_lists_of_any_length_like_a_comparison_sort);
    tcase_add_test (core, sorts_the_first_of_a_list);
    tcase_add_test (core, selects_what_sorting_puts_first);
    TCase *blocks = tcase_create ("Blocks");
    tcase_add_unchecked_fixture (blocks, open_blocks, close_index);
    tcase_set_timeout (blocks, 600);
    tcase_add_test (blocks, short_cuts_have_the_results_of_plain_loops);
    tcase_add_test (blocks, no_contender_is_missing);
    tcase_add_test (blocks, postings_are_those_of_the_index);
    TCase *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (limits, open_index, close_index);
    tcase_set_timeout (limits, 600);
    tcase_add_test (limits, an_empty_query_has_the_results_of_plain_loops);
    tcase_add_test (limits, short_cuts_have_the_same_results_with_small_caches);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, blocks);
    suite_add_tcase (suite, limits);
    return suite;
}
