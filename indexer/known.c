/* known.c - a list sorted by hash, and one sorted by path. */
#include "known.h"

#include "core/base/bisect.h"
#include "core/base/hash.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

struct file {
    uint64_t content;
    uint32_t occupation;
};

struct sks_known {
    const sks_store *last;
    struct file *files;
    size_t count;
    sks_paths *paths; /* of all exports */
};

static int
by_content (const void *left, const void *right)
{
    const struct file *a = left, *b = right;
    return (a->content > b->content) - (a->content < b->content);
}

int
sks_known_create (sks_known **out, const sks_store *last, sks_error *err)
{
    size_t occupations = last ? last->occupations : 0;
    sks_known *known = *out = calloc (1, sizeof *known);
    if (!known)
        return sks_fail_memory (err);
    known->last = last;
    known->files = calloc (occupations + 1, sizeof *known->files);
    known->paths = sks_paths_create (occupations);
    if (!known->files || !known->paths) {
        sks_known_destroy (out);
        return sks_fail_memory (err);
    }
    for (uint32_t i = 0; i < occupations; i++) {
        sks_paths_add (known->paths, sks_store_string (last, last->occupation[i].source));
        if (last->occupation[i].clean)
            known->files[known->count++] = (struct file) { last->occupation[i].content, i };
    }
    sks_paths_sort (known->paths);
    qsort (known->files, known->count, sizeof *known->files, by_content);
    return 0;
}

void
sks_known_destroy (sks_known **known_p)
{
    if (!*known_p)
        return;
    free ((*known_p)->files);
    sks_paths_destroy (&(*known_p)->paths);
    free (*known_p);
    *known_p = NULL;
}

uint32_t
sks_known_find (const sks_known *known, const char *path, const char *bytes, size_t size)
{
    return known->count ? sks_known_find_content (known, path, sks_hash_bytes (bytes, size)) : SKS_NONE;
}

uint32_t
sks_known_find_content (const sks_known *known, const char *path, uint64_t content)
{
    size_t low = 0, high = known->count;
    SKS_BISECT (low, high, at, known->files[at].content < content)
    /* Copies of one file have the same hash: the path distinguishes them. */
    for (; low < known->count && known->files[low].content == content; low++) {
        uint32_t occupation = known->files[low].occupation;
        if (strcmp (sks_store_string (known->last, known->last->occupation[occupation].source), path) == 0)
            return occupation;
    }
    return SKS_NONE;
}

size_t
sks_known_from (const sks_known *known, const char *path)
{
    return sks_paths_count_at (known->paths, path);
}

size_t
sks_known_below (const sks_known *known, const char *path)
{
    return sks_paths_count_below (known->paths, path, strlen (path));
}
