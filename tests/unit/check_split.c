/* check_split.c - words that are written as one or as two: each spelling finds the other. */
#include "tests/support/engine.h"

#include <check.h>
#include <string.h>

Suite *suite_split (void);

static void
open_small (void)
{
    const sample_occupation occupations
        [] = { { .soc = "53-7051.00",
                 .title = "Drivers",
                 .levels = {
                     "Forklifts — check tires\nHealthcare waste\nHealth care records\nCare of health\nWork flow charts",
                     "Inform guests\nIn form and in fact\nForm letters\nCarpets\nCar pets\nBed room\nBedroom\nBedrooms\n"
                     "Bedroom one\nBedroom two\nBedroom three\nBedroom four\nBedroom five\nBedroom six\nBedroom seven\n"
                     "Bedroom eight\nBedroom nine\nBedroom ten\nBedroom of eleven\nBedroom of twelve",
                     "Lift gate\nFork" } } };
    engine_small_open (occupations, COUNT (occupations));
}

static uint64_t
total (const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = SKS_MATCH_ALL;
    sks_result *result = engine_search (&small, &query);
    uint64_t found = result->total;
    sks_result_destroy (&result);
    return found;
}

static bool
has_note (const char *text, const char *code)
{
    sks_result *result = engine_ask (&small, text);
    bool found = false;
    for (size_t i = 0; i < result->note_count; i++)
        found |= strcmp (result->notes[i].code, code) == 0;
    sks_result_destroy (&result);
    return found;
}

/* -------------------------------------------------------------- one as two */

START_TEST (a_word_finds_its_two_parts_side_by_side)
{
    ck_assert_uint_eq (total ("healthcare"), 2);
    ck_assert_uint_eq (total ("Healthcares"), 2);
    ck_assert_uint_eq (total ("workflow"), 1); /* this pair is never written as one word */
    ck_assert_uint_eq (total ("workflows"), 1);
}
END_TEST

START_TEST (neither_part_is_a_stop_word_or_a_letter)
{
    ck_assert_uint_eq (total ("inform"), 1);
    ck_assert_uint_eq (total ("aforklifts"), 0);
}
END_TEST

START_TEST (too_few_statements_with_both_parts_do_not_count)
{
    ck_assert_uint_eq (total ("bedroom"), 14); /* not counting the one "bed room" */
    ck_assert_uint_eq (total ("carpets"), 2);
}
END_TEST

START_TEST (exact_words_and_prefixes_are_not_split)
{
    ck_assert_uint_eq (total ("=healthcare"), 1);
    ck_assert_uint_eq (total ("\"healthcare\""), 1);
    ck_assert_uint_eq (total ("healthc*"), 1);
    ck_assert_uint_eq (total ("title:healthcare"), 0);
}
END_TEST

/* -------------------------------------------------------------- two as one */

START_TEST (two_adjacent_words_are_joined_when_one_occurs_nowhere)
{
    ck_assert_uint_eq (total ("forkl ifts"), 1);
    ck_assert (has_note ("forkl ifts", "joined"));
    ck_assert_uint_eq (total ("forkl ifts tires"), 1);
    ck_assert_uint_eq (total ("check forkl ifts"), 1);
}
END_TEST

START_TEST (words_that_occur_are_not_joined)
{
    ck_assert_uint_eq (total ("fork lifts"), 0);
    ck_assert (!has_note ("fork lifts", "joined"));
    ck_assert_uint_eq (total ("health care"), 2); /* in either order; no compound is made of them */
}
END_TEST

START_TEST (only_words_separated_by_one_blank_are_joined)
{
    static const char *const texts[] = { "forkl, ifts",    "forkl  ifts",   "ifts forkl",  "forkl the ifts",
                                         "\"forkl ifts\"", "forkl OR ifts", "=forkl ifts", "forkl -ifts" };
    for
        EACH (t, texts)
    ck_assert_msg (!has_note (texts[t], "joined"), "%s", texts[t]);
}
END_TEST

Suite *
suite_split (void)
{
    Suite *suite = suite_create ("split");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_unchecked_fixture (limits, open_small, engine_small_close);
    tcase_add_test (core, a_word_finds_its_two_parts_side_by_side);
    tcase_add_test (core, two_adjacent_words_are_joined_when_one_occurs_nowhere);
    tcase_add_test (core, words_that_occur_are_not_joined);
    tcase_add_test (limits, neither_part_is_a_stop_word_or_a_letter);
    tcase_add_test (limits, too_few_statements_with_both_parts_do_not_count);
    tcase_add_test (limits, exact_words_and_prefixes_are_not_split);
    tcase_add_test (limits, only_words_separated_by_one_blank_are_joined);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
