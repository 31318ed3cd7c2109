/* main.c - skillsearch-index: updates the index from its sources and reports what was done. */
#include "core/base/clock.h"
#include "core/base/printable_put.h"
#include "core/base/streams.h"
#include "index_commands.h"
#include "memory.h"
#include "report_print.h"
#include "run.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The ending of a noun after its count. */
static const char *
plural (uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void
print_summary (const sks_run *run)
{
    const sks_summary *s = &run->summary;
    bool verbose = run->options->verbose;
    fprintf (stderr, "%s", s->outcome);
    if (s->generation)
        fprintf (stderr, ": generation %" PRIu64, s->generation);
    size_t problems = sks_report_count (run->report), warnings = sks_report_warnings (run->report);
    size_t unseen = verbose ? 0 : sks_report_unseen_warnings (run->report);
    fprintf (stderr, ", %" PRIu64 " statement%s of %" PRIu64 " occupation%s", s->statements, plural (s->statements),
             s->occupations, plural (s->occupations));
    if (s->shards)
        fprintf (stderr, ", %" PRIu64 " shard%s", s->shards, plural (s->shards));
    fprintf (stderr, " in %.2f s", (double) s->elapsed_ms / 1000);
    fprintf (stderr, "\n%" PRIu64 " file%s: %" PRIu64 " export%s, %zu skipped", s->files, plural (s->files), s->exports,
             plural (s->exports), sks_report_skipped (run->report));
    sks_report_print_skipped (run->report, stderr);
    fprintf (stderr, ", %zu problem%s", problems, plural (problems));
    if (warnings)
        fprintf (stderr, ", %zu warning%s%s", warnings, plural (warnings),
                 !unseen         ? ""
                 : warnings == 1 ? " (-v shows it)"
                                 : " (-v shows them)");
    fprintf (stderr, "; %" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " removed, %" PRIu64 " kept", s->added,
             s->changed, s->removed, s->kept);
    if (s->renamed)
        fprintf (stderr, ", %" PRIu64 " of them from another file", s->renamed);
    size_t gone = sks_report_gone_exports (run->report);
    if (gone)
        fprintf (stderr, ", %zu of them from sources that are gone", gone);
    fputc ('\n', stderr);
    sks_report_print_gone (run->report, verbose, stderr);
}

/* Where the index is, and how it is searched. */
static void
print_place (const sks_index_options *options)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_buffer_puts (&out, "The index is in ");
    sks_printable_puts (&out, options->index);
    sks_buffer_puts (&out, ". To search it: skillsearch ");
    if (options->index_given) {
        sks_buffer_puts (&out, "--index ");
        sks_printable_put_word (&out, options->index);
        sks_buffer_putc (&out, ' ');
    }
    sks_buffer_puts (&out, "WORDS\n");
    fwrite (out.bytes, 1, out.size, stderr);
    sks_buffer_free (&out);
}

static void
print_json (const sks_run *run)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2), shown = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_error err;
    int code = sks_report_json (run->report, &run->summary, &out, &err);
    if (!code)
        sks_printable_put_json (&shown, out.bytes, out.size);
    if (code || sks_buffer_status (&shown, &err))
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
    else
        sks_streams_write (shown.bytes, shown.size);
    sks_buffer_free (&out);
    sks_buffer_free (&shown);
}

static int
index_sources (const sks_index_options *options)
{
    sks_run run;
    sks_error err;
    uint64_t start = sks_clock_us ();
    int code = sks_run_index (&run, options, &err);
    struct rusage usage;
    getrusage (RUSAGE_SELF, &usage);
    run.summary.elapsed_ms = (sks_clock_us () - start) / 1000;
    run.summary.peak_bytes = (uint64_t) usage.ru_maxrss * 1024;
    run.summary.error = code ? err.text : NULL;
    size_t problems = run.report ? sks_report_count (run.report) : 0;
    if (run.report) {
        sks_run_print_report (&run, stderr);
        if (options->json)
            print_json (&run);
    }
    if (code) {
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
        sks_recovery_advise (options->index, stderr);
    } else {
        sks_report_print_removed (run.report, options->verbose, stderr);
        if (!options->quiet) {
            sks_report_print_moved (run.report, options->verbose, stderr);
            print_summary (&run);
        }
        if (!options->quiet && strcmp (run.summary.outcome, "published") == 0)
            print_place (options);
    }
    sks_run_close (&run);
    if (code)
        return code == SKS_ELOCKED ? SKS_INDEXER_EXIT_LOCKED : SKS_INDEXER_EXIT_FAILED;
    return problems ? SKS_INDEXER_EXIT_REJECTED : SKS_INDEXER_EXIT_PUBLISHED;
}

int
main (int argc, char **argv)
{
    sks_index_options options;
    sks_streams_open ("skillsearch-index", SKS_INDEXER_EXIT_FAILED);
    sks_index_options_read (&options, argc, argv);
    /* A report may have a line for each statement: buffer it to save system calls. */
    setvbuf (stderr, NULL, _IOLBF, BUFSIZ);
    /* A full disk or a file size limit must come back as an error of write. */
    signal (SIGXFSZ, SIG_IGN);
    signal (SIGPIPE, SIG_IGN);
    bool command = options.list || options.rollback || options.publish || options.publish_to || options.diff ||
                   options.export_bulk;
    if (!command)
        sks_memory_prepare ();
    int code = command ? sks_index_command_run (&options) : index_sources (&options);
    free (options.removed);
    return code;
}
