/* path.h - paths of sources, of which some may be gone. */
#ifndef SKS_PATH_H
#define SKS_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The absolute path of a name, without links, ".", ".." and needless slashes. Of what
 * is not there the part that is there is resolved. Returns 0, or an errno: why it is
 * not there. After ENAMETOOLONG path is not set. */
int sks_path_resolve (const char *name, char path[PATH_MAX]);

/* The absolute path of a name, with links resolved in the folder above it only: that of
 * the link itself if it is one. False when there is no such folder. */
bool sks_path_of_link (const char *name, char path[PATH_MAX]);

/* Whether path is `size` bytes of folder, or lies below that. */
bool sks_path_is_below (const char *path, const char *folder, size_t size);

/* Whether the folder above an absolute path is there and holds something. */
bool sks_path_has_neighbours (const char *path);

#endif
