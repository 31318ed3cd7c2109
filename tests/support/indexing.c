/* indexing.c - the steps of a run, and their reports. */
#include "indexing.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *source, *other, *index_folder;
sks_report *report;
sks_sources *sources;
sks_intake *intake;
sks_plan *plan;
sks_reuse *reuse;
bool from_scratch;
sks_source_request terms;
sks_store *last;
sks_folder *folder;

static void
drop_run (void)
{
    sks_reuse_destroy (&reuse);
    sks_plan_destroy (&plan);
    sks_intake_destroy (&intake);
    sks_sources_destroy (&sources);
    sks_report_destroy (&report);
    sks_store_close (&last);
    sks_folder_close (&folder);
}

void
indexing_forget (void)
{
    drop_run ();
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
set_up (void)
{
    from_scratch = false;
    terms = (sks_source_request) { .only = false };
    source = sample_folder ();
    other = sample_folder ();
    index_folder = sample_folder ();
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
tear_down (void)
{
    drop_run ();
    sample_remove (source);
    sample_remove (other);
    sample_remove (index_folder);
}

TCase *
indexing_case (Suite *suite, const char *name)
{
    TCase *tests = tcase_create (name);
    tcase_set_timeout (tests, 60);
    tcase_add_checked_fixture (tests, set_up, tear_down);
    suite_add_tcase (suite, tests);
    return tests;
}

void
indexing_find_all (const char *const *names, size_t count)
{
    sks_error err;
    sks_source_request request = terms;
    request.sources = names;
    request.source_count = count;
    int code = sks_sources_find (&sources, &request, last, report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

void
indexing_find (const char *name)
{
    indexing_find_all (&name, 1);
}

void
indexing_read (unsigned threads)
{
    sks_progress progress = { 0 };
    sks_error err;
    int code = sks_intake_read (&intake, sources, last, threads, report, &progress, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert_uint_eq (progress.files, sks_sources_count (sources));
}

void
indexing_plan (const char *const *names, size_t count, bool only)
{
    sks_error err;
    indexing_forget ();
    int code = sks_folder_open (&folder, index_folder, 1, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    if (sks_folder_current (folder))
        last = sample_store (index_folder);
    terms.only = only;
    indexing_find_all (names, count);
    indexing_read (2);
    code = sks_plan_make (&plan, intake, sources, last, report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

void
indexing_plan_from (const char *name, bool only)
{
    indexing_plan (&name, 1, only);
}

void
indexing_plan_source (void)
{
    indexing_plan_from (source, false);
}

int
indexing_build (unsigned threads, char *path, sks_error *err)
{
    uint64_t number = sks_folder_highest (folder) + 1;
    sks_folder_building (folder, number, path, PATH_MAX);
    ck_assert_int_eq (sks_folder_begin (folder, number, NULL), 0);
    char before[PATH_MAX];
    sks_folder_path (folder, sks_folder_current (folder), before, sizeof before);
    ck_assert_int_eq (sks_plan_fill (plan, NULL), 0);
    ck_assert_int_eq (sks_reuse_make (&reuse, plan, from_scratch ? NULL : last, before, number, NULL), 0);
    const sks_build_options options = { .reuse = reuse, .threads = threads };
    return sks_build (plan, intake, &options, number, path, err);
}

void
indexing_publish (void)
{
    char path[PATH_MAX];
    sks_error err;
    int code = indexing_build (2, path, &err);
    if (!code)
        code = sks_verify_build (plan, reuse, path, &err);
    if (!code)
        code = sks_folder_publish (folder, sks_folder_highest (folder) + 1, &err);
    if (!code)
        code = sks_folder_prune (folder, SKS_DEFAULT_KEEP, 0, sample_opens, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

void
indexing_publish_source (void)
{
    indexing_plan_source ();
    indexing_publish ();
}

void
indexing_put_at (const char *where, const char *name, const char *soc, const char *statement, const char *exported_at)
{
    sample_put (where, name,
                &(sample_occupation) { soc, "Title", .levels = { statement }, .exported_at = exported_at });
}

void
indexing_put (const char *name, const char *soc, const char *statement)
{
    indexing_put_at (source, name, soc, statement, NULL);
}

void
indexing_remove (const char *where, const char *name)
{
    char *path = sample_path (where, name);
    ck_assert_int_eq (unlink (path), 0);
    free (path);
}

void
indexing_remove_folder (const char *name)
{
    char *path = sample_path (source, name);
    ck_assert_int_eq (rmdir (path), 0);
    free (path);
}

void
indexing_link (const char *target, const char *name)
{
    char *path = sample_path (source, name);
    ck_assert_int_eq (symlink (target, path), 0);
    free (path);
}

void
indexing_expect (uint64_t added, uint64_t changed, uint64_t removed, uint64_t kept)
{
    ck_assert_uint_eq (plan->added, added);
    ck_assert_uint_eq (plan->changed, changed);
    ck_assert_uint_eq (plan->removed, removed);
    ck_assert_uint_eq (plan->kept, kept);
    ck_assert (sks_plan_is_unchanged (plan) == !(added + changed + removed + plan->renamed));
}

const char *
indexing_published (void)
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

void
indexing_expect_problem (int problem, const char *name)
{
    ck_assert_uint_eq (sks_report_count (report), 1);
    const sks_report_entry *entry = sks_report_entry_at (report, 0);
    size_t size = strlen (entry->file), tail = strlen (name);
    ck_assert_str_eq (sks_report_problem_name (entry->problem), sks_report_problem_name (problem));
    ck_assert (size >= tail);
    ck_assert_str_eq (entry->file + size - tail, name);
}

const char *
indexing_files (void)
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
