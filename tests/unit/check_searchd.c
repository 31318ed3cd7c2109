/* check_searchd.c - the daemon: the running program through its sockets.
 *
 * The sockets are libzmq's own, not the client library: wrong frames can be
 * sent on purpose, and the reply is looked at byte by byte. One index of the
 * sample exports is built for all tests. */
#include "searchd/stats.h"
#include "tests/support/said.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_searchd (void);

#define REPLY_MS 60000 /* a reply that takes longer is a failure */
#define SILENCE_MS 300 /* how long nothing must come where nothing may come */
#define TIMEOUT_S 120
#define ONE_EXPORT "15-1252.00.json"

/* With a deadline of its own: some daemons here have one of a millisecond. */
#define HEALTH "{\"v\":1,\"id\":\"h\",\"op\":\"health\",\"deadline_ms\":60000}"
#define STATS "{\"v\":1,\"id\":\"s\",\"op\":\"stats\"}"
#define BROWSE "{\"v\":1,\"id\":\"b\",\"op\":\"search\"}"

static char index_dir[SKS_TEST_PATH_BYTES];
static sks_test_daemon daemon_;
static void *context, *peer;
static char reply[1 << 20];

/* ------------------------------------------------------------------ helpers */
static void
build_index (void)
{
    sks_test_folder_make (index_dir);
    sks_test_index_build (index_dir, NULL);
}

static void
remove_index (void)
{
    sks_test_folder_remove (index_dir);
}

static void *
connect_socket (int type, const char *endpoint)
{
    static const int no_linger = 0, patience = REPLY_MS;
    if (!context)
        context = zmq_ctx_new ();
    void *socket = zmq_socket (context, type);
    ck_assert_ptr_nonnull (socket);
    zmq_setsockopt (socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt (socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    ck_assert_int_eq (zmq_connect (socket, endpoint), 0);
    return socket;
}

/* A daemon with these options, and a DEALER that talks to it. */
#define START(...) start ((const char *[]) { __VA_ARGS__, NULL })

static void
start (const char *const *options)
{
    daemon_ = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&daemon_, NULL, index_dir, options);
    peer = connect_socket (ZMQ_DEALER, daemon_.endpoint);
}

static void
hang_up (void)
{
    if (peer)
        zmq_close (peer);
    if (context)
        zmq_ctx_term (context);
    peer = context = NULL;
}

static void
stop (void)
{
    hang_up ();
    sks_test_daemon_stop (&daemon_);
}

static void
send_bytes (void *socket, const void *bytes, size_t size, int flags)
{
    ck_assert_int_eq (zmq_send (socket, bytes, size, flags), (int) size);
}

static void
send_text (void *socket, const char *text)
{
    send_bytes (socket, text, strlen (text), 0);
}

/* The next frame, in reply; whether more follow. */
static bool
receive_frame (void *socket)
{
    int more;
    size_t size = sizeof more;
    int got = zmq_recv (socket, reply, sizeof reply - 1, 0);
    ck_assert_msg (got >= 0, "no reply: %s", zmq_strerror (errno));
    reply[got < (int) sizeof reply ? got : (int) sizeof reply - 1] = '\0';
    zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &size);
    return more;
}

/* A reply of one frame. */
static const char *
receive (void *socket)
{
    ck_assert (!receive_frame (socket));
    return reply;
}

static const char *
ask (const char *request)
{
    send_text (peer, request);
    return receive (peer);
}

static void
assert_nothing_comes (void *socket)
{
    zmq_pollitem_t item = { socket, 0, ZMQ_POLLIN, 0 };
    ck_assert_int_eq (zmq_poll (&item, 1, SILENCE_MS), 0);
}

/* Replies by what they say. */
struct tally {
    int ok, busy, deadline, shutting_down, other;
};

/* Take count replies; each id "0" .. must come once. */
static struct tally
take_replies (int count)
{
    struct tally tally = { 0 };
    bool seen[1000] = { false };
    for (int i = 0; i < count; i++) {
        const char *text = receive (peer);
        unsigned long long id = number_after (text, "\"id\":\"");
        ck_assert_uint_lt (id, (unsigned) count);
        ck_assert_msg (!seen[id], "%llu answered twice", id);
        seen[id] = true;
        if (strstr (text, "\"ok\":true"))
            tally.ok++;
        else if (strstr (text, "\"code\":\"busy\""))
            tally.busy++;
        else if (strstr (text, "\"code\":\"deadline\""))
            tally.deadline++;
        else if (strstr (text, "\"code\":\"shutting_down\""))
            tally.shutting_down++;
        else
            tally.other++;
    }
    return tally;
}

/* Put count searches before a daemon that is stopped, so that it finds them
 * all at once when it goes on. */
static void
send_while_frozen (int count, const char *members)
{
    char request[16384];
    assert_has (ask (HEALTH), "\"ok\":true");
    sks_test_daemon_freeze (&daemon_);
    for (int i = 0; i < count; i++) {
        snprintf (request, sizeof request, "{\"v\":1,\"id\":\"%d\",\"op\":\"search\"%s}", i, members);
        send_text (peer, request);
    }
}

/* --------------------------------------------------------------------- core */
START_TEST (answers_a_dealer_in_its_shape)
{
    START (NULL);
    const char *text = ask (BROWSE);
    assert_has (text, "\"ok\":true");
    assert_has (text, "\"id\":\"b\"");
    ck_assert_uint_gt (number_after (text, "\"total\":"), 0);
    stop ();
}
END_TEST

START_TEST (answers_a_req_socket_in_its_shape)
{
    START (NULL);
    void *requester = connect_socket (ZMQ_REQ, daemon_.endpoint);
    for (int i = 0; i < 3; i++) {
        send_text (requester, BROWSE);
        assert_has (receive (requester), "\"ok\":true");
    }
    zmq_close (requester);
    send_bytes (peer, "", 0, ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    ck_assert (receive_frame (peer));
    ck_assert_str_eq (reply, "");
    assert_has (receive (peer), "\"ok\":true");
    stop ();
}
END_TEST

START_TEST (answers_hello_health_and_stats)
{
    START ("--workers", "2", "--queue", "9");
    assert_has (ask ("{\"v\":1,\"op\":\"hello\"}"), "\"version\":\"" SKS_VERSION "\"");
    ask (BROWSE);
    unsigned long long total = number_after (reply, "\"total\":");
    assert_has (ask (HEALTH), "\"status\":\"ok\"");
    ck_assert_uint_eq (number_after (reply, "\"statements\":"), total);
    ask ("{\"v\":1,\"op\":\"search\",\"q\":\"AND\"}");
    assert_has (reply, "\"code\":\"query_syntax\"");
    ask ("{\"v\":1,\"op\":\"stats\"}");
    ck_assert_uint_eq (number_after (reply, "\"search\":"), 2);
    ck_assert_uint_eq (number_after (reply, "\"health\":"), 1);
    ck_assert_uint_eq (number_after (reply, "\"query_syntax\":"), 1);
    ck_assert_uint_eq (number_after (reply, "\"busy\":"), 1);
    ck_assert_uint_eq (number_after (reply, "\"limit\":"), 9);
    ck_assert_uint_eq (number_after (reply, "\"workers\":{\"total\":"), 2);
    stop ();
}
END_TEST

START_TEST (answers_a_multi_part_by_part)
{
    START (NULL);
    const char *text = ask ("{\"v\":1,\"id\":\"m\",\"op\":\"multi\",\"deadline_ms\":60000,\"requests\":["
                            "{\"id\":\"a\",\"op\":\"search\",\"q\":\"AND\"},{\"op\":\"search\",\"limit\":0},"
                            "{\"id\":\"c\",\"op\":\"health\"}]}");
    assert_has (text, "{\"v\":1,\"id\":\"m\",\"ok\":true,\"generation\":1,\"replies\":[{\"v\":1,\"id\":\"a\","
                      "\"ok\":false,\"error\":{\"code\":\"query_syntax\"");
    assert_has (text, "}},{\"v\":1,\"ok\":true,\"generation\":1,\"total\":560,");
    assert_has (text, "},{\"v\":1,\"id\":\"c\",\"ok\":true,\"status\":\"ok\"");
    stop ();
}
END_TEST

START_TEST (a_part_that_fails_leaves_no_trace_in_the_next)
{
    START (NULL);
    const char *text = ask ("{\"v\":1,\"op\":\"multi\",\"requests\":[{\"op\":\"compare\","
                            "\"occupation\":\"x\"},"
                            "{\"op\":\"crosswalk\",\"occupations\":[\"x\",\"y\"]},"
                            "{\"op\":\"similar\",\"statement\":\"x\"},"
                            "{\"op\":\"search\",\"limit\":0}]}");
    for (int i = 0; i < 3; i++)
        text = strstr (text, "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"not_found\"") + 1;
    assert_has (text, "},{\"v\":1,\"ok\":true,\"generation\":1,\"total\":560,");
    stop ();
}
END_TEST

START_TEST (answers_each_of_many_requests_once)
{
    START ("--workers", "3", "--queue", "200", "--deadline-ms", "60000");
    send_while_frozen (100, ",\"q\":\"work\"");
    sks_test_daemon_thaw (&daemon_);
    ck_assert_int_eq (take_replies (100).ok, 100);
    assert_nothing_comes (peer);
    stop ();
}
END_TEST

START_TEST (listens_at_every_endpoint_it_names)
{
    char path[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16], *rest = daemon_.endpoints;
    sks_test_folder_make (path);
    snprintf (endpoint, sizeof endpoint, "ipc://%s/s", path);
    START ("--listen", "tcp://127.0.0.1:*", "--listen", endpoint);
    assert_has (daemon_.endpoints, endpoint);
    int count = 0;
    for (char *one; (one = strtok_r (rest, " ", &rest)); count++) {
        void *socket = connect_socket (ZMQ_DEALER, one);
        send_text (socket, HEALTH);
        assert_has (receive (socket), "\"ok\":true");
        zmq_close (socket);
    }
    ck_assert_int_eq (count, 3);
    stop ();
    sks_test_folder_remove (path);
}
END_TEST

START_TEST (keeps_its_ipc_socket_to_itself)
{
    char folder[SKS_TEST_PATH_BYTES], endpoint[SKS_TEST_PATH_BYTES + 16], output[4096];
    struct stat there;
    sks_test_folder_make (folder);
    snprintf (endpoint, sizeof endpoint, "ipc://%s/s", folder);
    umask (0);
    START ("--listen", endpoint);
    ck_assert_int_eq (stat (endpoint + 6, &there), 0);
    ck_assert_uint_eq (there.st_mode & 07777 & ~0660u, 0);
    const char *again[] = { "--index", index_dir, "--listen", endpoint, NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", again, output, sizeof output), 5);
    assert_has (output, "locked");
    assert_has (ask (HEALTH), "\"ok\":true");
    stop ();
    ck_assert_int_eq (stat (endpoint + 6, &there), -1);
    static const mode_t masks[] = { 0, 0022, 0027, 0077, 0177 };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        umask (masks[i]);
        START ("--listen", endpoint);
        ck_assert_int_eq (stat (endpoint + 6, &there), 0);
        ck_assert_uint_eq (there.st_mode & 07777, 0660u & ~masks[i]);
        stop ();
    }
    sks_test_folder_remove (folder);
}
END_TEST

/* Ask for the state until text stands in it; the wait is the asking. */
static void
ask_until (const char *request, const char *text)
{
    uint64_t end_us = sks_clock_us () + (uint64_t) REPLY_MS * 1000;
    while (!strstr (ask (request), text))
        ck_assert_msg (sks_clock_us () < end_us, "never \"%s\": %s", text, reply);
}

/* An index of one export, in a folder of its own, and a daemon on it. */
static void
start_on_small_index (char *folder)
{
    sks_test_folder_make (folder);
    sks_test_index_build (folder, ONE_EXPORT);
    daemon_ = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&daemon_, NULL, folder, (const char *[]) { "--workers", "2", NULL });
    peer = connect_socket (ZMQ_DEALER, daemon_.endpoint);
}

START_TEST (takes_up_a_new_generation_by_itself)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    ask (BROWSE);
    unsigned long long before = number_after (reply, "\"total\":");
    ck_assert_uint_eq (number_after (reply, "\"generation\":"), 1);
    sks_test_index_build (folder, NULL);
    ask_until (BROWSE, "\"generation\":2");
    ck_assert_uint_gt (number_after (reply, "\"total\":"), before);
    for (int i = 0; i < 20; i++)
        assert_has (ask (BROWSE), "\"generation\":2");
    assert_has (ask ("{\"v\":1,\"op\":\"stats\"}"), "\"reloads\":{\"done\":1,\"failed\":0}");
    stop ();
    sks_test_folder_remove (folder);
}
END_TEST

/* Let the link `current` of an index lead to a generation, as the indexer does. */
static void
make_current (const char *folder, const char *generation)
{
    char aside[SKS_TEST_PATH_BYTES + 16], current[SKS_TEST_PATH_BYTES + 16];
    snprintf (aside, sizeof aside, "%s/aside", folder);
    snprintf (current, sizeof current, "%s/current", folder);
    ck_assert_int_eq (symlink (generation, aside), 0);
    ck_assert_int_eq (rename (aside, current), 0);
}

START_TEST (goes_on_when_a_new_generation_is_broken)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    make_current (folder, "gen-77");
    ask_until ("{\"v\":1,\"op\":\"stats\"}", "\"failed\":1}");
    assert_has (ask (BROWSE), "\"generation\":1");
    assert_log_has (&daemon_, "event=reload_failed");
    make_current (folder, "gen-1");
    ask_until ("{\"v\":1,\"op\":\"stats\"}", "\"done\":1,");
    assert_has (ask (BROWSE), "\"generation\":1");
    stop ();
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (looks_again_after_sighup)
{
    char folder[SKS_TEST_PATH_BYTES];
    start_on_small_index (folder);
    make_current (folder, "gen-77");
    ask_until ("{\"v\":1,\"op\":\"stats\"}", "\"failed\":1}");
    ck_assert_int_eq (kill (daemon_.pid, SIGHUP), 0);
    ask_until ("{\"v\":1,\"op\":\"stats\"}", "\"failed\":2}");
    stop ();
    sks_test_folder_remove (folder);
}
END_TEST

START_TEST (ends_at_a_signal_with_exit_0)
{
    START (NULL);
    ck_assert_int_eq (kill (daemon_.pid, SIGINT), 0);
    ck_assert_int_eq (sks_test_daemon_wait (&daemon_), 0);
    assert_log_has (&daemon_, "event=stopped");
    hang_up ();
    sks_test_folder_remove (daemon_.folder);
}
END_TEST

START_TEST (refuses_what_comes_while_it_ends)
{
    START ("--workers", "1");
    send_while_frozen (50, "");
    ck_assert_int_eq (kill (daemon_.pid, SIGTERM), 0);
    sks_test_daemon_thaw (&daemon_);
    struct tally tally = take_replies (50);
    ck_assert_int_eq (tally.shutting_down + tally.ok, 50);
    ck_assert_int_gt (tally.shutting_down, 0);
    ck_assert_int_eq (sks_test_daemon_wait (&daemon_), 0);
    hang_up ();
    sks_test_folder_remove (daemon_.folder);
}
END_TEST

START_TEST (answers_what_is_under_way_when_it_ends)
{
    START ("--workers", "2");
    send_while_frozen (100, ",\"limit\":100");
    sks_test_daemon_thaw (&daemon_);
    assert_has (receive (peer), "\"ok\":true");
    ck_assert_int_eq (kill (daemon_.pid, SIGTERM), 0);
    for (int i = 1; i < 100; i++)
        ck_assert (strstr (receive (peer), "\"ok\":true") || strstr (reply, "\"code\":\"shutting_down\""));
    ck_assert_int_eq (sks_test_daemon_wait (&daemon_), 0);
    assert_log_has (&daemon_, "dropped_gone=0 dropped_full=0");
    hang_up ();
    sks_test_folder_remove (daemon_.folder);
}
END_TEST

START_TEST (checks_its_configuration_and_no_more)
{
    char output[4096];
    const char *good[] = { "-n", "--index", "/nowhere", "--workers", "3", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", good, output, sizeof output), 0);
    assert_has (output, "index = /nowhere\n");
    assert_has (output, "workers = 3\n");
    const char *bad[] = { "-n", "--workers", "many", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", bad, output, sizeof output), 2);
    assert_has (output, "--workers: a number from 1 to 64");
    const char *open_door[] = { "--index", index_dir, "--listen", "tcp://0.0.0.0:*", NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", open_door, output, sizeof output), 2);
    assert_has (output, "--insecure");
}
END_TEST

START_TEST (says_how_to_build_an_index_when_there_is_none)
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

START_TEST (says_which_address_is_taken)
{
    char output[4096];
    START (NULL);
    const char *arguments[] = { "--index", index_dir, "--listen", daemon_.endpoint, NULL };
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", arguments, output, sizeof output), 1);
    assert_has (output, daemon_.endpoint);
    assert_has (output, "in use");
    stop ();
}
END_TEST

START_TEST (log_lines_name_the_request)
{
    START ("--slow-ms", "0");
    assert_has (ask ("{\"v\":1,\"id\":\"x 9\",\"op\":\"search\",\"q\":\"mail\"}"), "\"ok\":true");
    assert_log_has (&daemon_, "event=slow_query op=search client=");
    assert_log_has (&daemon_, " id=\"x 9\" code=ok took_us=");
    assert_has (ask ("no JSON"), "\"code\":\"bad_request\"");
    assert_log_has (&daemon_, "event=slow_query op=none client=");
    stop ();
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (refuses_a_request_of_too_many_values)
{
    static char request[SKS_MAX_REQUEST_BYTES];
    size_t size = (size_t) snprintf (request, sizeof request, "{\"v\":1,\"op\":\"get\",\"ids\":[1");
    for (int i = 0; i < SKS_MAX_REQUEST_VALUES; i++, size += 2)
        memcpy (request + size, ",1", 2);
    memcpy (request + size, "]}", 3);
    START (NULL);
    assert_has (ask (request), "\"code\":\"limit\",\"message\":\"more than 5000 values\"");
    stop ();
}
END_TEST

START_TEST (refuses_bad_requests_and_names_their_id)
{
    START (NULL);
    assert_has (ask ("{\"v\":1,\"id\":\"x1\",\"op\":\"nothing\"}"), "\"id\":\"x1\",\"ok\":false");
    assert_has (reply, "\"code\":\"bad_request\"");
    assert_has (ask ("{\"v\":2,\"id\":\"x2\",\"op\":\"health\"}"), "\"code\":\"bad_version\"");
    assert_has (reply, "\"id\":\"x2\"");
    assert_has (ask ("{\"v\":1,\"op\":\"search\",\"limit\":101}"), "\"code\":\"limit\"");
    assert_has (ask ("no JSON"), "\"code\":\"bad_request\"");
    assert_has (ask (""), "\"code\":\"bad_request\"");
    send_bytes (peer, "\0\xFF\x80", 3, 0);
    assert_has (receive (peer), "\"code\":\"bad_request\"");
    stop ();
}
END_TEST

/* For assert_cut: how the peer's connection ends. */
static void *
watch_end (void)
{
    assert_has (ask (HEALTH), "\"ok\":true");
    ck_assert_int_eq (zmq_socket_monitor (peer, "inproc://events", ZMQ_EVENT_DISCONNECTED), 0);
    return connect_socket (ZMQ_PAIR, "inproc://events");
}

/* The daemon ended it, and counted that. */
static void
assert_cut (void *events)
{
    receive_frame (events);
    ck_assert_uint_eq (*(uint16_t *) (void *) reply & ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_DISCONNECTED);
    zmq_close (events);
    void *other = connect_socket (ZMQ_DEALER, daemon_.endpoint);
    send_text (other, STATS);
    assert_has (receive (other), "\"cut\":1}");
    zmq_close (other);
}

START_TEST (drops_and_counts_frames_of_no_shape)
{
    START (NULL);
    send_bytes (peer, "a", 1, ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    for (int i = 1; i < SKS_MAX_FRAMES; i++)
        send_bytes (peer, "b", 1, ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    assert_nothing_comes (peer);
    send_bytes (peer, "", 0, ZMQ_SNDMORE);
    send_bytes (peer, HEALTH, strlen (HEALTH), ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    ck_assert (receive_frame (peer));
    assert_has (receive (peer), "\"message\":\"a request is one frame\"");
    assert_has (ask (HEALTH), "\"ok\":true");
    hang_up ();
    ck_assert_int_eq (kill (daemon_.pid, SIGTERM), 0);
    ck_assert_int_eq (sks_test_daemon_wait (&daemon_), 0);
    assert_log_has (&daemon_, "dropped_shape=2");
    sks_test_folder_remove (daemon_.folder);
}
END_TEST

/* Proxies put frames before the empty one, and want them back. */
START_TEST (sends_the_frames_of_proxies_back)
{
    char address[UINT8_MAX];
    START (NULL);
    memset (address, 'x', sizeof address);
    for (int count = 0; count <= SKS_MAX_FRAMES - 2; count++) {
        for (int i = 0; i < count; i++)
            send_bytes (peer, address, (size_t) i * 17 + 1, ZMQ_SNDMORE);
        send_bytes (peer, "", 0, ZMQ_SNDMORE);
        send_text (peer, HEALTH);
        for (int i = 0; i < count; i++) {
            ck_assert (receive_frame (peer));
            ck_assert_uint_eq (strlen (reply), (unsigned) i * 17 + 1);
        }
        ck_assert (receive_frame (peer));
        ck_assert_str_eq (reply, "");
        assert_has (receive (peer), "\"status\":\"ok\"");
    }
    for (int i = 0; i < SKS_MAX_FRAMES - 2; i++)
        send_bytes (peer, address, sizeof address, ZMQ_SNDMORE);
    send_bytes (peer, "", 0, ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    assert_has (ask (STATS), "\"shape\":1,");
    stop ();
}
END_TEST

START_TEST (answers_through_a_chain_of_proxies)
{
    START (NULL);
    void *front[2], *back[2], *client;
    const char *names[] = { "inproc://first", "inproc://second", daemon_.endpoint };
    for (int i = 0; i < 2; i++) {
        front[i] = zmq_socket (context, ZMQ_ROUTER);
        ck_assert_int_eq (zmq_bind (front[i], names[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        back[i] = connect_socket (ZMQ_DEALER, names[i + 1]);
    client = connect_socket (ZMQ_REQ, names[0]);
    send_text (client, HEALTH);
    for (int answered = 0; !answered;) {
        zmq_pollitem_t items[] = { { front[0], 0, ZMQ_POLLIN, 0 },
                                   { back[0], 0, ZMQ_POLLIN, 0 },
                                   { front[1], 0, ZMQ_POLLIN, 0 },
                                   { back[1], 0, ZMQ_POLLIN, 0 },
                                   { client, 0, ZMQ_POLLIN, 0 } };
        ck_assert_int_gt (zmq_poll (items, 5, REPLY_MS), 0);
        for (int i = 0; i < 4; i++)
            if (items[i].revents)
                for (bool more = true; more;) {
                    zmq_msg_t frame;
                    zmq_msg_init (&frame);
                    zmq_msg_recv (&frame, items[i].socket, 0);
                    more = zmq_msg_more (&frame);
                    zmq_msg_send (&frame, items[i ^ 1].socket, more ? ZMQ_SNDMORE : 0);
                }
        answered = items[4].revents;
    }
    assert_has (receive (client), "\"status\":\"ok\"");
    for (int i = 0; i < 2; i++) {
        zmq_close (front[i]);
        zmq_close (back[i]);
    }
    zmq_close (client);
    stop ();
}
END_TEST

START_TEST (ends_a_connection_with_too_many_frames)
{
    START (NULL);
    void *events = watch_end ();
    for (int i = 0; i < SKS_MAX_FRAMES; i++)
        send_bytes (peer, "", 0, ZMQ_SNDMORE);
    send_text (peer, HEALTH);
    assert_cut (events);
    stop ();
}
END_TEST

/* Names are ignored: two peers of one name are two. */
START_TEST (serves_peers_that_name_themselves)
{
    void *named[3];
    START (NULL);
    for (int i = 0; i < 3; i++) {
        named[i] = zmq_socket (context, i ? ZMQ_DEALER : ZMQ_REQ);
        zmq_setsockopt (named[i], ZMQ_LINGER, &(int) { 0 }, sizeof (int));
        zmq_setsockopt (named[i], ZMQ_RCVTIMEO, &(int) { REPLY_MS }, sizeof (int));
        ck_assert_int_eq (zmq_setsockopt (named[i], ZMQ_ROUTING_ID, "one name", 8), 0);
        ck_assert_int_eq (zmq_connect (named[i], daemon_.endpoint), 0);
    }
    for (int i = 0; i < 3; i++)
        send_text (named[i], i % 2 ? HEALTH : STATS);
    for (int i = 0; i < 3; i++) {
        assert_has (receive (named[i]), i % 2 ? "\"id\":\"h\"" : "\"id\":\"s\"");
        zmq_close (named[i]);
    }
    stop ();
}
END_TEST

START_TEST (no_signal_but_a_request_to_end_does_harm)
{
    static const int signals[] = { SIGUSR1, SIGUSR2, SIGPIPE, SIGTTOU, SIGTTIN, SIGALRM, SIGHUP, SIGWINCH, SIGCHLD };
    START (NULL);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        ck_assert_int_eq (kill (daemon_.pid, signals[i]), 0);
        assert_has (ask (HEALTH), "\"ok\":true");
    }
    stop ();
}
END_TEST

START_TEST (reports_to_a_client_that_its_request_is_too_large)
{
    START (NULL);
    static char frame[SKS_MAX_FRAME_BYTES];
    memset (frame, ' ', sizeof frame);
    memcpy (frame, HEALTH, strlen (HEALTH));
    send_bytes (peer, frame, SKS_MAX_REQUEST_BYTES, 0);
    assert_has (receive (peer), "\"ok\":true");
    send_bytes (peer, frame, SKS_MAX_REQUEST_BYTES + 1, 0);
    assert_has (receive (peer), "\"code\":\"limit\",\"message\":\"more than 65536 bytes\",\"at\":65536");
    send_bytes (peer, frame, sizeof frame, 0);
    assert_has (receive (peer), "\"code\":\"limit\"");
    assert_has (ask (STATS), "\"limit\":2");
    stop ();
}
END_TEST

START_TEST (hangs_up_on_a_frame_over_the_limit)
{
    START (NULL);
    static char frame[SKS_MAX_FRAME_BYTES + 1];
    void *events = watch_end ();
    send_bytes (peer, frame, sizeof frame, 0);
    assert_cut (events);
    stop ();
}
END_TEST

START_TEST (is_busy_past_its_queue)
{
    START ("--workers", "1", "--queue", "1");
    send_while_frozen (100, ",\"limit\":100,\"facets\":[{\"name\":\"occupation\"}]");
    sks_test_daemon_thaw (&daemon_);
    struct tally tally = take_replies (100);
    ck_assert_int_ge (tally.ok, 1);
    ck_assert_int_ge (tally.busy, 1);
    ck_assert_int_eq (tally.ok + tally.busy, 100);
    stop ();
}
END_TEST

START_TEST (begins_nothing_past_its_deadline)
{
    START ("--workers", "1", "--queue", "100");
    send_while_frozen (100, ",\"deadline_ms\":1,\"limit\":100,\"want\":[\"marked\"]");
    sks_test_daemon_thaw (&daemon_);
    struct tally tally = take_replies (100);
    ck_assert_int_ge (tally.deadline, 1);
    ck_assert_int_eq (tally.ok + tally.deadline, 100);
    stop ();
}
END_TEST

/* More than SKS_SMALL_REQUEST_BYTES: those that wait are kept as they came. */
static void
send_large_while_frozen (int count, const char *members)
{
    char large[9000];
    snprintf (large, sizeof large, "%8000s%s", "", members);
    send_while_frozen (count, large);
    sks_test_daemon_thaw (&daemon_);
}

START_TEST (waits_for_large_requests_as_long_as_they_say)
{
    START ("--workers", "1", "--queue", "100", "--deadline-ms", "1");
    send_large_while_frozen (100, ",\"limit\":1,\"deadline_ms\":60000");
    ck_assert_int_eq (take_replies (100).ok, 100);
    stop ();
}
END_TEST

START_TEST (begins_no_large_request_past_its_deadline)
{
    START ("--workers", "1", "--queue", "100");
    send_large_while_frozen (100, ",\"limit\":100,\"want\":[\"marked\"],\"deadline_ms\":1");
    struct tally tally = take_replies (100);
    ck_assert_int_ge (tally.deadline, 1);
    ck_assert_int_eq (tally.ok + tally.deadline, 100);
    stop ();
}
END_TEST

START_TEST (refuses_large_requests_with_their_ids)
{
    START ("--workers", "1", "--queue", "3");
    send_large_while_frozen (100, ",\"unknown\":[[1,{\"id\":\"no\"}]]");
    struct tally tally = take_replies (100);
    ck_assert_int_ge (tally.busy, 1);
    ck_assert_int_ge (tally.other, 1);
    ck_assert_int_eq (tally.busy + tally.other, 100);
    stop ();
}
END_TEST

START_TEST (drops_large_replies_that_nobody_reads)
{
    static const int one = 1, asked = 10;
    static const int small = 65536; /* otherwise the kernel may hold what is over the daemon's limit: 6 MB and more */
    char request[4096] = "{\"v\":1,\"id\":\"m\",\"op\":\"multi\",\"deadline_ms\":60000,\"requests\":[";
    START ("--queue", "100");
    void *deaf = zmq_socket (context, ZMQ_DEALER);
    zmq_setsockopt (deaf, ZMQ_LINGER, &(int) { 0 }, sizeof (int));
    zmq_setsockopt (deaf, ZMQ_RCVHWM, &one, sizeof one);
    zmq_setsockopt (deaf, ZMQ_RCVBUF, &small, sizeof small);
    ck_assert_int_eq (zmq_connect (deaf, daemon_.endpoint), 0);
    for (int i = 0; i < SKS_MAX_MULTI; i++)
        strcat (request, i ? ",{\"op\":\"scan\",\"limit\":1000}" : "{\"op\":\"scan\",\"limit\":1000}");
    strcat (request, "]}");
    for (int i = 0; i < asked; i++)
        send_text (deaf, request);
    do
        ask (STATS);
    while (!strstr (reply, "\"multi\":{\"replies\":{\"ok\":10}") || strstr (reply, "\"full\":0,"));
    zmq_close (deaf);
    send_text (peer, request);
    ck_assert (!receive_frame (peer));
    assert_has (reply, "\"ok\":true");
    stop ();
}
END_TEST

START_TEST (survives_peers_that_leave_without_reading)
{
    START (NULL);
    for (int i = 0; i < 20; i++) {
        void *rude = connect_socket (ZMQ_DEALER, daemon_.endpoint);
        for (int j = 0; j < 20; j++)
            send_text (rude, BROWSE);
        zmq_close (rude);
    }
    assert_has (ask (BROWSE), "\"ok\":true");
    stop ();
}
END_TEST

Suite *
suite_searchd (void)
{
    Suite *suite = suite_create ("searchd");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_set_timeout (core, TIMEOUT_S);
    tcase_add_unchecked_fixture (core, build_index, remove_index);
    tcase_add_test (core, answers_a_dealer_in_its_shape);
    tcase_add_test (core, answers_a_req_socket_in_its_shape);
    tcase_add_test (core, answers_hello_health_and_stats);
    tcase_add_test (core, answers_a_multi_part_by_part);
    tcase_add_test (core, a_part_that_fails_leaves_no_trace_in_the_next);
    tcase_add_test (core, answers_each_of_many_requests_once);
    tcase_add_test (core, listens_at_every_endpoint_it_names);
    tcase_add_test (core, keeps_its_ipc_socket_to_itself);
    tcase_add_test (core, takes_up_a_new_generation_by_itself);
    tcase_add_test (core, goes_on_when_a_new_generation_is_broken);
    tcase_add_test (core, looks_again_after_sighup);
    tcase_add_test (core, ends_at_a_signal_with_exit_0);
    tcase_add_test (core, refuses_what_comes_while_it_ends);
    tcase_add_test (core, answers_what_is_under_way_when_it_ends);
    tcase_add_test (core, checks_its_configuration_and_no_more);
    tcase_add_test (core, says_how_to_build_an_index_when_there_is_none);
    tcase_add_test (core, says_which_address_is_taken);
    tcase_add_test (core, log_lines_name_the_request);
    suite_add_tcase (suite, core);
    tcase_set_timeout (limits, TIMEOUT_S);
    tcase_add_unchecked_fixture (limits, build_index, remove_index);
    tcase_add_test (limits, refuses_bad_requests_and_names_their_id);
    tcase_add_test (limits, refuses_a_request_of_too_many_values);
    tcase_add_test (limits, drops_and_counts_frames_of_no_shape);
    tcase_add_test (limits, sends_the_frames_of_proxies_back);
    tcase_add_test (limits, answers_through_a_chain_of_proxies);
    tcase_add_test (limits, ends_a_connection_with_too_many_frames);
    tcase_add_test (limits, serves_peers_that_name_themselves);
    tcase_add_test (limits, no_signal_but_a_request_to_end_does_harm);
    tcase_add_test (limits, reports_to_a_client_that_its_request_is_too_large);
    tcase_add_test (limits, hangs_up_on_a_frame_over_the_limit);
    tcase_add_test (limits, is_busy_past_its_queue);
    tcase_add_test (limits, waits_for_large_requests_as_long_as_they_say);
    tcase_add_test (limits, begins_no_large_request_past_its_deadline);
    tcase_add_test (limits, refuses_large_requests_with_their_ids);
    tcase_add_test (limits, begins_nothing_past_its_deadline);
    tcase_add_test (limits, drops_large_replies_that_nobody_reads);
    tcase_add_test (limits, survives_peers_that_leave_without_reading);
    suite_add_tcase (suite, limits);
    return suite;
}
