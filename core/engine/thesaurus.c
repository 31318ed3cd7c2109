/* thesaurus.c - lines -> rows by their first stem.
 *
 * A daemon reads the tables before its first answer, so consecutive lines with the same first column share its
 * reading. */
#include "thesaurus.h"

#include "thesaurus_words.h"

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A column of a line. */
struct column {
    const char *text;
    size_t size;
};

struct reading {
    sks_near_words *out;
    sks_arena *arena;
    sks_thesaurus_words words;
    sks_near_row *rows; /* in the order of the tables */
    size_t row_room;
    const char *name; /* of the file */
    const char *file_source;
    const char *last_source;
    struct column last_word; /* the first column of the previous line, and its words */
    sks_near_side last_side;
    size_t line;
    const char *text; /* of the line */
    sks_error *err;
};

#define COLUMNS 5

/* ------------------------------------------------------------------- lines */

/* Refuse the line because of the byte at `at`. */
static int
refuse (const struct reading *r, const char *at, int code, const char *why)
{
    return sks_fail (r->err, code, "%s:%zu:%zu: %s", r->name, r->line, (size_t) (at - r->text) + 1, why);
}

/* Read the words of a column, and fold them. */
static int
read_side (struct reading *r, struct column column, sks_near_side *out)
{
    sks_word at = { 0, 0 };
    char form[SKS_MAX_WORD_BYTES];
    out->count = 0;
    while (sks_text_word (column.text, column.size, at.end, &at)) {
        size_t size = sks_text_fold (column.text + at.start, at.end - at.start, form);
        if (!size)
            continue;
        if (out->count == SKS_MAX_NEAR_PARTS)
            return refuse (r, column.text, SKS_ELIMIT, "an entry has at most 4 words");
        int code = sks_thesaurus_words_number (&r->words, form, size, &out->words[out->count++], r->err);
        if (code)
            return code;
    }
    return out->count
               ? 0
               : refuse (r, column.text, SKS_EINVALID, "a word and a near word are needed, with a tab between them");
}

static int
read_weight (struct reading *r, struct column column, float *out)
{
    char text[16], *end = text;
    *out = SKS_NEAR_WEIGHT;
    if (!column.size)
        return 0;
    if (column.size < sizeof text) {
        memcpy (text, column.text, column.size);
        text[column.size] = '\0';
        *out = strtof (text, &end);
    }
    if (end == text || *end || column.size >= sizeof text || strspn (text, "0123456789.") != column.size ||
        !(*out > 0 && *out <= 1))
        return refuse (r, column.text, SKS_EINVALID, "the weight is a number above 0, at most 1");
    return 0;
}

static int
read_source (struct reading *r, struct column column, const char **out)
{
    if (column.size > SKS_MAX_NEAR_SOURCE_BYTES)
        return refuse (r, column.text, SKS_ELIMIT, "the source has at most 32 bytes");
    if (!column.size)
        *out = r->file_source;
    else if (r->last_source && strlen (r->last_source) == column.size &&
             memcmp (r->last_source, column.text, column.size) == 0)
        *out = r->last_source;
    else
        *out = r->last_source = sks_arena_copy (r->arena, column.text, column.size);
    return *out ? 0 : sks_fail_memory (r->err);
}

static int
read_direction (struct reading *r, struct column column, bool *both)
{
    *both = column.size == 4 && memcmp (column.text, "both", 4) == 0;
    if (*both || !column.size || (column.size == 3 && memcmp (column.text, "one", 3) == 0))
        return 0;
    return refuse (r, column.text, SKS_EINVALID, "the direction is \"one\" or \"both\"");
}

/* Join the words of a side with blanks; NULL when out of memory. */
static const char *
join (struct reading *r, const sks_near_side *side)
{
    char text[SKS_MAX_NEAR_PARTS * (SKS_MAX_WORD_BYTES + 1)], *at = text;
    for (uint32_t i = 0; i < side->count; i++) {
        if (i)
            *at++ = ' ';
        at = stpcpy (at, r->words.word[side->words[i]].form);
    }
    return sks_arena_copy (r->arena, text, (size_t) (at - text));
}

static int
add_row (struct reading *r, sks_near_row *row)
{
    if (r->out->row_count == SKS_MAX_NEAR_ROWS)
        return refuse (r, r->text, SKS_ELIMIT, "at most 200000 rows in all tables");
    int code = sks_thesaurus_words_grow ((void **) &r->rows, r->out->row_count, &r->row_room, sizeof *r->rows, r->err);
    if (code)
        return code;
    if ((code = sks_thesaurus_words_stem (&r->words, &row->word, row->learned, r->err)))
        return code;
    row->near_text = r->words.word[row->near.words[0]].form;
    if (row->near.count > 1 && !(row->near_text = join (r, &row->near)))
        return sks_fail_memory (r->err);
    row->near_size = strlen (row->near_text);
    r->rows[r->out->row_count++] = *row;
    return 0;
}

static bool
is_same_side (const sks_near_side *one, const sks_near_side *other)
{
    return one->count == other->count && memcmp (one->words, other->words, one->count * sizeof *one->words) == 0;
}

static bool
is_same_column (struct column one, struct column other)
{
    return one.size == other.size && memcmp (one.text, other.text, one.size) == 0;
}

/* Read the first column, which is often the same as in the previous line. */
static int
read_word (struct reading *r, struct column column, sks_near_side *out)
{
    int code = 0;
    if (!r->last_side.count || !is_same_column (column, r->last_word))
        code = read_side (r, column, &r->last_side);
    r->last_word = column;
    *out = r->last_side;
    if (code)
        r->last_side.count = 0;
    return code;
}

static int
read_row (struct reading *r, const struct column *columns)
{
    sks_near_row row = { 0 };
    bool both;
    int code = read_word (r, columns[0], &row.word);
    if (!code)
        code = read_side (r, columns[1], &row.near);
    if (!code && is_same_side (&row.word, &row.near))
        code = refuse (r, columns[1].text, SKS_EINVALID, "a word cannot be a near word of itself");
    if (!code)
        code = read_weight (r, columns[2], &row.weight);
    if (!code)
        code = read_source (r, columns[3], &row.source);
    if (!code)
        code = read_direction (r, columns[4], &both);
    if (code)
        return code;
    row.learned = strcmp (row.source, SKS_NEAR_LEARNED) == 0;
    code = add_row (r, &row);
    sks_near_side word = row.word;
    row.word = row.near;
    row.near = word;
    return code || !both ? code : add_row (r, &row);
}

/* Read one line, without its end. */
static int
read_line (struct reading *r, const char *line, size_t size)
{
    struct column columns[COLUMNS];
    size_t count = 0, from = 0, bad;
    r->text = line;
    if (size && line[size - 1] == '\r')
        size--;
    if (size > SKS_MAX_NEAR_LINE)
        return refuse (r, line, SKS_ELIMIT, "a line has at most 512 bytes");
    if (!sks_utf8_valid (line, size, &bad))
        return refuse (r, line + bad, SKS_EINVALID, "not valid UTF-8");
    const char *nul = memchr (line, '\0', size);
    if (nul)
        return refuse (r, nul, SKS_EINVALID, "a NUL byte");
    if (strspn (line, " \t") >= size || line[0] == '#')
        return 0;
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct column) { line + size, 0 };
    for (size_t i = 0; i <= size; i++) {
        if (i < size && line[i] != '\t')
            continue;
        if (count == COLUMNS)
            return refuse (r, line + from, SKS_EINVALID, "more than five columns");
        columns[count++] = (struct column) { line + from, i - from };
        from = i + 1;
    }
    return read_row (r, columns);
}

static int
read_text (struct reading *r, const char *name, const char *text, size_t size)
{
    const char *slash = strrchr (name, '/'), *base = slash ? slash + 1 : name;
    size_t length = strnlen (base, SKS_MAX_NEAR_SOURCE_BYTES);
    int code = 0;
    r->name = name;
    r->line = 0;
    r->last_side.count = 0;
    if (!(r->file_source = sks_arena_copy (r->arena, base, length)))
        return sks_fail_memory (r->err);
    for (size_t from = 0; !code && from < size;) {
        const char *end = memchr (text + from, '\n', size - from);
        size_t to = end ? (size_t) (end - text) : size;
        r->line++;
        code = read_line (r, text + from, to - from);
        from = to + 1;
    }
    return code;
}

/* ------------------------------------------------------------------ ordering */

static uint32_t
first_stem (const struct reading *r, const sks_near_row *row)
{
    return r->words.word[row->word.words[0]].stem;
}

/* Insert a row among those of its stem, the longest words first. A row with equal words is replaced. */
static void
put_row (sks_near_row *rows, uint32_t first, uint32_t *end, const sks_near_row *row)
{
    uint32_t at = *end;
    for (uint32_t i = first; i < *end; i++)
        if (is_same_side (&rows[i].word, &row->word) && is_same_side (&rows[i].near, &row->near) &&
            rows[i].learned == row->learned) {
            rows[i] = *row;
            return;
        }
    for (; at > first && rows[at - 1].word.count < row->word.count; at--)
        rows[at] = rows[at - 1];
    rows[at] = *row;
    ++*end;
}

static int
sort_rows (struct reading *r)
{
    sks_near_words *t = r->out;
    uint32_t *starts = sks_arena_array (r->arena, t->stem_count + 2, sizeof *starts);
    uint32_t *ends = malloc ((t->stem_count + 1) * sizeof *ends);
    sks_near_row *rows = sks_arena_array (r->arena, t->row_count + 1, sizeof *rows);
    int code = starts && ends && rows ? 0 : sks_fail_memory (r->err);
    for (size_t i = 0; !code && i < t->row_count; i++)
        starts[first_stem (r, &r->rows[i]) + 1]++;
    for (size_t i = 0; !code && i < t->stem_count; i++) {
        if (starts[i + 1] > SKS_MAX_NEAR_OF_STEM)
            code =
                sks_fail (r->err, SKS_ELIMIT, "near words of \"%s\": more than %d", t->stems[i], SKS_MAX_NEAR_OF_STEM);
        starts[i + 1] += starts[i];
        ends[i] = starts[i];
    }
    for (size_t i = 0; !code && i < t->row_count; i++) {
        uint32_t stem = first_stem (r, &r->rows[i]);
        put_row (rows, starts[stem], &ends[stem], &r->rows[i]);
    }
    uint32_t count = 0;
    for (size_t i = 0; !code && i < t->stem_count; i++) {
        uint32_t size = ends[i] - starts[i];
        memmove (rows + count, rows + starts[i], size * sizeof *rows);
        starts[i] = count;
        count += size;
    }
    if (!code)
        starts[t->stem_count] = count;
    t->row_count = count;
    t->rows = rows;
    t->first_row = starts;
    free (ends);
    return code;
}

/* ------------------------------------------------------------------- files */

static int
read_file (struct reading *r, const char *path)
{
    char *text;
    size_t size;
    int code = sks_file_read (path, SKS_MAX_NEAR_BYTES, &text, &size, r->err);
    if (!code && size > SKS_MAX_NEAR_BYTES)
        code = sks_fail (r->err, SKS_ELIMIT, "%s: more than %d bytes", path, SKS_MAX_NEAR_BYTES);
    if (!code)
        code = read_text (r, path, text, size);
    free (text);
    return code;
}

static int
start (struct reading *r, sks_error *err)
{
    *r = (struct reading) { .err = err };
    r->arena = sks_arena_create ();
    r->out = r->arena ? sks_arena_alloc (r->arena, sizeof *r->out) : NULL;
    if (!r->out)
        return sks_fail_memory (err);
    r->out->memory = r->arena;
    return sks_thesaurus_words_open (&r->words, r->arena, err);
}

static int
end (struct reading *r, int code, sks_near_words **out)
{
    if (!code)
        code = sks_thesaurus_words_keep (&r->words, r->out, r->err);
    if (!code)
        code = sort_rows (r);
    sks_thesaurus_words_close (&r->words);
    free (r->rows);
    if (code && r->arena)
        sks_arena_destroy (&r->arena);
    *out = code ? NULL : r->out;
    return code;
}

int
sks_thesaurus_read (sks_near_words **out, const char *const *paths, size_t count, sks_error *err)
{
    struct reading r;
    int code = start (&r, err);
    for (size_t i = 0; !code && i < count; i++)
        code = read_file (&r, paths[i]);
    return end (&r, code, out);
}

int
sks_thesaurus_parse (sks_near_words **out, const char *name, const char *text, size_t size, sks_error *err)
{
    struct reading r;
    int code = start (&r, err);
    char *copy = code ? NULL : sks_arena_copy (r.arena, text, size);
    if (!code && !copy)
        code = sks_fail_memory (err);
    if (!code)
        code = read_text (&r, name, copy, size);
    return end (&r, code, out);
}

void
sks_thesaurus_free (sks_near_words **thesaurus_p)
{
    sks_near_words *thesaurus = *thesaurus_p;
    *thesaurus_p = NULL;
    if (!thesaurus)
        return;
    sks_arena *arena = thesaurus->memory;
    sks_arena_destroy (&arena);
}

uint32_t
sks_thesaurus_stem (const sks_near_words *thesaurus, const char *stem, size_t size)
{
    return sks_thesaurus_words_find (thesaurus, stem, size);
}
