/* facet_table.c - one row per facet: where its values are in a generation. */
#include "facet_table.h"

#include "core/base/bisect.h"
#include "set.h"

#include <stdlib.h>
#include <string.h>

static uint32_t
count_levels (const sks_store *store)
{
    (void) store;
    return SKS_LEVELS;
}

static const char *
level_value (const sks_facet_table *t, uint32_t row)
{
    (void) t;
    return sks_level_name ((int) row);
}

static const char *
level_label (const sks_facet_table *t, uint32_t row)
{
    (void) t;
    return sks_schema_level_label ((int) row);
}

static uint32_t
count_sectors (const sks_store *store)
{
    return store->sectors;
}

static uint32_t
sector_of (const sks_occupation *occupation)
{
    return occupation->sector;
}

static const char *
sector_value (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->sector[row].code);
}

static const char *
sector_label (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->sector[row].label);
}

static uint32_t
count_groups (const sks_store *store)
{
    return store->groups;
}

static uint32_t
group_of (const sks_occupation *occupation)
{
    return occupation->group;
}

static const char *
group_value (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->group[row].code);
}

static const char *
group_label (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->group[row].label);
}

static uint32_t
count_occupations (const sks_store *store)
{
    return store->occupations;
}

static const char *
occupation_value (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->occupation[row].soc);
}

static const char *
occupation_label (const sks_facet_table *t, uint32_t row)
{
    return sks_store_string (t->store, t->store->occupation[row].title);
}

static uint32_t
count_zones (const sks_store *store)
{
    (void) store;
    return SKS_ZONES + 1;
}

/* The rows are zones 1 to 5, then "none". */
static uint32_t
zone_of (const sks_occupation *occupation)
{
    return (occupation->zone + SKS_ZONES) % (SKS_ZONES + 1u);
}

static const char *
zone_value (const sks_facet_table *t, uint32_t row)
{
    (void) t;
    return sks_schema_zone_value ((int) (row + 1) % (SKS_ZONES + 1));
}

static const char *
zone_label (const sks_facet_table *t, uint32_t row)
{
    (void) t;
    return sks_schema_zone_label ((int) (row + 1) % (SKS_ZONES + 1));
}

static uint32_t
version_of (const sks_store *store, const sks_occupation *occupation)
{
    return store->edition[occupation->edition].version;
}

/* Where a generation stores the values of a facet: in a separate table, or as a text of each occupation. Equal texts
 * are one value. */
static const struct facet {
    uint32_t (*count) (const sks_store *store);
    uint32_t (*row_of) (const sks_occupation *occupation); /* NULL: the level of the cell, or the occupation */
    uint32_t (*text_of) (const sks_store *store, const sks_occupation *occupation); /* instead of count and row_of */
    const char *(*value) (const sks_facet_table *t, uint32_t row);
    const char *(*label) (const sks_facet_table *t, uint32_t row);
    bool ordered;
} facets[SKS_FACETS] = {
    [SKS_FACET_LEVEL] = { count_levels, NULL, NULL, level_value, level_label, true },
    [SKS_FACET_SECTOR] = { count_sectors, sector_of, NULL, sector_value, sector_label, false },
    [SKS_FACET_GROUP] = { count_groups, group_of, NULL, group_value, group_label, false },
    [SKS_FACET_OCCUPATION] = { count_occupations, NULL, NULL, occupation_value, occupation_label, false },
    [SKS_FACET_ZONE] = { count_zones, zone_of, NULL, zone_value, zone_label, true },
    [SKS_FACET_VERSION] = { NULL, NULL, version_of, NULL, NULL, false },
};

/* ------------------------------------------------------------------- opening */

static int
by_text (const void *left, const void *right, void *store)
{
    const uint32_t *a = left, *b = right;
    return strcmp (sks_store_string (store, *a), sks_store_string (store, *b));
}

/* List the distinct texts of all occupations in the order of their bytes. Neighbours mostly share a text, so repeated
 * ones are dropped before sorting. */
static int
list_texts (sks_facet_values *values, const sks_store *store, const struct facet *facet, sks_error *err)
{
    uint32_t *texts = malloc ((store->occupations + (size_t) 1) * sizeof *texts), count = 0;
    if (!texts)
        return sks_fail_memory (err);
    values->texts = texts;
    for (uint32_t i = 0; i < store->occupations; i++) {
        uint32_t text = facet->text_of (store, &store->occupation[i]);
        if (!count || texts[count - 1] != text)
            texts[count++] = text;
    }
    qsort_r (texts, count, sizeof *texts, by_text, (void *) (uintptr_t) store);
    for (uint32_t i = 0; i < count; i++)
        if (!values->rows || by_text (&texts[values->rows - 1], &texts[i], (void *) (uintptr_t) store) != 0)
            texts[values->rows++] = texts[i];
    return 0;
}

static uint32_t
find_text (const sks_facet_values *values, const sks_store *store, uint32_t text)
{
    uint32_t low = 0, high = values->rows;
    SKS_BISECT (low, high, at, by_text (&values->texts[at], &text, (void *) (uintptr_t) store) < 0)
    return low;
}

static int
open_facet (sks_facet_values *values, const sks_store *store, const struct facet *facet, sks_error *err)
{
    int code = facet->text_of ? list_texts (values, store, facet, err) : 0;
    if (code)
        return code;
    if (!facet->text_of)
        values->rows = facet->count (store);
    if (!facet->row_of && !facet->text_of)
        return 0;
    values->row_of = malloc ((store->occupations + (size_t) 1) * sizeof *values->row_of);
    if (!values->row_of)
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < store->occupations; i++) {
        const sks_occupation *occupation = &store->occupation[i];
        values->row_of[i] =
            facet->row_of ? facet->row_of (occupation) : find_text (values, store, facet->text_of (store, occupation));
    }
    return 0;
}

/* Count the statements of each value at each level. */
static int
count_statements (sks_facet_table *table, int facet, sks_error *err)
{
    sks_facet_values *values = &table->facet[facet];
    const sks_store *store = table->store;
    if (facet == SKS_FACET_OCCUPATION)
        return 0;
    values->statements = calloc (values->rows + (size_t) 1, sizeof *values->statements);
    if (!values->statements)
        return sks_fail_memory (err);
    for (uint32_t cell = 0; cell < store->occupations * SKS_LEVELS; cell++) {
        int level = sks_cell_level (cell);
        uint32_t row = facet == SKS_FACET_LEVEL ? (uint32_t) level : values->row_of[cell / SKS_LEVELS];
        values->statements[row][level] += store->cells[cell + 1] - store->cells[cell];
    }
    return 0;
}

static int
mark_levels (sks_facet_table *table, sks_error *err)
{
    const sks_store *store = table->store;
    for (int level = 0; level < SKS_LEVELS; level++)
        if (!(table->level[level] = calloc (SKS_SET_WORDS (store->statements) + 1, sizeof (uint64_t))))
            return sks_fail_memory (err);
    for (uint32_t cell = 0; cell < store->occupations * SKS_LEVELS; cell++)
        sks_set_add_range (table->level[sks_cell_level (cell)], store->cells[cell], store->cells[cell + 1]);
    return 0;
}

void
sks_facet_table_place (sks_facet_table *table, const sks_store *store, uint32_t *starts)
{
    uint32_t count = store->occupations + 1;
    for (uint32_t i = 0; i < count; i++)
        starts[i] = store->cells[(size_t) i * SKS_LEVELS];
    table->starts = starts;
    table->slots = sks_slots_make (starts + count, starts, count, store->statements);
}

int
sks_facet_table_open (sks_facet_table *out, const sks_store *store, sks_error *err)
{
    int code = 0;
    out->store = store;
    for (int facet = 0; !code && facet < SKS_FACETS; facet++) {
        code = open_facet (&out->facet[facet], store, &facets[facet], err);
        if (!code)
            code = count_statements (out, facet, err);
    }
    uint32_t *starts = code ? NULL : malloc (SKS_FACET_TABLE_STARTS (store->occupations) * sizeof *starts);
    if (!starts)
        return code ? code : sks_fail_memory (err);
    sks_facet_table_place (out, store, starts);
    return mark_levels (out, err);
}

void
sks_facet_table_close (sks_facet_table *table)
{
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        free (table->facet[facet].row_of);
        free (table->facet[facet].texts);
        free (table->facet[facet].statements);
    }
    for (int level = 0; level < SKS_LEVELS; level++)
        free (table->level[level]);
    free (table->starts);
}

/* ------------------------------------------------------------------- reading */

const char *
sks_facet_table_value (const sks_facet_table *table, int facet, uint32_t row)
{
    if (facets[facet].value)
        return facets[facet].value (table, row);
    const char *text = sks_store_string (table->store, table->facet[facet].texts[row]);
    return *text ? text : SKS_NO_VALUE;
}

const char *
sks_facet_table_label (const sks_facet_table *table, int facet, uint32_t row)
{
    return facets[facet].label ? facets[facet].label (table, row) : sks_facet_table_value (table, facet, row);
}

uint32_t
sks_facet_table_find (const sks_facet_table *table, int facet, const char *value)
{
    for (uint32_t row = 0; row < table->facet[facet].rows; row++)
        if (strcmp (sks_facet_table_value (table, facet, row), value) == 0)
            return row;
    return SKS_NONE;
}

bool
sks_facet_table_ordered (int facet)
{
    return facets[facet].ordered;
}
