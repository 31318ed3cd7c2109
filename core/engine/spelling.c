/* spelling.c - unknown words -> near forms -> the corrected query.
 *
 * All forms are examined. Most are ruled out by their length, and most others by letters that only one of the two
 * words has; the rest goes through a band of the edit matrix. */
#include "spelling.h"

#include "core/base/buffer.h"
#include "core/base/text_list.h"
#include "core/base/utf8.h"
#include "filler.h"
#include "leaf.h"
#include "near_terms.h"
#include "scanner.h"

#include <string.h>

/* One edit is possible from 4 letters on, two from 8 on. */
#define MIN_LETTERS 4
#define TWO_EDIT_LETTERS 8

/* Penalties order forms that are equally near. Their sum is less than the difference between a swap and another
 * edit. */
#define OTHER_FIRST_LETTER 2
#define STOP_WORD 1
#define UNREACHABLE (SKS_EDIT_COST * 4)

/* Statements that are checked for a word in their duty. */
#define DUTY_PROBES 4096

/* The cost of a distance, in units of a budget. */
#define DISTANCE_UNITS 128

/* Fewest letters of each part of a joined word. */
#define MIN_PART 3

/* A word as characters, with a bit for each character in it. */
struct spelled {
    uint32_t at[SKS_MAX_WORD_BYTES];
    size_t size;
    uint64_t letters;
};

/* An unknown word and its best correction so far. */
struct correction {
    const sks_query_word *word;
    int field;
    struct spelled spelled;
    unsigned edits, cost;
    uint32_t form;    /* SKS_NONE: none yet */
    size_t split;     /* bytes of the first word, if two were written as one; else 0 */
    bool alone;       /* it is the complete query */
    bool excluded;    /* it is below NOT */
    bool heading;     /* a colon follows, and the word is, or is near to, the name of a field */
    const char *name; /* of that field; NULL if the word is such a name */
};

struct corrections {
    struct correction items[SKS_MAX_CORRECTIONS];
    size_t count;
};

/* ---------------------------------------------------------------- distance */

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

/* ---------------------------------------------------------------- spelling */

static void
spell (struct spelled *out, const char *bytes, size_t size)
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

static bool
has_digit (const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] >= '0' && bytes[i] <= '9')
            return true;
    return false;
}

/* The bits of a form's characters; 0 if it is not suggested, because it has a digit or more than `max` letters. */
static uint64_t
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
    struct spelled spelled;
    spell (&spelled, bytes, size);
    return spelled.size <= max ? spelled.letters : 0;
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
penalised (const sks_store *store, const struct correction *c, const struct spelled *spelled, uint32_t form,
           unsigned cost)
{
    return cost + (c->spelled.at[0] == spelled->at[0] ? 0 : OTHER_FIRST_LETTER) +
           (store->form[form].stop ? STOP_WORD : 0);
}

/* Whether a form at this cost is better than the best so far; forms are tried in byte order. */
static bool
is_better (const sks_store *store, const struct correction *c, uint32_t form, unsigned cost)
{
    if (c->form == SKS_NONE || cost != c->cost)
        return c->form == SKS_NONE || cost < c->cost;
    return store->form[form].statements > store->form[c->form].statements;
}

/* Whether the query would leave a form out, beside other words. Such a form is a correction only if letters were
 * swapped: "thier" is "their", but "hate" is not "have". */
static bool
is_left_out (const sks_store *store, const struct correction *c, uint32_t form, unsigned cost)
{
    const sks_form *row = &store->form[form];
    return cost % SKS_SWAP_COST && c->field == SKS_FIELD_TEXT && !c->alone &&
           (row->stop || sks_filler (store->strings + row->text, row->size));
}

static int
try_form (sks_matching *m, struct correction *c, uint32_t form)
{
    const sks_form *row = &m->store->form[form];
    const struct spelled *word = &c->spelled;
    struct spelled spelled;
    sks_budget_spend (m->budget, DISTANCE_UNITS);
    spell (&spelled, m->store->strings + row->text, row->size);
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
measure (const struct corrections *list, size_t *shortest, size_t *longest)
{
    *shortest = SKS_MAX_WORD_BYTES;
    *longest = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct correction *c = &list->items[i];
        if (c->spelled.size - c->edits < *shortest)
            *shortest = c->spelled.size - c->edits;
        if (c->spelled.size + c->edits > *longest)
            *longest = c->spelled.size + c->edits;
    }
}

/* Try all forms for all unknown words, in one walk. */
static int
search_forms (sks_matching *m, struct corrections *list)
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
    if (code || *out || base < MIN_LETTERS + 1 || memcmp (form + base - 2, "er", 2) != 0)
        return code;
    code = count_word (m, form, base - 1, out);
    return code || *out ? code : count_word (m, form, base - 2, out);
}

/* How many statements have the correction in any form; 0 without one. */
static uint32_t
count_correction (const sks_store *store, const struct correction *c)
{
    if (c->form == SKS_NONE)
        return 0;
    const sks_form *row = &store->form[c->form];
    return row->stem == SKS_NONE ? row->statements : store->stem[row->stem].statements;
}

/* Split a word that has no correction, or only a distant one, at the position where the rarer part is most common. A
 * correction that is as common as that part stays: "softwear" is "software", not "soft wear". */
static int
try_split (sks_matching *m, struct correction *c)
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

/* -------------------------------------------------------------- the query */

static bool
is_unknown (const sks_query_word *word, const sks_matcher *matcher)
{
    return !word->prefix && matcher->stem == SKS_NONE && matcher->form == SKS_NONE;
}

/* Find the field whose name is nearest to a word with a colon after it. Such a word is not corrected to a word of the
 * dictionary: "titel:" does not mean "tile". */
static void
find_field (const sks_query_tree *tree, struct correction *c)
{
    const sks_query_word *word = c->word;
    unsigned best = c->edits * SKS_EDIT_COST;
    if (word->end >= tree->size || tree->text[word->end] != ':' || c->field != SKS_FIELD_TEXT)
        return;
    for (int field = SKS_FIELD_TEXT + 1; field < SKS_FIELDS; field++) {
        struct spelled name;
        const char *text = sks_schema_field_name (field);
        spell (&name, text, strlen (text));
        unsigned cost = sks_spelling_distance (c->spelled.at, c->spelled.size, name.at, name.size, c->edits);
        if (cost > best)
            continue;
        best = cost;
        c->heading = true;
        c->name = text;
    }
    if (sks_schema_field_of (tree->text + word->at, word->end - word->at) >= 0) {
        c->heading = true;
        c->name = NULL;
    }
}

static void
add (const sks_query_tree *tree, const sks_query_word *word, int field, bool excluded, struct corrections *list)
{
    struct correction *c = &list->items[list->count];
    *c = (struct correction) { .word = word,
                               .field = field,
                               .form = SKS_NONE,
                               .alone = tree->root == tree->plain && tree->plain->child_count == 1,
                               .excluded = excluded };
    spell (&c->spelled, word->form, word->size);
    c->edits = c->spelled.size < MIN_LETTERS ? 0 : c->spelled.size < TWO_EDIT_LETTERS ? 1 : 2;
    find_field (tree, c);
    list->count += c->edits && !has_digit (word->form, word->size) && (!c->heading || c->name);
}

/* Gather the unknown words below a node, in the order of the tree. */
static void
gather (const sks_query_tree *tree, const sks_node *node, bool excluded, struct corrections *list)
{
    /* A compound that is not found is corrected piece by piece. */
    const sks_node *word = node->other && sks_node_is_split (node) ? node->other : node;
    bool whole = word != node || !node->other;
    excluded |= node->kind == SKS_NODE_NOT;
    for (size_t i = 0; node->kind == SKS_NODE_WORD && !node->exact && whole && i < word->word_count; i++)
        if (list->count < SKS_MAX_CORRECTIONS && is_unknown (&word->words[i], &word->matchers[i]))
            add (tree, &word->words[i], node->field, excluded, list);
    for (size_t i = 0; i < node->child_count; i++)
        gather (tree, node->children[i], excluded, list);
}

static bool
is_read_by_near_words (const struct sks_nearness *n, const sks_query_word *word)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct sks_near_group *group = &n->groups[n->terms[i].group];
        if (word->at >= group->at && word->at < group->end && sks_near_of_unknown (n, &n->terms[i]))
            return true;
    }
    return false;
}

/* Drop words that are read as their near words: they need no correction. */
static void
drop_near (struct corrections *list, const struct sks_nearness *nearness)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!nearness || !is_read_by_near_words (nearness, list->items[i].word))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* The end of a run of equal letters. */
static size_t
run_end (const struct spelled *word, size_t start)
{
    size_t end = start;
    while (end < word->size && word->at[end] == word->at[start])
        end++;
    return end;
}

/* Whether only letters were swapped, doubled or not doubled. */
static bool
is_slip (const sks_store *store, const struct correction *c)
{
    struct spelled form;
    size_t i = 0, k = 0;
    if (c->split || c->name || c->cost < SKS_EDIT_COST)
        return !c->split;
    spell (&form, store->strings + store->form[c->form].text, store->form[c->form].size);
    while (i < c->spelled.size && k < form.size && c->spelled.at[i] == form.at[k]) {
        i = run_end (&c->spelled, i);
        k = run_end (&form, k);
    }
    return i == c->spelled.size && k == form.size;
}

/* Whether a word is more likely one that no statement has than a misspelt one. */
static bool
is_doubtful (const sks_store *store, const struct correction *c)
{
    return c->form != SKS_NONE && c->field == SKS_FIELD_TEXT && c->spelled.size == MIN_LETTERS && !is_slip (store, c) &&
           (uint64_t) store->form[c->form].statements * SKS_COMMON_SHARE < store->statements;
}

/* Keep the words with a correction, in the order of the text, which may differ from that of the tree: a bag is at the
 * position of its first word. */
static void
keep_found (const sks_store *store, struct corrections *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct correction c = list->items[i];
        size_t at = kept;
        if ((c.form == SKS_NONE && !c.split && !c.name) || is_doubtful (store, &c))
            continue;
        for (; at && list->items[at - 1].word->at > c.word->at; at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = c;
        kept++;
    }
    list->count = kept;
}

static enum sks_corrected_finds
required_finds (const sks_store *store, const struct corrections *list)
{
    bool excluded = false, slips = true, likely = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct correction *c = &list->items[i];
        bool slip = is_slip (store, c);
        excluded |= c->excluded;
        slips &= slip;
        likely |= slip || (!c->split && c->spelled.size > MIN_LETTERS);
    }
    return excluded || slips ? SKS_FINDS_SOME : likely ? SKS_FINDS_MORE : SKS_FINDS_ALL_WORDS;
}

static void
put_correction (sks_buffer *out, const sks_store *store, const struct correction *c)
{
    if (c->name) {
        sks_buffer_puts (out, c->name);
        return;
    }
    if (!c->split) {
        sks_buffer_add (out, store->strings + store->form[c->form].text, store->form[c->form].size);
        return;
    }
    sks_buffer_add (out, c->word->form, c->split);
    sks_buffer_putc (out, ' ');
    sks_buffer_add (out, c->word->form + c->split, c->word->size - c->split);
}

static bool
is_blank (const char *text, size_t at)
{
    return (unsigned char) text[at] <= ' '; /* the end of the text, too */
}

/* Whether a quotation mark that belongs to no phrase is directly before or after a corrected word, and on its other side
 * there is nothing. A suggestion is shown without it, because it would look as if it enclosed the suggestion. Any other
 * mark stays: without it, what follows could be syntax, or two words could become one. Inches stay. */
static bool
is_stray (const sks_query_tree *tree, const char *text, const struct correction *c, size_t at)
{
    bool before = at < c->word->at, free = before ? !at || is_blank (text, at - 1) : is_blank (text, at + 1);
    bool inches = !before && text[at - 1] >= '0' && text[at - 1] <= '9';
    return text[at] == '"' && tree->marks[at] != SKS_SIGN_QUOTE && free && !inches && !c->name;
}

/* Write the text with all corrections. */
static char *
rewrite (const sks_store *store, const struct corrections *list, const sks_query_tree *tree, const char *text,
         sks_arena *arena)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES + SKS_MAX_CORRECTIONS * SKS_MAX_WORD_BYTES);
    size_t from = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct correction *c = &list->items[i];
        size_t at = c->word->at, end = c->word->end;
        at -= at > from && is_stray (tree, text, c, at - 1);
        end += text[end] && is_stray (tree, text, c, end);
        sks_buffer_add (&out, text + from, at - from);
        put_correction (&out, store, c);
        from = end;
    }
    sks_buffer_puts (&out, text + from);
    char *copy = sks_buffer_status (&out, NULL) ? NULL : sks_arena_copy (arena, out.bytes, out.size);
    sks_buffer_free (&out);
    return copy;
}

int
sks_spelling_correct (sks_suggestion *out, sks_matching *m, const sks_query_tree *tree,
                      const struct sks_nearness *nearness, const char *text, sks_arena *arena,
                      enum sks_corrected_finds *finds)
{
    struct corrections list; /* large, so it is not zeroed */
    list.count = 0;
    *out = (sks_suggestion) { 0 };
    gather (tree, tree->root, false, &list);
    drop_near (&list, nearness);
    int code = list.count ? search_forms (m, &list) : 0;
    for (size_t i = 0; !code && i < list.count; i++)
        code = try_split (m, &list.items[i]);
    keep_found (m->store, &list);
    if (code || !list.count)
        return code;
    *finds = required_finds (m->store, &list);
    const sks_query_word *first = list.items[0].word;
    sks_buffer replacement = SKS_BUFFER_INIT (2 * SKS_MAX_WORD_BYTES);
    put_correction (&replacement, m->store, &list.items[0]);
    const char *bytes = sks_buffer_text (&replacement);
    *out = (sks_suggestion) { .word = sks_arena_copy (arena, text + first->at, first->end - first->at),
                              .replacement = bytes ? sks_arena_copy (arena, bytes, replacement.size) : NULL,
                              .query = rewrite (m->store, &list, tree, text, arena) };
    sks_buffer_free (&replacement);
    return out->word && out->replacement && out->query ? 0 : sks_fail_memory (m->err);
}
