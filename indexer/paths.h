/* paths.h - a sorted list of paths, and queries for a path or for all paths below a folder. */
#ifndef SKS_PATHS_H
#define SKS_PATHS_H

#include <stddef.h>

typedef struct sks_paths sks_paths;

/* An empty list with space for `capacity` paths, NULL when out of memory; free with sks_paths_destroy. */
sks_paths *sks_paths_create (size_t capacity);
void sks_paths_destroy (sks_paths **paths_p);

/* Add a path, which is borrowed; the list must not be full. A path may be added several times. */
void sks_paths_add (sks_paths *paths, const char *path);

/* Sort the list. After that the functions below may be called, by several threads at a time. */
void sks_paths_sort (sks_paths *paths);

/* How often exactly this path is in the list. */
size_t sks_paths_count_at (const sks_paths *paths, const char *path);

/* How many paths of the list are `size` bytes of folder, or lie below that. */
size_t sks_paths_count_below (const sks_paths *paths, const char *folder, size_t size);

#endif
