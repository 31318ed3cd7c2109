/* check_version.c - the version of a framework as a facet, a filter and a field. */
#include "core/engine/operations.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_version (void);

static engine e;

/* Two editions of version v2, which differ in their attribution. */
static void
open_engine (void)
{
    const sample_occupation occupations[] = {
        { "11-1011.00", "Chief Executives", .levels = { "Set goals\nSet budgets" }, .version = "v2" },
        { "29-1141.00", "Nurses", .levels = { "Take blood", NULL, NULL, "Plan shifts" }, .version = "v10 beta" },
        { "43-9051.00", "Mail Clerks", .levels = { "Sort mail" }, .version = "v2", .attribution = "Somebody" },
        { "47-2111.00", "Electricians", .levels = { "Lay cables" } },
    };
    engine_open_occupations (&e, occupations, COUNT (occupations));
}

static void
close_engine (void)
{
    engine_close (&e);
}

/* "total: value count, ..." of a query; "*" on chosen values. */
static const char *
count (const sks_query *query)
{
    static char list[512];
    sks_query asking = *query;
    asking.facets[0] = (sks_facet_ask) { SKS_FACET_VERSION, 10, query->facets[0].find, 0 };
    asking.facet_count = 1;
    sks_result *result = engine_search (&e, &asking);
    char *to = list + sprintf (list, "%d:", (int) result->total);
    for (size_t i = 0; i < result->facets->count; i++) {
        const sks_facet_value *value = &result->facets->values[i];
        ck_assert_str_eq (value->label, value->value);
        to += sprintf (to, " %s%s %d", value->selected ? "*" : "", value->value, (int) value->count);
    }
    sks_result_destroy (&result);
    return list;
}

static const char *
count_text (const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    return count (&query);
}

START_TEST (editions_of_a_version_are_one_value)
{
    ck_assert_str_eq (count_text (""), "6: v2 3 v10 beta 2 none 1");
    ck_assert_str_eq (count_text ("set"), "2: v2 2");
}
END_TEST

START_TEST (a_filter_chooses_versions)
{
    static const char *const chosen[] = { "none", "v10 beta", "v99" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_VERSION] = (sks_filter) { chosen, 1, 0, 0 };
    ck_assert_str_eq (count (&query), "1: v2 3 v10 beta 2 *none 1");
    query.filter[SKS_FACET_VERSION].count = 3;
    ck_assert_str_eq (count (&query), "3: v2 3 *v10 beta 2 *none 1 *v99 0");
    query.facets[0].find = "beta";
    query.filter[SKS_FACET_VERSION].count = 1;
    ck_assert_str_eq (count (&query), "1: v10 beta 2 *none 1");
}
END_TEST

START_TEST (a_field_chooses_a_version)
{
    static const char *const expected[][2] = {
        { "version:v2", "3: v2 3" },     { "version:\"v10 beta\" blood", "1: v10 beta 1" },
        { "version:none", "1: none 1" }, { "-version:v2", "3: v10 beta 2 none 1" },
        { "version:v3", "0:" },          { "version:v2 OR version:none", "4: v2 3 none 1" },
    };
    for (size_t i = 0; i < COUNT (expected); i++)
        ck_assert_str_eq (count_text (expected[i][0]), expected[i][1]);
}
END_TEST

/* "version: 2" may occur in any text; only a word directly after the colon is a value. */
START_TEST (a_blank_after_the_colon_makes_the_field_a_word)
{
    ck_assert_str_eq (count_text ("version: v2 mail"), "1: v2 1");
    ck_assert_str_eq (count_text ("version: mail"), "1: v2 1");
}
END_TEST

START_TEST (values_are_completed)
{
    sks_arena *arena = sks_arena_create ();
    sks_completions out;
    ck_assert_int_eq (sks_searcher_suggest (e.searcher, "version:v1", 5, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.word_count, 1);
    ck_assert_str_eq (out.words[0].text, "version:\"v10 beta\"");
    sks_arena_destroy (&arena);
}
END_TEST

Suite *
suite_version (void)
{
    Suite *suite = suite_create ("version");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_engine, close_engine);
    tcase_add_test (core, editions_of_a_version_are_one_value);
    tcase_add_test (core, a_filter_chooses_versions);
    tcase_add_test (core, a_field_chooses_a_version);
    tcase_add_test (core, a_blank_after_the_colon_makes_the_field_a_word);
    tcase_add_test (core, values_are_completed);
    suite_add_tcase (suite, core);
    return suite;
}
