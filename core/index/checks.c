/* checks.c - one function per section. */
#include "checks.h"

#include "checks_tokens.h"
#include "core/base/threads.h"
#include "core/base/utf8.h"
#include "index.h"
#include "runs.h"
#include "sections.h"

#include <string.h>

/* -------------------------------------------------------------------- texts */

static bool
begins_character (const sks_store *s, uint64_t at)
{
    return at == s->strings_size || ((unsigned char) s->strings[at] & 0xC0) != 0x80;
}

/* All strings together are valid UTF-8, so a text is valid if it begins and ends at character boundaries. */
static bool
is_text (const sks_store *s, uint64_t at, uint64_t size)
{
    return at <= s->strings_size && size <= s->strings_size - at && begins_character (s, at) &&
           begins_character (s, at + size) && !memchr (s->strings + at, '\0', size);
}

/* A string that ends in NUL, as the last byte of the section is NUL. */
static bool
is_string (const sks_store *s, uint32_t at)
{
    return at < s->strings_size && begins_character (s, at);
}

static bool
strings_hold (const sks_store *s)
{
    if (s->occupations && (!s->strings_size || s->strings[s->strings_size - 1]))
        return false;
    return sks_utf8_valid (s->strings, s->strings_size, NULL);
}

/* --------------------------------------------------------------- dictionary */

/* Whether an entry with a joined form is valid: it has no bytes. */
static bool
joined_holds (const sks_store *s, const sks_entry *e)
{
    return !e->size && e->form == SKS_NONE && e->text < s->forms && s->form[e->text].stem != SKS_NONE &&
           (e->word & SKS_ENTRY_WORD) && !(e->word & SKS_ENTRY_DUTY);
}

static bool
entries_hold (const sks_store *s)
{
    for (uint32_t i = 0; i < s->entries; i++) {
        const sks_entry *e = &s->entry[i];
        unsigned word = e->word & SKS_ENTRY_WORD;
        if (e->word & SKS_ENTRY_JOINED) {
            if (!joined_holds (s, e))
                return false;
            continue;
        }
        if (!e->size || word > e->size || !is_text (s, e->text, e->size) || !begins_character (s, e->text + word))
            return false;
        if (e->form != SKS_NONE && (e->form >= s->forms || !word))
            return false;
    }
    return true;
}

static bool
ascends (const sks_store *s, uint32_t before, uint32_t before_size, uint32_t text, uint32_t size)
{
    int order = memcmp (s->strings + before, s->strings + text, before_size < size ? before_size : size);
    return order < 0 || (order == 0 && before_size < size);
}

static bool
forms_hold (const sks_store *s)
{
    uint32_t stemmed = 0;
    for (uint32_t i = 0; i < s->forms; i++) {
        const sks_form *f = &s->form[i];
        if (!f->size || f->size > SKS_MAX_WORD_BYTES || !is_text (s, f->text, f->size))
            return false;
        if (i && !ascends (s, f[-1].text, f[-1].size, f->text, f->size))
            return false;
        if (f->stop > 1 || f->stop != (f->stem == SKS_NONE) || (!f->stop && f->stem >= s->stems))
            return false;
        if (f->statements > s->statements)
            return false;
        stemmed += !f->stop;
    }
    return stemmed == s->stem[s->stems].forms;
}

/* Whether the forms of a stem refer to it and have ranks in order. */
static bool
ranks_hold (const sks_store *s, uint32_t stem)
{
    uint32_t first = s->stem[stem].forms;
    for (uint32_t i = first; i < s->stem[stem + 1].forms; i++) {
        uint32_t form = s->stem_forms[i], rank = i - first < UINT8_MAX ? i - first : UINT8_MAX;
        if (form >= s->forms || s->form[form].stem != stem || s->form[form].rank != rank)
            return false;
    }
    return true;
}

static bool
contexts_hold (const sks_store *s, uint32_t stem)
{
    const sks_context *first = s->context + s->stem[stem].contexts, *end = s->context + s->stem[stem + 1].contexts;
    for (const sks_context *c = first; c < end; c++)
        if (c->occupation >= s->occupations || c->title > 1 || (c > first && c[-1].occupation >= c->occupation))
            return false;
    return true;
}

static bool
stems_hold (const sks_store *s)
{
    const sks_stem *last = &s->stem[s->stems];
    if (s->stem[0].forms || s->stem[0].contexts || last->forms > s->forms || last->contexts != s->contexts)
        return false;
    for (uint32_t i = 0; i < s->stems; i++) {
        const sks_stem *t = &s->stem[i];
        if (!t->size || t->size > SKS_MAX_TERM_BYTES || !is_text (s, t->text, t->size))
            return false;
        if (i && !ascends (s, t[-1].text, t[-1].size, t->text, t->size))
            return false;
        if (t->statements > s->statements || (t->statements && !s->words) || t->forms > t[1].forms ||
            t->contexts > t[1].contexts || t[1].forms > last->forms || t[1].contexts > last->contexts)
            return false;
    }
    for (uint32_t i = 0; i < s->stems; i++)
        if (!ranks_hold (s, i) || !contexts_hold (s, i))
            return false;
    for (uint32_t i = last->forms; i < s->forms; i++)
        if (s->stem_forms[i])
            return false;
    return true;
}

/* -------------------------------------------------------------- occupations */

static bool
groups_hold (const sks_store *s)
{
    for (uint32_t i = 0; i < s->groups; i++) {
        if (!is_string (s, s->group[i].code) || !is_string (s, s->group[i].label))
            return false;
        const char *code = s->strings + s->group[i].code;
        if (strspn (code, "0123456789") != 2 || code[2])
            return false;
        if (i && strcmp (s->strings + s->group[i - 1].code, code) >= 0)
            return false;
    }
    for (uint32_t i = 0; i < s->sectors; i++)
        if (!is_string (s, s->sector[i].code) || !is_string (s, s->sector[i].label))
            return false;
    return true;
}

static bool
occupation_holds (const sks_store *s, const sks_occupation *row)
{
    const uint32_t strings[] = {
        row->soc, row->title, row->group_title, row->description, row->exported_at, row->source
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (!is_string (s, strings[i]))
            return false;
    const char *soc = s->strings + row->soc;
    return row->group < s->groups && row->sector < s->sectors && row->edition < s->editions && row->zone <= SKS_ZONES &&
           row->clean <= 1 && row->inferred <= SKS_INFERRED_YES && !row->unused && sks_schema_soc_valid (soc) &&
           strncmp (soc, s->strings + s->group[row->group].code, 2) == 0;
}

/* The row that closes the last range has no strings. */
static bool
editions_hold (const sks_store *s)
{
    if (s->edition[0].citations || s->edition[s->editions].citations != s->citations)
        return false;
    for (uint32_t i = 0; i < s->editions; i++) {
        const sks_edition_row *row = &s->edition[i];
        if (!is_string (s, row->version) || !is_string (s, row->description) || !is_string (s, row->attribution))
            return false;
        for (int level = 0; level < SKS_LEVELS; level++)
            if (!is_string (s, row->labels[level]))
                return false;
        if (row->citations > row[1].citations || row[1].citations > s->citations)
            return false;
    }
    for (uint32_t i = 0; i < s->citations; i++)
        if (!is_string (s, s->citation[i].name) || !is_string (s, s->citation[i].text))
            return false;
    return true;
}

static bool
occupations_hold (const sks_store *s)
{
    if (!groups_hold (s))
        return false;
    for (uint32_t i = 0; i < s->occupations; i++) {
        const sks_occupation *row = &s->occupation[i];
        if (!occupation_holds (s, row))
            return false;
        if (i && strcmp (s->strings + row[-1].soc, s->strings + row->soc) >= 0)
            return false;
    }
    return true;
}

/* --------------------------------------------------------------- statements */

static bool
cells_hold (const sks_store *s)
{
    if (s->occupations >= UINT32_MAX / SKS_LEVELS)
        return false;
    uint32_t count = s->occupations * SKS_LEVELS;
    for (uint32_t i = 0; i < count; i++)
        if (s->cells[i] > s->cells[i + 1])
            return false;
    return s->cells[0] == 0 && s->cells[count] == s->statements;
}

static bool
columns_hold (const sks_store *s)
{
    uint64_t words = 0;
    bool holds = true;
    uint32_t i = 0;
    if (!s->positions)
        return true;
    for (; s->statements - i >= SKS_RUN; i += SKS_RUN)
        holds &= sks_runs_columns (s->positions + i, s->lengths + i, &words);
    for (; i < s->statements; i++) {
        uint32_t position = s->positions[i] & SKS_POSITION;
        holds &= position - 1 < SKS_MAX_LEVEL_STATEMENTS;
        words += s->lengths[i];
    }
    /* Lengths saturate at 255. */
    return holds && s->words >= words && s->words <= s->statements * (uint64_t) SKS_MAX_STATEMENT_WORDS;
}

/* Whether the usages of stems are those of their statements, in an index in shards; else there are none. */
static bool
usages_hold (const sks_store *s)
{
    if (!s->shards)
        return !s->holdings && !s->set;
    if (s->shards > SKS_MAX_SHARDS || s->documents || s->vectors || s->usage[0].holdings ||
        s->usage[s->stems].holdings != s->holdings)
        return false;
    uint64_t words = 0;
    for (uint32_t i = 0; i < s->groups; i++) {
        if (s->group_words[i] > s->words - words)
            return false;
        words += s->group_words[i];
    }
    for (uint32_t i = 0; i < s->stems; i++) {
        const sks_usage *usage = &s->usage[i];
        uint64_t statements = 0;
        if (usage->holdings > usage[1].holdings || usage[1].holdings > s->holdings ||
            usage->opening > s->stem[i].statements)
            return false;
        for (uint32_t k = usage->holdings; k < usage[1].holdings; k++) {
            const sks_holding *row = &s->holding[k];
            if (row->occupation >= s->occupations || (k > usage->holdings && row[-1].occupation >= row->occupation))
                return false;
            uint32_t cell = row->occupation * SKS_LEVELS;
            if (!row->statements || row->statements > s->cells[cell + SKS_LEVELS] - s->cells[cell])
                return false;
            statements += row->statements;
        }
        if (statements != s->stem[i].statements)
            return false;
    }
    return true;
}

/* In this order, as usages refer to cells. */
static bool
cells_and_usages_hold (const sks_store *s)
{
    return cells_hold (s) && usages_hold (s);
}

/* The documents of one file are in the order of their statements. Whether both files have the same statement is found
 * when their lists are merged. */
static bool
documents_hold (const sks_store *s, uint32_t first, uint32_t end)
{
    uint32_t min = 0;
    for (uint32_t i = first; i < end; i++) {
        /* SKS_NONE is the largest number, so a run that ascends has none. */
        if (end - i > SKS_RUN && s->document[i] >= min && sks_runs_ascend (s->document + i))
            i += SKS_RUN - 1;
        else if (s->document[i] == SKS_NONE)
            continue;
        if (s->document[i] < min || s->document[i] >= s->statements)
            return false;
        min = s->document[i] + 1;
    }
    return true;
}

/* Statements are consecutive, begin and end with a token, and are short enough: most of them would be even if each of
 * their bytes were the longest entry, so they are not read. */
static bool
offsets_hold (const sks_store *s)
{
    uint64_t longest = 1;
    if (!s->offsets)
        return true;
    if (s->tokens_size > UINT32_MAX || s->offsets[0] != 0 || s->offsets[s->statements] != s->tokens_size ||
        !sks_runs_ascend_throughout (s->offsets, s->statements))
        return false;
    for (uint32_t i = 0; i < s->entries; i++)
        longest = s->entry[i].size > longest ? s->entry[i].size : longest;
    uint32_t plain = (uint32_t) (SKS_MAX_STATEMENT_BYTES / longest);
    plain = plain < SKS_MAX_STATEMENT_WORDS ? plain : SKS_MAX_STATEMENT_WORDS;
    for (uint32_t i = 0, first = 0, end; i < s->statements; i++, first = end) {
        end = s->offsets[i + 1];
        if (s->tokens[end - 1] & 0x80 || (end - first > plain && !sks_checks_statement (s, i)))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------------- all */

/* The number of a generation is sent in JSON, and its time is printed; both have limits for that. */
static bool
generation_holds (const sks_store *s)
{
    return s->generation <= SKS_MAX_GENERATION && s->created <= SKS_MAX_CREATED;
}

static bool
rows_hold (const sks_store *s)
{
    return s->base <= s->documents && documents_hold (s, 0, s->base) && documents_hold (s, s->base, s->documents);
}

struct check {
    const char *section;
    bool (*holds) (const sks_store *store);
};

/* Each check relies only on the first ones, or on earlier checks in the same function. The slowest ones are at the
 * ends. */
static const struct check first_checks[] = { { "number and time", generation_holds }, { "strings", strings_hold } };
static const struct check checks[] = {
    { "stems", stems_hold },
    { "entries", entries_hold },
    { "forms", forms_hold },
    { "groups and sectors", groups_hold },
    { "editions", editions_hold },
    { "occupations", occupations_hold },
    { "cells or usages", cells_and_usages_hold },
    { "documents", rows_hold },
    { "positions and lengths", columns_hold },
    { "tokens", offsets_hold },
};

struct task {
    const sks_store *store;
    const char *path;
    const struct check *check;
};

static int
run_check (void *argument, sks_error *err)
{
    const struct task *task = argument;
    return task->check->holds (task->store)
               ? 0
               : sks_fail (err, SKS_EINDEX, "%s: damaged: invalid %s", task->path, task->check->section);
}

int
sks_checks_store (const sks_store *s, const char *path, sks_error *err)
{
    enum { COUNT = sizeof checks / sizeof *checks };
    struct task tasks[COUNT];
    int code = 0;
    for (size_t i = 0; !code && i < sizeof first_checks / sizeof *first_checks; i++)
        code = run_check (&(struct task) { s, path, &first_checks[i] }, err);
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = (struct task) { s, path, &checks[i] };
    return code ? code
                : sks_threads_meet (run_check, tasks, COUNT, sizeof *tasks, s->file.size < SKS_SECTIONS_ALONE, err);
}
