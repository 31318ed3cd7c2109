/* known.c - two hash tables: of contents, and of paths. */
#include "known.h"

#include "core/base/hash.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing; at least half of the slots are free. */
struct table {
    struct slot {
        uint64_t hash;
        uint32_t occupation; /* its number + 1; 0: a free slot */
        uint32_t source;     /* the string of the occupation: its row need not be read */
    } * slots;
    size_t mask;
};

struct sks_known {
    const sks_store *last;
    const uint64_t *stamps;
    struct table contents; /* of exports without anything to report */
    struct table files;    /* the first export of each path */
    sks_paths *paths;      /* of all exports */
    bool sorted;           /* the paths are */
};

static const char *
source_of (const sks_known *known, uint32_t occupation)
{
    return sks_store_string (known->last, known->last->occupation[occupation].source);
}

static bool
allocate (struct table *table, size_t rows)
{
    size_t slots = 16;
    while (slots < rows * 2)
        slots *= 2;
    table->slots = calloc (slots, sizeof *table->slots);
    table->mask = slots - 1;
    return table->slots;
}

/* The slot of this hash whose export is of the file `path`, or the free one after those of this hash. */
static struct slot *
find_slot (const sks_known *known, const struct table *table, const char *path, uint64_t hash)
{
    size_t at = sks_hash_key (&hash, sizeof hash) & table->mask;
    for (; table->slots[at].occupation; at = (at + 1) & table->mask)
        if (table->slots[at].hash == hash &&
            strcmp (sks_store_string (known->last, table->slots[at].source), path) == 0)
            break;
    return &table->slots[at];
}

/* The first export that is added for a hash and a path stays. */
static void
add (const sks_known *known, struct table *table, uint64_t hash, uint32_t occupation)
{
    struct slot *slot = find_slot (known, table, source_of (known, occupation), hash);
    if (!slot->occupation)
        *slot = (struct slot) { hash, occupation + 1, known->last->occupation[occupation].source };
}

static uint64_t
hash_of_path (const char *path)
{
    return sks_hash_bytes (path, strlen (path));
}

int
sks_known_create (sks_known **out, const sks_store *last, const uint64_t *stamps, sks_error *err)
{
    size_t occupations = last ? last->occupations : 0;
    sks_known *known = *out = calloc (1, sizeof *known);
    if (!known)
        return sks_fail_memory (err);
    known->last = last;
    known->stamps = stamps;
    known->paths = sks_paths_create (occupations);
    if (!allocate (&known->contents, occupations) || !allocate (&known->files, occupations) || !known->paths) {
        sks_known_destroy (out);
        return sks_fail_memory (err);
    }
    for (uint32_t i = 0; i < occupations; i++) {
        sks_paths_add (known->paths, source_of (known, i));
        add (known, &known->files, hash_of_path (source_of (known, i)), i);
        if (last->occupation[i].clean)
            add (known, &known->contents, last->occupation[i].content, i);
    }
    return 0;
}

void
sks_known_destroy (sks_known **known_p)
{
    if (!*known_p)
        return;
    free ((*known_p)->contents.slots);
    free ((*known_p)->files.slots);
    sks_paths_destroy (&(*known_p)->paths);
    free (*known_p);
    *known_p = NULL;
}

uint32_t
sks_known_find (const sks_known *known, const char *path, const char *bytes, size_t size)
{
    return known->last ? sks_known_find_content (known, path, sks_hash_bytes (bytes, size)) : SKS_NONE;
}

uint32_t
sks_known_find_content (const sks_known *known, const char *path, uint64_t content)
{
    return find_slot (known, &known->contents, path, content)->occupation - 1;
}

uint32_t
sks_known_of_file (const sks_known *known, const char *path)
{
    return find_slot (known, &known->files, path, hash_of_path (path))->occupation - 1;
}

bool
sks_known_is_current (const sks_known *known, uint32_t occupation, uint64_t stamp)
{
    bool same = occupation != SKS_NONE && stamp && known->stamps && known->stamps[occupation] == stamp;
    return same && known->last->occupation[occupation].clean;
}

size_t
sks_known_below (sks_known *known, const char *path)
{
    if (!known->sorted)
        sks_paths_sort (known->paths);
    known->sorted = true;
    return sks_paths_count_below (known->paths, path, strlen (path));
}
