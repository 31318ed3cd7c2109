/* check_shards.c - an index in shards answers as one without. */
#include "tests/support/draw.h"
#include "tests/support/skip.h"
#include "tests/support/splits.h"

#include "core/engine/operations.h"
#include "core/shards/gather_step.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_shards (void);

/* ------------------------------------------------------------------ comparing */

/* What is said about a difference. */
static const draw *drawn;
static uint32_t drawn_shards;

#define SAME(condition, format, ...)                                                                                   \
    ck_assert_msg (condition, "%u shards, \"%s\", match %d: " format, drawn_shards, drawn->text, drawn->query.match,   \
                   __VA_ARGS__)

static void
expect_same_facets (const sks_result *a, const sks_result *b)
{
    SAME (a->facet_count == b->facet_count, "%zu facets, not %zu", b->facet_count, a->facet_count);
    for (size_t i = 0; i < a->facet_count; i++) {
        const sks_facet_counts *x = &a->facets[i], *y = &b->facets[i];
        SAME (x->count == y->count, "facet %zu: %zu values, not %zu", i, y->count, x->count);
        for (size_t k = 0; k < x->count; k++)
            SAME (strcmp (x->values[k].value, y->values[k].value) == 0 && x->values[k].count == y->values[k].count,
                  "facet %zu: %s %llu, not %s %llu", i, y->values[k].value, (unsigned long long) y->values[k].count,
                  x->values[k].value, (unsigned long long) x->values[k].count);
    }
}

static void
expect_same_hit (const sks_hit *a, const sks_hit *b)
{
    SAME (strcmp (a->text, b->text) == 0, "text %s, not %s", b->text, a->text);
    SAME (a->level == b->level && a->position == b->position && strcmp (a->soc, b->soc) == 0, "place of %s", a->id);
    SAME (a->more == b->more, "%s: %llu more, not %llu", a->id, (unsigned long long) b->more,
          (unsigned long long) a->more);
    SAME (strcmp (a->marked, b->marked) == 0, "%s: marked %s, not %s", a->id, b->marked, a->marked);
    SAME (a->span_count == b->span_count, "%s: %zu spans, not %zu", a->id, b->span_count, a->span_count);
    for (size_t i = 0; i < a->span_count; i++)
        SAME (a->spans[i].start == b->spans[i].start && a->spans[i].end == b->spans[i].end, "%s: span %zu", a->id, i);
}

static bool
is_close (double a, double b)
{
    return fabs (a - b) <= fmax (fabs (a), fabs (b)) * .001;
}

/* Whether the hits are the same in the same order, or are at places of nearly equal scores. */
static bool
has_same_order (const sks_result *a, const sks_result *b)
{
    bool same = true;
    SAME (a->hit_count == b->hit_count, "%zu hits, not %zu", b->hit_count, a->hit_count);
    for (size_t i = 0; i < a->hit_count; i++) {
        const sks_hit *x = &a->hits[i], *y = &b->hits[i];
        if (strcmp (x->id, y->id) == 0)
            expect_same_hit (x, y);
        same &= is_close (x->score, y->score);
    }
    return same;
}

static void
expect_same_reading (const sks_result *a, const sks_result *b)
{
    SAME (strcmp (a->read_as, b->read_as) == 0, "read as %s, not %s", b->read_as, a->read_as);
    SAME (a->unknown_count == b->unknown_count, "%zu unknown words, not %zu", b->unknown_count, a->unknown_count);
    for (size_t i = 0; i < a->unknown_count; i++)
        SAME (strcmp (a->unknown[i], b->unknown[i]) == 0, "unknown %s, not %s", b->unknown[i], a->unknown[i]);
    SAME (!a->suggestion.query == !b->suggestion.query, "suggestion %s, not %s", b->suggestion.query,
          a->suggestion.query);
    if (a->suggestion.query)
        SAME (strcmp (a->suggestion.query, b->suggestion.query) == 0 && a->suggestion.count == b->suggestion.count,
              "suggestion %s %llu, not %s %llu", b->suggestion.query, (unsigned long long) b->suggestion.count,
              a->suggestion.query, (unsigned long long) a->suggestion.count);
    SAME (a->note_count == b->note_count, "%zu notes, not %zu", b->note_count, a->note_count);
}

struct outcome {
    unsigned compared, ordered, unsupported, refused;
};

/* Answer a query in both ways. */
static void
compare (struct outcome *outcome, sks_gather *gather, const draw *d)
{
    sks_result *a = NULL, *b = NULL;
    sks_error left, right = { 0 };
    drawn = d;
    int one = sks_searcher_search (whole.searcher, &d->query, &a, &left);
    int other = sks_gather_search (gather, &d->query, &b, &right);
    if (other == SKS_EUNSUPPORTED)
        outcome->unsupported++;
    else if (one) {
        SAME (one == other && strcmp (left.text, right.text) == 0, "%s, not %s", right.text, left.text);
        outcome->refused++;
    } else {
        SAME (!other, "refused: %s", right.text);
        SAME (a->total == b->total, "total %llu, not %llu", (unsigned long long) b->total,
              (unsigned long long) a->total);
        SAME (a->matched_all == b->matched_all, "matched_all %llu, not %llu", (unsigned long long) b->matched_all,
              (unsigned long long) a->matched_all);
        SAME (a->relaxed == b->relaxed, "relaxed %d, not %d", b->relaxed, a->relaxed);
        expect_same_facets (a, b);
        expect_same_reading (a, b);
        outcome->compared++;
        outcome->ordered += has_same_order (a, b);
    }
    sks_result_destroy (&a);
    sks_result_destroy (&b);
}

/* Compare drawn queries over one split; with `collapse`, each keeps 1 to 3 hits of an occupation. $SKS_DRAWN is another
 * number of them, $SKS_SEED of the draw. */
static struct outcome
compare_drawn (size_t split, uint32_t shards, bool collapse, unsigned count)
{
    const char *more = getenv ("SKS_DRAWN"), *seed = getenv ("SKS_SEED");
    sks_gather *gather = splits_gather (split);
    draw d = { .state = seed ? (unsigned) atoi (seed) : 20 + shards };
    struct outcome outcome = { 0 };
    drawn_shards = shards;
    for (unsigned i = more ? (unsigned) atoi (more) : count; i > 0; i--) {
        draw_next (&d, &whole);
        d.query.collapse = collapse ? 1 + i % 3 : 0;
        compare (&outcome, gather, &d);
    }
    sks_gather_close (&gather);
    if (more)
        fprintf (stderr, "%u shards%s: %u compared, %u in the same order, %u not supported, %u refused by both\n",
                 shards, collapse ? ", collapsed" : "", outcome.compared, outcome.ordered, outcome.unsupported,
                 outcome.refused);
    return outcome;
}

START_TEST (drawn_queries_have_the_same_answers)
{
    struct outcome outcome = compare_drawn ((size_t) _i, splits_shards[_i], false, 500);
    ck_assert_uint_ge (outcome.compared, 460);
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

/* Other pages, orders and filters of one text, whose counts are kept. */
START_TEST (kept_counts_give_the_same_answers)
{
    static const char *const levels[] = { "advanced", "emerging" };
    sks_gather *gather = splits_gather (2);
    draw d = { .state = 77 };
    struct outcome outcome = { 0 };
    drawn_shards = splits_shards[2];
    for (unsigned i = 0; i < 60; i++) {
        draw_next (&d, &whole);
        d.query.match = (int) (i % 3);
        d.query.limit = 10;
        for (unsigned k = 0; k < 6; k++) {
            d.query.sort = k & 1 ? SKS_SORT_LEVEL : SKS_SORT_RELEVANCE;
            d.query.reverse = 0;
            d.query.offset = k > 3 ? 5 : 0;
            d.query.filter[SKS_FACET_LEVEL] =
                k > 1 ? (sks_filter) { .values = levels, .count = k / 2 } : (sks_filter) { 0 };
            compare (&outcome, gather, &d);
        }
    }
    ck_assert_uint_ge (outcome.compared, 300);
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
    for (size_t i = 0; i < SKS_COUNT_CACHE_TEXTS; i++)
        ck_assert (gather->counts.texts[i].text);
    sks_gather_close (&gather);
}
END_TEST

START_TEST (collapsed_queries_have_the_same_answers)
{
    struct outcome outcome = compare_drawn ((size_t) _i, splits_shards[_i], true, 300);
    ck_assert_uint_ge (outcome.compared, 270);
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

/* The best 1,000 statements are of one occupation. */
START_TEST (collapsing_reaches_beyond_the_best)
{
    static const char *const texts[] = { "mail", "sort mail", "carry mail", "\"sort mail\"", "mail 117", "" };
    sks_gather *gather = splits_gather ((size_t) _i);
    struct outcome outcome = { 0 };
    drawn_shards = splits_shards[_i];
    for
        EACH (i, texts)
    for (uint32_t k = 0; k < 24; k++) {
        draw d = { .query = SKS_QUERY_INIT };
        snprintf (d.text, sizeof d.text, "%s", texts[i]);
        d.query.text = d.text;
        d.query.match = SKS_MATCH_AUTO + (int) (k % 3);
        d.query.want = SKS_WANT_MARKED;
        d.query.collapse = 1 + k % 4;
        d.query.offset = k / 6 * 11;
        d.query.sort = k % 5 ? SKS_SORT_RELEVANCE : SKS_SORT_LEVEL;
        compare (&outcome, gather, &d);
    }
    sks_gather_close (&gather);
    ck_assert_uint_eq (outcome.compared, 24 * COUNT (texts));
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

/* Each fifth statement, with and without its occupation and level. */
START_TEST (similar_statements_are_the_same)
{
    sks_gather *gather = splits_gather ((size_t) _i);
    const sks_store *store = sks_generation_snapshot (whole.generation)->store;
    const draw d = { .text = "similar" };
    sks_query query = SKS_QUERY_INIT;
    sks_error err;
    unsigned found = 0;
    drawn = &d;
    drawn_shards = splits_shards[_i];
    query.plain = 1;
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    for (uint32_t i = 0; i < store->statements; i += 5) {
        char id[SKS_STATEMENT_ID_BYTES];
        sks_result *a = NULL, *b = NULL;
        sks_store_id (store, i, id);
        ck_assert_int_eq (sks_searcher_similar (whole.searcher, id, i % 4, &query, &a, &err), 0);
        ck_assert_msg (sks_gather_similar (gather, id, i % 4, &query, &b, &err) == 0, "%s: %s", id, err.text);
        SAME (a->total == b->total, "%s: total %llu, not %llu", id, (unsigned long long) b->total,
              (unsigned long long) a->total);
        SAME (has_same_order (a, b), "%s: another order", id);
        found += a->total > 0;
        sks_result_destroy (&a);
        sks_result_destroy (&b);
    }
    sks_result *none;
    ck_assert_int_eq (sks_gather_similar (gather, "43-9051.00/advanced/000000000000", 0, &query, &none, &err),
                      SKS_ENOTFOUND);
    query.limit = SKS_MAX_LIMIT + 1;
    ck_assert_int_eq (sks_gather_similar (gather, "x", 0, &query, &none, &err), SKS_ELIMIT);
    ck_assert_uint_ge (found, 50);
    sks_gather_close (&gather);
}
END_TEST

/* The next page of a scan in both ways; cursors are those of the page before, and become those of this one. */
static void
compare_pages (sks_gather *gather, const sks_query *query, char *cursors[2])
{
    sks_result *pages[2];
    sks_error err;
    int one = sks_searcher_scan (whole.searcher, query, cursors[0], &pages[0], &err);
    int other = sks_gather_scan (gather, query, cursors[1], &pages[1], &err);
    SAME (!one && !other, "%d, not %d: %s", other, one, err.text);
    SAME (pages[0]->total == pages[1]->total, "total %llu", (unsigned long long) pages[1]->total);
    expect_same_facets (pages[0], pages[1]);
    SAME (has_same_order (pages[0], pages[1]), "the order of a page of %zu", pages[0]->hit_count);
    SAME (!pages[0]->cursor == !pages[1]->cursor, "cursor %s, not %s", pages[1]->cursor, pages[0]->cursor);
    for (int i = 0; i < 2; i++) {
        free (cursors[i]);
        cursors[i] = pages[i]->cursor ? strdup (pages[i]->cursor) : NULL;
        sks_result_destroy (&pages[i]);
    }
}

START_TEST (drawn_scans_have_the_same_pages)
{
    sks_gather *gather = splits_gather ((size_t) _i);
    draw d = { .state = 40 + (unsigned) _i };
    unsigned scans = 0, pages = 0;
    drawn_shards = splits_shards[_i];
    for (unsigned i = 0; i < 100; i++) {
        char *cursors[2] = { NULL, NULL };
        sks_result *page;
        sks_error err;
        draw_next (&d, &whole);
        drawn = &d;
        d.query.limit = 1 + engine_draw (&d.state, 60);
        int code = sks_gather_scan (gather, &d.query, NULL, &page, &err);
        sks_result_destroy (&page);
        if (code)
            continue;
        do {
            compare_pages (gather, &d.query, cursors);
            pages++;
        } while (cursors[0]);
        scans++;
    }
    sks_gather_close (&gather);
    ck_assert_uint_ge (scans, 80);
    ck_assert_uint_ge (pages, 2 * scans);
}
END_TEST

START_TEST (a_cursor_of_another_scan_is_refused)
{
    sks_gather *gather = splits_gather (2);
    sks_query query = SKS_QUERY_INIT;
    sks_result *page, *other;
    sks_error err;
    query.limit = 3;
    query.text = "mail";
    ck_assert_int_eq (sks_gather_scan (gather, &query, NULL, &page, &err), 0);
    ck_assert_ptr_nonnull (page->cursor);
    query.sort = SKS_SORT_LEVEL;
    ck_assert_int_eq (sks_gather_scan (gather, &query, page->cursor, &other, &err), SKS_EBADREQUEST);
    query.sort = SKS_SORT_ID;
    query.text = "software";
    ck_assert_int_eq (sks_gather_scan (gather, &query, page->cursor, &other, &err), SKS_EBADREQUEST);
    query.limit = 0;
    ck_assert_int_eq (sks_gather_scan (gather, &query, NULL, &other, &err), SKS_EBADREQUEST);
    sks_result_destroy (&page);
    sks_gather_close (&gather);
}
END_TEST

START_TEST (drawn_queries_of_real_data_have_the_same_answers)
{
    if (!splits)
        SKIP ("$SKS_DATA is not set");
    struct outcome outcome = compare_drawn (0, SPLITS_DATA_SHARDS, _i == 1, 500);
    ck_assert_uint_ge (outcome.compared, 460);
    ck_assert_uint_ge (outcome.ordered * 1000, outcome.compared * 990);
}
END_TEST

/* The pages of a text, some of which are made of two parts of the ranking. */
START_TEST (pages_of_real_data_have_each_statement_once)
{
    static const char *const texts[] = { "maintain electromechanical equipment", "order construction materials",
                                         "direct maintenance and repair activities", "read work orders" };
    if (!splits)
        SKIP ("$SKS_DATA is not set");
    sks_gather *gather = splits_gather (0);
    uint8_t *seen = calloc (whole.count, 1);
    ck_assert_ptr_nonnull (seen);
    for
        EACH (i, texts)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = texts[i];
            query.match = SKS_MATCH_ANY;
            query.limit = 90;
            memset (seen, 0, whole.count);
            uint32_t shown = 0;
            for (query.offset = 0; query.offset < 2250; query.offset += query.limit) {
                sks_result *page;
                sks_error err;
                ck_assert_int_eq (sks_gather_search (gather, &query, &page, &err), 0);
                for (size_t k = 0; k < page->hit_count; k++) {
                    uint32_t statement =
                        sks_store_find (sks_generation_snapshot (whole.generation)->store, page->hits[k].id);
                    ck_assert_msg (!seen[statement], "%s: %s is on two pages", texts[i], page->hits[k].id);
                    seen[statement] = 1;
                }
                shown += (uint32_t) page->hit_count;
                ck_assert_uint_eq (shown,
                                   page->total < query.offset + query.limit ? page->total : query.offset + query.limit);
                sks_result_destroy (&page);
            }
        }
    free (seen);
    sks_gather_close (&gather);
}
END_TEST

START_TEST (written_queries_have_the_same_answers)
{
    static const char *const texts[] = {
        "computer-aided design",
        "\"computer-aided design\"",
        "\"computeraided design\"",
        "\"design computeraided\"",
        "=computeraided",
        "computeraid*",
        "email",
        "e-mail",
        "\"each email\"",
        "\"each e-mail\"",
        "\"email forms\"",
        "email NEAR/3 follow",
        "follow NEAR/2 email",
        "followup",
        "\"follow up\"",
        "duty:email",
        "duty:\"web site\"",
        "website",
        "\"design of the site\"",
        "IT",
        "\"keep it\"",
        "=it",
        "duty:IT",
        "state-of-the-art",
        "\"stateoftheart tools\"",
        "\"of the art\"",
        "mailroom",
        "\"mail room\"",
        "mail NEAR mail",
        "\"mail mail\"",
        "mail NEAR/1 route",
        "forklift",
        "fork lift tires",
        "title:forklift",
        "title:mail sort",
        "clerk drivers",
        "sort route daily zzqx incoming",
        "mial",
        "duty:mial",
        "duty:rouute mail",
        "duty:letters",
        "NOT mail",
        "mail OR (design -furniture)",
        "the",
        "\"the mail\"",
    };
    sks_gather *gather = splits_gather ((size_t) _i);
    struct outcome outcome = { 0 };
    drawn_shards = splits_shards[_i];
    for
        EACH (i, texts)
    for (int match = SKS_MATCH_AUTO; match <= SKS_MATCH_ANY; match++) {
        draw d = { .query = SKS_QUERY_INIT };
        snprintf (d.text, sizeof d.text, "%s", texts[i]);
        d.query.text = d.text;
        d.query.match = match;
        d.query.want = SKS_WANT_MARKED;
        compare (&outcome, gather, &d);
    }
    sks_gather_close (&gather);
    ck_assert_uint_eq (outcome.compared, 3 * COUNT (texts));
    ck_assert_uint_eq (outcome.ordered, outcome.compared);
}
END_TEST

Suite *
suite_shards (void)
{
    Suite *suite = suite_create ("shards");
    TCase *split = tcase_create ("Corpus"), *data = tcase_create ("Data");
    tcase_set_timeout (split, 300);
    tcase_add_unchecked_fixture (split, splits_open_corpus, splits_close);
    tcase_add_loop_test (split, drawn_queries_have_the_same_answers, 0, SPLITS);
    tcase_add_loop_test (split, drawn_scans_have_the_same_pages, 0, SPLITS);
    tcase_add_loop_test (split, collapsed_queries_have_the_same_answers, 0, SPLITS);
    tcase_add_test (split, kept_counts_give_the_same_answers);
    tcase_add_loop_test (split, similar_statements_are_the_same, 0, SPLITS);
    tcase_add_test (split, a_cursor_of_another_scan_is_refused);
    suite_add_tcase (suite, split);
    TCase *few = tcase_create ("Written");
    tcase_add_unchecked_fixture (few, splits_open_written, splits_close);
    tcase_add_loop_test (few, written_queries_have_the_same_answers, 0, SPLITS);
    suite_add_tcase (suite, few);
    TCase *crowded = tcase_create ("Crowded");
    tcase_set_timeout (crowded, 300);
    tcase_add_unchecked_fixture (crowded, splits_open_crowded, splits_close);
    tcase_add_loop_test (crowded, collapsing_reaches_beyond_the_best, 0, SPLITS);
    suite_add_tcase (suite, crowded);
    tcase_set_timeout (data, 600);
    tcase_add_unchecked_fixture (data, splits_open_data, splits_close);
    tcase_add_loop_test (data, drawn_queries_of_real_data_have_the_same_answers, 0, 2);
    tcase_add_test (data, pages_of_real_data_have_each_statement_once);
    suite_add_tcase (suite, data);
    return suite;
}
