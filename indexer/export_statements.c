/* export_statements.c - checks statements, and finds equal ones by a hash table. */
#include "export_statements.h"

#include "core/base/hash.h"
#include "core/base/text.h"
#include "export_text.h"

#include <string.h>

bool
sks_export_statements_begin (sks_export_reader *r, size_t max)
{
    size_t slots = 16;
    while (slots < max * 2)
        slots *= 2;
    r->mask = slots - 1;
    r->slots = sks_arena_array (r->memory, slots, sizeof *r->slots);
    r->export->statements = sks_arena_array (r->memory, max + 1, sizeof *r->export->statements);
    r->no_memory |= !r->slots || !r->export->statements;
    return !r->no_memory;
}

/* The slot of a text: that of the statement of the level with the same bytes, or a free one. */
static uint32_t *
find_slot (const sks_export_reader *r, int level, const char *text, size_t size)
{
    size_t at = (sks_hash_key (text, size) + (size_t) level) & r->mask;
    for (; r->slots[at]; at = (at + 1) & r->mask) {
        const sks_statement *s = &r->export->statements[r->slots[at] - 1];
        if (s->level == level && s->size == size && memcmp (s->text, text, size) == 0)
            break;
    }
    return &r->slots[at];
}

bool
sks_export_statements_add (sks_export_reader *r, const char *raw, const char *pointer, int level, uint32_t position,
                           unsigned long origin)
{
    sks_export *export = r->export;
    size_t size;
    char *text = sks_export_text_clean (r, raw, pointer, &size);
    if (!text)
        return false;
    uint32_t *slot = find_slot (r, level, text, size);
    if (!sks_text_visible (text, size))
        sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, pointer, -1, "an empty statement%s",
                        size ? ": it has only invisible characters" : "");
    else if (size > SKS_MAX_STATEMENT_BYTES)
        sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, pointer, -1, "%zu bytes, at most %d", size,
                        SKS_MAX_STATEMENT_BYTES);
    else if (*slot)
        sks_report_add (r->report, SKS_PROBLEM_DUPLICATE, r->file, pointer, -1,
                        "this level already has the same statement; kept once");
    else if (r->sizes[level] == SKS_MAX_LEVEL_STATEMENTS)
        sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, pointer, -1,
                        "this level already has %d statements; left out", SKS_MAX_LEVEL_STATEMENTS);
    else {
        *slot = (uint32_t) export->count + 1;
        r->sizes[level]++;
        export->statements[export->count++] =
            (sks_statement) { text, size, sks_text_hash (text, size), false, level, position, origin };
        return true;
    }
    return false;
}

enum place { FREE, RESERVED, TAKEN };

/* The state of a position of a level. */
static uint8_t *
place_at (const sks_export_reader *r, int level, size_t position)
{
    return &r->places[(size_t) level * (SKS_MAX_LEVEL_STATEMENTS + 1) + position];
}

static bool
make_places (sks_export_reader *r)
{
    if (!r->places)
        r->places = sks_arena_array (r->memory, SKS_LEVELS, SKS_MAX_LEVEL_STATEMENTS + 1);
    r->no_memory |= !r->places;
    return r->places;
}

/* Take a position unless its state is above `most`. */
static bool
take_place (sks_export_reader *r, int level, unsigned long position, uint8_t most, uint8_t state)
{
    if (!position || position > SKS_MAX_LEVEL_STATEMENTS || !make_places (r) || *place_at (r, level, position) > most)
        return false;
    *place_at (r, level, position) = state;
    return true;
}

bool
sks_export_statements_claim (sks_export_reader *r, unsigned long position)
{
    sks_statement *last = &r->export->statements[r->export->count - 1];
    if (!take_place (r, last->level, position, RESERVED, TAKEN))
        return false;
    last->position = (uint32_t) position;
    return true;
}

void
sks_export_statements_reserve (sks_export_reader *r, int level, unsigned long position)
{
    take_place (r, level, position, FREE, RESERVED);
}

void
sks_export_statements_place (sks_export_reader *r)
{
    uint32_t next[SKS_LEVELS] = { 0 };
    for (size_t i = 0; i < r->export->count; i++) {
        sks_statement *s = &r->export->statements[i];
        while (!s->position && next[s->level] < SKS_MAX_LEVEL_STATEMENTS)
            if (take_place (r, s->level, ++next[s->level], FREE, TAKEN))
                s->position = next[s->level];
    }
}

void
sks_export_statements_end (sks_export_reader *r)
{
    sks_statement_ids_give (r->export->statements, &r->export->count, r->export->soc, r->export->locator, r->file,
                            r->report);
}
