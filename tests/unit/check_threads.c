/* check_threads.c - four searchers on one generation, each in its own thread, have the same answers as one searcher
 * alone.
 *
 * At the start no posting list is decoded, so the threads race for every list: each sends the same queries in a
 * different order. Also run this with the thread sanitizer. */
#include "core/base/threads.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_threads (void);

#define THREADS 4
#define QUERIES 400
#define REOPENINGS 20

static char texts[QUERIES][256];
static char *answers[QUERIES];

/* ------------------------------------------------------------------ helpers */
static void
draw_texts (void)
{
    static const char *const forms[][2] = {
        { "", " " },      { "", " OR " }, { "\"", "\" " },     { "", " -" },
        { "", " NEAR " }, { "=", " " },   { "duty:", " OR " }, { "title:", " OR " },
    };
    unsigned state = 99;
    for (size_t i = 0; i < QUERIES; i++) {
        char one[96], two[96];
        const char *from = corpus_draw (&state)->text;
        const char *const *form = forms[engine_draw (&state, sizeof forms / sizeof *forms)];
        engine_draw_word (&state, from, one, sizeof one);
        engine_draw_word (&state, from, two, sizeof two);
        snprintf (texts[i], sizeof texts[i], "%s%s%s%s", form[0], one, form[1], two);
    }
}

/* A whole answer as text. Caller owns it; free with free. NULL when the query was refused. */
static char *
answer (sks_searcher *searcher, const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = text;
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        query.facets[query.facet_count++] = (sks_facet_ask) { facet, 5, NULL, 0 };
    if (sks_searcher_search (searcher, &query, &result, NULL))
        return NULL;
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    sks_buffer_printf (&out, "%s %d %d %d\n", result->read_as, (int) result->total, (int) result->matched_all,
                       result->relaxed);
    for (size_t i = 0; i < result->hit_count; i++)
        sks_buffer_printf (&out, "%s %.17g %zu %s\n", result->hits[i].id, result->hits[i].score,
                           result->hits[i].share_count, result->hits[i].marked);
    for (size_t i = 0; i < result->facet_count; i++)
        for (size_t k = 0; k < result->facets[i].count; k++)
            sks_buffer_printf (&out, "%s %d\n", result->facets[i].values[k].value,
                               (int) result->facets[i].values[k].count);
    sks_result_destroy (&result);
    sks_buffer_text (&out);
    return out.bytes;
}

static void
answer_all (void)
{
    corpus_open ();
    draw_texts ();
    for (size_t i = 0; i < QUERIES; i++) {
        answers[i] = answer (corpus.searcher, texts[i]);
        ck_assert_msg (answers[i] != NULL, "\"%s\" was refused", texts[i]);
    }
}

static void
drop_answers (void)
{
    for (size_t i = 0; i < QUERIES; i++)
        free (answers[i]);
    corpus_close ();
}

/* The work of one thread. Check's assertions work only in the main thread, so failures are counted. */
struct part {
    pthread_t thread;
    sks_generation *generation;
    size_t first;
    size_t wrong, asked;
};

static void
ask_all (struct part *part, sks_searcher *searcher)
{
    for (size_t i = 0; i < QUERIES; i++, part->asked++) {
        /* 7 and 400 have no common divisor: every query is used once. */
        size_t query = (part->first + 7 * i) % QUERIES;
        char *got = answer (searcher, texts[query]);
        part->wrong += !got || strcmp (got, answers[query]) != 0;
        free (got);
    }
}

static void *
search_all (void *context)
{
    struct part *part = context;
    sks_searcher *searcher;
    if (sks_searcher_open (&searcher, part->generation, NULL) == 0)
        ask_all (part, searcher);
    sks_searcher_close (&searcher);
    sks_generation_release (&part->generation);
    return NULL;
}

/* Run the threads on a generation. Takes ownership of the caller's reference. */
static void
run_threads (sks_generation *generation, const size_t *firsts)
{
    struct part parts[THREADS] = { 0 };
    for (size_t i = 0; i < THREADS; i++) {
        parts[i].generation = sks_generation_share (generation);
        parts[i].first = firsts[i];
        ck_assert_int_eq (pthread_create (&parts[i].thread, NULL, search_all, &parts[i]), 0);
    }
    sks_generation_release (&generation);
    for (size_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq (pthread_join (parts[i].thread, NULL), 0);
        ck_assert_uint_eq (parts[i].asked, QUERIES);
        ck_assert_msg (parts[i].wrong == 0, "thread %zu: %zu answers differ", i, parts[i].wrong);
    }
}

static sks_generation *
open_generation (void)
{
    sks_generation *generation;
    sks_error err;
    ck_assert_msg (sks_generation_open (&generation, corpus.folder, &err) == 0, "%s", err.text);
    return generation;
}

/* -------------------------------------------------------------------- tests */
START_TEST (four_threads_answer_what_one_answers)
{
    run_threads (open_generation (), (const size_t[THREADS]) { 0, 100, 200, 300 });
}
END_TEST

START_TEST (threads_with_the_same_query_at_the_same_time_agree)
{
    run_threads (open_generation (), (const size_t[THREADS]) { 0 });
}
END_TEST

START_TEST (the_last_searcher_closes_the_generation)
{
    for (int i = 0; i < REOPENINGS; i++) {
        sks_generation *generation = open_generation ();
        sks_searcher *searchers[THREADS];
        for (size_t k = 0; k < THREADS; k++)
            ck_assert_int_eq (sks_searcher_open (&searchers[k], generation, NULL), 0);
        sks_generation_release (&generation);
        for (size_t k = 0; k < THREADS; k++) {
            char *got = answer (searchers[k], texts[i]);
            ck_assert_str_eq (got, answers[i]);
            free (got);
            sks_searcher_close (&searchers[k]);
        }
    }
}
END_TEST

/* ------------------------------------------------------- tasks of two threads */
struct task {
    int code;
    atomic_int *begun; /* number of tasks begun */
    int done;          /* how often this task was done */
    pthread_t by;      /* the thread that did it */
    bool waits;        /* this task waits until a second one has begun */
};

static int
do_task (void *argument, sks_error *failure)
{
    struct task *task = argument;
    atomic_fetch_add (task->begun, 1);
    while (task->waits && atomic_load (task->begun) < 2)
        sched_yield ();
    task->done++;
    task->by = pthread_self ();
    return task->code ? sks_fail (failure, task->code, "%d", task->code) : 0;
}

START_TEST (two_threads_do_each_task_once)
{
    for (size_t count = 0; count <= SKS_MAX_TASKS; count++) {
        struct task tasks[SKS_MAX_TASKS] = { 0 };
        atomic_int begun = 0;
        for (size_t i = 0; i < count; i++)
            tasks[i].begun = &begun;
        ck_assert_int_eq (sks_threads_meet (do_task, tasks, count, sizeof *tasks, false, NULL), 0);
        for (size_t i = 0; i < SKS_MAX_TASKS; i++)
            ck_assert_int_eq (tasks[i].done, i < count);
    }
}
END_TEST

START_TEST (the_last_task_runs_in_parallel_with_the_first)
{
    atomic_int begun = 0;
    struct task tasks[] = { { .begun = &begun, .waits = true }, { .begun = &begun, .waits = true } };
    ck_assert_int_eq (sks_threads_meet (do_task, tasks, 2, sizeof *tasks, false, NULL), 0);
    ck_assert_int_eq (tasks[0].done + tasks[1].done, 2);
}
END_TEST

START_TEST (the_caller_can_do_all_tasks)
{
    atomic_int begun = 0;
    struct task tasks[] = { { .begun = &begun }, { .begun = &begun }, { .begun = &begun } };
    ck_assert_int_eq (sks_threads_meet (do_task, tasks, 3, sizeof *tasks, true, NULL), 0);
    for (size_t i = 0; i < 3; i++)
        ck_assert (tasks[i].done == 1 && pthread_equal (tasks[i].by, pthread_self ()));
}
END_TEST

START_TEST (the_first_task_that_failed_is_reported)
{
    atomic_int begun = 0;
    sks_error failure;
    struct task tasks[] = {
        { 0, .begun = &begun }, { SKS_EBUSY, .begun = &begun }, { SKS_EIO, .begun = &begun }, { 0, .begun = &begun }
    };
    ck_assert_int_eq (sks_threads_meet (do_task, tasks, 4, sizeof *tasks, false, &failure), SKS_EBUSY);
    ck_assert_int_eq (failure.code, SKS_EBUSY);
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq (tasks[i].done, 1);
}
END_TEST

Suite *
suite_threads (void)
{
    Suite *suite = suite_create ("threads");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, answer_all, drop_answers);
    tcase_add_unchecked_fixture (limits, answer_all, drop_answers);
    tcase_set_timeout (core, 120);
    tcase_add_test (core, four_threads_answer_what_one_answers);
    tcase_add_test (core, threads_with_the_same_query_at_the_same_time_agree);
    tcase_add_test (limits, the_last_searcher_closes_the_generation);
    TCase *tasks = tcase_create ("Tasks");
    tcase_add_test (tasks, two_threads_do_each_task_once);
    tcase_add_test (tasks, the_last_task_runs_in_parallel_with_the_first);
    tcase_add_test (tasks, the_caller_can_do_all_tasks);
    tcase_add_test (tasks, the_first_task_that_failed_is_reported);
    suite_add_tcase (suite, tasks);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
