/* check_signals.c - eventfds whose count is in memory: what epoll_wait, read and poll report is what the kernel would
 * report, no signal is lost, and the kernel is used only while a thread waits. */
#include "searchd/signals.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

Suite *suite_signals (void);

#define ROUNDS 20000
#define SENDERS 3
#define MARK 77

static int set, receiver;

static int
new_set (int descriptor)
{
    int made = epoll_create1 (EPOLL_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = MARK };
    ck_assert_int_eq (epoll_ctl (made, EPOLL_CTL_ADD, descriptor, &event), 0);
    return made;
}

static void
begin (void)
{
    sks_signals_begin ();
    receiver = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    ck_assert (sks_signals_has (receiver));
    set = new_set (receiver);
}

static void
end (void)
{
    close (set);
    close (receiver);
    ck_assert (!sks_signals_has (receiver));
}

static void
send_signal (int descriptor)
{
    static const uint64_t one = 1;
    ck_assert_int_eq (write (descriptor, &one, sizeof one), sizeof one);
}

/* The count that was taken; 0 for none. */
static uint64_t
take (int descriptor)
{
    uint64_t count = 0;
    if (read (descriptor, &count, sizeof count) == sizeof count)
        return count;
    ck_assert_int_eq (errno, EAGAIN);
    return 0;
}

/* The kernel's own count. */
static uint64_t
take_from_kernel (int descriptor)
{
    uint64_t count;
    return syscall (SYS_read, descriptor, &count, sizeof count) == sizeof count ? count : 0;
}

static bool
is_readable (int descriptor)
{
    struct pollfd item = { .fd = descriptor, .events = POLLIN };
    int count = poll (&item, 1, 0);
    ck_assert_int_eq (count, item.revents == POLLIN);
    return count == 1;
}

static int
wait_for (int waited, struct epoll_event *events, int timeout)
{
    int count = epoll_wait (waited, events, 2, timeout);
    ck_assert_int_ge (count, 0);
    return count;
}

/* ------------------------------------------------------------------- tests */
START_TEST (a_signal_is_reported_until_it_is_taken)
{
    struct epoll_event events[2];
    ck_assert_int_eq (wait_for (set, events, 0), 0);
    ck_assert (!is_readable (receiver));
    send_signal (receiver);
    send_signal (receiver);
    for (int i = 0; i < 4; i++) {
        ck_assert (is_readable (receiver));
        ck_assert_int_eq (wait_for (set, events, -1), 1);
        ck_assert_uint_eq (events[0].events, EPOLLIN);
        ck_assert_uint_eq (events[0].data.u64, MARK);
    }
    ck_assert_uint_eq (take (receiver), 2);
    ck_assert_uint_eq (take (receiver), 0);
    ck_assert (!is_readable (receiver));
    ck_assert_int_eq (wait_for (set, events, 0), 0);
}
END_TEST

START_TEST (the_kernel_is_not_used_while_nobody_waits)
{
    send_signal (receiver);
    ck_assert_uint_eq (take_from_kernel (receiver), 0);
    ck_assert_uint_eq (take (receiver), 1);
}
END_TEST

START_TEST (an_eventfd_without_a_set_is_the_kernels)
{
    int other = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    send_signal (other);
    ck_assert (is_readable (other));
    ck_assert_uint_eq (take_from_kernel (other), 1);
    send_signal (other);
    ck_assert_uint_eq (take (other), 1);
    ck_assert (!is_readable (other));
    close (other);
}
END_TEST

/* As the sockets of libzmq: they have sent and received before the broker waits for them. */
START_TEST (earlier_signals_count_when_it_is_added)
{
    struct epoll_event events[2];
    int other = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    send_signal (other);
    ck_assert_uint_eq (take (other), 1);
    send_signal (other);
    int second = new_set (other);
    ck_assert_int_eq (wait_for (second, events, 0), 1);
    ck_assert_uint_eq (take (other), 1);
    ck_assert_int_eq (wait_for (second, events, 0), 0);
    close (second);
    close (other);
}
END_TEST

START_TEST (it_can_move_to_another_set)
{
    struct epoll_event events[2];
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_DEL, receiver, NULL), 0);
    send_signal (receiver);
    ck_assert_int_eq (wait_for (set, events, 0), 0);
    int second = new_set (receiver);
    ck_assert_int_eq (wait_for (second, events, 0), 1);
    ck_assert_uint_eq (take (receiver), 1);
    close (second);
}
END_TEST

START_TEST (an_eventfd_is_added_once)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = MARK };
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, receiver, &event), -1);
    ck_assert_int_eq (errno, EEXIST);
    ck_assert_int_eq (epoll_wait (set, &event, 1, 0), 0);
    send_signal (receiver);
    ck_assert_int_eq (epoll_wait (set, &event, 1, 0), 1);
}
END_TEST

START_TEST (an_eventfd_may_get_the_number_of_one_that_was_closed)
{
    int number = receiver;
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = MARK };
    close (receiver);
    receiver = eventfd (3, EFD_CLOEXEC | EFD_NONBLOCK);
    ck_assert_int_eq (receiver, number);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, receiver, &event), -1);
    ck_assert_int_eq (errno, ENOENT);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, receiver, &event), 0);
    ck_assert_int_eq (epoll_wait (set, &event, 1, 0), 1);
    ck_assert_uint_eq (take (receiver), 3);
    ck_assert_int_eq (epoll_wait (set, &event, 1, 0), 0);
}
END_TEST

START_TEST (events_that_were_not_requested_are_not_reported)
{
    struct epoll_event events[2], none = { .events = 0 }, input = { .events = EPOLLIN, .data.u64 = MARK + 1 };
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, receiver, &none), 0);
    send_signal (receiver);
    ck_assert_int_eq (wait_for (set, events, 0), 0);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_MOD, receiver, &input), 0);
    ck_assert_int_eq (wait_for (set, events, 0), 1);
    ck_assert_uint_eq (events[0].data.u64, MARK + 1);
}
END_TEST

START_TEST (other_descriptors_have_their_turn_beside_signals)
{
    struct epoll_event events[2], event = { .events = EPOLLIN, .data.u64 = MARK + 1 };
    int ends[2], seen = 0;
    ck_assert_int_eq (pipe (ends), 0);
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ends[0], &event), 0);
    ck_assert_int_eq (write (ends[1], "", 1), 1);
    send_signal (receiver);
    for (int i = 0; i < 2; i++)
        for (int k = wait_for (set, events, -1); k > 0; k--)
            seen += events[k - 1].data.u64 == MARK + 1;
    ck_assert_int_ge (seen, 1);
    close (ends[0]);
    close (ends[1]);
}
END_TEST

static void *
send_many (void *unused)
{
    for (int i = 0; i < ROUNDS; i++)
        send_signal (receiver);
    return unused;
}

START_TEST (no_signal_of_several_senders_is_lost)
{
    struct epoll_event events[2];
    pthread_t senders[SENDERS];
    uint64_t total = 0;
    for (int i = 0; i < SENDERS; i++)
        ck_assert_int_eq (pthread_create (&senders[i], NULL, send_many, NULL), 0);
    while (total < SENDERS * (uint64_t) ROUNDS)
        if (wait_for (set, events, -1))
            total += take (receiver);
    for (int i = 0; i < SENDERS; i++)
        pthread_join (senders[i], NULL);
    ck_assert_uint_eq (total, SENDERS * (uint64_t) ROUNDS);
}
END_TEST

static void *
echo (void *argument)
{
    const int *answers = argument;
    struct epoll_event events[2];
    for (int i = 0; i < ROUNDS;) {
        wait_for (set, events, -1);
        if (!take (receiver))
            continue;
        send_signal (*answers);
        i++;
    }
    return NULL;
}

/* Each side sleeps until the other one sends: a lost signal would stop both. */
START_TEST (two_threads_wake_each_other)
{
    struct epoll_event events[2];
    pthread_t thread;
    int answers = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK), second = new_set (answers);
    ck_assert_int_eq (pthread_create (&thread, NULL, echo, &answers), 0);
    for (int i = 0; i < ROUNDS; i++) {
        send_signal (receiver);
        do
            wait_for (second, events, -1);
        while (!take (answers));
    }
    pthread_join (thread, NULL);
    close (second);
    close (answers);
}
END_TEST

Suite *
suite_signals (void)
{
    Suite *suite = suite_create ("signals");
    TCase *tests = tcase_create ("signals");
    tcase_add_checked_fixture (tests, begin, end);
    tcase_set_timeout (tests, 60);
    tcase_add_test (tests, a_signal_is_reported_until_it_is_taken);
    tcase_add_test (tests, the_kernel_is_not_used_while_nobody_waits);
    tcase_add_test (tests, an_eventfd_without_a_set_is_the_kernels);
    tcase_add_test (tests, earlier_signals_count_when_it_is_added);
    tcase_add_test (tests, it_can_move_to_another_set);
    tcase_add_test (tests, an_eventfd_is_added_once);
    tcase_add_test (tests, an_eventfd_may_get_the_number_of_one_that_was_closed);
    tcase_add_test (tests, events_that_were_not_requested_are_not_reported);
    tcase_add_test (tests, other_descriptors_have_their_turn_beside_signals);
    tcase_add_test (tests, no_signal_of_several_senders_is_lost);
    tcase_add_test (tests, two_threads_wake_each_other);
    suite_add_tcase (suite, tests);
    return suite;
}
