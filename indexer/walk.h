/* walk.h - a file, or a folder with everything below it, entry by entry, sorted by name.
 *
 * Links to files count as files. Links to folders are not followed, so a loop cannot trap the walk. */
#ifndef SKS_WALK_H
#define SKS_WALK_H

#include "core/base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

enum sks_walk_kind {
    SKS_WALK_FILE,
    SKS_WALK_FOLDER, /* its entries follow */
    SKS_WALK_OTHER,  /* a device, a link to nothing and so on */
    SKS_WALK_LOST    /* it cannot be read, or not all of it; its entries do not follow */
};

/* Borrowed: valid until the next call. */
typedef struct sks_walk_entry {
    int kind;                /* enum sks_walk_kind */
    const char *path, *name; /* the path begins with that of the walk; the name is its last part */
    bool first;              /* it is what the walk began with */
    struct stat status;      /* of a file */
    const char *what;        /* of others: what it is instead of a file */
    int cause;               /* of a lost one: an errno */
} sks_walk_entry;

typedef struct sks_walk sks_walk;

/* Begin at an absolute path without links, which must stay valid.
 *   *out   caller owns it; free with sks_walk_close. NULL on failure.
 * Returns 0, SKS_EIO or SKS_ENOMEM. */
int sks_walk_open (sks_walk **out, const char *path, sks_error *err);
void sks_walk_close (sks_walk **walk_p);

/* Go to the next entry; *out is NULL after the last. Returns 0 or SKS_EIO. */
int sks_walk_next (sks_walk *walk, const sks_walk_entry **out, sks_error *err);

/* Leave out what is below the folder that sks_walk_next has returned. */
void sks_walk_skip (sks_walk *walk);

#endif
