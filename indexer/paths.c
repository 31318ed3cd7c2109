/* paths.c - two binary searches. */
#include "paths.h"

#include "core/base/bisect.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct sks_paths {
    size_t count;
    const char *list[];
};

sks_paths *
sks_paths_create (size_t capacity)
{
    return calloc (1, sizeof (sks_paths) + (capacity + 1) * sizeof (const char *));
}

void
sks_paths_destroy (sks_paths **paths_p)
{
    free (*paths_p);
    *paths_p = NULL;
}

void
sks_paths_add (sks_paths *paths, const char *path)
{
    paths->list[paths->count++] = path;
}

static int
compare (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

void
sks_paths_sort (sks_paths *paths)
{
    qsort (paths->list, paths->count, sizeof *paths->list, compare);
}

static bool
sorts_before (const char *path, const char *bytes, size_t size, unsigned char next)
{
    int order = strncmp (path, bytes, size);
    return order < 0 || (!order && (unsigned char) path[size] < next);
}

/* The first path that does not sort before these bytes followed by `next`. */
static size_t
find (const sks_paths *paths, const char *bytes, size_t size, unsigned char next)
{
    size_t low = 0, high = paths->count;
    SKS_BISECT (low, high, at, sorts_before (paths->list[at], bytes, size, next))
    return low;
}

size_t
sks_paths_count_at (const sks_paths *paths, const char *path)
{
    size_t size = strlen (path);
    return find (paths, path, size, 1) - find (paths, path, size, 0);
}

size_t
sks_paths_count_below (const sks_paths *paths, const char *folder, size_t size)
{
    if (size && folder[size - 1] == '/')
        size--;
    size_t itself = find (paths, folder, size, 1) - find (paths, folder, size, 0);
    return itself + find (paths, folder, size, '/' + 1) - find (paths, folder, size, '/');
}
