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
        .stamp = provenance->stamp,
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

/* The edition of an occupation of the store; that of the one taken over before, if both have the same. */
static const sks_edition *
carry_edition (sks_collection *c, const sks_store *store, uint32_t row)
{
    const sks_framework *before = c->framework_count ? &c->frameworks[c->framework_count - 1] : NULL;
    if (before && before->last != SKS_NONE && store->occupation[before->last].edition == row)
        return before->edition;
    sks_edition *edition = sks_arena_alloc (c->arena, sizeof *edition);
    return edition && sks_edition_load (edition, store, row, c->arena) ? edition : NULL;
}

int
sks_collection_carry (sks_collection *c, const sks_store *store, uint32_t occupation, sks_error *err)
{
    const sks_occupation *row = &store->occupation[occupation];
    const uint32_t *cells = &store->cells[occupation * SKS_LEVELS];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    const char *source = sks_store_string (store, row->source);
    const sks_edition *edition = carry_edition (c, store, row->edition);
    if (!edition ||
        !sks_array_reserve (&c->frameworks, &c->framework_capacity, c->framework_count + 1, sizeof *c->frameworks))
        return sks_fail_memory (err);
    c->frameworks[c->framework_count++] = (sks_framework) {
        .collection = c,
        .soc = sks_store_string (store, row->soc),
        .title = sks_store_string (store, row->title),
        .group = sks_store_string (store, row->group_title),
        .exported_at = sks_store_string (store, row->exported_at),
        .description = sks_store_string (store, row->description),
        .edition = edition,
        .source = source,
        .name = source,
        .pointer = "",
        .locator = &sks_locator_export,
        .sector = strcmp (sector, SKS_NO_SECTOR) == 0 ? NULL : sector,
        .zone = row->zone,
        .inferred = row->inferred,
        .content = row->content,
        .clean = row->clean,
        .last = occupation,
        .count = cells[SKS_LEVELS] - cells[0],
    };
    return 0;
}

int
sks_collection_adopt (sks_collection *c, const sks_store *store, sks_error *err)
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
