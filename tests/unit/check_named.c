/* check_named.c - queries that name an occupation by its title. */
#include "tests/support/engine.h"

#include <check.h>
#include <string.h>

Suite *suite_named (void);

static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "35-3023.01",
          .title = "Baristas",
          .levels = { "Grind coffee beans\nHeat milk", "Clean the steam pipe\nSort mail" } },
        { .soc = "35-3031.00", .title = "Mail Servers", .levels = { "Carry plates", "Grind pepper" } },
        { .soc = "43-9051.00",
          .title = "Mail-Room Clerks",
          .levels = { "Sort mail\nWeigh mail\nStamp mail\nBundle mail\nCarry mail\nTrace mail",
                      "Sort parcels of mail\nWeigh bags of mail\nStamp forms of mail\nBundle mail by floor" } },
        { .soc = "41-9091.00", .title = "Door-to-Door Sellers", .levels = { "Ring bells" } },
    };
    engine_small_open (occupations, COUNT (occupations));
}

static const char *
title_note (const sks_result *result)
{
    for (size_t i = 0; i < result->note_count; i++)
        if (strcmp (result->notes[i].code, "title") == 0)
            return result->notes[i].text;
    return NULL;
}

START_TEST (a_title_finds_the_statements_of_its_occupation_and_a_note_says_it)
{
    static const char *const texts[] = { "barista", "Baristas", "the baristas" };
    for
        EACH (t, texts)
        {
            sks_result *result = engine_ask (&small, texts[t]);
            ck_assert_uint_eq (result->total, 4);
            ck_assert_uint_eq (result->matched_all, 0);
            ck_assert (strstr (title_note (result), "title:barista"));
            for (size_t i = 0; i < result->hit_count; i++)
                ck_assert_str_eq (result->hits[i].occupation, "Baristas");
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (the_note_is_on_the_first_word_of_the_title)
{
    static const struct {
        const char *text;
        uint32_t at;
    } table[] = { { "barista", 0 }, { "the baristas", 4 }, { "zebra barista", 6 } };
    for
        EACH (t, table)
        {
            sks_result *result = engine_ask (&small, table[t].text);
            for (size_t i = 0; i < result->note_count; i++)
                ck_assert_uint_eq (result->notes[i].at, table[t].at);
            ck_assert_ptr_nonnull (title_note (result));
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (statements_with_all_words_and_those_of_the_title_are_found_together)
{
    sks_result *result = engine_ask (&small, "mail server");
    ck_assert (title_note (result));
    ck_assert (result->relaxed);
    ck_assert_uint_eq (result->matched_all, 0);
    bool plates = false;
    for (size_t i = 0; i < result->hit_count; i++)
        plates |= strcmp (result->hits[i].text, "Carry plates") == 0;
    ck_assert (plates);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (counts_and_filters_include_statements_found_by_title)
{
    static const char *const levels[] = { "emerging" };
    sks_query query = SKS_QUERY_INIT;
    query.text = "barista";
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 1, 0, 0 };
    sks_result *result = engine_search (&small, &query);
    ck_assert_uint_eq (result->total, 2);
    ck_assert_uint_eq (result->hit_count, 2);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (a_compound_names_an_occupation_by_its_parts)
{
    sks_result *result = engine_ask (&small, "mail-room clerk");
    ck_assert (title_note (result));
    ck_assert_uint_ge (result->total, 10);
    ck_assert_str_eq (result->hits[0].occupation, "Mail-Room Clerks");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (a_compound_with_a_stop_word_names_the_titles_that_have_it)
{
    static const char *const texts[] = { "in-room", "at-mail", "for-barista", "zebra-barista" };
    sks_result *result = engine_ask (&small, "door-to-door");
    ck_assert (strstr (title_note (result), "title:doortodoor"));
    ck_assert_uint_eq (result->total, 1);
    sks_result_destroy (&result);
    for
        EACH (t, texts)
        {
            result = engine_ask (&small, texts[t]);
            ck_assert_msg (!title_note (result), "%s: %s", texts[t], title_note (result));
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (a_word_that_occurs_nowhere_does_not_count)
{
    sks_result *result = engine_ask (&small, "vacancy barista");
    ck_assert_uint_eq (result->total, 4);
    ck_assert (strstr (title_note (result), "title:barista"));
    ck_assert (!strstr (title_note (result), "vacancy"));
    sks_result_destroy (&result);
}
END_TEST

START_TEST (nothing_is_added_when_enough_statements_have_all_words)
{
    sks_result *result = engine_ask (&small, "mail");
    ck_assert_uint_eq (result->total, 11);
    ck_assert (!title_note (result));
    sks_result_destroy (&result);
}
END_TEST

START_TEST (only_plain_words_name_an_occupation)
{
    static const char *const texts[] = {
        "\"barista\"",  "=baristas",       "barist*",    "barista OR zebra", "barista level:emerging",
        "duty:barista", "barista parcels", "NOT barista"
    };
    for
        EACH (t, texts)
        {
            sks_result *result = engine_ask (&small, texts[t]);
            ck_assert_msg (!title_note (result), "%s", texts[t]);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (a_strict_search_offers_the_title_with_its_count)
{
    static const int matches[] = { SKS_MATCH_ALL, SKS_MATCH_ANY };
    for
        EACH (i, matches)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = "barista";
            query.match = matches[i];
            sks_result *result = engine_search (&small, &query);
            ck_assert_uint_eq (result->total, 0);
            ck_assert_str_eq (result->suggestion.query, "title:barista");
            ck_assert_uint_eq (result->suggestion.count, 4);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (explained_scores_have_a_share_of_the_title)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "barista grind";
    query.want = SKS_WANT_EXPLAIN;
    sks_result *result = engine_search (&small, &query);
    ck_assert (!title_note (result));
    sks_result_destroy (&result);
    query.text = "mail server";
    query.limit = SKS_MAX_LIMIT;
    result = engine_search (&small, &query);
    bool share = false;
    for (size_t i = 0; i < result->hit_count; i++)
        for (size_t s = 0; s < result->hits[i].share_count; s++)
            share |= strcmp (result->hits[i].shares[s].part, "title") == 0;
    ck_assert (share);
    sks_result_destroy (&result);
}
END_TEST

Suite *
suite_named (void)
{
    Suite *suite = suite_create ("named");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_test (core, a_title_finds_the_statements_of_its_occupation_and_a_note_says_it);
    tcase_add_test (core, the_note_is_on_the_first_word_of_the_title);
    tcase_add_test (core, statements_with_all_words_and_those_of_the_title_are_found_together);
    tcase_add_test (core, counts_and_filters_include_statements_found_by_title);
    tcase_add_test (core, a_compound_names_an_occupation_by_its_parts);
    tcase_add_test (core, a_compound_with_a_stop_word_names_the_titles_that_have_it);
    tcase_add_test (core, a_word_that_occurs_nowhere_does_not_count);
    tcase_add_test (core, nothing_is_added_when_enough_statements_have_all_words);
    tcase_add_test (core, only_plain_words_name_an_occupation);
    tcase_add_test (core, a_strict_search_offers_the_title_with_its_count);
    tcase_add_test (core, explained_scores_have_a_share_of_the_title);
    suite_add_tcase (suite, core);
    return suite;
}
