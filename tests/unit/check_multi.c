/* check_multi.c - the answers to a multi, made without a daemon: the effects of its deadline, and of a reply that grows
 * too large. */
#include "searchd/answer.h"
#include "searchd/stats.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_multi (void);

#define MULTI                                                                                                          \
    "{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"search\",\"id\":\"a\",\"limit\":0},"                            \
    "{\"op\":\"get\",\"ids\":[\"x\"]},{\"op\":\"compare\",\"occupation\":\"x\"}]}"

static sks_counters counters;

/* Answer MULTI into a buffer of at most `most` bytes; the reply in out. */
static int
answer (uint64_t deadline_us, size_t most, sks_buffer *out, sks_error *err)
{
    sks_request *request;
    *out = (sks_buffer) SKS_BUFFER_INIT (most);
    ck_assert_int_eq (sks_request_decode (&request, MULTI, strlen (MULTI), NULL), 0);
    sks_answerer answerer = {
        .searcher = corpus.searcher, .memory = sks_arena_create (), .counters = &counters, .reply = out
    };
    sks_budget_begin (sks_searcher_budget (corpus.searcher), deadline_us);
    int code = sks_answer (&answerer, request, err);
    sks_budget_begin (sks_searcher_budget (corpus.searcher), 0);
    sks_arena_destroy (&answerer.memory);
    sks_request_destroy (&request);
    return code;
}

static size_t
times (const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr (text, part)); text++)
        count++;
    return count;
}

START_TEST (answers_all_parts_before_its_deadline)
{
    sks_buffer out;
    ck_assert_int_eq (answer (UINT64_MAX, SKS_MAX_REPLY_BYTES, &out, NULL), 0);
    const char *text = sks_buffer_text (&out);
    ck_assert_uint_eq (times (text, "\"ok\":true"), 3);
    ck_assert_uint_eq (times (text, "\"code\":\"not_found\""), 1);
    sks_buffer_free (&out);
}
END_TEST

START_TEST (starts_no_part_after_its_deadline)
{
    sks_buffer out;
    ck_assert_int_eq (answer (1, SKS_MAX_REPLY_BYTES, &out, NULL), 0);
    const char *text = sks_buffer_text (&out);
    ck_assert_uint_eq (times (text, "\"code\":\"deadline\""), 3);
    ck_assert_uint_eq (times (text, "\"ok\":true"), 1);
    ck_assert_ptr_nonnull (strstr (text, "[{\"v\":1,\"id\":\"a\",\"ok\":false"));
    sks_buffer_free (&out);
}
END_TEST

START_TEST (the_whole_multi_is_refused_when_its_reply_is_too_large)
{
    sks_buffer out;
    sks_error err;
    ck_assert_int_eq (answer (UINT64_MAX, 200, &out, &err), SKS_ELIMIT);
    ck_assert_ptr_nonnull (strstr (err.text, "request less"));
    sks_buffer_free (&out);
}
END_TEST

Suite *
suite_multi (void)
{
    Suite *suite = suite_create ("multi");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_test (core, answers_all_parts_before_its_deadline);
    tcase_add_test (limits, starts_no_part_after_its_deadline);
    tcase_add_test (limits, the_whole_multi_is_refused_when_its_reply_is_too_large);
    return suite;
}
