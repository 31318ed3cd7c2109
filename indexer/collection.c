/* collection.c - growing arrays; strings in one arena. */
#include "collection.h"

#include "array.h"
#include "locator.h"

#include <stdlib.h>
#include <string.h>

int
sks_collection_create (sks_collection **out, sks_error *err)
{
    sks_collection *collection = calloc (1, sizeof *collection);
    *out = NULL;
    if (!collection)
        return sks_fail_memory (err);
    collection->arena = sks_arena_create ();
    int code = collection->arena ? sks_vocabulary_create (&collection->vocabulary, err) : sks_fail_memory (err);
    if (code)
        sks_collection_destroy (&collection);
    *out = collection;
    return code;
}

void
sks_collection_drop_words (sks_collection *collection)
{
    free (collection->entries);
    collection->entries = NULL;
    collection->entry_count = collection->entry_capacity = 0;
}

void
sks_collection_destroy (sks_collection **collection_p)
{
    sks_collection *collection = *collection_p;
    if (!collection)
        return;
    *collection_p = NULL;
    sks_vocabulary_destroy (&collection->vocabulary);
    sks_arena_destroy (&collection->arena);
    free (collection->entries);
    free (collection->lines);
    free (collection->frameworks);
    free (collection);
}

static int
add_line (sks_collection *c, const sks_statement *statement, sks_error *err)
{
    if (!sks_array_reserve (&c->entries, &c->entry_capacity, c->entry_count + statement->size + 1,
                            sizeof *c->entries) ||
        !sks_array_reserve (&c->lines, &c->line_capacity, c->line_count + 1, sizeof *c->lines))
        return sks_fail_memory (err);
    size_t count;
    int code = sks_vocabulary_split (c->vocabulary, statement->text, statement->size, c->entries + c->entry_count,
                                     &count, err);
    if (code)
        return code;
    c->lines[c->line_count++] =
        (sks_line) { statement->hash, c->entry_count, (uint16_t) count,
                     (uint16_t) (statement->position | (statement->long_id ? SKS_POSITION_LONG_ID : 0)),
                     statement->level };
    c->entry_count += count;
    return 0;
}

static const char *
copy (sks_collection *c, const char *text)
{
    return text ? sks_arena_copy (c->arena, text, strlen (text)) : NULL;
}

/* Copies an edition, unless it equals that of the previous export. */
static const sks_edition *
share_edition (sks_collection *c, const sks_edition *edition)
{
    const sks_edition *last = c->framework_count ? c->frameworks[c->framework_count - 1].edition : NULL;
    return last && sks_edition_equal (last, edition) ? last : sks_edition_copy (c->arena, edition);
}

/* Copies a locator, unless the previous export is of the same file. */
static const sks_locator *
share_locator (sks_collection *c, const sks_locator *locator)
{
    const sks_locator *last = c->framework_count ? c->frameworks[c->framework_count - 1].locator : NULL;
    return last && last->path && locator->path && strcmp (last->path, locator->path) == 0
               ? last
               : sks_locator_copy (c->arena, locator);
}

/* Copies the description of an occupation; its statements follow later. */
static int
add_framework (sks_collection *c, const sks_export *export, const sks_provenance *provenance, sks_framework **out,
               sks_error *err)
{
    if (!sks_array_reserve (&c->frameworks, &c->framework_capacity, c->framework_count + 1, sizeof *c->frameworks))
        return sks_fail_memory (err);
    sks_framework *framework = *out = &c->frameworks[c->framework_count];
    *framework = (sks_framework) {
        .collection = c,
        .soc = copy (c, export->soc),
        .title = copy (c, export->title),
        .group = copy (c, export->group),
        .edition = share_edition (c, &export->edition),
        .exported_at = copy (c, export->exported_at),
        .description = copy (c, export->description),
        .source = copy (c, provenance->source),
        .pointer = *provenance->pointer ? copy (c, provenance->pointer) : "",
        .locator = share_locator (c, export->locator),
        .modified = provenance->modified,
        .sector = copy (c, export->sector),
        .zone = export->zone,
        .inferred = export->inferred,
        .content = export->content,
        .last = SKS_NONE,
        .first = c->line_count,
        .count = export->count,
    };
    framework->name =
        strcmp (provenance->name, provenance->source) == 0 ? framework->source : copy (c, provenance->name);
    if (!framework->soc || !framework->title || !framework->group || !framework->edition || !framework->exported_at ||
        !framework->description || !framework->source || !framework->name || !framework->pointer ||
        !framework->locator || (export->sector && !framework->sector))
        return sks_fail_memory (err);
    c->framework_count++;
    return 0;
}

int
sks_collection_add (sks_collection *c, const sks_export *export, const sks_provenance *provenance, sks_error *err)
{
    sks_framework *framework;
    int code = add_framework (c, export, provenance, &framework, err);
    for (size_t i = 0; !code && i < export->count; i++)
        code = add_line (c, &export->statements[i], err);
    return code;
}

/* ----------------------------------------------------------------- carrying */

int
sks_collection_carry (sks_collection *c, const sks_store *store, uint32_t occupation, sks_error *err)
{
    const sks_occupation *row = &store->occupation[occupation];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    sks_export export = {
        .soc = sks_store_string (store, row->soc),
        .title = sks_store_string (store, row->title),
        .group = sks_store_string (store, row->group_title),
        .exported_at = sks_store_string (store, row->exported_at),
        .description = sks_store_string (store, row->description),
        .sector = strcmp (sector, SKS_NO_SECTOR) == 0 ? NULL : sector,
        .zone = row->zone,
        .inferred = row->inferred,
        .content = row->content,
        .locator = &sks_locator_export,
        .count = store->cells[(occupation + 1) * SKS_LEVELS] - store->cells[occupation * SKS_LEVELS],
    };
    const char *source = sks_store_string (store, row->source);
    sks_framework *framework;
    if (!sks_edition_load (&export.edition, store, row->edition, c->arena))
        return sks_fail_memory (err);
    int code = add_framework (c, &export, &(sks_provenance) { .source = source, .name = source, .pointer = "" },
                              &framework, err);
    if (!code) {
        framework->clean = row->clean;
        framework->last = occupation;
    }
    return code;
}

/* Take all entries of the store, with its numbers. */
static int
adopt_entries (sks_collection *c, const sks_store *store, sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < store->entries; i++) {
        const sks_entry *entry = &store->entry[i];
        const sks_form *form = entry->word & SKS_ENTRY_JOINED ? &store->form[entry->text] : NULL;
        uint32_t number;
        code = sks_vocabulary_add_entry (c->vocabulary, store->strings + (form ? form->text : entry->text),
                                         form ? form->size : entry->size, entry->word & ~SKS_ENTRY_DUTY, &number, err);
        if (!code && number != i)
            code = sks_fail (err, SKS_EINDEX, "the last generation contains an entry twice");
    }
    return code;
}

/* There is space: no statement has more tokens than token bytes. */
static void
fill_framework (sks_collection *c, const sks_store *store, sks_framework *f)
{
    uint32_t cell = f->last * SKS_LEVELS, first = store->cells[cell];
    f->first = c->line_count;
    for (uint32_t s = first; s < first + f->count; s++) {
        const uint8_t *at = store->tokens + store->offsets[s], *end = store->tokens + store->offsets[s + 1];
        size_t start = c->entry_count;
        while (store->cells[cell + 1] <= s)
            cell++;
        while (at < end)
            c->entries[c->entry_count++] = sks_token_next (&at);
        c->lines[c->line_count++] =
            (sks_line) { 0, start, (uint16_t) (c->entry_count - start), store->positions[s], sks_cell_level (cell) };
    }
}

int
sks_collection_fill (sks_collection *c, const sks_store *store, sks_error *err)
{
    size_t bytes = 0, lines = 0;
    for (size_t i = 0; i < c->framework_count; i++) {
        const uint32_t *cells = &store->cells[c->frameworks[i].last * SKS_LEVELS];
        bytes += store->offsets[cells[SKS_LEVELS]] - store->offsets[cells[0]];
        lines += c->frameworks[i].count;
    }
    if (!sks_array_reserve (&c->entries, &c->entry_capacity, bytes, sizeof *c->entries) ||
        !sks_array_reserve (&c->lines, &c->line_capacity, lines, sizeof *c->lines))
        return sks_fail_memory (err);
    int code = c->framework_count ? adopt_entries (c, store, err) : 0;
    for (size_t i = 0; !code && i < c->framework_count; i++)
        fill_framework (c, store, &c->frameworks[i]);
    return code;
}
