/* check_plan.c - what a run adds, changes, removes and keeps, and which of two exports for one code it uses.
 * check_loss.c has what it keeps when files are missing or broken. */
#include "tests/support/indexing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

Suite *suite_plan (void);

/* ------------------------------------------------ exports that come and go */

START_TEST (adds_all_on_the_first_run_and_nothing_on_the_next)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("sub/b", "11-1021.00", "y");
    indexing_plan_source ();
    indexing_expect (2, 0, 0, 0);
    ck_assert_uint_eq (plan->statements, 2);
    indexing_publish ();
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 2);
}
END_TEST

START_TEST (distinguishes_new_changed_and_removed_exports)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_put ("c", "11-1031.00", "z");
    indexing_publish_source ();
    indexing_put ("b", "11-1021.00", "y, reworded");
    indexing_remove (source, "c");
    indexing_put ("d", "11-2011.00", "new");
    indexing_plan_source ();
    indexing_expect (1, 1, 1, 1);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "x|y, reworded|new");
}
END_TEST

START_TEST (counts_a_renamed_file_as_kept_and_records_its_new_name)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_remove (source, "a");
    indexing_put ("b", "11-1011.00", "x");
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    ck_assert_uint_eq (plan->renamed, 1);
    ck_assert_uint_eq (sks_report_stale (report), 0);
    indexing_publish ();
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    ck_assert_uint_eq (plan->renamed, 0);
    sample_write (source, "b", "");
    indexing_plan_source ();
    ck_assert_uint_eq (sks_report_stale (report), 1);
}
END_TEST

START_TEST (follows_a_file_whose_occupation_changed)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_put ("a", "11-1021.00", "x");
    indexing_plan_source ();
    indexing_expect (1, 0, 1, 0);
}
END_TEST

START_TEST (keeps_other_sources_unless_they_are_named)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_put_at (other, "b", "11-1021.00", "y", NULL);
    indexing_plan_from (other, false);
    indexing_expect (1, 0, 0, 1);
    ck_assert_uint_eq (sks_report_stale (report), 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "x|y");
    indexing_plan_from (other, true);
    indexing_expect (0, 0, 1, 1);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "y");
}
END_TEST

START_TEST (removes_only_exports_below_the_source)
{
    indexing_put ("sub/a", "11-1011.00", "x");
    indexing_put ("sub/stays", "11-1031.00", "z");
    indexing_put ("sub-2/b", "11-1021.00", "y");
    indexing_publish_source ();
    indexing_remove (source, "sub/a");
    indexing_remove (source, "sub-2/b");
    char *sub = sample_path (source, "sub");
    indexing_plan_from (sub, false);
    indexing_expect (0, 0, 1, 2);
    free (sub);
}
END_TEST

START_TEST (removes_the_exports_of_a_path_that_may_be_missing)
{
    static const char *const ways[] = { "sub", "sub/", "./sub//../sub", "absent/.././sub" };
    for (size_t i = 0; i < 2 * sizeof ways / sizeof *ways; i++) {
        char way[4096];
        const char *removed[] = { way };
        snprintf (way, sizeof way, "%s/%s", source, ways[i / 2]);
        indexing_put ("sub/a", "11-1011.00", "x");
        indexing_put ("b", "11-1021.00", "y");
        indexing_publish_source ();
        if (i % 2) {
            indexing_remove (source, "sub/a");
            indexing_remove_folder ("sub");
        }
        terms = (sks_source_request) { .removed = removed, .removed_count = 1 };
        indexing_plan ((const char *const[]) { source }, i % 2, false);
        indexing_expect (0, 0, 1, 1);
        indexing_plan_from (source, false);
        indexing_expect (0, 0, 1, 1);
        ck_assert_uint_eq (sks_report_count (report), 0);
        terms = (sks_source_request) { .removed = NULL };
    }
}
END_TEST

START_TEST (refuses_to_remove_a_path_without_exports)
{
    sks_error err;
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_forget ();
    last = sample_store (index_folder);
    sks_source_request request = { .removed = (const char *const[]) { "/no/such" }, .removed_count = 1 };
    ck_assert_int_eq (sks_sources_find (&sources, &request, last, report, &err), SKS_ENOTFOUND);
    ck_assert_ptr_nonnull (strstr (err.text, "--remove /no/such"));
}
END_TEST

/* ------------------------------------------------ two exports for one code */

START_TEST (uses_the_later_of_two_exports_for_one_code)
{
    indexing_put_at (source, "a", "11-1011.00", "early", "2026-01-01T00:00:00Z");
    indexing_put_at (source, "b", "11-1011.00", "late", "2026-01-02T00:00:00Z");
    indexing_put_at (source, "c", "11-1011.00", "without a date", NULL);
    indexing_plan_source ();
    indexing_expect (1, 0, 0, 0);
    ck_assert_uint_eq (sks_report_count (report), 2);
    for (size_t i = 0; i < 2; i++) {
        const sks_report_entry *entry = sks_report_entry_at (report, i);
        ck_assert_int_eq (entry->problem, SKS_PROBLEM_SAME_SOC);
        ck_assert_str_eq (entry->pointer, "/occupation/soc");
        ck_assert_str_eq (strrchr (entry->file, '/'), i ? "/c" : "/a");
        ck_assert_ptr_nonnull (
            strstr (entry->reason, i ? "/b, whose exportedAt is a date" : "/b, whose exportedAt is later"));
    }
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "late");
}
END_TEST

START_TEST (compares_dates_as_times)
{
    indexing_put_at (source, "a", "11-1011.00", "early", "2026-01-01T00:00:00+02:00");
    indexing_put_at (source, "b", "11-1011.00", "late", "2025-12-31T23:30:00Z");
    indexing_publish_source ();
    ck_assert_str_eq (indexing_published (), "late");
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/a");
}
END_TEST

START_TEST (uses_the_first_of_two_exports_of_one_date)
{
    indexing_put_at (source, "b", "11-1011.00", "second", "2026-01-01T00:00:00Z");
    indexing_put_at (source, "a", "11-1011.00", "first", "2026-01-01T00:00:00Z");
    indexing_publish_source ();
    ck_assert_str_eq (indexing_published (), "first");
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
}
END_TEST

START_TEST (prefers_a_later_export_of_another_source_and_reports_an_earlier_one)
{
    indexing_put_at (source, "a", "11-1011.00", "middle", "2026-01-02T00:00:00Z");
    indexing_publish_source ();
    indexing_put_at (other, "b", "11-1011.00", "early", "2026-01-01T00:00:00Z");
    indexing_plan_from (other, false);
    indexing_expect (0, 0, 0, 1);
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
    indexing_put_at (other, "b", "11-1011.00", "late", "2026-01-03T00:00:00Z");
    indexing_plan_from (other, false);
    indexing_expect (0, 1, 0, 0);
    ck_assert_uint_eq (sks_report_count (report), 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "late");
}
END_TEST

START_TEST (of_two_exports_of_one_date_keeps_that_of_the_last_generation)
{
    indexing_put ("b", "11-1011.00", "indexed");
    indexing_publish_source ();
    indexing_put ("a", "11-1011.00", "other");
    indexing_put ("c", "11-1011.00", "other");
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    ck_assert_uint_eq (sks_report_count (report), 2);
    ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->reason, "/b, whose exportedAt is the same"));
    indexing_put ("b", "11-1011.00", "indexed, reworded");
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "indexed, reworded");
}
END_TEST

/* One of the two is known by its bytes and not parsed again, which must not decide between them. */
START_TEST (of_two_exports_in_one_file_keeps_that_of_the_last_generation)
{
    char *lines[2];
    sks_buffer text = SKS_BUFFER_INIT (SIZE_MAX / 2);
    for (int i = 0; i < 2; i++) {
        lines[i] = sample_export (&(sample_occupation) { "11-1011.00", "T", .exported_at = "2026-01-01T00:00:00Z",
                                                         .levels = { i ? "second" : "first" } });
        sks_buffer_printf (&text, "%s\n", lines[i]);
    }
    sample_write (source, "a.ndjson", sks_buffer_text (&text));
    indexing_publish_source ();
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq (indexing_published (), i ? "second" : "first");
        indexing_plan_source ();
        indexing_expect (0, 0, 0, 1);
        indexing_expect_problem (SKS_PROBLEM_SAME_SOC, i ? "/a.ndjson:1" : "/a.ndjson:2");
        if (i)
            break;
        sample_write (source, "a.ndjson", lines[1]); /* the second one alone, then both again */
        indexing_publish_source ();
        sample_write (source, "a.ndjson", sks_buffer_text (&text));
    }
    sks_buffer_free (&text);
    free (lines[0]);
    free (lines[1]);
}
END_TEST

/* An export whose second level is misspelt or not. */
static void
put_two_levels (const char *name, bool sound)
{
    char *json = sample_export (&(sample_occupation) {
        .soc = "11-1011.00", .title = "T", .exported_at = "2026-01-01T00:00:00Z", .levels = { "x", "y" } });
    if (!sound)
        strstr (json, "developing")[1] = 'i';
    sample_write (source, name, json);
    free (json);
}

START_TEST (of_two_exports_of_one_date_uses_the_one_without_problems)
{
    put_two_levels ("a", false);
    put_two_levels ("b", true);
    for (int i = 0; i < 2; i++) {
        indexing_plan_source ();
        ck_assert_uint_eq (sks_report_count (report), 2);
        ck_assert_int_eq (sks_report_entry_at (report, 0)->problem, SKS_PROBLEM_LEVEL);
        ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 1)->reason,
                                       "/b, whose exportedAt is the same, and which has no problems"));
        ck_assert_str_eq (strrchr (plan->frameworks[0]->source, '/'), "/b");
        ck_assert_uint_eq (sks_report_warnings (report), 0);
        if (i)
            continue;
        /* The last generation has the other one. */
        indexing_remove (source, "b");
        indexing_publish_source ();
        put_two_levels ("b", true);
    }
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "y|x");
}
END_TEST

/* The file of the indexed export cannot be read now; another one of the same date can, with a problem and without. */
START_TEST (a_stale_export_gives_way_to_one_of_its_date_that_was_read)
{
    for (int sound = 0; sound < 2; sound++) {
        indexing_put_at (source, "a", "11-1011.00", "indexed", "2026-01-01T00:00:00Z");
        indexing_publish_source ();
        sample_write (source, "a", "{");
        indexing_plan_source ();
        ck_assert (plan->frameworks[0]->stale);
        put_two_levels ("b", sound);
        indexing_plan_source ();
        indexing_expect (0, 1, 0, 0);
        ck_assert_uint_eq (sks_report_count (report), sound ? 1 : 2);
        indexing_publish ();
        ck_assert_str_eq (indexing_published (), sound ? "y|x" : "x");
        /* The first file, repaired, does not take the place of the one that is indexed now unless that has problems. */
        indexing_put_at (source, "a", "11-1011.00", "indexed", "2026-01-01T00:00:00Z");
        indexing_plan_source ();
        ck_assert_str_eq (strrchr (plan->frameworks[0]->source, '/'), sound ? "/b" : "/a");
        indexing_remove (source, "b");
    }
}
END_TEST

/* Another export of the file is broken, so all that it had may be stale, but this one was read. */
START_TEST (an_export_that_was_read_beside_a_broken_one_is_not_stale)
{
    put_two_levels ("a", true);
    indexing_publish_source ();
    put_two_levels ("a", false);
    char *path = sample_path (source, "a");
    FILE *file = fopen (path, "a");
    ck_assert_ptr_nonnull (file);
    ck_assert_int_gt (fprintf (file, "\n{\"schemaVersion\": 1,\n"), 0);
    ck_assert_int_eq (fclose (file), 0);
    free (path);
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    ck_assert (!plan->frameworks[0]->stale);
    ck_assert_uint_eq (sks_report_count (report), 2);
}
END_TEST

START_TEST (an_export_that_lost_statements_with_a_problem_is_used_with_a_warning)
{
    put_two_levels ("a", true);
    indexing_publish_source ();
    put_two_levels ("a", false);
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    indexing_expect_problem (SKS_PROBLEM_LEVEL, "/a");
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "x");
}
END_TEST

START_TEST (of_two_exports_of_one_date_uses_the_file_modified_last)
{
    for (int i = 0; i < 2; i++) {
        indexing_put ("a", "11-1011.00", "a");
        indexing_put ("b", "11-1011.00", "b");
        char *older = sample_path (source, i ? "a" : "b");
        ck_assert_int_eq (utimes (older, (struct timeval[2]) { { 1, 0 }, { 1, 0 } }), 0);
        indexing_plan_source ();
        ck_assert_str_eq (strrchr (plan->frameworks[0]->source, '/'), i ? "/b" : "/a");
        free (older);
    }
}
END_TEST

START_TEST (warns_about_two_files_with_equal_bytes)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1011.00", "x");
    for (int i = 0; i < 2; i++) {
        indexing_plan_source ();
        ck_assert_uint_eq (sks_report_count (report), 0);
        ck_assert_uint_eq (sks_report_warnings (report), 1);
        if (!i)
            indexing_publish ();
    }
}
END_TEST

START_TEST (keeps_an_export_of_one_date_of_another_source_while_its_file_exists)
{
    char *now = sample_path (source, "now");
    indexing_put ("before/a", "11-1011.00", "before");
    indexing_publish_source ();
    indexing_put ("now/a", "11-1011.00", "now");
    indexing_plan_from (now, false);
    indexing_expect (0, 0, 0, 1);
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/now/a");
    indexing_remove (source, "before/a");
    indexing_plan_from (now, false);
    indexing_expect (0, 1, 0, 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "now");
    free (now);
}
END_TEST

START_TEST (an_export_without_a_readable_date_is_never_the_later_one)
{
    indexing_put_at (source, "a", "11-1011.00", "dated", "2026-01-01");
    indexing_put_at (source, "b", "11-1011.00", "undated", "yesterday");
    indexing_publish_source ();
    ck_assert_str_eq (indexing_published (), "dated");
    ck_assert_ptr_nonnull (
        strstr (sks_report_entry_at (report, 0)->reason, "exportedAt is a date, which this one lacks"));
    ck_assert_uint_eq (sks_report_warnings (report), 1);
}
END_TEST

Suite *
suite_plan (void)
{
    Suite *suite = suite_create ("plan");
    TCase *core = indexing_case (suite, "Core");
    tcase_add_test (core, adds_all_on_the_first_run_and_nothing_on_the_next);
    tcase_add_test (core, distinguishes_new_changed_and_removed_exports);
    tcase_add_test (core, counts_a_renamed_file_as_kept_and_records_its_new_name);
    tcase_add_test (core, follows_a_file_whose_occupation_changed);
    tcase_add_test (core, keeps_other_sources_unless_they_are_named);
    tcase_add_test (core, removes_only_exports_below_the_source);
    tcase_add_test (core, uses_the_later_of_two_exports_for_one_code);
    tcase_add_test (core, compares_dates_as_times);
    tcase_add_test (core, uses_the_first_of_two_exports_of_one_date);
    tcase_add_test (core, prefers_a_later_export_of_another_source_and_reports_an_earlier_one);
    tcase_add_test (core, of_two_exports_of_one_date_keeps_that_of_the_last_generation);
    tcase_add_test (core, of_two_exports_in_one_file_keeps_that_of_the_last_generation);
    tcase_add_test (core, of_two_exports_of_one_date_uses_the_one_without_problems);
    tcase_add_test (core, a_stale_export_gives_way_to_one_of_its_date_that_was_read);
    tcase_add_test (core, an_export_that_was_read_beside_a_broken_one_is_not_stale);
    tcase_add_test (core, an_export_that_lost_statements_with_a_problem_is_used_with_a_warning);
    tcase_add_test (core, of_two_exports_of_one_date_uses_the_file_modified_last);
    tcase_add_test (core, keeps_an_export_of_one_date_of_another_source_while_its_file_exists);
    tcase_add_test (core, an_export_without_a_readable_date_is_never_the_later_one);
    tcase_add_test (core, warns_about_two_files_with_equal_bytes);
    tcase_add_test (core, removes_the_exports_of_a_path_that_may_be_missing);
    tcase_add_test (core, refuses_to_remove_a_path_without_exports);
    return suite;
}
