/* edition.c - equal texts have one offset, so editions are compared by their rows. */
#include "edition.h"

#include "array.h"
#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- texts */

static const char *
copy (sks_arena *arena, const char *text)
{
    return sks_arena_copy (arena, text, strlen (text));
}

const sks_edition *
sks_edition_copy (sks_arena *arena, const sks_edition *edition)
{
    sks_edition *out = sks_arena_alloc (arena, sizeof *out);
    sks_citation *citations = sks_arena_array (arena, edition->citation_count + 1, sizeof *citations);
    if (!out || !citations)
        return NULL;
    *out = (sks_edition) {
        .version = copy (arena, edition->version),
        .description = copy (arena, edition->description),
        .attribution = copy (arena, edition->attribution),
        .citations = citations,
        .citation_count = edition->citation_count,
    };
    bool whole = out->version && out->description && out->attribution;
    for (int level = 0; level < SKS_LEVELS; level++)
        whole &= (out->labels[level] = copy (arena, edition->labels[level])) != NULL;
    for (size_t i = 0; i < edition->citation_count; i++) {
        citations[i].name = copy (arena, edition->citations[i].name);
        citations[i].text = copy (arena, edition->citations[i].text);
        whole &= citations[i].name && citations[i].text;
    }
    return whole ? out : NULL;
}

bool
sks_edition_equal (const sks_edition *a, const sks_edition *b)
{
    if (strcmp (a->version, b->version) != 0 || strcmp (a->description, b->description) != 0 ||
        strcmp (a->attribution, b->attribution) != 0 || a->citation_count != b->citation_count)
        return false;
    for (int level = 0; level < SKS_LEVELS; level++)
        if (strcmp (a->labels[level], b->labels[level]) != 0)
            return false;
    for (size_t i = 0; i < a->citation_count; i++)
        if (strcmp (a->citations[i].name, b->citations[i].name) != 0 ||
            strcmp (a->citations[i].text, b->citations[i].text) != 0)
            return false;
    return true;
}

bool
sks_edition_load (sks_edition *out, const sks_store *store, uint32_t row, sks_arena *arena)
{
    const sks_edition_row *edition = &store->edition[row];
    size_t count = edition[1].citations - edition->citations;
    sks_citation *citations = sks_arena_array (arena, count + 1, sizeof *citations);
    if (!citations)
        return false;
    *out = (sks_edition) {
        .version = sks_store_string (store, edition->version),
        .description = sks_store_string (store, edition->description),
        .attribution = sks_store_string (store, edition->attribution),
        .citations = citations,
        .citation_count = count,
    };
    for (int level = 0; level < SKS_LEVELS; level++)
        out->labels[level] = sks_store_string (store, edition->labels[level]);
    for (size_t i = 0; i < count; i++) {
        const sks_citation_row *citation = &store->citation[edition->citations + i];
        citations[i] =
            (sks_citation) { sks_store_string (store, citation->name), sks_store_string (store, citation->text) };
    }
    return true;
}

/* -------------------------------------------------------------------- rows */

int
sks_editions_begin (sks_editions *editions, sks_strings *strings, size_t max, sks_error *err)
{
    size_t slots = 16;
    while (slots < max * 2)
        slots *= 2;
    *editions = (sks_editions) { .strings = strings, .mask = slots - 1 };
    editions->slots = calloc (slots, sizeof *editions->slots);
    if (!editions->slots || !sks_array_reserve (&editions->row, &editions->row_capacity, 1, sizeof *editions->row) ||
        !sks_array_reserve (&editions->citation, &editions->citation_capacity, 1, sizeof *editions->citation))
        return sks_fail_memory (err);
    editions->row[0] = (sks_edition_row) { 0 };
    return 0;
}

void
sks_editions_free (sks_editions *editions)
{
    free (editions->row);
    free (editions->citation);
    free (editions->slots);
    *editions = (sks_editions) { 0 };
}

/* Whether two rows are the same edition. The row after each must be set: it ends the range of citations. */
static bool
is_same (const sks_editions *e, const sks_edition_row *a, const sks_edition_row *b)
{
    uint32_t count = a[1].citations - a->citations;
    return memcmp (a, b, offsetof (sks_edition_row, citations)) == 0 && count == b[1].citations - b->citations &&
           memcmp (e->citation + a->citations, e->citation + b->citations, count * sizeof *e->citation) == 0;
}

/* The slot of the row that was written last. */
static uint32_t *
find_slot (const sks_editions *e)
{
    const sks_edition_row *row = &e->row[e->count];
    size_t size = (row[1].citations - row->citations) * sizeof *e->citation;
    size_t at =
        sks_hash_key (row, offsetof (sks_edition_row, citations)) ^ sks_hash_key (e->citation + row->citations, size);
    for (at &= e->mask; e->slots[at]; at = (at + 1) & e->mask)
        if (is_same (e, &e->row[e->slots[at] - 1], row))
            break;
    return &e->slots[at];
}

int
sks_editions_add (sks_editions *e, const sks_edition *edition, uint32_t *row, sks_error *err)
{
    if (edition == e->last) {
        *row = e->last_row;
        return 0;
    }
    if (!sks_array_reserve (&e->row, &e->row_capacity, e->count + (size_t) 2, sizeof *e->row) ||
        !sks_array_reserve (&e->citation, &e->citation_capacity, e->citations + edition->citation_count,
                            sizeof *e->citation))
        return sks_fail_memory (err);
    sks_edition_row *added = &e->row[e->count];
    *added = (sks_edition_row) {
        .version = sks_strings_add (e->strings, edition->version),
        .description = sks_strings_add (e->strings, edition->description),
        .attribution = sks_strings_add (e->strings, edition->attribution),
        .citations = e->citations,
    };
    for (int level = 0; level < SKS_LEVELS; level++)
        added->labels[level] = sks_strings_add (e->strings, edition->labels[level]);
    for (size_t i = 0; i < edition->citation_count; i++)
        e->citation[e->citations + i] = (sks_citation_row) { sks_strings_add (e->strings, edition->citations[i].name),
                                                             sks_strings_add (e->strings, edition->citations[i].text) };
    added[1] = (sks_edition_row) { .citations = e->citations + (uint32_t) edition->citation_count };
    uint32_t *slot = find_slot (e);
    if (!*slot) {
        e->citations = added[1].citations;
        *slot = ++e->count;
    } else
        *added = (sks_edition_row) { .citations = e->citations };
    e->last = edition;
    *row = e->last_row = *slot - 1;
    return 0;
}
