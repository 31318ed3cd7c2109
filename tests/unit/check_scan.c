/* check_scan.c - all matches by cursor, and hits collapsed by occupation.
 *
 * On the sample exports, random queries are scanned and collapsed, and compared with searches that do neither. */
#include "core/engine/operations.h"
#include "core/engine/postings.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_scan (void);

/* A query with space for what it borrows. */
struct drawn {
    char text[512];
    const char *values[2];
    sks_query query;
};

/* Words, a phrase, a field or nothing, with or without a filter. */
static void
draw_query (unsigned *state, struct drawn *out)
{
    static const char *const levels[] = { "emerging", "developing", "proficient", "advanced" };
    static const char *const groups[] = { "43", "29", "53", "15" };
    char a[96], b[96];
    corpus_draw_word (state, a, sizeof a);
    corpus_draw_word (state, b, sizeof b);
    switch (engine_draw (state, 7)) {
    case 0:
        *out->text = '\0';
        break;
    case 1:
        snprintf (out->text, sizeof out->text, "%s", a);
        break;
    case 2:
        snprintf (out->text, sizeof out->text, "%s %s", a, b);
        break;
    case 3:
        snprintf (out->text, sizeof out->text, "%s OR %s", a, b);
        break;
    case 4:
        snprintf (out->text, sizeof out->text, "NOT %s", a);
        break;
    case 5:
        snprintf (out->text, sizeof out->text, "level:proficient %s", a);
        break;
    default:
        snprintf (out->text, sizeof out->text, "\"%s\" OR data", a);
    }
    out->query = (sks_query) SKS_QUERY_INIT;
    out->query.text = out->text;
    out->query.match = (int) engine_draw (state, 3);
    unsigned filter = engine_draw (state, 4);
    int facet = filter == 1 ? SKS_FACET_LEVEL : SKS_FACET_GROUP;
    for (int i = 0; i < 2; i++)
        out->values[i] = (filter == 1 ? levels : groups)[engine_draw (state, 4)];
    if (filter == 1 || filter == 2)
        out->query.filter[facet] = (sks_filter) { out->values, 2, 0, 0 };
}

/* All hits of a query that is not collapsed, page by page. Caller owns the
 * results; free with drop. */
struct pages {
    sks_result *results[CORPUS_MOST];
    size_t result_count;
    const sks_hit *hits[CORPUS_MOST];
    size_t count;
};

static void
turn_pages (const sks_query *query, uint32_t limit, struct pages *out)
{
    sks_query page = *query;
    page.limit = limit;
    *out = (struct pages) { .count = 0 };
    size_t found;
    do {
        sks_result *result = engine_search (&corpus, &page);
        out->results[out->result_count++] = result;
        for (size_t i = 0; i < result->hit_count; i++)
            out->hits[out->count++] = &result->hits[i];
        found = result->hit_count;
        page.offset += limit;
        ck_assert_uint_eq (result->total, out->results[0]->total);
    } while (found == limit);
}

static void
drop (struct pages *pages)
{
    for (size_t i = 0; i < pages->result_count; i++)
        sks_result_destroy (&pages->results[i]);
}

/* --------------------------------------------------------------------- scan */

static sks_result *
scan_page (const sks_query *query, const char *cursor)
{
    sks_result *result;
    sks_error err;
    if (sks_searcher_scan (corpus.searcher, query, cursor, &result, &err))
        ck_abort_msg ("\"%s\" from %s was refused: %s", query->text, cursor ? cursor : "the start", err.text);
    return result;
}

static void
assert_same_hit (const sks_hit *left, const sks_hit *right)
{
    ck_assert_str_eq (left->id, right->id);
    ck_assert_str_eq (left->text, right->text);
    ck_assert (left->score == right->score);
    ck_assert_uint_eq (left->span_count, right->span_count);
    if (left->span_count)
        ck_assert_mem_eq (left->spans, right->spans, left->span_count * sizeof *left->spans);
}

/* Scan a query page by page and compare each hit with the search in the same order. */
static size_t
scan_through (const sks_query *query, const struct pages *expected)
{
    size_t count = 0;
    char cursor[64] = "";
    for (;;) {
        sks_result *result = scan_page (query, *cursor ? cursor : NULL);
        ck_assert_uint_eq (result->total, expected->results[0]->total);
        ck_assert_uint_eq (result->generation, expected->results[0]->generation);
        ck_assert_str_eq (result->read_as, expected->results[0]->read_as);
        for (size_t i = 0; i < result->hit_count; i++)
            assert_same_hit (&result->hits[i], expected->hits[count++]);
        ck_assert_uint_le (result->hit_count, query->limit);
        bool more = result->cursor != NULL;
        ck_assert (!more || result->hit_count == query->limit);
        if (more)
            snprintf (cursor, sizeof cursor, "%s", result->cursor);
        sks_result_destroy (&result);
        if (!more)
            return count;
    }
}

START_TEST (a_whole_scan_returns_every_match_once_in_each_order)
{
    static struct pages expected;
    static const int orders[] = { SKS_SORT_ID, SKS_SORT_OCCUPATION, SKS_SORT_LEVEL };
    unsigned state = 21;
    for (int i = 0; i < 90; i++) {
        struct drawn drawn;
        draw_query (&state, &drawn);
        drawn.query.sort = orders[i % 3];
        drawn.query.reverse = i / 3 % 2;
        turn_pages (&drawn.query, SKS_MAX_LIMIT, &expected);
        drawn.query.limit = engine_draw (&state, 3) ? 1 + engine_draw (&state, 150) : SKS_MAX_SCAN;
        ck_assert_uint_eq (scan_through (&drawn.query, &expected), expected.count);
        ck_assert_uint_eq (expected.count, expected.results[0]->total);
        drop (&expected);
    }
}
END_TEST

START_TEST (a_scan_ignores_offset_and_collapse)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.limit = SKS_MAX_SCAN;
    sks_result *plain = scan_page (&query, NULL);
    query.offset = 3;
    query.collapse = 1;
    sks_result *other = scan_page (&query, NULL);
    ck_assert_uint_gt (plain->hit_count, 5);
    ck_assert_uint_eq (plain->hit_count, other->hit_count);
    for (size_t i = 0; i < plain->hit_count; i++)
        assert_same_hit (&plain->hits[i], &other->hits[i]);
    ck_assert_uint_eq (other->hits[0].more, 0);
    sks_result_destroy (&plain);
    sks_result_destroy (&other);
}
END_TEST

START_TEST (a_cursor_is_valid_for_one_order)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result, *other;
    sks_error err;
    query.limit = 5;
    query.sort = SKS_SORT_LEVEL;
    result = scan_page (&query, NULL);
    ck_assert_ptr_nonnull (result->cursor);
    query.reverse = 1;
    ck_assert_int_eq (sks_searcher_scan (corpus.searcher, &query, result->cursor, &other, &err), SKS_EBADREQUEST);
    ck_assert_ptr_nonnull (strstr (err.text, "another \"sort\""));
    sks_result_destroy (&result);
}
END_TEST

START_TEST (a_page_has_marks_and_facets_on_request)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    query.facets[0] = (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 };
    query.facet_count = 1;
    sks_result *result = scan_page (&query, NULL);
    uint64_t sum = 0;
    for (size_t i = 0; i < result->facets[0].count; i++)
        sum += result->facets[0].values[i].count;
    ck_assert_uint_eq (sum, result->total);
    ck_assert_ptr_nonnull (strstr (result->hits[0].marked, "<b>"));
    ck_assert_uint_gt (result->hits[0].share_count, 0);
    sks_result_destroy (&result);
}
END_TEST

static int
refusal_of (const char *cursor, uint32_t limit, sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.limit = limit;
    int code = sks_searcher_scan (corpus.searcher, &query, cursor, &result, err);
    ck_assert (!code == (result != NULL));
    sks_result_destroy (&result);
    return code;
}

/* A cursor with the content hash of this generation in it, 16 digits. */
static const char *
cursor_of (const char *form)
{
    static char cursor[128];
    char content[17];
    snprintf (content, sizeof content, "%016llx",
              (unsigned long long) sks_generation_snapshot (corpus.generation)->store->content);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf (cursor, sizeof cursor, form, content);
#pragma GCC diagnostic pop
    return cursor;
}

START_TEST (refuses_invalid_cursors)
{
    static const char *const cursors[] = {
        "",
        ":",
        "1",
        "1:",
        ":1",
        "1:%1$s",
        "1:%1$s:",
        "1::1",
        ":%1$s:1",
        "1:1",
        "1:1:1",
        "1:%1$s:1 ",
        " 1:%1$s:1",
        "+1:%1$s:1",
        "1:%1$s:-1",
        "01:%1$s:1",
        "1:%1$s:01",
        "1:%1$s:1:1",
        "1:%1$s0:1",
        "1;%1$s;1",
        "1:0123456789ABCDEF:1",
        "1:0x23456789abcdef:1",
        "a:%1$s:b",
        "1:%1$s:1x",
        "1:%1$s:560",
        "1:%1$s:4294967295",
        "1:%1$s:4294967296",
        "1:%1$s:99999999999999999999999",
        "18446744073709551616:%1$s:1",
    };
    sks_error err;
    for
        EACH (i, cursors)
    ck_assert_msg (refusal_of (cursor_of (cursors[i]), 10, &err) == SKS_EBADREQUEST, "\"%s\" was accepted", cursors[i]);
    ck_assert_int_eq (refusal_of (cursor_of ("1:%1$s:559"), 10, &err), 0);
    ck_assert_int_eq (refusal_of (cursor_of ("1:%1$s:0"), 10, &err), 0);
}
END_TEST

START_TEST (refuses_a_cursor_of_another_generation)
{
    sks_error err;
    ck_assert_int_eq (refusal_of (cursor_of ("2:%1$s:10"), 10, &err), SKS_ENOTFOUND);
    ck_assert_ptr_nonnull (strstr (err.text, "start again"));
    ck_assert_int_eq (refusal_of (cursor_of ("18446744073709551615:%1$s:10"), 10, &err), SKS_ENOTFOUND);
    ck_assert_int_eq (refusal_of (cursor_of ("0:%1$s:10"), 10, &err), SKS_ENOTFOUND);
}
END_TEST

START_TEST (refuses_a_cursor_of_another_index_with_a_generation_of_this_number)
{
    sks_error err;
    ck_assert_int_eq (refusal_of ("1:0123456789abcdef:10", 10, &err), SKS_ENOTFOUND);
    ck_assert_ptr_nonnull (strstr (err.text, "another index"));
}
END_TEST

START_TEST (pages_have_1_to_1000_statements)
{
    sks_error err;
    ck_assert_int_eq (refusal_of (NULL, 0, &err), SKS_EBADREQUEST);
    ck_assert_int_eq (refusal_of (NULL, 1, &err), 0);
    ck_assert_int_eq (refusal_of (NULL, SKS_MAX_SCAN, &err), 0);
    ck_assert_int_eq (refusal_of (NULL, SKS_MAX_SCAN + 1, &err), SKS_ELIMIT);
}
END_TEST

START_TEST (a_scan_of_nothing_is_one_empty_page)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "xyzzyxy";
    sks_result *result = scan_page (&query, NULL);
    ck_assert_uint_eq (result->total, 0);
    ck_assert_uint_eq (result->hit_count, 0);
    ck_assert_ptr_null (result->cursor);
    sks_result_destroy (&result);
}
END_TEST

/* ----------------------------------------------------------------- collapse */

/* How many of the first `count` hits are of this occupation. */
static size_t
count_of (const struct pages *pages, size_t count, const char *soc)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += strcmp (pages->hits[i]->soc, soc) == 0;
    return found;
}

static void
assert_collapsed (const struct pages *all, const struct pages *collapsed, uint32_t collapse)
{
    size_t kept = 0;
    ck_assert_uint_eq (collapsed->results[0]->total, all->results[0]->total);
    for (size_t i = 0; i < all->count; i++) {
        const char *soc = all->hits[i]->soc;
        size_t whole = count_of (all, all->count, soc);
        if (count_of (all, i, soc) >= collapse)
            continue;
        ck_assert_uint_lt (kept, collapsed->count);
        assert_same_hit (all->hits[i], collapsed->hits[kept]);
        ck_assert_uint_eq (all->hits[i]->more, 0);
        ck_assert_uint_eq (collapsed->hits[kept]->more, whole > collapse ? whole - collapse : 0);
        kept++;
    }
    ck_assert_uint_eq (kept, collapsed->count);
}

START_TEST (collapsing_keeps_the_first_hits_of_each_occupation)
{
    static struct pages all, collapsed;
    static const int sorts[] = { SKS_SORT_RELEVANCE, SKS_SORT_LEVEL, SKS_SORT_OCCUPATION, SKS_SORT_ID };
    unsigned state = 33;
    for (int i = 0; i < 160; i++) {
        struct drawn drawn;
        draw_query (&state, &drawn);
        drawn.query.sort = sorts[i % 4];
        drawn.query.reverse = i / 4 % 2;
        turn_pages (&drawn.query, SKS_MAX_LIMIT, &all);
        drawn.query.collapse = 1 + engine_draw (&state, SKS_MAX_COLLAPSE);
        turn_pages (&drawn.query, 1 + engine_draw (&state, 40), &collapsed);
        assert_collapsed (&all, &collapsed, drawn.query.collapse);
        drop (&all);
        drop (&collapsed);
    }
}
END_TEST

START_TEST (collapsing_changes_no_facet)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.facets[0] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 100, NULL, 0 };
    query.facet_count = 1;
    sks_result *plain = engine_search (&corpus, &query);
    query.collapse = 1;
    sks_result *collapsed = engine_search (&corpus, &query);
    ck_assert_uint_eq (plain->facets[0].count, collapsed->facets[0].count);
    for (size_t i = 0; i < plain->facets[0].count; i++) {
        const sks_facet_value *value = &collapsed->facets[0].values[i];
        ck_assert_str_eq (value->value, plain->facets[0].values[i].value);
        ck_assert_uint_eq (value->count, plain->facets[0].values[i].count);
        for (size_t h = 0; h < collapsed->hit_count; h++)
            if (strcmp (collapsed->hits[h].soc, value->value) == 0)
                ck_assert_uint_eq (collapsed->hits[h].more, value->count - 1);
    }
    sks_result_destroy (&plain);
    sks_result_destroy (&collapsed);
}
END_TEST

START_TEST (collapses_to_10_hits_at_most)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.text = "mail";
    query.collapse = SKS_MAX_COLLAPSE;
    ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), 0);
    sks_result_destroy (&result);
    query.collapse++;
    ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), SKS_ELIMIT);
    ck_assert_ptr_null (result);
    ck_assert_ptr_nonnull (strstr (err.text, "/collapse"));
}
END_TEST

Suite *
suite_scan (void)
{
    Suite *suite = suite_create ("scan");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_test (core, a_whole_scan_returns_every_match_once_in_each_order);
    tcase_add_test (core, a_scan_ignores_offset_and_collapse);
    tcase_add_test (core, a_cursor_is_valid_for_one_order);
    tcase_add_test (core, a_cursor_is_valid_for_one_order);
    tcase_add_test (core, a_page_has_marks_and_facets_on_request);
    tcase_add_test (core, collapsing_keeps_the_first_hits_of_each_occupation);
    tcase_add_test (core, collapsing_changes_no_facet);
    tcase_add_test (limits, refuses_invalid_cursors);
    tcase_add_test (limits, refuses_a_cursor_of_another_generation);
    tcase_add_test (limits, refuses_a_cursor_of_another_index_with_a_generation_of_this_number);
    tcase_add_test (limits, pages_have_1_to_1000_statements);
    tcase_add_test (limits, a_scan_of_nothing_is_one_empty_page);
    tcase_add_test (limits, collapses_to_10_hits_at_most);
    return suite;
}
