/* spelling_search.c - all forms are examined. Most are ruled out by their length, and most others by letters that only
 * one of the two words has; the rest goes through a band of the edit matrix. */
#include "spelling_search.h"

#include "core/base/text_list.h"
#include "core/base/utf8.h"
#include "filler.h"
#include "leaf.h"

#include <string.h>

/* Penalties order forms that are equally near. Their sum is less than the difference between a swap and another
 * edit. */
#define OTHER_FIRST_LETTER 2
#define STOP_WORD 1

/* Statements that are checked for a word in their duty. */
#define DUTY_PROBES 4096

/* The cost of a distance, in units of a budget. */
#define DISTANCE_UNITS 128

/* Fewest letters of each part of a joined word. */
#define MIN_PART 3

/* More than any cost inside the band. */
#define UNREACHABLE (SKS_EDIT_COST * 4)

static inline unsigned
min (unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Fill one row of the matrix inside its band; returns the lowest cost in the row. */
static unsigned
fill_row (const uint32_t *a, size_t i, const uint32_t *b, size_t b_size, unsigned max, unsigned *const rows[3])
{
    unsigned *row = rows[0], best;
    const unsigned *above = rows[1], *before = rows[2];
    size_t first = i > max ? i - max : 1, last = i + max < b_size ? i + max : b_size;
    row[first - 1] = first == 1 ? (unsigned) i * SKS_EDIT_COST : UNREACHABLE;
    best = row[first - 1];
    for (size_t j = first; j <= last; j++) {
        /* The row above is filled up to this column, which the analyser cannot see.
         * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        unsigned cost = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : SKS_EDIT_COST);
        cost = min (cost, min (above[j], row[j - 1]) + SKS_EDIT_COST);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            cost = min (cost, before[j - 2] + SKS_SWAP_COST);
        row[j] = cost;
        best = min (best, cost);
    }
    if (last < b_size)
        row[last + 1] = UNREACHABLE;
    return best;
}

unsigned
sks_spelling_distance (const uint32_t *a, size_t a_size, const uint32_t *b, size_t b_size, unsigned max)
{
    unsigned limit = max * SKS_EDIT_COST, matrix[3][SKS_MAX_WORD_BYTES + 2];
    unsigned *rows[3] = { matrix[0], matrix[1], matrix[2] };
    if (a_size > b_size + max || b_size > a_size + max)
        return limit + SKS_EDIT_COST;
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = j <= max ? (unsigned) j * SKS_EDIT_COST : UNREACHABLE;
    for (size_t i = 1; i <= a_size; i++) {
        unsigned *oldest = rows[2];
        rows[2] = rows[1];
        rows[1] = rows[0];
        rows[0] = oldest;
        /* A swap skips a row, but saves less than one edit costs, so a later row cannot get below the limit again. */
        if (fill_row (a, i, b, b_size, max, rows) > limit)
            return limit + SKS_EDIT_COST;
    }
    /* The last row ends at b_size. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    return rows[0][b_size] > limit ? limit + SKS_EDIT_COST : rows[0][b_size];
}

void
sks_spelling_spell (struct sks_spelled *out, const char *bytes, size_t size)
{
    const char *at = bytes, *end = at + size;
    out->size = 0;
    out->letters = 0;
    while (at < end) {
        uint32_t character = sks_utf8_next (&at);
        out->at[out->size++] = character;
        out->letters |= (uint64_t) 1 << (character & 63);
    }
}

/* Of letters_of, for other than ASCII: with this large variable, gcc does not inline it into the walk over all forms. */
static uint64_t
letters_of_wide (const char *bytes, size_t size, size_t max)
{
    struct sks_spelled spelled;
    sks_spelling_spell (&spelled, bytes, size);
    return spelled.size <= max ? spelled.letters : 0;
}

/* The bits of a form's characters; 0 if it is not suggested, because it has a digit or more than `max` letters. */
static inline uint64_t
letters_of (const char *bytes, size_t size, size_t max)
{
    uint64_t letters = 0;
    unsigned all = 0;
    bool digit = false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) bytes[i];
        all |= c;
        digit |= c < 'A';
        letters |= (uint64_t) 1 << (c & 63);
    }
    if (digit)
        return 0;
    if (all < 0x80)
        return size <= max ? letters : 0;
    return letters_of_wide (bytes, size, max);
}

/* Whether two words may be near: an edit removes at most one letter and adds at most one. */
static inline bool
may_be_near (uint64_t a, uint64_t b, unsigned edits)
{
    return (unsigned) __builtin_popcountll (a & ~b) <= edits && (unsigned) __builtin_popcountll (b & ~a) <= edits;
}

/* ------------------------------------------------------------------- fields */

static bool
duty_has (sks_matching *m, uint32_t statement, uint32_t form)
{
    if (sks_budget_spend (m->budget, sks_store_tokens (m->store, statement)))
        return false;
    sks_words_read (m->words, m->store, statement);
    for (uint32_t i = 0; i < m->words->duty; i++)
        if (m->words->form[i] == form)
            return true;
    return false;
}

static int
occurs_in_duty (sks_matching *m, uint32_t form, bool *out)
{
    const sks_postings *postings;
    sks_postings_run run = { 0 };
    uint32_t stem = m->store->form[form].stem;
    if (m->in_duty)
        return m->in_duty (m, form, out);
    int code = sks_cache_postings (m->cache, m->lists, stem, m->arena, &postings, m->err);
    *out = false;
    for (uint32_t i = 0; !code && !*out && i < postings->count && i < DUTY_PROBES; i++)
        *out = duty_has (m, sks_postings_statement (postings, m->store, &run, i), form);
    return code;
}

/* Whether a form occurs in the field. Stop words have no stem, so their occurrences in duties and titles cannot be
 * found. */
static int
occurs_in (sks_matching *m, int field, uint32_t form, bool *out)
{
    const sks_form *row = &m->store->form[form];
    *out = row->statements > 0 && !row->joined;
    if (field == SKS_FIELD_TITLE)
        *out = row->stem != SKS_NONE && row->joined != SKS_FORM_ABSENT &&
               sks_title_stems_count (&m->snapshot->titles, row->stem);
    else if (*out && field == SKS_FIELD_DUTY) {
        *out = row->stem != SKS_NONE;
        return *out ? occurs_in_duty (m, form, out) : 0;
    }
    return 0;
}

/* ------------------------------------------------------------------- search */

/* Add the penalties of a form to its cost. */
static unsigned
penalised (const sks_store *store, const struct sks_correction *c, const struct sks_spelled *spelled, uint32_t form,
           unsigned cost)
{
    return cost + (c->spelled.at[0] == spelled->at[0] ? 0 : OTHER_FIRST_LETTER) +
           (store->form[form].stop ? STOP_WORD : 0);
}

/* Whether a form at this cost is better than the best so far; forms are tried in byte order. */
static bool
is_better (const sks_store *store, const struct sks_correction *c, uint32_t form, unsigned cost)
{
    if (c->form == SKS_NONE || cost != c->cost)
        return c->form == SKS_NONE || cost < c->cost;
    return store->form[form].statements > store->form[c->form].statements;
}

/* Whether the query would leave a form out, beside other words. Such a form is a correction only if letters were
 * swapped: "thier" is "their", but "hate" is not "have". */
static bool
is_left_out (const sks_store *store, const struct sks_correction *c, uint32_t form, unsigned cost)
{
    const sks_form *row = &store->form[form];
    return cost % SKS_SWAP_COST && c->field == SKS_FIELD_TEXT && !c->alone &&
           (row->stop || sks_filler (store->strings + row->text, row->size));
}

static int
try_form (sks_matching *m, struct sks_correction *c, uint32_t form)
{
    const sks_form *row = &m->store->form[form];
    const struct sks_spelled *word = &c->spelled;
    struct sks_spelled spelled;
    sks_budget_spend (m->budget, DISTANCE_UNITS);
    sks_spelling_spell (&spelled, m->store->strings + row->text, row->size);
    if (!spelled.size)
        return 0;
    unsigned cost = sks_spelling_distance (word->at, word->size, spelled.at, spelled.size, c->edits);
    if (cost > c->edits * SKS_EDIT_COST || is_left_out (m->store, c, form, cost))
        return 0;
    bool occurs;
    cost = penalised (m->store, c, &spelled, form, cost);
    if (!is_better (m->store, c, form, cost))
        return 0;
    int code = occurs_in (m, c->field, form, &occurs);
    if (!code && occurs) {
        c->form = form;
        c->cost = cost;
    }
    return code;
}

/* The fewest and the most letters that a correction may have. */
static void
measure (const struct sks_corrections *list, size_t *shortest, size_t *longest)
{
    *shortest = SKS_MAX_WORD_BYTES;
    *longest = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct sks_correction *c = &list->items[i];
        if (c->spelled.size - c->edits < *shortest)
            *shortest = c->spelled.size - c->edits;
        if (c->spelled.size + c->edits > *longest)
            *longest = c->spelled.size + c->edits;
    }
}

int
sks_spelling_search (sks_matching *m, struct sks_corrections *list)
{
    const sks_store *store = m->store;
    size_t shortest, longest;
    int code = 0;
    measure (list, &shortest, &longest);
    for (uint32_t form = 0; !code && form < store->forms; form++) {
        if (sks_budget_spend (m->budget, list->count + 1))
            return sks_budget_status (m->budget, m->err);
        const sks_form *row = &store->form[form];
        uint64_t letters = row->size < shortest ? 0 : letters_of (store->strings + row->text, row->size, longest);
        for (size_t i = 0; !code && letters && i < list->count; i++)
            if (!list->items[i].heading && may_be_near (list->items[i].spelled.letters, letters, list->items[i].edits))
                code = try_form (m, &list->items[i], form);
    }
    return code;
}

/* ------------------------------------------------------------- joined words */

/* Count the statements with a form of a word's stem. */
static int
count_word (sks_matching *m, const char *form, size_t size, uint32_t *out)
{
    const sks_query_word word = { .form = form, .size = size };
    sks_matcher matcher;
    int code = sks_leaf_word (m, &word, false, &matcher);
    *out = 0;
    if (!code && matcher.stem != SKS_NONE)
        *out = m->store->stem[matcher.stem].statements;
    else if (!code && matcher.first < matcher.end)
        *out = m->store->form[matcher.first].statements;
    return code;
}

/* The same; if there are none, for the verb of a noun in -er: "drive" for "drivers". 0 for stop words and fillers:
 * "forget" is not "for get". */
static int
count_part (sks_matching *m, const char *form, size_t size, uint32_t *out)
{
    *out = 0;
    if (sks_text_stop_word (form, size) || sks_filler (form, size))
        return 0;
    int code = count_word (m, form, size, out);
    size_t base = size - (size > 1 && form[size - 1] == 's');
    if (code || *out || base < SKS_MIN_CORRECTED + 1 || memcmp (form + base - 2, "er", 2) != 0)
        return code;
    code = count_word (m, form, base - 1, out);
    return code || *out ? code : count_word (m, form, base - 2, out);
}

/* How many statements have the correction in any form; 0 without one. */
static uint32_t
count_correction (const sks_store *store, const struct sks_correction *c)
{
    if (c->form == SKS_NONE)
        return 0;
    const sks_form *row = &store->form[c->form];
    return row->stem == SKS_NONE ? row->statements : store->stem[row->stem].statements;
}

int
sks_spelling_split (sks_matching *m, struct sks_correction *c)
{
    const sks_query_word *word = c->word;
    uint32_t best = count_correction (m->store, c), counts[2];
    if (c->heading || c->field != SKS_FIELD_TEXT || (c->form != SKS_NONE && c->cost < SKS_EDIT_COST * 3 / 2))
        return 0;
    for (size_t at = MIN_PART; at + MIN_PART <= word->size; at++) {
        if (sks_utf8_start (word->form, at) != at)
            continue;
        int code = count_part (m, word->form, at, &counts[0]);
        if (!code && counts[0])
            code = count_part (m, word->form + at, word->size - at, &counts[1]);
        if (code)
            return code;
        uint32_t rarer = !counts[0] || counts[0] < counts[1] ? counts[0] : counts[1];
        if (rarer > best) {
            best = rarer;
            c->split = at;
        }
    }
    return 0;
}
