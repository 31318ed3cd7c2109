/* intake.c - one thread a run of files. */
#include "intake.h"

#include "known.h"
#include "nearness.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const sks_sources *sources;
    const sks_known *known;
    bool *same; /* of all runs; each file is one run's */
    size_t first, end;
    sks_collection *collection;
    sks_report *report;
    sks_progress *progress;
    const char **rejected; /* room for end - first */
    size_t rejected_count;
    sks_error *err;
};

/* Read a file; one that cannot be read is told, and *bytes is NULL then. */
static int
read_file (struct run *run, const sks_source_file *file, char **bytes, size_t *size)
{
    int code = sks_source_read (file->path, SKS_MAX_EXPORT_BYTES, bytes, size, run->err);
    if (code != SKS_EIO)
        return code;
    sks_report_add (run->report, SKS_PROBLEM_UNREADABLE, file->path, "", -1, "%s", run->err->text);
    run->rejected[run->rejected_count++] = file->path;
    return 0;
}

/* How much there is to tell so far. */
static size_t
told (const struct run *run)
{
    return sks_report_count (run->report) + sks_report_warnings (run->report);
}

static int
take_export (struct run *run, const sks_source_file *file, const char *bytes, size_t size)
{
    sks_export *export;
    size_t before = told (run);
    int kind, code = sks_export_read (&export, &kind, file->path, file->named, bytes, size, run->report, run->err);
    if (code)
        return code;
    if (kind == SKS_EXPORT_REJECTED)
        run->rejected[run->rejected_count++] = file->path;
    if (kind == SKS_EXPORT_GOOD) {
        code = sks_collection_add (run->collection, export, file->path, run->err);
        sks_framework *framework = &run->collection->frameworks[run->collection->framework_count - 1];
        if (!code)
            code = sks_nearness_warn (framework, run->report, run->err);
        if (!code)
            framework->clean = told (run) == before;
    }
    sks_export_destroy (&export);
    return code;
}

static int
take_file (struct run *run, const sks_source_file *file)
{
    char *read = NULL;
    size_t size = file->size;
    int code = file->bytes ? 0 : read_file (run, file, &read, &size);
    const char *bytes = file->bytes ? file->bytes : read;
    if (code || !bytes)
        return code;
    uint32_t occupation = sks_known_find (run->known, file->path, bytes, size);
    if (occupation != SKS_NONE)
        run->same[occupation] = true;
    else
        code = take_export (run, file, bytes, size);
    free (read);
    return code;
}

static int
read_run (void *argument, sks_error *err)
{
    struct run *run = argument;
    int code = 0;
    run->err = err;
    for (size_t i = run->first; !code && i < run->end; i++) {
        code = take_file (run, sks_sources_file (run->sources, i));
        atomic_fetch_add_explicit (&run->progress->files, 1, memory_order_relaxed);
    }
    return code;
}

static int
prepare (struct run *run, sks_error *err)
{
    int code = sks_collection_create (&run->collection, err);
    if (!code)
        code = sks_report_create (&run->report, err);
    if (!code && !(run->rejected = calloc (run->end - run->first + 1, sizeof *run->rejected)))
        code = sks_fail_memory (err);
    return code;
}

/* Hand the collections over and join the reports. */
static int
gather (sks_intake *intake, struct run *runs, size_t count, size_t files, sks_report *report, sks_error *err)
{
    intake->rejected = calloc (files + 1, sizeof *intake->rejected);
    if (!intake->rejected)
        return sks_fail_memory (err);
    for (size_t i = 0; i < count; i++) {
        intake->collections[intake->count++] = runs[i].collection;
        runs[i].collection = NULL;
        sks_report_join (report, runs[i].report);
        for (size_t k = 0; k < runs[i].rejected_count; k++)
            intake->rejected[intake->rejected_count++] = runs[i].rejected[k];
    }
    return sks_report_status (report, err);
}

/* Read with `count` threads; intake is empty but for `same`. */
static int
read_all (sks_intake *intake, const sks_sources *sources, const sks_known *known, size_t count, sks_report *report,
          sks_progress *progress, sks_error *err)
{
    struct run runs[SKS_MAX_THREADS] = { 0 };
    size_t files = sks_sources_count (sources);
    int code = 0;
    for (size_t i = 0; !code && i < count; i++) {
        runs[i] = (struct run) { .sources = sources,
                                 .known = known,
                                 .same = intake->same,
                                 .progress = progress,
                                 .first = files * i / count,
                                 .end = files * (i + 1) / count };
        code = prepare (&runs[i], err);
    }
    if (!code)
        code = sks_threads_work (read_run, runs, count, sizeof *runs, err);
    if (!code)
        code = gather (intake, runs, count, files, report, err);
    for (size_t i = 0; i < count; i++) {
        sks_collection_destroy (&runs[i].collection);
        sks_report_destroy (&runs[i].report);
        free (runs[i].rejected);
    }
    return code;
}

int
sks_intake_read (sks_intake **out, const sks_sources *sources, const sks_store *last, unsigned threads,
                 sks_report *report, sks_progress *progress, sks_error *err)
{
    size_t files = sks_sources_count (sources), occupations = last ? last->occupations : 0;
    size_t count = threads < SKS_MAX_THREADS ? threads : SKS_MAX_THREADS;
    sks_intake *intake = calloc (1, sizeof *intake);
    sks_known *known = NULL;
    *out = NULL;
    if (!intake)
        return sks_fail_memory (err);
    count = count > files ? files : count;
    intake->same = calloc (occupations + 1, sizeof *intake->same);
    sks_progress_begin (progress, SKS_PHASE_READING, files);
    int code = intake->same ? sks_known_create (&known, last, err) : sks_fail_memory (err);
    if (!code)
        code = read_all (intake, sources, known, count ? count : 1, report, progress, err);
    sks_known_destroy (&known);
    for (size_t i = 0; i < occupations && !code; i++)
        intake->same_count += intake->same[i];
    if (code)
        sks_intake_destroy (&intake);
    *out = intake;
    return code;
}

void
sks_intake_destroy (sks_intake **intake_p)
{
    sks_intake *intake = *intake_p;
    if (!intake)
        return;
    *intake_p = NULL;
    for (size_t i = 0; i < intake->count; i++)
        sks_collection_destroy (&intake->collections[i]);
    free (intake->rejected);
    free (intake->same);
    free (intake);
}
