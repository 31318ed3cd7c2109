/* check_loss.c - what happens to exports whose sources, folders or files are missing or broken. */
#include "tests/support/indexing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_loss (void);

#define NOBODY 65534

/* ------------------------------------------------------------ lost sources */

START_TEST (keeps_the_exports_of_a_source_without_exports_now)
{
    for (int only = 0; only < 2; only++) {
        indexing_put ("a", "11-1011.00", "x");
        indexing_put ("sub/b", "11-1021.00", "y");
        indexing_publish_source ();
        indexing_remove (source, "a");
        indexing_remove (source, "sub/b");
        sample_write (source, "README.md", "Nothing is mounted here.");
        indexing_plan_from (source, only);
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_LOST, source);
        ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->notes,
                                       "Exports from it: 2. They stay in the index and are stale.\n"));
        ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->notes, "--allow-empty, or --remove PATH.\n"));
        ck_assert_uint_eq (sks_report_stale (report), 2);
        terms.allow_empty = true;
        indexing_plan_from (source, only);
        indexing_expect (0, 0, 2, 0);
        ck_assert_uint_eq (sks_report_count (report), 0);
        terms.allow_empty = false;
    }
}
END_TEST

START_TEST (keeps_the_exports_of_a_folder_without_exports_now)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("mount/deep/b", "11-1021.00", "y");
    indexing_put ("mount/c", "11-1031.00", "z");
    indexing_publish_source ();
    indexing_remove (source, "mount/deep/b");
    indexing_remove (source, "mount/c");
    indexing_remove_folder ("mount/deep");
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 3);
    indexing_expect_problem (SKS_PROBLEM_LOST, "/mount");
    ck_assert_uint_eq (sks_report_stale (report), 2);
    indexing_remove_folder ("mount");
    indexing_plan_source ();
    indexing_expect (0, 0, 2, 1);
    ck_assert_uint_eq (sks_report_count (report), 0);
}
END_TEST

START_TEST (uses_exports_moved_out_of_an_emptied_folder)
{
    indexing_put ("from/a", "11-1011.00", "x");
    indexing_publish_source ();
    indexing_remove (source, "from/a");
    indexing_put ("to/a", "11-1011.00", "x");
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 1);
    ck_assert_uint_eq (plan->renamed, 1);
    ck_assert_uint_eq (sks_report_count (report) + sks_report_stale (report), 0);
}
END_TEST

START_TEST (keeps_the_exports_of_a_missing_source_beside_others)
{
    indexing_put ("there/a", "11-1011.00", "x");
    indexing_put ("away/b", "11-1021.00", "y");
    char *names[] = { sample_path (source, "there"), sample_path (source, "away") };
    indexing_publish_source ();
    indexing_remove (source, "away/b");
    indexing_remove_folder ("away");
    for (int only = 0; only < 2; only++) {
        indexing_plan ((const char *const *) names, 2, only);
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_LOST, "/away");
        ck_assert_uint_eq (sks_report_stale (report), 1);
    }
    indexing_plan ((const char *const *) &names[1], 1, false);
    indexing_expect (0, 0, 1, 1);
    ck_assert_uint_eq (sks_report_count (report), 0);
    free (names[0]);
    free (names[1]);
}
END_TEST

START_TEST (keeps_the_exports_of_a_source_whose_parent_is_empty_or_missing)
{
    indexing_put ("mount/data/a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    char *data = sample_path (source, "mount/data");
    indexing_remove (source, "mount/data/a");
    for (char *const *gone = (char *const[]) { "mount/data", "mount", NULL }; *gone; gone++) {
        indexing_remove_folder (*gone);
        indexing_plan_from (data, false);
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_LOST, "/mount/data");
    }
    free (data);
}
END_TEST

/* Write exports first..end-1, each of its own occupation, under names that begin with this; remove them. */
static void
put_numbered (const char *prefix, int first, int end)
{
    for (int i = first; i < end; i++) {
        char name[16], soc[16];
        snprintf (name, sizeof name, "%s%d", prefix, i);
        snprintf (soc, sizeof soc, "11-10%02d.00", i);
        indexing_put (name, soc, "x");
    }
}

static void
remove_numbered (const char *prefix, int first, int end)
{
    for (int i = first; i < end; i++) {
        char name[16];
        snprintf (name, sizeof name, "%s%d", prefix, i);
        indexing_remove (source, name);
    }
}

START_TEST (keeps_the_exports_of_a_missing_source_that_is_named_alone)
{
    /* First few exports with no others of the index beside them; then many, with others beside them. */
    for (int many = 0; many < 2; many++) {
        int count = many ? SKS_SHRINK_LEAST : 2;
        put_numbered ("away/", 0, count);
        sample_write (source, "README.md", "Beside it.");
        if (many)
            indexing_put ("there", "13-1011.00", "y");
        indexing_publish_source ();
        remove_numbered ("away/", 0, count);
        indexing_remove_folder ("away");
        char *away = sample_path (source, "away/"), *link = sample_path (source, "link");
        if (!many) {
            indexing_link ("away", "link to link");
            indexing_link ("link to link", "link");
        }
        for (const char *const *name = (const char *const[]) { away, link, NULL }; *name; name++) {
            indexing_plan (name, 1, false);
            indexing_expect (0, 0, 0, (uint64_t) (count + many));
            indexing_expect_problem (SKS_PROBLEM_LOST, "/away");
        }
        terms.allow_empty = true;
        indexing_plan_from (away, false);
        indexing_expect (0, 0, (uint64_t) count, (uint64_t) many);
        ck_assert_uint_eq (plan->shrunk, 0);
        terms.allow_empty = false;
        free (away);
        free (link);
    }
}
END_TEST

/* Write this many exports, and delete those from number `kept` on. */
static void
shrink (int count, int kept)
{
    put_numbered ("", 0, count);
    indexing_publish_source ();
    remove_numbered ("", kept, count);
}

START_TEST (stops_when_more_than_half_of_a_source_would_be_removed)
{
    shrink (20, 9);
    indexing_plan_source ();
    indexing_expect (0, 0, 11, 9);
    ck_assert_uint_eq (plan->shrunk, 1);
    indexing_expect_problem (SKS_PROBLEM_SHRINK, source);
    ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->reason, "11 of the 20 "));
    ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->notes, "--allow-shrink"));
    terms.allow_shrink = true;
    indexing_plan_source ();
    ck_assert_uint_eq (plan->shrunk, 0);
    ck_assert_uint_eq (sks_report_count (report), 0);
}
END_TEST

START_TEST (does_not_stop_for_half_of_a_source_or_for_a_few)
{
    shrink (20, 10);
    indexing_plan_source ();
    indexing_expect (0, 0, 10, 10);
    ck_assert_uint_eq (plan->shrunk, 0);
    shrink (10, 1);
    indexing_plan_source ();
    indexing_expect (0, 0, 9, 1);
    ck_assert_uint_eq (plan->shrunk, 0);
}
END_TEST

START_TEST (does_not_stop_for_exports_that_moved_to_other_files)
{
    shrink (20, 1);
    put_numbered ("new-", 1, 20);
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 20);
    ck_assert_uint_eq (plan->shrunk, 0);
}
END_TEST

/* --------------------------------------------------------- files that fail */

START_TEST (keeps_the_exports_of_a_file_that_broke)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_put ("c", "11-1031.00", "z");
    indexing_publish_source ();
    sample_write (source, "a", "{\"schemaVersion\":");
    sample_write (source, "c", "no export any more");
    for (int only = 0; only < 2; only++) {
        indexing_plan_from (source, only);
        indexing_expect (0, 0, 0, 3);
        ck_assert_uint_eq (sks_report_count (report), 2);
        ck_assert_int_eq (sks_report_entry_at (report, 0)->problem, SKS_PROBLEM_NOT_JSON);
        ck_assert_int_eq (sks_report_entry_at (report, 1)->problem, SKS_PROBLEM_NOT_AN_EXPORT);
        ck_assert_uint_eq (sks_report_stale (report), 2);
    }
}
END_TEST

/* States of a file that was an export. */
static const struct {
    const char *bytes;
    size_t size;
} others[] = {
    { "", 0 },
    { " \n", 2 },
    { "\0\0\0\0\0\0", 6 },
    { "\xFF\xFE{", 3 },
    { "{\0\"\0", 4 },
    { "\0\0\0{", 4 },
    { "\xFF\xFE\0\0{\0\0\0", 8 },
    { "\x1F\x8B\x08\0", 4 },
    { "BZh9", 4 },
    { "\xFD"
      "7zXZ\0",
      6 },
    { "PK\x03\x04", 4 },
    { "<html>502</html>", 16 },
    { "null", 4 },
    { "[]", 2 },
    { "[1,2]", 5 },
    { "{\"error\":\"rate limited\"}", 24 },
    { "{\"exports\":[]}", 14 },
    { "version https://git-lfs.github.com/spec/v1", 42 },
};

START_TEST (keeps_the_exports_of_a_file_that_is_no_longer_an_export)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    char *path = sample_path (source, "a");
    FILE *file = fopen (path, "w");
    ck_assert_uint_eq (fwrite (others[_i].bytes, 1, others[_i].size, file), others[_i].size);
    fclose (file);
    indexing_plan_source ();
    indexing_expect (0, 0, 0, 2);
    indexing_expect_problem (SKS_PROBLEM_NOT_AN_EXPORT, "/a");
    ck_assert_uint_eq (sks_report_stale (report), 1);
    free (path);
}
END_TEST

START_TEST (keeps_the_exports_of_a_path_that_is_no_longer_a_file)
{
    indexing_put ("a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    char *path = sample_path (source, "a");
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq (remove (path), 0);
        if (i == 0)
            ck_assert_int_eq (mkfifo (path, 0644), 0);
        else if (i == 1)
            ck_assert_int_eq (mkdir (path, 0755), 0);
        else
            indexing_link (i == 2 ? "nowhere" : ".", "a");
        indexing_plan_source ();
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_NOT_AN_EXPORT, "/a");
        ck_assert_uint_eq (sks_report_stale (report), 1);
    }
    free (path);
}
END_TEST

START_TEST (keeps_the_exports_of_an_unreadable_file)
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

START_TEST (keeps_the_exports_of_an_unreadable_folder)
{
    indexing_put ("sub/a", "11-1011.00", "x");
    indexing_put ("b", "11-1021.00", "y");
    indexing_publish_source ();
    char *sub = sample_path (source, "sub");
    uid_t me = geteuid ();
    ck_assert_int_eq (chmod (sub, 0), 0);
    indexing_forget ();
    last = sample_store (index_folder);
    terms.only = true;
    if (give_up_root ()) {
        indexing_find (source);
        ck_assert_int_eq (seteuid (me), 0);
        indexing_read (2);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, last, report, NULL), 0);
        indexing_expect (0, 0, 0, 2);
        indexing_expect_problem (SKS_PROBLEM_UNREADABLE, "/sub");
    }
    ck_assert_int_eq (chmod (sub, 0755), 0);
    free (sub);
}
END_TEST

Suite *
suite_loss (void)
{
    Suite *suite = suite_create ("loss");
    TCase *core = indexing_case (suite, "Core");
    tcase_add_test (core, keeps_the_exports_of_a_source_without_exports_now);
    tcase_add_test (core, keeps_the_exports_of_a_folder_without_exports_now);
    tcase_add_test (core, uses_exports_moved_out_of_an_emptied_folder);
    tcase_add_test (core, keeps_the_exports_of_a_missing_source_beside_others);
    tcase_add_test (core, keeps_the_exports_of_a_source_whose_parent_is_empty_or_missing);
    tcase_add_test (core, keeps_the_exports_of_a_missing_source_that_is_named_alone);
    tcase_add_test (core, stops_when_more_than_half_of_a_source_would_be_removed);
    tcase_add_test (core, does_not_stop_for_half_of_a_source_or_for_a_few);
    tcase_add_test (core, does_not_stop_for_exports_that_moved_to_other_files);
    tcase_add_test (core, keeps_the_exports_of_a_file_that_broke);
    tcase_add_loop_test (core, keeps_the_exports_of_a_file_that_is_no_longer_an_export, 0,
                         sizeof others / sizeof *others);
    tcase_add_test (core, keeps_the_exports_of_a_path_that_is_no_longer_a_file);
    tcase_add_test (core, keeps_the_exports_of_an_unreadable_file);
    tcase_add_test (core, keeps_the_exports_of_an_unreadable_folder);
    return suite;
}
