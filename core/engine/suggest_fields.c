/* suggest_fields.c - completions of a field's value: "level:ad", "soc:43-9". */
#include "suggest_fields.h"

#include "best.h"
#include "core/base/buffer.h"
#include "core/base/schema.h"

#include <string.h>
#include <strings.h>

struct values {
    sks_matching *m;
    const sks_facet_table *table;
    int facet;
    const char *typed;
    size_t size;
    sks_best best;
};

static uint64_t
count_cells (const sks_store *store, uint32_t occupation, int level)
{
    uint32_t first = level < 0 ? occupation * SKS_LEVELS : sks_cell (occupation, level);
    return store->cells[first + (level < 0 ? SKS_LEVELS : 1)] - store->cells[first];
}

/* Count the statements of a value. */
static uint64_t
count_value (const struct values *v, uint32_t row)
{
    const sks_store *store = v->m->store;
    uint64_t count = 0;
    if (v->facet == SKS_FACET_OCCUPATION)
        return count_cells (store, row, -1);
    for (uint32_t i = 0; i < store->occupations; i++)
        if (v->facet == SKS_FACET_LEVEL)
            count += count_cells (store, i, (int) row);
        else if (sks_facet_table_row (v->table, v->facet, i) == row)
            count += count_cells (store, i, -1);
    return count;
}

/* Whether a code, or a word of its label, begins with the typed text. Titles of occupations are completed elsewhere,
 * and the labels of ordered values are not completed. */
static bool
begins (const struct values *v, uint32_t row)
{
    bool labelled = v->facet != SKS_FACET_OCCUPATION && !sks_facet_table_ordered (v->facet);
    if (strncasecmp (sks_facet_table_value (v->table, v->facet, row), v->typed, v->size) == 0)
        return true;
    const char *label = labelled ? sks_facet_table_label (v->table, v->facet, row) : NULL;
    for (const char *at = label; at && v->size; at = strchr (at, ' '), at += at != NULL)
        if (strncasecmp (at, v->typed, v->size) == 0)
            return true;
    return false;
}

static int
put_values (const struct values *v, sks_arena *arena, sks_completions *out)
{
    sks_completion *list = sks_arena_array (arena, v->best.count + 1, sizeof *list);
    if (!list)
        return sks_fail_memory (v->m->err);
    for (size_t i = 0; i < v->best.count; i++) {
        sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_NAME_BYTES * 2);
        const char *value = sks_facet_table_value (v->table, v->facet, v->best.items[i].number);
        const char *quote = strchr (value, ' ') ? "\"" : "";
        sks_buffer_printf (&text, "%s:%s%s%s", sks_schema_field_name (SKS_FIELD_FACET + v->facet), quote, value, quote);
        const char *bytes = sks_buffer_text (&text);
        list[i] =
            (sks_completion) { bytes ? sks_arena_copy (arena, bytes, text.size) : NULL, NULL, v->best.items[i].count };
        sks_buffer_free (&text);
        if (!list[i].text)
            return sks_fail_memory (v->m->err);
    }
    out->words = list;
    out->word_count = v->best.count;
    return 0;
}

int
sks_suggest_values (sks_matching *m, int field, const char *typed, uint32_t limit, sks_arena *arena,
                    sks_completions *out)
{
    struct values v = { m, &m->snapshot->facets, field - SKS_FIELD_FACET, typed, strlen (typed), { .limit = limit } };
    for (uint32_t i = 0; i < v.table->facet[v.facet].rows; i++) {
        uint64_t count = begins (&v, i) ? count_value (&v, i) : 0;
        if (count)
            sks_best_offer (&v.best, (sks_candidate) { 0, count, true, i });
    }
    return put_values (&v, arena, out);
}
