/* check_facet_list.c - which values of a facet are listed, found and chosen, and in what order. */
#include "tests/support/corpus.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_facet_list (void);

static void
put_values (char *list, const sks_facet_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        list += sprintf (list, "%s%s%s %d", i ? ", " : "", values[i].selected ? "*" : "", values[i].value,
                         (int) values[i].count);
        if (!values[i].children)
            continue;
        strcpy (list, " (");
        put_values (list + 2, values[i].children, values[i].child_count);
        list += strlen (list);
        list += sprintf (list, ")");
    }
}

/* Request one facet of a query; values as "value count" with "*" on selected ones, those below a value in brackets. */
static const char *
list_facet (const sks_query *query, sks_facet_ask ask)
{
    static char list[2048];
    sks_query asking = *query;
    asking.facets[0] = ask;
    asking.facet_count = 1;
    sks_result *result = engine_search (&corpus, &asking);
    *list = '\0';
    put_values (list, result->facets->values, result->facets->count);
    sks_result_destroy (&result);
    return list;
}

/* ------------------------------------------------------------------- lists */

START_TEST (lists_levels_and_zones_in_their_order)
{
    sks_query query = SKS_QUERY_INIT;
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 }),
                      "emerging 140, developing 140, proficient 140, advanced 140");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_ZONE, 10, NULL, 0 }),
                      "1 40, 2 160, 3 160, 4 120, 5 40, none 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_ZONE, 2, NULL, 0 }), "1 40, 2 160");
}
END_TEST

START_TEST (lists_other_facets_by_count_then_value)
{
    sks_query query = SKS_QUERY_INIT;
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_GROUP, 4, NULL, 0 }),
                      "29 80, 43 80, 15 40, 25 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_SECTOR, 3, NULL, 0 }), "11 40, 23 40, 31-33 40");
}
END_TEST

START_TEST (counts_distinct_values_beyond_the_limit)
{
    sks_query query = SKS_QUERY_INIT;
    query.facets[0] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 1, NULL, 0 };
    query.facets[1] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 1, "c", 0 };
    query.facet_count = 2;
    sks_result *result = engine_search (&corpus, &query);
    ck_assert_uint_eq (result->facets[0].distinct, 14);
    ck_assert_uint_eq (result->facets[0].count, 1);
    ck_assert_uint_eq (result->facets[1].distinct, 5);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (finds_values_by_words_of_their_label_or_by_code)
{
    sks_query query = SKS_QUERY_INIT;
    static const struct {
        int facet;
        const char *find, *expected;
    } finds[] = {
        { SKS_FACET_OCCUPATION, "MAIL", "43-9051.00 40" },
        { SKS_FACET_OCCUPATION, "mail op", "43-9051.00 40" },
        { SKS_FACET_OCCUPATION, "op mail", "43-9051.00 40" },
        { SKS_FACET_OCCUPATION, "mails machines", "43-9051.00 40" },
        { SKS_FACET_OCCUPATION, "mailss", "" },
        { SKS_FACET_OCCUPATION, "ail", "" },
        { SKS_FACET_OCCUPATION, "mail zeppelin", "" },
        { SKS_FACET_OCCUPATION, "29-1", "29-1051.00 40, 29-1141.00 40" },
        { SKS_FACET_GROUP, "administrative", "43 80" },
        { SKS_FACET_SECTOR, "manu", "31-33 40" },
        { SKS_FACET_SECTOR, "31", "31-33 40" },
        { SKS_FACET_SECTOR, "33", "31-33 40" },
        { SKS_FACET_SECTOR, "31\u201333", "31-33 40" },
        { SKS_FACET_LEVEL, "adv", "advanced 140" },
        { SKS_FACET_ZONE, "no", "1 40, none 40" },
        { SKS_FACET_ZONE, "—", "" },
    };
    for (size_t i = 0; i < COUNT (finds); i++)
        ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { finds[i].facet, 10, finds[i].find, 0 }),
                          finds[i].expected);
}
END_TEST

START_TEST (counts_nothing_when_nothing_matches)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "zeppelin";
    for (int facet = 0; facet < SKS_FACETS; facet++)
        ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { facet, 10, NULL, 0 }), "");
}
END_TEST

/* ----------------------------------------------------------- chosen values */

START_TEST (always_lists_chosen_values)
{
    static const char *const sectors[] = { "92", "99", "92" }, *const level[] = { "advanced" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_SECTOR] = (sks_filter) { sectors, 3, 0, 0 };
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { level, 1, 0, 0 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_SECTOR, 1, NULL, 0 }), "11 10, *92 10, *99 0");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_SECTOR, 10, "no such", 0 }), "*92 10, *99 0");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_LEVEL, 1, NULL, 0 }),
                      "emerging 10, *advanced 10");
}
END_TEST

START_TEST (selects_all_occupations_of_a_prefix)
{
    static const char *const chosen[] = { "43-", "29-1141.00" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { chosen, 2, 0, 0 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_OCCUPATION, 20, "re", 0 }),
                      "*29-1141.00 40, 35-2014.00 40, *43-4051.00 40, 49-9099.00 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_OCCUPATION, 20, "43-", 0 }),
                      "*29-1141.00 40, *43-4051.00 40, *43-9051.00 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_GROUP, 20, NULL, 0 }), "43 80, 29 40");
}
END_TEST

START_TEST (chooses_groups_and_occupations_in_one_tree)
{
    static const char *const chosen[] = { "43-", "29-1141.00", "99-", "99-9999.00" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { chosen, 4, 0, 0 };
    query.limit = 0;
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_OCCUPATION, 1, NULL, 1 }),
                      "29- 80 (29-1051.00 40, *29-1141.00 40), *43- 80 (*43-4051.00 40), *99- 0, *99-9999.00 0");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_OCCUPATION, 2, "health", 1 }),
                      "29- 80 (29-1051.00 40, *29-1141.00 40), *43- 80 (), *99- 0, *99-9999.00 0");
    sks_result *result = engine_search (&corpus, &query);
    ck_assert_uint_eq (result->total, 120);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (combines_group_and_occupation)
{
    static const char *const groups[] = { "43", "29" }, *const soc[] = { "43-9051.00" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_GROUP] = (sks_filter) { groups, 2, 0, 0 };
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { soc, 1, 0, 0 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_GROUP, 20, NULL, 0 }), "*43 40, *29 0");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_OCCUPATION, 20, NULL, 0 }),
                      "29-1051.00 40, 29-1141.00 40, 43-4051.00 40, *43-9051.00 40");
}
END_TEST

START_TEST (accepts_a_range_of_zones_and_none)
{
    static const char *const none[] = { "none" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_ZONE] = (sks_filter) { NULL, 0, 4, 5 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_ZONE, 10, NULL, 0 }),
                      "1 40, 2 160, 3 160, *4 120, *5 40, none 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_LEVEL, 1, NULL, 0 }), "emerging 40");
    query.filter[SKS_FACET_ZONE] = (sks_filter) { none, 1, 5, 5 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_ZONE, 10, NULL, 0 }),
                      "1 40, 2 160, 3 160, 4 120, *5 40, *none 40");
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_LEVEL, 1, NULL, 0 }), "emerging 20");
    query.filter[SKS_FACET_ZONE] = (sks_filter) { NULL, 0, 5, 4 };
    ck_assert_str_eq (list_facet (&query, (sks_facet_ask) { SKS_FACET_LEVEL, 1, NULL, 0 }), "");
}
END_TEST

/* ---------------------------------------------------------------- refusals */

static void
assert_filter_refused (int facet, const char *const *values, size_t count, const char *pointer)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.filter[facet] = (sks_filter) { values, count, 0, 0 };
    ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), SKS_EBADREQUEST);
    ck_assert_ptr_null (result);
    ck_assert_ptr_nonnull (strstr (err.text, pointer));
}

START_TEST (refuses_unknown_levels_and_zones)
{
    static const char *const levels[] = { "advanced", "expert" }, *const zones[] = { "none", "1", "6" };
    assert_filter_refused (SKS_FACET_LEVEL, levels, 2, "/filter/level/1");
    assert_filter_refused (SKS_FACET_ZONE, zones, 3, "/filter/zone/2");
}
END_TEST

START_TEST (accepts_256_values_in_one_filter)
{
    static char bytes[SKS_MAX_FILTER_VALUES][16];
    const char *values[SKS_MAX_FILTER_VALUES];
    for (size_t i = 0; i < SKS_MAX_FILTER_VALUES; i++) {
        snprintf (bytes[i], sizeof bytes[i], "99-%04zu.00", i);
        values[i] = bytes[i];
    }
    values[100] = "43-9051.00";
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { values, SKS_MAX_FILTER_VALUES, 0, 0 };
    query.facets[0] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 1, NULL, 0 };
    query.facet_count = 1;
    sks_result *result = engine_search (&corpus, &query);
    ck_assert_uint_eq (result->total, 40);
    ck_assert_uint_eq (result->facets->distinct, 14);
    ck_assert_uint_eq (result->facets->count, SKS_MAX_FILTER_VALUES + 1);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_a_prefix_that_no_code_has)
{
    static const char *const parts[] = { "43", "43-9051.000", "", "43-90-", "clerk" };
    for (size_t i = 0; i < COUNT (parts); i++)
        assert_filter_refused (SKS_FACET_OCCUPATION, &parts[i], 1, "/filter/occupation/0");
}
END_TEST

Suite *
suite_facet_list (void)
{
    Suite *suite = suite_create ("facet_list");
    TCase *core = corpus_case (suite, "Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_test (core, lists_levels_and_zones_in_their_order);
    tcase_add_test (core, lists_other_facets_by_count_then_value);
    tcase_add_test (core, always_lists_chosen_values);
    tcase_add_test (core, selects_all_occupations_of_a_prefix);
    tcase_add_test (core, chooses_groups_and_occupations_in_one_tree);
    tcase_add_test (core, combines_group_and_occupation);
    tcase_add_test (core, accepts_a_range_of_zones_and_none);
    tcase_add_test (core, finds_values_by_words_of_their_label_or_by_code);
    tcase_add_test (core, counts_distinct_values_beyond_the_limit);
    tcase_add_test (limits, refuses_unknown_levels_and_zones);
    tcase_add_test (limits, accepts_256_values_in_one_filter);
    tcase_add_test (limits, refuses_a_prefix_that_no_code_has);
    tcase_add_test (limits, counts_nothing_when_nothing_matches);
    return suite;
}
