/* check_spread.c - clients of several endpoints: which one a request goes to, and when it goes to another one. */
#include "client/lib/attempt.h"
#include "client/lib/breaker.h"
#include "tests/support/standin.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *suite_spread (void);

#define DAEMONS 3

static standin daemons[DAEMONS];
static char list[DAEMONS * sizeof daemons->endpoint];

/* Start daemons of these manners; `list` has their endpoints in this order. */
static void
start (const enum standin_manner *manners, size_t count)
{
    memset (daemons, 0, sizeof daemons);
    *list = '\0';
    for (size_t i = 0; i < count; i++) {
        standin_start (&daemons[i], manners[i]);
        snprintf (list + strlen (list), sizeof list - strlen (list), "%s%.127s", i ? "," : "", daemons[i].endpoint);
    }
}

static void
stop (size_t count)
{
    for (size_t i = 0; i < count; i++) {
        standin_stop (&daemons[i]);
        sks_request_destroy (&daemons[i].last);
    }
}

/* Nobody is silent within a tenth of this time, however busy the machine is. */
#define PATIENT_MS 600000

static sks_client *
open_within (int spread, uint32_t timeout_ms)
{
    sks_client *client;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_error err = { 0 };
    options.endpoint = list;
    options.later = 1;
    options.timeout_ms = timeout_ms;
    options.spread = spread;
    ck_assert_msg (sks_client_open_with (&client, &options, &err) == 0, "%s", err.text);
    return client;
}

static sks_client *
open_client (int spread)
{
    return open_within (spread, PATIENT_MS);
}

/* The code of a request by the calls that do not wait. */
static int
send_and_receive (sks_client *client, const char *request)
{
    uint64_t ticket;
    sks_reply *reply = NULL;
    sks_error err;
    int rc;
    while ((rc = sks_client_send (client, request, 0, &ticket, &err)) == SKS_ECONNECT) {
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        poll (&item, 1, 100);
    }
    ck_assert_msg (rc == 0, "%s", err.text);
    for (;;) {
        ck_assert_int_eq (sks_client_receive (client, &reply, &err), 0);
        if (reply)
            break;
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        poll (&item, 1, sks_client_next_timeout (client));
    }
    ck_assert_uint_eq (reply->ticket, ticket);
    rc = reply->code;
    sks_reply_destroy (&reply);
    return rc;
}

/* The code of a "health" by both kinds of calls: _i of the loop tests. */
static int
ask (sks_client *client, int waits)
{
    return waits ? sks_client_ping (client, NULL, NULL) : send_and_receive (client, "{\"op\":\"health\"}");
}

/* ---------------------------------------------------------------- the order */

START_TEST (each_request_begins_at_the_next_endpoint)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER, ANSWER }, 3);
    sks_client *client = open_client (1);
    if (!_i) /* a connection to each, so that all can be used */
        while (daemons[0].served == 0 || daemons[1].served == 0 || daemons[2].served == 0)
            ck_assert_int_eq (ask (client, _i), 0);
    unsigned before[3] = { daemons[0].served, daemons[1].served, daemons[2].served };
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq (ask (client, _i), 0);
    sks_client_close (&client);
    stop (3);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq (daemons[i].served - before[i], 3);
}
END_TEST

START_TEST (clients_begin_at_different_endpoints)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER }, 2);
    for (int i = 0; i < 64; i++) {
        sks_client *client = open_client (1);
        ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
        sks_client_close (&client);
    }
    stop (2);
    ck_assert_uint_gt (daemons[0].served, 0);
    ck_assert_uint_gt (daemons[1].served, 0);
}
END_TEST

START_TEST (without_spread_the_first_endpoint_gets_all_requests)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER }, 2);
    sks_client *client = open_client (0);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq (ask (client, _i), 0);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 5);
    ck_assert_uint_eq (daemons[1].served, 0);
}
END_TEST

START_TEST (options_of_an_earlier_version_spread)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER }, 2);
    sks_client *client;
    sks_client_options options = { .version = 3, .endpoint = list, .later = 1, .timeout_ms = PATIENT_MS };
    ck_assert_int_eq (sks_client_open_with (&client, &options, NULL), 0);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 3);
}
END_TEST

START_TEST (stats_are_always_those_of_the_same_daemon)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER }, 2);
    sks_client *client = open_client (1);
    char *reply;
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq (sks_client_call (client, "{\"v\":1,\"op\":\"stats\"}", &reply, NULL), 0);
        sks_free (reply);
    }
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served * daemons[1].served, 0);
}
END_TEST

/* -------------------------------------------------------------- another one */
static const enum standin_manner refusing[] = { BUSY, STOPPING, UNAVAILABLE };
static const int refused_codes[] = { SKS_EBUSY, SKS_ESHUTTINGDOWN, SKS_EUNAVAILABLE };

/* _i: the manner, and from 3 on the same with calls that wait. */
START_TEST (a_refused_request_goes_to_the_next_endpoint)
{
    start ((const enum standin_manner[]) { refusing[_i % 3], ANSWER }, 2);
    sks_client *client = open_client (0);
    ck_assert_int_eq (ask (client, _i / 3), 0);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 1);
    ck_assert_uint_eq (daemons[1].served, 1);
}
END_TEST

START_TEST (a_request_that_all_refuse_has_their_code)
{
    start ((const enum standin_manner[]) { refusing[_i % 3], refusing[_i % 3], refusing[_i % 3] }, 3);
    sks_client *client = open_client (1);
    ck_assert_int_eq (ask (client, _i / 3), refused_codes[_i % 3]);
    sks_client_close (&client);
    stop (3);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq (daemons[i].served, 1);
}
END_TEST

START_TEST (a_refusal_of_all_is_returned_as_json)
{
    start ((const enum standin_manner[]) { BUSY, BUSY }, 2);
    sks_client *client = open_client (1);
    char *reply = NULL;
    ck_assert_int_eq (sks_client_call (client, "{\"v\":1,\"op\":\"health\"}", &reply, NULL), 0);
    ck_assert_ptr_nonnull (strstr (reply, "\"busy\""));
    sks_free (reply);
    sks_client_close (&client);
    stop (2);
}
END_TEST

START_TEST (a_refusal_is_not_hidden_by_a_broken_connection)
{
    start ((const enum standin_manner[]) { BUSY, HANG_UP }, 2);
    sks_client *client = open_client (0);
    ck_assert_int_eq (ask (client, _i), SKS_EBUSY);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[1].served, 1);
}
END_TEST

START_TEST (a_request_is_sent_to_two_endpoints_that_break_the_connection_not_to_more)
{
    start ((const enum standin_manner[]) { HANG_UP, HANG_UP, ANSWER }, 3);
    sks_client *client = open_client (0);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), SKS_ECONNECT);
    sks_client_close (&client);
    stop (3);
    ck_assert_uint_eq (daemons[0].served, 1);
    ck_assert_uint_eq (daemons[1].served, 1);
    ck_assert_uint_eq (daemons[2].served, 0);
}
END_TEST

START_TEST (a_request_of_a_broken_connection_goes_to_the_next_endpoint)
{
    start ((const enum standin_manner[]) { HANG_UP, ANSWER }, 2);
    sks_client *client = open_client (0);
    ck_assert_int_eq (ask (client, _i), 0);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 1);
    ck_assert_uint_eq (daemons[1].served, 1);
}
END_TEST

START_TEST (a_silent_endpoint_costs_no_request_and_is_left_out)
{
    start ((const enum standin_manner[]) { SILENT_ONCE, ANSWER }, 2);
    sks_client *client = open_within (0, 10000);
    ck_assert_int_eq (ask (client, _i), 0);
    /* All clients of the process know it. */
    sks_endpoint endpoint;
    ck_assert_int_eq (sks_endpoint_parse (&endpoint, daemons[0].endpoint, SKS_ENDPOINT_CONNECT, NULL), 0);
    ck_assert (sks_breaker_is_open (&endpoint));
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 1);
    ck_assert_uint_eq (daemons[1].served, 1);
}
END_TEST

/* The pages of a scan belong to one generation, which the daemons do not take up at the same moment. */
START_TEST (a_cursor_that_one_daemon_does_not_know_is_asked_at_the_next)
{
    start ((const enum standin_manner[]) { UNKNOWN, ANSWER }, 2);
    sks_client *client = open_client (0);
    char *reply = NULL;
    const char *request = "{\"v\":1,\"op\":\"scan\",\"cursor\":\"1:2:3\"}";
    if (_i) {
        ck_assert_int_eq (sks_client_call (client, request, &reply, NULL), 0);
        ck_assert_ptr_nonnull (strstr (reply, "\"ok\":true"));
        sks_free (reply);
    } else
        ck_assert_int_eq (send_and_receive (client, "{\"op\":\"scan\",\"cursor\":\"1:2:3\"}"), 0);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[0].served, 1);
    ck_assert_uint_eq (daemons[1].served, 1);
}
END_TEST

START_TEST (what_is_not_found_is_not_asked_again)
{
    start ((const enum standin_manner[]) { UNKNOWN, ANSWER }, 2);
    sks_client *client = open_client (0);
    ck_assert_int_eq (ask (client, _i), SKS_ENOTFOUND);
    sks_client_close (&client);
    stop (2);
    ck_assert_uint_eq (daemons[1].served, 0);
}
END_TEST

START_TEST (a_child_of_fork_closes_its_copy_and_the_parent_goes_on)
{
    start ((const enum standin_manner[]) { ANSWER, ANSWER }, 2);
    sks_client *client = open_client (1);
    ck_assert_int_eq (ask (client, 0), 0);
    ck_assert_int_eq (ask (client, 1), 0);
    int status = -1;
    pid_t child = fork ();
    if (child == 0) {
        sks_client_close (&client);
        _exit (0);
    }
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    ck_assert_int_eq (status, 0);
    ck_assert_int_eq (ask (client, 0), 0);
    ck_assert_int_eq (ask (client, 1), 0);
    sks_client_close (&client);
    stop (2);
}
END_TEST

/* -------------------------------------------------------------- a balancer */

/* Accept two connections and close them: a balancer whose servers are all down. */
static void *
accept_and_close (void *listener)
{
    for (int i = 0; i < 2; i++)
        close (accept (*(int *) listener, NULL, NULL));
    return NULL;
}

START_TEST (a_balancer_without_a_server_is_unavailable)
{
    char endpoint[64];
    pthread_t thread;
    sks_client *client;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 2), 0);
    ck_assert_int_eq (pthread_create (&thread, NULL, accept_and_close, &fd), 0);
    ck_assert_int_eq (sks_client_open (&client, endpoint, &err), SKS_EUNAVAILABLE);
    ck_assert_ptr_nonnull (strstr (err.text, "balancer"));
    ck_assert_ptr_null (strstr (err.text, "program"));
    start ((const enum standin_manner[]) { ANSWER }, 1);
    snprintf (list + strlen (list), sizeof list - strlen (list), ",%s", endpoint);
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq (sks_client_open (&client, list, NULL), 0);
        sks_client_close (&client);
    }
    shutdown (fd, SHUT_RDWR);
    pthread_join (thread, NULL);
    close (fd);
    stop (1);
}
END_TEST

/* --------------------------------------------------------------- the rules */

START_TEST (a_breaker_leaves_an_endpoint_out_until_it_answers)
{
    sks_endpoint one, other;
    ck_assert_int_eq (sks_endpoint_parse (&one, "tcp://192.0.2.1:7311", SKS_ENDPOINT_CONNECT, NULL), 0);
    ck_assert_int_eq (sks_endpoint_parse (&other, "tcp://192.0.2.1:7312", SKS_ENDPOINT_CONNECT, NULL), 0);
    ck_assert (sks_breaker_admits (&one));
    sks_breaker_trip (&one);
    ck_assert (!sks_breaker_admits (&one));
    ck_assert (sks_breaker_is_open (&one));
    ck_assert (sks_breaker_admits (&other));
    sks_breaker_reset (&other);
    ck_assert (sks_breaker_is_open (&one));
    sks_breaker_reset (&one);
    ck_assert (sks_breaker_admits (&one));
    ck_assert (!sks_breaker_is_open (&one));
}
END_TEST

START_TEST (an_endpoint_that_answers_others_is_not_left_out)
{
    sks_endpoint endpoint;
    ck_assert_int_eq (sks_endpoint_parse (&endpoint, "tcp://192.0.2.3:7311", SKS_ENDPOINT_CONNECT, NULL), 0);
    sks_deadline sent = sks_deadline_after (0);
    sks_breaker_reset (&endpoint); /* the answer to another request */
    sks_breaker_trip_silent (&endpoint, sent);
    ck_assert (!sks_breaker_is_open (&endpoint));
    sks_breaker_trip_silent (&endpoint, sks_deadline_after (60000));
    ck_assert (sks_breaker_is_open (&endpoint));
}
END_TEST

START_TEST (hedged_requests_have_a_budget)
{
    sks_connection *connection;
    sks_hedges hedges = SKS_HEDGES_INIT;
    ck_assert_int_eq (sks_connection_open (&connection, "tcp://192.0.2.2:1,tcp://192.0.2.2:2", false, NULL, NULL, NULL),
                      0);
    for (int i = 0; i < 11; i++) {
        sks_attempt attempt = { 0 };
        sks_attempt_send (&attempt, 0, 5000);
        ck_assert (!sks_attempt_hedge (&attempt, connection, &hedges)); /* too early */
        attempt.hedge = 0;
        ck_assert_int_eq (sks_attempt_hedge (&attempt, connection, &hedges), i < 10);
    }
    for (int i = 0; i < 10; i++) {
        sks_attempt attempt = { 0 };
        sks_attempt_send (&attempt, 0, 5000);
        sks_attempt_win (&attempt, connection, 0, &hedges);
    }
    sks_attempt slow = { .tried = 1, .asked = 1 };
    ck_assert (sks_attempt_hedge (&slow, connection, &hedges));
    ck_assert (!sks_attempt_hedge (&slow, connection, &hedges));
    sks_breaker_trip (sks_connection_endpoint (connection, 0)); /* it is known to be silent */
    ck_assert (sks_attempt_hedge (&slow, connection, &hedges));
    sks_connection_close (&connection);
}
END_TEST

Suite *
suite_spread (void)
{
    Suite *suite = suite_create ("spread");
    TCase *tests = tcase_create ("spread");
    tcase_set_timeout (tests, 300);
    tcase_add_loop_test (tests, each_request_begins_at_the_next_endpoint, 0, 2);
    tcase_add_test (tests, clients_begin_at_different_endpoints);
    tcase_add_loop_test (tests, without_spread_the_first_endpoint_gets_all_requests, 0, 2);
    tcase_add_test (tests, options_of_an_earlier_version_spread);
    tcase_add_test (tests, stats_are_always_those_of_the_same_daemon);
    tcase_add_loop_test (tests, a_refused_request_goes_to_the_next_endpoint, 0, 6);
    tcase_add_loop_test (tests, a_request_that_all_refuse_has_their_code, 0, 6);
    tcase_add_test (tests, a_refusal_of_all_is_returned_as_json);
    tcase_add_loop_test (tests, a_refusal_is_not_hidden_by_a_broken_connection, 0, 2);
    tcase_add_test (tests, a_request_is_sent_to_two_endpoints_that_break_the_connection_not_to_more);
    tcase_add_loop_test (tests, a_request_of_a_broken_connection_goes_to_the_next_endpoint, 0, 2);
    tcase_add_loop_test (tests, a_silent_endpoint_costs_no_request_and_is_left_out, 0, 2);
    tcase_add_loop_test (tests, a_cursor_that_one_daemon_does_not_know_is_asked_at_the_next, 0, 2);
    tcase_add_loop_test (tests, what_is_not_found_is_not_asked_again, 0, 2);
    tcase_add_test (tests, a_child_of_fork_closes_its_copy_and_the_parent_goes_on);
    tcase_add_test (tests, a_balancer_without_a_server_is_unavailable);
    tcase_add_test (tests, a_breaker_leaves_an_endpoint_out_until_it_answers);
    tcase_add_test (tests, an_endpoint_that_answers_others_is_not_left_out);
    tcase_add_test (tests, hedged_requests_have_a_budget);
    suite_add_tcase (suite, tests);
    return suite;
}
