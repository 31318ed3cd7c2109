/* collection.c - growing arrays; strings in one arena. */
#include "collection.h"

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

static bool
reserve (void *array_p, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return true;
    size_t larger = *room ? *room : 256;
    while (larger < needed)
        larger *= 2;
    void *array = realloc (*(void **) array_p, larger * size);
    if (!array)
        return false;
    *(void **) array_p = array;
    *room = larger;
    return true;
}

static int
add_line (sks_collection *c, const sks_statement *statement, sks_error *err)
{
    if (!reserve (&c->entries, &c->entry_room, c->entry_count + statement->size + 1, sizeof *c->entries)
        || !reserve (&c->lines, &c->line_room, c->line_count + 1, sizeof *c->lines))
        return sks_fail_memory (err);
    size_t count;
    int code = sks_vocabulary_split (c->vocabulary, statement->text, statement->size,
                                     c->entries + c->entry_count, &count, err);
    if (code)
        return code;
    c->lines[c->line_count++] = (sks_line) { statement->hash, c->entry_count, (uint16_t) count,
                                             (uint16_t) statement->position, statement->level };
    c->entry_count += count;
    return 0;
}

static const char *
copy (sks_collection *c, const char *text)
{
    return text ? sks_arena_copy (c->arena, text, strlen (text)) : NULL;
}

int
sks_collection_add (sks_collection *c, const sks_export *export, const char *source, sks_error *err)
{
    if (!reserve (&c->frameworks, &c->framework_room, c->framework_count + 1, sizeof *c->frameworks))
        return sks_fail_memory (err);
    sks_framework framework = {
        .collection = c, .soc = copy (c, export->soc), .title = copy (c, export->title),
        .group = copy (c, export->group), .version = copy (c, export->version),
        .exported_at = copy (c, export->exported_at), .description = copy (c, export->description),
        .source = copy (c, source), .sector = copy (c, export->sector), .zone = export->zone,
        .content = export->content, .first = c->line_count, .count = export->count,
    };
    if (!framework.soc || !framework.title || !framework.group || !framework.version || !framework.exported_at
        || !framework.description || !framework.source || (export->sector && !framework.sector))
        return sks_fail_memory (err);
    for (size_t i = 0; i < export->count; i++) {
        int code = add_line (c, &export->statements[i], err);
        if (code)
            return code;
    }
    c->frameworks[c->framework_count++] = framework;
    return 0;
}

/* The statements of one occupation, as an export would give them. */
static int
restore_statements (sks_export *export, const sks_store *store, uint32_t occupation, sks_error *err)
{
    uint32_t first = store->cells[occupation * SKS_LEVELS], end = store->cells[(occupation + 1) * SKS_LEVELS];
    export->statements = sks_arena_array (export->memory, end - first + 1, sizeof *export->statements);
    if (!export->statements)
        return sks_fail_memory (err);
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES);
    int code = 0;
    for (uint32_t s = first; !code && s < end; s++) {
        char id[SKS_STATEMENT_ID_BYTES];
        sks_buffer_clear (&text);
        sks_store_text (store, s, &text);
        sks_store_id (store, s, id);
        const char *hash = id + strlen (id) - SKS_HASH_DIGITS;
        const char *bytes = sks_buffer_text (&text);
        const char *kept = bytes ? sks_arena_copy (export->memory, bytes, text.size) : NULL;
        if (!kept)
            code = sks_fail_memory (err);
        export->statements[export->count++] = (sks_statement) {
            kept, text.size, strtoull (hash, NULL, 16), sks_cell_level (sks_store_cell (store, s)),
            store->positions[s]
        };
    }
    sks_buffer_free (&text);
    return code;
}

int
sks_collection_carry (sks_collection *c, const sks_store *store, uint32_t occupation, sks_error *err)
{
    const sks_occupation *row = &store->occupation[occupation];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    sks_export export = {
        .soc = sks_store_string (store, row->soc), .title = sks_store_string (store, row->title),
        .group = sks_store_string (store, row->group_title), .version = sks_store_string (store, row->version),
        .exported_at = sks_store_string (store, row->exported_at),
        .description = sks_store_string (store, row->description),
        .sector = strcmp (sector, SKS_NO_SECTOR) == 0 ? NULL : sector, .zone = row->zone, .content = row->content,
        .memory = sks_arena_create (),
    };
    if (!export.memory)
        return sks_fail_memory (err);
    int code = restore_statements (&export, store, occupation, err);
    if (!code)
        code = sks_collection_add (c, &export, sks_store_string (store, row->source), err);
    if (!code)
        c->frameworks[c->framework_count - 1].carried = true;
    sks_arena_destroy (&export.memory);
    return code;
}
