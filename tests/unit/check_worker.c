/* check_worker.c - a worker answers in its own thread, or in the thread that has the request if that is small; the
 * replies are the same. So it is in a running daemon, where the main thread has the request. */
#include "searchd/connections.h"
#include "searchd/log.h"
#include "searchd/worker.h"
#include "tests/support/corpus.h"
#include "tests/support/peer.h"
#include "tests/support/said.h"

#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

Suite *suite_worker (void);

#define UNITS 262144 /* as in dispatch.c for one client */
#define SENTENCE "Open the incoming mail and route the letters to patients and clerks with their records. "

static sks_config config = { .workers = 1, .deadline_ms = 60000, .slow_ms = 60000, .log_level = SKS_LOG_ERROR };
static sks_counters counters;
static sks_stop stop;
static sks_worker *worker;
static int done;

static sks_job
new_job (int kind)
{
    return (sks_job) { .kind = kind,
                       .arrived_us = sks_clock_us (),
                       .generation = sks_generation_share (corpus.generation) };
}

/* Wait until the worker's thread has finished its job. */
static void
wait_until_done (void)
{
    uint64_t rung;
    ck_assert_int_eq (read (done, &rung, sizeof rung), sizeof rung);
}

/* The reply without its time. Caller owns it; free with free. */
static char *
take_reply (size_t *wrong)
{
    zmq_msg_t answer;
    zmq_msg_init (&answer);
    ck_assert (sks_worker_take (worker, &answer, wrong));
    char *reply = strndup (zmq_msg_data (&answer), zmq_msg_size (&answer));
    ck_assert_ptr_nonnull (reply);
    char *took = strstr (reply, ",\"took_us\":");
    if (took)
        *took = '\0';
    zmq_msg_close (&answer);
    return reply;
}

static void
start (void)
{
    sks_error err;
    size_t wrong;
    done = eventfd (0, EFD_CLOEXEC);
    ck_assert_int_eq (sks_worker_start (&worker, 0, &config, &counters, done, &stop, &err), 0);
    sks_job refresh = new_job (SKS_JOB_REFRESH);
    sks_worker_give (worker, &refresh, NULL);
    wait_until_done ();
    free (take_reply (&wrong));
}

static void
end (void)
{
    sks_worker_stop (&worker);
    close (done);
}

static void
fill_payload (zmq_msg_t *payload, const char *text)
{
    zmq_msg_init_size (payload, strlen (text));
    memcpy (zmq_msg_data (payload), text, strlen (text));
}

/* Try a job in this thread, and return whether it was done here. */
static bool
try_job (sks_job job, const char *text)
{
    zmq_msg_t payload;
    fill_payload (&payload, text);
    bool here = sks_worker_try (worker, &job, &payload, UNITS);
    zmq_msg_close (&payload);
    if (!here)
        wait_until_done ();
    return here;
}

/* The reply made in the worker's thread. */
static char *
ask_thread (const char *text)
{
    zmq_msg_t payload;
    size_t wrong;
    sks_job job = new_job (SKS_JOB_ANSWER);
    fill_payload (&payload, text);
    sks_worker_give (worker, &job, &payload);
    zmq_msg_close (&payload);
    wait_until_done ();
    return take_reply (&wrong);
}

static const char *
large_request (void)
{
    static const char begin[] = "{\"v\":1,\"id\":\"m\",\"op\":\"map\",\"text\":\"";
    static char text[SKS_SMALL_REQUEST_BYTES];
    char *end = mempcpy (text, begin, sizeof begin - 1);
    for (size_t i = 0; i < SKS_SMALL_REQUEST_BYTES / sizeof SENTENCE - 1; i++)
        end = mempcpy (end, SENTENCE, sizeof SENTENCE - 1);
    memcpy (end, "\"}", sizeof "\"}");
    return text;
}

START_TEST (a_small_request_is_answered_here_as_in_the_thread)
{
    static const char *const texts[] = {
        "{\"v\":1,\"id\":\"1\",\"op\":\"search\",\"q\":\"mail\",\"facets\":[\"level\"]}",
        "{\"v\":1,\"id\":\"2\",\"op\":\"search\",\"q\":\"AND\"}",
        "{\"v\":1,\"op\":\"get\",\"ids\":[\"x\"]}",
        "{\"v\":1,\"op\":\"suggest\",\"text\":\"ma\"}",
        "{\"v\":1,\"id\":\"3\",\"op\":\"search\",\"limit\":1000000}",
    };
    for
        EACH (i, texts)
        {
            size_t wrong;
            char *expected = ask_thread (texts[i]);
            ck_assert_msg (try_job (new_job (SKS_JOB_ANSWER), texts[i]), "%s", texts[i]);
            char *reply = take_reply (&wrong);
            ck_assert_str_eq (reply, expected);
            free (expected);
            free (reply);
        }
}
END_TEST

START_TEST (a_large_request_is_left_to_the_thread_and_counted_once)
{
    size_t wrong;
    uint64_t before = counters.requests[SKS_OP_MAP];
    char *expected = ask_thread (large_request ());
    ck_assert (!try_job (new_job (SKS_JOB_ANSWER), large_request ()));
    char *reply = take_reply (&wrong);
    ck_assert_str_eq (reply, expected);
    assert_has (reply, "\"ok\":true");
    ck_assert_uint_eq (counters.requests[SKS_OP_MAP], before + 2);
    free (expected);
    free (reply);
}
END_TEST

/* Otherwise the reading of such requests would delay the others. */
START_TEST (a_request_of_many_bytes_is_left_to_the_thread)
{
    char text[SKS_SMALL_REQUEST_BYTES + 100];
    size_t wrong;
    for (size_t extra = 0; extra < 2; extra++) {
        snprintf (text, sizeof text, "{\"v\":1,\"op\":\"search\",\"limit\":1%*s}",
                  (int) (SKS_SMALL_REQUEST_BYTES - strlen ("{\"v\":1,\"op\":\"search\",\"limit\":1}") + extra), "");
        ck_assert_uint_eq (strlen (text), SKS_SMALL_REQUEST_BYTES + extra);
        ck_assert (try_job (new_job (SKS_JOB_ANSWER), text) == !extra);
        char *reply = take_reply (&wrong);
        assert_has (reply, "\"ok\":true");
        free (reply);
    }
}
END_TEST

START_TEST (a_multi_is_left_to_the_thread)
{
    size_t wrong;
    ck_assert (!try_job (new_job (SKS_JOB_ANSWER), "{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"search\"}]}"));
    char *reply = take_reply (&wrong);
    assert_has (reply, "\"replies\":[{\"v\":1,\"ok\":true");
    free (reply);
}
END_TEST

START_TEST (another_generation_is_left_to_the_thread)
{
    size_t wrong;
    sks_error err;
    sks_job job = new_job (SKS_JOB_ANSWER);
    sks_generation_release (&job.generation);
    ck_assert_int_eq (sks_generation_open (&job.generation, corpus.folder, &err), 0);
    ck_assert (!try_job (job, "{\"v\":1,\"op\":\"search\",\"q\":\"mail\"}"));
    char *reply = take_reply (&wrong);
    assert_has (reply, "\"ok\":true");
    free (reply);
}
END_TEST

START_TEST (an_unreadable_request_is_refused_here)
{
    size_t wrong;
    ck_assert (try_job (new_job (SKS_JOB_ANSWER), "{\"v\":1,"));
    char *reply = take_reply (&wrong);
    assert_has (reply, "\"code\":\"bad_request\"");
    ck_assert_uint_eq (wrong, strlen ("{\"v\":1,"));
    free (reply);
}
END_TEST

START_TEST (a_deadline_and_a_stop_hold_here)
{
    size_t wrong;
    sks_job job = new_job (SKS_JOB_ANSWER);
    job.arrived_us -= UINT64_C (1000) * config.deadline_ms;
    ck_assert (try_job (job, "{\"v\":1,\"op\":\"search\"}"));
    char *reply = take_reply (&wrong);
    assert_has (reply, "\"code\":\"deadline\"");
    free (reply);
    sks_budget_set_stop (&stop, 1);
    ck_assert (try_job (new_job (SKS_JOB_ANSWER), "{\"v\":1,\"op\":\"search\"}"));
    reply = take_reply (&wrong);
    assert_has (reply, "\"code\":\"shutting_down\"");
    free (reply);
    sks_budget_set_stop (&stop, 0);
}
END_TEST

/* ---------------------------------------------------------- a running daemon */

static const char *const small_requests[] = {
    "{\"v\":1,\"id\":\"0\",\"op\":\"search\",\"q\":\"mail\",\"match\":\"any\",\"facets\":[\"level\"]}",
    "{\"v\":1,\"id\":\"1\",\"op\":\"search\",\"q\":\"\\\"incoming mail\\\"\"}",
    "{\"v\":1,\"id\":\"2\",\"op\":\"search\",\"q\":\"AND\"}",
    "{\"v\":1,\"id\":\"3\",\"op\":\"search\",\"limit\":1000000}",
    "{\"v\":1,\"id\":\"4\",\"op\":\"get\",\"ids\":[\"x\"]}",
    "{\"v\":1,\"id\":\"5\",\"op\":\"suggest\",\"text\":\"ma\"}",
    "{\"v\":1,\"id\":\"6\",\"op\":\"occupation\",\"occupation\":\"43-9051.00\",\"statements\":false}",
    "{\"v\":1,\"id\":\"7\",\"op\":\"nothing\"}",
    "{\"v\":2,\"id\":\"8\",\"op\":\"search\"}",
    "{\"v\":1,\"id\":\"9\",\"op\":\"multi\",\"requests\":[]}",
};

static const char multi[] = "{\"v\":1,\"id\":\"10\",\"op\":\"multi\",\"requests\":[{\"op\":\"search\",\"q\":\"mail\"},"
                            "{\"op\":\"search\",\"q\":\"AND\"}]}";

#define SMALL (sizeof small_requests / sizeof *small_requests)
#define ALL (SMALL + 2)

/* The last one is large; its id is "m". */
static const char *
request_at (size_t i)
{
    return i < SMALL ? small_requests[i] : i == SMALL ? multi : large_request ();
}

/* Its place among all requests. */
static size_t
place_of (const char *reply)
{
    const char *id = strstr (reply, "\"id\":\"");
    ck_assert_ptr_nonnull (id);
    return id[6] == 'm' ? ALL - 1 : (size_t) number_after (reply, "\"id\":\"");
}

static char *
copy_without_times (const char *reply)
{
    static const char took[] = "\"took_us\":";
    char *copy = strdup (reply);
    ck_assert_ptr_nonnull (copy);
    for (char *at = copy; (at = strstr (at, took));) {
        at += sizeof took - 1;
        memmove (at, at + strspn (at, "0123456789"), strlen (at) + 1 - strspn (at, "0123456789"));
    }
    return copy;
}

START_TEST (a_running_daemon_answers_small_requests_without_its_workers)
{
    PEER_START ("--workers", "2");
    unsigned long long before = peer_worker_runs ();
    for (int times = 0; times < 3; times++)
        for
            EACH (i, small_requests)
    peer_ask (small_requests[i]);
    peer_ask (PEER_HEALTH);
    peer_ask (PEER_STATS);
    ck_assert_uint_eq (peer_worker_runs (), before);
    for (size_t i = SMALL; i < ALL; i++) {
        peer_ask (request_at (i));
        ck_assert_uint_gt (peer_worker_runs (), before);
        before = peer_worker_runs ();
    }
    peer_stop ();
}
END_TEST

/* With one core, more threads would only add work. A thread runs for a moment when the daemon is frozen, and when it is
 * thawed. A busy machine may interrupt it then, which counts as another run, so one of many rounds is enough. */
START_TEST (with_one_core_requests_that_wait_are_answered_without_workers)
{
    enum { ROUNDS = 50, REQUESTS = 12, WORKERS = 2 };
    cpu_set_t before, one;
    int without = 0;
    ck_assert_int_eq (sched_getaffinity (0, sizeof before, &before), 0);
    CPU_ZERO (&one);
    for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT (&one); i++)
        if (CPU_ISSET (i, &before))
            CPU_SET (i, &one);
    ck_assert_int_eq (sched_setaffinity (0, sizeof one, &one), 0);
    PEER_START ("--workers", "2");
    for (int round = 0; round < ROUNDS && !without; round++) {
        unsigned long long runs = peer_worker_runs ();
        peer_send_while_frozen (REQUESTS, ",\"q\":\"mail\",\"limit\":1");
        sks_test_daemon_thaw (&peer_daemon);
        ck_assert_int_eq (peer_take_replies (REQUESTS).ok, REQUESTS);
        without += peer_worker_runs () - runs <= 2 * WORKERS;
    }
    ck_assert_int_eq (without, 1);
    peer_stop ();
}
END_TEST

/* Alone, each is answered in the main thread if it is small. The daemon finds the others all at once, so they go to
 * workers or wait. */
START_TEST (replies_are_the_same_alone_and_beside_other_requests)
{
    char *alone[ALL];
    PEER_START ("--workers", _i == 1 ? "1" : "2", "--results-mb", _i == 2 ? "1" : "0", "--deadline-ms", "60000");
    for (size_t i = 0; i < ALL; i++) {
        alone[i] = copy_without_times (peer_ask (request_at (i)));
        ck_assert_uint_eq (place_of (alone[i]), i);
    }
    peer_send_while_frozen (0, "");
    for (size_t i = 0; i < 10 * ALL; i++)
        peer_send (peer_socket, request_at (i % ALL));
    sks_test_daemon_thaw (&peer_daemon);
    for (size_t i = 0; i < 10 * ALL; i++) {
        char *reply = copy_without_times (peer_receive (peer_socket));
        ck_assert_str_eq (reply, alone[place_of (reply)]);
        free (reply);
    }
    for (size_t i = 0; i < ALL; i++)
        free (alone[i]);
    peer_stop ();
}
END_TEST

Suite *
suite_worker (void)
{
    Suite *suite = suite_create ("worker");
    TCase *core = corpus_case (suite, "Core"), *daemon = peer_case (suite, "Daemon");
    tcase_add_checked_fixture (core, start, end);
    tcase_add_test (core, a_small_request_is_answered_here_as_in_the_thread);
    tcase_add_test (core, a_large_request_is_left_to_the_thread_and_counted_once);
    tcase_add_test (core, a_request_of_many_bytes_is_left_to_the_thread);
    tcase_add_test (core, a_multi_is_left_to_the_thread);
    tcase_add_test (core, another_generation_is_left_to_the_thread);
    tcase_add_test (core, an_unreadable_request_is_refused_here);
    tcase_add_test (core, a_deadline_and_a_stop_hold_here);
    tcase_add_test (daemon, a_running_daemon_answers_small_requests_without_its_workers);
    tcase_add_test (daemon, with_one_core_requests_that_wait_are_answered_without_workers);
    tcase_add_loop_test (daemon, replies_are_the_same_alone_and_beside_other_requests, 0, 3);
    return suite;
}
