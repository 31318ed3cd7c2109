/* check_budget.c - the time budget of a request: every operation ends wherever its budget is exhausted, and does not
 * affect the next one.
 *
 * The clock is a counter here, and every unit of work reads it, so a request can be cut at each place that reads the
 * clock. */
#include "searchd/answer.h"
#include "tests/support/corpus.h"
#include "tests/support/word_vectors.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_budget (void);

#define CUTS 40       /* places at which each request is cut */
#define MOST_LATE 400 /* further calls after the budget is exhausted: a few loops, each once */

static sks_generation *uncached;
static sks_counters counters;
static uint64_t looks;

static uint64_t
count_looks (void)
{
    return ++looks;
}

static uint64_t
stand_still (void)
{
    looks++;
    return 1;
}

/* ------------------------------------------------------------------ budgets */

START_TEST (reads_the_clock_once_per_interval)
{
    sks_budget budget = SKS_BUDGET_INIT;
    budget.clock = stand_still;
    sks_budget_begin (&budget, 2);
    looks = 0;
    for (int i = 0; i < 10 * SKS_BUDGET_EVERY; i++)
        ck_assert (!sks_budget_spend (&budget, 1));
    ck_assert_uint_eq (looks, 10);
    ck_assert_int_eq (sks_budget_status (&budget, NULL), 0);
}
END_TEST

START_TEST (does_not_read_the_clock_without_a_deadline)
{
    sks_budget budget = SKS_BUDGET_INIT;
    budget.clock = stand_still;
    sks_budget_begin (&budget, 0);
    looks = 0;
    for (int i = 0; i < 10; i++)
        ck_assert (!sks_budget_spend (&budget, SKS_BUDGET_EVERY));
    ck_assert_uint_eq (looks, 0);
}
END_TEST

START_TEST (stays_exhausted_until_it_is_restarted)
{
    sks_budget budget = SKS_BUDGET_INIT;
    budget.clock = stand_still;
    sks_budget_begin (&budget, 1);
    looks = 0;
    for (int i = 0; i < 3; i++)
        ck_assert (sks_budget_spend (&budget, 1));
    ck_assert_uint_eq (looks, 1);
    ck_assert_int_eq (sks_budget_status (&budget, NULL), SKS_EDEADLINE);
    sks_budget_begin (&budget, 2);
    ck_assert (!sks_budget_spend (&budget, 1));
}
END_TEST

START_TEST (a_stop_ends_work_with_time_left_and_work_without_a_deadline)
{
    static const uint64_t ends[] = { 0, 100 };
    for
        EACH (i, ends)
        {
            sks_stop stop = { 0 };
            sks_error err;
            sks_budget budget = SKS_BUDGET_INIT;
            budget.clock = stand_still;
            budget.stop = &stop;
            sks_budget_begin (&budget, ends[i]);
            ck_assert (!sks_budget_spend (&budget, SKS_BUDGET_EVERY));
            sks_budget_set_stop (&stop, 1);
            ck_assert (sks_budget_spend (&budget, SKS_BUDGET_EVERY));
            ck_assert_int_eq (sks_budget_status (&budget, &err), SKS_ESHUTTINGDOWN);
            ck_assert_str_eq (err.text, "the daemon is ending");
        }
}
END_TEST

START_TEST (a_quota_is_spent_to_its_last_unit_and_no_further)
{
    static const uint64_t quotas[] = { 0, 1, 999, SKS_BUDGET_EVERY, SKS_BUDGET_EVERY + 1, 3 * SKS_BUDGET_EVERY };
    static const uint64_t steps[] = { 1, 7, SKS_BUDGET_EVERY };
    for
        EACH (i, quotas)
        for
            EACH (j, steps)
            {
                uint64_t spent = 0;
                sks_budget budget = SKS_BUDGET_INIT;
                sks_budget_begin (&budget, 0);
                sks_budget_limit (&budget, quotas[i]);
                while (!sks_budget_spend (&budget, steps[j])) {
                    spent += steps[j];
                    ck_assert (!sks_budget_look (&budget));
                }
                ck_assert_uint_eq (spent, quotas[i] / steps[j] * steps[j]);
                ck_assert (budget.over);
                ck_assert_int_eq (sks_budget_status (&budget, NULL), SKS_EDEADLINE);
                sks_budget_begin (&budget, 0);
                ck_assert (!sks_budget_spend (&budget, UINT64_MAX));
                ck_assert (!budget.over);
            }
}
END_TEST

START_TEST (a_deadline_within_a_quota_is_not_the_end_of_the_quota)
{
    sks_budget budget = SKS_BUDGET_INIT;
    budget.clock = stand_still;
    sks_budget_begin (&budget, 1);
    sks_budget_limit (&budget, 10);
    ck_assert (sks_budget_spend (&budget, 11));
    ck_assert (!budget.over);
    ck_assert_int_eq (sks_budget_status (&budget, NULL), SKS_EDEADLINE);
}
END_TEST

START_TEST (a_buffer_fails_when_its_budget_is_exhausted)
{
    sks_budget budget = SKS_BUDGET_INIT;
    sks_buffer out = SKS_BUFFER_INIT (1000);
    budget.clock = stand_still;
    sks_budget_begin (&budget, 1);
    out.budget = &budget;
    sks_buffer_puts (&out, "text");
    ck_assert_uint_eq (out.size, 0);
    ck_assert_int_eq (sks_buffer_status (&out, NULL), SKS_EDEADLINE);
    out.budget = NULL;
    sks_buffer_clear (&out);
    sks_buffer_puts (&out, "text");
    ck_assert_int_eq (sks_buffer_status (&out, NULL), 0);
    sks_buffer_free (&out);
}
END_TEST

/* --------------------------------------------------------------- operations */

/* Answer a request; the reply in out. */
static int
answer (sks_searcher *searcher, const char *text, sks_buffer *out)
{
    sks_request *request;
    sks_error err;
    ck_assert_msg (sks_request_decode (&request, text, strlen (text), &err) == 0, "%s: %s", text, err.text);
    *out = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_answerer answerer = {
        .searcher = searcher, .memory = sks_arena_create (), .counters = &counters, .reply = out
    };
    int code = sks_answer (&answerer, request, &err);
    sks_arena_destroy (&answerer.memory);
    sks_request_destroy (&request);
    return code;
}

/* The reply with unlimited time, without the times in it. Caller owns it; free with free. */
static char *
whole_answer (sks_searcher *searcher, const char *text)
{
    static const char took[] = "\"took_us\":";
    sks_buffer out;
    sks_budget_begin (sks_searcher_budget (searcher), 0);
    ck_assert_msg (answer (searcher, text, &out) == 0, "%s", text);
    char *copy = strdup (sks_buffer_text (&out));
    for (char *at = copy; (at = strstr (at, took));) {
        at += sizeof took - 1;
        memmove (at, at + strspn (at, "0123456789"), strlen (at) + 1 - strspn (at, "0123456789"));
    }
    sks_buffer_free (&out);
    return copy;
}

static void
assert_same (const char *text, const char *before, const char *after)
{
    ck_assert_msg (strcmp (before, after) == 0, "%s: the answer differs after a request was cut", text);
}

/* Answer with a budget that is exhausted at the given reading of the clock. */
static int
cut_answer (sks_searcher *searcher, const char *text, uint64_t at)
{
    sks_buffer out;
    sks_budget *budget = sks_searcher_budget (searcher);
    budget->clock = count_looks;
    budget->every = 1;
    sks_budget_begin (budget, at);
    looks = 0;
    int code = answer (searcher, text, &out);
    if (!code && strstr (text, "\"multi\""))
        code = strstr (sks_buffer_text (&out), "\"code\":\"deadline\"") ? SKS_EDEADLINE : 0;
    sks_buffer_free (&out);
    ck_assert_msg (!code || budget->late <= MOST_LATE, "%s: %d further calls after it was cut", text,
                   (int) budget->late);
    *budget = (sks_budget) SKS_BUDGET_INIT;
    return code;
}

#define OP(op) "{\"v\":1,\"op\":\"" op "\","
#define FACETS                                                                                                         \
    "\"facets\":[\"level\",\"sector\",\"group\",\"zone\",{\"name\":\"occupation\",\"tree\":true,\"find\":\"c o m\"}]"
#define FILTER                                                                                                         \
    "\"filter\":{\"level\":[\"advanced\",\"emerging\"],\"sector\":[\"55\",\"99\"],\"occupation\":[\"43-\",\"29-\"]}"

/* Each with the minimum number of clock readings: its loops must read the clock. */
static const struct {
    const char *text;
    uint64_t least;
} requests[] = {
    { OP ("search") "\"q\":\"mail patients records of the\",\"match\":\"any\",\"limit\":100,"
                    "\"want\":[\"marked\",\"explain\"]," FACETS "}",
      1000 },
    { OP ("search") "\"q\":\"mail patients records letters open\",\"limit\":50}", 200 },
    { OP ("search") "\"q\":\"mai* OR pat* OR sche*\",\"limit\":10}", 300 },
    { OP ("search") "\"q\":\"\\\"of the\\\" OR \\\"in a\\\"\",\"limit\":10}", 300 },
    { OP ("search") "\"q\":\"\\\"incoming mail\\\" OR \\\"data sheets\\\"\",\"limit\":10}", 30 },
    { OP ("search") "\"q\":\"the NEAR/20 of NEAR/20 and\",\"limit\":10}", 300 },
    { OP ("search") "\"q\":\"title:clerks OR title:cl*\",\"limit\":10}", 30 },
    { OP ("search") "\"q\":\"duty:pateints reccords\",\"limit\":10}", 1000 },
    { OP ("search") "\"q\":\"\"," FILTER ",\"sort\":\"-occupation\",\"limit\":100," FACETS "}", 150 },
    { OP ("search") "\"q\":\"mail the of\",\"match\":\"any\",\"collapse\":{\"by\":\"occupation\",\"keep\":2}}", 20 },
    { OP ("search") "\"q\":\"mail patients\",\"match\":\"any\",\"sort\":\"-relevance\",\"limit\":20}", 20 },
    { OP ("search") "\"q\":\"\",\"limit\":0,\"filter\":{\"group\":[\"11\",\"13\",\"15\",\"17\",\"19\",\"21\",\"23\",\"25\",\"27\"]}}",
      105 },
    { OP ("get") "\"ids\":[\"43-9051.00/developing/5bbaa99f9972\",\"x\"]}", 1 },
    { OP ("similar") "\"statement\":\"43-9051.00/developing/5bbaa99f9972\",\"limit\":20}", 30 },
    { OP ("compare") "\"occupation\":\"43-9051.00\"}", 300 },
    { OP ("compare") "\"occupation\":\"43-9051.00\",\"duty\":\"mail\"}", 300 },
    { OP ("occupation") "\"occupation\":\"43-9051.00\"}", 60 },
    { OP ("crosswalk") "\"occupations\":[\"43-9051.00\",\"43-4051.00\"]}", 300 },
    { OP ("map") "\"text\":\"Open the incoming mail. Ask the patients about allergies. Route letters.\",\"limit\":5}",
      50 },
    { OP ("suggest") "\"text\":\"a\"}", 500 },
    { OP ("suggest") "\"text\":\"the sa\"}", 100 },
    { OP ("facet_values") "\"facet\":{\"name\":\"occupation\",\"limit\":100,\"find\":\"c m\"}}", 14 },
    { OP ("analyze") "\"q\":\"\\\"of the\\\" mail NEAR the\"}", 300 },
    { OP ("scan") "\"q\":\"mail the\",\"match\":\"any\"," FILTER ",\"limit\":1000}", 20 },
    { OP ("multi") "\"requests\":[{\"op\":\"search\",\"q\":\"mail\"},{\"op\":\"compare\",\"occupation\":"
                   "\"43-9051.00\"},{\"op\":\"scan\",\"q\":\"of\"}]}",
      500 },
};

#define VECTORS                                                                                                        \
    "mail 9 1\nletters 9 2\nopen 0 0 9\nroute 0 0 9 1\nsort 0 0 9 2\nrecords 0 0 0 9\npatients 1 0 0 0 9\n"            \
    "customers 2 0 0 0 9\nenvelopes 9 2 2\nincoming 0 0 0 0 0 9\n"

/* With word vectors, so that the budget also cuts their work. */
static void
open_engines (void)
{
    static sks_buffer bytes = SKS_BUFFER_INIT (1 << 20);
    sks_error err;
    sks_vectors *vectors = word_vectors_make (&bytes, VECTORS);
    sample_vectors = vectors;
    corpus_open ();
    sample_vectors = NULL;
    ck_assert_msg (sks_generation_use_vectors (corpus.generation, &vectors, &err) == 0, "%s", err.text);
    ck_assert_msg (sks_generation_open (&uncached, corpus.folder, &err) == 0, "%s", err.text);
    sks_generation_limit (uncached, 0);
}

static void
close_engines (void)
{
    sks_generation_release (&uncached);
    corpus_close ();
}

/* Cut a request at many places; each time it must fail with the right code, and with enough time it must have the same
 * answer as before. */
static void
cut_everywhere (sks_searcher *searcher, const char *text, uint64_t least)
{
    char *before = whole_answer (searcher, text);
    ck_assert_int_eq (cut_answer (searcher, text, UINT64_MAX), 0);
    uint64_t all = looks;
    ck_assert_msg (all >= least, "%s: the clock was read %d times", text, (int) all);
    for (uint64_t i = 0; i < CUTS; i++) {
        uint64_t at = 1 + i * (all - 1) / (CUTS - 1);
        int code = cut_answer (searcher, text, at);
        ck_assert_msg (code == SKS_EDEADLINE, "%s: %s at reading %d of %d", text, sks_code_name (code), (int) at,
                       (int) all);
        ck_assert_uint_eq (looks, at);
    }
    char *after = whole_answer (searcher, text);
    assert_same (text, before, after);
    free (before);
    free (after);
}

START_TEST (every_operation_ends_wherever_it_is_cut)
{
    cut_everywhere (corpus.searcher, requests[_i].text, requests[_i].least);
}
END_TEST

START_TEST (every_operation_ends_wherever_it_is_cut_while_lists_are_decoded)
{
    sks_searcher *searcher;
    ck_assert_int_eq (sks_searcher_open (&searcher, uncached, NULL), 0);
    cut_everywhere (searcher, requests[_i].text, requests[_i].least);
    sks_searcher_close (&searcher);
}
END_TEST

/* The shared caches must be correct for the next request after the first one was cut halfway. */
START_TEST (an_incomplete_list_or_place_is_not_cached)
{
    static const char *const texts[] = { OP ("search") "\"q\":\"\\\"incoming mail\\\"\"}",
                                         OP ("search") "\"q\":\"\\\"the mail\\\" OR \\\"mail and\\\"\"}" };
    for
        EACH (i, texts)
        {
            char *expected = whole_answer (corpus.searcher, texts[i]);
            for (uint64_t at = 1; at < 400; at += 7) {
                sks_generation *fresh;
                sks_searcher *searcher;
                ck_assert_int_eq (sks_generation_open (&fresh, corpus.folder, NULL), 0);
                ck_assert_int_eq (sks_searcher_open (&searcher, fresh, NULL), 0);
                cut_answer (searcher, texts[i], at);
                char *found = whole_answer (searcher, texts[i]);
                assert_same (texts[i], expected, found);
                free (found);
                sks_searcher_close (&searcher);
                sks_generation_release (&fresh);
            }
            free (expected);
        }
}
END_TEST

START_TEST (a_stop_is_reported_as_shutting_down)
{
    sks_buffer out;
    sks_stop stop = { 1 };
    sks_budget *budget = sks_searcher_budget (corpus.searcher);
    budget->stop = &stop;
    sks_budget_begin (budget, UINT64_MAX);
    ck_assert_int_eq (answer (corpus.searcher, requests[0].text, &out), SKS_ESHUTTINGDOWN);
    sks_buffer_free (&out);
    *budget = (sks_budget) SKS_BUDGET_INIT;
}
END_TEST

Suite *
suite_budget (void)
{
    Suite *suite = suite_create ("budget");
    TCase *core = tcase_create ("Core");
    TCase *operations = tcase_create ("Core, operations");
    tcase_add_test (core, reads_the_clock_once_per_interval);
    tcase_add_test (core, does_not_read_the_clock_without_a_deadline);
    tcase_add_test (core, stays_exhausted_until_it_is_restarted);
    tcase_add_test (core, a_stop_ends_work_with_time_left_and_work_without_a_deadline);
    tcase_add_test (core, a_quota_is_spent_to_its_last_unit_and_no_further);
    tcase_add_test (core, a_deadline_within_a_quota_is_not_the_end_of_the_quota);
    tcase_add_test (core, a_buffer_fails_when_its_budget_is_exhausted);
    suite_add_tcase (suite, core);
    tcase_add_unchecked_fixture (operations, open_engines, close_engines);
    tcase_set_timeout (operations, 120);
    tcase_add_loop_test (operations, every_operation_ends_wherever_it_is_cut, 0, (int) COUNT (requests));
    tcase_add_loop_test (operations, every_operation_ends_wherever_it_is_cut_while_lists_are_decoded, 0,
                         (int) COUNT (requests));
    tcase_add_test (operations, an_incomplete_list_or_place_is_not_cached);
    tcase_add_test (operations, a_stop_is_reported_as_shutting_down);
    suite_add_tcase (suite, operations);
    return suite;
}
