/* check_plan.c - what a run adds, changes, takes out and keeps. */
#include "tests/support/indexing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_plan (void);

#define NOBODY 65534

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

START_TEST (tells_new_changed_and_vanished_exports)
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

START_TEST (follows_a_file_that_was_renamed)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_remove (source, "a");
    indexing_put ("b", "11-1011.00", "x");
    indexing_plan_source ();
    indexing_expect (0, 1, 0, 0);
    indexing_publish ();
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
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

START_TEST (leaves_other_sources_alone_unless_told)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_put_at (other, "b", "11-1021.00", "y", NULL);
    indexing_plan ((const char *const[]) { other }, 1, false);
    indexing_expect (1, 0, 0, 1);
    ck_assert_uint_eq (sks_report_stale (report), 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "x|y");
    indexing_plan ((const char *const[]) { other }, 1, true);
    indexing_expect (0, 0, 1, 1);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "y");
}
END_TEST

START_TEST (takes_out_only_what_lay_below_the_source)
{
    indexing_put ("sub/a", "11-1011.00", "x");
    indexing_put ("sub-2/b", "11-1021.00", "y");
    indexing_publish_source ();
    indexing_remove (source, "sub/a");
    indexing_remove (source, "sub-2/b");
    char *sub = sample_path (source, "sub");
    indexing_plan ((const char *const[]) { sub }, 1, false);
    indexing_expect (0, 0, 1, 1);
    free (sub);
}
END_TEST

/* --------------------------------------------------------- files that fail */

START_TEST (keeps_what_a_broken_file_gave_before)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_put ("c", "11-1031.00", "z");
    indexing_publish_source ();
    sample_write (source, "a", "{\"schemaVersion\":");
    sample_write (source, "c", "no export any more");
    for (int only = 0; only < 2; only++) {
        indexing_plan ((const char *const[]) { source }, 1, only);
        indexing_expect (0, 0, 1, 2);
        indexing_expect_problem (SKS_PROBLEM_NOT_JSON, "/a");
        ck_assert_uint_eq (sks_report_stale (report), 1);
    }
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "x|y");
}
END_TEST

START_TEST (keeps_what_an_unreadable_file_gave_before)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_remove (source, "a");
    indexing_link ("/proc/self/mem", "a");
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    indexing_expect_problem (SKS_PROBLEM_UNREADABLE, "/a");
    ck_assert_uint_eq (sks_report_stale (report), 1);
}
END_TEST

/* Act as a user who may not read everything; root becomes nobody. Returns
 * false if that cannot be done here. */
static bool
give_up_root (void)
{
    if (geteuid () != 0)
        return true;
    for (char *const *path = (char *const[]) { source, other, index_folder, NULL }; *path; path++)
        ck_assert_int_eq (chown (*path, NOBODY, (gid_t) -1), 0);
    return seteuid (NOBODY) == 0;
}

START_TEST (keeps_what_lies_in_a_folder_that_cannot_be_read)
{
    indexing_put ("sub/a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    char *sub = sample_path (source, "sub");
    uid_t me = geteuid ();
    ck_assert_int_eq (chmod (sub, 0), 0);
    indexing_forget ();
    if (give_up_root ()) {
        indexing_find (source);
        ck_assert_int_eq (seteuid (me), 0);
        last = sample_store (index_folder);
        indexing_read (2);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, last, true, report, NULL), 0);
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_UNREADABLE, "/sub");
    }
    ck_assert_int_eq (chmod (sub, 0755), 0);
    free (sub);
}
END_TEST

/* ------------------------------------------------ two exports for one code */

START_TEST (takes_the_later_of_two_exports_for_one_code)
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
        ck_assert_ptr_nonnull (strstr (entry->reason, "/b, whose exportedAt is later"));
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

START_TEST (takes_the_first_of_two_exports_of_one_date)
{
    indexing_put_at (source, "b", "11-1011.00", "second", "2026-01-01T00:00:00Z");
    indexing_put_at (source, "a", "11-1011.00", "first", "2026-01-01T00:00:00Z");
    indexing_publish_source ();
    ck_assert_str_eq (indexing_published (), "first");
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
}
END_TEST

START_TEST (takes_a_later_export_over_another_sources_and_tells_of_an_earlier_one)
{
    indexing_put_at (source, "a", "11-1011.00", "middle", "2026-01-02T00:00:00Z");
    indexing_publish_source ();
    indexing_put_at (other, "b", "11-1011.00", "early", "2026-01-01T00:00:00Z");
    indexing_plan ((const char *const[]) { other }, 1, false);
    indexing_expect (0, 0, 0, 1);
    indexing_expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
    indexing_put_at (other, "b", "11-1011.00", "late", "2026-01-03T00:00:00Z");
    indexing_plan ((const char *const[]) { other }, 1, false);
    indexing_expect (0, 1, 0, 0);
    ck_assert_uint_eq (sks_report_count (report), 0);
    indexing_publish ();
    ck_assert_str_eq (indexing_published (), "late");
}
END_TEST

START_TEST (takes_this_runs_export_over_another_sources_of_one_date)
{
    static const char *const order[][2] = { { "a/file", "b" }, { "b/file", "a" } };
    for (size_t i = 0; i < 2; i++) {
        char *before = sample_path (source, i ? "b" : "a"), *now = sample_path (source, order[i][1]);
        char name[16];
        indexing_put (order[i][0], "11-1011.00", "before");
        indexing_plan ((const char *const[]) { before }, 1, true);
        indexing_publish ();
        snprintf (name, sizeof name, "%s/now", order[i][1]);
        indexing_put (name, "11-1011.00", "now");
        indexing_plan ((const char *const[]) { now }, 1, false);
        indexing_expect (0, 1, 0, 0);
        indexing_publish ();
        ck_assert_str_eq (indexing_published (), "now");
        indexing_remove (source, order[i][0]);
        indexing_remove (source, name);
        free (before);
        free (now);
    }
}
END_TEST

Suite *
suite_plan (void)
{
    Suite *suite = suite_create ("plan");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, indexing_set_up, indexing_tear_down);
    tcase_add_checked_fixture (limits, indexing_set_up, indexing_tear_down);
    tcase_set_timeout (core, 60);
    tcase_set_timeout (limits, 60);
    tcase_add_test (core, adds_all_on_the_first_run_and_nothing_on_the_next);
    tcase_add_test (core, tells_new_changed_and_vanished_exports);
    tcase_add_test (core, follows_a_file_that_was_renamed);
    tcase_add_test (core, follows_a_file_whose_occupation_changed);
    tcase_add_test (core, leaves_other_sources_alone_unless_told);
    tcase_add_test (core, takes_out_only_what_lay_below_the_source);
    tcase_add_test (core, takes_the_later_of_two_exports_for_one_code);
    tcase_add_test (core, compares_dates_as_times);
    tcase_add_test (core, takes_the_first_of_two_exports_of_one_date);
    tcase_add_test (core, takes_a_later_export_over_another_sources_and_tells_of_an_earlier_one);
    tcase_add_test (core, takes_this_runs_export_over_another_sources_of_one_date);
    tcase_add_test (limits, keeps_what_lies_in_a_folder_that_cannot_be_read);
    tcase_add_test (limits, keeps_what_a_broken_file_gave_before);
    tcase_add_test (limits, keeps_what_an_unreadable_file_gave_before);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
