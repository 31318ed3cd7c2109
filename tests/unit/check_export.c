/* check_export.c - what the export reader accepts, and what it does not treat as an export; check_faults.c tests faults
 * within one. */
#include "core/base/schema.h"
#include "core/base/text.h"
#include "core/base/text_duty.h"
#include "core/base/utf8.h"
#include "tests/support/parts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_export (void);

#define DASH " \xE2\x80\x94 "

/* ------------------------------------------------------------ good exports */

START_TEST (reads_all_members)
{
    parts_read_text (parts_whole);
    parts_expect_clean (3);
    ck_assert_str_eq (export->soc, SOC);
    ck_assert_str_eq (export->title, "Office Clerks");
    ck_assert_str_eq (export->group, "Office & Administrative Support");
    ck_assert_str_eq (export->sector, "31-33");
    ck_assert_str_eq (export->exported_at, "2026-02-09T11:16:08.420Z");
    const sks_edition *edition = &export->edition;
    ck_assert_str_eq (edition->version, "v7");
    ck_assert_str_eq (edition->description, "Many trades.");
    ck_assert_str_eq (edition->attribution, "\xC2\xA9 Somebody & sons");
    ck_assert_uint_eq (edition->citation_count, 2);
    ck_assert_str_eq (edition->citations[0].name, "taxonomy");
    ck_assert_str_eq (edition->citations[0].text, "v30.2 (CC BY 4.0)");
    ck_assert_str_eq (edition->citations[1].name, "web");
    ck_assert_str_eq (edition->citations[1].text, "https://example.org");
    ck_assert_str_eq (edition->labels[SKS_EMERGING], "Emerging");
    ck_assert_str_eq (edition->labels[SKS_DEVELOPING], "");
    ck_assert_str_eq (edition->labels[SKS_ADVANCED], "Advanced");
    ck_assert_int_eq (export->inferred, SKS_INFERRED_YES);
    ck_assert_str_eq (export->description, "Mail rooms.");
    ck_assert_int_eq (export->zone, 2);
    ck_assert_uint_eq (export->content, sks_hash_bytes (parts_whole, strlen (parts_whole)));
}
END_TEST

START_TEST (a_statement_that_is_left_out_leaves_a_gap)
{
    parts_read_list ("[\"One.\",1,\"\",\"One.\",\"Five.\"]");
    parts_expect_good (2);
    ck_assert_uint_eq (parts_find ("Five.")->position, 5);
}
END_TEST

START_TEST (orders_statements_by_level_name_and_hash)
{
    parts_read_text (parts_whole);
    ck_assert_int_eq (export->statements[0].level, SKS_ADVANCED);
    ck_assert_int_eq (export->statements[1].level, SKS_EMERGING);
    ck_assert_uint_lt (export->statements[1].hash, export->statements[2].hash);
    ck_assert_uint_eq (parts_find ("Sort mail.")->position, 1);
    ck_assert_uint_eq (parts_find ("File mail.")->position, 2);
    ck_assert_uint_eq (parts_find ("File mail.")->hash, sks_text_hash ("File mail.", 10));
    ck_assert_uint_eq (parts_find ("File mail.")->size, 10);
}
END_TEST

START_TEST (requires_only_soc_title_and_a_statement)
{
    parts_read ((parts) { 0 });
    parts_expect_clean (2);
    ck_assert_str_eq (export->edition.version, "");
    ck_assert_str_eq (export->edition.description, "");
    ck_assert_str_eq (export->edition.attribution, "");
    ck_assert_uint_eq (export->edition.citation_count, 0);
    for (int level = 0; level < SKS_LEVELS; level++)
        ck_assert_str_eq (export->edition.labels[level], "");
    ck_assert_int_eq (export->inferred, SKS_INFERRED_UNKNOWN);
    ck_assert_str_eq (export->exported_at, "");
    ck_assert_str_eq (export->description, "");
    ck_assert_ptr_null (export->sector);
    ck_assert_int_eq (export->zone, 0);
}
END_TEST

START_TEST (derives_the_group_when_the_export_has_none)
{
    parts_read ((parts) { 0 });
    ck_assert_str_eq (export->group, "Office & Administrative Support");
    parts_read ((parts) { .soc = "\"12-3456.78\"" });
    ck_assert_str_eq (export->group, "12");
    parts_read ((parts) { .more = "\"group\":\"Mail people\"" });
    ck_assert_str_eq (export->group, "Mail people");
    ck_assert_uint_eq (sks_report_count (read_report), 0);
}
END_TEST

START_TEST (accepts_null_for_unknown_values)
{
    parts_read ((parts) { .more = "\"jobZone\":null,\"sector\":null,\"group\":null" });
    parts_expect_clean (2);
    ck_assert_int_eq (export->zone, 0);
    ck_assert_ptr_null (export->sector);
    parts_read ((parts) { .more = "\"sector\":\"none\"" });
    ck_assert_ptr_null (export->sector);
}
END_TEST

START_TEST (writes_a_sector_by_its_code)
{
    static const char *const ways[] = { "31-33", "31", "31 \u2013 33", "manufacturing" };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char more[64];
        snprintf (more, sizeof more, "\"sector\":\"%s\"", ways[i]);
        parts_read ((parts) { .more = more });
        parts_expect_clean (2);
        ck_assert_str_eq (export->sector, "31-33");
    }
}
END_TEST

START_TEST (warns_about_an_unknown_sector_and_keeps_it)
{
    parts_read ((parts) { .more = "\"sector\":\"99\"" });
    parts_expect_good (2);
    ck_assert_str_eq (export->sector, "99");
    ck_assert_uint_eq (sks_report_warnings (read_report), 1);
    ck_assert_uint_eq (sks_report_count (read_report), 0);
}
END_TEST

START_TEST (warns_about_an_invalid_date)
{
    static const char text[] = "{\"schemaVersion\":\"1.0\",\"exportedAt\":\"%s\",\"occupation\":{\"soc\":\"" SOC
                               "\",\"title\":\"T\"},\"framework\":{\"levels\":" GOOD_LEVELS "}}";
    sks_buffer out = SKS_BUFFER_INIT (1000);
    for (size_t i = 0; i < 2; i++) {
        sks_buffer_clear (&out);
        sks_buffer_printf (&out, text, i ? "last week" : "2026-06-01T14:00:00,5+02");
        parts_read_text (sks_buffer_text (&out));
        parts_expect_good (2);
        ck_assert_uint_eq (sks_report_warnings (read_report), i);
    }
    sks_buffer_free (&out);
}
END_TEST

START_TEST (decodes_html_and_wrong_encodings_with_a_warning_each)
{
    static const char *const table[][2] = {
        { "Sort&nbsp;mail &amp;amp; parcels.", "Sort mail & parcels." },
        { "The client\u00E2\u20AC\u2122s caf\u00C3\u00A9.", "The client\u2019s caf\u00E9." },
        { "\u00E2\u20AC\u0153Sort\u00E2\u20AC it \u00E2\u20AC\u201C daily", "\u201CSort\u201D it \u2013 daily" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char title[160];
        snprintf (title, sizeof title, "\"%s\"", table[i][0]);
        parts_read ((parts) { .title = title });
        ck_assert_str_eq (export->title, table[i][1]);
        ck_assert_uint_eq (sks_report_warnings (read_report), i + 1);
    }
}
END_TEST

/* Texts of invisible characters. */
static const char *const invisible[] = {
    " \\t\\n",       "\u00AD",  "\u200B\u200C\u200D\u2060",
    "\uFEFF",        "\u3164",  "\u115F\u1160\uFFA0",
    "\u2800 \u2800", "\\u0007", "\xC2\x85",
    "\u200E\u202E",  "\uFE0F",  "\U000E0041",
    "\u180E",        "\uFFFC",  "\u034F",
    "\u2028",        "\u3000",  "\uFFFE",
    "\U0001D159",    "\u17B4",  "\u00A0\u200B.",
};

START_TEST (refuses_texts_of_invisible_characters)
{
    char list[128], title[64];
    bool last = _i + 1 == sizeof invisible / sizeof *invisible; /* has a full stop */
    snprintf (list, sizeof list, "[\"%s\",\"Sort mail.\"]", invisible[_i]);
    parts_read_list (list);
    parts_expect_good (last ? 2 : 1);
    ck_assert_uint_eq (sks_report_count (read_report), !last);
    if (last)
        return;
    parts_expect (SKS_PROBLEM_EMPTY, "/framework/levels/emerging/statements/0");
    snprintf (title, sizeof title, "\"%s\"", invisible[_i]);
    parts_read ((parts) { .title = title });
    parts_expect_rejected ();
}
END_TEST

START_TEST (accepts_every_zone)
{
    for (int zone = 1; zone <= SKS_ZONES; zone++) {
        char more[32];
        snprintf (more, sizeof more, "\"jobZone\":%d%s", zone, zone % 2 ? ".0" : "");
        parts_read ((parts) { .more = more });
        parts_expect_clean (2);
        ck_assert_int_eq (export->zone, zone);
    }
}
END_TEST

START_TEST (accepts_a_byte_order_mark_and_windows_line_ends)
{
    static const char text[] = "\xEF\xBB\xBF\r\n{\r\n\"schemaVersion\":\"1.0\",\r\n"
                               "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},\r\n"
                               "\"framework\":{\"levels\":{\"emerging\":{\"statements\":[\"a\\r\\nb\"]}}}\r\n}\r\n";
    parts_read_text (text);
    parts_expect_clean (1);
    ck_assert_str_eq (export->statements[0].text, "a b");
}
END_TEST

START_TEST (folds_white_space_before_it_hashes)
{
    parts_read_list ("[\"  Sort\\t the\\n\xC2\xA0mail.\\u2003\"]");
    parts_expect_clean (1);
    ck_assert_str_eq (export->statements[0].text, "Sort the mail.");
    ck_assert_uint_eq (export->statements[0].hash, sks_text_hash ("Sort the mail.", 14));
}
END_TEST

START_TEST (reads_a_dash_between_any_blanks_as_the_end_of_a_duty)
{
    static const char *const lists[] = { "[\"Mail" DASH "sort it\"]", "[\"Mail  \\u2014\\tsort it\"]",
                                         "[\"Mail\xC2\xA0\xE2\x80\x94\xE2\x80\x89sort it\"]" };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        parts_read_list (lists[i]);
        parts_expect_clean (1);
        ck_assert_str_eq (export->statements[0].text, "Mail" DASH "sort it");
        ck_assert_uint_eq (sks_text_duty (export->statements[0].text, export->statements[0].size), 4);
    }
}
END_TEST

START_TEST (accepts_a_statement_of_maximum_length)
{
    char list[SKS_MAX_STATEMENT_BYTES + 8] = "[\"";
    memset (list + 2, 'x', SKS_MAX_STATEMENT_BYTES);
    strcpy (list + 2 + SKS_MAX_STATEMENT_BYTES, "\"]");
    parts_read_list (list);
    parts_expect_clean (1);
}
END_TEST

START_TEST (measures_a_statement_after_its_white_space_is_folded)
{
    sks_buffer list = SKS_BUFFER_INIT (100000);
    sks_buffer_puts (&list, "[\"a");
    for (int i = 0; i < 2 * SKS_MAX_STATEMENT_BYTES; i++)
        sks_buffer_putc (&list, ' ');
    sks_buffer_puts (&list, "b\"]");
    parts_read_list (sks_buffer_text (&list));
    parts_expect_clean (1);
    sks_buffer_free (&list);
}
END_TEST

START_TEST (accepts_one_text_in_two_levels)
{
    static const char levels_text[] = "{\"emerging\":{\"statements\":[\"a\"]},"
                                      "\"advanced\":{\"statements\":[\"a\"]}}";
    parts_read ((parts) { .levels = levels_text });
    parts_expect_clean (2);
    ck_assert_uint_eq (export->statements[0].hash, export->statements[1].hash);
}
END_TEST

START_TEST (accepts_an_empty_level_beside_a_full_one)
{
    static const char levels_text[] = "{\"emerging\":{\"statements\":[]},"
                                      "\"advanced\":{\"statements\":[\"a\"]}}";
    parts_read ((parts) { .levels = levels_text });
    parts_expect_clean (1);
}
END_TEST

/* ----------------------------------------------- no export, or none at all */

static const char *const others[] = {
    "",         " \n",       "\xEF\xBB\xBF",      "hello",  "[1,2]",
    "[]",       "[] x",      "\"schemaVersion\"", "{}",     "{\"name\":\"x\",\"version\":\"1.0\"}",
    "{ broken", "# Notes\n", "\xFF\xFE{\0",       "<html>", "{\"a\":{\"schemaVersion\":\"1.0\"}}",
};

START_TEST (skips_files_in_a_folder_that_are_not_exports)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        parts_read_text (others[i]);
        ck_assert_msg (kind == SKS_EXPORT_SKIPPED, "case %zu", i);
        ck_assert_uint_eq (sks_report_skipped (read_report), i + 1);
    }
    ck_assert_uint_eq (sks_report_count (read_report), 0);
}
END_TEST

START_TEST (reports_named_files_that_are_not_exports)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        parts_read_bytes (others[i], strlen (others[i]), SKS_EXPECT_EXPORT);
        parts_expect_rejected ();
        parts_expect_at (
            i, others[i][0] == '{' && others[i][1] == ' ' ? SKS_PROBLEM_NOT_JSON : SKS_PROBLEM_NOT_AN_EXPORT, "");
    }
    ck_assert_uint_eq (sks_report_skipped (read_report), 0);
}
END_TEST

/* The content of a file a.json that is not an export; the byte of the first error, or -1. */
static const struct {
    const char *text;
    int problem; /* SKS_PROBLEMS: no problem; the file is skipped */
    long at;
} called_json[] = {
    { "", SKS_PROBLEM_NOT_AN_EXPORT, -1 },
    { " \r\n\t", SKS_PROBLEM_NOT_AN_EXPORT, -1 },
    { "\xEF\xBB\xBF", SKS_PROBLEM_NOT_AN_EXPORT, -1 },
    { "{\"broken", SKS_PROBLEM_NOT_JSON, 1 },
    { "[1,2", SKS_PROBLEM_NOT_JSON, 4 },
    { "{\"occupation\":", SKS_PROBLEM_NOT_JSON, 14 },
    { "\xEF\xBB\xBF{\"broken", SKS_PROBLEM_NOT_JSON, 4 },
    { "{\"a\":1} // text", SKS_PROBLEM_NOT_JSON, 8 },
    { "{\"a\":NaN}", SKS_PROBLEM_NOT_JSON, 5 },
    { "{\"a\":1}{\"b\":2}", SKS_PROBLEM_NOT_JSON, 7 },
    { "{\"a\":1} text", SKS_PROBLEM_NOT_JSON, 8 },
    { "text", SKS_PROBLEM_NOT_JSON, 0 },
    { "{\"a\":1}", SKS_PROBLEMS, -1 },
    { "\xEF\xBB\xBF{\"a\":1}", SKS_PROBLEMS, -1 },
    { "[1,2]", SKS_PROBLEMS, -1 },
    { "null", SKS_PROBLEMS, -1 },
    { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", SKS_PROBLEMS, -1 },
};

START_TEST (reports_the_byte_of_an_error_in_a_file_named_json)
{
    parts_read_bytes (called_json[_i].text, strlen (called_json[_i].text), SKS_EXPECT_JSON);
    bool skipped = called_json[_i].problem == SKS_PROBLEMS;
    ck_assert_uint_eq (sks_report_skipped (read_report), skipped);
    ck_assert_uint_eq (sks_report_count (read_report), !skipped);
    if (skipped)
        return;
    ck_assert_int_eq (sks_report_entry_at (read_report, 0)->problem, called_json[_i].problem);
    ck_assert_int_eq (sks_report_entry_at (read_report, 0)->at, called_json[_i].at);
}
END_TEST

static const struct {
    const char *what, *text;
    size_t size; /* 0: strlen */
    long at;
} not_json[] = {
    { "cut", "{\"schemaVersion\":\"1.0\",", 0, 23 },
    { "text after", "{\"schemaVersion\":\"1.0\"} x", 0, 24 },
    { "equal names", "{\"schemaVersion\":\"1.0\",\"a\":1,\"a\":2}", 0, 29 },
    { "invalid UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xFF\"}", 0, 28 },
    { "overlong UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xC0\xAF\"}", 0, 28 },
    { "surrogate in UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xED\xA0\x80\"}", 0, 28 },
    { "lone surrogate", "{\"schemaVersion\":\"1.0\",\"a\":\"\\ud800\"}", 0, 28 },
    { "NUL byte", "{\"schemaVersion\":\"1.0\",\"a\":\"\0\"}", 31, 28 },
    { "NUL after", "{\"schemaVersion\":\"1.0\"}\0", 24, 23 },
    { "escaped NUL", "{\"schemaVersion\":\"1.0\",\"a\":\"\\u0000\"}", 0, 28 },
    { "control byte", "{\"schemaVersion\":\"1.0\",\"a\":\"\x01\"}", 0, 28 },
    { "comma at the end", "{\"schemaVersion\":\"1.0\",}", 0, 23 },
    { "comment", "{\"schemaVersion\":\"1.0\" /**/}", 0, 23 },
    { "byte order mark before", "\xEF\xBB\xBF{\"schemaVersion\":\"1.0\",}", 0, 26 },
    { "depth", "{\"schemaVersion\":\"1.0\",\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}", 0, 42 },
};

START_TEST (reports_the_byte_of_an_error_in_json)
{
    for (size_t i = 0; i < sizeof not_json / sizeof *not_json; i++) {
        size_t size = not_json[i].size ? not_json[i].size : strlen (not_json[i].text);
        parts_read_bytes (not_json[i].text, size, SKS_EXPECT_NOTHING);
        parts_expect_rejected ();
        parts_expect_at (i, SKS_PROBLEM_NOT_JSON, "");
        long at = sks_report_entry_at (read_report, i)->at;
        ck_assert_msg (at == not_json[i].at, "%s: byte %ld", not_json[i].what, at);
    }
}
END_TEST

/* Bytes help programs, lines help people. */
START_TEST (names_the_line_of_an_error_in_an_object_of_several)
{
    static const char *const texts[] = { "{\"schemaVersion\":\"1.0\",\r\n\n }", "\xEF\xBB\xBF{\"schemaVersion\":\n\n,}",
                                         "{\"schemaVersion\":\"1.0\",}\n" };
    static const char *const notes[] = { "In the object, that is byte 1 of line 3.\n",
                                         "In the object, that is byte 0 of line 3.\n", "" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        parts_read_bytes (texts[i], strlen (texts[i]), SKS_EXPECT_NOTHING);
        parts_expect_rejected ();
        ck_assert_str_eq (sks_report_entry_at (read_report, i)->notes, notes[i]);
    }
}
END_TEST

START_TEST (rejects_a_file_over_16_mib)
{
    size_t size = SKS_MAX_EXPORT_BYTES + 1;
    char *bytes = malloc (size);
    memset (bytes, ' ', size);
    memcpy (bytes, parts_whole, strlen (parts_whole));
    parts_read_bytes (bytes, size, SKS_EXPECT_NOTHING);
    parts_expect_rejected ();
    parts_expect (SKS_PROBLEM_TOO_LARGE, "");
    parts_read_bytes (bytes, size - 1, SKS_EXPECT_NOTHING);
    parts_expect_good (3);
    free (bytes);
}
END_TEST

/* ------------------------------------------------------ every cut and flip */

START_TEST (survives_an_export_truncated_anywhere)
{
    for (size_t size = 0; size < strlen (parts_whole); size++) {
        /* A copy of exactly this size, so that a sanitizer detects reading beyond it. */
        char *cut = malloc (size ? size : 1);
        memcpy (cut, parts_whole, size);
        parts_read_bytes (cut, size, SKS_EXPECT_NOTHING);
        ck_assert_int_ne (kind, SKS_EXPORT_GOOD);
        free (cut);
    }
    parts_read_text (parts_whole);
    parts_expect_good (3);
}
END_TEST

START_TEST (survives_every_flipped_byte_of_an_export)
{
    char *text = strdup (parts_whole);
    for (size_t i = 0; i < strlen (parts_whole); i++)
        for (int bit = 0; bit < 8; bit++) {
            text[i] = (char) (text[i] ^ 1 << bit);
            parts_read_bytes (text, strlen (parts_whole), SKS_EXPECT_NOTHING);
            for (size_t k = 0; export && k < export->count; k++)
                ck_assert (sks_utf8_valid (export->statements[k].text, export->statements[k].size, NULL));
            text[i] = parts_whole[i];
        }
    free (text);
}
END_TEST

Suite *
suite_export (void)
{
    Suite *suite = suite_create ("export");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, parts_open, parts_close);
    tcase_add_checked_fixture (limits, parts_open, parts_close);
    tcase_set_timeout (limits, 60);
    tcase_add_test (core, reads_all_members);
    tcase_add_test (core, a_statement_that_is_left_out_leaves_a_gap);
    tcase_add_test (core, orders_statements_by_level_name_and_hash);
    tcase_add_test (core, requires_only_soc_title_and_a_statement);
    tcase_add_test (core, derives_the_group_when_the_export_has_none);
    tcase_add_test (core, accepts_null_for_unknown_values);
    tcase_add_test (core, accepts_every_zone);
    tcase_add_test (core, writes_a_sector_by_its_code);
    tcase_add_test (core, warns_about_an_unknown_sector_and_keeps_it);
    tcase_add_test (core, warns_about_an_invalid_date);
    tcase_add_test (core, decodes_html_and_wrong_encodings_with_a_warning_each);
    tcase_add_loop_test (core, refuses_texts_of_invisible_characters, 0, sizeof invisible / sizeof *invisible);
    tcase_add_test (core, accepts_a_byte_order_mark_and_windows_line_ends);
    tcase_add_test (core, folds_white_space_before_it_hashes);
    tcase_add_test (core, reads_a_dash_between_any_blanks_as_the_end_of_a_duty);
    tcase_add_test (core, accepts_one_text_in_two_levels);
    tcase_add_test (core, accepts_an_empty_level_beside_a_full_one);
    tcase_add_test (core, skips_files_in_a_folder_that_are_not_exports);
    tcase_add_test (core, reports_named_files_that_are_not_exports);
    tcase_add_test (core, reports_the_byte_of_an_error_in_json);
    tcase_add_test (core, names_the_line_of_an_error_in_an_object_of_several);
    tcase_add_loop_test (core, reports_the_byte_of_an_error_in_a_file_named_json, 0,
                         sizeof called_json / sizeof *called_json);
    tcase_add_test (limits, accepts_a_statement_of_maximum_length);
    tcase_add_test (limits, measures_a_statement_after_its_white_space_is_folded);
    tcase_add_test (limits, rejects_a_file_over_16_mib);
    tcase_add_test (limits, survives_an_export_truncated_anywhere);
    tcase_add_test (limits, survives_every_flipped_byte_of_an_export);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
