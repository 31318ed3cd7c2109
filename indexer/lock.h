/* lock.h - the lock that one indexer at a time holds on an index folder.
 *
 * To take it, the folder is created with its parents. If nothing is published there, what was created is removed again:
 * the lock file, and these folders. Another run that has opened the same file notices that. */
#ifndef SKS_LOCK_H
#define SKS_LOCK_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_lock {
    int fd;       /* of the lock file; -1 unless it is held */
    bool created; /* the lock file */
    size_t made;  /* length of the path of the first folder that was created; 0 without one */
} sks_lock;

#define SKS_LOCK_INIT                                                                                                  \
    {                                                                                                                  \
        -1, false, 0                                                                                                   \
    }

/* Create the folder if needed, and lock it. Release the lock afterwards, also after a failure.
 * Returns 0, SKS_ELOCKED or SKS_EIO. */
int sks_lock_take (sks_lock *lock, const char *folder, sks_error *err);

/* Release the lock. `unused`: nothing was published, so what was created is removed. Safe if it was not taken. */
void sks_lock_release (sks_lock *lock, const char *folder, bool unused);

#endif
