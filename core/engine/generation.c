/* generation.c - finds the published generation, and counts its references. */
#include "generation.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sks_generation {
    atomic_uint references;
    sks_snapshot snapshot;
    sks_cache cache;
};

static void
close_generation (sks_generation *g)
{
    sks_cache_close (&g->cache);
    sks_snapshot_close (&g->snapshot);
    free (g);
}

bool
sks_generation_is_there (const char *index_dir, int *cause)
{
    bool found = false;
    const struct dirent *row;
    DIR *folder = opendir (index_dir);
    *cause = folder || errno == ENOENT || errno == ENOTDIR ? 0 : errno;
    if (!folder)
        return false;
    while (!found && (errno = 0, row = readdir (folder)))
        found = strncmp (row->d_name, "gen-", 4) == 0 || strcmp (row->d_name, SKS_CURRENT_LINK) == 0;
    *cause = found ? 0 : errno;
    closedir (folder);
    return found;
}

/* Report why the link cannot be resolved. There is no index only if the folder has neither a link nor generations. */
static int
no_index (const char *index_dir, sks_error *err)
{
    if (errno != ENOENT && errno != ENOTDIR)
        return sks_fail (err, SKS_EINDEX, "%s/%s: %s", index_dir, SKS_CURRENT_LINK, strerror (errno));
    int cause;
    if (sks_generation_is_there (index_dir, &cause))
        return sks_fail (err, SKS_EINDEX,
                         "%s/%s: the link is missing or leads to no generation; skillsearch-index --list --index %s "
                         "shows how to repair it",
                         index_dir, SKS_CURRENT_LINK, index_dir);
    if (cause)
        return sks_fail (err, SKS_EINDEX, "%s: %s", index_dir, strerror (cause));
    return sks_fail (err, SKS_EINDEX, "%s: no index here; build one with: skillsearch-index --index %s FOLDER",
                     index_dir, index_dir);
}

int
sks_generation_open (sks_generation **out, const char *index_dir, sks_error *err)
{
    char link[PATH_MAX], folder[PATH_MAX];
    *out = NULL;
    /* The "." makes realpath fail if the link is replaced by a file. */
    if ((size_t) snprintf (link, sizeof link, "%s/%s/.", index_dir, SKS_CURRENT_LINK) >= sizeof link)
        return sks_fail (err, SKS_EINDEX, "%s: the path is too long", index_dir);
    sks_generation *g = calloc (1, sizeof *g);
    if (!g)
        return sks_fail_memory (err);
    atomic_init (&g->references, 1);
    int code = realpath (link, folder) ? 0 : no_index (index_dir, err);
    if (!code)
        code = sks_snapshot_open (&g->snapshot, folder, err);
    if (!code)
        code = sks_cache_open (&g->cache, &g->snapshot, err);
    if (code)
        close_generation (g);
    else
        *out = g;
    return code;
}

void
sks_generation_limit (sks_generation *g, size_t bytes)
{
    g->cache.max_bytes = bytes;
}

/* A stem and its number of statements, as one number that sorts by the latter. */
static int
most_frequent_first (const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *) left, b = *(const uint64_t *) right;
    return (a < b) - (a > b);
}

static void
list_stems (const sks_store *store, uint64_t *out)
{
    for (uint32_t stem = 0; stem < store->stems; stem++)
        out[stem] = (uint64_t) store->stem[stem].statements << 32 | stem;
    qsort (out, store->stems, sizeof *out, most_frequent_first);
}

/* How many lists to decode: also the rare ones if they take less memory than the encoded lists, which are not needed
 * when all are decoded. */
static uint32_t
count_lists (const sks_snapshot *snapshot, const uint64_t *stems, uint32_t frequent)
{
    const sks_store *store = snapshot->store;
    size_t rare = 0;
    for (uint32_t i = frequent; i < store->stems; i++)
        rare += sks_postings_bytes (snapshot, (uint32_t) stems[i]);
    return rare < store->postings_image.size + store->additions_image.size ? store->stems : frequent;
}

static int
fill (sks_generation *g, uint32_t least, uint64_t *stems, sks_lists *lists, sks_arena *arena, sks_budget *budget,
      sks_error *err)
{
    const sks_store *store = g->snapshot.store;
    uint32_t frequent = 0;
    bool fits = true;
    int code = 0;
    list_stems (store, stems);
    while (frequent < store->stems && stems[frequent] >> 32 >= least)
        frequent++;
    uint32_t count = count_lists (&g->snapshot, stems, frequent);
    for (uint64_t i = 0; !code && fits && i < (uint64_t) count + frequent; i++) { /* places take six times as long */
        bool places = i >= count;
        sks_arena_clear (arena);
        code = sks_budget_check (budget, 1, err);
        if (!code)
            code = sks_cache_fill (&g->cache, lists, (uint32_t) stems[places ? i - count : i], places, arena, budget,
                                   &fits, err);
    }
    return code;
}

int
sks_generation_fill (sks_generation *g, uint32_t least, const sks_stop *stop, sks_error *err)
{
    const sks_store *store = g->snapshot.store;
    sks_budget budget = SKS_BUDGET_INIT;
    sks_lists *lists = NULL;
    sks_arena *arena = sks_arena_create ();
    uint64_t *stems = malloc ((store->stems + (size_t) 1) * sizeof *stems);
    int code = arena && stems ? sks_cache_open_lists (&g->cache, &lists, &budget, err) : sks_fail_memory (err);
    budget.stop = stop;
    if (!code && !store->shards)
        code = fill (g, least, stems, lists, arena, &budget, err);
    sks_generation_expect_fill (g, SKS_NONE);
    sks_lists_close (&lists);
    sks_arena_destroy (&arena);
    free (stems);
    return code;
}

void
sks_generation_expect_fill (sks_generation *g, uint32_t least)
{
    atomic_store_explicit (&g->cache.expected, least, memory_order_relaxed);
}

size_t
sks_generation_decoded (sks_generation *g)
{
    return atomic_load_explicit (&g->cache.bytes, memory_order_relaxed);
}

int
sks_generation_relate (sks_generation *g, sks_near_words **thesaurus_p, sks_error *err)
{
    return sks_snapshot_relate (&g->snapshot, thesaurus_p, err);
}

int
sks_generation_use_vectors (sks_generation *g, sks_vectors **vectors_p, sks_error *err)
{
    return sks_snapshot_use_vectors (&g->snapshot, vectors_p, err);
}

int
sks_generation_use_encoder (sks_generation *g, sks_encoder **encoder_p, sks_error *err)
{
    return sks_snapshot_use_encoder (&g->snapshot, encoder_p, err);
}

bool
sks_generation_uses_encoder (const sks_generation *g)
{
    return g->snapshot.sense != NULL;
}

bool
sks_generation_has_vectors (const sks_generation *g)
{
    return g->snapshot.store->vectors != 0;
}

bool
sks_generation_uses_vectors (const sks_generation *g)
{
    return g->snapshot.semantics != NULL;
}

sks_generation *
sks_generation_share (sks_generation *g)
{
    atomic_fetch_add_explicit (&g->references, 1, memory_order_relaxed);
    return g;
}

void
sks_generation_release (sks_generation **generation_p)
{
    sks_generation *g = *generation_p;
    *generation_p = NULL;
    if (g && atomic_fetch_sub_explicit (&g->references, 1, memory_order_acq_rel) == 1)
        close_generation (g);
}

const sks_snapshot *
sks_generation_snapshot (const sks_generation *g)
{
    return &g->snapshot;
}

sks_cache *
sks_generation_cache (sks_generation *g)
{
    return &g->cache;
}

uint32_t
sks_generation_shards (const sks_generation *g)
{
    return g->snapshot.store->shards;
}

uint64_t
sks_generation_number (const sks_generation *g)
{
    return g->snapshot.store->generation;
}

uint64_t
sks_generation_statements (const sks_generation *g)
{
    return g->snapshot.store->statements;
}

uint64_t
sks_generation_occupations (const sks_generation *g)
{
    return g->snapshot.store->occupations;
}
