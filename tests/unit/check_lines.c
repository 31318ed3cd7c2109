/* check_lines.c - pages of a scan as NDJSON, CSV and TSV. */
#include <check.h>
#include <skillsearch.h>

#include <stdio.h>
#include <string.h>

Suite *suite_lines (void);

#define NAMES "id,level,position,soc,occupation,group,sector,zone,duty,text\r\n"

/* A page as in sks_reply, without "v" and "id"; and a hit. */
#define PAGE(total, hits, cursor)                                                                                      \
    "{\"ok\":true,\"generation\":3,\"total\":" total ",\"hits\":[" hits "],\"cursor\":" cursor ",\"took_us\":1}"
#define HIT(id, text)                                                                                                  \
    "{\"id\":\"" id "\",\"level\":\"advanced\",\"position\":2,\"soc\":\"1\",\"occupation\":\"A, B\",\"group\":\"G\","  \
    "\"sector\":null,\"zone\":3,\"duty\":null,\"text\":\"" text "\",\"spans\":[],\"score\":0,\"colour\":7}"
#define ROW(id, text) id ",advanced,2,1,\"A, B\",G,,3,," text "\r\n"

static const char statement[] = PAGE ("1", HIT ("1/advanced/a", "Say \\\"hi\\\""), "null");

static sks_lines *lines;

static void
begin (int format, unsigned flags)
{
    sks_lines_destroy (&lines);
    ck_assert_int_eq (sks_lines_create (&lines, format, flags, NULL), 0);
}

/* The next page's text with a NUL at its end, and the page itself. */
static const char *
write_page (const char *reply, sks_page *page)
{
    static char text[4096];
    sks_error err;
    ck_assert_msg (sks_lines_page (lines, reply, strlen (reply), page, &err) == 0, "%s", err.text);
    snprintf (text, sizeof text, "%.*s", (int) page->size, page->text ? page->text : "");
    return text;
}

static const char *
write_one (int format, unsigned flags, const char *reply)
{
    sks_page page;
    begin (format, flags);
    return write_page (reply, &page);
}

START_TEST (statements_have_three_formats)
{
    ck_assert_str_eq (write_one (SKS_FORMAT_CSV, 0, statement), NAMES ROW ("1/advanced/a", "\"Say \"\"hi\"\"\""));
    ck_assert_str_eq (write_one (SKS_FORMAT_TSV, 0, statement),
                      "id\tlevel\tposition\tsoc\toccupation\tgroup\tsector\tzone\tduty\ttext\n"
                      "1/advanced/a\tadvanced\t2\t1\tA, B\tG\t\t3\t\tSay \"hi\"\n");
    const char *text = write_one (SKS_FORMAT_NDJSON, 0, statement);
    ck_assert_ptr_nonnull (strstr (text, "\"colour\":7"));
    ck_assert_ptr_eq (strchr (text, '\n'), text + strlen (text) - 1);
}
END_TEST

START_TEST (the_header_is_written_once)
{
    sks_page page;
    begin (SKS_FORMAT_CSV, 0);
    ck_assert_str_eq (write_page (PAGE ("2", HIT ("1", "a"), "\"c\""), &page), NAMES ROW ("1", "a"));
    ck_assert_str_eq (page.cursor, "c");
    ck_assert_uint_eq (page.total, 2);
    ck_assert_uint_eq (page.generation, 3);
    ck_assert_str_eq (write_page (PAGE ("2", HIT ("2", "b"), "null"), &page), ROW ("2", "b"));
    ck_assert_ptr_null (page.cursor);
}
END_TEST

START_TEST (provenance_adds_four_columns)
{
    static const char provenance[] = ",\"provenance\":{\"version\":\"v1\",\"exported_at\":\"2026\",\"sources\":["
                                     "{\"name\":\"=a\",\"text\":\"b\"},{\"name\":\"c\",\"text\":\"d\"}],"
                                     "\"attribution\":\"@X, Y\"}}],\"cursor\"";
    static const char page[] = PAGE ("2", HIT ("1", "a") "," HIT ("2", "b"), "null");
    char reply[1024];
    int before = (int) (strstr (page, "}],\"cursor\"") - page);
    snprintf (reply, sizeof reply, "%.*s%s%s", before, page, provenance, page + before + strlen ("}],\"cursor\""));
    ck_assert_str_eq (write_one (SKS_FORMAT_CSV, SKS_LINES_PROVENANCE | SKS_LINES_EXCEL_SAFE, reply),
                      "id,level,position,soc,occupation,group,sector,zone,duty,text,version,exported_at,source,"
                      "attribution\r\n1,advanced,2,1,\"A, B\",G,,3,,a,,,,\r\n"
                      "2,advanced,2,1,\"A, B\",G,,3,,b,v1,2026,\"'=a: b; c: d\",\"'@X, Y\"\r\n");
    ck_assert_str_eq (write_one (SKS_FORMAT_CSV, 0, reply), NAMES ROW ("1", "a") ROW ("2", "b"));
}
END_TEST

static int
create_columns (int format, const char *const *columns, size_t count, sks_error *err)
{
    sks_lines_options options = SKS_LINES_OPTIONS_INIT;
    options.format = format;
    options.columns = columns;
    options.column_count = count;
    sks_lines_destroy (&lines);
    return sks_lines_create_with (&lines, &options, err);
}

START_TEST (columns_can_be_chosen)
{
    static const char *const columns[] = { "zone", "text", "duty", "detail", "sector_label", "version" };
    static const char *const texts[][3] = { { "Mail \\u2014 sort it", "\"Mail\"", "sort it" },
                                            { "Mail--sort it", "\"Mail\"", "sort it" },
                                            { "sort it", "null", "sort it" } };
    sks_page page;
    char reply[1024], wanted[256];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq (create_columns (SKS_FORMAT_NDJSON, columns, 6, NULL), 0);
        ck_assert_uint_eq (sks_lines_want (lines), SKS_WANT_PROVENANCE);
        snprintf (
            reply, sizeof reply,
            PAGE ("1",
                  "{\"id\":\"1\",\"level\":\"advanced\",\"position\":2,\"soc\":\"1\",\"occupation\":\"A\","
                  "\"group\":\"G\",\"sector\":\"52\",\"zone\":3,\"duty\":%s,\"text\":\"%s\",\"spans\":[],\"score\":0}",
                  "null"),
            texts[i][1], texts[i][0]);
        snprintf (wanted, sizeof wanted, "\"duty\":%s,\"detail\":\"%s\",\"sector_label\":\"Finance and Insurance\"",
                  texts[i][1], texts[i][2]);
        const char *text = write_page (reply, &page);
        ck_assert_int_eq (strncmp (text, "{\"zone\":3,\"text\":", 17), 0);
        ck_assert_msg (strstr (text, wanted) != NULL, "%s", text);
    }
    ck_assert_int_eq (create_columns (SKS_FORMAT_TSV, columns + 1, 1, NULL), 0);
    ck_assert_uint_eq (sks_lines_want (lines), 0);
    ck_assert_str_eq (write_page (statement, &page), "text\nSay \"hi\"\n");
}
END_TEST

START_TEST (unknown_and_repeated_columns_are_refused)
{
    static const char *const cases[][2] = { { "id", "colour" }, { "text", "text" }, { "id", NULL }, { "", "id" } };
    sks_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_int_eq (create_columns (SKS_FORMAT_CSV, cases[i], 2, &err), SKS_EINVALID);
    ck_assert_int_eq (create_columns (SKS_FORMAT_CSV, NULL, 2, &err), SKS_EINVALID);
}
END_TEST

START_TEST (a_table_without_statements_is_only_its_header)
{
    static const char none[] = PAGE ("0", "", "null");
    ck_assert_str_eq (write_one (SKS_FORMAT_CSV, 0, none), NAMES);
    ck_assert_str_eq (write_one (SKS_FORMAT_NDJSON, 0, none), "");
}
END_TEST

/* A cell that a spreadsheet would treat as a formula is quoted, and marked on request. */
START_TEST (formulas_are_quoted_and_optionally_marked)
{
    static const char *const cells[][3] = {
        { "=1+1", "\"=1+1\"", "\"'=1+1\"" },
        { "+1", "\"+1\"", "\"'+1\"" },
        { "-1", "\"-1\"", "\"'-1\"" },
        { "@SUM(1)", "\"@SUM(1)\"", "\"'@SUM(1)\"" },
        { "\\tx", "\"\tx\"", "\"'\tx\"" },
        { "\\rx", "\"\\x0dx\"", "\"'\\x0dx\"" },
        { "=\\\"a\\\",b", "\"=\"\"a\"\",b\"", "\"'=\"\"a\"\",b\"" },
        { "1-1", "1-1", "1-1" },
        { "a=1", "a=1", "a=1" },
        { " =1", " =1", " =1" },
    };
    char reply[400], wanted[400];
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        for (unsigned flags = 0; flags <= SKS_LINES_EXCEL_SAFE; flags++) {
            snprintf (reply, sizeof reply, PAGE ("1", HIT ("1", "%s"), "null"), cells[i][0]);
            snprintf (wanted, sizeof wanted, NAMES ROW ("1", "%s"), cells[i][1 + flags]);
            ck_assert_str_eq (write_one (SKS_FORMAT_CSV, flags, reply), wanted);
        }
    static const char formula[] = PAGE ("1", HIT ("1", "=1"), "null");
    ck_assert_ptr_nonnull (strstr (write_one (SKS_FORMAT_TSV, SKS_LINES_EXCEL_SAFE, formula), "\t'=1\n"));
    ck_assert_ptr_nonnull (strstr (write_one (SKS_FORMAT_NDJSON, SKS_LINES_EXCEL_SAFE, formula), "\"=1\""));
}
END_TEST

START_TEST (no_line_has_control_characters)
{
    static const char odd[] = PAGE ("1", HIT ("1", "a\\u001b[31mb\\u009b\\u202e\\u007f\\t\\n,\\r\\\\u"), "null");
    static const char *const expected[] = {
        [SKS_FORMAT_NDJSON] = "\"a\\u001b[31mb\\u009b\\u202e\\u007f\\t\\n,\\r\\\\u\",",
        [SKS_FORMAT_CSV] = ",\"a\\x1b[31mb\\u009b\\u202e\\x7f\t\n,\\x0d\\u\"\r\n",
        [SKS_FORMAT_TSV] = "\ta\\x1b[31mb\\u009b\\u202e\\x7f\\x09\\x0a,\\x0d\\u\n",
        [SKS_FORMAT_MARKDOWN] = "| a\\x1b\\[31mb\\u009b\\u202e\\x7f\\x09\\x0a,\\x0d\\\\u |\n",
    };
    for (int format = 0; format < SKS_FORMATS; format++) {
        const char *text = write_one (format, 0, odd);
        ck_assert_msg (strstr (text, expected[format]) != NULL, "%s", text);
    }
}
END_TEST

/* A reply may be complete, as from sks_client_call, and have line breaks. */
START_TEST (each_statement_is_one_line_of_ndjson)
{
    ck_assert_str_eq (
        write_one (SKS_FORMAT_NDJSON, 0,
                   "{\"v\":1,\"id\":\"7\",\"ok\":true,\"x\":{\"hits\":[]},\"generation\":1,\"total\":2,"
                   "\"hits\": [ " HIT ("1", "]") ",\n" HIT ("2", "}") " ],\n\"cursor\":null,\"took_us\":1}"),
        HIT ("1", "]") "\n" HIT ("2", "}") "\n");
}
END_TEST

/* ------------------------------------------------------------------ limits */

#define LONG "99999999999999999999999999999999999999999999999999999999999999999999999999999999"

START_TEST (pages_without_progress_are_an_error)
{
    static const char *const pages[] = {
        statement,
        PAGE ("1", "", "\"1:5\""),
        PAGE ("1", "{\"text\":\"no id\"}", "null"),
        PAGE ("9", HIT ("2", "a"), "null"),
        PAGE ("0", "", "null"),
        PAGE ("2", HIT (LONG LONG, "a"), "null"),
        "{\"ok\":true,\"generation\":1,\"took_us\":1,\"total\":1,\"hits\":[]}",
        "{\"ok\":true,\"generation\":1,\"took_us\":1,\"total\":1,\"hits\":{},\"cursor\":null}",
        "{\"v\":2,\"ok\":true}",
        "{\"ok\":true}",
        "{}",
    };
    sks_error err;
    sks_page page;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        begin (SKS_FORMAT_TSV, 0);
        write_page (statement, &page);
        ck_assert_int_eq (sks_lines_page (lines, pages[i], strlen (pages[i]), &page, &err), SKS_EPROTOCOL);
        ck_assert_ptr_nonnull (strchr (err.text, '/'));
    }
    begin (SKS_FORMAT_TSV, 0);
    ck_assert_int_eq (sks_lines_page (lines, "{\"hits\":", 8, &page, &err), SKS_EPROTOCOL);
    ck_assert_int_eq (sks_lines_page (lines, "[]", 2, &page, &err), SKS_EPROTOCOL);
    static const char gone[] = "{\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"gone\"}}";
    ck_assert_int_eq (sks_lines_page (lines, gone, strlen (gone), &page, &err), SKS_ENOTFOUND);
    ck_assert_str_eq (err.text, "gone");
    char *text;
    ck_assert_int_eq (sks_stats_prometheus (gone, strlen (gone), &text, &err), SKS_ENOTFOUND);
    ck_assert_ptr_null (text);
}
END_TEST

START_TEST (invalid_arguments_are_refused)
{
    sks_page page;
    sks_lines *none;
    char *text;
    ck_assert_int_eq (sks_lines_create (&none, SKS_FORMATS, 0, NULL), SKS_EINVALID);
    ck_assert_ptr_null (none);
    ck_assert_int_eq (sks_lines_create (&none, SKS_FORMAT_CSV, 8, NULL), SKS_EINVALID);
    ck_assert_int_eq (sks_lines_create (NULL, SKS_FORMAT_CSV, 0, NULL), SKS_EINVALID);
    ck_assert_int_eq (sks_lines_page (NULL, "{}", 2, &page, NULL), SKS_EINVALID);
    ck_assert_int_eq (sks_stats_prometheus (NULL, 0, &text, NULL), SKS_EINVALID);
    ck_assert_int_eq (sks_stats_prometheus ("{", 1, &text, NULL), SKS_EPROTOCOL);
    ck_assert_ptr_null (text);
    sks_lines_destroy (NULL);
    sks_lines_destroy (&none);
}
END_TEST

Suite *
suite_lines (void)
{
    Suite *suite = suite_create ("lines");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, statements_have_three_formats);
    tcase_add_test (core, the_header_is_written_once);
    tcase_add_test (core, provenance_adds_four_columns);
    tcase_add_test (core, columns_can_be_chosen);
    tcase_add_test (core, unknown_and_repeated_columns_are_refused);
    tcase_add_test (core, a_table_without_statements_is_only_its_header);
    tcase_add_test (core, formulas_are_quoted_and_optionally_marked);
    tcase_add_test (core, no_line_has_control_characters);
    tcase_add_test (core, each_statement_is_one_line_of_ndjson);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, pages_without_progress_are_an_error);
    tcase_add_test (limits, invalid_arguments_are_refused);
    suite_add_tcase (suite, limits);
    return suite;
}
