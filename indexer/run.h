/* run.h - one run of skillsearch-index over its sources.
 *
 * The story of a run: find the files, read them on all cores, plan the next
 * generation, build it aside, read it back, publish it. */
#ifndef SKS_RUN_H
#define SKS_RUN_H

#include "build.h"
#include "options.h"
#include "rebuild.h"

#include <limits.h>

/* All that a run holds; each pointer is NULL until its step. */
typedef struct sks_run {
    const sks_index_options *options;
    sks_folder *folder;
    sks_rebuild *rebuild; /* NULL unless the options want it */
    sks_store *last;      /* the current generation; of a rebuild the newest that opens */
    sks_origins *origins; /* what it was made of */
    char last_folder[PATH_MAX];
    sks_report *report;
    sks_sources *sources;
    sks_intake *intake;
    sks_plan *plan;
    sks_reuse *reuse;
    sks_progress progress;
    sks_display *display;
    sks_summary summary;
} sks_run;

/* Bring the index in line with the sources of the options. Whatever it returns,
 * summary and report tell of it; the run is then closed with sks_run_close. */
int sks_run_index (sks_run *run, const sks_index_options *options, sks_error *err);

/* Make the generation that sks_run_index would publish, and publish nothing: no
 * lock is taken and the index stays as it is. run->last is the current one.
 *   *out   caller owns it; free with sks_store_close. NULL on failure. Its files
 *          are gone, its number is 0.
 * The run is then closed with sks_run_close. */
int sks_run_preview (sks_run *run, const sks_index_options *options, sks_store **out, sks_error *err);

void sks_run_close (sks_run *run);

#endif
