/* check_searchd.c - the daemon as a running program: its replies, endpoints,
 * configuration and signals. */
#include "searchd/stats.h"
#include "tests/support/peer.h"
#include "tests/support/said.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_searchd (void);

START_TEST (answers_a_dealer_in_its_framing)
{
    PEER_START (NULL);
    const char *text = peer_ask (PEER_BROWSE);
    assert_has (text, "\"ok\":true");
    assert_has (text, "\"id\":\"b\"");
    ck_assert_uint_gt (number_after (text, "\"total\":"), 0);
    peer_stop ();
}
END_TEST

START_TEST (answers_a_req_socket_in_its_framing)
{
    PEER_START (NULL);
    void *requester = peer_connect (ZMQ_REQ, peer_daemon.endpoint);
    for (int i = 0; i < 3; i++) {
        peer_send (requester, PEER_BROWSE);
        assert_has (peer_receive (requester), "\"ok\":true");
    }
    zmq_close (requester);
    peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    ck_assert (peer_receive_frame (peer_socket));
    ck_assert_str_eq (peer_reply, "");
    assert_has (peer_receive (peer_socket), "\"ok\":true");
    peer_stop ();
}
END_TEST

START_TEST (answers_hello_health_and_stats)
{
    PEER_START ("--workers", "2", "--queue", "9");
    assert_has (peer_ask ("{\"v\":1,\"op\":\"hello\"}"), "\"version\":\"" SKS_VERSION "\"");
    peer_ask (PEER_BROWSE);
    unsigned long long total = number_after (peer_reply, "\"total\":");
    assert_has (peer_ask (PEER_HEALTH), "\"status\":\"ok\"");
    ck_assert_uint_eq (number_after (peer_reply, "\"statements\":"), total);
    peer_ask ("{\"v\":1,\"op\":\"search\",\"q\":\"AND\"}");
    assert_has (peer_reply, "\"code\":\"query_syntax\"");
    peer_ask ("{\"v\":1,\"op\":\"stats\"}");
    ck_assert_uint_eq (number_after (peer_reply, "\"search\":"), 2);
    ck_assert_uint_eq (number_after (peer_reply, "\"health\":"), 1);
    ck_assert_uint_eq (number_after (peer_reply, "\"query_syntax\":"), 1);
    ck_assert_uint_eq (number_after (peer_reply, "\"busy\":"), 1);
    ck_assert_uint_eq (number_after (peer_reply, "\"limit\":"), 9);
    ck_assert_uint_eq (number_after (peer_reply, "\"workers\":{\"total\":"), 2);
    peer_stop ();
}
END_TEST

START_TEST (answers_a_multi_part_by_part)
{
    PEER_START (NULL);
    const char *text = peer_ask ("{\"v\":1,\"id\":\"m\",\"op\":\"multi\",\"deadline_ms\":60000,\"requests\":["
                                 "{\"id\":\"a\",\"op\":\"search\",\"q\":\"AND\"},{\"op\":\"search\",\"limit\":0},"
                                 "{\"id\":\"c\",\"op\":\"health\"}]}");
    assert_has (text, "{\"v\":1,\"id\":\"m\",\"ok\":true,\"generation\":1,\"replies\":[{\"v\":1,\"id\":\"a\","
                      "\"ok\":false,\"error\":{\"code\":\"query_syntax\"");
    assert_has (text, "}},{\"v\":1,\"ok\":true,\"generation\":1,\"total\":560,");
    assert_has (text, "},{\"v\":1,\"id\":\"c\",\"ok\":true,\"status\":\"ok\"");
    peer_stop ();
}
END_TEST

START_TEST (a_part_that_fails_does_not_affect_the_next)
{
    PEER_START (NULL);
    const char *text = peer_ask ("{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"compare\","
                                 "\"occupation\":\"x\"},"
                                 "{\"op\":\"crosswalk\",\"occupations\":[\"x\",\"y\"]},"
                                 "{\"op\":\"similar\",\"statement\":\"x\"},"
                                 "{\"op\":\"search\",\"limit\":0}]}");
    for (int i = 0; i < 3; i++)
        text = strstr (text, "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"not_found\"") + 1;
    assert_has (text, "},{\"v\":1,\"ok\":true,\"generation\":1,\"total\":560,");
    peer_stop ();
}
END_TEST

START_TEST (listens_at_every_endpoint_it_reports)
{
    char path[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16], *rest = peer_daemon.endpoints;
    sks_test_folder_make (path);
    snprintf (endpoint, sizeof endpoint, "ipc://%s/s", path);
    PEER_START ("--listen", "tcp://127.0.0.1:*", "--listen", endpoint);
    assert_has (peer_daemon.endpoints, endpoint);
    int count = 0;
    for (char *one; (one = strtok_r (rest, " ", &rest)); count++) {
        void *socket = peer_connect (ZMQ_DEALER, one);
        peer_send (socket, PEER_HEALTH);
        assert_has (peer_receive (socket), "\"ok\":true");
        zmq_close (socket);
    }
    ck_assert_int_eq (count, 3);
    peer_stop ();
    sks_test_folder_remove (path);
}
END_TEST

START_TEST (its_ipc_socket_is_closed_to_other_users_and_other_daemons)
{
    char folder[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16], output[4096];
    struct stat there;
    sks_test_folder_make (folder);
    snprintf (endpoint, sizeof endpoint, "ipc://%s/s", folder);
    umask (0);
    PEER_START ("--listen", endpoint);
    ck_assert_int_eq (stat (endpoint + 6, &there), 0);
    ck_assert_uint_eq (there.st_mode & 07777 & ~0660u, 0);
    const char *again[] = { "--index", peer_index, "--listen", endpoint, NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", again, output, sizeof output), 5);
    assert_has (output, "locked");
    assert_has (peer_ask (PEER_HEALTH), "\"ok\":true");
    peer_stop ();
    ck_assert_int_eq (stat (endpoint + 6, &there), -1);
    static const mode_t masks[] = { 0, 0022, 0027, 0077, 0177 };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        umask (masks[i]);
        PEER_START ("--listen", endpoint);
        ck_assert_int_eq (stat (endpoint + 6, &there), 0);
        ck_assert_uint_eq (there.st_mode & 07777, 0660u & ~masks[i]);
        peer_stop ();
    }
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (a_signal_ends_it_with_exit_0)
{
    PEER_START (NULL);
    ck_assert_int_eq (kill (peer_daemon.pid, SIGINT), 0);
    ck_assert_int_eq (sks_test_daemon_wait (&peer_daemon), 0);
    assert_log_has (&peer_daemon, "event=stopped");
    peer_close ();
    sks_test_folder_remove (peer_daemon.folder);
}
END_TEST

START_TEST (option_n_only_checks_the_configuration)
{
    char output[4096];
    const char *good[] = { "-n", "--index", "/nowhere", "--workers", "3", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", good, output, sizeof output), 0);
    assert_has (output, "index = /nowhere\n");
    assert_has (output, "workers = 3\n");
    const char *bad[] = { "-n", "--workers", "many", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", bad, output, sizeof output), 2);
    assert_has (output, "--workers: a number from 1 to 64");
    const char *open_to_all[] = { "--index", peer_index, "--listen", "tcp://0.0.0.0:*", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", open_to_all, output, sizeof output), 2);
    assert_has (output, "--insecure");
}
END_TEST

START_TEST (explains_how_to_build_a_missing_index)
{
    char folder[SKS_TEST_PATH_BYTES], output[4096];
    sks_test_folder_make (folder);
    const char *arguments[] = { "--index", folder, "--listen", "tcp://127.0.0.1:*", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", arguments, output, sizeof output), 1);
    assert_has (output, "build one with: skillsearch-index --index ");
    assert_has (output, folder);
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (names_the_address_that_is_in_use)
{
    char output[4096];
    PEER_START (NULL);
    const char *arguments[] = { "--index", peer_index, "--listen", peer_daemon.endpoint, NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", arguments, output, sizeof output), 1);
    assert_has (output, peer_daemon.endpoint);
    assert_has (output, "in use; --listen tcp://ADDRESS:PORT chooses another");
    peer_stop ();
}
END_TEST

START_TEST (a_question_about_its_state_does_not_delay_its_end)
{
    PEER_START (NULL);
    peer_ask (PEER_HEALTH);
    peer_ask (PEER_STATS);
    ck_assert_int_eq (kill (peer_daemon.pid, SIGINT), 0);
    ck_assert_int_eq (sks_test_daemon_wait (&peer_daemon), 0);
    assert_log_has (&peer_daemon, "event=draining busy=0 queued=0 quiet_ms=100");
    peer_close ();
}
END_TEST

START_TEST (log_lines_name_the_request)
{
    PEER_START ("--slow-ms", "0");
    assert_has (peer_ask ("{\"v\":1,\"id\":\"x 9\",\"op\":\"search\",\"q\":\"mail\"}"), "\"ok\":true");
    assert_log_has (&peer_daemon, "event=slow_query op=search client=");
    assert_log_has (&peer_daemon, " id=\"x 9\" code=ok took_us=");
    assert_has (peer_ask ("no JSON"), "\"code\":\"bad_request\"");
    assert_log_has (&peer_daemon, "event=slow_query op=none client=");
    peer_stop ();
}
END_TEST

START_TEST (refuses_a_request_of_too_many_values)
{
    static char request[SKS_MAX_REQUEST_BYTES];
    size_t size = (size_t) snprintf (request, sizeof request, "{\"v\":1,\"op\":\"get\",\"ids\":[[1");
    for (int i = 1; i < SKS_MAX_REQUEST_VALUES; i++)
        size += (size_t) snprintf (request + size, sizeof request - size, i % 500 ? ",1" : "],[1");
    memcpy (request + size, "]]}", 4);
    PEER_START (NULL);
    assert_has (peer_ask (request), "\"code\":\"limit\",\"message\":\"more than 5000 values\"");
    peer_stop ();
}
END_TEST

START_TEST (refuses_an_unexpected_list_without_reading_it)
{
    static char request[SKS_MAX_REQUEST_BYTES];
    size_t size = (size_t) snprintf (request, sizeof request, "{\"v\":1,\"id\":\"x1\",\"op\":\"get\",\"ids\":[1");
    for (int i = 0; i < 2 * SKS_MAX_FILTER_VALUES; i++, size += 2)
        memcpy (request + size, ",1", 2);
    memcpy (request + size, "]}", 3);
    PEER_START (NULL);
    assert_has (peer_ask (request), "\"code\":\"limit\",\"message\":\"an array of more than 512 items\"");
    assert_has (peer_reply, "\"id\":\"x1\"");
    peer_stop ();
}
END_TEST

START_TEST (refuses_bad_requests_and_names_their_id)
{
    PEER_START (NULL);
    assert_has (peer_ask ("{\"v\":1,\"id\":\"x1\",\"op\":\"nothing\"}"), "\"id\":\"x1\",\"ok\":false");
    assert_has (peer_reply, "\"code\":\"bad_request\"");
    assert_has (peer_ask ("{\"v\":2,\"id\":\"x2\",\"op\":\"health\"}"), "\"code\":\"bad_version\"");
    assert_has (peer_reply, "\"id\":\"x2\"");
    assert_has (peer_ask ("{\"v\":1,\"op\":\"search\",\"limit\":101}"), "\"code\":\"limit\"");
    assert_has (peer_ask ("no JSON"), "\"code\":\"bad_request\"");
    assert_has (peer_ask (""), "\"code\":\"bad_request\"");
    peer_send_bytes (peer_socket, "\0\xFF\x80", 3, 0);
    assert_has (peer_receive (peer_socket), "\"code\":\"bad_request\"");
    peer_stop ();
}
END_TEST

START_TEST (only_ending_signals_end_it)
{
    static const int signals[] = { SIGUSR1,  SIGUSR2, SIGPIPE, SIGTTOU,   SIGTTIN, SIGALRM, SIGHUP,
                                   SIGWINCH, SIGCHLD, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO };
    PEER_START (NULL);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        ck_assert_int_eq (kill (peer_daemon.pid, signals[i]), 0);
        assert_has (peer_ask (PEER_HEALTH), "\"ok\":true");
    }
    peer_stop ();
}
END_TEST

Suite *
suite_searchd (void)
{
    Suite *suite = suite_create ("searchd");
    TCase *core = peer_case (suite, "Core"), *limits = peer_case (suite, "Limits");
    tcase_add_test (core, answers_a_dealer_in_its_framing);
    tcase_add_test (core, answers_a_req_socket_in_its_framing);
    tcase_add_test (core, answers_hello_health_and_stats);
    tcase_add_test (core, answers_a_multi_part_by_part);
    tcase_add_test (core, a_part_that_fails_does_not_affect_the_next);
    tcase_add_test (core, listens_at_every_endpoint_it_reports);
    tcase_add_test (core, its_ipc_socket_is_closed_to_other_users_and_other_daemons);
    tcase_add_test (core, a_signal_ends_it_with_exit_0);
    tcase_add_test (core, option_n_only_checks_the_configuration);
    tcase_add_test (core, explains_how_to_build_a_missing_index);
    tcase_add_test (core, names_the_address_that_is_in_use);
    tcase_add_test (core, a_question_about_its_state_does_not_delay_its_end);
    tcase_add_test (core, log_lines_name_the_request);
    tcase_add_test (limits, refuses_bad_requests_and_names_their_id);
    tcase_add_test (limits, refuses_a_request_of_too_many_values);
    tcase_add_test (limits, refuses_an_unexpected_list_without_reading_it);
    tcase_add_test (limits, only_ending_signals_end_it);
    return suite;
}
