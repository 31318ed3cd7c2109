/* shard_check.h - reads the databases of shards back. */
#ifndef SKS_SHARD_CHECK_H
#define SKS_SHARD_CHECK_H

#include "core/index/store.h"

/* Check the shards in the folder of a generation against its store, which has its texts: Xapian's own check passes,
 * each is the shard of this set that its name says, all together have each statement once, posting lists of a sample of
 * stems are as long as the dictionary says, and each statement of a sample is found by its own words and has its
 * content. Returns 0, SKS_EINDEX or a failure. */
int sks_shard_check (const sks_store *store, const char *folder, sks_error *err);

/* Check only that the shards that are in the folder, which may have been moved to their hosts, are of this set. */
int sks_shard_check_labels (const sks_store *store, const char *folder, sks_error *err);

#endif
