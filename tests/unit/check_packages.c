/* check_packages.c - occupations as documents of other programs, made from replies of a daemon. tests/system/exports.py
 * reads what the command writes. */
#include "core/base/uuid.h"
#include <check.h>
#include <skillsearch.h>

#include <stdio.h>
#include <string.h>

Suite *suite_packages (void);

#define HIT(level, hash, duty)                                                                                         \
    "{\"id\":\"43-9051.00/" level "/" hash "\",\"level\":\"" level "\",\"position\":1,\"soc\":\"43-9051.00\","         \
    "\"occupation\":\"Clerks\",\"group\":\"G\",\"sector\":null,\"zone\":3,\"duty\":" duty                              \
    ",\"text\":\"t\",\"spans\":[],\"score\":0}"
#define SCAN(generation, total, hits, cursor)                                                                          \
    "{\"ok\":true,\"generation\":" generation ",\"total\":" total ",\"hits\":[" hits "],\"cursor\":" cursor            \
    ",\"took_us\":1}"
#define STATEMENTS(level, hash, text)                                                                                  \
    "{\"level\":\"" level "\",\"label\":\"L\",\"count\":1,\"statements\":[{\"id\":\"43-9051.00/" level "/" hash        \
    "\",\"position\":1,\"text\":\"" text "\"}]}"
#define NO_STATEMENTS(level) "{\"level\":\"" level "\",\"label\":\"\",\"count\":0,\"statements\":[]}"
#define RECORD(generation, soc)                                                                                        \
    "{\"ok\":true,\"generation\":" generation ",\"soc\":\"" soc "\",\"title\":\"Clerks\",\"group\":{\"code\":\"43\","  \
    "\"title\":\"G\"},\"sector\":null,\"zone\":3,\"zone_inferred\":null,\"description\":\"\",\"framework\":{"          \
    "\"version\":\"\",\"description\":\"\"},\"exported_at\":\"2026-02-03\",\"sources\":[],\"attribution\":\"\","       \
    "\"levels\":[" STATEMENTS ("emerging", "a", "Mail \\u2014 sort it") "," STATEMENTS (                               \
        "developing", "b",                                                                                             \
        "Say \\\"hi\\\"") "," NO_STATEMENTS ("proficient") "," NO_STATEMENTS ("advanced") "],\"took_us\":1}"
#define BOTH HIT ("emerging", "a", "\"Mail\"") "," HIT ("developing", "b", "null")

static sks_packages *packages;
static sks_package package;
static sks_error err;

static void
begin (int format, const sks_query *query)
{
    sks_package_options options = SKS_PACKAGE_OPTIONS_INIT;
    options.format = format;
    options.query = query;
    sks_packages_destroy (&packages);
    ck_assert_msg (sks_packages_create (&packages, &options, &err) == 0, "%s", err.text);
}

static int
read_reply (const char *json)
{
    ck_assert_ptr_nonnull (sks_packages_request (packages));
    return sks_packages_read (packages, json, strlen (json), &package, &err);
}

static void
must_read (const char *json)
{
    ck_assert_msg (read_reply (json) == 0, "%s", err.text);
}

/* The package's text with a NUL at its end. */
static const char *
text_of (void)
{
    static char text[16384];
    snprintf (text, sizeof text, "%.*s", (int) package.size, package.text ? package.text : "");
    return text;
}

START_TEST (names_have_the_documented_uuids)
{
    static const char *const examples[][2] = {
        { "document/43-9051.00", "6762b632-4a81-5639-a026-a7c95129a47a" },
        { "level/43-9051.00/emerging", "012ed7c0-c508-53de-806c-3f24daf78608" },
        { "level/43-9051.00/developing", "2eb69482-5ceb-5f9d-aa8c-e220b0760efa" },
        { "statement/43-9051.00/developing/5bbaa99f9972", "81365212-7908-50b6-97fc-dab92a174e22" },
        { "statement/43-9051.00/emerging/5b70344f91c4", "8ac5753f-d428-5484-874f-ab0c1bd300f4" },
        { "association/isChildOf/81365212-7908-50b6-97fc-dab92a174e22/2eb69482-5ceb-5f9d-aa8c-e220b0760efa",
          "cecfe2f8-eba3-5068-a57b-09ed371fe018" },
        { "association/hasSkillLevel/81365212-7908-50b6-97fc-dab92a174e22/2eb69482-5ceb-5f9d-aa8c-e220b0760efa",
          "b670317b-1880-53be-a2cd-754d69941f98" },
        { "type/level", "a02061d7-9538-5b43-ba20-b30dddd52b99" },
        { "model/43-9051.00", "4109e7f8-d871-59ba-9cb7-62a17cbb0230" },
        { "document/43-9051.00/1/{\"v\":1,\"op\":\"scan\",\"filter\":{\"level\":[\"emerging\"]}}",
          "0963cbe9-8174-53ca-a7cc-f455eb3c4e53" },
    };
    sks_uuid space = sks_uuid_space ();
    ck_assert_str_eq (sks_uuid_write (&space).text, "034952ff-4126-513b-9ca3-72d1abde8981");
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        sks_uuid uuid = sks_uuid_derive (&space, examples[i][0]);
        ck_assert_str_eq (sks_uuid_write (&uuid).text, examples[i][1]);
    }
}
END_TEST

START_TEST (pages_and_records_are_requested_in_turn)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail";
    query.deadline_ms = 700;
    begin (SKS_PACKAGE_CASE_1_1, &query);
    ck_assert_str_eq (sks_packages_request (packages),
                      "{\"op\":\"scan\",\"q\":\"mail\",\"sort\":\"occupation\",\"deadline_ms\":700}");
    must_read (SCAN ("3", "2", HIT ("emerging", "a", "\"Mail\""), "\"c\""));
    ck_assert_uint_eq (package.size, 0);
    ck_assert_uint_eq (package.total, 2);
    ck_assert_uint_eq (package.generation, 3);
    ck_assert_str_eq (sks_packages_request (packages),
                      "{\"op\":\"occupation\",\"occupation\":\"43-9051.00\",\"statements\":false,\"deadline_ms\":700}");
    must_read (RECORD ("3", "43-9051.00"));
    ck_assert_ptr_nonnull (strstr (sks_packages_request (packages), "\"cursor\":\"c\""));
    ck_assert_int_eq (package.ended, 0);
    must_read (SCAN ("3", "2", HIT ("developing", "b", "null"), "null"));
    ck_assert_int_eq (package.ended, 1);
    ck_assert_int_eq (package.part, 0);
    ck_assert_uint_eq (package.count, 2);
    ck_assert_str_eq (package.soc, "43-9051.00");
    ck_assert_ptr_nonnull (strstr (text_of (), "\"identifier\":\"6762b632-4a81-5639-a026-a7c95129a47a\""));
    ck_assert_ptr_nonnull (strstr (text_of (), "\"creator\":\"Unknown\""));
    ck_assert_ptr_nonnull (strstr (text_of (), "\"abbreviatedStatement\":\"Mail\""));
    ck_assert_ptr_null (sks_packages_request (packages));
}
END_TEST

START_TEST (an_occupation_with_statements_left_out_is_a_part)
{
    begin (SKS_PACKAGE_CTDL, NULL);
    must_read (SCAN ("3", "1", HIT ("developing", "b", "null"), "null"));
    must_read (RECORD ("3", "43-9051.00"));
    ck_assert_int_eq (package.part, 1);
    ck_assert_uint_eq (package.count, 1);
    ck_assert_ptr_null (strstr (text_of (), "6762b632-4a81-5639-a026-a7c95129a47a"));
    ck_assert_ptr_nonnull (strstr (text_of (), "exactAlignment"));
    ck_assert_ptr_nonnull (strstr (text_of (), "1 of 2 statements"));
}
END_TEST

START_TEST (a_request_may_be_text)
{
    sks_package_options options = SKS_PACKAGE_OPTIONS_INIT;
    sks_packages_destroy (&packages);
    options.request =
        " {\"op\":\"scan\",\"q\":\"a\",\"limit\":5,\"sort\":\"id\",\"filter\":{\"level\":[\"emerging\"]}}";
    ck_assert_int_eq (sks_packages_create (&packages, &options, &err), 0);
    ck_assert_str_eq (sks_packages_request (packages),
                      "{\"op\":\"scan\",\"q\":\"a\",\"filter\":{\"level\":[\"emerging\"]},\"sort\":\"occupation\"}");
    static const char *const bad[] = { "", "[]", "{\"op\":\"search\"}", "{\"op\":\"scan\",\"x\":1}",
                                       "{\"op\":\"scan\"" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sks_packages *none;
        options.request = bad[i];
        ck_assert_int_eq (sks_packages_create (&none, &options, &err), SKS_EBADREQUEST);
        ck_assert_ptr_null (none);
    }
}
END_TEST

START_TEST (another_generation_ends_the_export)
{
    static const char gone[] = "{\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"no sector\"}}";
    begin (SKS_PACKAGE_CASE_1_0, NULL);
    ck_assert_int_eq (read_reply (gone), SKS_ENOTFOUND);
    ck_assert_str_eq (err.text, "no sector");
    static const char *const later[] = { gone, RECORD ("4", "43-9051.00") };
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        begin (SKS_PACKAGE_CASE_1_0, NULL);
        must_read (SCAN ("3", "2", BOTH, "null"));
        ck_assert_int_eq (read_reply (later[i]), SKS_ENOTFOUND);
        ck_assert_ptr_nonnull (strstr (err.text, "replaced"));
    }
    begin (SKS_PACKAGE_CASE_1_0, NULL);
    must_read (SCAN ("3", "2", HIT ("emerging", "a", "null"), "\"c\""));
    must_read (RECORD ("3", "43-9051.00"));
    ck_assert_int_eq (read_reply (SCAN ("4", "2", HIT ("developing", "b", "null"), "null")), SKS_ENOTFOUND);
    ck_assert_ptr_nonnull (strstr (err.text, "replaced"));
}
END_TEST

START_TEST (replies_that_do_not_fit_together_are_refused)
{
    static const char *const pairs[][2] = {
        { SCAN ("3", "2", BOTH, "null"), RECORD ("3", "43-9061.00") },
        { SCAN ("3", "2", HIT ("developing", "b", "null") "," HIT ("emerging", "a", "null"), "null"),
          RECORD ("3", "43-9051.00") },
        { SCAN ("3", "2",
                BOTH ",{\"id\":\"c\",\"level\":\"advanced\",\"position\":1,\"soc\":\"43-9051.00\","
                     "\"occupation\":\"Clerks\",\"group\":\"G\",\"sector\":null,\"zone\":3,\"duty\":null,"
                     "\"text\":\"t\",\"spans\":[],\"score\":0}",
                "null"),
          RECORD ("3", "43-9051.00") },
        { SCAN ("3", "2", HIT ("emerging", "a", "null") "," HIT ("emerging", "a", "null"), "null"),
          RECORD ("3", "43-9051.00") },
        { SCAN ("3", "7", BOTH, "null"), RECORD ("3", "43-9051.00") },
        { SCAN ("3", "2", BOTH, "null"), SCAN ("3", "2", BOTH, "null") },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        begin (SKS_PACKAGE_MARKDOWN, NULL);
        must_read (pairs[i][0]);
        ck_assert_int_eq (read_reply (pairs[i][1]), SKS_EPROTOCOL);
        ck_assert_ptr_nonnull (strchr (err.text, '/'));
    }
    begin (SKS_PACKAGE_MARKDOWN, NULL);
    ck_assert_int_eq (read_reply (SCAN ("3", "2", "", "\"c\"")), SKS_EPROTOCOL);
}
END_TEST

START_TEST (a_table_has_its_heading_without_statements_too)
{
    begin (SKS_PACKAGE_RSD, NULL);
    must_read (SCAN ("3", "0", "", "null"));
    ck_assert_int_eq (strncmp (text_of (), "Canonical URL,RSD Name,", 23), 0);
    ck_assert_ptr_null (package.soc);
    begin (SKS_PACKAGE_CASE_1_1, NULL);
    must_read (SCAN ("3", "0", "", "null"));
    ck_assert_uint_eq (package.size, 0);
    ck_assert_int_eq (package.ended, 1);
}
END_TEST

START_TEST (invalid_options_are_refused)
{
    static const struct {
        sks_package_options options;
        const char *named;
    } cases[] = {
        { { 0, 0, 0, NULL, NULL, NULL, NULL, NULL }, "version" },
        { { 1, SKS_PACKAGE_FORMATS, 0, NULL, NULL, NULL, NULL, NULL }, "format" },
        { { 1, -1, 0, NULL, NULL, NULL, NULL, NULL }, "format" },
        { { 1, 0, 4, NULL, NULL, NULL, NULL, NULL }, "flags" },
        { { 1, 0, 0, NULL, NULL, "host", NULL, NULL }, "base_uri" },
        { { 1, 0, 0, NULL, NULL, "https://h/\"", NULL, NULL }, "base_uri" },
        { { 1, 0, 0, NULL, NULL, "https:///x", NULL, NULL }, "base_uri" },
        { { 1, 0, 0, NULL, NULL, NULL, "", NULL }, "creator" },
        { { 1, 0, 0, NULL, NULL, NULL, "\xFF", NULL }, "creator" },
        { { 1, 0, 0, NULL, NULL, NULL, NULL, "ce-1" }, "publisher" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_packages *none;
        ck_assert_int_eq (sks_packages_create (&none, &cases[i].options, &err), SKS_EINVALID);
        ck_assert_ptr_null (none);
        ck_assert_msg (strstr (err.text, cases[i].named) != NULL, "%s", err.text);
    }
    ck_assert_ptr_null (sks_package_kind_of (SKS_PACKAGE_FORMATS));
    ck_assert_str_eq (sks_package_kind_of (SKS_PACKAGE_CTDL)->media_type, "application/ld+json");
    ck_assert_ptr_null (sks_packages_request (NULL));
    sks_packages_destroy (NULL);
}
END_TEST

Suite *
suite_packages (void)
{
    Suite *suite = suite_create ("packages");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, names_have_the_documented_uuids);
    tcase_add_test (core, pages_and_records_are_requested_in_turn);
    tcase_add_test (core, an_occupation_with_statements_left_out_is_a_part);
    tcase_add_test (core, a_request_may_be_text);
    tcase_add_test (core, another_generation_ends_the_export);
    tcase_add_test (core, a_table_has_its_heading_without_statements_too);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, replies_that_do_not_fit_together_are_refused);
    tcase_add_test (limits, invalid_options_are_refused);
    suite_add_tcase (suite, limits);
    return suite;
}
