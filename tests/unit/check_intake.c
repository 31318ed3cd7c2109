/* check_intake.c - reads files into statements: from folders, from standard input, again when nothing changed; and the
 * reports about them. */
#include "indexer/nearness.h"
#include "indexer/report_json.h"
#include "tests/support/indexing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_intake (void);

/* ------------------------------------------------------------------- files */

START_TEST (reports_files_that_cannot_be_read)
{
    /* The first is a regular file that not even root can read; the second is deleted before it is read. */
    indexing_link ("/proc/self/mem", "memory");
    sample_write (source, "gone", "x");
    indexing_find (source);
    ck_assert_str_eq (indexing_files (), "gone memory");
    indexing_remove (source, "gone");
    indexing_read (1);
    ck_assert_uint_eq (sks_report_count (report), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq (sks_report_entry_at (report, i)->problem, SKS_PROBLEM_UNREADABLE);
    ck_assert_uint_eq (intake->rejected_count, 2);
}
END_TEST

START_TEST (does_not_parse_an_unchanged_file)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    indexing_put ("b", "11-1021.00", "z");
    indexing_plan_source ();
    ck_assert_uint_eq (intake->same_count, 1);
    ck_assert_uint_eq (intake->collections[0]->framework_count + intake->collections[1]->framework_count, 1);
    indexing_expect (0, 1, 0, 1);
}
END_TEST

START_TEST (does_not_read_a_file_with_the_stamp_that_it_had)
{
    uint64_t stamp;
    int64_t settled = sks_source_settled_ns;
    sks_source_settled_ns = 0;
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_put ("a", "11-1011.00", "y");
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    stamp = sks_sources_file (sources, 0)->stamp;
    ck_assert_uint_ne (stamp, 0);
    ck_assert_uint_eq (plan->frameworks[0]->stamp, stamp);
    terms.stamps = &stamp; /* as if the first text had had it */
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    ck_assert_uint_eq (plan->frameworks[0]->stamp, stamp);
    sks_source_settled_ns = settled; /* now the file is too new */
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    ck_assert_uint_eq (plan->frameworks[0]->stamp, 0);
    sks_source_settled_ns = 0;
    stamp++;
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    sks_source_settled_ns = settled;
}
END_TEST

START_TEST (a_file_with_more_than_one_export_has_no_stamp)
{
    sks_source_settled_ns = 0;
    char *texts[] = { sample_export (&(sample_occupation) { "11-1011.00", "A", .levels = { "x" } }),
                      sample_export (&(sample_occupation) { "11-1021.00", "B", .levels = { "y" } }) };
    char both[4000];
    snprintf (both, sizeof both, "%s\n%s\n", texts[0], texts[1]);
    sample_write (source, "a", both);
    sample_write (source, "b", "soc,title,level,statement\n11-1031.00,C,emerging,z\n");
    indexing_publish_source ();
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq (plan->frameworks[i]->stamp, 0);
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq (plan->frameworks[i]->stamp, 0);
    free (texts[0]);
    free (texts[1]);
    sks_source_settled_ns = INT64_C (3000000000);
}
END_TEST

START_TEST (does_not_parse_unchanged_occupations_of_a_table)
{
    sample_write (source, "a", "soc,title,level,statement\n11-1011.00,A,emerging,x\n11-1021.00,B,emerging,y\n");
    indexing_publish_source ();
    sample_write (source, "a",
                  "soc,title,level,statement\n11-1021.00,B,emerging,z\n\n11-1011.00,A,emerging,x\n"
                  "11-1021.00,B,emerging,y\n");
    indexing_plan_source ();
    ck_assert_uint_eq (intake->same_count, 1);
    indexing_expect (0, 1, 0, 1);
}
END_TEST

START_TEST (reports_bad_rows_of_an_unchanged_table_again)
{
    sample_write (source, "a", "soc,title,level,statement\n11-1011.00,A,emerging,x\n11-1011.00,A,senior,y\n");
    indexing_publish_source ();
    for (int i = 0; i < 2; i++) {
        indexing_plan_source ();
        ck_assert_uint_eq (intake->same_count, 0);
        indexing_expect (0, 0, 0, 1);
        indexing_expect_problem (SKS_PROBLEM_LEVEL, "a:3");
    }
}
END_TEST

START_TEST (parses_a_moved_file_again)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_remove (source, "a");
    indexing_put ("b", "11-1011.00", "x");
    indexing_plan_source ();
    ck_assert_uint_eq (intake->same_count, 0);
    indexing_expect (0, 0, 0, 1);
}
END_TEST

START_TEST (reports_an_unchanged_bad_file_again)
{
    indexing_put ("a", "11-1011.00", "x\nx");
    indexing_put ("b", "11-1021.00",
                  "Weigh the red parcels of every street by hand now\n"
                  "Weigh the red parcels of every street by hand then");
    indexing_publish_source ();
    indexing_plan_source ();
    ck_assert_uint_eq (intake->same_count, 0);
    indexing_expect (0, 0, 0, 2);
    ck_assert_uint_eq (sks_report_count (report), 1);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
}
END_TEST

START_TEST (reports_problems_in_the_order_of_files_with_any_number_of_threads)
{
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf (name, sizeof name, "%02d", i);
        sample_write (source, name, i % 2 ? "{\"schemaVersion\":1}" : "{\"schemaVersion\"");
    }
    indexing_find (source);
    indexing_read (7);
    ck_assert_uint_eq (sks_report_count (report), 20);
    for (size_t i = 0; i < 20; i++) {
        const sks_report_entry *entry = sks_report_entry_at (report, i);
        ck_assert_int_eq (atoi (strrchr (entry->file, '/') + 1), (int) i);
        ck_assert_int_eq (entry->problem, i % 2 ? SKS_PROBLEM_SCHEMA_VERSION : SKS_PROBLEM_NOT_JSON);
    }
}
END_TEST

/* ---------------------------------------------------------- standard input */

/* Make this text the standard input. */
static void
feed_input (const char *text)
{
    FILE *file = tmpfile ();
    ck_assert_ptr_nonnull (file);
    ck_assert_uint_eq (fwrite (text, 1, strlen (text), file), strlen (text));
    rewind (file);
    ck_assert_int_eq (dup2 (fileno (file), STDIN_FILENO), STDIN_FILENO);
    fclose (file);
}

START_TEST (reads_one_export_per_line_from_standard_input)
{
    sks_buffer lines = SKS_BUFFER_INIT (10000);
    char *first = sample_export (&(sample_occupation) { "11-1011.00", "A", .levels = { "first" } });
    char *second = sample_export (&(sample_occupation) { "11-1021.00", "B", .levels = { "second" } });
    sks_buffer_printf (&lines, "%s\r\n\n \t\n{\"schemaVersion\"\n%s", first, second);
    feed_input (sks_buffer_text (&lines));
    indexing_plan_from ("-", false);
    ck_assert_uint_eq (sks_sources_count (sources), 3);
    indexing_expect_problem (SKS_PROBLEM_NOT_JSON, "-:4");
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "first|second");
    free (first);
    free (second);
    sks_buffer_free (&lines);
}
END_TEST

/* Read three exports as lines, from a file or from standard input. */
static char *
three (const char *text, const char *between)
{
    static char out[4096];
    size_t used = 0;
    for (int i = 0; i < 3; i++) {
        char soc[16];
        snprintf (soc, sizeof soc, "11-10%d1.00", i + 1);
        char *export = sample_export (&(sample_occupation) { soc, "A", .levels = { i == 1 ? text : "same" } });
        used += (size_t) snprintf (out + used, sizeof out - used, "%s%s", i ? between : "", export);
        free (export);
    }
    return out;
}

START_TEST (reads_every_export_of_a_file_with_several)
{
    static const char *const forms[][2] = {
        { "", "" }, { "", "\n" }, { "[", "]" }, { "{\"exports\":[", "]}" }, { "\xEF\xBB\xBF[", "]" }
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[4096];
        snprintf (text, sizeof text, "%s%s%s", forms[i][0], three ("second", i < 2 ? "\n" : ","), forms[i][1]);
        sample_write (source, "several", text);
        indexing_plan_source ();
        ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
        if (i)
            indexing_expect (0, 0, 0, 3);
        else
            indexing_publish ();
        ck_assert_uint_eq (i ? intake->same_count : 3, 3);
    }
    ck_assert_str_eq (indexing_published (), "same|second|same");
}
END_TEST

START_TEST (keeps_the_statements_of_an_export_that_broke_among_several)
{
    static const char *const forms[][2] = { { "", "" }, { "[", "]" }, { "{\"exports\":[", "]}" } };
    static const char *const places[] = { "/several:2", "/several", "/several" };
    static const char *const pointers[] = { "/occupation/title", "/1/occupation/title", "/exports/1/occupation/title" };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[4096], *title;
        snprintf (text, sizeof text, "%s%s%s", forms[i][0], three ("second", i ? "," : "\n"), forms[i][1]);
        sample_write (source, "several", text);
        indexing_publish_source ();
        title = strstr (strstr (text, "11-1021.00"), "title");
        title[0] = 'T';
        sample_write (source, "several", text);
        indexing_plan_source ();
        indexing_expect (0, 0, 0, 3);
        indexing_expect_problem (SKS_PROBLEM_MISSING, places[i]);
        ck_assert_str_eq (sks_report_entry_at (report, 0)->pointer, pointers[i]);
        ck_assert_uint_eq (sks_report_stale (report), 1);
    }
}
END_TEST

START_TEST (removes_exports_that_a_file_of_several_no_longer_has)
{
    char *text = three ("second", "\n");
    sample_write (source, "several", text);
    indexing_publish_source ();
    strrchr (text, '\n')[0] = '\0';
    sample_write (source, "several", text);
    indexing_plan_source ();
    indexing_expect (0, 0, 1, 2);
    ck_assert_uint_eq (sks_report_count (report), 0);
}
END_TEST

START_TEST (knows_a_line_by_its_content_and_not_by_its_place)
{
    feed_input (three ("second", "\n"));
    indexing_plan_from ("-", false);
    indexing_publish ();
    char *text = three ("second", "\n"), turned[4096];
    char *first = strtok (text, "\n"), *second = strtok (NULL, "\n"), *third = strtok (NULL, "\n");
    snprintf (turned, sizeof turned, "\n%s\n\n%s\n%s\n%s\n", third, second, first, second);
    feed_input (turned);
    indexing_plan_from ("-", true);
    ck_assert_uint_eq (intake->same_count, 3);
    indexing_expect (0, 0, 0, 3);
    ck_assert_uint_eq (plan->renamed, 0);
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
}
END_TEST

START_TEST (keeps_exports_of_standard_input_when_a_line_is_broken_or_it_is_empty)
{
    feed_input (three ("second", "\n"));
    indexing_plan_from ("-", false);
    indexing_publish ();
    char *text = three ("second", "\n");
    strchr (text, '\n')[20] = '\n';
    const char *inputs[] = { text, "", "\x1F\x8B\x08" };
    for (size_t i = 0; i < 2 * sizeof inputs / sizeof *inputs; i++) {
        bool only = i % 2, broken = i / 2 == 0;
        feed_input (inputs[i / 2]);
        indexing_plan_from ("-", only);
        indexing_expect (0, 0, 0, 3);
        ck_assert_uint_gt (sks_report_count (report), 0);
        ck_assert_uint_eq (sks_report_stale (report), !broken ? 3 : only ? 1 : 0);
    }
    feed_input (strtok (three ("second", "\n"), "\n"));
    indexing_plan_from ("-", true);
    indexing_expect (0, 0, 2, 1);
}
END_TEST

START_TEST (standard_input_removes_nothing)
{
    indexing_put ("a", "11-1011.00", "file");
    indexing_publish_source ();
    char *line = sample_export (&(sample_occupation) { "11-1021.00", "B", .levels = { "line" } });
    feed_input (line);
    indexing_plan_from ("-", false);
    indexing_expect (1, 0, 0, 1);
    indexing_publish ();
    char *another = sample_export (&(sample_occupation) { "11-1031.00", "C", .levels = { "line" } });
    feed_input (another);
    indexing_plan_from ("-", false);
    indexing_expect (1, 0, 0, 2);
    ck_assert_uint_eq (sks_report_stale (report), 0);
    free (another);
    free (line);
}
END_TEST

/* ---------------------------------------------------------------- warnings */

static const char *
report_text (void)
{
    static sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    sks_summary summary = { .outcome = "checked" };
    sks_buffer_clear (&out);
    ck_assert_int_eq (sks_report_json (report, &summary, &out, NULL), 0);
    return sks_buffer_text (&out);
}

static void
read_source (void)
{
    indexing_find (source);
    indexing_read (2);
}

START_TEST (warns_about_nearly_equal_statements)
{
    sample_put (source, "a",
                &(sample_occupation) {
                    "11-1011.00", "Title",
                    .levels = { "Weigh parcels\nSort all the mail of one street by number every day", NULL,
                                "Bind books\nSort all the mail of one street by number each day\nSort mail" } });
    read_source ();
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    ck_assert_ptr_nonnull (strstr (report_text (),
                                   "\"statement\":\"/framework/levels/proficient/statements/1\","
                                   "\"reason\":\"90% similar: /framework/levels/emerging/statements/1\""));
}
END_TEST

START_TEST (warns_about_one_text_at_two_levels_but_not_in_two_occupations)
{
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "Title", .levels = { "Sort mail", "Sort mail" } });
    indexing_put ("b", "11-1021.00", "Sort mail");
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    ck_assert_ptr_nonnull (strstr (report_text (), "developing/statements/0\",\"reason\":\"100% similar"));
}
END_TEST

START_TEST (warns_at_most_twenty_times_per_export)
{
    sks_buffer lines = SKS_BUFFER_INIT (1 << 16);
    for (int i = 0; i < SKS_MAX_WARNINGS + 8; i++)
        sks_buffer_printf (&lines, "%sSort all the mail of one street by number on day %d", i ? "\n" : "", i);
    indexing_put ("a", "11-1011.00", sks_buffer_text (&lines));
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), SKS_MAX_WARNINGS + 1);
    ck_assert_ptr_nonnull (strstr (report_text (), "\"reason\":\"7 more near duplicates"));
    sks_buffer_free (&lines);
}
END_TEST

START_TEST (does_not_warn_about_statements_without_words)
{
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "Title", .levels = { "...\n!!!", "..." } });
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), 0);
}
END_TEST

Suite *
suite_intake (void)
{
    Suite *suite = suite_create ("intake");
    TCase *core = indexing_case (suite, "Core"), *limits = indexing_case (suite, "Limits");
    tcase_add_test (core, reads_one_export_per_line_from_standard_input);
    tcase_add_test (core, standard_input_removes_nothing);
    tcase_add_test (core, reads_every_export_of_a_file_with_several);
    tcase_add_test (core, removes_exports_that_a_file_of_several_no_longer_has);
    tcase_add_test (core, knows_a_line_by_its_content_and_not_by_its_place);
    tcase_add_test (limits, keeps_the_statements_of_an_export_that_broke_among_several);
    tcase_add_test (limits, keeps_exports_of_standard_input_when_a_line_is_broken_or_it_is_empty);
    tcase_add_test (core, warns_about_nearly_equal_statements);
    tcase_add_test (core, warns_about_one_text_at_two_levels_but_not_in_two_occupations);
    tcase_add_test (core, reports_problems_in_the_order_of_files_with_any_number_of_threads);
    tcase_add_test (core, does_not_parse_an_unchanged_file);
    tcase_add_test (core, does_not_read_a_file_with_the_stamp_that_it_had);
    tcase_add_test (core, a_file_with_more_than_one_export_has_no_stamp);
    tcase_add_test (core, does_not_parse_unchanged_occupations_of_a_table);
    tcase_add_test (core, reports_bad_rows_of_an_unchanged_table_again);
    tcase_add_test (core, parses_a_moved_file_again);
    tcase_add_test (core, reports_an_unchanged_bad_file_again);
    tcase_add_test (limits, reports_files_that_cannot_be_read);
    tcase_add_test (limits, warns_at_most_twenty_times_per_export);
    tcase_add_test (limits, does_not_warn_about_statements_without_words);
    return suite;
}
