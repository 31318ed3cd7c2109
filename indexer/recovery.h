/* recovery.h - a damaged index: what still opens, and how to repair it.
 *
 * Damage is never treated as "no index": a run that finds it changes nothing, and the user chooses between a generation
 * that opens (--rollback, --publish) and the sources, read again (--rebuild). */
#ifndef SKS_RECOVERY_H
#define SKS_RECOVERY_H

#include "origin.h"
#include "folder.h"

#include <stdio.h>

/* Open the files of a generation that an indexer needs.
 *   open      sks_store_open, or sks_store_open_without_lists if the lists are not read
 *   *store    caller owns it; free with sks_store_close. NULL on failure.
 *   *origins  likewise with sks_origins_destroy.
 * Returns 0, SKS_EINDEX, SKS_EIO or SKS_ENOMEM; the text names the file. */
typedef int sks_recovery_opener (sks_store **store, const char *folder, sks_error *err);
int sks_recovery_open (sks_store **store, sks_origins **origins, const sks_folder *folder, uint64_t number,
                       sks_recovery_opener *open, sks_error *err);

/* Whether these files open. */
bool sks_recovery_opens (const sks_folder *folder, uint64_t number);

/* What the index was made of: the list of the current generation, or of the one that the link names, or else the
 * newest one that is known. Lists of damaged generations and of format 2 count. A list that is damaged or of another
 * generation is replaced by what the statements file says, if that opens.
 *   *out, *number  the list and its generation; as sks_origins_read.
 * SKS_ENOTFOUND if none can be read. */
int sks_recovery_origins (sks_origins **out, uint64_t *number, const sks_folder *folder, sks_error *err);

/* Whether a source can be read again. Standard input and missing sources cannot. */
bool sks_recovery_is_there (const char *root);

/* Print how to repair an index whose current generation does not open; print nothing when it opens or there is no
 * index. */
void sks_recovery_advise (const char *index, FILE *out);

#endif
