/* check_results.c - kept replies: equal to new ones, found by equal requests only, complete, and bounded in bytes. */
#include "searchd/answer.h"
#include "tests/support/corpus.h"
#include "tests/support/said.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_results (void);

#define LIMIT (1 << 20)

static sks_counters counters;
static sks_results *results;

static void
start (void)
{
    results = sks_results_create (LIMIT, &counters);
}

static void
end (void)
{
    sks_results_destroy (&results);
    ck_assert_uint_eq (counters.results_bytes, 0);
}

static uint64_t
hits (void)
{
    return counters.results_hits;
}

/* The reply without times; of a failure its code. Caller owns it; free with free. */
static char *
ask_with (const char *text, sks_results *kept, int *code)
{
    static const char took[] = "\"took_us\":";
    sks_request *request;
    sks_error err;
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    ck_assert_msg (sks_request_decode (&request, text, strlen (text), &err) == 0, "%s: %s", text, err.text);
    sks_answerer answerer = { .searcher = corpus.searcher,
                              .memory = sks_arena_create (),
                              .counters = &counters,
                              .reply = &out,
                              .results = kept };
    *code = sks_answer (&answerer, request, &err);
    char *reply = strdup (*code ? sks_code_name (*code) : sks_buffer_text (&out));
    ck_assert_ptr_nonnull (reply);
    for (char *at = reply; (at = strstr (at, took));) {
        at += sizeof took - 1;
        memmove (at, at + strspn (at, "0123456789"), strlen (at) + 1 - strspn (at, "0123456789"));
    }
    sks_arena_destroy (&answerer.memory);
    sks_request_destroy (&request);
    sks_buffer_free (&out);
    return reply;
}

static char *
ask (const char *text)
{
    int code;
    sks_budget_begin (sks_searcher_budget (corpus.searcher), 0);
    return ask_with (text, results, &code);
}

/* Ask, and return whether the reply had been kept. */
static bool
is_kept (const char *text)
{
    uint64_t before = hits ();
    free (ask (text));
    return hits () > before;
}

#define V "{\"v\":1,\"id\":\"7\",\"op\":"

static const char *const whole[] = {
    V "\"search\",\"q\":\"mail \\\"of the\\\" \xc3\xa4\",\"match\":\"any\",\"facets\":[\"level\",\"sector\"]}",
    V "\"search\",\"q\":\"pateints\",\"units\":\"codepoints\",\"want\":[\"marked\",\"explain\"]}",
    V "\"get\",\"ids\":[\"43-9051.00/developing/5bbaa99f9972\",\"x\"]}",
    V "\"similar\",\"statement\":\"43-9051.00/developing/5bbaa99f9972\",\"limit\":5}",
    V "\"compare\",\"occupation\":\"43-9051.00\"}",
    V "\"crosswalk\",\"occupations\":[\"43-9051.00\",\"43-4051.00\"]}",
    V "\"map\",\"text\":\"Open the mail. Sort it.\"}",
    V "\"suggest\",\"text\":\"ma\"}",
    V "\"facet_values\",\"facet\":{\"name\":\"occupation\"}}",
    V "\"analyze\",\"q\":\"mail NEAR the\"}",
    V "\"occupation\",\"occupation\":\"43-9051.00\",\"statements\":false}",
};

START_TEST (a_kept_reply_is_the_same_for_every_operation)
{
    int code;
    sks_budget_begin (sks_searcher_budget (corpus.searcher), 0);
    char *expected = ask_with (whole[_i], NULL, &code);
    ck_assert_msg (code == 0, "%s: %s", whole[_i], expected);
    char *first = ask (whole[_i]);
    ck_assert_str_eq (first, expected);
    ck_assert_uint_eq (hits (), 0);
    char *second = ask (whole[_i]);
    ck_assert_uint_eq (hits (), 1);
    ck_assert_str_eq (second, expected);
    free (expected);
    free (first);
    free (second);
}
END_TEST

START_TEST (a_kept_reply_has_the_id_of_its_request)
{
    free (ask ("{\"v\":1,\"id\":\"\\\",\\\"ok\\\":true,\",\"op\":\"search\",\"q\":\"mail\"}"));
    char *other = ask ("{\"v\":1,\"id\":\"b\",\"op\":\"search\",\"q\":\"mail\"}");
    ck_assert_uint_eq (hits (), 1);
    assert_has (other, "{\"v\":1,\"id\":\"b\",\"ok\":true,\"generation\":1,\"total\":");
    char *none = ask ("{\"v\":1,\"op\":\"search\",\"q\":\"mail\"}");
    ck_assert_uint_eq (hits (), 2);
    assert_has (none, "{\"v\":1,\"ok\":true,\"generation\":1,\"total\":");
    free (other);
    free (none);
}
END_TEST

START_TEST (order_defaults_and_deadline_make_no_difference)
{
    free (ask ("{\"v\":1,\"op\":\"search\",\"q\":\"mail\",\"match\":\"any\"}"));
    ck_assert (is_kept ("{\"match\":\"any\",\"q\":\"mail\",\"op\":\"search\",\"v\":1}"));
    ck_assert (
        is_kept ("{\"v\":1,\"op\":\"search\",\"q\":\"m\\u0061il\",\"match\":\"any\",\"limit\":10,\"offset\":0}"));
    ck_assert (is_kept ("{\"v\":1,\"op\":\"search\",\"q\":\"mail\",\"match\":\"any\",\"deadline_ms\":60000}"));
}
END_TEST

/* No two of these have the same answer for every index. */
START_TEST (other_requests_do_not_find_it)
{
    static const char *const members[] = {
        "\"q\":\"mail\"",
        "\"q\":\"mails\"",
        "\"q\":\"Mail\"",
        "\"q\":\"mail \"",
        "\"q\":\"mail\",\"match\":\"any\"",
        "\"q\":\"mail\",\"match\":\"all\"",
        "\"q\":\"mail\",\"limit\":9",
        "\"q\":\"mail\",\"limit\":0",
        "\"q\":\"mail\",\"offset\":1",
        "\"q\":\"mail\",\"sort\":\"-relevance\"",
        "\"q\":\"mail\",\"sort\":\"occupation\"",
        "\"q\":\"mail\",\"sort\":\"-occupation\"",
        "\"q\":\"mail\",\"units\":\"codepoints\"",
        "\"q\":\"mail\",\"units\":\"utf16\"",
        "\"q\":\"mail\",\"want\":[\"marked\"]",
        "\"q\":\"mail\",\"want\":[\"explain\"]",
        "\"q\":\"mail\",\"want\":[\"marked\"],\"tags\":[\"[\",\"]\"]",
        "\"q\":\"mail\",\"want\":[\"marked\"],\"escape\":\"html\"",
        "\"q\":\"mail\",\"facets\":[\"level\"]",
        "\"q\":\"mail\",\"facets\":[\"sector\"]",
        "\"q\":\"mail\",\"facets\":[\"level\",\"sector\"]",
        "\"q\":\"mail\",\"facets\":[{\"name\":\"occupation\",\"limit\":3}]",
        "\"q\":\"mail\",\"facets\":[{\"name\":\"occupation\",\"find\":\"c\"}]",
        "\"q\":\"mail\",\"facets\":[{\"name\":\"occupation\",\"tree\":true}]",
        "\"q\":\"mail\",\"filter\":{\"level\":[\"advanced\"]}",
        "\"q\":\"mail\",\"filter\":{\"level\":[\"emerging\"]}",
        "\"q\":\"mail\",\"filter\":{\"level\":[\"advanced\",\"emerging\"]}",
        "\"q\":\"mail\",\"filter\":{\"zone\":{\"min\":2}}",
        "\"q\":\"mail\",\"filter\":{\"zone\":{\"max\":2}}",
        "\"q\":\"mail\",\"collapse\":{\"by\":\"occupation\"}",
        "\"q\":\"mail\",\"collapse\":{\"by\":\"occupation\",\"keep\":2}",
        "\"q\":\"mail\",\"meaning\":false",
        "\"q\":\"mail\",\"resolve\":true",
        "\"filter\":{\"sector\":[\"mail\"]}",
        "",
    };
    char text[512];
    for
        EACH (i, members)
        {
            snprintf (text, sizeof text, "{\"v\":1,\"op\":\"search\"%s%s}", *members[i] ? "," : "", members[i]);
            ck_assert_msg (!is_kept (text), "%s", text);
        }
}
END_TEST

START_TEST (failures_status_scans_and_multis_are_not_kept)
{
    static const char *const texts[] = {
        V "\"search\",\"q\":\"AND\"}",
        V "\"search\",\"limit\":1000000}",
        V "\"compare\",\"occupation\":\"x\"}",
        V "\"stats\"}",
        V "\"health\"}",
        V "\"scan\",\"q\":\"mail\"}",
        V "\"multi\",\"requests\":[{\"op\":\"health\"}]}",
    };
    for
        EACH (i, texts)
    for (int j = 0; j < 2; j++) {
        uint64_t bytes = counters.results_bytes;
        int code;
        sks_request *request;
        if (sks_request_decode (&request, texts[i], strlen (texts[i]), NULL) == 0) {
            sks_budget_begin (sks_searcher_budget (corpus.searcher), 0);
            free (ask_with (texts[i], results, &code));
        }
        sks_request_destroy (&request);
        ck_assert_uint_eq (hits (), 0);
        ck_assert_uint_eq (counters.results_bytes, bytes);
    }
}
END_TEST

START_TEST (the_parts_of_a_multi_are_kept)
{
    free (ask ("{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"search\",\"q\":\"mail\"},{\"id\":\"c\",\"op\":"
               "\"search\",\"q\":\"mail\"}]}"));
    ck_assert_uint_eq (hits (), 1);
    char *reply = ask (
        "{\"v\":1,\"op\":\"multi\",\"units\":\"utf16\",\"requests\":[{\"id\":\"a\",\"op\":\"search\",\"q\":\"mail\","
        "\"units\":\"bytes\"},{\"op\":\"search\",\"q\":\"mail\"}]}");
    ck_assert_uint_eq (hits (), 2);
    assert_has (reply, "\"replies\":[{\"v\":1,\"id\":\"a\",\"ok\":true,\"generation\":1,");
    assert_has (reply, "},{\"v\":1,\"ok\":true,\"generation\":1,");
    free (reply);
}
END_TEST

static uint64_t looks;

static uint64_t
count_looks (void)
{
    return ++looks;
}

/* Cut the request at each reading of the clock up to the last; nothing is kept. */
START_TEST (what_was_cut_is_not_kept)
{
    const char *text = whole[_i];
    sks_budget *budget = sks_searcher_budget (corpus.searcher);
    int code = SKS_EDEADLINE;
    budget->clock = count_looks;
    budget->every = 1;
    for (uint64_t at = 1; code; at += 1 + at / 8) {
        looks = 0;
        sks_budget_begin (budget, at);
        free (ask_with (text, results, &code));
        ck_assert_uint_eq (hits (), 0);
        ck_assert_msg ((counters.results_bytes == 0) == (code != 0), "%s: cut at %d", text, (int) at);
    }
    *budget = (sks_budget) SKS_BUDGET_INIT;
    ck_assert (is_kept (text));
}
END_TEST

START_TEST (what_exceeds_its_quota_is_neither_kept_nor_counted)
{
    int code;
    uint64_t misses = counters.results_misses;
    sks_budget *budget = sks_searcher_budget (corpus.searcher);
    sks_budget_begin (budget, 0);
    sks_budget_limit (budget, 1000);
    free (ask_with (whole[0], results, &code));
    ck_assert (budget->over);
    ck_assert_uint_eq (counters.results_bytes, 0);
    ck_assert_uint_eq (counters.results_misses, misses);
    ck_assert (!is_kept (whole[0]));
    ck_assert_uint_eq (counters.results_misses, misses + 1);
}
END_TEST

START_TEST (their_bytes_are_bounded_and_those_used_last_remain)
{
    char text[256];
    for (int i = 0; i < 500; i++) {
        snprintf (text, sizeof text, V "\"search\",\"offset\":%d}", i);
        free (ask (text));
        ck_assert (i == 0 || is_kept (V "\"search\",\"offset\":0}"));
        ck_assert_uint_le (counters.results_bytes, LIMIT);
    }
    ck_assert_uint_gt (counters.results_bytes, LIMIT / 2);
    ck_assert (is_kept (V "\"search\",\"offset\":499}"));
    ck_assert (!is_kept (V "\"search\",\"offset\":1}"));
}
END_TEST

START_TEST (a_large_reply_is_not_kept)
{
    char text[4096] = V "\"map\",\"limit\":10,\"text\":\"";
    for (int i = 0; i < 60; i++)
        strcat (text, "Open the incoming mail. ");
    strcat (text, "\"}");
    char *reply = ask (text);
    ck_assert_uint_gt (strlen (reply), SKS_MAX_KEPT_REPLY_BYTES);
    ck_assert (!is_kept (text));
    ck_assert_uint_eq (counters.results_bytes, 0);
    free (reply);
}
END_TEST

START_TEST (cleared_results_are_gone)
{
    free (ask (whole[0]));
    sks_results_clear (results);
    ck_assert_uint_eq (counters.results_bytes, 0);
    ck_assert (!is_kept (whole[0]));
    ck_assert (is_kept (whole[0]));
}
END_TEST

Suite *
suite_results (void)
{
    Suite *suite = suite_create ("results");
    TCase *core = corpus_case (suite, "Core");
    tcase_add_checked_fixture (core, start, end);
    tcase_add_loop_test (core, a_kept_reply_is_the_same_for_every_operation, 0, (int) (sizeof whole / sizeof *whole));
    tcase_add_test (core, a_kept_reply_has_the_id_of_its_request);
    tcase_add_test (core, order_defaults_and_deadline_make_no_difference);
    tcase_add_test (core, other_requests_do_not_find_it);
    tcase_add_test (core, failures_status_scans_and_multis_are_not_kept);
    tcase_add_test (core, the_parts_of_a_multi_are_kept);
    tcase_add_loop_test (core, what_was_cut_is_not_kept, 0, (int) (sizeof whole / sizeof *whole));
    tcase_add_test (core, what_exceeds_its_quota_is_neither_kept_nor_counted);
    tcase_add_test (core, their_bytes_are_bounded_and_those_used_last_remain);
    tcase_add_test (core, a_large_reply_is_not_kept);
    tcase_add_test (core, cleared_results_are_gone);
    return suite;
}
