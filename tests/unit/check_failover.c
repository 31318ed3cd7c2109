/* check_failover.c - daemons that are missing, busy, silent or ended, and other programs: which endpoint is used
 * instead, and how soon the failure is reported. */
#include "tests/support/standin.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_failover (void);

/* ------------------------------------------------------- the next endpoint */

START_TEST (the_next_endpoint_is_used_when_the_first_is_closed)
{
    standin daemon = { 0 };
    char closed[64], both[256];
    int fd = standin_closed_port (closed);
    standin_start (&daemon, ANSWER);
    snprintf (both, sizeof both, "%s, %s", closed, daemon.endpoint);
    sks_client *client = standin_client (both);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
    close (fd);
}
END_TEST

/* Send a request to a first daemon of the given manner, with a second one after it. */
static void
ask_two (enum standin_manner manner, unsigned first_served)
{
    standin first = { 0 }, second = { 0 };
    char both[300];
    sks_error err = { 0 };
    standin_start (&first, manner);
    standin_start (&second, ANSWER);
    snprintf (both, sizeof both, "%s,%s", first.endpoint, second.endpoint);
    sks_client *client = standin_client (both);
    ck_assert_msg (sks_client_ping (client, NULL, &err) == 0, "%s", err.text);
    sks_client_close (&client);
    standin_stop (&first);
    standin_stop (&second);
    ck_assert_uint_eq (first.served, first_served);
    ck_assert_uint_eq (second.served, 1);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}

START_TEST (the_next_endpoint_is_used_when_the_first_is_busy)
{
    ask_two (BUSY, 1);
}
END_TEST

START_TEST (a_request_is_sent_again_when_its_connection_breaks)
{
    ask_two (HANG_UP, 1);
}
END_TEST

START_TEST (the_next_endpoint_is_used_after_a_time_out)
{
    standin first = { 0 }, second = { 0 };
    char both[300];
    standin_start (&first, SILENT_ONCE);
    standin_start (&second, ANSWER);
    snprintf (both, sizeof both, "%s,%s", first.endpoint, second.endpoint);
    sks_client *client = standin_client (both);
    sks_client_set_timeout (client, 50);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), SKS_EDEADLINE);
    sks_client_set_timeout (client, 5000);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&first);
    standin_stop (&second);
    ck_assert_uint_eq (second.served, 1);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}
END_TEST

START_TEST (a_restarted_daemon_is_found_again)
{
    standin first = { 0 }, second = { 0 };
    standin_start (&first, ANSWER);
    sks_client *client = standin_client (first.endpoint);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    standin_stop (&first);
    second.bind = first.endpoint;
    standin_start (&second, ANSWER);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    standin_stop (&second);
    sks_request_destroy (&first.last);
    sks_request_destroy (&second.last);
}
END_TEST

/* -------------------------------------------------------------------- time */

START_TEST (a_call_to_a_silent_daemon_ends_at_its_time_out)
{
    standin daemon = { 0 };
    struct timespec start;
    sks_error err;
    standin_start (&daemon, SILENT_ONCE);
    sks_client *client = standin_client (daemon.endpoint);
    sks_client_set_timeout (client, 50);
    clock_gettime (CLOCK_MONOTONIC, &start);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), SKS_EDEADLINE);
    ck_assert (standin_seconds_since (&start) >= 0.049);
    ck_assert_ptr_nonnull (strstr (err.text, "within 50 ms"));
    sks_client_set_timeout (client, 5000);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    ck_assert_uint_eq (daemon.served, 2);
    sks_request_destroy (&daemon.last);
}
END_TEST

static volatile sig_atomic_t signals;

static void
count_signal (int number)
{
    (void) number;
    signals++;
}

START_TEST (a_signal_does_not_end_a_call)
{
    standin daemon = { 0 };
    struct sigaction action = { .sa_handler = count_signal }, before;
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never = { { 0, 0 }, { 0, 0 } };
    struct timespec start;
    sigset_t alarms;
    sigemptyset (&alarms);
    sigaddset (&alarms, SIGALRM);
    pthread_sigmask (SIG_BLOCK, &alarms, NULL);
    standin_start (&daemon, SILENT_ONCE);
    pthread_sigmask (SIG_UNBLOCK, &alarms, NULL);
    sks_client *client = standin_client (daemon.endpoint);
    sks_client_set_timeout (client, 50);
    sigaction (SIGALRM, &action, &before);
    signals = 0;
    clock_gettime (CLOCK_MONOTONIC, &start);
    setitimer (ITIMER_REAL, &often, NULL);
    int rc = sks_client_ping (client, NULL, NULL);
    setitimer (ITIMER_REAL, &never, NULL);
    sigaction (SIGALRM, &before, NULL);
    ck_assert_int_eq (rc, SKS_EDEADLINE);
    ck_assert (standin_seconds_since (&start) >= 0.049);
    ck_assert_int_gt (signals, 3);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

/* ------------------------------------------------------------ nobody there */

START_TEST (a_missing_daemon_is_reported_at_once)
{
    char endpoint[64];
    sks_client *client;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (sks_client_open (&client, endpoint, &err), SKS_ECONNECT);
    ck_assert_ptr_null (client);
    ck_assert_ptr_nonnull (strstr (err.text, endpoint));
    ck_assert_ptr_nonnull (strstr (err.text, "start it with: skillsearchd"));
    ck_assert_int_eq (sks_client_open (&client, "ipc:///nowhere/at/all", &err), SKS_ECONNECT);
    close (fd);
}
END_TEST

START_TEST (a_daemon_that_ended_is_reported_by_the_next_call)
{
    standin daemon = { 0 };
    sks_error err;
    standin_start (&daemon, ANSWER);
    sks_client *client = standin_client (daemon.endpoint);
    standin_stop (&daemon);
    ck_assert_int_eq (sks_client_ping (client, NULL, &err), SKS_ECONNECT);
    sks_client_close (&client);
}
END_TEST

START_TEST (a_daemon_that_requires_a_key_is_reported)
{
    standin daemon = { .wants_key = true };
    sks_client *client;
    sks_error err;
    if (!zmq_has ("curve"))
        return;
    standin_start (&daemon, ANSWER);
    ck_assert_int_eq (sks_client_open (&client, daemon.endpoint, &err), SKS_EAUTH);
    standin_stop (&daemon);
}
END_TEST

/* Answer one connection as a web server would. */
static void *
answer_as_another (void *listener)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    int fd = accept (*(int *) listener, NULL, NULL);
    ck_assert_int_eq (send (fd, text, sizeof text - 1, MSG_NOSIGNAL), sizeof text - 1);
    close (fd);
    return NULL;
}

START_TEST (another_program_is_not_mistaken_for_a_daemon)
{
    char endpoint[64];
    pthread_t thread;
    sks_client *client;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (pthread_create (&thread, NULL, answer_as_another, &fd), 0);
    ck_assert_int_eq (sks_client_open (&client, endpoint, &err), SKS_ECONNECT);
    ck_assert_ptr_nonnull (strstr (err.text, "another program"));
    pthread_join (thread, NULL);
    close (fd);
}
END_TEST

/* The kernel accepts connections for a daemon that is stopped or hangs. */
START_TEST (a_daemon_that_accepts_connections_and_is_silent_times_out)
{
    char endpoint[64];
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_client *client;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    options.endpoint = endpoint;
    options.timeout_ms = 100;
    ck_assert_int_eq (sks_client_open_with (&client, &options, &err), SKS_EDEADLINE);
    ck_assert_ptr_nonnull (strstr (err.text, "does not answer"));
    ck_assert_ptr_null (strstr (err.text, "program"));
    close (fd);
}
END_TEST

/* Sends half a greeting and then hangs. */
static void *
send_half_greeting (void *listener)
{
    static const unsigned char text[10] = { 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F };
    char rest[64];
    int fd = accept (*(int *) listener, NULL, NULL);
    ck_assert_int_eq (send (fd, text, sizeof text, MSG_NOSIGNAL), sizeof text);
    while (recv (fd, rest, sizeof rest, 0) > 0)
        continue;
    close (fd);
    return NULL;
}

START_TEST (a_daemon_that_stops_within_its_greeting_times_out)
{
    char endpoint[64];
    pthread_t thread;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_client *client;
    sks_error err;
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    ck_assert_int_eq (pthread_create (&thread, NULL, send_half_greeting, &fd), 0);
    options.endpoint = endpoint;
    options.timeout_ms = 100;
    ck_assert_int_eq (sks_client_open_with (&client, &options, &err), SKS_EDEADLINE);
    pthread_join (thread, NULL);
    close (fd);
}
END_TEST

Suite *
suite_failover (void)
{
    Suite *suite = suite_create ("failover");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, the_next_endpoint_is_used_when_the_first_is_closed);
    tcase_add_test (core, the_next_endpoint_is_used_when_the_first_is_busy);
    tcase_add_test (core, a_request_is_sent_again_when_its_connection_breaks);
    tcase_add_test (core, the_next_endpoint_is_used_after_a_time_out);
    tcase_add_test (core, a_restarted_daemon_is_found_again);
    tcase_add_test (core, a_call_to_a_silent_daemon_ends_at_its_time_out);
    tcase_add_test (core, a_signal_does_not_end_a_call);
    tcase_add_test (core, a_missing_daemon_is_reported_at_once);
    tcase_add_test (core, a_daemon_that_ended_is_reported_by_the_next_call);
    tcase_add_test (core, a_daemon_that_requires_a_key_is_reported);
    tcase_add_test (core, another_program_is_not_mistaken_for_a_daemon);
    tcase_add_test (core, a_daemon_that_accepts_connections_and_is_silent_times_out);
    tcase_add_test (core, a_daemon_that_stops_within_its_greeting_times_out);
    suite_add_tcase (suite, core);
    return suite;
}
