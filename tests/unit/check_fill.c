/* check_fill.c - lists that are decoded before a request needs them. */
#include "tests/support/corpus.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

Suite *suite_fill (void);

static sks_generation *generation;
static sks_searcher *searcher;

static void
open_generation (void)
{
    sks_error err;
    ck_assert_int_eq (sks_generation_open (&generation, corpus.folder, &err), 0);
    ck_assert_int_eq (sks_searcher_open (&searcher, generation, &err), 0);
}

static void
close_generation (void)
{
    sks_searcher_close (&searcher);
    sks_generation_release (&generation);
}

/* -------------------------------------------------------------------- helpers */

static int
fill (uint32_t least, uint64_t stop_us)
{
    sks_error err;
    sks_stop stop = { 0 };
    sks_budget_set_stop (&stop, stop_us);
    return sks_generation_fill (generation, least, &stop, &err);
}

static bool
has_list (uint32_t stem)
{
    return atomic_load (&sks_generation_cache (generation)->postings[stem]) != NULL;
}

static bool
has_places (uint32_t stem)
{
    return atomic_load (&sks_generation_cache (generation)->places[stem]) != NULL;
}

/* The sum of what drawn words and phrases find. */
static uint64_t
search (void)
{
    uint64_t sum = 0;
    unsigned state = 5;
    for (int i = 0; i < 200; i++) {
        char text[CORPUS_TEXT_BYTES];
        sks_query query = SKS_QUERY_INIT;
        sks_result *result;
        sks_error err;
        (i % 2 ? corpus_draw_phrase : corpus_draw_words) (&state, text);
        query.text = text;
        ck_assert_msg (sks_searcher_search (searcher, &query, &result, &err) == 0, "%s: %s", text, err.text);
        sum += result->total;
        sks_result_destroy (&result);
    }
    return sum;
}

/* ---------------------------------------------------------------------- tests */

START_TEST (decodes_the_lists_and_places_of_frequent_stems)
{
    static const uint32_t leasts[] = { 20, 5, 0 };
    const sks_store *store = sks_generation_snapshot (generation)->store;
    for
        EACH (i, leasts)
        {
            uint32_t decoded = 0;
            ck_assert_int_eq (fill (leasts[i], 0), 0);
            for (uint32_t stem = 0; stem < store->stems; stem++) {
                bool frequent = store->stem[stem].statements >= leasts[i];
                ck_assert_int_eq (has_list (stem), frequent);
                ck_assert_int_eq (has_places (stem), frequent);
                decoded += frequent;
            }
            ck_assert_uint_gt (decoded, 0);
        }
}
END_TEST

START_TEST (leaves_nothing_to_decode_for_a_search)
{
    ck_assert_int_eq (fill (1, 0), 0);
    size_t bytes = sks_generation_decoded (generation);
    ck_assert_uint_gt (search (), 0);
    ck_assert_uint_eq (sks_generation_decoded (generation), bytes);
}
END_TEST

/* Whether the encoded lists are still there. */
static bool
has_encoded (void)
{
    const sks_image *image = &sks_generation_snapshot (generation)->store->postings_image;
    for (size_t i = 0; i < image->size; i++)
        if (((const char *) image->bytes)[i])
            return true;
    return false;
}

static bool
has_all_lists (void)
{
    for (uint32_t stem = 0; stem < sks_generation_snapshot (generation)->store->stems; stem++)
        if (!has_list (stem))
            return false;
    return true;
}

START_TEST (decodes_rare_stems_too_if_all_lists_take_less_without_the_encoded_ones)
{
    ck_assert_int_eq (fill (20, 0), 0);
    ck_assert (!has_all_lists () && has_encoded ());
    ck_assert_int_eq (fill (1, 0), 0); /* some stems are in no statement: they occur in titles */
    ck_assert (has_all_lists () && !has_encoded ());
}
END_TEST

START_TEST (answers_without_the_encoded_lists)
{
    uint64_t expected = search ();
    ck_assert (has_encoded ());
    ck_assert_int_eq (fill (0, 0), 0);
    ck_assert (!has_encoded ());
    ck_assert_uint_eq (search (), expected);
    sks_error err;
    sks_searcher_close (&searcher);
    ck_assert_int_eq (sks_searcher_open (&searcher, generation, &err), 0);
    ck_assert_uint_eq (search (), expected);
    ck_assert_int_eq (fill (0, 0), 0);
}
END_TEST

START_TEST (keeps_the_encoded_lists_when_not_all_fit)
{
    uint64_t expected = search ();
    size_t some = sks_generation_decoded (generation);
    close_generation ();
    open_generation ();
    sks_generation_limit (generation, some / 2);
    ck_assert_int_eq (fill (0, 0), 0);
    ck_assert (has_encoded ());
    ck_assert_uint_eq (search (), expected);
    ck_assert (has_encoded ());
}
END_TEST

/* Decode all lists, from the last one if there is an argument. */
static void *
decode_all (void *argument)
{
    sks_budget budget = SKS_BUDGET_INIT;
    sks_lists *lists;
    sks_error err;
    sks_arena *arena = sks_arena_create ();
    sks_cache *cache = sks_generation_cache (generation);
    uint32_t stems = sks_generation_snapshot (generation)->store->stems;
    ck_assert_int_eq (sks_cache_open_lists (cache, &lists, &budget, &err), 0);
    for (uint32_t i = 0; i < stems; i++) {
        const sks_postings *list;
        uint32_t stem = argument ? stems - 1 - i : i;
        ck_assert_msg (sks_cache_postings (cache, lists, stem, arena, &list, &err) == 0, "%s", err.text);
        ck_assert_uint_eq (list->count, sks_generation_snapshot (generation)->store->stem[stem].statements);
    }
    sks_lists_close (&lists);
    sks_arena_destroy (&arena);
    return NULL;
}

START_TEST (the_last_of_several_threads_releases_the_encoded_lists)
{
    for (int round = 0; round < 20; round++) {
        pthread_t threads[4];
        close_generation ();
        open_generation ();
        for
            EACH (i, threads)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, decode_all, i % 2 ? &round : NULL), 0);
        for
            EACH (i, threads)
        pthread_join (threads[i], NULL);
        ck_assert (has_all_lists () && !has_encoded ());
    }
}
END_TEST

START_TEST (begins_with_the_most_frequent_and_stays_within_the_limit)
{
    ck_assert_int_eq (fill (1, 0), 0);
    size_t all = sks_generation_decoded (generation);
    for (size_t limit = 0; limit < all; limit += all / 10) {
        uint32_t least = UINT32_MAX, most = 0;
        close_generation ();
        open_generation ();
        sks_generation_limit (generation, limit);
        ck_assert_int_eq (fill (1, 0), 0);
        ck_assert_uint_le (sks_generation_decoded (generation), limit);
        const sks_store *store = sks_generation_snapshot (generation)->store;
        for (uint32_t stem = 0; stem < store->stems; stem++) {
            uint32_t count = store->stem[stem].statements;
            if (has_list (stem))
                least = count < least ? count : least;
            else
                most = count > most ? count : most;
        }
        ck_assert_uint_ge (least, most);
    }
}
END_TEST

START_TEST (ends_when_it_is_stopped)
{
    ck_assert_int_eq (fill (1, 1), SKS_ESHUTTINGDOWN);
    ck_assert_uint_eq (sks_generation_decoded (generation), 0);
    ck_assert_int_eq (fill (1, 0), 0);
}
END_TEST

START_TEST (no_phrase_reads_places_that_are_expected)
{
    const sks_store *store = sks_generation_snapshot (generation)->store;
    sks_generation_expect_fill (generation, 5);
    uint64_t before = search ();
    uint32_t rare = 0;
    for (uint32_t stem = 0; stem < store->stems; stem++) {
        ck_assert (!has_places (stem) || store->stem[stem].statements < 5);
        rare += has_places (stem);
    }
    ck_assert_uint_gt (rare, 0);
    ck_assert_int_eq (fill (5, 0), 0);
    ck_assert_uint_eq (search (), before);
    sks_generation_expect_fill (generation, 5);
    ck_assert_uint_eq (search (), before);
}
END_TEST

START_TEST (phrases_read_places_themselves_after_a_fill_was_stopped)
{
    sks_generation_expect_fill (generation, 1);
    ck_assert_int_eq (fill (1, 1), SKS_ESHUTTINGDOWN);
    search ();
    uint32_t found = 0;
    for (uint32_t stem = 0; stem < sks_generation_snapshot (generation)->store->stems; stem++)
        found += has_places (stem);
    ck_assert_uint_gt (found, 0);
}
END_TEST

static void *
fill_all (void *code)
{
    *(int *) code = fill (1, 0);
    return NULL;
}

START_TEST (searches_may_run_meanwhile)
{
    pthread_t thread;
    int code;
    uint64_t expected = search ();
    close_generation ();
    open_generation ();
    sks_generation_expect_fill (generation, 1);
    ck_assert_int_eq (pthread_create (&thread, NULL, fill_all, &code), 0);
    uint64_t found = search ();
    pthread_join (thread, NULL);
    ck_assert_int_eq (code, 0);
    ck_assert_uint_eq (found, expected);
}
END_TEST

Suite *
suite_fill (void)
{
    Suite *suite = suite_create ("fill");
    TCase *core = corpus_case (suite, "Core");
    tcase_add_checked_fixture (core, open_generation, close_generation);
    tcase_add_test (core, decodes_the_lists_and_places_of_frequent_stems);
    tcase_add_test (core, leaves_nothing_to_decode_for_a_search);
    tcase_add_test (core, begins_with_the_most_frequent_and_stays_within_the_limit);
    tcase_add_test (core, searches_may_run_meanwhile);
    tcase_add_test (core, decodes_rare_stems_too_if_all_lists_take_less_without_the_encoded_ones);
    tcase_add_test (core, answers_without_the_encoded_lists);
    tcase_add_test (core, keeps_the_encoded_lists_when_not_all_fit);
    tcase_add_test (core, the_last_of_several_threads_releases_the_encoded_lists);
    TCase *limits = corpus_case (suite, "Limits");
    tcase_add_checked_fixture (limits, open_generation, close_generation);
    tcase_add_test (limits, ends_when_it_is_stopped);
    tcase_add_test (limits, no_phrase_reads_places_that_are_expected);
    tcase_add_test (limits, phrases_read_places_themselves_after_a_fill_was_stopped);
    return suite;
}
