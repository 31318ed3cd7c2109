/* run.h - one run of skillsearch-index over its sources.
 *
 * The steps of a run: find the files, read them on all cores, plan the next generation, build it in a separate
 * folder, read it back, publish it; then encode its statements, if an encoder is named. */
#ifndef SKS_RUN_H
#define SKS_RUN_H

#include "build.h"
#include "index_options.h"
#include "rebuild.h"
#include "report_json.h"
#include "shard_hosts.h"
#include "statement_encodings.h"
#include "verify.h"

#include <limits.h>

/* Everything a run owns; each pointer is NULL until its step. */
typedef struct sks_run {
    const sks_index_options *options;
    sks_folder *folder;
    sks_rebuild *rebuild; /* NULL unless the options request it */
    sks_store *last;      /* the current generation; in a rebuild the newest that opens */
    sks_origins *origins; /* what it was made of */
    uint64_t *stamps;     /* of its exports (origin.h) */
    char last_folder[PATH_MAX];
    sks_report *report;
    sks_sources *sources;
    sks_intake *intake;
    sks_plan *plan;
    sks_reuse *reuse;
    sks_vectors *vectors;  /* NULL: statements get none */
    sks_encoder *encoder;  /* NULL: statements are not encoded */
    sks_shard_hosts hosts; /* if the next generation is in shards */
    sks_progress progress;
    sks_display *display;
    sks_summary summary;
} sks_run;

/* Update the index from the sources in the options. A failure after the generation was published leaves it
 * published. On success and on failure the summary and the report are filled. Then close the run with
 * sks_run_close. */
int sks_run_index (sks_run *run, const sks_index_options *options, sks_error *err);

/* Make the generation that sks_run_index would publish, and publish nothing: no lock is taken and the
 * index stays as it is. run->last is the current one.
 *   *out   caller owns it; free with sks_store_close. NULL on failure. Its files are already deleted and its number
 *          is 0. Then close the run with sks_run_close. */
int sks_run_preview (sks_run *run, const sks_index_options *options, sks_store **out, sks_error *err);

/* Write the report of a run as text. If it found no export, that includes the reasons why files were skipped. */
void sks_run_print_report (const sks_run *run, FILE *out);

void sks_run_close (sks_run *run);

#endif
