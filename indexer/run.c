/* run.c - the steps of a run in their order. */
#include "run.h"

#include "core/index/place.h"
#include "gone.h"
#include "memory.h"
#include "missing.h"
#include "removals.h"
#include "report_print.h"
#include "scratch.h"
#include "shard_stub.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
open_generation (sks_run *run, uint64_t number, sks_error *err)
{
    sks_folder_path (run->folder, number, run->last_folder, sizeof run->last_folder);
    return sks_recovery_open (&run->last, &run->origins, run->folder, number, sks_store_open_without_lists, err);
}

/* Open the current generation. If it does not open, for any reason, the run ends: continuing without it would drop
 * the exports of other sources. */
static int
open_current (sks_run *run, sks_error *err)
{
    uint64_t current = sks_folder_current (run->folder);
    int code = sks_folder_check (run->folder, err);
    if (!code && current)
        code = open_generation (run, current, err);
    return code;
}

static int
open_last (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    if (!run->folder || !o->rebuild)
        return run->folder ? open_current (run, err) : 0;
    int code = sks_rebuild_begin (&run->rebuild, run->folder, o->sources, o->source_count, run->report, err);
    return code || !run->rebuild->base ? code : open_generation (run, run->rebuild->base, err);
}

/* The named file of word vectors, or the installed one if it exists. */
static int
open_vectors (sks_run *run, sks_error *err)
{
    char installed[PATH_MAX];
    const char *path = run->options->vectors;
    if (run->options->without_vectors || run->options->check)
        return 0;
    if (!path && sks_place_installed (installed, sizeof installed, SKS_VECTORS_FILE))
        path = installed;
    return path ? sks_vectors_open (&run->vectors, path, err) : 0;
}

static int
open_encoder (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    return o->encoder && !o->check && !o->diff ? sks_encoder_open (&run->encoder, o->encoder, err) : 0;
}

static int
open_folder (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    if (o->check && !o->rebuild && access (o->index, F_OK) != 0)
        return 0;
    return sks_folder_open (&run->folder, o->index, !o->check && !o->diff, err);
}

static int
list_stamps (sks_run *run, sks_error *err)
{
    size_t count = run->origins ? run->origins->export_count : 0;
    run->stamps = calloc (count + 1, sizeof *run->stamps);
    for (size_t i = 0; run->stamps && i < count; i++)
        run->stamps[i] = run->origins->exports[i].stamp;
    return run->stamps ? 0 : sks_fail_memory (err);
}

/* The number of shards of the next generation, 0 for none: as the last one has unless the options name another. */
static uint32_t
shards_of (const sks_run *run)
{
    return run->options->shards_given ? run->options->shards : run->last ? run->last->shards : 0;
}

static int
read_sources (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    int code = list_stamps (run, err);
    const sks_source_request request = {
        .sources = run->rebuild ? run->rebuild->sources : o->sources,
        .source_count = run->rebuild ? run->rebuild->source_count : o->source_count,
        .removed = o->removed,
        .removed_count = o->removed_count,
        .only = o->only,
        .allow_empty = o->allow_empty,
        .allow_shrink = o->allow_shrink,
        .level_from_type = o->level_from_type,
        .stamps = run->rebuild ? NULL : run->stamps,
    };
    if (!code)
        code = sks_sources_find (&run->sources, &request, run->last, run->report, err);
    if (!code)
        code = sks_intake_read (&run->intake, run->sources, run->last, o->threads, run->report, &run->progress, err);
    sks_progress_begin (&run->progress, SKS_PHASE_PLANNING, 0);
    if (!code)
        code = sks_plan_make (&run->plan, run->intake, run->sources, run->last, run->report, err);
    if (!code)
        code = sks_removals_report (run->plan, run->sources, run->origins, run->report, err);
    if (!code && run->rebuild)
        sks_rebuild_check (run->rebuild, run->plan, run->sources, run->report);
    if (!code)
        code = sks_missing_explain (run->plan, run->sources, run->report, err);
    if (!code)
        code = sks_gone_report (run->plan, run->origins, run->report, err);
    if (!code)
        code = sks_report_arrange (run->report, err);
    if (code)
        return code;
    run->summary.exports = run->intake->same_count;
    for (size_t i = 0; i < run->intake->count; i++)
        run->summary.exports += run->intake->collections[i]->framework_count;
    run->summary.files = sks_sources_count (run->sources);
    run->summary.statements = run->plan->statements;
    run->summary.occupations = run->plan->count;
    run->summary.shards = shards_of (run);
    run->summary.added = run->plan->added;
    run->summary.changed = run->plan->changed;
    run->summary.removed = run->plan->removed;
    run->summary.kept = run->plan->kept;
    run->summary.renamed = run->plan->renamed;
    return 0;
}

/* A rebuild reads the sources that exist; missing ones stay known as long as the index has an export of them. */
static int
write_origins (const sks_run *run, const char *path, sks_error *err)
{
    const sks_origins *last = run->rebuild ? run->rebuild->origins : run->origins;
    return sks_origins_write (path, run->plan, run->sources, run->options->only ? NULL : last, err);
}

/* Free what is not needed once the files are written: reading them back takes as much memory as they have bytes. After
 * a small change that is little, and the memory is soon used again. */
static void
drop_words (sks_run *run)
{
    for (size_t i = 0; i < run->intake->count; i++)
        sks_collection_drop_words (run->intake->collections[i]);
    if (!run->reuse)
        sks_memory_release ();
}

static const char *const *
hosts_of (const sks_run *run)
{
    return run->hosts.count ? run->hosts.list : NULL;
}

/* What an index in shards needs, and what it cannot have, before any source is read. */
static int
prepare_shards (sks_run *run, sks_error *err)
{
    const sks_index_options *o = run->options;
    uint32_t shards = shards_of (run);
    if (!shards || o->diff)
        return 0;
    if (o->encoder || o->vectors)
        return sks_fail (err, SKS_EINVALID,
                         "%s: an index in shards has no vectors and is not encoded; nothing is published", o->index);
    return sks_shard_hosts_read (&run->hosts, o->index, shards, err);
}

/* The generation whose postings may be taken over; NULL for none. */
static const sks_store *
reusable (const sks_run *run)
{
    bool none = run->rebuild || !run->last || run->last->shards || shards_of (run);
    return none ? NULL : run->last;
}

/* Build the plan as generation `number` in a folder, and read it back.
 *   shards   0: build postings, whatever the index has */
static int
build (sks_run *run, uint64_t number, const char *path, uint32_t shards, sks_error *err)
{
    int code = sks_reuse_make (&run->reuse, run->plan, reusable (run), run->last_folder, number, err);
    if (!code && !run->reuse)
        code = sks_plan_fill (run->plan, err);
    if (code)
        return code;
    const sks_sharding sharding = { shards, hosts_of (run) };
    const sks_build_options options = { .reuse = run->reuse,
                                        .vectors = shards ? NULL : run->vectors,
                                        .sharding = shards ? &sharding : NULL,
                                        .threads = run->options->threads,
                                        .progress = &run->progress };
    code = sks_build (run->plan, run->intake, &options, number, path, err);
    if (!code)
        code = write_origins (run, path, err);
    drop_words (run);
    sks_progress_begin (&run->progress, SKS_PHASE_VERIFYING, 0);
    return code ? code : sks_verify_build (run->plan, run->reuse, path, err);
}

static int
publish (sks_run *run, sks_error *err)
{
    char path[PATH_MAX];
    uint64_t number = sks_folder_highest (run->folder) + 1;
    sks_folder_building (run->folder, number, path, sizeof path);
    int code = sks_folder_begin (run->folder, number, err);
    if (run->last && run->last->vectors && !run->vectors && !run->options->without_vectors && !shards_of (run))
        fputs ("skillsearch-index: the statements lose their vectors: no file of word vectors is named or installed\n",
               stderr);
    if (!code)
        code = build (run, number, path, shards_of (run), err);
    sks_progress_begin (&run->progress, SKS_PHASE_PUBLISHING, 0);
    if (!code)
        code = sks_folder_publish (run->folder, number, err);
    if (code) {
        sks_folder_abandon (run->folder);
        return code;
    }
    /* The new generation is published even if old ones cannot be removed. */
    sks_error cause;
    uint64_t sound = run->last ? run->last->generation : 0;
    if (sks_folder_prune (run->folder, run->options->keep, sound, sks_recovery_opens, &cause))
        fprintf (stderr, "skillsearch-index: an old generation stays: %s\n", cause.text);
    return 0;
}

/* Whether the statements get other vectors than they have. Without a file of word vectors they keep their own until the
 * plan changes something. */
static bool
changes_vectors (const sks_run *run)
{
    return !run->last->shards && (run->vectors || run->options->without_vectors) &&
           run->last->vectors != (run->vectors ? run->vectors->hash : 0);
}

/* Whether the last generation is in as many shards, on the same hosts. */
static bool
keeps_shards (const sks_run *run)
{
    return run->last->shards == shards_of (run) &&
           (!run->last->shards || sks_shard_stub_has_hosts (run->last, run->last_folder, hosts_of (run)));
}

/* Whether to publish the plan, and the name of the outcome if not. */
static bool
wants_publishing (sks_run *run, int *code, sks_error *err)
{
    bool nothing = !run->plan->count && !sks_report_count (run->report);
    run->summary.outcome = run->options->check && !nothing ? "checked" : "failed";
    if (run->options->check) {
        if (nothing) /* a check before a publication must not accept what that would refuse */
            *code = sks_fail (err, SKS_EINVALID, "no usable export in the sources");
        return false;
    }
    if (!run->plan->count && run->last)
        *code = sks_fail (
            err, SKS_EINVALID,
            "no export would be left; nothing is published. An index cannot be empty: to discard it, remove %s",
            run->options->index);
    else if (!run->plan->count)
        *code = sks_fail (err, SKS_EINVALID, "no usable export in the sources; nothing is published");
    else if (run->plan->shrunk)
        *code = sks_fail (err, SKS_EINVALID, "more than half of a source would be removed; nothing is published");
    else if (run->options->strict && sks_report_count (run->report))
        *code = sks_fail (err, SKS_EINVALID, "--strict: input was rejected; nothing is published");
    else if (run->rebuild && !run->options->allow_empty && (*code = sks_rebuild_status (run->rebuild, err)))
        ;
    else if (run->last && !run->rebuild && sks_plan_is_unchanged (run->plan) && !changes_vectors (run) &&
             keeps_shards (run))
        run->summary.outcome = "unchanged";
    else
        return true;
    return false;
}

static bool
has_same (const sks_store *store, const sks_framework *framework)
{
    uint32_t i = sks_store_occupation (store, framework->soc);
    return i != SKS_NONE && store->occupation[i].content == framework->content;
}

/* How many exports the plan changes to exactly what a given-up generation had: these changes were undone by a
 * rollback. */
static size_t
count_again (const sks_run *run, const sks_store *given_up)
{
    const sks_plan *plan = run->plan;
    size_t again = 0;
    for (size_t i = 0; i < plan->count; i++)
        again += has_same (given_up, plan->frameworks[i]) && !has_same (run->last, plan->frameworks[i]);
    for (uint32_t i = 0; plan->removed && i < run->last->occupations; i++) {
        const char *soc = sks_store_string (run->last, run->last->occupation[i].soc);
        again += !sks_plan_has (plan, soc) && sks_store_occupation (given_up, soc) == SKS_NONE;
    }
    return again;
}

/* Warn when the sources would repeat changes that a rollback undid. */
static void
report_given_up (const sks_run *run)
{
    char path[PATH_MAX];
    sks_store *given_up;
    uint64_t highest = run->folder ? sks_folder_highest (run->folder) : 0;
    if (!run->last || highest <= sks_folder_current (run->folder) || sks_folder_unpublished (run->folder, highest))
        return;
    sks_folder_path (run->folder, highest, path, sizeof path);
    if (sks_store_open (&given_up, path, NULL))
        return;
    size_t again = count_again (run, given_up);
    if (again)
        fprintf (stderr, "skillsearch-index: %zu %s as in generation %" PRIu64 ", which was given up by a rollback\n",
                 again, again == 1 ? "export changes" : "exports change", highest);
    sks_store_close (&given_up);
}

/* Run all steps up to the plan. */
static int
prepare (sks_run *run, const sks_index_options *options, sks_error *err)
{
    *run = (sks_run) { .options = options };
    run->summary.outcome = "failed";
    int code = sks_report_create (&run->report, err);
    if (!code)
        code = open_folder (run, err);
    if (!code)
        code = open_vectors (run, err);
    if (!code)
        code = open_encoder (run, err);
    if (!code)
        code = open_last (run, err);
    if (!code)
        code = prepare_shards (run, err);
    sks_progress_begin (&run->progress, SKS_PHASE_READING, 0);
    if (!code && !options->quiet)
        sks_progress_start_display (&run->display, &run->progress, STDERR_FILENO, options->verbose);
    if (!code)
        code = read_sources (run, err);
    if (!code && !run->rebuild)
        report_given_up (run);
    return code;
}

/* Encode the statements of the current generation, whether this run published it or not. Vectors of the last
 * generation are reused. */
static int
encode (sks_run *run, sks_error *err)
{
    char folder[PATH_MAX];
    sks_folder_path (run->folder, sks_folder_current (run->folder), folder, sizeof folder);
    return sks_statement_encodings_make (folder, run->last_folder, run->encoder, run->options->threads, &run->progress,
                                         &run->summary.encoded, err);
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
    if (!code && run->encoder)
        code = encode (run, err);
    run->summary.generation = run->folder ? sks_folder_current (run->folder) : 0;
    sks_progress_stop_display (&run->display);
    sks_progress_end (&run->progress);
    memcpy (run->summary.phase_ms, run->progress.spent_ms, sizeof run->summary.phase_ms);
    return code;
}

/* Estimate the size of a preview: the files of the last generation, and the new exports. */
static uint64_t
preview_bytes (const sks_run *run)
{
    enum { LEAST = 4 << 20, A_STATEMENT = 512 };
    return LEAST + 2 * (run->last->postings.size + run->last->additions.size) + A_STATEMENT * run->plan->statements;
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
        code = sks_scratch_open (path, preview_bytes (run), err);
    if (!code) {
        code = build (run, 0, path, 0, err);
        if (!code)
            code = sks_store_open (out, path, err);
        /* The open store stays readable. */
        sks_scratch_close ();
    }
    sks_progress_stop_display (&run->display);
    return code;
}

void
sks_run_print_report (const sks_run *run, FILE *out)
{
    sks_report_print (run->report, run->options->verbose, out);
    if (run->options->verbose)
        return;
    /* Tables are seldom in a folder of exports by chance. */
    static const char *const tables[] = { ".csv", ".xlsx", ".xls", ".ods" };
    if (run->plan && !run->plan->count)
        sks_report_print_reasons (run->report, "", out);
    else
        for (size_t i = 0; i < sizeof tables / sizeof *tables && !run->options->quiet; i++)
            sks_report_print_reasons (run->report, tables[i], out);
}

void
sks_run_close (sks_run *run)
{
    sks_reuse_destroy (&run->reuse);
    sks_vectors_close (&run->vectors);
    sks_encoder_close (&run->encoder);
    sks_plan_destroy (&run->plan);
    sks_intake_destroy (&run->intake);
    sks_sources_destroy (&run->sources);
    if (run->report)
        sks_report_destroy (&run->report);
    sks_origins_destroy (&run->origins);
    free (run->stamps);
    sks_rebuild_destroy (&run->rebuild);
    sks_store_close (&run->last);
    sks_folder_close (&run->folder);
}
