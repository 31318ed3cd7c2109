/* check_order.c - the order of hits and pages, compared with naive sorts of the sample exports. */
#include "tests/support/corpus.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_order (void);

/* --------------------------------------------------------------- relevance */

START_TEST (best_scores_come_first_and_ties_by_id)
{
    unsigned state = 12;
    for (int i = 0; i < 500; i++) {
        char text[CORPUS_QUERY_BYTES];
        corpus_draw_query (&state, text);
        sks_result *result = engine_ask (&corpus, text);
        for (size_t k = 1; k < result->hit_count; k++) {
            const sks_hit *a = &result->hits[k - 1], *b = &result->hits[k];
            /* The ranking adds floats; a hit's score is a sum of doubles. */
            if (a->score < b->score - 1e-4 || (a->score > 0 && a->score == b->score && strcmp (a->id, b->id) > 0))
                ck_abort_msg ("\"%s\": %s (%f) before %s (%f)", text, a->id, a->score, b->id, b->score);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (statements_with_all_words_rank_before_those_with_some)
{
    static const char *const texts[] = { "customer complaint", "mail cart", "safety read" };
    for
        EACH (i, texts)
        {
            sks_query all = SKS_QUERY_INIT;
            all.text = texts[i];
            all.match = SKS_MATCH_ALL;
            sks_result *whole = engine_search (&corpus, &all), *nearest = engine_ask (&corpus, texts[i]);
            ck_assert (nearest->relaxed);
            ck_assert_uint_gt (nearest->total, whole->total);
            ck_assert_uint_gt (whole->total, 0);
            ck_assert_str_eq (nearest->hits[0].id, whole->hits[0].id);
            sks_result_destroy (&whole);
            sks_result_destroy (&nearest);
        }
}
END_TEST

/* "New" begins the only statement that has it; the others have four of the words further on. */
START_TEST (one_early_rare_word_does_not_outweigh_four_others)
{
    static const sample_occupation occupation = {
        .soc = "43-9061.00",
        .title = "Clerks",
        .levels = { "New staff — guide through daily tasks of the school office\n"
                    "School technology platforms — lead the choice of tools, advising leaders on what they cost "
                    "and on their benefit\n"
                    "Office supplies — order in time and keep cost down\n"
                    "School records — file by year and name\n"
                    "Benefit plans — explain to staff and enrol them\n"
                    "Technology requests — answer by phone or e-mail\n"
                    "Bus routes — plan with drivers of the school\n"
                    "Cost reports — add up by month and year\n"
                    "Parents — greet at the desk and answer questions\n"
                    "Letters — write and send for the principal\n"
                    "Meals for guests — cook in the school kitchen at low cost\n"
                    "Meals for staff — cook in the school kitchen at low cost\n"
                    "Trips to museums — book for the school, with the benefit of early prices\n"
                    "Trips to parks — book for the school, with the benefit of early prices\n"
                    "Lists of tools — keep up with technology of the school\n"
                    "Lists of books — keep up with technology of the school\n"
                    "Room oak — open, air and lock each day\n"
                    "Room elm — open, air and lock each day\n"
                    "Room ash — open, air and lock each day\n"
                    "Room fir — open, air and lock each day\n"
                    "Room yew — open, air and lock each day\n"
                    "Room bay — open, air and lock each day\n"
                    "Room fig — open, air and lock each day\n"
                    "Room gum — open, air and lock each day\n"
                    "Room box — open, air and lock each day\n"
                    "Room may — open, air and lock each day\n" }
    };
    engine clerks;
    engine_open_occupations (&clerks, &occupation, 1);
    sks_result *result = engine_ask (&clerks, "cost and benefit of new school technology");
    ck_assert_uint_ge (result->hit_count, 2);
    ck_assert_uint_eq (result->hits[0].position, 2);
    ck_assert_uint_eq (result->hits[1].position, 1);
    sks_result_destroy (&result);
    engine_close (&clerks);
}
END_TEST

START_TEST (each_statement_is_the_first_hit_for_its_own_text)
{
    for (size_t i = 0; i < corpus.count; i++) {
        sks_result *result = corpus_ask (corpus.statements[i].text, SKS_SORT_RELEVANCE, false, 0, 1);
        if (!result->hit_count || strcmp (result->hits[0].id, corpus.statements[i].id) != 0)
            ck_abort_msg ("\"%s\" finds \"%s\" first", corpus.statements[i].text,
                          result->hit_count ? result->hits[0].text : "");
        sks_result_destroy (&result);
    }
}
END_TEST

/* ------------------------------------------------------------------ orders */

static int
by_occupation (const void *left, const void *right)
{
    const engine_statement *a = &corpus.statements[*(const size_t *) left];
    const engine_statement *b = &corpus.statements[*(const size_t *) right];
    int order = strcmp (a->soc, b->soc);
    if (!order)
        order = a->level - b->level;
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static int
by_level (const void *left, const void *right)
{
    int a = corpus.statements[*(const size_t *) left].level, b = corpus.statements[*(const size_t *) right].level;
    return a != b ? a - b : by_occupation (left, right);
}

static int
by_id (const void *left, const void *right)
{
    size_t a = *(const size_t *) left, b = *(const size_t *) right;
    return strcmp (corpus.statements[a].id, corpus.statements[b].id);
}

static void
assert_reversed (const char *text, int sort, const size_t *numbers, size_t count)
{
    size_t reversed[CORPUS_MOST];
    if (corpus_page_through (text, sort, true, 33, reversed) != count)
        ck_abort_msg ("\"%s\", order %d: the count differs when reversed", text, sort);
    for (size_t i = 0; i < count; i++)
        if (reversed[i] != numbers[count - 1 - i])
            ck_abort_msg ("\"%s\", order %d: place %zu of the reverse", text, sort, i);
}

START_TEST (orders_by_level_occupation_and_id_equal_a_naive_sort)
{
    static const struct {
        int sort;
        int (*compare) (const void *, const void *);
    } orders[] = { { SKS_SORT_LEVEL, by_level }, { SKS_SORT_OCCUPATION, by_occupation }, { SKS_SORT_ID, by_id } };
    unsigned state = 16;
    for (int i = 0; i < 40; i++) {
        char text[CORPUS_QUERY_BYTES] = "";
        size_t expected[CORPUS_MOST], numbers[CORPUS_MOST];
        if (i)
            corpus_draw_query (&state, text);
        size_t count = corpus_page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, expected);
        for
            EACH (o, orders)
            {
                qsort (expected, count, sizeof *expected, orders[o].compare);
                if (corpus_page_through (text, orders[o].sort, false, SKS_MAX_LIMIT, numbers) != count ||
                    memcmp (numbers, expected, count * sizeof *numbers) != 0)
                    ck_abort_msg ("\"%s\" in order %d", text, orders[o].sort);
                assert_reversed (text, orders[o].sort, expected, count);
            }
    }
}
END_TEST

START_TEST (relevance_reversed_is_the_worst_first)
{
    unsigned state = 17;
    size_t numbers[CORPUS_MOST];
    for (int i = 0; i < 40; i++) {
        char text[CORPUS_QUERY_BYTES] = "";
        if (i)
            corpus_draw_query (&state, text);
        size_t count = corpus_page_through (text, SKS_SORT_RELEVANCE, false, SKS_MAX_LIMIT, numbers);
        assert_reversed (text, SKS_SORT_RELEVANCE, numbers, count);
    }
}
END_TEST

START_TEST (orders_within_the_filters)
{
    static const char *const levels[] = { "advanced", "developing" }, *const socs[] = { "43-", "29-1141.00" };
    sks_query query = SKS_QUERY_INIT;
    query.sort = SKS_SORT_OCCUPATION;
    query.limit = SKS_MAX_LIMIT;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { socs, 2, 0, 0 };
    sks_result *result = engine_search (&corpus, &query);
    ck_assert_uint_eq (result->hit_count, 60);
    for (size_t i = 1; i < result->hit_count; i++) {
        size_t a = engine_number (&corpus, result->hits[i - 1].id);
        size_t b = engine_number (&corpus, result->hits[i].id);
        ck_assert (engine_passes (&corpus.statements[b], &query, -1));
        ck_assert_int_lt (by_occupation (&a, &b), 0);
    }
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------------- pages */

START_TEST (pages_together_equal_one_large_page)
{
    static const uint32_t limits[] = { 1, 3, 7, 10, 64 };
    unsigned state = 11;
    size_t big[CORPUS_MOST], pages[CORPUS_MOST];
    for (int i = 0; i < 60; i++) {
        char text[CORPUS_QUERY_BYTES];
        corpus_draw_query (&state, text);
        int sort = (int) engine_draw (&state, 4);
        bool reverse = engine_draw (&state, 2);
        size_t count = corpus_page_through (text, sort, reverse, SKS_MAX_LIMIT, big);
        uint32_t limit = limits[engine_draw (&state, COUNT (limits))];
        if (corpus_page_through (text, sort, reverse, limit, pages) != count ||
            memcmp (big, pages, count * sizeof *big) != 0)
            ck_abort_msg ("\"%s\" in pages of %u", text, limit);
        bool seen[CORPUS_MOST] = { false };
        for (size_t k = 0; k < count; k++) {
            if (seen[big[k]])
                ck_abort_msg ("\"%s\" finds a statement twice", text);
            seen[big[k]] = true;
        }
    }
}
END_TEST

START_TEST (pages_end_at_10000_hits)
{
    static const struct {
        uint32_t offset, limit;
        int code;
    } pages[] = {
        { 0, 0, 0 },
        { 0, 100, 0 },
        { 0, 101, SKS_ELIMIT },
        { 9900, 100, 0 },
        { 9901, 100, SKS_ELIMIT },
        { 10000, 0, 0 },
        { 10001, 0, SKS_ELIMIT },
        { UINT32_MAX, 100, SKS_ELIMIT },
        { 0, UINT32_MAX, SKS_ELIMIT },
        { UINT32_MAX, UINT32_MAX, SKS_ELIMIT },
    };
    for
        EACH (i, pages)
    for (int sort = 0; sort < 4; sort++) {
        sks_query query = SKS_QUERY_INIT;
        sks_result *result;
        sks_error err = { 0 };
        query.text = "mail";
        query.sort = sort;
        query.offset = pages[i].offset;
        query.limit = pages[i].limit;
        ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), pages[i].code);
        ck_assert_int_eq (err.code, pages[i].code);
        ck_assert ((result == NULL) == (pages[i].code != 0));
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (a_page_after_the_last_hit_is_empty)
{
    for (int sort = 0; sort < 4; sort++) {
        sks_result *first = corpus_ask ("mail", sort, false, 0, 10),
                   *beyond = corpus_ask ("mail", sort, false, 5000, 10);
        sks_result *last = corpus_ask ("mail", sort, false, (uint32_t) first->total - 1, 10);
        ck_assert_uint_eq (beyond->hit_count, 0);
        ck_assert_uint_eq (beyond->total, first->total);
        ck_assert_uint_eq (last->hit_count, 1);
        sks_result_destroy (&first);
        sks_result_destroy (&beyond);
        sks_result_destroy (&last);
    }
}
END_TEST

START_TEST (a_limit_of_zero_returns_no_hits)
{
    sks_result *result = corpus_ask ("mail", SKS_SORT_RELEVANCE, false, 0, 0);
    ck_assert_uint_gt (result->total, 0);
    ck_assert_uint_eq (result->hit_count, 0);
    sks_result_destroy (&result);
}
END_TEST

Suite *
suite_order (void)
{
    Suite *suite = suite_create ("order");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_test (core, pages_together_equal_one_large_page);
    tcase_add_test (core, best_scores_come_first_and_ties_by_id);
    tcase_add_test (core, statements_with_all_words_rank_before_those_with_some);
    tcase_add_test (core, orders_by_level_occupation_and_id_equal_a_naive_sort);
    tcase_add_test (core, relevance_reversed_is_the_worst_first);
    tcase_add_test (core, orders_within_the_filters);
    tcase_add_test (core, one_early_rare_word_does_not_outweigh_four_others);
    tcase_add_test (core, each_statement_is_the_first_hit_for_its_own_text);
    tcase_add_test (limits, pages_end_at_10000_hits);
    tcase_add_test (limits, a_page_after_the_last_hit_is_empty);
    tcase_add_test (limits, a_limit_of_zero_returns_no_hits);
    return suite;
}
