/* intake.c - one thread a run of files. */
#include "intake.h"

#include "nearness.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const sks_sources *sources;
    size_t first, end;
    sks_collection *collection;
    sks_report *report;
    sks_progress *progress;
    const char **rejected;  /* room for end - first */
    size_t rejected_count;
    sks_error err;
    int code;
};

/* Read a file; one that cannot be read is told, and *bytes is NULL then. */
static int
read_file (struct run *run, const sks_source_file *file, char **bytes, size_t *size)
{
    int code = sks_source_read (file->path, SKS_MAX_EXPORT_BYTES, bytes, size, &run->err);
    if (code != SKS_EIO)
        return code;
    sks_report_add (run->report, SKS_PROBLEM_UNREADABLE, file->path, "", -1, "%s", run->err.text);
    run->rejected[run->rejected_count++] = file->path;
    return 0;
}

static int
take_file (struct run *run, const sks_source_file *file)
{
    char *read = NULL;
    size_t size = file->size;
    int kind, code = file->bytes ? 0 : read_file (run, file, &read, &size);
    if (code || !(file->bytes || read))
        return code;
    sks_export *export;
    code = sks_export_read (&export, &kind, file->path, file->named, file->bytes ? file->bytes : read, size,
                            run->report, &run->err);
    free (read);
    if (code)
        return code;
    if (kind == SKS_EXPORT_REJECTED)
        run->rejected[run->rejected_count++] = file->path;
    if (kind == SKS_EXPORT_GOOD) {
        code = sks_collection_add (run->collection, export, file->path, &run->err);
        if (!code)
            code = sks_nearness_warn (&run->collection->frameworks[run->collection->framework_count - 1],
                                      run->report, &run->err);
        atomic_fetch_add_explicit (&run->progress->statements, export->count, memory_order_relaxed);
    }
    sks_export_destroy (&export);
    return code;
}

static void *
read_run (void *argument)
{
    struct run *run = argument;
    for (size_t i = run->first; !run->code && i < run->end; i++) {
        run->code = take_file (run, sks_sources_file (run->sources, i));
        atomic_fetch_add_explicit (&run->progress->files, 1, memory_order_relaxed);
    }
    return NULL;
}

static int
prepare (struct run *run, const sks_sources *sources, size_t first, size_t end, sks_progress *progress,
         sks_error *err)
{
    *run = (struct run) { .sources = sources, .first = first, .end = end, .progress = progress };
    int code = sks_collection_create (&run->collection, err);
    if (!code)
        code = sks_report_create (&run->report, err);
    if (!code && !(run->rejected = calloc (end - first + 1, sizeof *run->rejected)))
        code = sks_fail_memory (err);
    return code;
}

/* Work on all runs; the first failure, in their order, is the one that is told. */
static int
work (struct run *runs, size_t count, sks_error *err)
{
    int code = sks_threads_work (read_run, runs, count, sizeof *runs, err);
    for (size_t i = 0; !code && i < count; i++)
        if ((code = runs[i].code) && err)
            *err = runs[i].err;
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

int
sks_intake_read (sks_intake **out, const sks_sources *sources, unsigned threads, sks_report *report,
                 sks_progress *progress, sks_error *err)
{
    struct run runs[SKS_MAX_THREADS];
    size_t files = sks_sources_count (sources);
    size_t count = threads < SKS_MAX_THREADS ? threads : SKS_MAX_THREADS;
    sks_intake *intake = calloc (1, sizeof *intake);
    *out = NULL;
    if (!intake)
        return sks_fail_memory (err);
    count = count > files ? files : count;
    count = count ? count : 1;
    memset (runs, 0, sizeof runs);
    sks_progress_begin (progress, SKS_PHASE_READING, files);
    int code = 0;
    for (size_t i = 0; !code && i < count; i++)
        code = prepare (&runs[i], sources, files * i / count, files * (i + 1) / count, progress, err);
    if (!code)
        code = work (runs, count, err);
    if (!code)
        code = gather (intake, runs, count, files, report, err);
    for (size_t i = 0; i < count; i++) {
        sks_collection_destroy (&runs[i].collection);
        sks_report_destroy (&runs[i].report);
        free (runs[i].rejected);
    }
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
    free (intake);
}
