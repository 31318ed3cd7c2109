/* check_label.c - labels as input: in queries, in filters and as SOC codes. */
#include "core/engine/label.h"
#include "core/engine/operations.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_label (void);

static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "35-3023.01", .title = "Baristas", .levels = { "Grind coffee beans", "Clean the steam pipe" } },
        { .soc = "43-9051.00", .title = "Mail Clerks, Except Postal Service", .levels = { "Sort mail" } },
        { .soc = "43-9061.00", .title = "Office Clerks, General", .levels = { "Type letters" } },
        { .soc = "47-2111.00", .title = "Electricians", .levels = { "Pull wires" } },
        { .soc = "47-3013.00", .title = "Helpers--Electricians", .levels = { "Carry wires" } },
    };
    engine_small_open (occupations, COUNT (occupations));
}

/* How a text is read: the code, or the text of the failure. Borrowed: valid until the next call. */
static const char *
read_as (int facet, const char *text)
{
    static char out[SKS_ERROR_TEXT_BYTES];
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.resolve = 1;
    query.limit = 0;
    query.filter[facet] = (sks_filter) { &text, 1, 0, 0 };
    query.facets[0] = (sks_facet_ask) { facet, 1, NULL, 0 };
    query.facet_count = 1;
    if (sks_searcher_search (small.searcher, &query, &result, &err)) {
        snprintf (out, sizeof out, "%s", err.text);
        return out;
    }
    *out = '\0';
    for (size_t i = 0; i < result->facets[0].count; i++)
        if (result->facets[0].values[i].selected)
            snprintf (out, sizeof out, "%s", result->facets[0].values[i].value);
    sks_result_destroy (&result);
    return out;
}

START_TEST (labels_and_parts_of_them_are_read_in_any_letter_case)
{
    static const struct {
        int facet;
        const char *text, *code;
    } cases[] = {
        { SKS_FACET_SECTOR, "Finance", "52" },
        { SKS_FACET_SECTOR, "finance AND insurance", "52" },
        { SKS_FACET_SECTOR, "financ", "52" },
        { SKS_FACET_SECTOR, "Arts, Entertainment, and Recreation", "71" },
        { SKS_FACET_SECTOR, "31", "31-33" },
        { SKS_FACET_SECTOR, "44–45", "44-45" },
        { SKS_FACET_SECTOR, "99", "99" },
        { SKS_FACET_GROUP, "OFFICE", "43" },
        { SKS_FACET_GROUP, "Office and Administrative Support Occupations", "43" },
        { SKS_FACET_GROUP, "43-0000", "43" },
        { SKS_FACET_GROUP, "Management", "11" },
        { SKS_FACET_OCCUPATION, "office clerks", "43-9061.00" },
        { SKS_FACET_OCCUPATION, "office clerk", "43-9061.00" },
        { SKS_FACET_OCCUPATION, "Office Clerks, General (43-9061.00)", "43-9061.00" },
        { SKS_FACET_OCCUPATION, "electrician", "47-2111.00" },
        { SKS_FACET_OCCUPATION, "helper electrician", "47-3013.00" },
        { SKS_FACET_OCCUPATION, "baris", "35-3023.01" },
        { SKS_FACET_OCCUPATION, "43–9061.00", "43-9061.00" },
        { SKS_FACET_LEVEL, "Advanced", "advanced" },
        { SKS_FACET_ZONE, "Job Zone 3", "3" },
        { SKS_FACET_ZONE, "medium", "3" },
    };
    for
        EACH (i, cases)
    ck_assert_msg (strcmp (read_as (cases[i].facet, cases[i].text), cases[i].code) == 0, "\"%s\" is read as \"%s\"",
                   cases[i].text, read_as (cases[i].facet, cases[i].text));
}
END_TEST

START_TEST (two_digits_name_a_group)
{
    static const char *const codes[] = { "43" };
    sks_query query = SKS_QUERY_INIT;
    query.resolve = 1;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { codes, 1, 0, 0 };
    sks_result *result = engine_search (&small, &query);
    ck_assert_uint_eq (result->total, 2);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (an_ambiguous_label_lists_the_codes)
{
    const char *text = read_as (SKS_FACET_OCCUPATION, "clerk");
    ck_assert_str_eq (text,
                      "/filter/occupation/0: \"clerk\" is in the names of 2 occupations: Mail Clerks, Except Postal "
                      "Service (43-9051.00); Office Clerks, General (43-9061.00)");
    text = read_as (SKS_FACET_SECTOR, "services");
    ck_assert_ptr_nonnull (strstr (text, "5 sectors"));
    ck_assert_ptr_nonnull (strstr (text, "Educational Services (61)"));
    ck_assert_ptr_nonnull (strstr (text, "; and 1 more"));
}
END_TEST

START_TEST (an_unknown_label_gets_suggestions)
{
    ck_assert_str_eq (read_as (SKS_FACET_SECTOR, "finanse"),
                      "/filter/sector/0: no sector is called \"finanse\"; did you mean Finance and Insurance (52)?");
    ck_assert_ptr_nonnull (strstr (read_as (SKS_FACET_OCCUPATION, "baritsa"), "Baristas (35-3023.01)"));
    ck_assert_ptr_nonnull (strstr (read_as (SKS_FACET_OCCUPATION, "ofice clerks"), "Office Clerks, General"));
    ck_assert_str_eq (
        read_as (SKS_FACET_LEVEL, "expert"),
        "/filter/level/0: no level is called \"expert\"; use emerging, developing, proficient or advanced");
    ck_assert_str_eq (read_as (SKS_FACET_GROUP, "zzzz"), "/filter/group/0: no group is called \"zzzz\"");
}
END_TEST

static void
assert_notes (const sks_query *query, const char *notes)
{
    char got[1024] = "";
    sks_result *result = engine_search (&small, query);
    for (size_t i = 0; i < result->note_count; i++)
        snprintf (got + strlen (got), sizeof got - strlen (got), "%s@%u %s\n", result->notes[i].code,
                  result->notes[i].at, result->notes[i].text);
    ck_assert_str_eq (got, notes);
    sks_result_destroy (&result);
}

START_TEST (notes_name_the_reading_and_values_without_statements)
{
    static const char *const sectors[] = { "finance", "99" }, *const codes[] = { "43-9999" };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_SECTOR] = (sks_filter) { sectors, 2, 0, 0 };
    query.resolve = 1;
    assert_notes (&query, "label@0 \"finance\" is read as sector 52, Finance and Insurance\n"
                          "absent@0 no statement has sector 52\n"
                          "absent@0 no statement has sector 99\n");
    query = (sks_query) SKS_QUERY_INIT;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { codes, 1, 0, 0 };
    assert_notes (&query, "absent@0 no statement has occupation 43-9999\n");
    query = (sks_query) SKS_QUERY_INIT;
    query.text = "x sector:99";
    assert_notes (&query, "absent@9 no statement has sector 99\n");
    query.text = "43-9061 OR 43-9051.00";
    assert_notes (&query, "");
}
END_TEST

START_TEST (without_resolve_filters_accept_only_codes)
{
    static const char *const titles[] = { "office clerks" }, *const beginnings[] = { "43" };
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { titles, 1, 0, 0 };
    ck_assert_int_eq (sks_searcher_search (small.searcher, &query, &result, NULL), SKS_EBADREQUEST);
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { beginnings, 1, 0, 0 };
    ck_assert_int_eq (sks_searcher_search (small.searcher, &query, &result, NULL), SKS_EBADREQUEST);
}
END_TEST

START_TEST (fields_of_a_query_accept_labels)
{
    static const struct {
        const char *text, *read_as;
    } cases[] = {
        { "sector:Finance", "sector:52" },
        { "group:office", "group:43" },
        { "occupation:43-9061", "soc:43-9061" },
        { "occupation:\"office clerks\"", "soc:43-9061.00" },
        { "soc:baristas", "soc:35-3023.01" },
        { "title:43-9061", "soc:43-9061" },
        { "level:Advanced", "level:advanced" },
        { "sector:\"retail trade\"", "sector:44-45" },
        { "group: legal", "group:23" },
        { "group: office mail", "ALL(group office mail)" },
        { "zone:3", "zone:3" },
    };
    for
        EACH (i, cases)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = cases[i].text;
            query.match = SKS_MATCH_ALL;
            sks_result *result = engine_search (&small, &query);
            ck_assert_str_eq (result->read_as, cases[i].read_as);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (an_ambiguous_field_is_refused_at_its_value)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.text = "wires occupation:clerks";
    ck_assert_int_eq (sks_searcher_search (small.searcher, &query, &result, &err), SKS_EQUERYSYNTAX);
    ck_assert_int_eq (err.at, 17);
    ck_assert_ptr_nonnull (strstr (err.text, "Office Clerks, General (43-9061.00)"));
    query.text = "sector:finanse";
    ck_assert_int_eq (sks_searcher_search (small.searcher, &query, &result, &err), SKS_EQUERYSYNTAX);
    ck_assert_ptr_nonnull (strstr (err.text, "did you mean Finance and Insurance (52)?"));
}
END_TEST

START_TEST (similar_and_map_read_labels_too)
{
    static const char *const groups[] = { "office", "99" };
    sks_query query = SKS_QUERY_INIT;
    sks_arena *arena = sks_arena_create ();
    sks_result *all = engine_ask (&small, "wires"), *result;
    sks_mapping mapping;
    query.resolve = 1;
    query.filter[SKS_FACET_GROUP] = (sks_filter) { groups, 2, 0, 0 };
    ck_assert_int_eq (sks_searcher_similar (small.searcher, all->hits[0].id, 0, &query, &result, NULL), 0);
    ck_assert_uint_eq (result->note_count, 2);
    ck_assert_str_eq (result->notes[0].code, "label");
    ck_assert_int_eq (sks_searcher_map (small.searcher, "Type letters.", &query, arena, &mapping, NULL), 0);
    ck_assert_uint_eq (mapping.sentences[0].match_count, 1);
    ck_assert_uint_eq (mapping.note_count, 2);
    ck_assert_str_eq (mapping.notes[1].text, "no statement has group 99");
    sks_result_destroy (&result);
    sks_result_destroy (&all);
    sks_arena_destroy (&arena);
}
END_TEST

START_TEST (an_occupation_can_be_named_by_its_title)
{
    const char *soc;
    sks_error err;
    sks_arena *arena = sks_arena_create ();
    ck_assert_int_eq (sks_searcher_occupation_code (small.searcher, "Office clerks", arena, &soc, &err), 0);
    ck_assert_str_eq (soc, "43-9061.00");
    ck_assert_int_eq (sks_searcher_occupation_code (small.searcher, "clerks", arena, &soc, &err), SKS_EBADREQUEST);
    ck_assert_int_eq (sks_searcher_occupation_code (small.searcher, "astronaut", arena, &soc, &err), SKS_ENOTFOUND);
    ck_assert_str_eq (err.text, "no occupation is called \"astronaut\"");
    sks_arena_destroy (&arena);
}
END_TEST

Suite *
suite_label (void)
{
    Suite *suite = suite_create ("label");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_test (core, labels_and_parts_of_them_are_read_in_any_letter_case);
    tcase_add_test (core, two_digits_name_a_group);
    tcase_add_test (core, an_ambiguous_label_lists_the_codes);
    tcase_add_test (core, an_unknown_label_gets_suggestions);
    tcase_add_test (core, notes_name_the_reading_and_values_without_statements);
    tcase_add_test (core, without_resolve_filters_accept_only_codes);
    tcase_add_test (core, fields_of_a_query_accept_labels);
    tcase_add_test (core, an_ambiguous_field_is_refused_at_its_value);
    tcase_add_test (core, similar_and_map_read_labels_too);
    tcase_add_test (core, an_occupation_can_be_named_by_its_title);
    suite_add_tcase (suite, core);
    return suite;
}
