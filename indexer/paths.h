/* paths.h - a sorted list of paths: what is in it, and below a folder of it. */
#ifndef SKS_PATHS_H
#define SKS_PATHS_H

#include <stddef.h>

typedef struct sks_paths sks_paths;

/* An empty list with room for `room` paths, NULL when memory is out; free with
 * sks_paths_destroy. */
sks_paths *sks_paths_create (size_t room);
void sks_paths_destroy (sks_paths **paths_p);

/* Add a path, which is borrowed; there must be room. One may be there several times. */
void sks_paths_add (sks_paths *paths, const char *path);

/* Sort; what is below may be called afterwards, by several threads at a time. */
void sks_paths_sort (sks_paths *paths);

/* How often this very path is in the list. */
size_t sks_paths_count_at (const sks_paths *paths, const char *path);

/* How many paths of the list are `size` bytes of folder, or lie below that. */
size_t sks_paths_count_below (const sks_paths *paths, const char *folder, size_t size);

#endif
