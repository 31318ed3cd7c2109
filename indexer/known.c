/* known.c - a list sorted by hash, and one sorted by path. */
#include "known.h"

#include "core/base/bisect.h"
#include "core/base/hash.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

struct row {
    uint64_t hash; /* of the content, or a stamp */
    uint32_t occupation;
};

struct list {
    struct row *rows;
    size_t count;
};

struct sks_known {
    const sks_store *last;
    struct list contents, stamps;
    sks_paths *paths; /* of all exports */
};

static int
by_hash (const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void
sort (struct list *list)
{
    qsort (list->rows, list->count, sizeof *list->rows, by_hash);
}

int
sks_known_create (sks_known **out, const sks_store *last, const uint64_t *stamps, sks_error *err)
{
    size_t occupations = last ? last->occupations : 0;
    sks_known *known = *out = calloc (1, sizeof *known);
    if (!known)
        return sks_fail_memory (err);
    known->last = last;
    known->contents.rows = calloc (occupations + 1, sizeof *known->contents.rows);
    known->stamps.rows = calloc (occupations + 1, sizeof *known->stamps.rows);
    known->paths = sks_paths_create (occupations);
    if (!known->contents.rows || !known->stamps.rows || !known->paths) {
        sks_known_destroy (out);
        return sks_fail_memory (err);
    }
    for (uint32_t i = 0; i < occupations; i++) {
        sks_paths_add (known->paths, sks_store_string (last, last->occupation[i].source));
        if (last->occupation[i].clean)
            known->contents.rows[known->contents.count++] = (struct row) { last->occupation[i].content, i };
        if (last->occupation[i].clean && stamps && stamps[i])
            known->stamps.rows[known->stamps.count++] = (struct row) { stamps[i], i };
    }
    sks_paths_sort (known->paths);
    sort (&known->contents);
    sort (&known->stamps);
    return 0;
}

void
sks_known_destroy (sks_known **known_p)
{
    if (!*known_p)
        return;
    free ((*known_p)->contents.rows);
    free ((*known_p)->stamps.rows);
    sks_paths_destroy (&(*known_p)->paths);
    free (*known_p);
    *known_p = NULL;
}

/* Copies of one file have the same hash: the path distinguishes them. */
static uint32_t
find (const sks_known *known, const struct list *list, const char *path, uint64_t hash)
{
    size_t low = 0, high = list->count;
    SKS_BISECT (low, high, at, list->rows[at].hash < hash)
    for (; low < list->count && list->rows[low].hash == hash; low++) {
        uint32_t occupation = list->rows[low].occupation;
        if (strcmp (sks_store_string (known->last, known->last->occupation[occupation].source), path) == 0)
            return occupation;
    }
    return SKS_NONE;
}

uint32_t
sks_known_find (const sks_known *known, const char *path, const char *bytes, size_t size)
{
    return known->contents.count ? sks_known_find_content (known, path, sks_hash_bytes (bytes, size)) : SKS_NONE;
}

uint32_t
sks_known_find_content (const sks_known *known, const char *path, uint64_t content)
{
    return find (known, &known->contents, path, content);
}

uint32_t
sks_known_find_file (const sks_known *known, const char *path, uint64_t stamp)
{
    return stamp ? find (known, &known->stamps, path, stamp) : SKS_NONE;
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
