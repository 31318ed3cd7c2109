/* build.h - a plan -> the two files of a generation in a folder.
 *
 * The statements are cut into as many runs as there are threads. Each thread
 * feeds a Xapian piece with its run and makes its part of the token stream;
 * then the pieces are compacted into one and the statements file is written. What
 * the last generation's postings cover is not fed again (reuse.h).
 * Nothing here publishes: publish.h does, once the result has been verified. */
#ifndef SKS_BUILD_H
#define SKS_BUILD_H

#include "reuse.h"

/* Build generation `number` into `folder`, which is there and empty. When it
 * returns 0, all files are complete and on disk. reuse and progress may be NULL. */
int sks_build (const sks_plan *plan, const sks_intake *intake, const sks_reuse *reuse, uint64_t number,
               const char *folder, unsigned threads, sks_progress *progress, sks_error *err);

/* Read a built generation back. It is refused with SKS_EINDEX unless
 *   - all checksums hold, and Xapian's own check passes; a postings file that was
 *     taken over passed it when it was made, and its checksum is as it was;
 *   - each statement is one document;
 *   - each occupation has the facet values and, at each level, the number of
 *     statements that were read, and no value has two rows: so the counts of
 *     every facet are those of the plan;
 *   - each occupation has the edition that was read;
 *   - posting lists are as long as the dictionary says;
 *   - statements spread over the whole index have the text that was read, and
 *     stand in the posting list of each of their own words. */
int sks_build_verify (const sks_plan *plan, const sks_reuse *reuse, const char *folder, sks_error *err);

#endif
