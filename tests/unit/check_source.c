/* check_source.c - which files a source has: walks of folders, files reached twice, links and special files; and
 * reading one file. */
#include "core/base/file.h"
#include "tests/support/indexing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

Suite *suite_source (void);

START_TEST (walks_a_folder_in_the_order_of_paths)
{
    sample_write (source, "b.json", "");
    sample_write (source, "sub/deep/c.txt", "");
    sample_write (source, "a", "");
    sample_write (source, ".hidden", "");
    sample_write (source, "sub-2/d", "");
    indexing_find (source);
    ck_assert_str_eq (indexing_files (), "a b.json sub-2/d sub/deep/c.txt");
    for (size_t i = 0; i < sks_sources_count (sources); i++)
        ck_assert_int_eq (sks_sources_file (sources, i)->expected, i == 1 ? SKS_EXPECT_JSON : SKS_EXPECT_NOTHING);
}
END_TEST

START_TEST (finds_a_file_of_several_sources_once)
{
    sample_write (source, "sub/a", "");
    sample_write (source, "b", "");
    char *file = sample_path (source, "sub/a"), *round_about = sample_path (source, "sub/../b");
    indexing_find_all ((const char *const[]) { source, file, file, source, round_about }, 5);
    ck_assert_str_eq (indexing_files (), "b sub/a");
    ck_assert_int_eq (sks_sources_file (sources, 0)->expected, SKS_EXPECT_EXPORT);
    ck_assert_int_eq (sks_sources_file (sources, 1)->expected, SKS_EXPECT_EXPORT);
    free (file);
    free (round_about);
}
END_TEST

START_TEST (follows_links_to_files_but_not_to_folders)
{
    sample_write (source, "a", "");
    sample_write (other, "b", "");
    char *target = sample_path (other, "b");
    indexing_link (target, "link-to-file");
    indexing_link (other, "link-to-folder");
    indexing_link (".", "loop");
    indexing_link ("link-to-itself", "link-to-itself");
    indexing_link ("nowhere", "link-to-nothing");
    indexing_find (source);
    ck_assert_str_eq (indexing_files (), "a link-to-file");
    ck_assert_uint_eq (sks_report_skipped (report), 4);
    ck_assert_uint_eq (sks_report_count (report), 0);
    free (target);
}
END_TEST

/* Make a FIFO, a socket and a link to a device. */
static void
make_special_files (void)
{
    char *fifo = sample_path (source, "fifo");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    ck_assert_int_lt (snprintf (address.sun_path, sizeof address.sun_path, "%s/socket", source),
                      (int) sizeof address.sun_path);
    int fd = socket (AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq (mkfifo (fifo, 0644), 0);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    close (fd);
    indexing_link ("/dev/zero", "device");
    free (fifo);
}

START_TEST (skips_fifos_sockets_and_devices)
{
    make_special_files ();
    indexing_put ("a", "11-1011.00", "x");
    indexing_plan_source ();
    ck_assert_str_eq (indexing_files (), "a");
    ck_assert_uint_eq (sks_report_skipped (report), 3);
    indexing_expect (1, 0, 0, 0);
}
END_TEST

START_TEST (reports_a_fifo_that_was_named)
{
    make_special_files ();
    char *fifo = sample_path (source, "fifo");
    indexing_find (fifo);
    ck_assert_uint_eq (sks_sources_count (sources), 0);
    indexing_expect_problem (SKS_PROBLEM_NOT_AN_EXPORT, "/fifo");
    free (fifo);
}
END_TEST

START_TEST (skips_hidden_names_and_backups_unless_they_are_named)
{
    static const char *const names[] = { ".hidden", ".git/a", "a~", "sub/.a.json.swp", "old~/a" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        sample_write (source, names[i], "");
    indexing_find (source);
    ck_assert_str_eq (indexing_files (), "");
    ck_assert_uint_eq (sks_report_skipped (report), 5);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = sample_path (source, names[i]);
        sks_sources_destroy (&sources);
        indexing_find (path);
        ck_assert_str_eq (indexing_files (), names[i]);
        free (path);
    }
}
END_TEST

START_TEST (reports_a_missing_source_and_reads_the_others)
{
    char *missing = sample_path (source, "missing");
    sample_write (source, "a", "");
    indexing_find_all ((const char *const[]) { missing, source }, 2);
    ck_assert_str_eq (indexing_files (), "a");
    indexing_expect_problem (SKS_PROBLEM_UNREADABLE, "/missing");
    free (missing);
}
END_TEST

START_TEST (fails_when_no_source_exists)
{
    sks_error err;
    char *missing = sample_path (source, "missing");
    sks_source_request request = { .sources = (const char *const[]) { missing, "/no/such" }, .source_count = 2 };
    sources = (sks_sources *) &err;
    ck_assert_int_eq (sks_sources_find (&sources, &request, NULL, report, &err), SKS_EIO);
    ck_assert_ptr_null (sources);
    ck_assert_ptr_nonnull (strstr (err.text, missing));
    free (missing);
}
END_TEST

START_TEST (a_stamp_changes_with_inode_size_and_each_time)
{
    const struct stat status = { .st_ino = 7, .st_size = 100, .st_mtim = { 5, 6 }, .st_ctim = { 10, 20 } };
    struct stat others[] = { status, status, status, status, status, status, status };
    int64_t changed = INT64_C (10000000020), settled = changed + sks_source_settled_ns;
    uint64_t stamp = sks_source_stamp (&status, settled);
    ck_assert_uint_ne (stamp, 0);
    ck_assert_uint_eq (sks_source_stamp (&status, settled + 1), stamp);
    ck_assert_uint_eq (sks_source_stamp (&status, settled - 1), 0);
    ck_assert_uint_eq (sks_source_stamp (&status, changed - 1), 0); /* a clock that was set back */
    others[0].st_ino++;
    others[1].st_size++;
    others[2].st_mtim.tv_sec++;
    others[3].st_mtim.tv_nsec++;
    others[4].st_ctim.tv_sec--;
    others[5].st_ctim.tv_nsec--;
    others[6].st_mtim.tv_sec = INT64_C (1) << 34;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_uint_ne (sks_source_stamp (&others[i], settled), stamp);
}
END_TEST

START_TEST (covers_paths_below_a_source_and_none_beside_it)
{
    sample_write (source, "sub/a", "");
    char *sub = sample_path (source, "sub");
    static const struct {
        const char *name;
        bool covered;
    } paths[] = { { "sub", true },      { "sub/a", true }, { "sub/x/y", true }, { "sub-2", false },
                  { "sub-2/a", false }, { "su", false },   { "a", false } };
    indexing_find (sub);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *path = sample_path (source, paths[i].name);
        ck_assert_msg (sks_sources_cover (sources, path, NULL) == paths[i].covered, "%s", path);
        free (path);
    }
    ck_assert (!sks_sources_cover (sources, "-", NULL));
    free (sub);
}
END_TEST

START_TEST (reads_at_most_one_byte_over_the_limit)
{
    char *path = sample_path (source, "a"), *bytes;
    size_t size;
    sample_write (source, "a", "0123456789");
    ck_assert_int_eq (sks_file_read (path, 10, &bytes, &size, NULL), 0);
    ck_assert_uint_eq (size, 10);
    ck_assert_str_eq (bytes, "0123456789");
    free (bytes);
    ck_assert_int_eq (sks_file_read (path, 4, &bytes, &size, NULL), 0);
    ck_assert_uint_gt (size, 4);
    ck_assert_uint_le (size, 5);
    free (bytes);
    ck_assert_int_eq (sks_file_read (source, 10, &bytes, &size, NULL), SKS_EIO);
    ck_assert_ptr_null (bytes);
    free (path);
}
END_TEST

Suite *
suite_source (void)
{
    Suite *suite = suite_create ("source");
    TCase *core = indexing_case (suite, "Core"), *limits = indexing_case (suite, "Limits");
    tcase_add_test (core, walks_a_folder_in_the_order_of_paths);
    tcase_add_test (core, finds_a_file_of_several_sources_once);
    tcase_add_test (core, follows_links_to_files_but_not_to_folders);
    tcase_add_test (core, a_stamp_changes_with_inode_size_and_each_time);
    tcase_add_test (core, covers_paths_below_a_source_and_none_beside_it);
    tcase_add_test (limits, skips_fifos_sockets_and_devices);
    tcase_add_test (limits, reports_a_fifo_that_was_named);
    tcase_add_test (limits, reports_a_missing_source_and_reads_the_others);
    tcase_add_test (limits, fails_when_no_source_exists);
    tcase_add_test (limits, skips_hidden_names_and_backups_unless_they_are_named);
    tcase_add_test (limits, reads_at_most_one_byte_over_the_limit);
    return suite;
}
