/* build.h - a plan -> the two files of a generation in a folder.
 *
 * The statements are cut into as many runs as there are threads. Each thread adds its run to a Xapian database of its
 * own (a piece) and makes its part of the token stream; then the pieces are compacted into one and the statements
 * file is written. Statements that the last generation's postings cover are not added again (reuse.h).
 * Nothing here publishes: folder.h does, once the result has been verified. */
#ifndef SKS_BUILD_H
#define SKS_BUILD_H

#include "core/index/vectors.h"
#include "reuse.h"

/* Build generation `number` into `folder`, which exists and is empty. When it
 * returns 0, all files are complete and on disk. reuse and progress may be NULL; vectors too: then statements
 * get no vectors. */
int sks_build (const sks_plan *plan, const sks_intake *intake, const sks_reuse *reuse, const sks_vectors *vectors,
               uint64_t number, const char *folder, unsigned threads, sks_progress *progress, sks_error *err);

/* Read a built generation back. It is refused with SKS_EINDEX unless
 *   - all checksums are right, and Xapian's own check passes; a postings file that was taken over passed that check
 *     when it was made, and its checksum is unchanged;
 *   - each statement is one document;
 *   - each occupation has the facet values and, at each level, the number of statements that were read, and no value
 *     has two rows: then the counts of every facet are those of the plan;
 *   - each occupation has the edition that was read;
 *   - posting lists are as long as the dictionary says;
 *   - a sample of statements across the whole index has the text that was read, and each is in the posting list of
 *     each of its words. */
int sks_verify_build (const sks_plan *plan, const sks_reuse *reuse, const char *folder, sks_error *err);

#endif
