/* intake.h - files -> collections, on all cores.
 *
 * The files are cut into as many runs as there are threads; each thread reads
 * its run into a collection and a report of its own, so nothing is shared. A file
 * that the last generation has with these very bytes is not parsed again, unless
 * there was something to tell of it: then it is told again. */
#ifndef SKS_INTAKE_H
#define SKS_INTAKE_H

#include "collection.h"
#include "progress.h"
#include "source.h"
#include "threads.h"

typedef struct sks_intake {
    sks_collection *collections[SKS_MAX_THREADS];
    size_t count;
    const char **rejected; /* files that were exports but not good ones */
    size_t rejected_count;
    bool *same;        /* an occupation of the last generation: its file is as it was */
    size_t same_count; /* how many */
} sks_intake;

/* Read all files of sources with `threads` threads; last may be NULL.
 *   *out    caller owns it; free with sks_intake_destroy. NULL on failure.
 * Problems go to the report in the order of the files. Returns 0, SKS_ENOMEM
 * or SKS_EINTERNAL. */
int sks_intake_read (sks_intake **out, const sks_sources *sources, const sks_store *last, unsigned threads,
                     sks_report *report, sks_progress *progress, sks_error *err);
void sks_intake_destroy (sks_intake **intake_p);

#endif
