/* errands.c - each errand opens the index, tells or changes one thing, and ends. */
#include "errands.h"

#include "diff_print.h"
#include "run.h"
#include "source_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
print_generation (const sks_folder *folder, uint64_t number)
{
    char path[PATH_MAX], when[32];
    sks_store *store;
    sks_error err;
    sks_folder_path (folder, number, path, sizeof path);
    const char *mark = number == sks_folder_current (folder) ? "current" : "";
    if (sks_store_open (&store, path, &err)) {
        printf ("%" PRIu64 "\t%s\t%s\n", number, mark, err.text);
        return;
    }
    time_t created = (time_t) store->created;
    struct tm utc;
    strftime (when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r (&created, &utc));
    printf ("%" PRIu64 "\t%s\t%s\t%u statements\t%u occupations\n", number, mark, when, store->statements,
            store->occupations);
    sks_store_close (&store);
}

static int
list_generations (const sks_folder *folder)
{
    uint64_t numbers[256];
    size_t count = sks_folder_list (folder, numbers, sizeof numbers / sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        print_generation (folder, numbers[i]);
    return 0;
}

static int
roll_back (sks_folder *folder, sks_error *err)
{
    uint64_t number;
    int code = sks_folder_rollback (folder, &number, err);
    if (!code)
        fprintf (stderr, "generation %" PRIu64 " is current\n", number);
    return code;
}

/* The generations to compare: those that are named, else the current one and
 * the one before it. */
static int
choose_generations (const sks_index_options *options, const sks_folder *folder, uint64_t numbers[2], sks_error *err)
{
    uint64_t all[256];
    size_t count = sks_folder_list (folder, all, sizeof all / sizeof *all);
    numbers[0] = 0;
    numbers[1] = sks_folder_current (folder);
    for (size_t i = 0; i < count && all[i] < numbers[1]; i++)
        numbers[0] = all[i];
    for (size_t i = 0; i < options->source_count; i++)
        numbers[i] = strtoull (options->sources[i], NULL, 10);
    if (numbers[0] && numbers[1])
        return 0;
    return sks_fail (err, SKS_ENOTFOUND, "%s: there is no generation before the current one", options->index);
}

static int
print_diff (const sks_index_options *options, const sks_store *before, const sks_store *after, sks_error *err)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_diff *diff;
    int code = sks_diff_make (&diff, before, after, err);
    if (code)
        return code;
    if (options->json)
        sks_diff_print_json (diff, &out);
    else if (options->tsv)
        sks_diff_print_tsv (diff, &out);
    else
        sks_diff_print_text (diff, &out);
    code = sks_buffer_status (&out, err);
    if (!code && (fwrite (out.bytes, 1, out.size, stdout) != out.size || fflush (stdout) != 0))
        code = sks_fail_errno (err, "standard output");
    sks_buffer_free (&out);
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

/* From the current generation to what indexing the sources would make of it. */
static int
compare_sources (const sks_index_options *options, sks_error *err)
{
    sks_run run;
    sks_store *preview;
    int code = sks_run_preview (&run, options, &preview, err);
    if (run.report)
        sks_report_print (run.report, options->verbose, stderr);
    if (!code)
        code = print_diff (options, run.last, preview, err);
    sks_store_close (&preview);
    sks_run_close (&run);
    return code;
}

static int
work (const sks_index_options *options, sks_error *err)
{
    sks_folder *folder = NULL;
    /* An index that is not there must not be made by asking for it. */
    if (access (options->index, F_OK) < 0)
        return sks_fail_errno (err, "%s", options->index);
    if (options->diff && !options->generations)
        return compare_sources (options, err);
    int code = sks_folder_open (&folder, options->index, options->rollback, err);
    if (!code)
        code = options->rollback ? roll_back (folder, err)
               : options->diff   ? compare_generations (options, folder, err)
                                 : list_generations (folder);
    if (!code && options->list && options->verbose)
        code = sks_source_list_print (folder, options->threads, err);
    sks_folder_close (&folder);
    return code;
}

int
sks_errand_run (const sks_index_options *options)
{
    sks_error err;
    int code = work (options, &err);
    if (code)
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
    return !code ? SKS_EXIT_PUBLISHED : code == SKS_ELOCKED ? SKS_EXIT_LOCKED : SKS_EXIT_FAILED;
}
