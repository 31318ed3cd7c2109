/* spelling.c - unknown words -> near forms -> the corrected query. */
#include "spelling.h"

#include "core/base/buffer.h"
#include "near_terms.h"
#include "scanner.h"

#include <string.h>

/* One edit is possible from SKS_MIN_CORRECTED letters on, two from here on. */
#define TWO_EDIT_LETTERS 8

static bool
has_digit (const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] >= '0' && bytes[i] <= '9')
            return true;
    return false;
}

static bool
is_unknown (const sks_query_word *word, const sks_matcher *matcher)
{
    return !word->prefix && matcher->stem == SKS_NONE && matcher->form == SKS_NONE;
}

/* Find the field whose name is nearest to a word with a colon after it. Such a word is not corrected to a word of the
 * dictionary: "titel:" does not mean "tile". */
static void
find_field (const sks_query_tree *tree, struct sks_correction *c)
{
    const sks_query_word *word = c->word;
    unsigned best = c->edits * SKS_EDIT_COST;
    if (word->end >= tree->size || tree->text[word->end] != ':' || c->field != SKS_FIELD_TEXT)
        return;
    for (int field = SKS_FIELD_TEXT + 1; field < SKS_FIELDS; field++) {
        struct sks_spelled name;
        const char *text = sks_schema_field_name (field);
        sks_spelling_spell (&name, text, strlen (text));
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
add (const sks_query_tree *tree, const sks_query_word *word, int field, bool excluded, struct sks_corrections *list)
{
    struct sks_correction *c = &list->items[list->count];
    *c = (struct sks_correction) { .word = word,
                                   .field = field,
                                   .form = SKS_NONE,
                                   .alone = tree->root == tree->plain && tree->plain->child_count == 1,
                                   .excluded = excluded };
    sks_spelling_spell (&c->spelled, word->form, word->size);
    c->edits = c->spelled.size < SKS_MIN_CORRECTED ? 0 : c->spelled.size < TWO_EDIT_LETTERS ? 1 : 2;
    find_field (tree, c);
    list->count += c->edits && !has_digit (word->form, word->size) && (!c->heading || c->name);
}

/* Gather the unknown words below a node, in the order of the tree. */
static void
gather (const sks_query_tree *tree, const sks_node *node, bool excluded, struct sks_corrections *list)
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
drop_near (struct sks_corrections *list, const struct sks_nearness *nearness)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!nearness || !is_read_by_near_words (nearness, list->items[i].word))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* The end of a run of equal letters. */
static size_t
run_end (const struct sks_spelled *word, size_t start)
{
    size_t end = start;
    while (end < word->size && word->at[end] == word->at[start])
        end++;
    return end;
}

/* Whether only letters were swapped, doubled or not doubled. */
static bool
is_slip (const sks_store *store, const struct sks_correction *c)
{
    struct sks_spelled form;
    size_t i = 0, k = 0;
    if (c->split || c->name || c->cost < SKS_EDIT_COST)
        return !c->split;
    sks_spelling_spell (&form, store->strings + store->form[c->form].text, store->form[c->form].size);
    while (i < c->spelled.size && k < form.size && c->spelled.at[i] == form.at[k]) {
        i = run_end (&c->spelled, i);
        k = run_end (&form, k);
    }
    return i == c->spelled.size && k == form.size;
}

/* Whether a word is more likely one that no statement has than a misspelt one. */
static bool
is_doubtful (const sks_store *store, const struct sks_correction *c)
{
    return c->form != SKS_NONE && c->field == SKS_FIELD_TEXT && c->spelled.size == SKS_MIN_CORRECTED &&
           !is_slip (store, c) && (uint64_t) store->form[c->form].statements * SKS_COMMON_SHARE < store->statements;
}

/* Keep the words with a correction, in the order of the text, which may differ from that of the tree: a bag is at the
 * position of its first word. */
static void
keep_found (const sks_store *store, struct sks_corrections *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct sks_correction c = list->items[i];
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
required_finds (const sks_store *store, const struct sks_corrections *list)
{
    bool excluded = false, slips = true, likely = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct sks_correction *c = &list->items[i];
        bool slip = is_slip (store, c);
        excluded |= c->excluded;
        slips &= slip;
        likely |= slip || (!c->split && c->spelled.size > SKS_MIN_CORRECTED);
    }
    return excluded || slips ? SKS_FINDS_SOME : likely ? SKS_FINDS_MORE : SKS_FINDS_ALL_WORDS;
}

static void
put_correction (sks_buffer *out, const sks_store *store, const struct sks_correction *c)
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
is_stray (const sks_query_tree *tree, const char *text, const struct sks_correction *c, size_t at)
{
    bool before = at < c->word->at, free = before ? !at || is_blank (text, at - 1) : is_blank (text, at + 1);
    bool inches = !before && text[at - 1] >= '0' && text[at - 1] <= '9';
    return text[at] == '"' && tree->marks[at] != SKS_SIGN_QUOTE && free && !inches && !c->name;
}

/* Write the text with all corrections. */
static char *
rewrite (const sks_store *store, const struct sks_corrections *list, const sks_query_tree *tree, const char *text,
         sks_arena *arena)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES + SKS_MAX_CORRECTIONS * SKS_MAX_WORD_BYTES);
    size_t from = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct sks_correction *c = &list->items[i];
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
    struct sks_corrections list; /* large, so it is not zeroed */
    list.count = 0;
    *out = (sks_suggestion) { 0 };
    gather (tree, tree->root, false, &list);
    drop_near (&list, nearness);
    int code = list.count ? sks_spelling_search (m, &list) : 0;
    for (size_t i = 0; !code && i < list.count; i++)
        code = sks_spelling_split (m, &list.items[i]);
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
