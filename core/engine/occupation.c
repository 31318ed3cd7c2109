/* occupation.c - one complete occupation: the data of its export, and all its statements in the order of the
 * export. */
#include "occupation.h"

#include "hit.h"
#include "label.h"
#include "operations.h"
#include "search.h"

#include <stdlib.h>
#include <string.h>

/* The cost of copying a statement and of each of its tokens, in units of a budget. */
#define STATEMENT_UNITS 128
#define TOKEN_UNITS 4

int
sks_occupation_find (const sks_store *store, const char *code, uint32_t *out, sks_error *err)
{
    char soc[SKS_SOC_BYTES + 1];
    uint32_t first, end;
    if (!sks_schema_soc_read (code, soc))
        return sks_fail (err, SKS_ENOTFOUND, "no occupation \"%s\"; use a SOC code such as 43-9051 or 43-9051.00",
                         code);
    sks_store_occupations (store, soc, strlen (soc), &first, &end);
    if (first == end)
        return sks_fail (err, SKS_ENOTFOUND, "there is no occupation %s", soc);
    const char *whole = sks_store_string (store, store->occupation[first].soc);
    /* Codes are in order, so a code that ends in .00 is the first of its run. */
    if (end - first > 1 && strcmp (whole + SKS_SOC_BYTES - 3, ".00") != 0)
        return sks_fail (err, SKS_ENOTFOUND, "there is no occupation %s.00; %u others begin with %s, the first is %s",
                         soc, end - first, soc, whole);
    *out = first;
    return 0;
}

/* ---------------------------------------------------------------- statements */

static int
by_position (const void *left, const void *right)
{
    const sks_record_statement *a = left, *b = right;
    return (a->position > b->position) - (a->position < b->position);
}

static int
fill_statement (sks_record_statement *out, const sks_matching *m, uint32_t statement, sks_buffer *text,
                sks_arena *arena)
{
    int code =
        sks_budget_check (m->budget, STATEMENT_UNITS + TOKEN_UNITS * sks_store_tokens (m->store, statement), m->err);
    if (code)
        return code;
    char *id = sks_arena_alloc (arena, SKS_STATEMENT_ID_BYTES);
    sks_buffer_clear (text);
    sks_store_text (m->store, statement, text);
    if ((code = sks_buffer_status (text, m->err)))
        return code;
    out->text = sks_arena_copy (arena, text->bytes, text->size);
    if (!id || !out->text)
        return sks_fail_memory (m->err);
    sks_store_id (m->store, statement, id);
    out->id = id;
    out->position = sks_store_position (m->store, statement);
    return 0;
}

static int
fill_level (sks_record_level *out, const sks_matching *m, uint32_t cell, sks_arena *arena)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES);
    uint32_t first = m->store->cells[cell], count = m->store->cells[cell + 1] - first;
    sks_record_statement *statements = sks_arena_array (arena, count + (size_t) 1, sizeof *statements);
    int code = statements ? 0 : sks_fail_memory (m->err);
    for (uint32_t i = 0; !code && i < count; i++)
        code = fill_statement (&statements[i], m, first + i, &text, arena);
    sks_buffer_free (&text);
    if (code)
        return code;
    qsort (statements, count, sizeof *statements, by_position);
    out->statements = statements;
    out->count = count;
    return 0;
}

/* ------------------------------------------------------------------ the export */

static void
fill_occupation (sks_record *out, const sks_store *store, const sks_occupation *row)
{
    const sks_value *group = &store->group[row->group], *sector = &store->sector[row->sector];
    bool has_sector = strcmp (sks_store_string (store, sector->code), SKS_NO_SECTOR) != 0;
    out->generation = store->generation;
    out->soc = sks_store_string (store, row->soc);
    out->title = sks_store_string (store, row->title);
    out->group = sks_store_string (store, group->code);
    out->group_title = sks_store_string (store, row->group_title);
    out->sector = has_sector ? sks_store_string (store, sector->code) : NULL;
    out->sector_label = has_sector ? sks_store_string (store, sector->label) : NULL;
    out->zone = row->zone;
    out->zone_inferred = row->inferred == SKS_INFERRED_UNKNOWN ? -1 : row->inferred == SKS_INFERRED_YES;
    out->description = sks_store_string (store, row->description);
}

static int
fill_edition (sks_record *out, const sks_store *store, const sks_occupation *row, sks_arena *arena, sks_error *err)
{
    const sks_edition_row *edition = &store->edition[row->edition];
    sks_hit_provenance provenance;
    int rc = sks_hit_fill_provenance (&provenance, store, row, arena, err);
    if (rc)
        return rc;
    out->version = provenance.version;
    out->framework = sks_store_string (store, edition->description);
    out->exported_at = provenance.exported_at;
    out->attribution = provenance.attribution;
    out->sources = provenance.sources;
    out->source_count = provenance.source_count;
    for (int level = 0; level < SKS_LEVELS; level++)
        out->levels[level].label = sks_store_string (store, edition->labels[level]);
    return 0;
}

int
sks_searcher_occupation (sks_searcher *searcher, const char *code, bool heading, sks_arena *arena, sks_record *out,
                         sks_error *err)
{
    const sks_matching m = sks_searcher_matching (searcher, err);
    uint32_t occupation;
    *out = (sks_record) { 0 };
    int rc = sks_occupation_find (m.store, code, &occupation, err);
    if (rc)
        return rc;
    const sks_occupation *row = &m.store->occupation[occupation];
    fill_occupation (out, m.store, row);
    rc = fill_edition (out, m.store, row, arena, err);
    for (int level = 0; !rc && level < SKS_LEVELS; level++) {
        uint32_t cell = sks_cell (occupation, level);
        out->levels[level].total = m.store->cells[cell + 1] - m.store->cells[cell];
        rc = heading ? 0 : fill_level (&out->levels[level], &m, cell, arena);
    }
    if (rc)
        *out = (sks_record) { 0 };
    return rc;
}

int
sks_searcher_occupation_code (sks_searcher *searcher, const char *text, sks_arena *arena, const char **out,
                              sks_error *err)
{
    const sks_matching m = sks_searcher_matching (searcher, err);
    sks_label label;
    int rc = sks_label_find (&(sks_labels) { &m.snapshot->facets, m.budget }, SKS_FACET_OCCUPATION, text, arena, &label,
                             err);
    *out = rc ? NULL : label.code;
    return rc;
}
