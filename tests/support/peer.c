/* peer.c - libzmq's own sockets, connected to a daemon. */
#include "peer.h"

#include "core/base/clock.h"
#include "said.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define CASE_TIMEOUT_S 120
#define SILENCE_MS 300 /* how long to wait for a message that must not arrive */

char peer_index[SKS_TEST_PATH_BYTES];
sks_test_daemon peer_daemon;
void *peer_context, *peer_socket;
char peer_reply[PEER_REPLY_BYTES];

void
peer_index_build (void)
{
    sks_test_folder_make (peer_index);
    sks_test_index_build (peer_index, NULL);
}

void
peer_index_remove (void)
{
    sks_test_folder_remove (peer_index);
}

TCase *
peer_case (Suite *suite, const char *name)
{
    TCase *tests = tcase_create (name);
    tcase_set_timeout (tests, CASE_TIMEOUT_S);
    tcase_add_unchecked_fixture (tests, peer_index_build, peer_index_remove);
    suite_add_tcase (suite, tests);
    return tests;
}

void *
peer_connect (int type, const char *endpoint)
{
    static const int no_linger = 0, patience = PEER_REPLY_MS;
    if (!peer_context)
        peer_context = zmq_ctx_new ();
    void *socket = zmq_socket (peer_context, type);
    ck_assert_ptr_nonnull (socket);
    zmq_setsockopt (socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt (socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    ck_assert_int_eq (zmq_connect (socket, endpoint), 0);
    return socket;
}

void
peer_start (const char *const *options)
{
    peer_daemon = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&peer_daemon, NULL, peer_index, options);
    peer_socket = peer_connect (ZMQ_DEALER, peer_daemon.endpoint);
}

void
peer_close (void)
{
    if (peer_socket)
        zmq_close (peer_socket);
    if (peer_context)
        zmq_ctx_term (peer_context);
    peer_socket = peer_context = NULL;
}

void
peer_stop (void)
{
    peer_close ();
    sks_test_daemon_stop (&peer_daemon);
}

void
peer_send_bytes (void *socket, const void *bytes, size_t size, int flags)
{
    ck_assert_int_eq (zmq_send (socket, bytes, size, flags), (int) size);
}

void
peer_send (void *socket, const char *text)
{
    peer_send_bytes (socket, text, strlen (text), 0);
}

bool
peer_receive_frame (void *socket)
{
    int more;
    size_t size = sizeof more;
    int got = zmq_recv (socket, peer_reply, sizeof peer_reply - 1, 0);
    ck_assert_msg (got >= 0, "no reply: %s", zmq_strerror (errno));
    peer_reply[got < (int) sizeof peer_reply ? got : (int) sizeof peer_reply - 1] = '\0';
    zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &size);
    return more;
}

const char *
peer_receive (void *socket)
{
    ck_assert (!peer_receive_frame (socket));
    return peer_reply;
}

const char *
peer_ask (const char *request)
{
    peer_send (peer_socket, request);
    return peer_receive (peer_socket);
}

void
peer_assert_silent (void *socket)
{
    zmq_pollitem_t item = { socket, 0, ZMQ_POLLIN, 0 };
    ck_assert_int_eq (zmq_poll (&item, 1, SILENCE_MS), 0);
}

peer_tally
peer_take_replies (int count)
{
    peer_tally tally = { 0 };
    bool seen[1000] = { false };
    for (int i = 0; i < count; i++) {
        const char *text = peer_receive (peer_socket);
        unsigned long long id = number_after (text, "\"id\":\"");
        ck_assert_uint_lt (id, (unsigned) count);
        ck_assert_msg (!seen[id], "request %llu was answered twice", id);
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

void
peer_send_while_frozen (int count, const char *members)
{
    char request[16384];
    assert_has (peer_ask (PEER_HEALTH), "\"ok\":true");
    sks_test_daemon_freeze (&peer_daemon);
    for (int i = 0; i < count; i++) {
        snprintf (request, sizeof request, "{\"v\":1,\"id\":\"%d\",\"op\":\"search\"%s}", i, members);
        peer_send (peer_socket, request);
    }
}

void
peer_ask_until (const char *request, const char *text)
{
    uint64_t end_us = sks_clock_us () + (uint64_t) PEER_REPLY_MS * 1000;
    while (!strstr (peer_ask (request), text))
        ck_assert_msg (sks_clock_us () < end_us, "never \"%s\": %s", text, peer_reply);
}

/* A file of a thread of the daemon; empty if the thread has ended. Borrowed until the next call. */
static const char *
thread_file (const char *thread, const char *name)
{
    static char text[4096];
    char path[2 * SKS_TEST_PATH_BYTES];
    snprintf (path, sizeof path, "/proc/%d/task/%s/%s", (int) peer_daemon.pid, thread, name);
    FILE *file = fopen (path, "re");
    text[file ? fread (text, 1, sizeof text - 1, file) : 0] = '\0';
    if (file)
        fclose (file);
    return text;
}

static bool
is_asleep (const char *thread)
{
    const char *state = strrchr (thread_file (thread, "stat"), ')');
    return state && state[2] == 'S';
}

unsigned long long
peer_worker_runs (void)
{
    char folder[SKS_TEST_PATH_BYTES];
    unsigned long long total = 0, runs;
    snprintf (folder, sizeof folder, "/proc/%d/task", (int) peer_daemon.pid);
    DIR *threads = opendir (folder);
    ck_assert_ptr_nonnull (threads);
    for (struct dirent *thread; (thread = readdir (threads));) {
        if (*thread->d_name == '.' || strncmp (thread_file (thread->d_name, "comm"), "worker ", 7) != 0)
            continue;
        while (!is_asleep (thread->d_name))
            ;
        ck_assert_int_eq (sscanf (thread_file (thread->d_name, "schedstat"), "%*u %*u %llu", &runs), 1);
        total += runs;
    }
    closedir (threads);
    ck_assert_uint_gt (total, 0);
    return total;
}
