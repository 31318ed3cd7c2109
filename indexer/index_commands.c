/* index_commands.c - each command opens the index, prints or changes one thing, and ends. */
#include "index_commands.h"

#include "core/base/printable.h"
#include "core/base/printable_put.h"
#include "core/base/streams.h"
#include "bulk.h"
#include "diff_print.h"
#include "listing.h"
#include "replica.h"
#include "run.h"
#include "shard_check.h"
#include "wrap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Make a generation current after it has been opened and checked. */
static int
make_current (sks_folder *folder, uint64_t number, bool quiet, sks_error *err)
{
    sks_store *store;
    sks_origins *origins;
    uint64_t other;
    char path[PATH_MAX];
    int code = sks_recovery_open (&store, &origins, folder, number, sks_store_open, err);
    sks_folder_path (folder, number, path, sizeof path);
    if (!code)
        code = sks_shard_check_labels (store, path, err);
    sks_store_close (&store);
    sks_origins_destroy (&origins);
    if (!code)
        code = sks_folder_switch (folder, number, err);
    if (!code) {
        if (!quiet)
            fprintf (stderr, "generation %" PRIu64 " is current\n", number);
        return 0;
    }
    fprintf (stderr, "skillsearch-index: generation %" PRIu64 " is not made current", number);
    other = sks_folder_before (folder, number);
    while (other && !sks_recovery_opens (folder, other))
        other = sks_folder_before (folder, other);
    if (other)
        fprintf (stderr, "; generation %" PRIu64 " opens: --publish %" PRIu64, other, other);
    fputc ('\n', stderr);
    return code;
}

static int
publish_generation (const sks_index_options *options, sks_folder *folder, sks_error *err)
{
    if (!sks_folder_has (folder, options->publish))
        return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation %u; --list shows them", options->index,
                         options->publish);
    return make_current (folder, options->publish, options->quiet, err);
}

/* Go to the generation before the current one; if that is damaged, to the newest that opens. */
static int
roll_back (const sks_index_options *options, sks_folder *folder, sks_error *err)
{
    uint64_t current = sks_folder_current (folder);
    bool whole = current && sks_recovery_opens (folder, current);
    uint64_t target = whole ? sks_folder_before (folder, current) : sks_folder_newest (folder, sks_recovery_opens);
    if (target)
        return make_current (folder, target, options->quiet, err);
    return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation %s", options->index,
                     whole ? "before the current one" : "that opens");
}

/* The generations to compare: the named ones, or else the current one and the one before it. After a rollback to the
 * first generation: that one and the one after it. */
static int
choose_generations (const sks_index_options *options, const sks_folder *folder, uint64_t numbers[2], sks_error *err)
{
    size_t count;
    const uint64_t *all = sks_folder_numbers (folder, &count);
    numbers[1] = sks_folder_current (folder);
    numbers[0] = sks_folder_before (folder, numbers[1]);
    if (count > 1 && numbers[1] == all[0]) {
        numbers[0] = all[0];
        numbers[1] = all[1];
    }
    if (options->source_count == 1)
        numbers[1] = sks_folder_current (folder);
    for (size_t i = 0; i < options->source_count; i++)
        numbers[i] = strtoull (options->sources[i], NULL, 10);
    for (size_t i = 0; i < options->source_count; i++)
        if (!sks_folder_has (folder, numbers[i]))
            return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation %s; --list shows them", options->index,
                             options->sources[i]);
    if (!numbers[1] && sks_folder_check (folder, err))
        return SKS_EINDEX;
    if (numbers[0] && numbers[1])
        return 0;
    return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation before the current one", options->index);
}

static int
print_diff (const sks_index_options *options, const sks_store *before, const sks_store *after, sks_error *err)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2), other = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_diff *diff;
    int code = sks_diff_make (&diff, before, after, err);
    if (code)
        return code;
    if (options->json) {
        sks_diff_print_json (diff, &other);
        sks_printable_put_json (&out, other.bytes, other.size);
    } else if (options->tsv) {
        sks_diff_print_tsv (diff, &out);
    } else {
        sks_diff_print_text (diff, &other);
        const char *text = sks_buffer_text (&other);
        sks_wrap_put (&out, text ? text : "", sks_wrap_columns ());
    }
    out.failed = other.failed ? other.failed : out.failed;
    code = sks_buffer_status (&out, err);
    /* Failed writes are reported at exit. */
    if (!code)
        sks_streams_write (out.bytes, out.size);
    sks_buffer_free (&out);
    sks_buffer_free (&other);
    sks_diff_destroy (&diff);
    return code;
}

static int
compare_generations (const sks_index_options *options, const sks_folder *folder, sks_error *err)
{
    char path[PATH_MAX];
    uint64_t numbers[2];
    sks_store *stores[2] = { NULL, NULL };
    int code = choose_generations (options, folder, numbers, err);
    for (int i = 0; !code && i < 2; i++) {
        sks_folder_path (folder, numbers[i], path, sizeof path);
        code = sks_store_open (&stores[i], path, err);
    }
    if (!code)
        code = print_diff (options, stores[0], stores[1], err);
    sks_store_close (&stores[0]);
    sks_store_close (&stores[1]);
    return code;
}

/* Compare the current generation with the one that indexing the sources would publish.
 *   *incomplete   whether the sources had problems, so that the difference may lack something */
static int
compare_sources (const sks_index_options *options, bool *incomplete, sks_error *err)
{
    sks_run run;
    sks_store *preview;
    int code = sks_run_preview (&run, options, &preview, err);
    if (run.report)
        sks_run_print_report (&run, stderr);
    if (!code)
        code = print_diff (options, run.last, preview, err);
    *incomplete = run.report && sks_report_count (run.report);
    sks_store_close (&preview);
    sks_run_close (&run);
    return code;
}

/* There is no index: say how to build one. */
static int
fail_no_index (const sks_index_options *options, sks_error *err)
{
    sks_buffer command = SKS_BUFFER_INIT (SIZE_MAX / 2);
    if (options->index_given) {
        sks_buffer_puts (&command, "--index ");
        sks_printable_put_word (&command, options->index);
        sks_buffer_putc (&command, ' ');
    }
    const char *index = sks_buffer_text (&command);
    int code = sks_fail (err, SKS_ENOTFOUND, "%s: no index here; build one with: skillsearch-index %sFOLDER",
                         options->index, index ? index : "");
    sks_buffer_free (&command);
    return code;
}

static bool
is_empty (const sks_folder *folder)
{
    size_t count;
    sks_folder_numbers (folder, &count);
    return !count && sks_folder_check (folder, NULL) == 0;
}

/* Publish in one folder. If another indexer removed the generation meanwhile, begin again with the one that is current
 * now. */
static int
publish_to (const sks_index_options *options, const char *target, sks_error *err)
{
    static const char *const said[] = { [SKS_REPLICA_COPIED] = "copied to",
                                        [SKS_REPLICA_SWITCHED] = "made current again in",
                                        [SKS_REPLICA_CURRENT] = "already current in" };
    sks_folder *index;
    bool removed;
    int code = 0, outcome;
    do {
        char path[PATH_MAX];
        code = sks_folder_open (&index, options->index, 0, err);
        if (code)
            return code;
        uint64_t number = sks_folder_current (index);
        code = sks_folder_check (index, err);
        if (!code && !number)
            code = fail_no_index (options, err);
        if (!code)
            code = sks_replica_publish (index, target, options->keep, &outcome, err);
        sks_folder_path (index, number, path, sizeof path);
        removed = code && number && access (path, F_OK) < 0;
        sks_folder_close (&index);
        if (!code && !options->quiet) {
            fprintf (stderr, "generation %" PRIu64 ": %s ", number, said[outcome]);
            sks_printable_write (stderr, target);
            fputc ('\n', stderr);
        }
    } while (removed);
    return code;
}

/* Publish in all folders. One that fails does not keep the others waiting; the last failure is returned, and the others
 * are printed. */
static int
publish_to_all (const sks_index_options *options, sks_error *err)
{
    int failed = 0;
    for (size_t i = 0; i < options->source_count; i++) {
        sks_error own;
        int code = publish_to (options, options->sources[i], &own);
        if (code && failed)
            fprintf (stderr, "skillsearch-index: %s\n", err->text);
        if (code) {
            failed = code;
            *err = own;
        }
    }
    return failed;
}

static int
export_bulk (const sks_index_options *options, const sks_folder *folder, sks_error *err)
{
    sks_bulk_summary summary;
    int code = sks_bulk_export (folder, options->export_bulk, options->sources[0], options->replace, &summary, err);
    if (!code && !options->quiet) {
        sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
        sks_buffer_printf (
            &out,
            "exported: generation %" PRIu64 ", %u statement%s of %u occupation%s, %u file%s, %" PRIu64 " bytes in ",
            summary.generation, summary.statements, summary.statements == 1 ? "" : "s", summary.occupations,
            summary.occupations == 1 ? "" : "s", summary.files, summary.files == 1 ? "" : "s", summary.bytes);
        sks_printable_puts (&out, options->sources[0]);
        sks_buffer_putc (&out, '\n');
        fwrite (out.bytes, 1, out.size, stderr);
        sks_buffer_free (&out);
    }
    return code;
}

static int
work (const sks_index_options *options, bool *incomplete, sks_error *err)
{
    sks_folder *folder = NULL;
    /* An index that does not exist must not be created by a query. */
    if (access (options->index, F_OK) < 0)
        return errno == ENOENT ? fail_no_index (options, err) : sks_fail_errno (err, "%s", options->index);
    if (options->diff && !options->generations)
        return compare_sources (options, incomplete, err);
    if (options->publish_to)
        return publish_to_all (options, err);
    int code = sks_folder_open (&folder, options->index, options->rollback || options->publish, err);
    if (!code && is_empty (folder))
        code = fail_no_index (options, err);
    if (!code)
        code = options->rollback      ? roll_back (options, folder, err)
               : options->publish     ? publish_generation (options, folder, err)
               : options->diff        ? compare_generations (options, folder, err)
               : options->export_bulk ? export_bulk (options, folder, err)
                                      : sks_listing_print (folder, options, err);
    sks_folder_close (&folder);
    return code;
}

int
sks_index_command_run (const sks_index_options *options)
{
    sks_error err;
    bool incomplete = false;
    int code = work (options, &incomplete, &err);
    if (code) {
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
        sks_recovery_advise (options->index, stderr);
    }
    if (code)
        return code == SKS_ELOCKED ? SKS_INDEXER_EXIT_LOCKED : SKS_INDEXER_EXIT_FAILED;
    return incomplete ? SKS_INDEXER_EXIT_REJECTED : SKS_INDEXER_EXIT_PUBLISHED;
}
