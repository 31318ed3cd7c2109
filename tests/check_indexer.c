/* check_indexer.c - sources, intake, plan and build: from folders of files to a
 * generation that can be published.
 *
 * The functions are called as skillsearch-index calls them; broken.sh runs the
 * program itself. */
#include "../indexer/build.h"
#include "../indexer/nearness.h"
#include "../indexer/publish.h"
#include "sample.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

Suite *suite_indexer (void);

#define NOBODY 65534

static char *source, *other, *index_folder;  /* all three are empty at first */
static sks_report *report;
static sks_sources *sources;
static sks_intake *intake;
static sks_plan *plan;
static sks_reuse *reuse;
static bool anew;  /* take nothing over */
static sks_store *last;
static sks_folder *folder;

static void
set_up (void)
{
    anew = false;
    source = sample_folder ();
    other = sample_folder ();
    index_folder = sample_folder ();
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
forget_run (void)
{
    sks_reuse_destroy (&reuse);
    sks_plan_destroy (&plan);
    sks_intake_destroy (&intake);
    sks_sources_destroy (&sources);
    sks_report_destroy (&report);
    sks_store_close (&last);
    sks_folder_close (&folder);
}

static void
tear_down (void)
{
    forget_run ();
    sample_remove (source);
    sample_remove (other);
    sample_remove (index_folder);
}

/* ------------------------------------------------------------------- steps */

static void
find_all (const char *const *names, size_t count)
{
    sks_error err;
    int code = sks_sources_find (&sources, names, count, report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static void
find (const char *name)
{
    find_all (&name, 1);
}

static void
read_all (unsigned threads)
{
    sks_progress progress = { 0 };
    sks_error err;
    int code = sks_intake_read (&intake, sources, last, threads, report, &progress, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert_uint_eq (progress.files, sks_sources_count (sources));
}

/* Forget the last run and go as far as the plan of a new one. */
static void
make_plan (const char *const *names, size_t count, bool only)
{
    sks_error err;
    forget_run ();
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
    int code = sks_folder_open (&folder, index_folder, 1, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    if (sks_folder_current (folder))
        last = sample_store (index_folder);
    find_all (names, count);
    read_all (2);
    code = sks_plan_make (&plan, intake, sources, last, only, report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static void
plan_source (void)
{
    make_plan ((const char *const[]) { source }, 1, false);
}

static int
build (unsigned threads, char *path, sks_error *err)
{
    uint64_t number = sks_folder_highest (folder) + 1;
    sks_folder_building (folder, number, path, PATH_MAX);
    ck_assert_int_eq (sks_folder_begin (folder, number, NULL), 0);
    char before[PATH_MAX];
    sks_folder_path (folder, sks_folder_current (folder), before, sizeof before);
    ck_assert_int_eq (sks_plan_fill (plan, NULL), 0);
    ck_assert_int_eq (sks_reuse_make (&reuse, plan, anew ? NULL : last, before, NULL), 0);
    return sks_build (plan, intake, reuse, number, path, threads, NULL, err);
}

static void
publish (void)
{
    char path[PATH_MAX];
    sks_error err;
    int code = build (2, path, &err);
    if (!code)
        code = sks_build_verify (plan, reuse, path, &err);
    if (!code)
        code = sks_folder_publish (folder, sks_folder_highest (folder) + 1, &err);
    if (!code)
        code = sks_folder_prune (folder, SKS_DEFAULT_KEEP, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

static void
publish_source (void)
{
    plan_source ();
    publish ();
}

/* An export with one statement of level emerging. */
static void
put_at (const char *where, const char *name, const char *soc, const char *statement, const char *exported_at)
{
    sample_put (where, name, &(sample_occupation) { soc, "Title", .levels = { statement },
                                                    .exported_at = exported_at });
}

static void
put (const char *name, const char *soc, const char *statement)
{
    put_at (source, name, soc, statement, NULL);
}

static void
remove_file (const char *where, const char *name)
{
    char *path = sample_path (where, name);
    ck_assert_int_eq (unlink (path), 0);
    free (path);
}

static void
make_link (const char *target, const char *name)
{
    char *path = sample_path (source, name);
    ck_assert_int_eq (symlink (target, path), 0);
    free (path);
}

/* The plan's numbers, as told in the summary. */
static void
expect_plan (uint64_t added, uint64_t changed, uint64_t removed, uint64_t kept)
{
    ck_assert_uint_eq (plan->added, added);
    ck_assert_uint_eq (plan->changed, changed);
    ck_assert_uint_eq (plan->removed, removed);
    ck_assert_uint_eq (plan->kept, kept);
    ck_assert (sks_plan_is_unchanged (plan) == !(added + changed + removed));
}

/* The published texts, in their order, separated by "|". */
static const char *
published (void)
{
    static char out[1024];
    sks_store *store = sample_store (index_folder);
    sks_buffer text = SKS_BUFFER_INIT (sizeof out - 1);
    for (uint32_t s = 0; s < store->statements; s++) {
        if (s)
            sks_buffer_putc (&text, '|');
        sks_store_text (store, s, &text);
    }
    strcpy (out, sks_buffer_text (&text));
    sks_buffer_free (&text);
    sks_store_close (&store);
    return out;
}

/* The only problem: its kind and the end of its file's name. */
static void
expect_problem (int problem, const char *name)
{
    ck_assert_uint_eq (sks_report_count (report), 1);
    const sks_report_entry *entry = sks_report_entry_at (report, 0);
    size_t size = strlen (entry->file), tail = strlen (name);
    ck_assert_str_eq (sks_problem_name (entry->problem), sks_problem_name (problem));
    ck_assert (size >= tail);
    ck_assert_str_eq (entry->file + size - tail, name);
}

/* Names of the files found, without the folder, separated by blanks. */
static const char *
files_found (void)
{
    static char out[1024];
    size_t used = 0, skip = strlen (source) + 1;
    out[0] = '\0';
    for (size_t i = 0; i < sks_sources_count (sources); i++) {
        const char *path = sks_sources_file (sources, i)->path;
        ck_assert_int_eq (strncmp (path, source, skip - 1), 0);
        used += (size_t) snprintf (out + used, sizeof out - used, "%s%s", i ? " " : "", path + skip);
    }
    return out;
}

/* ----------------------------------------------------------------- sources */

START_TEST (walks_a_folder_in_the_order_of_paths)
{
    sample_write (source, "b.json", "");
    sample_write (source, "sub/deep/c.txt", "");
    sample_write (source, "a", "");
    sample_write (source, ".hidden", "");
    sample_write (source, "sub-2/d", "");
    find (source);
    ck_assert_str_eq (files_found (), ".hidden a b.json sub-2/d sub/deep/c.txt");
    for (size_t i = 0; i < sks_sources_count (sources); i++)
        ck_assert (!sks_sources_file (sources, i)->named);
}
END_TEST

START_TEST (finds_a_file_once_that_several_sources_reach)
{
    sample_write (source, "sub/a", "");
    sample_write (source, "b", "");
    char *file = sample_path (source, "sub/a"), *round_about = sample_path (source, "sub/../b");
    find_all ((const char *const[]) { source, file, file, source, round_about }, 5);
    ck_assert_str_eq (files_found (), "b sub/a");
    ck_assert (sks_sources_file (sources, 0)->named);
    ck_assert (sks_sources_file (sources, 1)->named);
    free (file);
    free (round_about);
}
END_TEST

START_TEST (follows_links_to_files_but_not_to_folders)
{
    sample_write (source, "a", "");
    sample_write (other, "b", "");
    char *target = sample_path (other, "b");
    make_link (target, "link-to-file");
    make_link (other, "link-to-folder");
    make_link (".", "loop");
    make_link ("link-to-itself", "link-to-itself");
    make_link ("nowhere", "link-to-nothing");
    find (source);
    ck_assert_str_eq (files_found (), "a link-to-file");
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
    make_link ("/dev/zero", "device");
    free (fifo);
}

START_TEST (skips_fifos_sockets_and_devices)
{
    make_special_files ();
    put ("a", "11-1011.00", "x");
    plan_source ();
    ck_assert_str_eq (files_found (), "a");
    ck_assert_uint_eq (sks_report_skipped (report), 3);
    expect_plan (1, 0, 0, 0);
}
END_TEST

START_TEST (tells_of_a_fifo_that_was_named)
{
    make_special_files ();
    char *fifo = sample_path (source, "fifo");
    find (fifo);
    ck_assert_uint_eq (sks_sources_count (sources), 0);
    expect_problem (SKS_PROBLEM_NOT_AN_EXPORT, "/fifo");
    free (fifo);
}
END_TEST

START_TEST (fails_on_a_source_that_is_not_there)
{
    sks_error err;
    char *missing = sample_path (source, "missing");
    const char *names[] = { source, missing };
    sources = (sks_sources *) &err;
    ck_assert_int_eq (sks_sources_find (&sources, names, 2, report, &err), SKS_EIO);
    ck_assert_ptr_null (sources);
    ck_assert_ptr_nonnull (strstr (err.text, missing));
    free (missing);
}
END_TEST

START_TEST (covers_what_lies_below_a_source_and_nothing_beside_it)
{
    sample_write (source, "sub/a", "");
    char *sub = sample_path (source, "sub");
    static const struct {
        const char *name;
        bool covered;
    } paths[] = { { "sub", true },      { "sub/a", true }, { "sub/x/y", true }, { "sub-2", false },
                  { "sub-2/a", false }, { "su", false },   { "a", false } };
    find (sub);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *path = sample_path (source, paths[i].name);
        ck_assert_msg (sks_sources_cover (sources, path) == paths[i].covered, "%s", path);
        free (path);
    }
    ck_assert (!sks_sources_cover (sources, "-:1"));
    free (sub);
}
END_TEST

/* Have standard input read this text. */
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

START_TEST (reads_an_export_a_line_from_standard_input)
{
    sks_buffer lines = SKS_BUFFER_INIT (10000);
    char *first = sample_export (&(sample_occupation) { "11-1011.00", "A", .levels = { "first" } });
    char *second = sample_export (&(sample_occupation) { "11-1021.00", "B", .levels = { "second" } });
    sks_buffer_printf (&lines, "%s\r\n\n \t\n{\"schemaVersion\"\n%s", first, second);
    feed_input (sks_buffer_text (&lines));
    make_plan ((const char *const[]) { "-" }, 1, false);
    ck_assert_uint_eq (sks_sources_count (sources), 3);
    expect_problem (SKS_PROBLEM_NOT_JSON, "-:4");
    publish ();
    ck_assert_str_eq (published (), "first|second");
    free (first);
    free (second);
    sks_buffer_free (&lines);
}
END_TEST

START_TEST (takes_nothing_out_for_standard_input)
{
    put ("a", "11-1011.00", "file");
    publish_source ();
    char *line = sample_export (&(sample_occupation) { "11-1021.00", "B", .levels = { "line" } });
    feed_input (line);
    make_plan ((const char *const[]) { "-" }, 1, false);
    expect_plan (1, 0, 0, 1);
    publish ();
    feed_input ("");
    make_plan ((const char *const[]) { "-" }, 1, false);
    expect_plan (0, 0, 0, 2);
    free (line);
}
END_TEST

START_TEST (tells_of_files_that_cannot_be_read)
{
    /* The first is a regular file whose bytes nobody may have, not even root;
     * the second is gone by the time it is read. */
    make_link ("/proc/self/mem", "memory");
    sample_write (source, "gone", "x");
    find (source);
    ck_assert_str_eq (files_found (), "gone memory");
    remove_file (source, "gone");
    read_all (1);
    ck_assert_uint_eq (sks_report_count (report), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq (sks_report_entry_at (report, i)->problem, SKS_PROBLEM_UNREADABLE);
    ck_assert_uint_eq (intake->rejected_count, 2);
}
END_TEST

START_TEST (reads_no_more_of_a_file_than_one_byte_too_many)
{
    char *path = sample_path (source, "a"), *bytes;
    size_t size;
    sample_write (source, "a", "0123456789");
    ck_assert_int_eq (sks_source_read (path, 10, &bytes, &size, NULL), 0);
    ck_assert_uint_eq (size, 10);
    ck_assert_str_eq (bytes, "0123456789");
    free (bytes);
    ck_assert_int_eq (sks_source_read (path, 4, &bytes, &size, NULL), 0);
    ck_assert_uint_gt (size, 4);
    ck_assert_uint_le (size, 5);
    free (bytes);
    ck_assert_int_eq (sks_source_read (source, 10, &bytes, &size, NULL), SKS_EIO);
    ck_assert_ptr_null (bytes);
    free (path);
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
    put ("sub/a", "11-1011.00", "x");
    put ("b", "11-1021.00", "y");
    publish_source ();
    char *sub = sample_path (source, "sub");
    uid_t me = geteuid ();
    ck_assert_int_eq (chmod (sub, 0), 0);
    forget_run ();
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
    if (give_up_root ()) {
        find (source);
        ck_assert_int_eq (seteuid (me), 0);
        last = sample_store (index_folder);
        read_all (2);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, last, true, report, NULL), 0);
        expect_plan (0, 0, 0, 2);
        expect_problem (SKS_PROBLEM_UNREADABLE, "/sub");
    }
    ck_assert_int_eq (chmod (sub, 0755), 0);
    free (sub);
}
END_TEST

START_TEST (parses_no_file_that_is_as_it_was)
{
    put ("a", "11-1011.00", "x");
    put ("b", "11-1021.00", "y");
    publish_source ();
    put ("b", "11-1021.00", "z");
    plan_source ();
    ck_assert_uint_eq (intake->same_count, 1);
    ck_assert_uint_eq (intake->collections[0]->framework_count + intake->collections[1]->framework_count, 1);
    expect_plan (0, 1, 0, 1);
}
END_TEST

START_TEST (parses_a_file_again_that_was_moved)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    remove_file (source, "a");
    put ("b", "11-1011.00", "x");
    plan_source ();
    ck_assert_uint_eq (intake->same_count, 0);
    expect_plan (0, 1, 0, 0);
}
END_TEST

START_TEST (tells_of_a_file_again_that_is_as_bad_as_it_was)
{
    put ("a", "11-1011.00", "x\nx");
    put ("b", "11-1021.00", "Weigh the red parcels of every street by hand now\n"
                            "Weigh the red parcels of every street by hand then");
    publish_source ();
    plan_source ();
    ck_assert_uint_eq (intake->same_count, 0);
    expect_plan (0, 0, 0, 2);
    ck_assert_uint_eq (sks_report_count (report), 1);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
}
END_TEST

START_TEST (reports_problems_in_the_order_of_files_whatever_the_threads)
{
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf (name, sizeof name, "%02d", i);
        sample_write (source, name, i % 2 ? "{\"schemaVersion\":1}" : "{\"schemaVersion\"");
    }
    find (source);
    read_all (7);
    ck_assert_uint_eq (sks_report_count (report), 20);
    for (size_t i = 0; i < 20; i++) {
        const sks_report_entry *entry = sks_report_entry_at (report, i);
        ck_assert_int_eq (atoi (strrchr (entry->file, '/') + 1), (int) i);
        ck_assert_int_eq (entry->problem, i % 2 ? SKS_PROBLEM_SCHEMA_VERSION : SKS_PROBLEM_NOT_JSON);
    }
}
END_TEST

/* -------------------------------------------------------------------- plan */

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
    find (source);
    read_all (2);
}

START_TEST (warns_of_statements_that_are_nearly_the_same)
{
    sample_put (source, "a", &(sample_occupation) {
        "11-1011.00", "Title", .levels = {
            "Weigh parcels\nSort all the mail of one street by number every day", NULL,
            "Bind books\nSort all the mail of one street by number each day\nSort mail" } });
    read_source ();
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    ck_assert_ptr_nonnull (strstr (report_text (), "\"statement\":\"/framework/levels/proficient/statements/1\","
                                   "\"reason\":\"90 % alike: /framework/levels/emerging/statements/1\""));
}
END_TEST

START_TEST (warns_of_one_text_at_two_levels_but_not_in_two_occupations)
{
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "Title", .levels = { "Sort mail", "Sort mail" } });
    put ("b", "11-1021.00", "Sort mail");
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    ck_assert_ptr_nonnull (strstr (report_text (), "developing/statements/0\",\"reason\":\"100 % alike"));
}
END_TEST

START_TEST (warns_of_no_more_than_a_score_in_one_export)
{
    sks_buffer lines = SKS_BUFFER_INIT (1 << 16);
    for (int i = 0; i < SKS_MAX_WARNINGS + 8; i++)
        sks_buffer_printf (&lines, "%sSort all the mail of one street by number on day %d", i ? "\n" : "", i);
    put ("a", "11-1011.00", sks_buffer_text (&lines));
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), SKS_MAX_WARNINGS + 1);
    ck_assert_ptr_nonnull (strstr (report_text (), "\"reason\":\"7 more statements"));
    sks_buffer_free (&lines);
}
END_TEST

START_TEST (warns_of_no_statement_without_a_word)
{
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "Title", .levels = { "...\n!!!", "..." } });
    read_source ();
    ck_assert_uint_eq (sks_report_warnings (report), 0);
}
END_TEST

START_TEST (adds_all_on_the_first_run_and_nothing_on_the_next)
{
    put ("a", "11-1011.00", "x");
    put ("sub/b", "11-1021.00", "y");
    plan_source ();
    expect_plan (2, 0, 0, 0);
    ck_assert_uint_eq (plan->statements, 2);
    publish ();
    plan_source ();
    expect_plan (0, 0, 0, 2);
}
END_TEST

START_TEST (tells_new_changed_and_vanished_exports)
{
    put ("a", "11-1011.00", "x");
    put ("b", "11-1021.00", "y");
    put ("c", "11-1031.00", "z");
    publish_source ();
    put ("b", "11-1021.00", "y, reworded");
    remove_file (source, "c");
    put ("d", "11-2011.00", "new");
    plan_source ();
    expect_plan (1, 1, 1, 1);
    publish ();
    ck_assert_str_eq (published (), "x|y, reworded|new");
}
END_TEST

START_TEST (follows_a_file_that_was_renamed)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    remove_file (source, "a");
    put ("b", "11-1011.00", "x");
    plan_source ();
    expect_plan (0, 1, 0, 0);
    publish ();
    plan_source ();
    expect_plan (0, 0, 0, 1);
}
END_TEST

START_TEST (follows_a_file_whose_occupation_changed)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    put ("a", "11-1021.00", "x");
    plan_source ();
    expect_plan (1, 0, 1, 0);
}
END_TEST

START_TEST (leaves_other_sources_alone_unless_told)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    put_at (other, "b", "11-1021.00", "y", NULL);
    make_plan ((const char *const[]) { other }, 1, false);
    expect_plan (1, 0, 0, 1);
    ck_assert_uint_eq (sks_report_stale (report), 0);
    publish ();
    ck_assert_str_eq (published (), "x|y");
    make_plan ((const char *const[]) { other }, 1, true);
    expect_plan (0, 0, 1, 1);
    publish ();
    ck_assert_str_eq (published (), "y");
}
END_TEST

START_TEST (takes_out_only_what_lay_below_the_source)
{
    put ("sub/a", "11-1011.00", "x");
    put ("sub-2/b", "11-1021.00", "y");
    publish_source ();
    remove_file (source, "sub/a");
    remove_file (source, "sub-2/b");
    char *sub = sample_path (source, "sub");
    make_plan ((const char *const[]) { sub }, 1, false);
    expect_plan (0, 0, 1, 1);
    free (sub);
}
END_TEST

START_TEST (keeps_what_a_broken_file_gave_before)
{
    put ("a", "11-1011.00", "x");
    put ("b", "11-1021.00", "y");
    put ("c", "11-1031.00", "z");
    publish_source ();
    sample_write (source, "a", "{\"schemaVersion\":");
    sample_write (source, "c", "no export any more");
    for (int only = 0; only < 2; only++) {
        make_plan ((const char *const[]) { source }, 1, only);
        expect_plan (0, 0, 1, 2);
        expect_problem (SKS_PROBLEM_NOT_JSON, "/a");
        ck_assert_uint_eq (sks_report_stale (report), 1);
    }
    publish ();
    ck_assert_str_eq (published (), "x|y");
}
END_TEST

START_TEST (keeps_what_an_unreadable_file_gave_before)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    remove_file (source, "a");
    make_link ("/proc/self/mem", "a");
    plan_source ();
    expect_plan (0, 0, 0, 1);
    expect_problem (SKS_PROBLEM_UNREADABLE, "/a");
    ck_assert_uint_eq (sks_report_stale (report), 1);
}
END_TEST

START_TEST (takes_the_later_of_two_exports_for_one_code)
{
    put_at (source, "a", "11-1011.00", "early", "2026-01-01T00:00:00Z");
    put_at (source, "b", "11-1011.00", "late", "2026-01-02T00:00:00Z");
    put_at (source, "c", "11-1011.00", "without a date", NULL);
    plan_source ();
    expect_plan (1, 0, 0, 0);
    ck_assert_uint_eq (sks_report_count (report), 2);
    for (size_t i = 0; i < 2; i++) {
        const sks_report_entry *entry = sks_report_entry_at (report, i);
        ck_assert_int_eq (entry->problem, SKS_PROBLEM_SAME_SOC);
        ck_assert_str_eq (entry->pointer, "/occupation/soc");
        ck_assert_str_eq (strrchr (entry->file, '/'), i ? "/c" : "/a");
        ck_assert_ptr_nonnull (strstr (entry->reason, "/b, whose exportedAt is later"));
    }
    publish ();
    ck_assert_str_eq (published (), "late");
}
END_TEST

START_TEST (compares_dates_as_times)
{
    put_at (source, "a", "11-1011.00", "early", "2026-01-01T00:00:00+02:00");
    put_at (source, "b", "11-1011.00", "late", "2025-12-31T23:30:00Z");
    publish_source ();
    ck_assert_str_eq (published (), "late");
    expect_problem (SKS_PROBLEM_SAME_SOC, "/a");
}
END_TEST

START_TEST (takes_the_first_of_two_exports_of_one_date)
{
    put_at (source, "b", "11-1011.00", "second", "2026-01-01T00:00:00Z");
    put_at (source, "a", "11-1011.00", "first", "2026-01-01T00:00:00Z");
    publish_source ();
    ck_assert_str_eq (published (), "first");
    expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
}
END_TEST

START_TEST (takes_a_later_export_over_another_sources_and_tells_of_an_earlier_one)
{
    put_at (source, "a", "11-1011.00", "middle", "2026-01-02T00:00:00Z");
    publish_source ();
    put_at (other, "b", "11-1011.00", "early", "2026-01-01T00:00:00Z");
    make_plan ((const char *const[]) { other }, 1, false);
    expect_plan (0, 0, 0, 1);
    expect_problem (SKS_PROBLEM_SAME_SOC, "/b");
    put_at (other, "b", "11-1011.00", "late", "2026-01-03T00:00:00Z");
    make_plan ((const char *const[]) { other }, 1, false);
    expect_plan (0, 1, 0, 0);
    ck_assert_uint_eq (sks_report_count (report), 0);
    publish ();
    ck_assert_str_eq (published (), "late");
}
END_TEST

START_TEST (takes_this_runs_export_over_another_sources_of_one_date)
{
    static const char *const order[][2] = { { "a/file", "b" }, { "b/file", "a" } };
    for (size_t i = 0; i < 2; i++) {
        char *before = sample_path (source, i ? "b" : "a"), *now = sample_path (source, order[i][1]);
        char name[16];
        put (order[i][0], "11-1011.00", "before");
        make_plan ((const char *const[]) { before }, 1, true);
        publish ();
        snprintf (name, sizeof name, "%s/now", order[i][1]);
        put (name, "11-1011.00", "now");
        make_plan ((const char *const[]) { now }, 1, false);
        expect_plan (0, 1, 0, 0);
        publish ();
        ck_assert_str_eq (published (), "now");
        remove_file (source, order[i][0]);
        remove_file (source, name);
        free (before);
        free (now);
    }
}
END_TEST

/* ------------------------------------------------------------------- build */

/* All sections are equal, byte for byte. */
static void
compare_stores (const sks_store *left, const sks_store *right)
{
    sample_section a[SAMPLE_SECTIONS], b[SAMPLE_SECTIONS];
    sample_sections (left, a);
    sample_sections (right, b);
    for (size_t i = 0; i < SAMPLE_SECTIONS; i++)
        ck_assert_msg (a[i].size == b[i].size && memcmp (a[i].start, b[i].start, a[i].size) == 0, "%s",
                       a[i].name);
}

START_TEST (builds_the_same_whatever_the_number_of_threads)
{
    static const unsigned threads[] = { 1, 2, 3, SKS_MAX_THREADS, 1000 };
    sks_store *first = NULL;
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        char path[PATH_MAX];
        sks_error err;
        sks_store *store;
        forget_run ();
        ck_assert_int_eq (sks_report_create (&report, NULL), 0);
        ck_assert_int_eq (sks_folder_open (&folder, index_folder, 1, NULL), 0);
        find (sample_corpus ());
        read_all (threads[i]);
        ck_assert_int_eq (sks_plan_make (&plan, intake, sources, NULL, false, report, NULL), 0);
        int code = build (threads[i], path, &err);
        ck_assert_msg (code == 0, "%s", err.text);
        ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), 0);
        ck_assert_int_eq (sks_store_open (&store, path, &err), 0);
        if (first)
            compare_stores (first, store);
        else
            first = store;
        if (first != store)
            sks_store_close (&store);
    }
    sks_store_close (&first);
}
END_TEST

START_TEST (builds_the_same_from_a_carried_export_as_from_its_file)
{
    sample_put (source, "a", &(sample_occupation) {
        "11-1011.00", "Chief Executives", .sector = "55", .zone = 5,
        .exported_at = "2026-01-01T00:00:00Z", .description = "Leading  firms.",
        .levels = { "Mail \xE2\x80\x94 read\n...\nNurses' caf\xC3\xA9s", "Read mail", NULL, "Readers" } });
    put_at (other, "b", "11-1021.00", "Read the mail", NULL);
    anew = true;
    make_plan ((const char *const[]) { source, other }, 2, false);
    publish ();
    sks_store *fresh = sample_store (index_folder);
    put_at (other, "b", "11-1021.00", "Something else", NULL);
    make_plan ((const char *const[]) { other }, 1, false);
    expect_plan (0, 1, 0, 1);
    publish ();
    put_at (other, "b", "11-1021.00", "Read the mail", NULL);
    make_plan ((const char *const[]) { other }, 1, false);
    expect_plan (0, 1, 0, 1);
    publish ();
    sks_store *carried = sample_store (index_folder);
    compare_stores (fresh, carried);
    sks_store_close (&fresh);
    sks_store_close (&carried);
}
END_TEST

START_TEST (leaves_nothing_but_two_files_in_a_generation)
{
    put ("a", "11-1011.00", "x");
    publish_source ();
    char *generation = sample_generation (index_folder);
    sks_sources_destroy (&sources);
    find (generation);
    ck_assert_uint_eq (sks_sources_count (sources), 2);
    free (generation);
}
END_TEST

START_TEST (never_verifies_a_damaged_build)
{
    char path[PATH_MAX];
    sks_error err;
    put ("a", "11-1011.00", "x\ny\nz");
    plan_source ();
    ck_assert_int_eq (build (2, path, &err), 0);
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), 0);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? SKS_POSTINGS_FILE : SKS_STATEMENTS_FILE;
        char *file = sample_path (path, name);
        size_t size;
        char *bytes = sample_read (file, &size);
        bytes[size / 2] ^= 1;
        sample_write_bytes (path, name, bytes, size);
        ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), SKS_EINDEX);
        ck_assert_ptr_nonnull (strstr (err.text, name));
        bytes[size / 2] ^= 1;
        sample_write_bytes (path, name, bytes, size);
        free (bytes);
        free (file);
    }
    plan->statements++;
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), SKS_EINDEX);
    plan->statements--;
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), 0);
}
END_TEST

static void
expect_refusal (const char *path, const char *reason)
{
    sks_error err;
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, reason) != NULL, "%s", err.text);
}

/* What was read is changed afterwards: the build is then not what was read. */
START_TEST (never_verifies_what_is_not_as_it_was_read)
{
    char path[PATH_MAX];
    sample_put (source, "a", &(sample_occupation) {
        "11-1011.00", "Title", .sector = "55", .zone = 2, .levels = { "Sort mail\nBind books", "Lead teams" } });
    plan_source ();
    ck_assert_int_eq (build (2, path, NULL), 0);
    sks_collection *read = intake->collections[0];
    sks_framework *framework = &read->frameworks[0];
    framework->zone = 3;
    expect_refusal (path, "facet values");
    framework->zone = 2;
    framework->sector = "62";
    expect_refusal (path, "facet values");
    framework->sector = NULL;
    expect_refusal (path, "facet values");
    framework->sector = "55";
    framework->soc = "12-1011.00";
    expect_refusal (path, "facet values");
    framework->soc = "11-1011.00";
    read->lines[2].level = SKS_ADVANCED;
    expect_refusal (path, "at level");
    read->lines[2].level = SKS_EMERGING;
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, NULL), 0);
    read->lines[1].hash ^= 1;
    expect_refusal (path, "not the one that was read");
}
END_TEST

/* Two builds whose posting lists have the same words and the same lengths, but
 * lead to each other's statements. */
START_TEST (never_verifies_postings_that_lead_elsewhere)
{
    char path[PATH_MAX];
    size_t size;
    sks_store *store;
    put_at (source, "a", "11-1011.00", "Sort mail\nLead teams", NULL);
    put_at (source, "b", "11-1021.00", "Bind books", NULL);
    publish_source ();
    char *generation = sample_generation (index_folder);
    char *postings = sample_path (generation, SKS_POSTINGS_FILE);
    char *bytes = sample_read (postings, &size);
    put_at (source, "a", "11-1011.00", "Bind books\nLead teams", NULL);
    put_at (source, "b", "11-1021.00", "Sort mail", NULL);
    plan_source ();
    ck_assert_int_eq (build (2, path, NULL), 0);
    ck_assert_int_eq (sks_build_verify (plan, reuse, path, NULL), 0);
    ck_assert_int_eq (sks_store_open (&store, path, NULL), 0);
    sample_write_bytes (other, SKS_POSTINGS_FILE, bytes, size);
    ck_assert_int_eq (sks_store_write (store, other, NULL), 0);
    expect_refusal (other, "is not found by its word");
    sks_store_close (&store);
    free (bytes);
    free (postings);
    free (generation);
}
END_TEST

START_TEST (fails_where_it_cannot_build)
{
    char path[PATH_MAX];
    sks_error err = { 0 };
    put ("a", "11-1011.00", "x");
    plan_source ();
    sks_folder_building (folder, 1, path, sizeof path);
    ck_assert_int_lt (sks_build (plan, intake, NULL, 1, path, 2, NULL, &err), 0);
    ck_assert_str_ne (err.text, "");
}
END_TEST

Suite *
suite_indexer (void)
{
    Suite *suite = suite_create ("indexer");
    TCase *core = tcase_create ("Core");
    tcase_set_timeout (core, 60);
    tcase_add_checked_fixture (core, set_up, tear_down);
    tcase_add_test (core, walks_a_folder_in_the_order_of_paths);
    tcase_add_test (core, finds_a_file_once_that_several_sources_reach);
    tcase_add_test (core, follows_links_to_files_but_not_to_folders);
    tcase_add_test (core, covers_what_lies_below_a_source_and_nothing_beside_it);
    tcase_add_test (core, reads_an_export_a_line_from_standard_input);
    tcase_add_test (core, takes_nothing_out_for_standard_input);
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
    tcase_add_test (core, builds_the_same_whatever_the_number_of_threads);
    tcase_add_test (core, builds_the_same_from_a_carried_export_as_from_its_file);
    tcase_add_test (core, leaves_nothing_but_two_files_in_a_generation);
    tcase_add_test (core, warns_of_statements_that_are_nearly_the_same);
    tcase_add_test (core, warns_of_one_text_at_two_levels_but_not_in_two_occupations);
    tcase_add_test (core, reports_problems_in_the_order_of_files_whatever_the_threads);
    tcase_add_test (core, parses_no_file_that_is_as_it_was);
    tcase_add_test (core, parses_a_file_again_that_was_moved);
    tcase_add_test (core, tells_of_a_file_again_that_is_as_bad_as_it_was);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_set_timeout (limits, 60);
    tcase_add_checked_fixture (limits, set_up, tear_down);
    tcase_add_test (limits, skips_fifos_sockets_and_devices);
    tcase_add_test (limits, tells_of_a_fifo_that_was_named);
    tcase_add_test (limits, fails_on_a_source_that_is_not_there);
    tcase_add_test (limits, tells_of_files_that_cannot_be_read);
    tcase_add_test (limits, reads_no_more_of_a_file_than_one_byte_too_many);
    tcase_add_test (limits, keeps_what_lies_in_a_folder_that_cannot_be_read);
    tcase_add_test (limits, keeps_what_a_broken_file_gave_before);
    tcase_add_test (limits, keeps_what_an_unreadable_file_gave_before);
    tcase_add_test (limits, never_verifies_a_damaged_build);
    tcase_add_test (limits, never_verifies_what_is_not_as_it_was_read);
    tcase_add_test (limits, never_verifies_postings_that_lead_elsewhere);
    tcase_add_test (limits, warns_of_no_more_than_a_score_in_one_export);
    tcase_add_test (limits, warns_of_no_statement_without_a_word);
    tcase_add_test (limits, fails_where_it_cannot_build);
    suite_add_tcase (suite, limits);
    return suite;
}
