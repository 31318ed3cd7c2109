/* check_channel.c - many requests under way on one client, without waiting. */
#include "client/lib/connection.h"
#include "client/lib/deadline.h"
#include "tests/support/daemon.h"
#include "tests/support/standin.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_channel (void);

static sks_client *
open_later (const char *endpoint)
{
    sks_client *client;
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_error err;
    options.endpoint = endpoint;
    options.later = 1;
    ck_assert_msg (sks_client_open_with (&client, &options, &err) == 0, "%s", err.text);
    return client;
}

/* Wait for the next reply. */
static sks_reply *
await_reply (sks_client *client)
{
    sks_reply *reply = NULL;
    sks_error err;
    for (;;) {
        ck_assert_msg (sks_client_receive (client, &reply, &err) == 0, "%s", err.text);
        if (reply)
            return reply;
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        poll (&item, 1, sks_client_next_timeout (client));
    }
}

/* Send as soon as there is a connection. */
static uint64_t
send_when_connected (sks_client *client, const char *request, uint32_t timeout_ms)
{
    uint64_t ticket = 0;
    sks_error err;
    int rc;
    while ((rc = sks_client_send (client, request, timeout_ms, &ticket, &err)) == SKS_ECONNECT) {
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        poll (&item, 1, 100);
    }
    ck_assert_msg (rc == 0, "%s", err.text);
    return ticket;
}

static void
start_daemon (sks_test_daemon *daemon, char *folder)
{
    sks_test_folder_make (folder);
    sks_test_index_build (folder, NULL);
    sks_test_daemon_start (daemon, NULL, folder, NULL);
}

START_TEST (every_ticket_gets_its_own_reply)
{
    char folder[SKS_TEST_PATH_BYTES], text[64], expected[64];
    uint64_t tickets[SKS_MAX_UNDER_WAY];
    bool seen[SKS_MAX_UNDER_WAY] = { false };
    sks_test_daemon daemon = { 0 };
    start_daemon (&daemon, folder);
    sks_client *client = open_later (daemon.endpoint);
    for (int i = 0; i < SKS_MAX_UNDER_WAY; i++) {
        snprintf (text, sizeof text, "{\"op\":\"search\",\"q\":\"w%d\",\"limit\":0}", i);
        tickets[i] = send_when_connected (client, text, 60000);
    }
    sks_error err;
    uint64_t more;
    ck_assert_int_eq (sks_client_send (client, "{\"op\":\"health\"}", 0, &more, &err), SKS_EBUSY);
    for (int n = 0; n < SKS_MAX_UNDER_WAY; n++) {
        sks_reply *reply = await_reply (client);
        int i = 0;
        while (i < SKS_MAX_UNDER_WAY && tickets[i] != reply->ticket)
            i++;
        ck_assert_int_lt (i, SKS_MAX_UNDER_WAY);
        ck_assert (!seen[i]);
        seen[i] = true;
        ck_assert_msg (reply->code == 0, "%s", reply->error.text);
        ck_assert_mem_eq (reply->json, "{\"ok\":true,", 11);
        snprintf (expected, sizeof expected, "\"read_as\":\"w%d\"", i);
        ck_assert_ptr_nonnull (memmem (reply->json, reply->size, expected, strlen (expected)));
        sks_reply_destroy (&reply);
    }
    ck_assert_int_eq (sks_client_next_timeout (client), -1);
    sks_client_close (&client);
    sks_test_daemon_stop (&daemon);
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (refused_requests_of_any_bytes_have_their_code)
{
    static const struct {
        const char *request;
        int code;
        long at; /* a place in this request, or in q */
    } cases[] = {
        { "{\"op\":\"search\",\"q\":\"mail AND\"}", SKS_EQUERYSYNTAX, 5 },
        { "{}", SKS_EBADREQUEST, -1 },
        { "{\"op\":\"search\",\"q\":\"\xff\"}", SKS_EBADREQUEST, 20 },
        { "{ \n nonsense", SKS_EBADREQUEST, 4 },
        { " \n{ \n nonsense", SKS_EBADREQUEST, 6 },
        { "{\"op\":\"health\"} x", SKS_EBADREQUEST, 16 },
        { "{\"id\":\"7\",\"op\":\"health\"}", SKS_EBADREQUEST, 1 },
        { "{\"op\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}", SKS_ELIMIT, 21 },
    };
    char folder[SKS_TEST_PATH_BYTES];
    sks_test_daemon daemon = { 0 };
    start_daemon (&daemon, folder);
    sks_client *client = open_later (daemon.endpoint);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t ticket = send_when_connected (client, cases[i].request, 60000);
        sks_reply *reply = await_reply (client);
        ck_assert_uint_eq (reply->ticket, ticket);
        ck_assert_int_eq (reply->code, cases[i].code);
        ck_assert_int_eq (reply->error.at, cases[i].at);
        ck_assert_mem_eq (reply->json, "{\"ok\":false,", 12);
        sks_reply_destroy (&reply);
    }
    sks_error err;
    uint64_t ticket;
    ck_assert_int_eq (sks_client_send (client, "[]", 0, &ticket, &err), SKS_EINVALID);
    sks_client_close (&client);
    sks_test_daemon_stop (&daemon);
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (a_silent_daemon_times_out_and_a_cancelled_request_has_no_reply)
{
    char folder[SKS_TEST_PATH_BYTES];
    sks_test_daemon daemon = { 0 };
    start_daemon (&daemon, folder);
    sks_client *client = open_later (daemon.endpoint);
    uint64_t first = send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    ck_assert_uint_eq (reply->ticket, first);
    sks_reply_destroy (&reply);
    sks_test_daemon_freeze (&daemon);
    uint64_t given_up = send_when_connected (client, "{\"op\":\"health\"}", 60000);
    uint64_t late = send_when_connected (client, "{\"op\":\"health\"}", 100);
    sks_client_cancel (client, given_up);
    reply = await_reply (client);
    ck_assert_uint_eq (reply->ticket, late);
    ck_assert_int_eq (reply->code, SKS_EDEADLINE);
    ck_assert_ptr_null (reply->json);
    sks_reply_destroy (&reply);
    sks_test_daemon_thaw (&daemon);
    uint64_t last = send_when_connected (client, "{\"op\":\"health\"}", 60000);
    reply = await_reply (client);
    ck_assert_uint_eq (reply->ticket, last);
    ck_assert_int_eq (reply->code, 0);
    sks_reply_destroy (&reply);
    sks_client_close (&client);
    sks_test_daemon_stop (&daemon);
    sks_test_folder_remove (folder);
}
END_TEST

/* A client that has used its connection once, and whose daemon has stopped since. The endpoint is ipc, in `folder`:
 * another process could take a port while the daemon is stopped. */
static sks_client *
open_at_frozen (sks_test_daemon *daemon, char *folder, char *endpoint)
{
    sks_test_folder_make (folder);
    sks_test_index_build (folder, NULL);
    sprintf (endpoint, "ipc://%s/socket", folder);
    sks_test_daemon_start (daemon, NULL, folder, (const char *const[]) { "--listen", endpoint, NULL });
    sks_client *client = open_later (endpoint);
    send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    sks_reply_destroy (&reply);
    sks_test_daemon_freeze (daemon);
    return client;
}

/* The kernel accepts connections for a program that hangs. */
START_TEST (the_next_endpoint_is_used_when_the_first_is_silent)
{
    standin daemon = { 0 };
    char silent[64], both[256];
    int fd = standin_closed_port (silent);
    ck_assert_int_eq (listen (fd, 1), 0);
    standin_start (&daemon, ANSWER);
    snprintf (both, sizeof both, "%s,%s", silent, daemon.endpoint);
    sks_client *client = open_later (both);
    send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    ck_assert_int_eq (reply->code, 0);
    sks_reply_destroy (&reply);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
    close (fd);
}
END_TEST

/* Otherwise libzmq waits 30 s for the handshake of a silent peer, and as long as the kernel for a connection. */
START_TEST (a_socket_has_a_limit_for_its_connection_and_its_handshake)
{
    sks_connection *connection;
    sks_error err;
    void *socket;
    ck_assert_int_eq (sks_connection_open (&connection, "tcp://127.0.0.1:1", false, "", "", &err), 0);
    ck_assert_int_eq (sks_connection_socket (connection, "tcp://127.0.0.1:1", &socket, &err), 0);
    for (int i = 0; i < 2; i++) {
        int limit_ms = 0;
        size_t size = sizeof limit_ms;
        ck_assert_int_eq (zmq_getsockopt (socket, i ? ZMQ_CONNECT_TIMEOUT : ZMQ_HANDSHAKE_IVL, &limit_ms, &size), 0);
        ck_assert_int_eq (limit_ms, SKS_MAX_HANDSHAKE_MS);
    }
    zmq_close (socket);
    sks_connection_close (&connection);
}
END_TEST

START_TEST (a_wait_for_a_connection_is_a_share_of_a_large_time_limit)
{
    static const uint32_t limits_ms[] = { 60000, 30000, 10000 };
    for (size_t i = 0; i < sizeof limits_ms / sizeof *limits_ms; i++) {
        sks_deadline begin = sks_deadline_after (0), deadline = begin + limits_ms[i];
        sks_deadline share = sks_deadline_share (deadline, 2000);
        ck_assert_int_ge (share, begin + limits_ms[i] * 2 / 5);
        ck_assert_int_le (share, deadline);
    }
    sks_deadline near = sks_deadline_after (1000);
    ck_assert_int_eq (sks_deadline_share (near, 2000), near);
}
END_TEST

START_TEST (a_lost_daemon_fails_all_requests_and_is_used_again_after_it_returns)
{
    char folder[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16];
    sks_test_daemon daemon = { 0 };
    sks_client *client = open_at_frozen (&daemon, folder, endpoint);
    for (int i = 0; i < 3; i++)
        send_when_connected (client, "{\"op\":\"health\"}", 60000);
    kill (daemon.pid, SIGKILL);
    for (int i = 0; i < 3; i++) {
        sks_reply *reply = await_reply (client);
        ck_assert_int_eq (reply->code, SKS_ECONNECT);
        sks_reply_destroy (&reply);
    }
    sks_test_daemon_wait (&daemon);
    uint64_t ticket;
    sks_error err;
    ck_assert_int_eq (sks_client_send (client, "{\"op\":\"health\"}", 0, &ticket, &err), SKS_ECONNECT);
    sks_test_daemon back = { 0 };
    sks_test_daemon_start (&back, NULL, folder, (const char *const[]) { "--listen", endpoint, NULL });
    send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    ck_assert_int_eq (reply->code, 0);
    sks_reply_destroy (&reply);
    sks_client_close (&client);
    sks_test_daemon_stop (&back);
    sks_test_folder_remove (daemon.folder);
    sks_test_folder_remove (folder);
}
END_TEST

/* Bind a ROUTER and wait until a client is connected to it. Once another client is connected as well, the first one
 * knows that it is. */
static void
bind_until_connected (void *context, const char *endpoint, void **router, void **monitor)
{
    unsigned char event[6];
    uint16_t number = 0;
    *router = zmq_socket (context, ZMQ_ROUTER);
    *monitor = zmq_socket (context, ZMQ_PAIR);
    ck_assert_int_eq (zmq_socket_monitor (*router, "inproc://router", ZMQ_EVENT_HANDSHAKE_SUCCEEDED), 0);
    ck_assert_int_eq (zmq_connect (*monitor, "inproc://router"), 0);
    ck_assert_int_eq (zmq_bind (*router, endpoint), 0);
    ck_assert_int_eq (zmq_recv (*monitor, event, sizeof event, 0), sizeof event);
    memcpy (&number, event, sizeof number);
    ck_assert_uint_eq (number, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    sks_client *other = standin_client (endpoint);
    sks_client_close (&other);
}

START_TEST (a_request_fails_with_its_connection_even_if_there_is_a_new_one)
{
    char folder[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16];
    sks_test_daemon daemon = { 0 };
    void *context = zmq_ctx_new (), *router, *monitor;
    sks_client *client = open_at_frozen (&daemon, folder, endpoint);
    uint64_t ticket = send_when_connected (client, "{\"op\":\"health\"}", 5000);
    kill (daemon.pid, SIGKILL);
    sks_test_daemon_wait (&daemon);
    bind_until_connected (context, endpoint, &router, &monitor);
    sks_reply *reply = await_reply (client);
    ck_assert_uint_eq (reply->ticket, ticket);
    ck_assert_int_eq (reply->code, SKS_ECONNECT);
    sks_reply_destroy (&reply);
    sks_client_close (&client);
    zmq_close (monitor);
    zmq_close (router);
    zmq_ctx_term (context);
    sks_test_folder_remove (daemon.folder);
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (the_next_endpoint_is_used_when_the_first_does_not_answer)
{
    char folder[SKS_TEST_PATH_BYTES], closed[64], both[400];
    sks_test_daemon daemon = { 0 };
    start_daemon (&daemon, folder);
    int fd = standin_closed_port (closed);
    snprintf (both, sizeof both, "%s,%s", closed, daemon.endpoint);
    sks_client *client = open_later (both);
    send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    ck_assert_int_eq (reply->code, 0);
    sks_reply_destroy (&reply);
    ck_assert_int_eq (sks_client_ping (client, NULL, NULL), 0);
    sks_client_close (&client);
    close (fd);
    sks_test_daemon_stop (&daemon);
    sks_test_folder_remove (folder);
}
END_TEST

/* One request, sent as soon as there is a connection, has this result. */
static void
expect_code (sks_client *client, int code)
{
    uint64_t ticket = send_when_connected (client, "{\"op\":\"health\"}", 60000);
    sks_reply *reply = await_reply (client);
    ck_assert_uint_eq (reply->ticket, ticket);
    ck_assert_msg (reply->code == code, "%d: %s", reply->code, reply->error.text);
    sks_reply_destroy (&reply);
}

START_TEST (a_reply_over_the_limit_fails_its_request_and_the_next_one_is_answered)
{
    standin daemon = { 0 };
    standin_start (&daemon, TOO_LARGE_ONCE);
    sks_client *client = open_later (daemon.endpoint);
    expect_code (client, SKS_ECONNECT);
    expect_code (client, 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

/* libzmq does not connect again after an error of the protocol. */
START_TEST (a_daemon_is_used_where_another_program_listened_before)
{
    static const unsigned char greeting[] = { 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0 };
    char endpoint[64], byte;
    standin daemon = { .bind = endpoint };
    int fd = standin_closed_port (endpoint);
    ck_assert_int_eq (listen (fd, 1), 0);
    sks_client *client = open_later (endpoint);
    ck_assert_int_ge (sks_client_fd (client), 0);
    int peer = accept (fd, NULL, NULL);
    close (fd);
    ck_assert_int_eq (write (peer, greeting, sizeof greeting), sizeof greeting);
    while (read (peer, &byte, 1) > 0)
        ;
    close (peer);
    standin_start (&daemon, ANSWER);
    expect_code (client, 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

START_TEST (an_endpoint_that_refused_the_key_is_tried_again_after_the_others)
{
    char closed[64], both[400];
    standin locked = { .wants_key = true }, daemon = { 0 };
    uint64_t ticket;
    sks_error err;
    standin_start (&locked, ANSWER);
    int fd = standin_closed_port (closed), rc;
    snprintf (both, sizeof both, "%s,%s", locked.endpoint, closed);
    sks_client *client = open_later (both);
    while ((rc = sks_client_send (client, "{\"op\":\"health\"}", 60000, &ticket, &err)) != SKS_EAUTH) {
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        ck_assert_int_eq (rc, SKS_ECONNECT);
        poll (&item, 1, sks_client_next_timeout (client));
    }
    standin_stop (&locked);
    daemon.bind = locked.endpoint;
    standin_start (&daemon, ANSWER);
    while ((rc = sks_client_send (client, "{\"op\":\"health\"}", 60000, &ticket, &err)) == SKS_EAUTH) {
        struct pollfd item = { .fd = sks_client_fd (client), .events = POLLIN };
        poll (&item, 1, sks_client_next_timeout (client));
    }
    ck_assert_msg (rc == 0, "%s", err.text);
    sks_reply *reply = await_reply (client);
    ck_assert_int_eq (reply->code, 0);
    sks_reply_destroy (&reply);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
    close (fd);
}
END_TEST

/* A label of a name has at most 63 characters, so this one is refused without a name server. */
START_TEST (the_next_endpoint_is_used_when_the_name_of_the_first_is_unknown)
{
    char both[400];
    standin daemon = { 0 };
    standin_start (&daemon, ANSWER);
    snprintf (both, sizeof both, "tcp://%070d:7311,%s", 0, daemon.endpoint);
    sks_client *client = open_later (both);
    expect_code (client, 0);
    sks_client_close (&client);
    standin_stop (&daemon);
    sks_request_destroy (&daemon.last);
}
END_TEST

Suite *
suite_channel (void)
{
    Suite *suite = suite_create ("channel");
    TCase *tests = tcase_create ("channel");
    tcase_set_timeout (tests, 300);
    tcase_add_test (tests, every_ticket_gets_its_own_reply);
    tcase_add_test (tests, refused_requests_of_any_bytes_have_their_code);
    tcase_add_test (tests, a_silent_daemon_times_out_and_a_cancelled_request_has_no_reply);
    tcase_add_test (tests, the_next_endpoint_is_used_when_the_first_is_silent);
    tcase_add_test (tests, a_socket_has_a_limit_for_its_connection_and_its_handshake);
    tcase_add_test (tests, a_wait_for_a_connection_is_a_share_of_a_large_time_limit);
    tcase_add_test (tests, a_lost_daemon_fails_all_requests_and_is_used_again_after_it_returns);
    tcase_add_test (tests, a_request_fails_with_its_connection_even_if_there_is_a_new_one);
    tcase_add_test (tests, the_next_endpoint_is_used_when_the_first_does_not_answer);
    tcase_add_test (tests, a_reply_over_the_limit_fails_its_request_and_the_next_one_is_answered);
    tcase_add_test (tests, a_daemon_is_used_where_another_program_listened_before);
    tcase_add_test (tests, an_endpoint_that_refused_the_key_is_tried_again_after_the_others);
    tcase_add_test (tests, the_next_endpoint_is_used_when_the_name_of_the_first_is_unknown);
    suite_add_tcase (suite, tests);
    return suite;
}
