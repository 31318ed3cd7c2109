/* check_connections.c - the book of connections: who ended one, and how much one
 * may send that nobody takes.
 *
 * The daemon's accept4, recv, close and epoll are this program's, too. Each test
 * is a process of its own. */
#include "core/base/clock.h"
#include "searchd/connections.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

Suite *suite_connections (void);

static sks_counters counters;
static int client, ours;
static char bytes[SKS_MAX_UNTAKEN_BYTES / 40];

/* ------------------------------------------------------------------ helpers */
static void
start_silent (void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    socklen_t size = sizeof address;
    int listener = socket (AF_UNIX, SOCK_STREAM, 0);
    sks_connections_guard (&counters);
    /* The kernel chooses a name. */
    ck_assert_int_eq (bind (listener, (struct sockaddr *) &address, sizeof address.sun_family), 0);
    ck_assert_int_eq (getsockname (listener, (struct sockaddr *) &address, &size), 0);
    ck_assert_int_eq (listen (listener, 1), 0);
    client = socket (AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq (connect (client, (struct sockaddr *) &address, size), 0);
    ours = accept4 (listener, NULL, NULL, SOCK_NONBLOCK);
    ck_assert_int_ge (ours, 0);
    close (listener);
}

/* With a handshake over. What is sent then is empty frames. */
static void
start (void)
{
    char handshake[] = { [0] = '\xff', [9] = 0x7f, [10] = 3, [64] = 4, [66] = 0 };
    start_silent ();
    ck_assert_int_eq (send (client, handshake, 66, 0), 66);
    ck_assert_int_eq (recv (ours, handshake, sizeof handshake, 0), 66);
}

/* Send and receive that often; false when the connection is ended before. */
static bool
bears (int times)
{
    /* FORTIFY turns a call with a variable size into another function than libzmq's. */
    ssize_t (*volatile receive) (int, void *, size_t, int) = recv;
    for (int i = 0; i < times; i++)
        for (size_t left = sizeof bytes; left;) {
            ck_assert_int_gt (send (client, bytes, left, MSG_DONTWAIT), 0);
            ssize_t got = receive (ours, bytes, left, 0);
            if (got < 0)
                return false;
            left -= (size_t) got;
        }
    return true;
}

static uint64_t
cut (void)
{
    return counters.dropped[SKS_DROPPED_CUT];
}

/* -------------------------------------------------------------------- tests */
START_TEST (counts_a_connection_that_our_side_ends)
{
    char byte;
    start ();
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    ck_assert_int_eq (errno, EAGAIN);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

START_TEST (counts_no_connection_that_its_peer_ended)
{
    char byte;
    start ();
    close (client);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 0);
    close (ours);
    ck_assert_uint_eq (cut (), 0);
}
END_TEST

START_TEST (counts_nothing_while_the_daemon_ends)
{
    start ();
    sks_connections_release ();
    close (ours);
    ck_assert_uint_eq (cut (), 0);
}
END_TEST

START_TEST (ends_a_connection_that_sends_without_end)
{
    start ();
    ck_assert (bears (39));
    ck_assert (!bears (2));
    ck_assert_int_eq (errno, ECONNRESET);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

START_TEST (bears_any_number_of_bytes_that_are_taken)
{
    start ();
    for (int i = 0; i < 10; i++) {
        ck_assert (bears (39));
        sks_connections_taken (ours);
    }
    close (ours);
}
END_TEST

START_TEST (ends_the_connection_that_was_meant)
{
    char byte = 0;
    start ();
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
    start ();
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
}
END_TEST

/* libzmq's numbers for peers come again after 2^32 connections. */
START_TEST (ends_a_connection_before_its_number_comes_again)
{
    char byte;
    start ();
    sks_connections_skip ((UINT64_C (1) << 31) - 1);
    for (int i = 0; i < SKS_MAX_DESCRIPTORS; i++)
        ck_assert (sks_connections_accept (ours + 1));
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 0);
    ck_assert_int_eq (recv (client, &byte, 1, 0), 0);
}
END_TEST

START_TEST (leaves_a_connection_that_is_young)
{
    char byte;
    start ();
    sks_connections_skip ((UINT64_C (1) << 31) - SKS_MAX_DESCRIPTORS - 2);
    for (int i = 0; i < SKS_MAX_DESCRIPTORS; i++)
        ck_assert (sks_connections_accept (ours + 1));
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    ck_assert_int_eq (errno, EAGAIN);
}
END_TEST

/* A loss is input, and nothing to one who asks for none. */
START_TEST (keeps_a_loss_back_from_one_who_asks_for_no_input)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = epoll_create1 (0);
    start ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
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

static void
refuse (int times)
{
    while (times--)
        sks_connections_refused (ours, 0);
}

START_TEST (reads_nothing_of_who_was_refused_too_often_until_its_rest_ends)
{
    char byte = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = epoll_create1 (0);
    start ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    refuse (SKS_MAX_REFUSALS - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    refuse (1);
    uint64_t end_us;
    while (end_us = sks_connections_rest (ours), recv (ours, &byte, 1, 0) == 1) {
        /* A busy machine came to it after the rest only: once more. */
        ck_assert_uint_ge (sks_clock_us (), end_us);
        ck_assert_int_eq (send (client, &byte, 1, 0), 1);
        refuse (SKS_MAX_REFUSALS);
    }
    ck_assert_int_eq (errno, EAGAIN);
    ck_assert_uint_ne (end_us, 0);
    /* Without a report before the rest ends, and with one then, although nothing comes. */
    do
        event.events = 0;
    while (epoll_wait (set, &event, 1, -1) == 0 || !event.events);
    ck_assert_uint_ge (sks_clock_us (), end_us);
    ck_assert_uint_eq (event.events, EPOLLIN);
    ck_assert_ptr_eq (event.data.ptr, &counters);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
    close (set);
}
END_TEST

START_TEST (rests_longer_each_time_up_to_a_limit)
{
    static const uint64_t rests_ms[] = { 20, 40, 80, 160, 320, SKS_MAX_REST_MS, SKS_MAX_REST_MS };
    start ();
    for (size_t i = 0; i < sizeof rests_ms / sizeof *rests_ms; i++) {
        refuse (SKS_MAX_REFUSALS);
        uint64_t before_us = sks_clock_us (), end_us = sks_connections_rest (ours), after_us = sks_clock_us ();
        ck_assert_uint_ge (end_us, before_us + rests_ms[i] * 1000);
        ck_assert_uint_le (end_us, after_us + rests_ms[i] * 1000);
        ck_assert (sks_connections_rest (ours) == end_us || sks_clock_us () >= end_us);
        sks_connections_wake (ours);
        ck_assert_uint_eq (sks_connections_rest (ours), 0);
    }
}
END_TEST

/* Work grows with the bytes: a large message is not one refusal. */
START_TEST (counts_large_refused_messages_by_their_size)
{
    start ();
    for (size_t i = 1; i < SKS_MAX_REFUSALS / 16; i++)
        sks_connections_refused (ours, 15 * SKS_REFUSAL_BYTES);
    sks_connections_refused (ours, 15 * SKS_REFUSAL_BYTES - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    refuse (1);
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
}
END_TEST

/* A user of a shared connection must not silence the others. */
START_TEST (counts_large_wrong_requests_until_one_is_read)
{
    start ();
    for (int i = 0; i < 10 * SKS_MAX_REFUSALS; i++)
        sks_connections_judged (ours, SKS_REFUSAL_BYTES - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    for (int i = 0; i < 10 * SKS_MAX_REFUSALS; i++)
        sks_connections_judged (ours, i % 16 ? 16 * SKS_REFUSAL_BYTES : 0);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    sks_connections_judged (ours, 16 * SKS_REFUSAL_BYTES);
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
}
END_TEST

/* Who ends a connection that rests is heard at once. */
START_TEST (reports_a_loss_during_a_rest)
{
    char byte;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = epoll_create1 (0);
    start ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
    for (int i = 0; i < 5; i++) {
        refuse (SKS_MAX_REFUSALS);
        sks_connections_rest (ours);
        sks_connections_wake (ours);
    }
    refuse (SKS_MAX_REFUSALS);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), -1);
    close (client);
    do
        event.events = 0;
    while (epoll_wait (set, &event, 1, -1) == 0 || !event.events);
    ck_assert_uint_eq (event.events, EPOLLIN);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 0);
    close (set);
}
END_TEST

START_TEST (another_connection_with_its_number_does_not_rest)
{
    char byte = 0;
    start ();
    refuse (SKS_MAX_REFUSALS);
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
    int number = ours;
    close (ours);
    close (client);
    start ();
    ck_assert (ours == number || client == number);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
}
END_TEST

START_TEST (ends_a_message_of_too_many_frames)
{
    char frames[2 * SKS_MAX_FRAMES];
    start ();
    for (int i = 0; i < SKS_MAX_FRAMES; i++)
        memcpy (frames + 2 * i, "\1", 2);
    ck_assert_int_eq (send (client, frames, sizeof frames, 0), sizeof frames);
    ck_assert_int_eq (recv (ours, frames, sizeof frames, 0), -1);
    ck_assert_int_eq (errno, ECONNRESET);
    close (ours);
    ck_assert_uint_eq (cut (), 1);
}
END_TEST

START_TEST (a_number_that_is_no_connection_is_left_alone)
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
    tcase_add_test (core, counts_a_connection_that_our_side_ends);
    tcase_add_test (core, counts_no_connection_that_its_peer_ended);
    tcase_add_test (core, counts_nothing_while_the_daemon_ends);
    tcase_add_test (core, a_number_that_is_no_connection_is_left_alone);
    tcase_add_test (core, ends_the_connection_that_was_meant);
    tcase_add_test (core, ends_a_connection_before_its_number_comes_again);
    tcase_add_test (core, leaves_a_connection_that_is_young);
    tcase_add_test (core, keeps_a_loss_back_from_one_who_asks_for_no_input);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, ends_a_connection_that_sends_without_end);
    tcase_add_test (limits, bears_any_number_of_bytes_that_are_taken);
    tcase_add_test (limits, ends_a_message_of_too_many_frames);
    tcase_add_test (limits, reads_nothing_of_who_was_refused_too_often_until_its_rest_ends);
    tcase_add_test (limits, rests_longer_each_time_up_to_a_limit);
    tcase_add_test (limits, counts_large_refused_messages_by_their_size);
    tcase_add_test (limits, counts_large_wrong_requests_until_one_is_read);
    tcase_add_test (limits, reports_a_loss_during_a_rest);
    tcase_add_test (limits, another_connection_with_its_number_does_not_rest);
    suite_add_tcase (suite, limits);
    return suite;
}
