/* check_backlog.c - many requests at once: the queue of the daemon, deadlines, shutdown, and replies that nobody
 * reads. */
#include "searchd/stats.h"
#include "tests/support/peer.h"
#include "tests/support/said.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

Suite *suite_backlog (void);

START_TEST (answers_each_of_many_requests_once)
{
    PEER_START ("--workers", "3", "--queue", "200", "--deadline-ms", "60000");
    peer_send_while_frozen (100, ",\"q\":\"work\"");
    sks_test_daemon_thaw (&peer_daemon);
    ck_assert_int_eq (peer_take_replies (100).ok, 100);
    peer_assert_silent (peer_socket);
    peer_stop ();
}
END_TEST

START_TEST (refuses_requests_that_arrive_during_shutdown)
{
    PEER_START ("--workers", "1");
    peer_send_while_frozen (50, "");
    ck_assert_int_eq (kill (peer_daemon.pid, SIGTERM), 0);
    sks_test_daemon_thaw (&peer_daemon);
    peer_tally tally = peer_take_replies (50);
    ck_assert_int_eq (tally.shutting_down + tally.ok, 50);
    ck_assert_int_gt (tally.shutting_down, 0);
    ck_assert_int_eq (sks_test_daemon_wait (&peer_daemon), 0);
    peer_close ();
    sks_test_folder_remove (peer_daemon.folder);
}
END_TEST

START_TEST (answers_requests_under_way_before_it_ends)
{
    PEER_START ("--workers", "2");
    peer_send_while_frozen (100, ",\"limit\":100");
    sks_test_daemon_thaw (&peer_daemon);
    assert_has (peer_receive (peer_socket), "\"ok\":true");
    ck_assert_int_eq (kill (peer_daemon.pid, SIGTERM), 0);
    for (int i = 1; i < 100; i++)
        ck_assert (strstr (peer_receive (peer_socket), "\"ok\":true") ||
                   strstr (peer_reply, "\"code\":\"shutting_down\""));
    ck_assert_int_eq (sks_test_daemon_wait (&peer_daemon), 0);
    assert_log_has (&peer_daemon, "dropped_gone=0 dropped_full=0");
    peer_close ();
    sks_test_folder_remove (peer_daemon.folder);
}
END_TEST

START_TEST (answers_busy_when_its_queue_is_full)
{
    PEER_START ("--workers", "1", "--queue", "1");
    peer_send_while_frozen (100, ",\"limit\":100,\"facets\":[{\"name\":\"occupation\"}]");
    sks_test_daemon_thaw (&peer_daemon);
    peer_tally tally = peer_take_replies (100);
    ck_assert_int_ge (tally.ok, 1);
    ck_assert_int_ge (tally.busy, 1);
    ck_assert_int_eq (tally.ok + tally.busy, 100);
    peer_stop ();
}
END_TEST

START_TEST (starts_no_request_after_its_deadline)
{
    PEER_START ("--workers", "1", "--queue", "100");
    peer_send_while_frozen (100, ",\"deadline_ms\":1,\"limit\":100,\"want\":[\"marked\"]");
    sks_test_daemon_thaw (&peer_daemon);
    peer_tally tally = peer_take_replies (100);
    ck_assert_int_ge (tally.deadline, 1);
    ck_assert_int_eq (tally.ok + tally.deadline, 100);
    peer_stop ();
}
END_TEST

/* More than SKS_SMALL_REQUEST_BYTES: such requests wait undecoded. */
static void
send_large_while_frozen (int count, const char *members)
{
    char large[9000];
    snprintf (large, sizeof large, "%8000s%s", "", members);
    peer_send_while_frozen (count, large);
    sks_test_daemon_thaw (&peer_daemon);
}

START_TEST (large_requests_wait_until_their_deadline)
{
    PEER_START ("--workers", "1", "--queue", "100", "--deadline-ms", "1");
    send_large_while_frozen (100, ",\"limit\":1,\"deadline_ms\":60000");
    ck_assert_int_eq (peer_take_replies (100).ok, 100);
    peer_stop ();
}
END_TEST

START_TEST (starts_no_large_request_after_its_deadline)
{
    PEER_START ("--workers", "1", "--queue", "100");
    send_large_while_frozen (100, ",\"limit\":100,\"want\":[\"marked\"],\"deadline_ms\":1");
    peer_tally tally = peer_take_replies (100);
    ck_assert_int_ge (tally.deadline, 1);
    ck_assert_int_eq (tally.ok + tally.deadline, 100);
    peer_stop ();
}
END_TEST

START_TEST (refuses_large_requests_with_their_ids)
{
    PEER_START ("--workers", "1", "--queue", "3");
    send_large_while_frozen (100, ",\"unknown\":[[1,{\"id\":\"no\"}]]");
    peer_tally tally = peer_take_replies (100);
    ck_assert_int_ge (tally.busy, 1);
    ck_assert_int_ge (tally.other, 1);
    ck_assert_int_eq (tally.busy + tally.other, 100);
    peer_stop ();
}
END_TEST

START_TEST (drops_large_replies_that_nobody_reads)
{
    static const int one = 1, asked = 10;
    static const int small = 65536; /* otherwise the kernel could buffer more than the daemon's limit: 6 MB and more */
    char request[4096] = "{\"v\":1,\"id\":\"m\",\"op\":\"multi\",\"deadline_ms\":60000,\"requests\":[";
    PEER_START ("--queue", "100");
    void *deaf = zmq_socket (peer_context, ZMQ_DEALER);
    zmq_setsockopt (deaf, ZMQ_LINGER, &(int) { 0 }, sizeof (int));
    zmq_setsockopt (deaf, ZMQ_RCVHWM, &one, sizeof one);
    zmq_setsockopt (deaf, ZMQ_RCVBUF, &small, sizeof small);
    ck_assert_int_eq (zmq_connect (deaf, peer_daemon.endpoint), 0);
    for (int i = 0; i < SKS_MAX_MULTI; i++)
        strcat (request, i ? ",{\"op\":\"scan\",\"limit\":1000}" : "{\"op\":\"scan\",\"limit\":1000}");
    strcat (request, "]}");
    for (int i = 0; i < asked; i++)
        peer_send (deaf, request);
    do
        peer_ask (PEER_STATS);
    while (!strstr (peer_reply, "\"multi\":{\"replies\":{\"ok\":10}") || strstr (peer_reply, "\"full\":0,"));
    zmq_close (deaf);
    peer_send (peer_socket, request);
    ck_assert (!peer_receive_frame (peer_socket));
    assert_has (peer_reply, "\"ok\":true");
    peer_stop ();
}
END_TEST

START_TEST (survives_peers_that_disconnect_without_reading)
{
    PEER_START (NULL);
    for (int i = 0; i < 20; i++) {
        void *rude = peer_connect (ZMQ_DEALER, peer_daemon.endpoint);
        for (int j = 0; j < 20; j++)
            peer_send (rude, PEER_BROWSE);
        zmq_close (rude);
    }
    assert_has (peer_ask (PEER_BROWSE), "\"ok\":true");
    peer_stop ();
}
END_TEST

Suite *
suite_backlog (void)
{
    Suite *suite = suite_create ("backlog");
    TCase *core = peer_case (suite, "Core"), *limits = peer_case (suite, "Limits");
    tcase_add_test (core, answers_each_of_many_requests_once);
    tcase_add_test (core, refuses_requests_that_arrive_during_shutdown);
    tcase_add_test (core, answers_requests_under_way_before_it_ends);
    tcase_add_test (limits, answers_busy_when_its_queue_is_full);
    tcase_add_test (limits, large_requests_wait_until_their_deadline);
    tcase_add_test (limits, starts_no_large_request_after_its_deadline);
    tcase_add_test (limits, refuses_large_requests_with_their_ids);
    tcase_add_test (limits, starts_no_request_after_its_deadline);
    tcase_add_test (limits, drops_large_replies_that_nobody_reads);
    tcase_add_test (limits, survives_peers_that_disconnect_without_reading);
    return suite;
}
