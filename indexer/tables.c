/* tables.c - rows of occupations, groups, sectors and cells, and their strings. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

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

static void
set_group (sks_tables *t, size_t i)
{
    const sks_framework *f = t->plan->frameworks[i];
    char group[3] = { f->soc[0], f->soc[1], '\0' };
    const char *label = sks_schema_group_label (group);
    t->occupation[i].group = value_row (t->group, &t->groups, &t->strings, group, label ? label : f->group);
}

static void
set_sector (sks_tables *t, size_t i)
{
    const char *sector = t->plan->frameworks[i]->sector;
    t->occupation[i].sector = value_row (t->sector, &t->sectors, &t->strings, sector ? sector : SKS_NO_SECTOR,
                                         sector ? sks_schema_sector_label (sector) : "No sector");
}

static int
fill_occupation (sks_tables *t, size_t i, sks_error *err)
{
    sks_strings *strings = &t->strings;
    const sks_framework *f = t->plan->frameworks[i];
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
        .length = t->words[i] + t->dictionary->context_words[i],
        .content = f->content,
        .zone = (uint8_t) f->zone,
        .clean = f->clean,
        .inferred = (uint8_t) f->inferred,
    };
    set_group (t, i);
    set_sector (t, i);
    return 0;
}

/* --------------------------------------------------- of the last generation */

/* Fill the row of an occupation that stays: its strings and numbers are those of the last generation. */
static int
keep_occupation (sks_tables *t, size_t i, sks_error *err)
{
    const sks_occupation *old = &t->reuse->last->occupation[t->plan->frameworks[i]->last];
    sks_occupation *row = &t->occupation[i];
    uint32_t *group = &t->kept[SKS_KEPT_GROUPS][old->group], *sector = &t->kept[SKS_KEPT_SECTORS][old->sector];
    uint32_t *edition = &t->kept[SKS_KEPT_EDITIONS][old->edition];
    *row = *old;
    if (*group == SKS_NONE) {
        set_group (t, i);
        *group = row->group;
    }
    if (*sector == SKS_NONE) {
        set_sector (t, i);
        *sector = row->sector;
    }
    int code =
        *edition == SKS_NONE ? sks_editions_add (&t->editions, t->plan->frameworks[i]->edition, edition, err) : 0;
    row->group = (uint16_t) *group;
    row->sector = (uint16_t) *sector;
    row->edition = *edition;
    return code;
}

static void
keep_edition (sks_tables *t, uint32_t edition)
{
    const sks_store *last = t->reuse->last;
    const sks_edition_row *row = &last->edition[edition];
    const uint32_t strings[] = { row->version,   row->description, row->attribution, row->labels[0],
                                 row->labels[1], row->labels[2],   row->labels[3] };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        sks_strings_keep (&t->strings, strings[i]);
    for (uint32_t i = row->citations; i < row[1].citations; i++) {
        sks_strings_keep (&t->strings, last->citation[i].name);
        sks_strings_keep (&t->strings, last->citation[i].text);
    }
}

static void
keep_values (sks_tables *t, const sks_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        sks_strings_keep (&t->strings, values[i].code);
        sks_strings_keep (&t->strings, values[i].label);
    }
}

/* Keep the strings that new rows may have in common with old ones: those of the values, and of the occupations that are
 * gone, most of which changed. */
static int
keep_strings (sks_tables *t, sks_error *err)
{
    const sks_store *last = t->reuse->last;
    const size_t counts[SKS_KEPT] = { last->groups, last->sectors, last->editions };
    for (int k = 0; k < SKS_KEPT; k++) {
        t->kept[k] = malloc ((counts[k] + 1) * sizeof *t->kept[k]);
        if (!t->kept[k])
            return sks_fail_memory (err);
        memset (t->kept[k], 0xFF, counts[k] * sizeof *t->kept[k]);
    }
    keep_values (t, last->group, last->groups);
    keep_values (t, last->sector, last->sectors);
    for (uint32_t i = 0; i < last->occupations; i++) {
        const sks_occupation *row = &last->occupation[i];
        const uint32_t strings[] = { row->soc,         row->title,       row->group_title,
                                     row->description, row->exported_at, row->source };
        for (size_t k = 0; t->reuse->occupation[i] == SKS_NONE && k < sizeof strings / sizeof *strings; k++)
            sks_strings_keep (&t->strings, strings[k]);
        if (t->reuse->occupation[i] == SKS_NONE || !i || row->edition != row[-1].edition)
            keep_edition (t, row->edition);
    }
    return 0;
}

/* ------------------------------------------------------------------------ whole */

static int
fill_rows (sks_tables *t, sks_error *err)
{
    int code = t->reuse ? keep_strings (t, err) : 0;
    for (size_t i = 0; !code && i < t->plan->count; i++) {
        fill_cells (t, i);
        code = t->reuse && t->plan->frameworks[i]->last != SKS_NONE ? keep_occupation (t, i, err)
                                                                    : fill_occupation (t, i, err);
    }
    return code;
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
    if (!code)
        code = fill_rows (t, err);
    if (code)
        return code;
    /* The section ends with a NUL, also if no text of an occupation follows the new words. */
    if (strings->size && strings->bytes[strings->size - 1])
        sks_buffer_putc (strings, '\0');
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
    for (int k = 0; k < SKS_KEPT; k++)
        free (t->kept[k]);
}
