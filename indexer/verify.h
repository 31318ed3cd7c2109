/* verify.h - compares a built generation with its plan. */
#ifndef SKS_VERIFY_H
#define SKS_VERIFY_H

#include "reuse.h"

/* Read a built generation back. It is refused with SKS_EINDEX unless
 *   - all checksums are right, and Xapian's own check passes; a postings file that was taken over passed that check
 *     when it was made, and its checksum is unchanged;
 *   - each statement is one document;
 *   - each occupation has the facet values and, at each level, the number of statements that were read, and no value
 *     has two rows: then the counts of every facet are those of the plan;
 *   - each occupation has the edition that was read;
 *   - posting lists are as long as the dictionary says;
 *   - in an index in shards, sks_shard_check passes;
 *   - a sample of the statements that were read, and one of those that were taken over, have the texts that were read,
 *     and each is in the posting list of each of its words. */
int sks_verify_build (const sks_plan *plan, const sks_reuse *reuse, const char *folder, sks_error *err);

#endif
