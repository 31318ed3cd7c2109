/* build.h - builds the two files of a generation from a plan.
 *
 * The statements are cut into as many ranges (range.h) as there are threads. Each thread adds its range to a Xapian
 * database of its own (a piece) and makes its part of the token stream; then the pieces are compacted into one and the
 * statements file is written. Statements that the last generation's postings cover are not added again (reuse.h).
 * Nothing here publishes: folder.h does, once the result has been verified. */
#ifndef SKS_BUILD_H
#define SKS_BUILD_H

#include "core/index/vectors.h"
#include "reuse.h"
#include "shard_build.h"

/* What a build may have beside its plan; each may be NULL. */
typedef struct sks_build_options {
    const sks_reuse *reuse;
    const sks_vectors *vectors;   /* NULL: statements get none */
    const sks_sharding *sharding; /* if set, shards are built in place of postings; then reuse and vectors are NULL */
    unsigned threads;
    sks_progress *progress;
} sks_build_options;

/* Build generation `number` into `folder`, which exists and is empty. When it returns 0, all files are complete and on
 * disk. */
int sks_build (const sks_plan *plan, const sks_intake *intake, const sks_build_options *options, uint64_t number,
               const char *folder, sks_error *err);

#endif
