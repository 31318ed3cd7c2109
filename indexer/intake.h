/* intake.h - reads files into collections, on all cores.
 *
 * The files are cut into as many runs as there are threads; each thread reads
 * its run into a collection and a report of its own, so almost nothing is shared. An export that the last generation
 * has from the same file with the same bytes is not parsed again, unless there was something to report about it: then
 * it is parsed and reported again. A file of one such export is not even read if its stamp (source.h) is the same. */
#ifndef SKS_INTAKE_H
#define SKS_INTAKE_H

#include "collection.h"
#include "progress.h"
#include "source.h"
#include "core/base/threads.h"

#include <stdatomic.h>

typedef struct sks_intake {
    sks_collection *collections[SKS_MAX_THREADS];
    size_t count;
    const char **rejected; /* files of which not all exports are good; SKS_STANDARD_INPUT */
    size_t rejected_count;
    atomic_bool *same; /* an occupation of the last generation: its export has not changed */
    uint64_t *stamps;  /* of the file of such an occupation that it is all of; else 0 */
    size_t same_count; /* how many */
} sks_intake;

/* Read all files of sources with `threads` threads; last is the generation that was passed when they were found.
 *   *out    caller owns it; free with sks_intake_destroy. NULL on failure.
 * Problems go to the report in the order of the files. Returns 0, SKS_ENOMEM
 * or SKS_EINTERNAL. */
int sks_intake_read (sks_intake **out, const sks_sources *sources, const sks_store *last, unsigned threads,
                     sks_report *report, sks_progress *progress, sks_error *err);
void sks_intake_destroy (sks_intake **intake_p);

#endif
