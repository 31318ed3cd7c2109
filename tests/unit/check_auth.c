/* check_auth.c - keys at the daemon: the keyring, the folder, and which clients are accepted.
 *
 * The clients are plain libzmq sockets with their own keys, so that wrong ones can be tried; certificates are written
 * here, too. The daemon's counters show how many requests it accepted. */
#include "searchd/auth.h"
#include "searchd/guard.h"
#include "searchd/stats.h"
#include "tests/support/said.h"
#include "tests/support/skip.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

Suite *suite_auth (void);

#define REPLY_MS 60000
#define TIMEOUT_S 120
#define PATH_BYTES (SKS_TEST_PATH_BYTES + 64)

#define HEALTH "{\"v\":1,\"id\":\"h\",\"op\":\"health\"}"
#define STATS "{\"v\":1,\"id\":\"s\",\"op\":\"stats\"}"

static char keys[SKS_TEST_PATH_BYTES];
static sks_certificate server, alice, bob;
static sks_test_daemon daemon_;
static void *context;
static char reply[1 << 16];
static sks_error err;

/* ------------------------------------------------------------------ helpers */
static sks_certificate
make_pair (void)
{
    sks_certificate pair;
    ck_assert_int_eq (zmq_curve_keypair (pair.public_key, pair.secret_key), 0);
    return pair;
}

/* Write a file in the key folder. */
static void
write_file (const char *name, mode_t mode, const char *text)
{
    char path[PATH_BYTES], aside[PATH_BYTES];
    snprintf (path, sizeof path, "%s/%s", keys, name);
    snprintf (aside, sizeof aside, "%s/aside", keys);
    FILE *file = fopen (aside, "we");
    ck_assert_ptr_nonnull (file);
    fputs (text, file);
    ck_assert_int_eq (fchmod (fileno (file), mode), 0);
    fclose (file);
    ck_assert_int_eq (rename (aside, path), 0);
}

static void
write_certificate (const char *name, mode_t mode, const sks_certificate *pair, bool secret)
{
    char text[512];
    snprintf (text, sizeof text, "metadata\n    name = \"x\"\ncurve\n    public-key = \"%s\"\n%s%s%s", pair->public_key,
              secret ? "    secret-key = \"" : "", secret ? pair->secret_key : "", secret ? "\"\n" : "");
    write_file (name, mode, text);
}

static void
remove_file (const char *name)
{
    char path[PATH_BYTES];
    snprintf (path, sizeof path, "%s/%s", keys, name);
    ck_assert_int_eq (unlink (path), 0);
}

/* Make a key folder that accepts alice. */
static void
make_keys (void)
{
    char path[PATH_BYTES];
    sks_test_folder_make (keys);
    snprintf (path, sizeof path, "%s/clients", keys);
    ck_assert_int_eq (mkdir (path, 0700), 0);
    server = make_pair ();
    alice = make_pair ();
    bob = make_pair ();
    write_certificate ("server_secret", 0600, &server, true);
    write_certificate ("clients/alice", 0644, &alice, false);
}

static void
remove_keys (void)
{
    sks_test_folder_remove (keys);
}

/* A DEALER with a client's keys (NULL: none) that expects server_key as the daemon's. */
static void *
open_as (const sks_certificate *who, const char *server_key)
{
    static const int no_linger = 0, patience = REPLY_MS;
    void *socket = zmq_socket (context, ZMQ_DEALER);
    ck_assert_ptr_nonnull (socket);
    zmq_setsockopt (socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt (socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    if (who) {
        ck_assert_int_eq (zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, server_key, SKS_KEY_BYTES), 0);
        ck_assert_int_eq (zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, who->public_key, SKS_KEY_BYTES), 0);
        ck_assert_int_eq (zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, who->secret_key, SKS_KEY_BYTES), 0);
    }
    return socket;
}

static void *
connect_as (const sks_certificate *who)
{
    void *socket = open_as (who, server.public_key);
    ck_assert_int_eq (zmq_connect (socket, daemon_.endpoint), 0);
    return socket;
}

static void *
open_monitor (void *socket, int events)
{
    static const int patience = REPLY_MS;
    static unsigned count;
    char name[40];
    void *monitor = zmq_socket (context, ZMQ_PAIR);
    snprintf (name, sizeof name, "inproc://monitor-%u", count++);
    zmq_setsockopt (monitor, ZMQ_RCVTIMEO, &patience, sizeof patience);
    ck_assert_int_eq (zmq_socket_monitor (socket, name, events), 0);
    ck_assert_int_eq (zmq_connect (monitor, name), 0);
    return monitor;
}

static int
next_event (void *monitor)
{
    unsigned char event[6];
    uint16_t number = 0;
    ck_assert_int_eq (zmq_recv (monitor, event, sizeof event, 0), (int) sizeof event);
    memcpy (&number, event, sizeof number);
    return number;
}

static void
close_both (void *socket, void *monitor)
{
    zmq_socket_monitor (socket, NULL, 0);
    zmq_close (monitor);
    zmq_close (socket);
}

/* Connect and send a request; returns the first event of the connection. */
static int
handshake (const sks_certificate *who, const char *server_key)
{
    void *socket = open_as (who, server_key);
    void *monitor = open_monitor (socket, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                              ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                              ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED);
    ck_assert_int_eq (zmq_connect (socket, daemon_.endpoint), 0);
    ck_assert_int_eq (zmq_send (socket, HEALTH, strlen (HEALTH), 0), (int) strlen (HEALTH));
    int number = next_event (monitor);
    close_both (socket, monitor);
    return number;
}

static void
start (const char *const *options)
{
    const char *all[8] = { "--curve-keys", keys };
    for (size_t i = 0; options && options[i]; i++)
        all[2 + i] = options[i];
    daemon_ = (sks_test_daemon) { 0 };
    sks_test_daemon_start (&daemon_, NULL, sks_test_small_index, all);
    context = zmq_ctx_new ();
}

static void
stop (void)
{
    zmq_ctx_term (context);
    sks_test_daemon_stop (&daemon_);
}

static const char *
ask (void *socket, const char *request)
{
    ck_assert_int_eq (zmq_send (socket, request, strlen (request), 0), (int) strlen (request));
    int size = zmq_recv (socket, reply, sizeof reply - 1, 0);
    ck_assert_msg (size >= 0, "no reply");
    reply[size] = '\0';
    return reply;
}

/* --------------------------------------------------------------------- ring */
START_TEST (finds_each_key_under_its_name)
{
    char name[16];
    sks_certificate pairs[100];
    sks_keyring *ring = sks_keyring_create ();
    for (int i = 0; i < 100; i++) {
        pairs[i] = make_pair ();
        snprintf (name, sizeof name, "client-%d", i);
        ck_assert_int_eq (sks_keyring_add (ring, pairs[i].public_key, name, NULL), 0);
    }
    sks_keyring_seal (ring);
    sks_keyring *copy = sks_keyring_copy (ring);
    sks_keyring_destroy (&ring);
    ck_assert_uint_eq (sks_keyring_count (copy), 100);
    for (int i = 0; i < 100; i++) {
        snprintf (name, sizeof name, "client-%d", i);
        ck_assert_str_eq (sks_keyring_find (copy, pairs[i].public_key), name);
        ck_assert_ptr_null (sks_keyring_find (copy, pairs[i].secret_key));
    }
    ck_assert_ptr_null (sks_keyring_find (copy, ""));
    sks_keyring_destroy (&copy);
    ck_assert_ptr_null (copy);
}
END_TEST

START_TEST (an_empty_keyring_accepts_nobody)
{
    sks_keyring *ring = sks_keyring_create ();
    sks_keyring_seal (ring);
    ck_assert_ptr_null (sks_keyring_find (ring, make_pair ().public_key));
    sks_keyring_destroy (&ring);
}
END_TEST

START_TEST (a_key_in_two_files_counts_once)
{
    sks_keyring *ring;
    write_certificate ("clients/again", 0644, &alice, false);
    write_certificate ("clients/bob", 0644, &bob, false);
    ck_assert_int_eq (sks_auth_read_clients (&ring, keys, &err), 0);
    ck_assert_uint_eq (sks_keyring_count (ring), 2);
    ck_assert_str_eq (sks_keyring_find (ring, alice.public_key), "again");
    sks_keyring_destroy (&ring);
}
END_TEST

/* ------------------------------------------------------------------- folder */
START_TEST (reads_the_key_pair_of_the_server)
{
    sks_certificate read;
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), 0);
    ck_assert_str_eq (read.public_key, server.public_key);
    ck_assert_str_eq (read.secret_key, server.secret_key);
}
END_TEST

/* Write server_secret with this text and mode, and assert that it is refused with this message. */
static void
assert_server_refused (mode_t mode, const sks_certificate *pair, bool secret, const char *words)
{
    sks_certificate read;
    write_certificate ("server_secret", mode, pair, secret);
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), SKS_EIO);
    assert_has (err.text, "server_secret");
    assert_has (err.text, words);
}

START_TEST (refuses_a_server_key_that_is_readable_by_others_or_invalid)
{
    sks_certificate mixed = server, read;
    assert_server_refused (0604, &server, true, "mode 0604 lets others read");
    assert_server_refused (0660, &server, true, "mode 0660");
    assert_server_refused (0600, &server, false, "no secret key");
    memcpy (mixed.public_key, alice.public_key, sizeof mixed.public_key);
    assert_server_refused (0600, &mixed, true, "do not match");
    write_file ("server_secret", 0600, "curve\n    public-key = \"short\"\n");
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), SKS_EIO);
    remove_file ("server_secret");
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), SKS_EIO);
    assert_has (err.text, "No such file");
    ck_assert_int_eq (sks_auth_read_server (&read, "/nowhere/at/all", &err), SKS_EIO);
    assert_has (err.text, "skillsearch keygen --server DIR");
}
END_TEST

START_TEST (refuses_folders_that_others_can_write_to)
{
    char path[PATH_BYTES];
    sks_certificate read;
    snprintf (path, sizeof path, "%s/clients", keys);
    ck_assert_int_eq (sks_auth_check_clients (keys, &err), 0);
    chmod (path, 0707);
    ck_assert_int_eq (sks_auth_check_clients (keys, &err), SKS_EIO);
    chmod (path, 0700);
    chmod (keys, 0702);
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), SKS_EIO);
    assert_has (err.text, "the folder is world-writable");
}
END_TEST

START_TEST (refuses_folders_of_another_user)
{
    static const uid_t nobody = 65534;
    char path[PATH_BYTES];
    sks_certificate read;
    sks_keyring *ring;
    if (geteuid () != 0)
        SKIP ("only root can give a folder to another user");
    snprintf (path, sizeof path, "%s/clients", keys);
    ck_assert_int_eq (chown (path, nobody, (gid_t) -1), 0);
    ck_assert_int_eq (sks_auth_check_clients (keys, &err), SKS_EIO);
    assert_has (err.text, "another user (65534)");
    ck_assert_int_eq (sks_auth_read_clients (&ring, keys, &err), 0);
    ck_assert_uint_eq (sks_keyring_count (ring), 0);
    sks_keyring_destroy (&ring);
    ck_assert_int_eq (chown (keys, nobody, (gid_t) -1), 0);
    ck_assert_int_eq (sks_auth_read_server (&read, keys, &err), SKS_EIO);
    assert_has (err.text, "another user (65534)");
}
END_TEST

START_TEST (the_fingerprint_of_the_folder_changes_with_every_change)
{
    uint64_t before, after;
    ck_assert_int_eq (sks_auth_mark (&before, keys, &err), 0);
    ck_assert_int_eq (sks_auth_mark (&after, keys, &err), 0);
    ck_assert_uint_eq (before, after);
    write_certificate ("clients/alice", 0644, &bob, false);
    ck_assert_int_eq (sks_auth_mark (&after, keys, &err), 0);
    ck_assert_uint_ne (before, after);
    write_certificate ("clients/bob", 0644, &bob, false);
    ck_assert_int_eq (sks_auth_mark (&before, keys, &err), 0);
    ck_assert_uint_ne (before, after);
    remove_file ("clients/bob");
    ck_assert_int_eq (sks_auth_mark (&before, keys, &err), 0);
    ck_assert_uint_eq (before, after);
}
END_TEST

START_TEST (a_removed_folder_accepts_nobody)
{
    sks_keyring *ring;
    uint64_t mark;
    ck_assert_int_eq (sks_auth_mark (&mark, "/nowhere/at/all", &err), 0);
    ck_assert_uint_eq (mark, 0);
    ck_assert_int_eq (sks_auth_read_clients (&ring, "/nowhere/at/all", &err), 0);
    ck_assert_uint_eq (sks_keyring_count (ring), 0);
    sks_keyring_destroy (&ring);
}
END_TEST

/* ------------------------------------------------------------------- daemon */
START_TEST (accepts_a_known_key_over_tcp_and_ipc)
{
    char endpoint[PATH_BYTES];
    snprintf (endpoint, sizeof endpoint, "ipc://%s/socket", keys);
    start ((const char *[]) { "--listen", endpoint, NULL });
    void *far = connect_as (&alice), *near = open_as (&alice, server.public_key);
    ck_assert_int_eq (zmq_connect (near, endpoint), 0);
    assert_has (ask (far, HEALTH), "\"ok\":true");
    assert_has (ask (near, HEALTH), "\"ok\":true");
    ck_assert_int_eq (handshake (&bob, server.public_key), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    ask (far, STATS);
    ck_assert_uint_eq (number_after (reply, "\"known\":"), 1);
    ck_assert_uint_eq (number_after (reply, "\"accepted\":"), 2);
    ck_assert_uint_eq (number_after (reply, "\"denied\":"), 1);
    ck_assert_uint_eq (number_after (reply, "\"health\":"), 2);
    zmq_close (far);
    zmq_close (near);
    stop ();
}
END_TEST

START_TEST (requests_of_unknown_keys_are_not_decoded)
{
    start (NULL);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq (handshake (&bob, server.public_key), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
        ck_assert_int_ne (handshake (&alice, bob.public_key), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        ck_assert_int_ne (handshake (NULL, NULL), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    }
    void *known = connect_as (&alice);
    ask (known, STATS);
    ck_assert_uint_eq (number_after (reply, "\"health\":"), 0);
    ck_assert_uint_eq (number_after (reply, "\"replies\":{\"ok\":"), 0);
    ck_assert_uint_eq (number_after (reply, "\"denied\":"), 10);
    ck_assert_uint_ge (number_after (reply, "\"broken\":"), 10);
    ck_assert_uint_eq (number_after (reply, "\"refused\":"), 0);
    assert_log_has (&daemon_, "event=denied key=");
    zmq_close (known);
    stop ();
}
END_TEST

START_TEST (a_new_key_is_accepted_without_a_restart)
{
    start (NULL);
    ck_assert_int_eq (handshake (&bob, server.public_key), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    write_certificate ("clients/bob", 0644, &bob, false);
    while (handshake (&bob, server.public_key) != ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        continue;
    void *known = connect_as (&bob);
    assert_has (ask (known, HEALTH), "\"ok\":true");
    assert_log_has (&daemon_, "event=key added=bob");
    zmq_close (known);
    stop ();
}
END_TEST

/* Send requests until the connection ends. Returns how many were answered; after the first `auth` each answer is
 * `auth`. */
static unsigned long long
ask_to_the_end (void *socket, void *monitor, unsigned long long *refused)
{
    static const char request[] = "{\"v\":1,\"id\":\"a7\",\"op\":\"health\"}";
    unsigned long long answered = 0;
    zmq_pollitem_t items[] = { { socket, 0, ZMQ_POLLIN, 0 }, { monitor, 0, ZMQ_POLLIN, 0 } };
    *refused = 0;
    for (;;) {
        zmq_send (socket, request, strlen (request), ZMQ_DONTWAIT);
        ck_assert_int_gt (zmq_poll (items, 2, REPLY_MS), 0);
        if (!items[0].revents)
            return answered;
        int size = zmq_recv (socket, reply, sizeof reply - 1, 0);
        reply[size < 0 ? 0 : size] = '\0';
        bool refusal = strstr (reply, "\"id\":\"a7\",\"ok\":false") && strstr (reply, "\"code\":\"auth\"");
        ck_assert_msg (refusal || !*refused, "%s", reply);
        *refused += refusal;
        answered++;
    }
}

START_TEST (open_connections_of_a_revoked_key_are_refused_and_end)
{
    unsigned long long refused;
    write_certificate ("clients/bob", 0644, &bob, false);
    start (NULL);
    void *taken = connect_as (&bob), *silent = connect_as (&bob), *kept = connect_as (&alice);
    assert_has (ask (taken, HEALTH), "\"ok\":true");
    assert_has (ask (silent, HEALTH), "\"ok\":true");
    ask (kept, STATS);
    unsigned long long decoded = number_after (reply, "\"health\":");
    void *end_of_taken = open_monitor (taken, ZMQ_EVENT_DISCONNECTED);
    void *end_of_silent = open_monitor (silent, ZMQ_EVENT_DISCONNECTED);
    remove_file ("clients/bob");
    unsigned long long answered = ask_to_the_end (taken, end_of_taken, &refused);
    ck_assert_int_eq (next_event (end_of_silent), ZMQ_EVENT_DISCONNECTED);
    ask (kept, STATS);
    ck_assert_uint_eq (number_after (reply, "\"health\":"), decoded + answered - refused);
    ck_assert_uint_ge (number_after (reply, "\"refused\":"), refused);
    ck_assert_uint_eq (number_after (reply, "\"known\":"), 1);
    ck_assert_int_eq (handshake (&bob, server.public_key), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    assert_log_has (&daemon_, "event=key removed=bob");
    assert_log_has (&daemon_, "event=connection_ended reason=\"its key was removed\"");
    write_certificate ("clients/bob", 0644, &bob, false);
    while (handshake (&bob, server.public_key) != ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        continue;
    assert_has (ask (kept, HEALTH), "\"ok\":true");
    close_both (taken, end_of_taken);
    close_both (silent, end_of_silent);
    zmq_close (kept);
    stop ();
}
END_TEST

START_TEST (a_broken_certificate_does_not_affect_others)
{
    char forty[96];
    write_file ("clients/page", 0644, "<html>\n");
    write_file ("clients/none", 0644, "");
    snprintf (forty, sizeof forty, "curve\n    public-key = \"%40s\"\n", "");
    write_file ("clients/blank", 0644, forty);
    write_certificate ("clients/open", 0666, &bob, false);
    write_certificate ("clients/bob_secret", 0600, &bob, true);
    write_certificate ("clients/bob", 0600, &bob, true);
    write_file ("clients/.hidden", 0644, "x");
    start (NULL);
    void *known = connect_as (&alice);
    ask (known, STATS);
    ck_assert_uint_eq (number_after (reply, "\"known\":"), 1);
    assert_log_has (&daemon_, "event=bad_certificate file=page");
    assert_log_has (&daemon_, "event=bad_certificate file=none");
    assert_log_has (&daemon_, "event=bad_certificate file=blank");
    assert_log_has (&daemon_, "event=bad_certificate file=open reason=\"its mode 0666 lets others change it\"");
    assert_log_has (&daemon_, "event=bad_certificate file=bob_secret");
    assert_log_has (&daemon_, "event=bad_certificate file=bob reason=\"a secret certificate");
    zmq_close (known);
    stop ();
}
END_TEST

START_TEST (the_daemon_starts_without_clients_and_logs_it)
{
    remove_file ("clients/alice");
    start (NULL);
    assert_log_has (&daemon_, "event=no_keys");
    ck_assert_int_eq (handshake (&alice, server.public_key), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    stop ();
}
END_TEST

START_TEST (with_keys_the_daemon_may_listen_on_any_address)
{
    start ((const char *[]) { "--listen", "tcp://0.0.0.0:*", NULL });
    assert_has (daemon_.endpoints, "tcp://0.0.0.0:");
    void *known = connect_as (&alice);
    assert_has (ask (known, HEALTH), "\"ok\":true");
    zmq_close (known);
    stop ();
}
END_TEST

/* -------------------------------------------------------------------- limits */
START_TEST (refuses_to_start_when_keys_cannot_be_used)
{
    char output[4096];
    const char *arguments[] = { "--index", sks_test_small_index, "--listen", "tcp://127.0.0.1:*", "--curve-keys", keys,
                                NULL };
    write_certificate ("server_secret", 0644, &server, true);
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", arguments, output, sizeof output), 1);
    assert_has (output, "event=start_failed");
    assert_has (output, "chmod 600 it");
    arguments[5] = "/nowhere/at/all";
    ck_assert_int_eq (sks_test_program_run ("skillsearchd", arguments, output, sizeof output), 1);
    assert_has (output, "/nowhere/at/all");
    ck_assert_ptr_null (strstr (output, "event=ready"));
}
END_TEST

START_TEST (a_guard_whose_endpoint_is_taken_is_an_error)
{
    sks_counters counters = { 0 };
    sks_guard *guard;
    void *own = zmq_ctx_new (), *taken = zmq_socket (own, ZMQ_REP);
    ck_assert_int_eq (zmq_bind (taken, "inproc://zeromq.zap.01"), 0);
    ck_assert_int_eq (sks_guard_open (&guard, own, keys, &counters, &err), SKS_EIO);
    ck_assert_ptr_null (guard);
    zmq_close (taken);
    zmq_ctx_term (own);
}
END_TEST

START_TEST (a_message_without_a_key_is_not_admitted)
{
    sks_counters counters = { 0 };
    sks_guard *guard;
    zmq_msg_t message;
    void *own = zmq_ctx_new ();
    ck_assert_int_eq (sks_guard_open (&guard, own, keys, &counters, &err), 0);
    zmq_msg_init_size (&message, 1);
    ck_assert_ptr_null (sks_guard_admits (guard, &message));
    ck_assert_uint_eq (counters.keys_refused, 1);
    ck_assert_uint_eq (counters.keys_known, 1);
    zmq_msg_close (&message);
    sks_guard_close (&guard);
    sks_guard_close (&guard);
    zmq_ctx_term (own);
}
END_TEST

START_TEST (a_keyring_is_limited_and_accepts_only_keys)
{
    static const char *const wrong[] = { "", "short", "0000000000000000000000000000000000000000",
                                         "                                        ",
                                         "01234567890123456789012345678901234567890123456789" };
    sks_keyring *ring = sks_keyring_create ();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_int_eq (sks_keyring_add (ring, wrong[i], "x", &err), SKS_EINVALID);
    for (int i = 0; i < SKS_MAX_KEYS; i++)
        ck_assert_int_eq (sks_keyring_add (ring, alice.public_key, "x", &err), 0);
    ck_assert_int_eq (sks_keyring_add (ring, alice.public_key, "x", &err), SKS_ELIMIT);
    sks_keyring_seal (ring);
    ck_assert_uint_eq (sks_keyring_count (ring), 1);
    sks_keyring_destroy (&ring);
    sks_keyring_destroy (&ring);
}
END_TEST

/* Read a file with this text as a certificate. Nothing may be written to the standard output, where a library might
 * report errors. */
static size_t
count_clients (const char *text)
{
    sks_keyring *ring;
    write_file ("clients/alice", 0644, text);
    ck_assert_int_eq (sks_auth_read_clients (&ring, keys, &err), 0);
    size_t count = sks_keyring_count (ring);
    sks_keyring_destroy (&ring);
    return count;
}

START_TEST (text_that_is_not_a_certificate_is_skipped_silently)
{
    static const char *const wrong[] = { "<html>",
                                         "curve\n  public-key = x\n",
                                         "curve\n        deep = 1\n",
                                         "curve\n    public-key = \"open\n",
                                         "= =\n",
                                         "a b\n",
                                         "curve\n\tpublic-key = x\n",
                                         "\x01\xFF\n",
                                         "a = \"b\" c\n",
                                         "curve = \n    public-key\n",
                                         "a = 'b\" # '\n" };
    char text[256], path[PATH_BYTES], output[256];
    snprintf (path, sizeof path, "%s/output", keys);
    fflush (stdout);
    int before = dup (STDOUT_FILENO);
    ck_assert_ptr_nonnull (freopen (path, "we", stdout));
    size_t count = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        count += count_clients (wrong[i]);
    fflush (stdout);
    dup2 (before, STDOUT_FILENO);
    close (before);
    ck_assert_uint_eq (count, 0);
    sks_test_file_read (path, output, sizeof output);
    ck_assert_str_eq (output, "");
    snprintf (text, sizeof text,
              "# c\r\n\r\nmetadata\r\n    name = x # y\r\ncurve\r\n"
              "    public-key = \"%s\"\r\n",
              alice.public_key);
    ck_assert_uint_eq (count_clients (text), 1);
}
END_TEST

START_TEST (certificates_that_are_too_large_are_skipped)
{
    sks_keyring *ring;
    char *text = malloc (20001);
    memset (text, '#', 20000);
    text[20000] = '\0';
    write_file ("clients/large", 0644, text);
    free (text);
    ck_assert_int_eq (sks_auth_read_clients (&ring, keys, &err), 0);
    ck_assert_uint_eq (sks_keyring_count (ring), 1);
    sks_keyring_destroy (&ring);
}
END_TEST

Suite *
suite_auth (void)
{
    Suite *suite = suite_create ("auth");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_set_timeout (core, TIMEOUT_S);
    tcase_add_unchecked_fixture (core, sks_test_small_index_make, sks_test_small_index_remove);
    tcase_add_checked_fixture (core, make_keys, remove_keys);
    tcase_add_test (core, finds_each_key_under_its_name);
    tcase_add_test (core, an_empty_keyring_accepts_nobody);
    tcase_add_test (core, a_key_in_two_files_counts_once);
    tcase_add_test (core, reads_the_key_pair_of_the_server);
    tcase_add_test (core, refuses_a_server_key_that_is_readable_by_others_or_invalid);
    tcase_add_test (core, refuses_folders_that_others_can_write_to);
    tcase_add_test (core, refuses_folders_of_another_user);
    tcase_add_test (core, the_fingerprint_of_the_folder_changes_with_every_change);
    tcase_add_test (core, a_removed_folder_accepts_nobody);
    tcase_add_test (core, accepts_a_known_key_over_tcp_and_ipc);
    tcase_add_test (core, requests_of_unknown_keys_are_not_decoded);
    tcase_add_test (core, a_new_key_is_accepted_without_a_restart);
    tcase_add_test (core, open_connections_of_a_revoked_key_are_refused_and_end);
    tcase_add_test (core, a_broken_certificate_does_not_affect_others);
    tcase_add_test (core, the_daemon_starts_without_clients_and_logs_it);
    tcase_add_test (core, with_keys_the_daemon_may_listen_on_any_address);
    suite_add_tcase (suite, core);
    tcase_set_timeout (limits, TIMEOUT_S);
    tcase_add_unchecked_fixture (limits, sks_test_small_index_make, sks_test_small_index_remove);
    tcase_add_checked_fixture (limits, make_keys, remove_keys);
    tcase_add_test (limits, refuses_to_start_when_keys_cannot_be_used);
    tcase_add_test (limits, a_guard_whose_endpoint_is_taken_is_an_error);
    tcase_add_test (limits, a_message_without_a_key_is_not_admitted);
    tcase_add_test (limits, a_keyring_is_limited_and_accepts_only_keys);
    tcase_add_test (limits, text_that_is_not_a_certificate_is_skipped_silently);
    tcase_add_test (limits, certificates_that_are_too_large_are_skipped);
    suite_add_tcase (suite, limits);
    return suite;
}
