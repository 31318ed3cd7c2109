/* filter.c - computes the occupations and levels that the filters reject. */
#include "filter.h"

#include "label.h"

#include <string.h>

static bool
is_set (const sks_filter *filter)
{
    return filter->count || filter->min > 0;
}

bool
sks_filter_chose (const sks_query *query, int facet, const char *value)
{
    const sks_filter *filter = &query->filter[facet];
    for (size_t i = 0; i < filter->count; i++) {
        const char *chosen = filter->values[i];
        if (strcmp (chosen, value) == 0)
            return true;
        if (facet == SKS_FACET_OCCUPATION && strncmp (value, chosen, strlen (chosen)) == 0)
            return true;
    }
    if (facet != SKS_FACET_ZONE || filter->min < 1)
        return false;
    int zone = sks_schema_zone_of (value);
    return zone >= filter->min && zone <= filter->max;
}

/* ------------------------------------------------------------------- reading */

/* The beginning of a SOC code must include its "-", so two digits get one. */
static const char *
whole_beginning (int facet, const char *code, sks_arena *arena)
{
    if (facet != SKS_FACET_OCCUPATION || strlen (code) != 2 || strspn (code, "0123456789") != 2)
        return code;
    return sks_arena_copy (arena, (const char[]) { code[0], code[1], '-' }, 3);
}

static int
read_value (const sks_matching *m, const sks_query *query, int facet, size_t i, const char **out, sks_notes *notes)
{
    const sks_labels labels = { &m->snapshot->facets, m->budget };
    const char *text = query->filter[facet].values[i];
    sks_label label = { text, NULL, false };
    sks_error cause;
    int code = query->resolve ? sks_label_find (&labels, facet, text, m->arena, &label, &cause) : 0;
    if (code == SKS_ENOTFOUND || code == SKS_EBADREQUEST)
        return sks_fail (m->err, SKS_EBADREQUEST, "/filter/%s/%zu: %s", sks_facet_name (facet), i, cause.text);
    if (code)
        return sks_fail (m->err, code, "%s", cause.text);
    if (query->resolve)
        label.code = whole_beginning (facet, label.code, m->arena);
    if (!(*out = label.code))
        return sks_fail_memory (m->err);
    return sks_label_note (&labels, facet, text, &label, 0, notes, m->arena, m->err);
}

int
sks_filter_read (const sks_query **query_p, const sks_matching *m, sks_notes *notes)
{
    const sks_query *query = *query_p;
    sks_query *copy = NULL;
    int code = 0;
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        const sks_filter *filter = &query->filter[facet];
        if (!filter->count)
            continue;
        const char **values = sks_arena_array (m->arena, filter->count, sizeof *values);
        if (!values || (!copy && !(copy = sks_arena_alloc (m->arena, sizeof *copy))))
            return sks_fail_memory (m->err);
        if (query == *query_p)
            *copy = *query;
        *query_p = copy;
        copy->filter[facet].values = values;
        for (size_t i = 0; !code && i < filter->count; i++)
            code = read_value (m, query, facet, i, &values[i], notes);
    }
    return code;
}

/* ------------------------------------------------------------------- failing */

/* Note which occupations the filter rejects. They are in SOC order, so each value names a run of them. */
static void
fail_occupations (uint8_t *fails, const sks_store *store, const sks_filter *filter)
{
    for (uint32_t i = 0; i < store->occupations; i++)
        fails[i] |= 1 << SKS_FACET_OCCUPATION;
    for (size_t v = 0; v < filter->count; v++) {
        uint32_t first, end;
        sks_store_occupations (store, filter->values[v], strlen (filter->values[v]), &first, &end);
        for (uint32_t i = first; i < end; i++)
            fails[i] &= (uint8_t) ~(1 << SKS_FACET_OCCUPATION);
    }
}

/* Compare each row with the filter once, not once per occupation: a filter may have 256 values. */
static int
fail_rows (uint8_t *fails, sks_arena *arena, const sks_facet_table *table, const sks_query *query, int facet)
{
    const sks_facet_values *values = &table->facet[facet];
    uint8_t *rows = sks_arena_alloc (arena, values->rows + (size_t) 1);
    if (!rows)
        return SKS_ENOMEM;
    for (uint32_t row = 0; row < values->rows; row++)
        rows[row] = (uint8_t) (!sks_filter_chose (query, facet, sks_facet_table_value (table, facet, row)) << facet);
    for (uint32_t i = 0; i < table->store->occupations; i++)
        fails[i] |= rows[values->row_of[i]];
    return 0;
}

static int
check_values (const sks_query *query, sks_error *err)
{
    for (int facet = 0; facet < SKS_FACETS; facet++)
        for (size_t i = 0; i < query->filter[facet].count; i++) {
            const char *value = query->filter[facet].values[i], *refusal = sks_schema_facet_refusal (facet, value);
            if (refusal)
                return sks_fail (err, SKS_EBADREQUEST, "/filter/%s/%zu: no %s \"%s\"; %s", sks_facet_name (facet), i,
                                 sks_facet_name (facet), value, refusal);
        }
    return 0;
}

int
sks_filter_make (sks_fails *out, sks_arena *arena, const sks_facet_table *table, const sks_query *query, sks_error *err)
{
    uint8_t *fails = NULL;
    int code = check_values (query, err);
    *out = (sks_fails) { 0 };
    for (int facet = 0; !code && facet < SKS_FACETS; facet++) {
        if (!is_set (&query->filter[facet]))
            continue;
        out->any = true;
        if (facet == SKS_FACET_LEVEL) {
            for (int level = 0; level < SKS_LEVELS; level++)
                if (!sks_filter_chose (query, facet, sks_level_name (level)))
                    out->level[level] = 1 << SKS_FACET_LEVEL;
            continue;
        }
        if (!fails && !(fails = sks_arena_alloc (arena, table->store->occupations + (size_t) 1)))
            return sks_fail_memory (err);
        if (facet == SKS_FACET_OCCUPATION)
            fail_occupations (fails, table->store, &query->filter[facet]);
        else if (fail_rows (fails, arena, table, query, facet))
            code = sks_fail_memory (err);
    }
    out->occupation = fails;
    return code;
}
