/* check_export.c - the export reader: every kind of bad input is told with its
 * kind and JSON pointer and costs no more than it must. */
#include "../core/text.h"
#include "../indexer/export.h"
#include "sample.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_export (void);

#define SOC "43-9061.00"
#define DASH " \xE2\x80\x94 "

static sks_report *report;
static sks_export *export;
static int kind;

static void
make_report (void)
{
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
remove_report (void)
{
    sks_export_destroy (&export);
    sks_report_destroy (&report);
}

static void
read_bytes (const char *bytes, size_t size, bool named)
{
    sks_error err;
    sks_export_destroy (&export);
    int code = sks_export_read (&export, &kind, "a.json", named, bytes, size, report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert ((kind == SKS_EXPORT_GOOD) == (export != NULL));
}

static void
read_text (const char *text)
{
    read_bytes (text, strlen (text), false);
}

/* The parts of an export that a test may replace; NULL: as it should be, "":
 * not there. */
struct parts {
    const char *version, *soc, *title, *more, *framework, *levels;
};
#define GOOD_LEVELS "{\"emerging\":{\"statements\":[\"Sort mail.\",\"File mail.\"]}}"

static void
put (sks_buffer *out, const char *name, const char *part, const char *standard)
{
    if (part && !*part)
        return;
    if (out->bytes[out->size - 1] != '{')
        sks_buffer_putc (out, ',');
    sks_buffer_printf (out, "\"%s\":%s", name, part ? part : standard);
}

static void
read_parts (struct parts p)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_puts (&out, "{");
    put (&out, "schemaVersion", p.version, "\"1.0\"");
    sks_buffer_puts (&out, ",\"occupation\":{");
    put (&out, "soc", p.soc, "\"" SOC "\"");
    put (&out, "title", p.title, "\"Office Clerks\"");
    sks_buffer_printf (&out, "%s%s}", p.more ? "," : "", p.more ? p.more : "");
    if (!p.framework) {
        sks_buffer_puts (&out, ",\"framework\":{");
        put (&out, "levels", p.levels, GOOD_LEVELS);
        sks_buffer_puts (&out, "}");
    } else
        put (&out, "framework", p.framework, "");
    sks_buffer_puts (&out, "}");
    read_text (sks_buffer_text (&out));
    sks_buffer_free (&out);
}

/* Read an export whose level emerging has this JSON list of statements. */
static void
read_list (const char *list)
{
    sks_buffer levels = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_printf (&levels, "{\"emerging\":{\"statements\":%s}}", list);
    read_parts ((struct parts) { .levels = sks_buffer_text (&levels) });
    sks_buffer_free (&levels);
}

/* Problem i is of this kind and at this pointer. */
static void
expect_at (size_t i, int problem, const char *pointer)
{
    const sks_report_entry *entry = sks_report_entry_at (report, i);
    ck_assert_msg (entry != NULL, "%zu problems only", sks_report_count (report));
    ck_assert_str_eq (sks_problem_name (entry->problem), sks_problem_name (problem));
    ck_assert_str_eq (entry->pointer, pointer);
    ck_assert_str_eq (entry->file, "a.json");
    ck_assert_str_ne (entry->reason, "");
}

/* The one problem there is. */
static void
expect (int problem, const char *pointer)
{
    expect_at (0, problem, pointer);
    ck_assert_uint_eq (sks_report_count (report), 1);
    ck_assert_uint_eq (sks_report_skipped (report), 0);
}

/* The export is there with its two good statements, or as many as told. */
static void
expect_good (size_t statements)
{
    ck_assert_int_eq (kind, SKS_EXPORT_GOOD);
    ck_assert_uint_eq (export->count, statements);
}

static void
expect_clean (size_t statements)
{
    expect_good (statements);
    ck_assert_uint_eq (sks_report_count (report), 0);
}

static void
expect_rejected (void)
{
    ck_assert_int_eq (kind, SKS_EXPORT_REJECTED);
}

static const sks_statement *
find (const char *text)
{
    for (size_t i = 0; i < export->count; i++)
        if (strcmp (export->statements[i].text, text) == 0)
            return &export->statements[i];
    ck_abort_msg ("no statement \"%s\"", text);
}

/* ------------------------------------------------------------- good exports */

static const char whole[] =
    "{\"schemaVersion\":\"1.0\",\"exportedAt\":\"2026-02-09T11:16:08.420Z\","
    "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\" Office  Clerks \","
    "\"group\":\"Office & Administrative Support\",\"sector\":\"31-33\","
    "\"jobZone\":2,\"jobZoneInferred\":true},"
    "\"framework\":{\"version\":\"v7\",\"description\":\"not used\",\"contextCovered\":\"Mail\\nrooms.\","
    "\"levels\":{"
    "\"advanced\":{\"label\":\"Advanced\",\"statements\":[\"Plan the mail room.\"]},"
    "\"emerging\":{\"label\":\"Emerging\",\"statements\":[\"Sort mail.\",\"File mail.\"]}}},"
    "\"unknown\":[1,{}]}";

START_TEST (reads_all_members)
{
    read_text (whole);
    expect_clean (3);
    ck_assert_str_eq (export->soc, SOC);
    ck_assert_str_eq (export->title, "Office Clerks");
    ck_assert_str_eq (export->group, "Office & Administrative Support");
    ck_assert_str_eq (export->sector, "31-33");
    ck_assert_str_eq (export->exported_at, "2026-02-09T11:16:08.420Z");
    ck_assert_str_eq (export->version, "v7");
    ck_assert_str_eq (export->description, "Mail rooms.");
    ck_assert_int_eq (export->zone, 2);
    ck_assert_uint_eq (export->content, sks_bytes_hash (whole, strlen (whole)));
}
END_TEST

START_TEST (orders_statements_by_level_name_and_hash)
{
    read_text (whole);
    ck_assert_int_eq (export->statements[0].level, SKS_ADVANCED);
    ck_assert_int_eq (export->statements[1].level, SKS_EMERGING);
    ck_assert_uint_lt (export->statements[1].hash, export->statements[2].hash);
    ck_assert_uint_eq (find ("Sort mail.")->position, 1);
    ck_assert_uint_eq (find ("File mail.")->position, 2);
    ck_assert_uint_eq (find ("File mail.")->hash, sks_text_hash ("File mail.", 10));
    ck_assert_uint_eq (find ("File mail.")->size, 10);
}
END_TEST

START_TEST (needs_no_more_than_soc_title_and_a_statement)
{
    read_parts ((struct parts) { 0 });
    expect_clean (2);
    ck_assert_str_eq (export->version, "");
    ck_assert_str_eq (export->exported_at, "");
    ck_assert_str_eq (export->description, "");
    ck_assert_ptr_null (export->sector);
    ck_assert_int_eq (export->zone, 0);
}
END_TEST

START_TEST (names_the_group_of_an_export_that_does_not)
{
    read_parts ((struct parts) { 0 });
    ck_assert_str_eq (export->group, "Office & Administrative Support");
    read_parts ((struct parts) { .soc = "\"12-3456.78\"" });
    ck_assert_str_eq (export->group, "12");
    read_parts ((struct parts) { .more = "\"group\":\"Mail people\"" });
    ck_assert_str_eq (export->group, "Mail people");
    ck_assert_uint_eq (sks_report_count (report), 0);
}
END_TEST

START_TEST (takes_null_for_what_is_not_known)
{
    read_parts ((struct parts) { .more = "\"jobZone\":null,\"sector\":null,\"group\":null" });
    expect_clean (2);
    ck_assert_int_eq (export->zone, 0);
    ck_assert_ptr_null (export->sector);
    read_parts ((struct parts) { .more = "\"sector\":\"none\"" });
    ck_assert_ptr_null (export->sector);
}
END_TEST

START_TEST (takes_every_zone)
{
    for (int zone = 1; zone <= SKS_ZONES; zone++) {
        char more[32];
        snprintf (more, sizeof more, "\"jobZone\":%d%s", zone, zone % 2 ? ".0" : "");
        read_parts ((struct parts) { .more = more });
        expect_clean (2);
        ck_assert_int_eq (export->zone, zone);
    }
}
END_TEST

START_TEST (takes_a_byte_order_mark_and_windows_line_ends)
{
    static const char text[] =
        "\xEF\xBB\xBF\r\n{\r\n\"schemaVersion\":\"1.0\",\r\n"
        "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},\r\n"
        "\"framework\":{\"levels\":{\"emerging\":{\"statements\":[\"a\\r\\nb\"]}}}\r\n}\r\n";
    read_text (text);
    expect_clean (1);
    ck_assert_str_eq (export->statements[0].text, "a b");
}
END_TEST

START_TEST (folds_white_space_before_it_hashes)
{
    read_list ("[\"  Sort\\t the\\n\xC2\xA0mail.\\u2003\"]");
    expect_clean (1);
    ck_assert_str_eq (export->statements[0].text, "Sort the mail.");
    ck_assert_uint_eq (export->statements[0].hash, sks_text_hash ("Sort the mail.", 14));
}
END_TEST

START_TEST (reads_a_dash_between_any_blanks_as_the_end_of_a_duty)
{
    static const char *const lists[] = { "[\"Mail" DASH "sort it\"]", "[\"Mail  \\u2014\\tsort it\"]",
                                         "[\"Mail\xC2\xA0\xE2\x80\x94\xE2\x80\x89sort it\"]" };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        read_list (lists[i]);
        expect_clean (1);
        ck_assert_str_eq (export->statements[0].text, "Mail" DASH "sort it");
        ck_assert_uint_eq (sks_text_duty (export->statements[0].text, export->statements[0].size), 4);
    }
}
END_TEST

START_TEST (takes_a_statement_at_its_longest)
{
    char list[SKS_MAX_STATEMENT_BYTES + 8] = "[\"";
    memset (list + 2, 'x', SKS_MAX_STATEMENT_BYTES);
    strcpy (list + 2 + SKS_MAX_STATEMENT_BYTES, "\"]");
    read_list (list);
    expect_clean (1);
}
END_TEST

START_TEST (takes_one_text_in_two_levels)
{
    static const char levels_text[] = "{\"emerging\":{\"statements\":[\"a\"]},"
                                      "\"advanced\":{\"statements\":[\"a\"]}}";
    read_parts ((struct parts) { .levels = levels_text });
    expect_clean (2);
    ck_assert_uint_eq (export->statements[0].hash, export->statements[1].hash);
}
END_TEST

START_TEST (takes_an_empty_level_beside_a_full_one)
{
    static const char levels_text[] = "{\"emerging\":{\"statements\":[]},"
                                      "\"advanced\":{\"statements\":[\"a\"]}}";
    read_parts ((struct parts) { .levels = levels_text });
    expect_clean (1);
}
END_TEST

/* ------------------------------------------------- no export, or none at all */

static const char *const others[] = {
    "", " \n", "\xEF\xBB\xBF", "hello", "[1,2]", "\"schemaVersion\"", "{}",
    "{\"name\":\"x\",\"version\":\"1.0\"}", "{ broken",
    "# Notes\n", "\xFF\xFE{\0", "<html>", "{\"a\":{\"schemaVersion\":\"1.0\"}}",
};

START_TEST (skips_what_is_no_export_in_a_folder)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        read_text (others[i]);
        ck_assert_msg (kind == SKS_EXPORT_SKIPPED, "case %zu", i);
        ck_assert_uint_eq (sks_report_skipped (report), i + 1);
    }
    ck_assert_uint_eq (sks_report_count (report), 0);
}
END_TEST

START_TEST (tells_of_what_is_no_export_when_it_was_named)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        read_bytes (others[i], strlen (others[i]), true);
        expect_rejected ();
        expect_at (i, SKS_PROBLEM_NOT_AN_EXPORT, "");
    }
    ck_assert_uint_eq (sks_report_skipped (report), 0);
}
END_TEST

static const struct {
    const char *what, *text;
    size_t size;  /* 0: strlen */
    long at;
} not_json[] = {
    { "cut", "{\"schemaVersion\":\"1.0\",", 0, 23 },
    { "text behind", "{\"schemaVersion\":\"1.0\"} x", 0, 24 },
    { "equal names", "{\"schemaVersion\":\"1.0\",\"a\":1,\"a\":2}", 0, 29 },
    { "invalid UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xFF\"}", 0, 28 },
    { "overlong UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xC0\xAF\"}", 0, 28 },
    { "surrogate in UTF-8", "{\"schemaVersion\":\"1.0\",\"a\":\"\xED\xA0\x80\"}", 0, 28 },
    { "lone surrogate", "{\"schemaVersion\":\"1.0\",\"a\":\"\\ud800\"}", 0, 28 },
    { "NUL byte", "{\"schemaVersion\":\"1.0\",\"a\":\"\0\"}", 31, 28 },
    { "NUL behind", "{\"schemaVersion\":\"1.0\"}\0", 24, 23 },
    { "escaped NUL", "{\"schemaVersion\":\"1.0\",\"a\":\"\\u0000\"}", 0, 28 },
    { "control byte", "{\"schemaVersion\":\"1.0\",\"a\":\"\x01\"}", 0, 28 },
    { "comma at the end", "{\"schemaVersion\":\"1.0\",}", 0, 23 },
    { "comment", "{\"schemaVersion\":\"1.0\" /**/}", 0, 23 },
    { "byte order mark before", "\xEF\xBB\xBF{\"schemaVersion\":\"1.0\",}", 0, 26 },
    { "depth", "{\"schemaVersion\":\"1.0\",\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}", 0, 42 },
};

START_TEST (tells_the_byte_at_which_json_breaks)
{
    for (size_t i = 0; i < sizeof not_json / sizeof *not_json; i++) {
        size_t size = not_json[i].size ? not_json[i].size : strlen (not_json[i].text);
        read_bytes (not_json[i].text, size, false);
        expect_rejected ();
        expect_at (i, SKS_PROBLEM_NOT_JSON, "");
        long at = sks_report_entry_at (report, i)->at;
        ck_assert_msg (at == not_json[i].at, "%s: byte %ld", not_json[i].what, at);
    }
}
END_TEST

START_TEST (rejects_a_file_over_16_mib)
{
    size_t size = SKS_MAX_EXPORT_BYTES + 1;
    char *bytes = malloc (size);
    memset (bytes, ' ', size);
    memcpy (bytes, whole, sizeof whole - 1);
    read_bytes (bytes, size, false);
    expect_rejected ();
    expect (SKS_PROBLEM_TOO_LARGE, "");
    read_bytes (bytes, size - 1, false);
    expect_good (3);
    free (bytes);
}
END_TEST

/* ------------------------------------------------- what costs a whole export */

static const struct {
    struct parts parts;
    int problem;
    const char *pointer;
} fatal[] = {
    { { .version = "\"2.0\"" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "1.0" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "null" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .version = "\"1.0 \"" }, SKS_PROBLEM_SCHEMA_VERSION, "/schemaVersion" },
    { { .soc = "" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "null" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "439061" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"43-9061\"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"43-9061.00 \"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .soc = "\"../../etc\"" }, SKS_PROBLEM_SOC, "/occupation/soc" },
    { { .title = "" }, SKS_PROBLEM_MISSING, "/occupation/title" },
    { { .title = "null" }, SKS_PROBLEM_MISSING, "/occupation/title" },
    { { .title = "7" }, SKS_PROBLEM_TYPE, "/occupation/title" },
    { { .title = "\" \\n\"" }, SKS_PROBLEM_EMPTY, "/occupation/title" },
    { { .framework = "[]" }, SKS_PROBLEM_TYPE, "/framework" },
    { { .framework = "null" }, SKS_PROBLEM_TYPE, "/framework" },
    { { .framework = "" }, SKS_PROBLEM_MISSING, "/framework" },
    { { .framework = "{}" }, SKS_PROBLEM_MISSING, "/framework/levels" },
    { { .levels = "[]" }, SKS_PROBLEM_TYPE, "/framework/levels" },
    { { .levels = "{}" }, SKS_PROBLEM_EMPTY, "/framework/levels" },
    { { .levels = "{\"emerging\":{\"statements\":[]}}" }, SKS_PROBLEM_EMPTY, "/framework/levels" },
};

START_TEST (rejects_an_export_without_its_essentials)
{
    read_parts (fatal[_i].parts);
    expect_rejected ();
    expect (fatal[_i].problem, fatal[_i].pointer);
}
END_TEST

START_TEST (rejects_an_occupation_that_is_no_object)
{
    static const char *const occupations[] = { ",\"occupation\":\"x\"", ",\"occupation\":null", "" };
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf (text, sizeof text, "{\"schemaVersion\":\"1.0\"%s,\"framework\":{\"levels\":%s}}",
                  occupations[i], GOOD_LEVELS);
        read_text (text);
        expect_rejected ();
        expect_at (i, *occupations[i] ? SKS_PROBLEM_TYPE : SKS_PROBLEM_MISSING, "/occupation");
    }
}
END_TEST

START_TEST (tells_all_that_is_wrong_at_once)
{
    read_parts ((struct parts) { .soc = "1", .title = "2", .more = "\"jobZone\":9",
                                 .levels = "{\"expert\":1,\"emerging\":{\"statements\":[3]}}" });
    expect_rejected ();
    expect_at (0, SKS_PROBLEM_SOC, "/occupation/soc");
    expect_at (1, SKS_PROBLEM_TYPE, "/occupation/title");
    expect_at (2, SKS_PROBLEM_VALUE, "/occupation/jobZone");
    expect_at (3, SKS_PROBLEM_LEVEL, "/framework/levels/expert");
    expect_at (4, SKS_PROBLEM_TYPE, "/framework/levels/emerging/statements/0");
    ck_assert_uint_eq (sks_report_count (report), 5);
}
END_TEST

START_TEST (rejects_a_title_that_is_too_long)
{
    char title[SKS_MAX_NAME_BYTES + 8] = "\"";
    memset (title + 1, 'x', SKS_MAX_NAME_BYTES + 1);
    strcpy (title + SKS_MAX_NAME_BYTES + 2, "\"");
    read_parts ((struct parts) { .title = title });
    expect_rejected ();
    expect (SKS_PROBLEM_TOO_LONG, "/occupation/title");
    strcpy (title + SKS_MAX_NAME_BYTES + 1, "\"");
    read_parts ((struct parts) { .title = title });
    expect_good (2);
}
END_TEST

/* ----------------------------------------------- what costs a member or less */

static const struct {
    const char *more;
    int problem;
    const char *pointer;
} members[] = {
    { "\"jobZone\":0", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":6", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":-1", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":2.5", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":1e300", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":\"2\"", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"jobZone\":[]", SKS_PROBLEM_VALUE, "/occupation/jobZone" },
    { "\"sector\":55", SKS_PROBLEM_TYPE, "/occupation/sector" },
    { "\"sector\":[\"55\"]", SKS_PROBLEM_TYPE, "/occupation/sector" },
    { "\"group\":false", SKS_PROBLEM_TYPE, "/occupation/group" },
};

START_TEST (leaves_out_a_member_that_is_wrong)
{
    read_parts ((struct parts) { .more = members[_i].more });
    expect_good (2);
    expect (members[_i].problem, members[_i].pointer);
    ck_assert_int_eq (export->zone, 0);
    ck_assert_ptr_null (export->sector);
}
END_TEST

START_TEST (leaves_out_members_of_the_framework_that_are_wrong)
{
    static const char framework[] = "{\"version\":1,\"contextCovered\":{},\"levels\":" GOOD_LEVELS "}";
    read_parts ((struct parts) { .framework = framework });
    expect_good (2);
    expect_at (0, SKS_PROBLEM_TYPE, "/framework/version");
    expect_at (1, SKS_PROBLEM_TYPE, "/framework/contextCovered");
    read_text ("{\"schemaVersion\":\"1.0\",\"exportedAt\":7,"
               "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\"T\"},"
               "\"framework\":{\"levels\":" GOOD_LEVELS "}}");
    expect_good (2);
    expect_at (2, SKS_PROBLEM_TYPE, "/exportedAt");
    ck_assert_uint_eq (sks_report_count (report), 3);
}
END_TEST

static const struct {
    const char *level;
    int problem;
    const char *pointer;
} levels[] = {
    { "\"expert\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/expert" },
    { "\"Advanced\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/Advanced" },
    { "\"\":{\"statements\":[\"a\"]}", SKS_PROBLEM_LEVEL, "/framework/levels/" },
    { "\"a/b~c\":{}", SKS_PROBLEM_LEVEL, "/framework/levels/a~1b~0c" },
    { "\"advanced\":{}", SKS_PROBLEM_MISSING, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"label\":\"Advanced\"}", SKS_PROBLEM_MISSING, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":\"a\"}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":{\"0\":1}}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":{\"statements\":null}", SKS_PROBLEM_TYPE, "/framework/levels/advanced/statements" },
    { "\"advanced\":[\"a\"]", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
    { "\"advanced\":\"a\"", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
    { "\"advanced\":null", SKS_PROBLEM_TYPE, "/framework/levels/advanced" },
};

START_TEST (leaves_out_a_level_that_is_wrong)
{
    char text[512];
    snprintf (text, sizeof text, "{\"emerging\":{\"statements\":[\"Sort mail.\",\"File mail.\"]},%s}",
              levels[_i].level);
    read_parts ((struct parts) { .levels = text });
    expect_good (2);
    expect (levels[_i].problem, levels[_i].pointer);
}
END_TEST

static const struct {
    const char *item;
    int problem;
} statements[] = {
    { "\"\"", SKS_PROBLEM_EMPTY },
    { "\" \\t\\n\xC2\xA0 \"", SKS_PROBLEM_EMPTY },
    { "7", SKS_PROBLEM_TYPE },
    { "null", SKS_PROBLEM_TYPE },
    { "[\"a\"]", SKS_PROBLEM_TYPE },
    { "{\"text\":\"a\"}", SKS_PROBLEM_TYPE },
    { "\"Sort mail.\"", SKS_PROBLEM_DUPLICATE },
    { "\" Sort\\n mail. \"", SKS_PROBLEM_DUPLICATE },
    { "\"\\u0053ort mail.\"", SKS_PROBLEM_DUPLICATE },
};

START_TEST (leaves_out_a_statement_that_is_wrong)
{
    char list[256];
    snprintf (list, sizeof list, "[\"Sort mail.\",%s,\"File mail.\"]", statements[_i].item);
    read_list (list);
    expect_good (2);
    expect (statements[_i].problem, "/framework/levels/emerging/statements/1");
    ck_assert_uint_eq (find ("Sort mail.")->position, 1);
    ck_assert_uint_eq (find ("File mail.")->position, 3);
}
END_TEST

START_TEST (leaves_out_a_statement_that_is_too_long)
{
    sks_buffer list = SKS_BUFFER_INIT (100000);
    sks_buffer_puts (&list, "[\"Sort mail.\",\"");
    for (int i = 0; i < SKS_MAX_STATEMENT_BYTES + 1; i++)
        sks_buffer_putc (&list, 'x');
    sks_buffer_puts (&list, "\",\"File mail.\"]");
    read_list (sks_buffer_text (&list));
    expect_good (2);
    expect (SKS_PROBLEM_TOO_LONG, "/framework/levels/emerging/statements/1");
    sks_buffer_free (&list);
}
END_TEST

START_TEST (measures_a_statement_after_its_white_space_is_folded)
{
    sks_buffer list = SKS_BUFFER_INIT (100000);
    sks_buffer_puts (&list, "[\"a");
    for (int i = 0; i < 2 * SKS_MAX_STATEMENT_BYTES; i++)
        sks_buffer_putc (&list, ' ');
    sks_buffer_puts (&list, "b\"]");
    read_list (sks_buffer_text (&list));
    expect_clean (1);
    sks_buffer_free (&list);
}
END_TEST

START_TEST (keeps_one_of_many_equal_statements)
{
    read_list ("[\"a\",\"a\",\"b\",\"a\",\"b\"]");
    expect_good (2);
    expect_at (0, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/1");
    expect_at (1, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/3");
    expect_at (2, SKS_PROBLEM_DUPLICATE, "/framework/levels/emerging/statements/4");
    ck_assert_uint_eq (find ("b")->position, 3);
}
END_TEST

/* A list of `count` different statements. */
static const char *
many (sks_buffer *list, unsigned count)
{
    sks_buffer_putc (list, '[');
    for (unsigned i = 0; i < count; i++)
        sks_buffer_printf (list, "%s\"statement %u\"", i ? "," : "", i);
    sks_buffer_putc (list, ']');
    return sks_buffer_text (list);
}

START_TEST (takes_as_many_statements_as_a_level_may_have)
{
    sks_buffer list = SKS_BUFFER_INIT (1 << 20);
    read_list (many (&list, SKS_MAX_LEVEL_STATEMENTS));
    expect_clean (SKS_MAX_LEVEL_STATEMENTS);
    ck_assert_uint_eq (find ("statement 9999")->position, 10000);
    sks_buffer_free (&list);
}
END_TEST

START_TEST (leaves_out_a_level_of_too_many_statements)
{
    sks_buffer list = SKS_BUFFER_INIT (1 << 20), text = SKS_BUFFER_INIT (1 << 20);
    sks_buffer_printf (&text, "{\"advanced\":{\"statements\":%s},\"emerging\":{\"statements\":[\"a\"]}}",
                       many (&list, SKS_MAX_LEVEL_STATEMENTS + 1));
    read_parts ((struct parts) { .levels = sks_buffer_text (&text) });
    expect_good (1);
    expect (SKS_PROBLEM_TOO_LONG, "/framework/levels/advanced/statements");
    sks_buffer_free (&list);
    sks_buffer_free (&text);
}
END_TEST

START_TEST (cuts_the_pointer_to_a_very_long_name_at_a_character)
{
    for (int before = 0; before < 4; before++) {
        char text[1200] = "{\"";
        memset (text + 2, 'x', (size_t) before);
        for (int i = 0; i < 200; i++)
            strcat (text, "\xF0\x9F\x93\xA6");
        strcat (text, "\":{},\"emerging\":{\"statements\":[\"a\"]}}");
        read_parts ((struct parts) { .levels = text });
        expect_good (1);
        const sks_report_entry *entry = sks_report_entry_at (report, (size_t) before);
        ck_assert (sks_utf8_valid (entry->pointer, strlen (entry->pointer), NULL));
        ck_assert_uint_gt (strlen (entry->pointer), 100);
    }
}
END_TEST

START_TEST (survives_every_cut_of_an_export)
{
    for (size_t size = 0; size < sizeof whole - 1; size++) {
        /* A copy of just this size, so that a sanitizer sees every byte read behind it. */
        char *cut = malloc (size ? size : 1);
        memcpy (cut, whole, size);
        read_bytes (cut, size, false);
        ck_assert_int_ne (kind, SKS_EXPORT_GOOD);
        free (cut);
    }
    read_text (whole);
    expect_good (3);
}
END_TEST

START_TEST (survives_every_flipped_byte_of_an_export)
{
    char *text = strdup (whole);
    for (size_t i = 0; i < sizeof whole - 1; i++)
        for (int bit = 0; bit < 8; bit++) {
            text[i] = (char) (text[i] ^ 1 << bit);
            read_bytes (text, sizeof whole - 1, false);
            for (size_t k = 0; export && k < export->count; k++)
                ck_assert (sks_utf8_valid (export->statements[k].text, export->statements[k].size, NULL));
            text[i] = whole[i];
        }
    free (text);
}
END_TEST

#define COUNT(table) ((int) (sizeof table / sizeof *table))

Suite *
suite_export (void)
{
    Suite *suite = suite_create ("export");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, make_report, remove_report);
    tcase_add_test (core, reads_all_members);
    tcase_add_test (core, orders_statements_by_level_name_and_hash);
    tcase_add_test (core, needs_no_more_than_soc_title_and_a_statement);
    tcase_add_test (core, names_the_group_of_an_export_that_does_not);
    tcase_add_test (core, takes_null_for_what_is_not_known);
    tcase_add_test (core, takes_every_zone);
    tcase_add_test (core, takes_a_byte_order_mark_and_windows_line_ends);
    tcase_add_test (core, folds_white_space_before_it_hashes);
    tcase_add_test (core, reads_a_dash_between_any_blanks_as_the_end_of_a_duty);
    tcase_add_test (core, takes_one_text_in_two_levels);
    tcase_add_test (core, takes_an_empty_level_beside_a_full_one);
    tcase_add_test (core, skips_what_is_no_export_in_a_folder);
    tcase_add_test (core, tells_of_what_is_no_export_when_it_was_named);
    tcase_add_test (core, tells_the_byte_at_which_json_breaks);
    tcase_add_loop_test (core, rejects_an_export_without_its_essentials, 0, COUNT (fatal));
    tcase_add_test (core, rejects_an_occupation_that_is_no_object);
    tcase_add_test (core, tells_all_that_is_wrong_at_once);
    tcase_add_loop_test (core, leaves_out_a_member_that_is_wrong, 0, COUNT (members));
    tcase_add_test (core, leaves_out_members_of_the_framework_that_are_wrong);
    tcase_add_loop_test (core, leaves_out_a_level_that_is_wrong, 0, COUNT (levels));
    tcase_add_loop_test (core, leaves_out_a_statement_that_is_wrong, 0, COUNT (statements));
    tcase_add_test (core, keeps_one_of_many_equal_statements);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_set_timeout (limits, 60);
    tcase_add_checked_fixture (limits, make_report, remove_report);
    tcase_add_test (limits, takes_a_statement_at_its_longest);
    tcase_add_test (limits, leaves_out_a_statement_that_is_too_long);
    tcase_add_test (limits, measures_a_statement_after_its_white_space_is_folded);
    tcase_add_test (limits, rejects_a_title_that_is_too_long);
    tcase_add_test (limits, takes_as_many_statements_as_a_level_may_have);
    tcase_add_test (limits, leaves_out_a_level_of_too_many_statements);
    tcase_add_test (limits, rejects_a_file_over_16_mib);
    tcase_add_test (limits, cuts_the_pointer_to_a_very_long_name_at_a_character);
    tcase_add_test (limits, survives_every_cut_of_an_export);
    tcase_add_test (limits, survives_every_flipped_byte_of_an_export);
    suite_add_tcase (suite, limits);
    return suite;
}
