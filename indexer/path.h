/* path.h - paths, of which some may no longer exist. */
#ifndef SKS_PATH_H
#define SKS_PATH_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The absolute path of a name, without links, ".", ".." and redundant slashes. If the name does not exist, its
 * existing part is resolved. Returns 0, or the errno that says why it does not exist. After ENAMETOOLONG path is
 * only a beginning. */
int sks_path_resolve (const char *name, char path[PATH_MAX]);

/* The absolute path of a name, with links resolved only in its parent folder: if it is a link, the path of the link
 * itself. False when there is no such folder. */
bool sks_path_of_link (const char *name, char path[PATH_MAX]);

/* Whether path equals the first `size` bytes of folder, or is below that. */
bool sks_path_is_below (const char *path, const char *folder, size_t size);

/* A list of paths; all of it is 0 at first. Free `paths` with free. */
typedef struct sks_path_list {
    const char **paths;
    size_t count, capacity;
} sks_path_list;

/* Add a copy of a path, in an arena. Returns 0 or SKS_ENOMEM. */
int sks_path_list_add (sks_path_list *list, sks_arena *arena, const char *path, sks_error *err);

/* Whether path is, or is below, a path of the list. */
bool sks_path_list_covers (const sks_path_list *list, const char *path);

/* Sync a folder: names that were created, renamed or removed in it. Returns 0 or SKS_EIO. */
int sks_path_sync (const char *folder, sks_error *err);

#endif
