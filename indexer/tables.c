/* tables.c - rows of occupations, groups, sectors and cells, and their strings. */
#include "tables.h"

#include <stdlib.h>

/* The row of a code in a small table of values; added at its end if new. */
static uint16_t
value_row (sks_value *values, uint32_t *count, sks_strings *strings, const char *code, const char *label)
{
    uint32_t text = sks_strings_add (strings, code);
    for (uint32_t i = 0; i < *count; i++)
        if (values[i].code == text)
            return (uint16_t) i;
    values[*count] = (sks_value) { text, sks_strings_add (strings, label) };
    return (uint16_t) (*count)++;
}

static void
fill_cells (sks_tables *t, size_t i)
{
    const sks_framework *f = t->plan->frameworks[i];
    uint32_t counts[SKS_LEVELS], at = t->first[i];
    sks_plan_count_levels (t->plan, f, counts);
    for (uint32_t c = 0; c < SKS_LEVELS; c++) {
        uint32_t cell = (uint32_t) i * SKS_LEVELS + c;
        t->cells[cell] = at;
        at += counts[sks_cell_level (cell)];
    }
}

static int
fill_occupation (sks_tables *t, size_t i, sks_error *err)
{
    sks_strings *strings = &t->strings;
    const sks_framework *f = t->plan->frameworks[i];
    char group[3] = { f->soc[0], f->soc[1], '\0' };
    const char *label = sks_schema_group_label (group);
    const char *sector = f->sector ? f->sector : SKS_NO_SECTOR;
    uint32_t edition;
    int code = sks_editions_add (&t->editions, f->edition, &edition, err);
    if (code)
        return code;
    t->occupation[i] = (sks_occupation) {
        .soc = sks_strings_add (strings, f->soc),
        .title = sks_strings_add (strings, f->title),
        .group_title = sks_strings_add (strings, f->group),
        .description = sks_strings_add (strings, f->description),
        .exported_at = sks_strings_add (strings, f->exported_at),
        .source = sks_strings_add (strings, f->source),
        .edition = edition,
        .length = t->reuse && f->last != SKS_NONE ? t->plan->last->occupation[f->last].length
                                                  : t->words[i] + t->dictionary->context_words[i],
        .content = f->content,
        .group = value_row (t->group, &t->groups, strings, group, label ? label : f->group),
        .sector = value_row (t->sector, &t->sectors, strings, sector,
                             f->sector ? sks_schema_sector_label (sector) : "No sector"),
        .zone = (uint8_t) f->zone,
        .clean = f->clean,
        .inferred = (uint8_t) f->inferred,
    };
    return 0;
}

int
sks_tables_fill (sks_tables *t, sks_buffer *strings, sks_error *err)
{
    size_t count = t->plan->count;
    t->occupation = calloc (count + 1, sizeof *t->occupation);
    t->group = calloc (count + 1, sizeof *t->group);
    t->sector = calloc (count + 1, sizeof *t->sector);
    t->cells = calloc (count * SKS_LEVELS + 1, sizeof *t->cells);
    if (!t->occupation || !t->group || !t->sector || !t->cells)
        return sks_fail_memory (err);
    sks_strings_begin (&t->strings, strings);
    int code = sks_editions_begin (&t->editions, &t->strings, count, err);
    for (size_t i = 0; !code && i < count; i++) {
        fill_cells (t, i);
        code = fill_occupation (t, i, err);
    }
    if (code)
        return code;
    t->cells[count * SKS_LEVELS] = t->first[count];
    if (t->sectors > UINT16_MAX || t->groups > UINT16_MAX)
        return sks_fail (err, SKS_ELIMIT, "more than %d sectors", UINT16_MAX);
    return sks_dictionary_check_strings (t->dictionary, err);
}

void
sks_tables_free (sks_tables *t)
{
    free (t->occupation);
    free (t->group);
    free (t->sector);
    free (t->cells);
    sks_strings_free (&t->strings);
    sks_editions_free (&t->editions);
}
