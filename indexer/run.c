/* run.c - the steps of a run in their order. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Open the generation that is current. One that is damaged or of another
 * format is told and passed over: the sources make a new one. */
static int
open_last (sks_run *run, sks_error *err)
{
    uint64_t current = run->folder ? sks_folder_current (run->folder) : 0;
    if (!current)
        return 0;
    sks_folder_path (run->folder, current, run->last_folder, sizeof run->last_folder);
    int code = sks_store_open (&run->last, run->last_folder, err);
    if (code != SKS_EINDEX)
        return code;
    fprintf (stderr, "skillsearch-index: %s\nskillsearch-index: building from the sources alone\n", err->text);
    return 0;
}

static int
open_folder (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    if (o->check && access (o->index, F_OK) != 0)
        return 0;
    return sks_folder_open (&run->folder, o->index, !o->check && !o->diff, err);
}

static int
read_sources (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    const sks_source_request request = {
        .sources = o->sources,
        .source_count = o->source_count,
        .removed = o->removed,
        .removed_count = o->removed_count,
        .only = o->only,
        .allow_empty = o->allow_empty,
        .allow_shrink = o->allow_shrink,
    };
    int code = sks_sources_find (&run->sources, &request, run->last, run->report, err);
    if (!code)
        code = sks_intake_read (&run->intake, run->sources, run->last, o->threads, run->report, &run->progress, err);
    sks_progress_begin (&run->progress, SKS_PHASE_PLANNING, 0);
    if (!code)
        code = sks_plan_make (&run->plan, run->intake, run->sources, run->last, run->report, err);
    if (code)
        return code;
    run->summary.exports = run->intake->same_count;
    for (size_t i = 0; i < run->intake->count; i++)
        run->summary.exports += run->intake->collections[i]->framework_count;
    run->summary.files = sks_sources_count (run->sources);
    run->summary.statements = run->plan->statements;
    run->summary.occupations = run->plan->count;
    run->summary.added = run->plan->added;
    run->summary.changed = run->plan->changed;
    run->summary.removed = run->plan->removed;
    run->summary.kept = run->plan->kept;
    run->summary.renamed = run->plan->renamed;
    return 0;
}

/* Build the plan as generation `number` into a folder, and read it back. */
static int
build (sks_run *run, uint64_t number, const char *path, sks_error *err)
{
    int code = sks_plan_fill (run->plan, err);
    if (!code)
        code = sks_reuse_make (&run->reuse, run->plan, run->last, run->last_folder, err);
    if (!code)
        code = sks_build (run->plan, run->intake, run->reuse, number, path, run->options->threads, &run->progress, err);
    sks_progress_begin (&run->progress, SKS_PHASE_VERIFYING, 0);
    return code ? code : sks_build_verify (run->plan, run->reuse, path, err);
}

static int
publish (sks_run *run, sks_error *err)
{
    char path[PATH_MAX];
    uint64_t number = sks_folder_highest (run->folder) + 1;
    sks_folder_building (run->folder, number, path, sizeof path);
    int code = sks_folder_begin (run->folder, number, err);
    if (!code)
        code = build (run, number, path, err);
    sks_progress_begin (&run->progress, SKS_PHASE_PUBLISHING, 0);
    if (!code)
        code = sks_folder_publish (run->folder, number, err);
    if (code) {
        sks_folder_abandon (run->folder);
        return code;
    }
    /* It is published, whatever becomes of the old ones. */
    sks_error left;
    if (sks_folder_prune (run->folder, run->options->keep, &left))
        fprintf (stderr, "skillsearch-index: an old generation stays: %s\n", left.text);
    return 0;
}

/* Whether the plan is to be published, and what to call the outcome if not. */
static bool
wants_publishing (sks_run *run, int *code, sks_error *err)
{
    run->summary.outcome = "checked";
    if (run->options->check)
        return false;
    run->summary.outcome = "failed";
    if (!run->plan->count)
        *code = sks_fail (err, SKS_EINVALID, "no usable export in the sources; nothing is published");
    else if (run->plan->shrunk)
        *code = sks_fail (err, SKS_EINVALID, "more than half of a source would go; nothing is published");
    else if (run->options->strict && sks_report_count (run->report))
        *code = sks_fail (err, SKS_EINVALID, "--strict: input was rejected; nothing is published");
    else if (run->last && sks_plan_is_unchanged (run->plan))
        run->summary.outcome = "unchanged";
    else
        return true;
    return false;
}

/* Go as far as the plan. */
static int
prepare (sks_run *run, const sks_index_options *options, sks_error *err)
{
    *run = (sks_run) { .options = options };
    run->summary.outcome = "failed";
    int code = sks_report_create (&run->report, err);
    if (!code)
        code = open_folder (run, err);
    if (!code)
        code = open_last (run, err);
    sks_progress_begin (&run->progress, SKS_PHASE_READING, 0);
    if (!code && !options->quiet)
        sks_display_start (&run->display, &run->progress, STDERR_FILENO, options->verbose);
    return code ? code : read_sources (run, err);
}

int
sks_run_index (sks_run *run, const sks_index_options *options, sks_error *err)
{
    int code = prepare (run, options, err);
    if (!code && wants_publishing (run, &code, err)) {
        code = publish (run, err);
        if (!code)
            run->summary.outcome = "published";
    }
    run->summary.generation = run->folder ? sks_folder_current (run->folder) : 0;
    sks_display_stop (&run->display);
    sks_progress_end (&run->progress);
    memcpy (run->summary.phase_ms, run->progress.spent_ms, sizeof run->summary.phase_ms);
    return code;
}

/* A folder of its own, in $TMPDIR. */
static int
make_room (char path[PATH_MAX], sks_error *err)
{
    const char *named = getenv ("TMPDIR");
    snprintf (path, PATH_MAX, "%s/skillsearch-XXXXXX", named && *named ? named : "/tmp");
    return mkdtemp (path) ? 0 : sks_fail_errno (err, "%s", path);
}

static void
remove_room (const char *path)
{
    static const char *const files[] = { SKS_STATEMENTS_FILE, SKS_POSTINGS_FILE, SKS_ADDITIONS_FILE };
    char file[PATH_MAX];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if ((size_t) snprintf (file, sizeof file, "%s/%s", path, files[i]) < sizeof file)
            unlink (file);
    rmdir (path);
}

int
sks_run_preview (sks_run *run, const sks_index_options *options, sks_store **out, sks_error *err)
{
    char path[PATH_MAX];
    *out = NULL;
    int code = prepare (run, options, err);
    if (!code && !run->last)
        code = sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation to compare with", options->index);
    if (!code && !run->plan->count)
        code = sks_fail (err, SKS_EINVALID, "no usable export in the sources");
    if (!code)
        code = make_room (path, err);
    if (!code) {
        code = build (run, 0, path, err);
        if (!code)
            code = sks_store_open (out, path, err);
        /* What is mapped stays readable. */
        remove_room (path);
    }
    sks_display_stop (&run->display);
    return code;
}

void
sks_run_close (sks_run *run)
{
    sks_reuse_destroy (&run->reuse);
    sks_plan_destroy (&run->plan);
    sks_intake_destroy (&run->intake);
    sks_sources_destroy (&run->sources);
    if (run->report)
        sks_report_destroy (&run->report);
    sks_store_close (&run->last);
    sks_folder_close (&run->folder);
}
