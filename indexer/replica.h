/* replica.h - copies of the current generation in other index folders, for daemons that serve them.
 *
 * A copy is made beside what the folder holds, read back, and published there as the indexer publishes: the folder's
 * lock is held, files are synced before the link is switched, and older generations are kept as in the index. A run
 * that is killed, or finds no space, leaves the folder's current generation as it was; the next run begins again. */
#ifndef SKS_REPLICA_H
#define SKS_REPLICA_H

#include "folder.h"

enum sks_replica_outcome {
    SKS_REPLICA_COPIED,   /* the generation was copied and made current */
    SKS_REPLICA_SWITCHED, /* it was there, and was made current */
    SKS_REPLICA_CURRENT   /* it was there and current; nothing was changed */
};

/* Publish the current generation of an index in another folder, which is created if needed.
 *   index    open for reading; no lock is needed
 *   keep     how many generations that folder keeps
 *   outcome  one of enum sks_replica_outcome
 * Returns 0, or
 *   SKS_EINVALID  the folder is the index or below it, has other files but no index, or holds another index: its
 *                 current generation is newer and not known here, or its generation of this number is another one
 *   SKS_ELOCKED   another indexer holds its lock
 *   SKS_EINDEX    the index or the copy is damaged
 *   SKS_EIO       for example, no space is left
 *   SKS_ENOMEM */
int sks_replica_publish (const sks_folder *index, const char *target, unsigned keep, int *outcome, sks_error *err);

#endif
