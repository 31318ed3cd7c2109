/* main.c - skillsearch-index: bring the index in line with its sources.
 *
 * The story of a run: find the files, read them on all cores, plan the next
 * generation, build it aside, read it back, publish it. */
#include "../core/json.h"
#include "../core/place.h"
#include "build.h"
#include "diff_print.h"
#include "publish.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum exit_code { EXIT_PUBLISHED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REJECTED = 3, EXIT_LOCKED = 5 };

struct options {
    const char *index;
    const char *const *sources;
    size_t source_count;
    unsigned keep, threads;
    bool only, check, strict, json, tsv, list, rollback, diff, quiet, verbose;
};

/* ----------------------------------------------------------------- options */

enum option_code { OPTION_INDEX = 256, OPTION_ONLY, OPTION_KEEP, OPTION_THREADS, OPTION_CHECK, OPTION_STRICT,
              OPTION_JSON, OPTION_TSV, OPTION_LIST, OPTION_ROLLBACK, OPTION_DIFF, OPTION_VERSION };

static const struct {
    const char *name, *argument, *help;
    int code, letter;
} option_table[] = {
    { "index", "DIR", "the index folder; else $SKILLSEARCH_INDEX, else $XDG_DATA_HOME/skillsearch", OPTION_INDEX, 0 },
    { "only", NULL, "drop what came from other sources in earlier runs", OPTION_ONLY, 0 },
    { "check", NULL, "validate and report; publish nothing", OPTION_CHECK, 0 },
    { "strict", NULL, "publish nothing if any input is rejected", OPTION_STRICT, 0 },
    { "json", NULL, "write the report or diff to standard output as one JSON object", OPTION_JSON, 0 },
    { "tsv", NULL, "with --diff: one change a line, with tabs between", OPTION_TSV, 0 },
    { "keep", "N", "generations to keep, the new one included (default 2)", OPTION_KEEP, 0 },
    { "threads", "N", "threads that read and build (default: one a core)", OPTION_THREADS, 0 },
    { "list", NULL, "list the generations of the index", OPTION_LIST, 0 },
    { "rollback", NULL, "make the generation before the current one current", OPTION_ROLLBACK, 0 },
    { "diff", NULL, "list what changed from generation A to B (default: the last two)", OPTION_DIFF, 0 },
    { "quiet", NULL, "no summary and no progress bar", 'q', 'q' },
    { "verbose", NULL, "list warnings and skipped files; without a terminal tell progress every 10 s", 'v', 'v' },
    { "help", NULL, "this text", 'h', 'h' },
    { "version", NULL, "the version", OPTION_VERSION, 0 },
};
#define OPTION_COUNT (sizeof option_table / sizeof *option_table)

static void
print_help (void)
{
    puts ("usage: skillsearch-index [OPTIONS] SOURCE...\n\n"
          "Bring the index in line with the given framework exports. A SOURCE is a file,\n"
          "a folder (walked), or \"-\" (one export a line on standard input).\n\n"
          "  skillsearch-index exports/          index a folder, or bring it up to date\n"
          "  skillsearch-index --check new.json  validate a file, change nothing\n"
          "  skillsearch-index --rollback        go back to the generation before\n"
          "  skillsearch-index --diff [A [B]]    what changed between generations\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char left[40];
        snprintf (left, sizeof left, "%c%c%s--%s%s%s", option_table[i].letter ? '-' : ' ',
                  option_table[i].letter ? option_table[i].letter : ' ', option_table[i].letter ? ", " : "  ",
                  option_table[i].name, option_table[i].argument ? " " : "",
                  option_table[i].argument ? option_table[i].argument : "");
        printf ("  %-20s %s\n", left, option_table[i].help);
    }
    puts ("\nExit: 0 published or unchanged, 1 failed, 2 usage, 3 published but some input\n"
          "was rejected, 5 another indexer holds the index.");
}

static bool
read_number (const char *text, unsigned least, unsigned most, unsigned *out)
{
    char *end;
    unsigned long value = strtoul (text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value < least || value > most)
        return false;
    *out = (unsigned) value;
    return true;
}

/* Apply one option; false for one that is wrong. */
static bool
apply (struct options *o, int code, const char *argument)
{
    switch (code) {
    case OPTION_INDEX: o->index = argument; return true;
    case OPTION_ONLY: o->only = true; return true;
    case OPTION_CHECK: o->check = true; return true;
    case OPTION_STRICT: o->strict = true; return true;
    case OPTION_JSON: o->json = true; return true;
    case OPTION_LIST: o->list = true; return true;
    case OPTION_ROLLBACK: o->rollback = true; return true;
    case OPTION_DIFF: o->diff = true; return true;
    case OPTION_TSV: o->tsv = true; return true;
    case OPTION_KEEP: return read_number (argument, 1, 1000, &o->keep);
    case OPTION_THREADS: return read_number (argument, 1, SKS_MAX_THREADS, &o->threads);
    case 'q': o->quiet = true; return true;
    case 'v': o->verbose = true; return true;
    default: return false;
    }
}

/* Whether the rest of the command line is what the errand takes; told if not. */
static bool
takes_arguments (const struct options *o)
{
    if (o->tsv && !o->diff) {
        fputs ("skillsearch-index: --tsv goes with --diff\n", stderr);
        return false;
    }
    if (!o->list && !o->rollback && !o->diff && !o->source_count) {
        fputs ("skillsearch-index: name a folder or file of exports\n", stderr);
        return false;
    }
    for (size_t i = 0; o->diff && i < o->source_count; i++) {
        const char *name = o->sources[i];
        if (i < 2 && *name >= '1' && *name <= '9' && strspn (name, "0123456789") == strlen (name))
            continue;
        fprintf (stderr, "skillsearch-index: %s: --diff takes at most two numbers of generations\n", name);
        return false;
    }
    return true;
}

/* See that the index has a folder; told if it has none. */
static bool
find_index (struct options *o)
{
    static char place[PATH_MAX];
    sks_error err;
    if (o->index)
        return true;
    o->index = place;
    if (sks_place_find (place, sizeof place, &err) == 0)
        return true;
    fprintf (stderr, "skillsearch-index: %s\n", err.text);
    return false;
}

/* Read the command line; ends the program for --help, --version and misuse. */
static void
read_options (struct options *o, int argc, char **argv)
{
    struct option longs[OPTION_COUNT + 1] = { 0 };
    for (size_t i = 0; i < OPTION_COUNT; i++)
        longs[i] = (struct option) { option_table[i].name,
                                     option_table[i].argument ? required_argument : no_argument, NULL,
                                     option_table[i].code };
    long cores = sysconf (_SC_NPROCESSORS_ONLN);
    *o = (struct options) { .keep = SKS_DEFAULT_KEEP, .threads = cores < 1 ? 1 : (unsigned) cores };
    o->threads = o->threads > SKS_MAX_THREADS ? SKS_MAX_THREADS : o->threads;
    for (int code; (code = getopt_long (argc, argv, "hqv", longs, NULL)) != -1;) {
        if (code == 'h') {
            print_help ();
            exit (EXIT_PUBLISHED);
        }
        if (code == OPTION_VERSION) {
            puts ("skillsearch-index " SKS_VERSION);
            exit (EXIT_PUBLISHED);
        }
        if (!apply (o, code, optarg)) {
            if (code != '?')
                fprintf (stderr, "skillsearch-index: %s: not a number this option takes\n", optarg);
            fputs ("try: skillsearch-index --help\n", stderr);
            exit (EXIT_USAGE);
        }
    }
    o->sources = (const char *const *) argv + optind;
    o->source_count = (size_t) (argc - optind);
    if (!find_index (o) || !takes_arguments (o)) {
        fputs ("try: skillsearch-index --help\n", stderr);
        exit (EXIT_USAGE);
    }
}

/* ------------------------------------------------------------------- a run */

/* All that a run holds; each pointer is NULL until its step. */
struct run {
    const struct options *options;
    sks_folder *folder;
    sks_store *last;
    char last_folder[PATH_MAX];
    sks_report *report;
    sks_sources *sources;
    sks_intake *intake;
    sks_plan *plan;
    sks_reuse *reuse;
    sks_progress progress;
    sks_display *display;
    sks_summary summary;
};

static uint64_t
now_ms (void)
{
    struct timespec t;
    clock_gettime (CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000 + (uint64_t) t.tv_nsec / 1000000;
}

/* Open the generation that is current. One that is damaged or of another
 * format is told and passed over: the sources make a new one. */
static int
open_last (struct run *run, sks_error *err)
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
open_folder (struct run *run, sks_error *err)
{
    const struct options *o = run->options;
    if (o->check && access (o->index, F_OK) != 0)
        return 0;
    return sks_folder_open (&run->folder, o->index, !o->check, err);
}

static int
read_sources (struct run *run, sks_error *err)
{
    const struct options *o = run->options;
    int code = sks_sources_find (&run->sources, o->sources, o->source_count, run->report, err);
    if (!code)
        code = sks_intake_read (&run->intake, run->sources, run->last, o->threads, run->report, &run->progress, err);
    sks_progress_begin (&run->progress, SKS_PHASE_PLANNING, 0);
    if (!code)
        code = sks_plan_make (&run->plan, run->intake, run->sources, run->last, o->only, run->report, err);
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
    return 0;
}

static int
publish (struct run *run, sks_error *err)
{
    const struct options *o = run->options;
    char path[PATH_MAX];
    uint64_t number = sks_folder_highest (run->folder) + 1;
    sks_folder_building (run->folder, number, path, sizeof path);
    int code = sks_folder_begin (run->folder, number, err);
    if (!code)
        code = sks_plan_fill (run->plan, err);
    if (!code)
        code = sks_reuse_make (&run->reuse, run->plan, run->last, run->last_folder, err);
    if (!code)
        code = sks_build (run->plan, run->intake, run->reuse, number, path, o->threads, &run->progress, err);
    sks_progress_begin (&run->progress, SKS_PHASE_VERIFYING, 0);
    if (!code)
        code = sks_build_verify (run->plan, run->reuse, path, err);
    sks_progress_begin (&run->progress, SKS_PHASE_PUBLISHING, 0);
    if (!code)
        code = sks_folder_publish (run->folder, number, err);
    if (code) {
        sks_folder_abandon (run->folder);
        return code;
    }
    /* It is published, whatever becomes of the old ones. */
    sks_error left;
    if (sks_folder_prune (run->folder, o->keep, &left))
        fprintf (stderr, "skillsearch-index: an old generation stays: %s\n", left.text);
    return 0;
}

/* Whether the plan is to be published, and what to call the outcome if not. */
static bool
wants_publishing (struct run *run, int *code, sks_error *err)
{
    run->summary.outcome = "checked";
    if (run->options->check)
        return false;
    run->summary.outcome = "failed";
    if (!run->plan->count)
        *code = sks_fail (err, SKS_EINVALID, "no usable export in the sources; nothing is published");
    else if (run->options->strict && sks_report_count (run->report))
        *code = sks_fail (err, SKS_EINVALID, "--strict: input was rejected; nothing is published");
    else if (run->last && sks_plan_is_unchanged (run->plan))
        run->summary.outcome = "unchanged";
    else
        return true;
    return false;
}

static int
work (struct run *run, sks_error *err)
{
    run->summary.outcome = "failed";
    int code = sks_report_create (&run->report, err);
    if (!code)
        code = open_folder (run, err);
    if (!code)
        code = open_last (run, err);
    sks_progress_begin (&run->progress, SKS_PHASE_READING, 0);
    if (!code && !run->options->quiet)
        sks_display_start (&run->display, &run->progress, STDERR_FILENO, run->options->verbose);
    if (!code)
        code = read_sources (run, err);
    if (!code && wants_publishing (run, &code, err)) {
        code = publish (run, err);
        if (!code)
            run->summary.outcome = "published";
    }
    run->summary.generation = run->folder ? sks_folder_current (run->folder) : 0;
    return code;
}

static void
print_summary (const struct run *run)
{
    const sks_summary *s = &run->summary;
    size_t problems = sks_report_count (run->report), skipped = sks_report_skipped (run->report);
    fprintf (stderr, "%s", s->outcome);
    if (s->generation)
        fprintf (stderr, ": generation %" PRIu64, s->generation);
    fprintf (stderr, ", %" PRIu64 " statements of %" PRIu64 " occupations in %.2f s", s->statements, s->occupations,
             (double) s->elapsed_ms / 1000);
    fprintf (stderr, "\n%" PRIu64 " files: %" PRIu64 " exports, %zu skipped, %zu problems; "
             "%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " removed, %" PRIu64 " kept\n",
             s->files, s->exports, skipped, problems, s->added, s->changed, s->removed, s->kept);
}

static void
print_json (const struct run *run)
{
    sks_buffer out = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_error err;
    if (sks_report_json (run->report, &run->summary, &out, &err))
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
    else
        fwrite (out.bytes, 1, out.size, stdout);
    sks_buffer_free (&out);
}

static void
free_run (struct run *run)
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

static int
index_sources (const struct options *options)
{
    struct run run = { .options = options };
    sks_error err;
    uint64_t start = now_ms ();
    int code = work (&run, &err);
    sks_display_stop (&run.display);
    sks_progress_end (&run.progress);
    memcpy (run.summary.phase_ms, run.progress.spent_ms, sizeof run.summary.phase_ms);
    struct rusage usage;
    getrusage (RUSAGE_SELF, &usage);
    run.summary.elapsed_ms = now_ms () - start;
    run.summary.peak_bytes = (uint64_t) usage.ru_maxrss * 1024;
    run.summary.error = code ? err.text : NULL;
    size_t problems = run.report ? sks_report_count (run.report) : 0;
    if (run.report) {
        sks_report_print (run.report, options->verbose, stderr);
        if (options->json)
            print_json (&run);
    }
    if (code)
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
    else if (!options->quiet)
        print_summary (&run);
    free_run (&run);
    if (code)
        return code == SKS_ELOCKED ? EXIT_LOCKED : EXIT_FAILED;
    return problems ? EXIT_REJECTED : EXIT_PUBLISHED;
}

/* ---------------------------------------------------- the other errands */

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
choose_generations (const struct options *options, const sks_folder *folder, uint64_t numbers[2], sks_error *err)
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
print_diff (const struct options *options, const sks_store *before, const sks_store *after, sks_error *err)
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
compare_generations (const struct options *options, const sks_folder *folder, sks_error *err)
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

static int
run_errand (const struct options *options)
{
    sks_folder *folder = NULL;
    sks_error err;
    /* An index that is not there must not be made by asking for it. */
    int code = access (options->index, F_OK) < 0 ? sks_fail_errno (&err, "%s", options->index) : 0;
    if (!code)
        code = sks_folder_open (&folder, options->index, options->rollback, &err);
    if (!code)
        code = options->rollback ? roll_back (folder, &err)
               : options->diff   ? compare_generations (options, folder, &err)
                                 : list_generations (folder);
    sks_folder_close (&folder);
    if (code)
        fprintf (stderr, "skillsearch-index: %s\n", err.text);
    return !code ? EXIT_PUBLISHED : code == SKS_ELOCKED ? EXIT_LOCKED : EXIT_FAILED;
}

int
main (int argc, char **argv)
{
    struct options options;
    read_options (&options, argc, argv);
    /* A full disk or a file size limit must come back as an error of write. */
    signal (SIGXFSZ, SIG_IGN);
    signal (SIGPIPE, SIG_IGN);
    return options.list || options.rollback || options.diff ? run_errand (&options) : index_sources (&options);
}
