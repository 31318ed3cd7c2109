/* check_queue.c - the daemon's queue and counters, without sockets. */
#include "searchd/queue.h"
#include "searchd/stats.h"

#include <check.h>
#include <string.h>

Suite *suite_queue (void);

#define HEALTH "{\"v\":1,\"op\":\"health\"}"

static sks_request *
make_request (void)
{
    sks_request *request;
    ck_assert_int_eq (sks_request_decode (&request, HEALTH, strlen (HEALTH), NULL), 0);
    return request;
}

#define NOBODY 0

/* Add a request of a source of a client; both are letters. Returns the arrival time of the request that was dropped,
 * or NOBODY. */
static uint64_t
push_from (sks_queue *queue, char client, char source, uint64_t arrived_us, uint64_t deadline_us)
{
    sks_waiting displaced, waiting = { .envelope = { .client = (uint32_t) client, .source = (uint32_t) source },
                                       .request = make_request (),
                                       .arrived_us = arrived_us,
                                       .deadline_us = deadline_us };
    if (sks_queue_push (queue, &waiting, &displaced))
        return NOBODY;
    sks_request_destroy (&displaced.request);
    return displaced.arrived_us;
}

static uint64_t
push_of (sks_queue *queue, char client, uint64_t arrived_us, uint64_t deadline_us)
{
    return push_from (queue, client, 0, arrived_us, deadline_us);
}

static bool
push (sks_queue *queue, uint64_t arrived_us, uint64_t deadline_us)
{
    return push_of (queue, 'a', arrived_us, deadline_us) == NOBODY;
}

/* Remove the oldest request. Returns its arrival time. */
static uint64_t
pop (sks_queue *queue)
{
    sks_waiting waiting;
    ck_assert (sks_queue_pop (queue, &waiting));
    sks_request_destroy (&waiting.request);
    return waiting.arrived_us;
}

static void
note_expired (void *seen, const sks_waiting *waiting)
{
    sks_waiting gone = *waiting;
    *(uint64_t *) seen = *(uint64_t *) seen * 10 + waiting->arrived_us;
    sks_request_destroy (&gone.request);
}

/* The client that was served longest ago is next, also after a pause; a new client comes last. */
START_TEST (remembers_the_turns_of_clients_that_paused)
{
    sks_queue *queue = sks_queue_create (10);
    sks_queue_serve (queue, 'a');
    sks_queue_serve (queue, 'b');
    push_of (queue, 'n', 1, 100);
    push_of (queue, 'b', 2, 100);
    push_of (queue, 'a', 3, 100);
    push_of (queue, 'a', 4, 100);
    ck_assert_uint_eq (pop (queue), 3);
    ck_assert_uint_eq (pop (queue), 1);
    ck_assert_uint_eq (pop (queue), 2);
    ck_assert_uint_eq (pop (queue), 4);
    push_of (queue, 'b', 5, 100);
    push_of (queue, 'n', 6, 100);
    ck_assert_uint_eq (pop (queue), 6);
    ck_assert_uint_eq (pop (queue), 5);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (keeps_the_order_when_it_wraps_around)
{
    sks_queue *queue = sks_queue_create (3);
    for (uint64_t i = 0; i < 3; i++)
        ck_assert (push (queue, i, 100));
    for (uint64_t i = 3; i < 10; i++) {
        ck_assert_uint_eq (pop (queue), i - 3);
        ck_assert (push (queue, i, 100));
    }
    ck_assert_uint_eq (sks_queue_count (queue), 3);
    sks_queue_destroy (&queue);
    ck_assert_ptr_null (queue);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (clients_take_turns)
{
    static const uint64_t order[] = { 1, 11, 21, 2, 12, 3, 4, 5 };
    sks_queue *queue = sks_queue_create (8);
    for (uint64_t i = 1; i <= 5; i++)
        push_of (queue, 'a', i, 100);
    push_of (queue, 'b', 11, 100);
    push_of (queue, 'b', 12, 100);
    push_of (queue, 'c', 21, 100);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ck_assert_uint_eq (pop (queue), order[i]);
    sks_queue_destroy (&queue);
}
END_TEST

/* The clients of a proxy are one client here, and take turns within its turn. */
START_TEST (sources_of_a_client_take_turns)
{
    static const uint64_t order[] = { 1, 31, 11, 32, 21, 2, 12, 3, 4, 5 };
    sks_queue *queue = sks_queue_create (10);
    for (uint64_t i = 1; i <= 5; i++)
        push_from (queue, 'p', 'a', i, 100);
    push_from (queue, 'p', 'b', 11, 100);
    push_from (queue, 'p', 'b', 12, 100);
    push_from (queue, 'p', 'c', 21, 100);
    push_of (queue, 'q', 31, 100);
    push_of (queue, 'q', 32, 100);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ck_assert_uint_eq (pop (queue), order[i]);
    ck_assert_uint_eq (sks_queue_count (queue), 0);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (the_greediest_source_of_a_client_gives_up_its_newest)
{
    sks_queue *queue = sks_queue_create (4);
    for (uint64_t i = 1; i <= 4; i++)
        ck_assert_uint_eq (push_from (queue, 'p', 'a', i, 100), NOBODY);
    ck_assert_uint_eq (push_from (queue, 'p', 'a', 5, 100), 5);
    ck_assert_uint_eq (push_from (queue, 'p', 'b', 11, 100), 4);
    ck_assert_uint_eq (push_from (queue, 'p', 'b', 12, 100), 3);
    ck_assert_uint_eq (push_from (queue, 'p', 'b', 13, 100), 13);
    ck_assert_uint_eq (push_from (queue, 'p', 'a', 6, 100), 6);
    ck_assert_uint_eq (push_of (queue, 'q', 21, 100), 12);
    sks_queue_destroy (&queue);
}
END_TEST

/* Each connection to a proxy is a new source: a stream of them must not keep the others waiting for ever. */
START_TEST (new_sources_do_not_overtake_for_ever)
{
    sks_queue *queue = sks_queue_create (10);
    push_from (queue, 'p', 'a', 1, 100);
    push_from (queue, 'p', 'a', 2, 100);
    push_from (queue, 'p', 'a', 3, 100);
    bool found = false;
    int turns = 0;
    for (char source = 'b'; !found && source <= 'z'; source++, turns++) {
        push_from (queue, 'p', source, 100, 100);
        found = pop (queue) == 3;
    }
    ck_assert_int_le (turns, 6);
    sks_queue_destroy (&queue);
}
END_TEST

/* However many requests of one client wait, the next request of another client is at most the second to be answered. */
START_TEST (a_polite_client_waits_for_one_request_of_a_greedy_one)
{
    sks_queue *queue = sks_queue_create (100);
    for (uint64_t i = 1; i <= 100; i++)
        push_of (queue, 'g', 1000 + i, 100);
    for (uint64_t i = 1; i <= 50; i++) {
        ck_assert_uint_ne (push_of (queue, 'p', i, 100), i);
        ck_assert (pop (queue) == i || pop (queue) == i);
        push_of (queue, 'g', 2000 + i, 100);
    }
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (expires_only_late_requests)
{
    uint64_t seen = 0;
    sks_queue *queue = sks_queue_create (4);
    ck_assert_uint_eq (sks_queue_next_deadline (queue), UINT64_MAX);
    ck_assert (push (queue, 1, 50) && push (queue, 2, 20) && push (queue, 3, 90) && push (queue, 4, 10));
    ck_assert_uint_eq (sks_queue_next_deadline (queue), 10);
    sks_queue_expire (queue, 9, note_expired, &seen);
    ck_assert_uint_eq (seen, 0);
    sks_queue_expire (queue, 20, note_expired, &seen);
    ck_assert_uint_eq (seen, 24);
    ck_assert_uint_eq (sks_queue_next_deadline (queue), 50);
    ck_assert_uint_eq (pop (queue), 1);
    ck_assert_uint_eq (pop (queue), 3);
    ck_assert_uint_eq (sks_queue_next_deadline (queue), UINT64_MAX);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (accepts_no_more_than_its_limit)
{
    sks_queue *queue = sks_queue_create (2);
    ck_assert (push (queue, 1, 1) && push (queue, 2, 2));
    ck_assert_uint_eq (push_of (queue, 'a', 3, 3), 3);
    ck_assert_uint_eq (sks_queue_count (queue), 2);
    sks_queue_destroy (&queue);
}
END_TEST

/* The newest request of the greedy client is dropped, until both have the same number. */
START_TEST (a_full_queue_drops_a_request_of_the_greediest_client)
{
    sks_queue *queue = sks_queue_create (4);
    for (uint64_t i = 1; i <= 4; i++)
        push_of (queue, 'g', i, 100);
    ck_assert_uint_eq (push_of (queue, 'p', 11, 100), 4);
    ck_assert_uint_eq (push_of (queue, 'p', 12, 100), 3);
    ck_assert_uint_eq (push_of (queue, 'p', 13, 100), 13);
    ck_assert_uint_eq (push_of (queue, 'g', 5, 100), 5);
    ck_assert_uint_eq (push_of (queue, 'q', 21, 100), 2);
    ck_assert_uint_eq (push_of (queue, 'r', 31, 100), 12);
    ck_assert_uint_eq (push_of (queue, 's', 41, 100), 41);
    ck_assert_uint_eq (sks_queue_count (queue), 4);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (expires_late_requests_of_all_clients)
{
    uint64_t seen = 0;
    sks_queue *queue = sks_queue_create (6);
    for (uint64_t i = 1; i <= 6; i++)
        push_of (queue, (char) ('a' + i % 3), i, i % 2 ? 10 : 20);
    sks_queue_expire (queue, 10, note_expired, &seen);
    ck_assert_uint_eq (seen, 153);
    ck_assert_uint_eq (sks_queue_next_deadline (queue), 20);
    ck_assert_uint_eq (pop (queue), 4);
    push_of (queue, 'b', 7, 30);
    ck_assert_uint_eq (pop (queue), 2);
    ck_assert_uint_eq (pop (queue), 6);
    ck_assert_uint_eq (pop (queue), 7);
    sks_queue_destroy (&queue);
}
END_TEST

START_TEST (counts_latency_in_powers_of_two)
{
    static sks_counters counters;
    sks_stats stats;
    sks_counters_start (&counters, 3, 7);
    sks_request *health = make_request ();
    sks_counters_reply (&counters, health, 0, sks_clock_us () - 1000000);
    sks_counters_reply (&counters, NULL, SKS_EBUSY, sks_clock_us () - 3600000000);
    sks_counters_drop (&counters, SKS_DROPPED_LATE);
    sks_request_destroy (&health);
    sks_stats_fill (&stats, &counters);
    ck_assert_uint_eq (stats.all.latency[20], 1);
    ck_assert_uint_eq (stats.all.latency[SKS_LATENCY_BUCKETS - 1], 1);
    ck_assert_uint_eq (stats.all.replies[0], 1);
    ck_assert_uint_eq (stats.all.replies[-SKS_EBUSY], 1);
    ck_assert_uint_ge (stats.all.time_us, 3601000000);
    ck_assert_uint_eq (stats.by_op[SKS_OP_HEALTH].latency[20], 1);
    ck_assert_uint_eq (stats.by_op[SKS_OPS].replies[-SKS_EBUSY], 1);
    ck_assert_uint_eq (stats.dropped[SKS_DROPPED_LATE], 1);
    ck_assert_uint_gt (stats.max_descriptors, 0);
    ck_assert_uint_eq (stats.workers, 3);
    ck_assert_uint_eq (stats.queue_limit, 7);
    ck_assert_uint_gt (stats.resident_bytes, 100000);
}
END_TEST

Suite *
suite_queue (void)
{
    Suite *suite = suite_create ("queue");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, keeps_the_order_when_it_wraps_around);
    tcase_add_test (core, remembers_the_turns_of_clients_that_paused);
    tcase_add_test (core, clients_take_turns);
    tcase_add_test (core, sources_of_a_client_take_turns);
    tcase_add_test (core, the_greediest_source_of_a_client_gives_up_its_newest);
    tcase_add_test (core, new_sources_do_not_overtake_for_ever);
    tcase_add_test (core, a_polite_client_waits_for_one_request_of_a_greedy_one);
    tcase_add_test (core, expires_only_late_requests);
    tcase_add_test (core, expires_late_requests_of_all_clients);
    tcase_add_test (core, counts_latency_in_powers_of_two);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, accepts_no_more_than_its_limit);
    tcase_add_test (limits, a_full_queue_drops_a_request_of_the_greediest_client);
    suite_add_tcase (suite, limits);
    return suite;
}
