/* generation.c - opening, sharing, and the atomic slots of decoded lists. */
#include "generation.h"

#include "generation_parts.h"
#include "places.h"
#include "postings.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sks_generation {
    atomic_uint references;
    sks_store *store;
    char folder[PATH_MAX];
    _Atomic (sks_postings *) *slots; /* by stem */
    _Atomic (sks_place *) *places;   /* by stem */
    atomic_size_t cached;            /* bytes of both */
    size_t most;                     /* that may be */
    uint64_t *group_words;           /* by group row: words of its statements */
    uint32_t *stem_of_entry, *form_of_entry;
    uint32_t *entry_of_form, *next_entry;
    uint8_t *kind_of_entry;
    bool duties; /* some entry ends one */
    uint8_t *stop_of_form;
    bool *joined_of_stem;
    _Atomic uint8_t *splits; /* by form: bytes of its first part, NO_SPLIT; 0: not known yet */
    sks_rank rank;
};

#define NO_SPLIT 255

static void
close_generation (sks_generation *g)
{
    for (uint32_t i = 0; g->slots && g->store && i < g->store->stems; i++)
        free (atomic_load_explicit (&g->slots[i], memory_order_relaxed));
    for (uint32_t i = 0; g->places && g->store && i < g->store->stems; i++)
        free (atomic_load_explicit (&g->places[i], memory_order_relaxed));
    free (g->slots);
    free (g->places);
    free (g->group_words);
    free (g->stem_of_entry);
    free (g->form_of_entry);
    free (g->entry_of_form);
    free (g->next_entry);
    free (g->kind_of_entry);
    free (g->stop_of_form);
    free (g->joined_of_stem);
    free (g->splits);
    sks_store_close (&g->store);
    free (g);
}

static void
count_group_words (sks_generation *g)
{
    const sks_store *store = g->store;
    for (uint32_t i = 0; i < store->occupations; i++)
        for (uint32_t s = store->cells[i * SKS_LEVELS]; s < store->cells[(i + 1) * SKS_LEVELS]; s++)
            g->group_words[store->occupation[i].group] += store->lengths[s];
}

static void
list_entries (sks_generation *g)
{
    const sks_store *store = g->store;
    memset (g->entry_of_form, 0xFF, (store->forms + (size_t) 1) * sizeof *g->entry_of_form);
    for (uint32_t i = 0; i < store->entries; i++) {
        uint32_t form = store->entry[i].form == SKS_NONE ? store->forms : store->entry[i].form;
        bool ends_duty = store->entry[i].word & SKS_ENTRY_DUTY;
        g->form_of_entry[i] = form;
        g->stem_of_entry[i] = form == store->forms ? SKS_NONE : store->form[form].stem;
        g->next_entry[i] = g->entry_of_form[form];
        g->entry_of_form[form] = i;
        g->kind_of_entry[i] = (form != store->forms ? SKS_ENTRY_HAS_WORD : 0) | (ends_duty ? SKS_ENTRY_ENDS_DUTY : 0);
        g->duties |= ends_duty;
        if (store->entry[i].word & SKS_ENTRY_JOINED)
            g->joined_of_stem[store->form[store->entry[i].text].stem] = true;
    }
}

/* There are fewer stop words than numbers (core/base/text.c). Were there more, phrases
 * with the last of them would be looked up in their statements. */
static void
number_stop_words (sks_generation *g)
{
    uint8_t number = SKS_NO_STOP;
    for (uint32_t form = 0; form < g->store->forms && number + 1 < SKS_TWO_STOPS; form++)
        if (g->store->form[form].stop)
            g->stop_of_form[form] = ++number;
}

/* Whether there is a generation, or anything in the place of the link. */
static bool
has_traces (const char *index_dir)
{
    bool found = false;
    DIR *folder = opendir (index_dir);
    for (const struct dirent *row; folder && !found && (row = readdir (folder));)
        found = strncmp (row->d_name, "gen-", 4) == 0 || strcmp (row->d_name, SKS_CURRENT_LINK) == 0;
    if (folder)
        closedir (folder);
    return found;
}

/* Only a folder without a link and without generations means that there is no index. */
static int
no_index (const char *index_dir, sks_error *err)
{
    if (errno != ENOENT && errno != ENOTDIR)
        return sks_fail (err, SKS_EINDEX, "%s/%s: %s", index_dir, SKS_CURRENT_LINK, strerror (errno));
    if (has_traces (index_dir))
        return sks_fail (err, SKS_EINDEX,
                         "%s/%s: the link is missing or leads to no generation; skillsearch-index --list --index %s "
                         "names the ways out",
                         index_dir, SKS_CURRENT_LINK, index_dir);
    return sks_fail (err, SKS_EINDEX, "%s: no index here; build one with: skillsearch-index --index %s FOLDER",
                     index_dir, index_dir);
}

int
sks_generation_open (sks_generation **out, const char *index_dir, sks_error *err)
{
    char link[PATH_MAX];
    *out = NULL;
    /* "." at the end: a file in the place of the link leads to no generation, too. */
    if ((size_t) snprintf (link, sizeof link, "%s/%s/.", index_dir, SKS_CURRENT_LINK) >= sizeof link)
        return sks_fail (err, SKS_EINDEX, "%s: the path is too long", index_dir);
    sks_generation *g = calloc (1, sizeof *g);
    if (!g)
        return sks_fail_memory (err);
    atomic_init (&g->references, 1);
    g->most = SIZE_MAX;
    int code = 0;
    if (!realpath (link, g->folder))
        code = no_index (index_dir, err);
    if (!code)
        code = sks_store_open (&g->store, g->folder, err);
    if (!code) {
        g->slots = calloc (g->store->stems + (size_t) 1, sizeof *g->slots);
        g->places = calloc (g->store->stems + (size_t) 1, sizeof *g->places);
        g->group_words = calloc (g->store->groups + (size_t) 1, sizeof *g->group_words);
        g->stem_of_entry = calloc (g->store->entries + (size_t) 1, sizeof *g->stem_of_entry);
        g->form_of_entry = calloc (g->store->entries + (size_t) 1, sizeof *g->form_of_entry);
        g->entry_of_form = calloc (g->store->forms + (size_t) 1, sizeof *g->entry_of_form);
        g->next_entry = calloc (g->store->entries + (size_t) 1, sizeof *g->next_entry);
        g->kind_of_entry = calloc (g->store->entries + (size_t) 1, sizeof *g->kind_of_entry);
        g->stop_of_form = calloc (g->store->forms + (size_t) 1, sizeof *g->stop_of_form);
        g->joined_of_stem = calloc (g->store->stems + (size_t) 1, sizeof *g->joined_of_stem);
        g->splits = calloc (g->store->forms + (size_t) 1, sizeof *g->splits);
        if (!g->slots || !g->places || !g->group_words || !g->stem_of_entry || !g->form_of_entry || !g->stop_of_form ||
            !g->entry_of_form || !g->next_entry || !g->kind_of_entry || !g->joined_of_stem || !g->splits)
            code = sks_fail_memory (err);
    }
    if (code) {
        close_generation (g);
        return code;
    }
    count_group_words (g);
    list_entries (g);
    number_stop_words (g);
    sks_rank_prepare (&g->rank, g->store);
    *out = g;
    return 0;
}

void
sks_generation_limit (sks_generation *g, size_t bytes)
{
    g->most = bytes;
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

uint64_t
sks_generation_number (const sks_generation *g)
{
    return g->store->generation;
}

uint64_t
sks_generation_statements (const sks_generation *g)
{
    return g->store->statements;
}

uint64_t
sks_generation_occupations (const sks_generation *g)
{
    return g->store->occupations;
}

const sks_store *
sks_generation_store (const sks_generation *g)
{
    return g->store;
}

const sks_rank *
sks_generation_rank (const sks_generation *g)
{
    return &g->rank;
}

const uint64_t *
sks_generation_group_words (const sks_generation *g)
{
    return g->group_words;
}

const uint32_t *
sks_generation_stem_of_entry (const sks_generation *g)
{
    return g->stem_of_entry;
}

const uint32_t *
sks_generation_form_of_entry (const sks_generation *g)
{
    return g->form_of_entry;
}

const uint8_t *
sks_generation_kind_of_entry (const sks_generation *g)
{
    return g->kind_of_entry;
}

uint32_t
sks_generation_next_entry (const sks_generation *g, uint32_t form, uint32_t entry)
{
    return entry == SKS_NONE ? g->entry_of_form[form] : g->next_entry[entry];
}

bool
sks_generation_has_duties (const sks_generation *g)
{
    return g->duties;
}

const uint8_t *
sks_generation_stop_of_form (const sks_generation *g)
{
    return g->stop_of_form;
}

const bool *
sks_generation_joined_of_stem (const sks_generation *g)
{
    return g->joined_of_stem;
}

bool
sks_generation_split (const sks_generation *g, uint32_t form, size_t *left)
{
    uint8_t split = atomic_load_explicit (&g->splits[form], memory_order_relaxed);
    *left = split == NO_SPLIT ? 0 : split;
    return split != 0;
}

void
sks_generation_keep_split (sks_generation *g, uint32_t form, size_t left)
{
    atomic_store_explicit (&g->splits[form], left ? (uint8_t) left : NO_SPLIT, memory_order_relaxed);
}

const char *
sks_generation_folder (const sks_generation *g)
{
    return g->folder;
}

/* Offer a list to all threads. Another thread may have been first: then its
 * list is used. Returns the one that is used. */
static const sks_postings *
offer (sks_generation *g, uint32_t stem, sks_postings *list)
{
    sks_postings *expected = NULL;
    if (atomic_compare_exchange_strong_explicit (&g->slots[stem], &expected, list, memory_order_acq_rel,
                                                 memory_order_acquire))
        return list;
    return expected;
}

int
sks_generation_postings (sks_generation *g, sks_lists *lists, uint32_t stem, sks_arena *scratch,
                         const sks_postings **out, sks_error *err)
{
    sks_postings *list = atomic_load_explicit (&g->slots[stem], memory_order_acquire);
    if ((*out = list))
        return 0;
    size_t size = sks_postings_bytes (g, stem);
    bool keep = atomic_fetch_add_explicit (&g->cached, size, memory_order_relaxed) + size <= g->most;
    list = keep ? malloc (size) : sks_arena_alloc (scratch, size);
    int code = list ? sks_postings_decode (g, lists, stem, list, scratch, err) : sks_fail_memory (err);
    if (!code)
        *out = keep ? offer (g, stem, list) : list;
    if (keep && *out != list)
        free (list);
    if (code || *out != list || !keep)
        atomic_fetch_sub_explicit (&g->cached, size, memory_order_relaxed);
    return code;
}

const sks_place *
sks_generation_places (sks_generation *g, uint32_t stem, const sks_postings *postings, sks_budget *budget)
{
    sks_place *places = atomic_load_explicit (&g->places[stem], memory_order_acquire), *expected = NULL;
    size_t size = postings->count * sizeof *places;
    if (places)
        return places;
    bool room = atomic_fetch_add_explicit (&g->cached, size, memory_order_relaxed) + size <= g->most;
    places = room ? malloc (size + 1) : NULL;
    if (places && sks_places_read (g, stem, postings, budget, places)) {
        if (atomic_compare_exchange_strong_explicit (&g->places[stem], &expected, places, memory_order_acq_rel,
                                                     memory_order_acquire))
            return places;
    }
    free (places);
    atomic_fetch_sub_explicit (&g->cached, size, memory_order_relaxed);
    return expected;
}
