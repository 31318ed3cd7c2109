/* engine.c - an index, a searcher, and all statements as an empty query returns them. */
#include "engine.h"

#include "core/base/text_word.h"
#include "core/engine/operations.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
copy (const char *text)
{
    char *out = strdup (text);
    ck_assert_ptr_nonnull (out);
    return out;
}

static void
add_statement (engine *e, const sks_hit *hit)
{
    engine_statement *s = &e->statements[e->count++];
    const char *version = hit->provenance->version;
    *s = (engine_statement) { .id = copy (hit->id),
                              .text = copy (hit->text),
                              .soc = copy (hit->soc),
                              .title = copy (hit->occupation),
                              .group = copy (hit->soc),
                              .sector = copy (hit->sector ? hit->sector : SKS_NO_SECTOR),
                              .version = copy (*version ? version : SKS_NO_VALUE),
                              .level = hit->level,
                              .zone = hit->zone,
                              .position = hit->position };
    s->group[2] = '\0';
}

/* Browse everything, in id order. */
static void
list_statements (engine *e)
{
    size_t room = sks_generation_statements (e->generation);
    e->statements = calloc (room + 1, sizeof *e->statements);
    ck_assert_ptr_nonnull (e->statements);
    sks_query query = SKS_QUERY_INIT;
    query.sort = SKS_SORT_ID;
    query.limit = SKS_MAX_SCAN;
    query.want = SKS_WANT_PROVENANCE;
    char *cursor = NULL;
    do {
        sks_result *result;
        sks_error err;
        if (sks_searcher_scan (e->searcher, &query, cursor, &result, &err))
            ck_abort_msg ("%s", err.text);
        for (size_t i = 0; i < result->hit_count; i++)
            add_statement (e, &result->hits[i]);
        free (cursor);
        cursor = result->cursor ? copy (result->cursor) : NULL;
        sks_result_destroy (&result);
    } while (cursor);
    ck_assert_uint_eq (e->count, room);
}

void
engine_open (engine *out, const char *exports)
{
    sks_error err;
    *out = (engine) { .folder = sample_folder () };
    sample_index (out->folder, exports);
    ck_assert_msg (sks_generation_open (&out->generation, out->folder, &err) == 0, "%s", err.text);
    ck_assert_msg (sks_searcher_open (&out->searcher, out->generation, &err) == 0, "%s", err.text);
    list_statements (out);
}

void
engine_open_occupations (engine *out, const sample_occupation *occupations, size_t count)
{
    char *exports = sample_folder ();
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf (name, sizeof name, "%zu.json", i);
        sample_put (exports, name, &occupations[i]);
    }
    engine_open (out, exports);
    sample_remove (exports);
}

void
engine_close (engine *e)
{
    for (size_t i = 0; i < e->count; i++) {
        engine_statement *s = &e->statements[i];
        char *parts[] = { s->id, s->text, s->soc, s->title, s->group, s->sector, s->version };
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            free (parts[k]);
    }
    free (e->statements);
    sks_searcher_close (&e->searcher);
    sks_generation_release (&e->generation);
    sample_remove (e->folder);
    *e = (engine) { 0 };
}

engine small;
sks_arena *engine_arena;

void
engine_small_open (const sample_occupation *occupations, size_t count)
{
    engine_open_occupations (&small, occupations, count);
    engine_arena = sks_arena_create ();
    ck_assert_ptr_nonnull (engine_arena);
}

void
engine_small_close (void)
{
    sks_arena_destroy (&engine_arena);
    engine_close (&small);
}

sks_result *
engine_search (engine *e, const sks_query *query)
{
    sks_result *result;
    sks_error err;
    if (sks_searcher_search (e->searcher, query, &result, &err))
        ck_abort_msg ("\"%s\" was refused: %s", query->text ? query->text : "", err.text);
    return result;
}

sks_result *
engine_ask (engine *e, const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.limit = SKS_MAX_LIMIT;
    return engine_search (e, &query);
}

uint64_t
engine_total (engine *e, const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.limit = 0;
    sks_result *result = engine_search (e, &query);
    uint64_t total = result->total;
    sks_result_destroy (&result);
    return total;
}

static int
compare_id (const void *key, const void *element)
{
    return strcmp (key, ((const engine_statement *) element)->id);
}

size_t
engine_number (const engine *e, const char *id)
{
    const engine_statement *s = bsearch (id, e->statements, e->count, sizeof *s, compare_id);
    if (!s)
        ck_abort_msg ("no statement has the id %s", id);
    return (size_t) (s - e->statements);
}

const char *
engine_value (const engine_statement *s, int facet)
{
    switch (facet) {
    case SKS_FACET_LEVEL:
        return sks_level_name (s->level);
    case SKS_FACET_SECTOR:
        return s->sector;
    case SKS_FACET_GROUP:
        return s->group;
    case SKS_FACET_OCCUPATION:
        return s->soc;
    case SKS_FACET_VERSION:
        return s->version;
    default:
        return sks_schema_zone_value (s->zone);
    }
}

static bool
passes_one (const engine_statement *s, const sks_filter *filter, int facet)
{
    const char *value = engine_value (s, facet);
    if (!filter->count && filter->min <= 0)
        return true;
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        size_t size = strlen (chosen);
        if (strcmp (chosen, value) == 0)
            return true;
        if (facet == SKS_FACET_OCCUPATION && strncmp (value, chosen, size) == 0)
            return true;
    }
    return filter->min > 0 && s->zone >= filter->min && s->zone <= filter->max;
}

bool
engine_passes (const engine_statement *s, const sks_query *query, int except)
{
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (facet != except && !passes_one (s, &query->filter[facet], facet))
            return false;
    return true;
}

unsigned
engine_draw (unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

void
engine_draw_word (unsigned *state, const char *text, char *out, size_t room)
{
    size_t size = strlen (text), from = engine_draw (state, (unsigned) size);
    sks_word word;
    while (from && text[from - 1] != ' ')
        from--;
    if (!sks_text_word (text, size, from, &word) && !sks_text_word (text, size, 0, &word))
        ck_abort_msg ("there is no word in \"%s\"", text);
    snprintf (out, room, "%.*s", (int) (word.end - word.start), text + word.start);
}
