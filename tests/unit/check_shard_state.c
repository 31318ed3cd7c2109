/* check_shard_state.c - when the servers of shards are tried, and what is said of them. */
#include "core/shards/shard_state.h"

#include "core/base/clock.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_shard_state (void);

/* What was said of shard 1 of `states`. */
static char said[256];
static sks_shard_states states;

static void
keep_change (uint32_t shard, enum sks_shard_condition condition, const char *cause)
{
    static const char *const names[] = { "up", "down", "mismatch" };
    size_t size = strlen (said);
    ck_assert_uint_eq (shard, 1);
    snprintf (said + size, sizeof said - size, "%s%s%s ", names[condition], cause ? ":" : "", cause ? cause : "");
}

static void
begin (void)
{
    states = (sks_shard_states) { .changed = keep_change };
    *said = '\0';
}

START_TEST (one_thread_tries_a_shard_that_is_down)
{
    sks_shard_state *state = &states.of[1];
    for (int i = 1; i < SKS_SHARD_TIMEOUTS; i++) {
        sks_shard_state_failed (&states, 1, SKS_SHARD_TIMED_OUT, "late");
        ck_assert (sks_shard_state_tries (state));
    }
    ck_assert_str_eq (said, "");
    sks_shard_state_failed (&states, 1, SKS_SHARD_TIMED_OUT, "late");
    ck_assert (!sks_shard_state_tries (state));
    ck_assert_str_eq (said, "down:late ");
    state->retry_us = 1; /* long ago */
    ck_assert (sks_shard_state_tries (state));
    ck_assert (!sks_shard_state_tries (state));
    sks_shard_state_answered (&states, 1);
    ck_assert (sks_shard_state_tries (state));
    ck_assert (sks_shard_state_tries (state));
    ck_assert_str_eq (said, "down:late up ");
    sks_shard_state_failed (&states, 1, SKS_SHARD_REFUSED, "refused");
    ck_assert (!sks_shard_state_tries (state));
    ck_assert_str_eq (said, "down:late up down:refused ");
    ck_assert (sks_shard_state_tries (&states.of[0]));
}
END_TEST

START_TEST (each_change_of_a_shard_is_said_once)
{
    sks_shard_state_failed (&states, 1, SKS_SHARD_REFUSED, "refused");
    sks_shard_state_failed (&states, 1, SKS_SHARD_REFUSED, "refused");
    ck_assert_str_eq (said, "down:refused ");
    sks_shard_state_failed (&states, 1, SKS_SHARD_MISMATCHED, "other");
    sks_shard_state_failed (&states, 1, SKS_SHARD_MISMATCHED, "other");
    ck_assert_str_eq (said, "down:refused mismatch:other ");
    ck_assert (!sks_shard_state_tries (&states.of[1]));
    sks_shard_state_failed (&states, 1, SKS_SHARD_TIMED_OUT, "late");
    ck_assert_str_eq (said, "down:refused mismatch:other down:late ");
    sks_shard_state_begin (&states, 7);
    ck_assert_str_eq (said, "down:refused mismatch:other down:late up ");
    ck_assert (sks_shard_state_tries (&states.of[1]));
    ck_assert_uint_eq (states.of[1].generation, 7);
}
END_TEST

START_TEST (a_shard_that_refuses_is_tried_ever_more_rarely)
{
    static const uint64_t pauses_ms[] = { 250, 500, 1000, 2000, 4000, 5000, 5000 };
    for (size_t i = 0; i < sizeof pauses_ms / sizeof *pauses_ms; i++) {
        uint64_t before_us = sks_clock_us () + pauses_ms[i] * 1000;
        sks_shard_state_failed (&states, 1, SKS_SHARD_REFUSED, "refused");
        ck_assert_uint_ge (states.of[1].retry_us, before_us);
        ck_assert_uint_le (states.of[1].retry_us, sks_clock_us () + pauses_ms[i] * 1000);
    }
}
END_TEST

Suite *
suite_shard_state (void)
{
    Suite *suite = suite_create ("shard_state");
    TCase *state = tcase_create ("Core");
    tcase_add_checked_fixture (state, begin, NULL);
    tcase_add_test (state, one_thread_tries_a_shard_that_is_down);
    tcase_add_test (state, each_change_of_a_shard_is_said_once);
    tcase_add_test (state, a_shard_that_refuses_is_tried_ever_more_rarely);
    suite_add_tcase (suite, state);
    return suite;
}
