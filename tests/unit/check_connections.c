/* check_connections.c - the table of connections: which side closed one, how many unread bytes one may send, which
 * events are reported, and which connections the daemon closes. */
#include "core/base/clock.h"
#include "searchd/zmtp.h"
#include "tests/support/accepted.h"

#include <check.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *suite_connections (void);

static uint64_t
cut (void)
{
    return counters.dropped[SKS_DROPPED_CUT];
}

/* -------------------------------------------------------------------- tests */
START_TEST (counts_a_connection_that_our_side_closes)
{
    char byte;
    accepted_open ();
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    ck_assert_int_eq (errno, EAGAIN);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

START_TEST (does_not_count_a_connection_that_its_peer_closed)
{
    char byte;
    accepted_open ();
    close (client);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 0);
    close (ours);
    ck_assert_uint_eq (cut (), 0);
}
END_TEST

START_TEST (does_not_count_during_shutdown)
{
    accepted_open ();
    sks_connections_release ();
    close (ours);
    ck_assert_uint_eq (cut (), 0);
}
END_TEST

START_TEST (closes_a_connection_that_sends_endlessly)
{
    accepted_open ();
    ck_assert (accepted_bears (39));
    ck_assert (!accepted_bears (2));
    ck_assert_int_eq (errno, ECONNRESET);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

START_TEST (allows_any_number_of_bytes_that_are_read)
{
    accepted_open ();
    for (int i = 0; i < 10; i++) {
        ck_assert (accepted_bears (39));
        sks_connections_taken (ours);
    }
    close (ours);
}
END_TEST

START_TEST (closes_the_intended_connection)
{
    char byte = 0;
    accepted_open ();
    uint64_t before = sks_connections_count () - 1;
    sks_connections_end (ours, before);
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
    sks_connections_end (ours, before + 1);
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    ck_assert_int_eq (errno, ECONNRESET);
    close (ours);
    close (client);
    accepted_open ();
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
}
END_TEST

/* libzmq reuses its numbers for peers after 2^32 connections. */
START_TEST (closes_a_connection_before_its_number_is_reused)
{
    char byte;
    accepted_open ();
    sks_connections_skip ((UINT64_C (1) << 31) - 1);
    for (int i = 0; i < SKS_MAX_DESCRIPTORS; i++)
        ck_assert (sks_connections_accept (ours + 1));
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 0);
    ck_assert_int_eq (recv (client, &byte, 1, 0), 0);
}
END_TEST

START_TEST (keeps_a_young_connection)
{
    char byte;
    accepted_open ();
    sks_connections_skip ((UINT64_C (1) << 31) - SKS_MAX_DESCRIPTORS - 2);
    for (int i = 0; i < SKS_MAX_DESCRIPTORS; i++)
        ck_assert (sks_connections_accept (ours + 1));
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    ck_assert_int_eq (errno, EAGAIN);
}
END_TEST

/* A loss is reported as input, so not to a caller that waits for no input. */
START_TEST (does_not_report_a_loss_to_a_caller_that_waits_for_no_input)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = accepted_watch ();
    close (client);
    ck_assert_int_eq (epoll_wait (set, &event, 1, -1), 1);
    ck_assert_uint_eq (event.events, EPOLLIN);
    ck_assert_ptr_eq (event.data.ptr, &counters);
    event.events = 0;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &event), 0);
    while (epoll_wait (set, &event, 1, 0))
        ck_assert_uint_eq (event.events, 0);
    event.events = EPOLLIN;
    event.data.ptr = &client;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &event), 0);
    ck_assert_int_eq (epoll_wait (set, &event, 1, -1), 1);
    ck_assert_uint_eq (event.events, EPOLLIN);
    ck_assert_ptr_eq (event.data.ptr, &client);
    close (set);
}
END_TEST

START_TEST (a_child_process_has_its_own_number)
{
    int status;
    pid_t parent = getpid (), child = fork ();
    ck_assert_int_eq (getpid (), syscall (SYS_getpid));
    if (child == 0)
        _exit (getpid () == syscall (SYS_getpid) && getpid () != parent ? 0 : 1);
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    ck_assert_int_eq (status, 0);
    ck_assert_int_eq (getpid (), parent);
}
END_TEST

static int
wait_now (int set, struct epoll_event *event)
{
    event->events = 0;
    return epoll_wait (set, event, 1, 0);
}

START_TEST (output_is_reported_once_and_then_when_the_kernel_has_it)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters }, input = event, both = event;
    int set = epoll_create1 (0);
    both.events = EPOLLIN | EPOLLOUT;
    accepted_open ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &input), 0);
    for (int i = 0; i < 3; i++) { /* as for a message that is written at once */
        ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &both), 0);
        ck_assert_int_eq (wait_now (set, &event), 1);
        ck_assert_uint_eq (event.events, EPOLLOUT);
        ck_assert_ptr_eq (event.data.ptr, &counters);
        ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &input), 0);
        ck_assert_int_eq (wait_now (set, &event), 0);
    }
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &both), 0);
    for (int i = 0; i < 3; i++) { /* while there is more to write */
        ck_assert_int_eq (wait_now (set, &event), 1);
        ck_assert_uint_eq (event.events, EPOLLOUT);
    }
    while (send (ours, accepted_bytes, sizeof accepted_bytes, MSG_DONTWAIT) > 0)
        ;
    ck_assert_int_eq (wait_now (set, &event), 0);
    while (recv (client, accepted_bytes, sizeof accepted_bytes, MSG_DONTWAIT) > 0)
        ;
    ck_assert_int_eq (epoll_wait (set, &event, 1, -1), 1);
    ck_assert_uint_eq (event.events, EPOLLOUT);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &input), 0);
    ck_assert_int_eq (wait_now (set, &event), 0);
    close (set);
}
END_TEST

START_TEST (output_is_not_reported_for_a_connection_that_is_gone)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT, .data.ptr = &counters };
    int set = epoll_create1 (0);
    accepted_open ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
    event.events = EPOLLIN;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &event), 0);
    event.events = EPOLLIN | EPOLLOUT;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &event), 0);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_DEL, ours, &event), 0);
    ck_assert_int_eq (wait_now (set, &event), 0);
    event.events = EPOLLIN;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
    ck_assert_int_eq (wait_now (set, &event), 0);
    close (set);
}
END_TEST

/* Input is reported as before while output is. */
START_TEST (input_is_reported_beside_output)
{
    char byte = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = accepted_watch ();
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    event.events = EPOLLIN | EPOLLOUT;
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, ours, &event), 0);
    uint32_t reported = 0;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq (wait_now (set, &event), 1);
        reported |= event.events;
    }
    ck_assert_uint_eq (reported, EPOLLIN | EPOLLOUT);
    close (set);
}
END_TEST

START_TEST (closes_a_connection_with_a_message_of_too_many_frames)
{
    char frames[2 * SKS_ZMTP_MAX_FRAMES];
    accepted_open ();
    for (int i = 0; i < SKS_ZMTP_MAX_FRAMES; i++)
        memcpy (frames + 2 * i, "\1", 2);
    ck_assert_int_eq (send (client, frames, sizeof frames, 0), sizeof frames);
    ck_assert_int_eq (recv (ours, frames, sizeof frames, 0), -1);
    ck_assert_int_eq (errno, ECONNRESET);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

/* -------------------------------------------------------------------- checks */

/* Whether the connection is still open when all are checked this long after now. */
static bool
open_after (uint64_t us)
{
    char byte;
    uint64_t end_us = sks_clock_us () + us, due_us;
    while ((due_us = sks_connections_look_us ()) && due_us <= end_us)
        sks_connections_look (due_us);
    return recv (client, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

static void
hear (const char *sent, size_t size)
{
    char got[100];
    ck_assert_int_eq (send (client, sent, size, 0), (ssize_t) size);
    ck_assert_int_eq (recv (ours, got, sizeof got, 0), (ssize_t) size);
}

START_TEST (closes_a_connection_without_a_handshake)
{
    accepted_open_silent ();
    ck_assert (open_after (0));
    hear ((char[]) { [0] = '\xff', [9] = 0x7f, [10] = 3, [63] = 0 }, 64);
    ck_assert (open_after ((SKS_MAX_HANDSHAKE_MS - 1000) * 1000));
    ck_assert (!open_after (SKS_MAX_HANDSHAKE_MS * 1000 + SECOND_US));
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

/* The daemon was stopped, as by a debugger or by programs of higher priority: the handshake may wait in the kernel, and
 * a request after it would be lost. */
START_TEST (does_not_count_the_time_in_which_no_connection_was_checked)
{
    char byte;
    accepted_open_silent ();
    sks_connections_look (sks_clock_us () + 2 * SKS_MAX_HANDSHAKE_MS * UINT64_C (1000));
    ck_assert_int_eq (recv (client, &byte, 1, MSG_DONTWAIT), -1);
    ck_assert (open_after ((3 * SKS_MAX_HANDSHAKE_MS - 2000) * UINT64_C (1000)));
    ck_assert (!open_after ((3 * SKS_MAX_HANDSHAKE_MS + 1000) * UINT64_C (1000)));
    close (ours);
}
END_TEST

/* A client whose key is refused has sent as much as any other. */
START_TEST (waits_until_our_side_ends_a_curve_handshake)
{
    static const char *const answers[] = { "", "\4\x9\5ERROR\003400", "\4\x6\5READY" };
    for (int i = 0; i < 3; i++) {
        size_t size = strlen (answers[i]);
        char got[20];
        accepted_open_silent ();
        hear ((char[]) { [0] = '\xff', [9] = 0x7f, [10] = 3, [12] = 'C', 'U', 'R', 'V', 'E', [63] = 0 }, 64);
        hear ("\4\2\1x\4\2\1x", 8);
        ck_assert_int_eq (send (ours, answers[i], size, 0), (ssize_t) size);
        ck_assert_int_eq (recv (client, got, sizeof got, MSG_DONTWAIT), size ? (ssize_t) size : -1);
        /* Later each time: the next check is due a second after the last one. */
        ck_assert_int_eq (open_after (SKS_MAX_HANDSHAKE_MS * 1000 + (1 + 2 * i) * SECOND_US), i == 2);
        close (ours);
        close (client);
    }
}
END_TEST

START_TEST (leaves_an_idle_connection_open)
{
    char byte = 0;
    accepted_open ();
    ck_assert (open_after (3600 * SECOND_US));
    ck_assert_int_eq (send (ours, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (client, &byte, 1, 0), 1);
    ck_assert (open_after (2 * 3600 * SECOND_US));
}
END_TEST

/* The peer may be slow: it is enough if it reads a part of what waits. */
START_TEST (closes_a_connection_whose_peer_does_not_read)
{
    const uint64_t silence_us = SKS_MAX_SILENCE_MS * UINT64_C (1000);
    char taken[5000];
    accepted_open ();
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq (send (ours, accepted_bytes, sizeof taken, 0), sizeof taken);
    ck_assert (open_after (SECOND_US));
    ck_assert (open_after (silence_us));
    ck_assert_int_eq (recv (client, taken, sizeof taken, 0), sizeof taken);
    ck_assert (open_after (silence_us + 10 * SECOND_US));
    ck_assert_int_eq (send (ours, accepted_bytes, sizeof taken, 0), sizeof taken);
    ck_assert (open_after (2 * silence_us));
    ck_assert (open_after (3 * silence_us - SECOND_US));
    ck_assert (open_after (3 * silence_us + 2 * SECOND_US)); /* what waits is read before the end */
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq (recv (client, taken, sizeof taken, MSG_WAITALL), sizeof taken);
    ck_assert_int_eq (recv (client, taken, sizeof taken, 0), 0);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

static bool
accepts (const void *context, const unsigned char key[SKS_PUBLIC_KEY_BYTES])
{
    return key[0] == *(const unsigned char *) context;
}

/* It may send nothing; otherwise its descriptor would stay in use. */
START_TEST (ends_a_connection_whose_key_was_removed)
{
    const unsigned char key[SKS_PUBLIC_KEY_BYTES] = { 'a' };
    accepted_open ();
    sks_connections_check_keys (accepts, "b");
    ck_assert (open_after (SECOND_US));
    sks_connections_name_key (key);
    sks_connections_check_keys (accepts, "a");
    ck_assert (open_after (3 * SECOND_US));
    sks_connections_check_keys (accepts, "b");
    sks_connections_check_keys (accepts, "a");
    ck_assert (open_after (5 * SECOND_US));
    sks_connections_check_keys (accepts, "b");
    ck_assert (!open_after (7 * SECOND_US));
    close (ours);
    ck_assert_uint_eq (cut (), 1);
    close (client);
    accepted_open ();
    sks_connections_check_keys (accepts, "b");
    ck_assert (open_after (9 * SECOND_US));
}
END_TEST

/* If libzmq has a timer for each connection, the end of each one costs a search through all timers. */
START_TEST (removes_the_time_to_live_from_a_ping_with_keys)
{
    static const char *const plain[] = { "\2\4PING\1\2x", "\2\4PONG\1\2x", "\1\4PING\1\2x", "\2\4PING\1", "" };
    unsigned char key[crypto_box_BEFORENMBYTES] = { 0 }, nonce[crypto_box_NONCEBYTES] = { 0 };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        unsigned char sent[64] = { 0 }, box[64], opened[64] = { 0 };
        size_t length = strlen (plain[i]), size = crypto_box_ZEROBYTES + length;
        memcpy (sent + crypto_box_ZEROBYTES, plain[i], length);
        ck_assert_int_eq (crypto_box_afternm (box, sent, size, nonce, key), 0);
        ck_assert_int_eq (crypto_box_open_afternm (opened, box, size, nonce, key), 0);
        if (i == 0)
            memset (sent + crypto_box_ZEROBYTES + 6, 0, 2);
        if (i == 3)
            sent[crypto_box_ZEROBYTES + 6] = 0;
        ck_assert_mem_eq (opened + crypto_box_ZEROBYTES, sent + crypto_box_ZEROBYTES, length);
    }
}
END_TEST

START_TEST (a_number_without_a_connection_is_ignored)
{
    char byte = 'x';
    int pair[2];
    sks_connections_guard (&counters);
    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert_int_eq (send (pair[0], &byte, 1, 0), 1);
    ck_assert_int_eq (recv (pair[1], &byte, 1, 0), 1);
    sks_connections_taken (pair[1]);
    sks_connections_taken (-1);
    sks_connections_taken (1 << 30);
    ck_assert_int_eq (close (pair[0]), 0);
    ck_assert_int_eq (close (pair[1]), 0);
    ck_assert_int_eq (close (pair[1]), -1);
    ck_assert_int_eq (errno, EBADF);
    ck_assert_uint_eq (cut (), 0);
}
END_TEST

Suite *
suite_connections (void)
{
    Suite *suite = suite_create ("connections");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, counts_a_connection_that_our_side_closes);
    tcase_add_test (core, does_not_count_a_connection_that_its_peer_closed);
    tcase_add_test (core, does_not_count_during_shutdown);
    tcase_add_test (core, a_number_without_a_connection_is_ignored);
    tcase_add_test (core, closes_the_intended_connection);
    tcase_add_test (core, closes_a_connection_before_its_number_is_reused);
    tcase_add_test (core, keeps_a_young_connection);
    tcase_add_test (core, does_not_report_a_loss_to_a_caller_that_waits_for_no_input);
    tcase_add_test (core, a_child_process_has_its_own_number);
    tcase_add_test (core, output_is_reported_once_and_then_when_the_kernel_has_it);
    tcase_add_test (core, output_is_not_reported_for_a_connection_that_is_gone);
    tcase_add_test (core, input_is_reported_beside_output);
    tcase_add_test (core, ends_a_connection_whose_key_was_removed);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, closes_a_connection_that_sends_endlessly);
    tcase_add_test (limits, allows_any_number_of_bytes_that_are_read);
    tcase_add_test (limits, closes_a_connection_with_a_message_of_too_many_frames);
    tcase_add_test (limits, closes_a_connection_without_a_handshake);
    tcase_add_test (limits, does_not_count_the_time_in_which_no_connection_was_checked);
    tcase_add_test (limits, waits_until_our_side_ends_a_curve_handshake);
    tcase_add_test (limits, leaves_an_idle_connection_open);
    tcase_add_test (limits, closes_a_connection_whose_peer_does_not_read);
    tcase_add_test (limits, removes_the_time_to_live_from_a_ping_with_keys);
    suite_add_tcase (suite, limits);
    return suite;
}
