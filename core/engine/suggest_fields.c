/* suggest_fields.c - completions of a field's value: "level:ad", "soc:43-9". */
#include "suggest_fields.h"

#include "best.h"
#include "core/base/buffer.h"
#include "core/base/schema.h"

#include <string.h>
#include <strings.h>

struct value {
    const char *code, *label;
    uint64_t count;
};

struct values {
    sks_matching *m;
    int field;
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

/* The value of number `number` and its statements. false after the last one. */
static bool
read_value (const struct values *v, uint32_t number, struct value *out)
{
    const sks_store *store = v->m->store;
    uint32_t limits[SKS_FIELDS] = { [SKS_FIELD_LEVEL] = SKS_LEVELS,
                                    [SKS_FIELD_SOC] = store->occupations,
                                    [SKS_FIELD_SECTOR] = store->sectors,
                                    [SKS_FIELD_GROUP] = store->groups,
                                    [SKS_FIELD_ZONE] = SKS_ZONES + 1 };
    *out = (struct value) { .count = 0 };
    if (number >= limits[v->field])
        return false;
    if (v->field == SKS_FIELD_LEVEL)
        out->code = sks_level_name ((int) number);
    else if (v->field == SKS_FIELD_ZONE)
        out->code = sks_zone_value ((int) number);
    else if (v->field == SKS_FIELD_SOC)
        out->code = sks_store_string (store, store->occupation[number].soc);
    else {
        const sks_value *row = v->field == SKS_FIELD_GROUP ? &store->group[number] : &store->sector[number];
        out->code = sks_store_string (store, row->code);
        out->label = sks_store_string (store, row->label);
    }
    return true;
}

/* The statements of a value. */
static uint64_t
count_value (const struct values *v, uint32_t number)
{
    const sks_store *store = v->m->store;
    uint64_t count = 0;
    if (v->field == SKS_FIELD_SOC)
        return count_cells (store, number, -1);
    for (uint32_t i = 0; i < store->occupations; i++) {
        const sks_occupation *row = &store->occupation[i];
        bool has = v->field == SKS_FIELD_LEVEL || (v->field == SKS_FIELD_SECTOR && row->sector == number) ||
                   (v->field == SKS_FIELD_GROUP && row->group == number) ||
                   (v->field == SKS_FIELD_ZONE && row->zone == number);
        count += has ? count_cells (store, i, v->field == SKS_FIELD_LEVEL ? (int) number : -1) : 0;
    }
    return count;
}

/* Whether a code, or a word of its label, begins as was typed. */
static bool
begins (const struct values *v, const struct value *value)
{
    if (strncasecmp (value->code, v->typed, v->size) == 0)
        return true;
    for (const char *at = value->label; at && v->size; at = strchr (at, ' '), at += at != NULL)
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
        struct value value;
        sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_NAME_BYTES * 2);
        read_value (v, v->best.items[i].number, &value);
        sks_buffer_printf (&text, "%s:%s", sks_field_name (v->field), value.code);
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
    struct values v = { m, field, typed, strlen (typed), { .limit = limit } };
    struct value value;
    for (uint32_t i = 0; read_value (&v, i, &value); i++) {
        uint64_t count = begins (&v, &value) ? count_value (&v, i) : 0;
        if (count)
            sks_best_offer (&v.best, (sks_candidate) { 0, count, true, i });
    }
    return put_values (&v, arena, out);
}
