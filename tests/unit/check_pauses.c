/* check_pauses.c - for how long a connection is not read after invalid, large or refused requests. */
#include "core/base/clock.h"
#include "tests/support/accepted.h"

#include <check.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *suite_pauses (void);

static void
refuse (int times)
{
    while (times--)
        sks_connections_refused (ours, 0);
}

START_TEST (a_connection_refused_too_often_is_not_read_until_its_pause_ends)
{
    char byte = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = accepted_watch ();
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    refuse (SKS_MAX_REFUSALS - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    refuse (1);
    uint64_t end_us;
    while (end_us = sks_connections_rest (ours), recv (ours, &byte, 1, 0) == 1) {
        /* On a busy machine the pause may be over already: try again. */
        ck_assert_uint_ge (sks_clock_us (), end_us);
        ck_assert_int_eq (send (client, &byte, 1, 0), 1);
        refuse (SKS_MAX_REFUSALS);
    }
    ck_assert_int_eq (errno, EAGAIN);
    ck_assert_uint_ne (end_us, 0);
    /* There is no event during the pause, and one after it, although nothing arrives. */
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

START_TEST (each_pause_is_longer_up_to_a_limit)
{
    static const uint64_t rests_ms[] = { 20, 40, 80, 160, 320, SKS_MAX_REST_MS, SKS_MAX_REST_MS };
    accepted_open ();
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

/* The work grows with the accepted_bytes, so a large message counts as several refusals. */
START_TEST (counts_large_refused_messages_by_their_size)
{
    accepted_open ();
    for (size_t i = 1; i < SKS_MAX_REFUSALS / 16; i++)
        sks_connections_refused (ours, 15 * SKS_REFUSAL_BYTES);
    sks_connections_refused (ours, 15 * SKS_REFUSAL_BYTES - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    refuse (1);
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
}
END_TEST

/* A user of a shared connection must not silence the others. */
START_TEST (counts_large_invalid_requests_until_a_valid_one)
{
    accepted_open ();
    for (int i = 0; i < 10 * SKS_MAX_REFUSALS; i++)
        sks_connections_judged (ours, SKS_WRONG_BYTES - 1);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    for (int i = 0; i < 10 * SKS_MAX_REFUSALS; i++)
        sks_connections_judged (ours, i % 16 ? 16 * SKS_WRONG_BYTES : 0);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    ck_assert (!sks_connections_owes (ours));
    sks_connections_judged (ours, 16 * SKS_WRONG_BYTES);
    ck_assert (sks_connections_owes (ours));
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
}
END_TEST

/* Requests under way when the limit is reached take a worker's time like those before. */
START_TEST (rests_again_for_refusals_above_the_limit)
{
    accepted_open ();
    for (int i = 0; i < 2; i++) {
        uint64_t last_us = 0, end_us;
        refuse (5 * SKS_MAX_REFUSALS / 4);
        sks_connections_judged (ours, (5 * SKS_MAX_REFUSALS / 4 + 1) * SKS_WRONG_BYTES);
        for (int rests = 0; rests < 2; rests++, last_us = end_us) {
            do
                end_us = sks_connections_rest (ours);
            while (end_us && end_us == last_us);
            ck_assert_uint_gt (end_us, last_us);
        }
        if (i)
            sks_connections_judged (ours, 0);
        refuse (SKS_MAX_REFUSALS / 2 - 1);
        while ((end_us = sks_connections_rest (ours)) == last_us)
            continue;
        ck_assert_int_eq (end_us != 0, i == 0);
        while (sks_connections_rest (ours))
            continue;
    }
}
END_TEST

/* Many large requests are under way before the first of them is read. */
START_TEST (counts_large_requests_after_invalid_ones_before_they_are_read)
{
    enum { QUARTER = SKS_MAX_REFUSALS / 4 };
    accepted_open ();
    sks_connections_judged (ours, (QUARTER - 1) * SKS_WRONG_BYTES);
    ck_assert (!sks_connections_suspect (ours, SKS_MAX_REFUSALS * SKS_WRONG_BYTES));
    sks_connections_judged (ours, SKS_WRONG_BYTES);
    ck_assert (sks_connections_suspect (ours, (3 * QUARTER - 1) * SKS_WRONG_BYTES));
    ck_assert (!sks_connections_owes (ours));
    ck_assert (sks_connections_suspect (ours, SKS_WRONG_BYTES));
    ck_assert (sks_connections_owes (ours));
    sks_connections_judged (ours, 0);
    ck_assert (!sks_connections_owes (ours));
    ck_assert (!sks_connections_suspect (ours, SKS_WRONG_BYTES));
}
END_TEST

/* Sends and receives a request of almost 60,000 bytes. */
static void
receive_large (void)
{
    static unsigned char request[60000] = { 2 }, received[sizeof request];
    ssize_t (*volatile receive) (int, void *, size_t, int) = recv;
    for (int i = 0; i < 8; i++)
        request[8 - i] = (unsigned char) ((sizeof request - 9) >> 8 * i);
    ck_assert_int_eq (send (client, request, sizeof request, 0), sizeof request);
    ck_assert_int_eq (receive (ours, received, sizeof received, 0), sizeof received);
    sks_connections_taken (ours);
}

/* Otherwise a connection sends dozens of invalid ones before the first is read. */
START_TEST (pauses_when_large_requests_arrive_faster_than_they_are_read)
{
    enum { FIT = SKS_MAX_AHEAD_BYTES / 60000 };
    accepted_open ();
    for (int valid = 0; valid < 3; valid++) {
        for (int i = 0; i < FIT; i++)
            receive_large ();
        ck_assert_uint_eq (sks_connections_rest (ours), 0);
        sks_connections_judged (ours, 0);
    }
    while (!sks_connections_rest (ours)) /* on a busy machine, bytes may be forgiven meanwhile */
        receive_large ();
    sks_connections_judged (ours, 0);
    while (sks_connections_rest (ours))
        continue;
    for (int i = 0; i < FIT; i++)
        receive_large ();
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
}
END_TEST

START_TEST (small_requests_cause_no_pause)
{
    accepted_open ();
    for (int i = 0; i < 40; i++) {
        ck_assert_uint_eq (sks_connections_rest (ours), 0);
        ck_assert (accepted_bears (1));
        sks_connections_taken (ours);
    }
}
END_TEST

START_TEST (owes_until_a_second_after_its_rest)
{
    bool owes;
    uint64_t end_us;
    accepted_open ();
    do {
        sks_connections_judged (ours, SKS_MAX_REFUSALS * SKS_WRONG_BYTES);
        end_us = sks_connections_rest (ours);
        owes = sks_connections_owes (ours);
    } while (!owes && sks_clock_us () >= end_us + SECOND_US); /* on a busy machine the second may be over already */
    ck_assert (owes);
    sks_connections_judged (ours, 0);
    ck_assert (!sks_connections_owes (ours));
}
END_TEST

/* The end of a paused connection is reported at once. */
START_TEST (reports_a_loss_during_a_pause)
{
    char byte;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = accepted_watch ();
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

START_TEST (another_connection_with_the_same_number_is_not_paused)
{
    char byte = 0;
    accepted_open ();
    refuse (SKS_MAX_REFUSALS);
    ck_assert_uint_ne (sks_connections_rest (ours), 0);
    int number = ours;
    close (ours);
    close (client);
    accepted_open ();
    ck_assert (ours == number || client == number);
    ck_assert_uint_eq (sks_connections_rest (ours), 0);
    ck_assert_int_eq (send (client, &byte, 1, 0), 1);
    ck_assert_int_eq (recv (ours, &byte, 1, 0), 1);
}
END_TEST

Suite *
suite_pauses (void)
{
    Suite *suite = suite_create ("pauses");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, a_connection_refused_too_often_is_not_read_until_its_pause_ends);
    tcase_add_test (core, each_pause_is_longer_up_to_a_limit);
    tcase_add_test (core, counts_large_refused_messages_by_their_size);
    tcase_add_test (core, counts_large_invalid_requests_until_a_valid_one);
    tcase_add_test (core, rests_again_for_refusals_above_the_limit);
    tcase_add_test (core, counts_large_requests_after_invalid_ones_before_they_are_read);
    tcase_add_test (core, pauses_when_large_requests_arrive_faster_than_they_are_read);
    tcase_add_test (core, small_requests_cause_no_pause);
    tcase_add_test (core, owes_until_a_second_after_its_rest);
    tcase_add_test (core, reports_a_loss_during_a_pause);
    tcase_add_test (core, another_connection_with_the_same_number_is_not_paused);
    suite_add_tcase (suite, core);
    return suite;
}
