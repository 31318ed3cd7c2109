/* analyze.c - describes the tree of a query. */
#include "nearness.h"
#include "operations.h"
#include "reading.h"
#include "search.h"

#include "core/base/text_list.h"

#include <stdlib.h>
#include <string.h>

/* A word of the text and its place in the tree. */
struct place {
    const sks_query_word *word;
    sks_node *node; /* NULL for a stop word that was left out */
    size_t index;   /* among the node's words */
};

struct analysis {
    sks_search *answer;
    sks_arena *arena; /* of the answer */
    struct place places[SKS_MAX_QUERY_WORDS];
    size_t count;
    const sks_query_word *unknown[SKS_MAX_QUERY_WORDS]; /* as a search lists them */
    size_t unknown_count;
};

/* ------------------------------------------------------------------- places */

static void
gather (struct analysis *a, sks_node *node)
{
    sks_node *leaf = sks_match_reading (node) == node ? node : node->other;
    for (size_t i = 0; i < leaf->word_count && a->count < SKS_MAX_QUERY_WORDS; i++)
        a->places[a->count++] = (struct place) { &leaf->words[i], leaf, i };
    for (size_t i = 0; i < node->child_count; i++)
        gather (a, node->children[i]);
}

static int
by_start (const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return (a->word->at > b->word->at) - (a->word->at < b->word->at);
}

static void
list_places (struct analysis *a)
{
    const sks_query_tree *tree = &a->answer->tree;
    gather (a, tree->root);
    for (size_t i = 0; i < tree->ignored_count && a->count < SKS_MAX_QUERY_WORDS; i++)
        a->places[a->count++] = (struct place) { &tree->ignored[i], NULL, 0 };
    qsort (a->places, a->count, sizeof *a->places, by_start);
}

/* -------------------------------------------------------------------- words */

static int
copy_text (struct analysis *a, const char *bytes, size_t size, const char **out)
{
    *out = sks_arena_copy (a->arena, bytes, size);
    return *out ? 0 : sks_fail_memory (a->answer->m.err);
}

/* The stem that a word is searched by: that of the index, or what it would be there. */
static int
copy_stem (struct analysis *a, const sks_query_word *word, const sks_matcher *matcher, const char **out)
{
    const sks_matching *m = &a->answer->m;
    char bytes[SKS_MAX_WORD_BYTES];
    size_t size;
    if (matcher && matcher->stem != SKS_NONE) {
        const sks_stem *stem = &m->store->stem[matcher->stem];
        return copy_text (a, m->store->strings + stem->text, stem->size, out);
    }
    int code = sks_stemmer_stem (m->stemmer, word->form, word->size, bytes, sizeof bytes, &size, m->err);
    return code ? code : copy_text (a, bytes, size, out);
}

static int
fill_stem (struct analysis *a, const struct place *place, sks_read_word *out)
{
    const sks_matcher *matcher = place->node ? &place->node->matchers[place->index] : NULL;
    return out->stop || place->word->prefix ? 0 : copy_stem (a, place->word, matcher, &out->stem);
}

static int
fill_expansions (struct analysis *a, const sks_matcher *matcher, sks_read_word *out)
{
    const sks_store *store = a->answer->m.store;
    const char **list = sks_arena_array (a->arena, matcher->end - matcher->first + (size_t) 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (a->answer->m.err);
    for (uint32_t i = matcher->first; !code && i < matcher->end; i++)
        if (sks_matcher_takes_form (matcher, store, i))
            code =
                copy_text (a, store->strings + store->form[i].text, store->form[i].size, &list[out->expansion_count++]);
    out->expansions = list;
    return code;
}

static uint64_t
count_form (const sks_store *store, uint32_t form)
{
    return form == SKS_NONE ? 0 : store->form[form].statements;
}

/* Count the statements that contain a word: in its field, or anywhere if it is part of a phrase. */
static int
fill_count (struct analysis *a, const struct place *place, sks_read_word *out)
{
    sks_matching *m = &a->answer->m;
    sks_set set;
    if (place->node && place->node->kind == SKS_NODE_WORD) {
        if (a->answer->count_node)
            return a->answer->count_node (a->answer, place->node, &out->count);
        int code = sks_match_set (m, place->node, SKS_AMOUNT_ALL, &set);
        if (!code)
            out->count = set.count;
        return code;
    }
    const sks_matcher *matcher = place->node ? &place->node->matchers[place->index] : NULL;
    if (matcher && matcher->stem != SKS_NONE)
        out->count = m->store->stem[matcher->stem].statements;
    else
        out->count = count_form (m->store, sks_snapshot_form (m->snapshot, place->word->form, place->word->size));
    return 0;
}

static bool
is_unknown (const struct analysis *a, const sks_query_word *word)
{
    for (size_t i = 0; i < a->unknown_count; i++)
        if (a->unknown[i] == word)
            return true;
    return false;
}

static int
fill_word (struct analysis *a, const struct place *place, sks_read_word *out)
{
    const sks_query_word *word = place->word;
    *out = (sks_read_word) { .start = (uint32_t) word->at, .end = (uint32_t) word->end };
    out->stop = !place->node || (!word->prefix && !word->capitals && sks_text_stop_word (word->form, word->size));
    int code = copy_text (a, word->form, word->size, &out->form);
    if (!code)
        code = fill_stem (a, place, out);
    if (!code && word->prefix && place->node)
        code = fill_expansions (a, &place->node->matchers[place->index], out);
    if (!code)
        code = fill_count (a, place, out);
    out->known = !is_unknown (a, word);
    return code;
}

static int
fill_words (struct analysis *a, sks_analysis *out)
{
    sks_read_word *words = sks_arena_array (a->arena, a->count + 1, sizeof *words);
    int code = words ? 0 : sks_fail_memory (a->answer->m.err);
    for (size_t i = 0; !code && i < a->count; i++)
        code = fill_word (a, &a->places[i], &words[i]);
    out->words = words;
    out->word_count = a->count;
    return code;
}

/* --------------------------------------------------------------------- tree */

static uint32_t
index_of (const struct analysis *a, const sks_query_word *word)
{
    uint32_t i = 0;
    while (a->places[i].word != word)
        i++;
    return i;
}

static int
fill_node (struct analysis *a, const sks_node *node, sks_reading_node *out)
{
    static const char *const kinds[] = {
        [SKS_NODE_ALL] = "all",   [SKS_NODE_WORD] = "word",   [SKS_NODE_PHRASE] = "phrase",
        [SKS_NODE_NEAR] = "near", [SKS_NODE_VALUE] = "value", [SKS_NODE_BAG] = "bag",
        [SKS_NODE_AND] = "and",   [SKS_NODE_OR] = "or",       [SKS_NODE_NOT] = "not",
    };
    const sks_node *leaf = sks_match_reading (node);
    uint32_t *words = sks_arena_array (a->arena, leaf->word_count + 1, sizeof *words);
    sks_reading_node *children = sks_arena_array (a->arena, node->child_count + 1, sizeof *children);
    if (!words || !children)
        return sks_fail_memory (a->answer->m.err);
    *out = (sks_reading_node) { .kind = kinds[node->kind],
                                .start = (uint32_t) node->at,
                                .end = (uint32_t) node->end,
                                .field = node->field == SKS_FIELD_TEXT ? NULL : sks_schema_field_name (node->field),
                                .distance = node->distance,
                                .exact = node->exact,
                                .words = words,
                                .word_count = leaf->word_count,
                                .children = children,
                                .child_count = node->child_count };
    int code = node->value ? copy_text (a, node->value, strlen (node->value), &out->value) : 0;
    for (size_t i = 0; i < leaf->word_count; i++)
        words[i] = index_of (a, &leaf->words[i]);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = fill_node (a, node->children[i], &children[i]);
    return code;
}

/* -------------------------------------------------------------- other words */

static size_t
count_other (const sks_node *node)
{
    size_t count = node->other != NULL;
    for (size_t i = 0; i < node->child_count; i++)
        count += count_other (node->children[i]);
    return count;
}

/* The reading of a node that is not listed for it. */
static int
fill_other_words (struct analysis *a, const sks_node *node, sks_other_words *out)
{
    const sks_node *leaf = sks_match_reading (node) == node ? node->other : node;
    sks_other_word *words = sks_arena_array (a->arena, leaf->word_count + 1, sizeof *words);
    int code = words ? 0 : sks_fail_memory (a->answer->m.err);
    for (size_t i = 0; !code && i < leaf->word_count; i++) {
        const sks_query_word *word = &leaf->words[i];
        words[i] = (sks_other_word) { 0 };
        code = copy_text (a, word->form, word->size, &words[i].form);
        if (!code && !sks_text_stop_word (word->form, word->size))
            code = copy_stem (a, word, leaf->matchers ? &leaf->matchers[i] : NULL, &words[i].stem);
    }
    *out = (sks_other_words) {
        .start = (uint32_t) node->at, .end = (uint32_t) node->end, .words = words, .word_count = leaf->word_count
    };
    return code;
}

static int
gather_other (struct analysis *a, const sks_node *node, sks_other_words *list, size_t *count)
{
    int code = node->other ? fill_other_words (a, node, &list[(*count)++]) : 0;
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = gather_other (a, node->children[i], list, count);
    return code;
}

static int
fill_other (struct analysis *a, sks_analysis *out)
{
    const sks_node *root = a->answer->tree.root;
    sks_other_words *list = sks_arena_array (a->arena, count_other (root) + 1, sizeof *list);
    out->other = list;
    return list ? gather_other (a, root, list, &out->other_count) : sks_fail_memory (a->answer->m.err);
}

static int
fill_notes (struct analysis *a, sks_analysis *out)
{
    sks_notes *notes = &a->answer->tree.notes;
    sks_note *list = sks_arena_array (a->arena, notes->count + 1, sizeof *list);
    int code = list ? 0 : sks_fail_memory (a->answer->m.err);
    sks_notes_sort (notes);
    for (size_t i = 0; !code && i < notes->count; i++) {
        list[i] = notes->list[i];
        code = copy_text (a, notes->list[i].text, strlen (notes->list[i].text), &list[i].text);
    }
    out->notes = list;
    out->note_count = notes->count;
    return code;
}

static int
fill_reading (struct analysis *a, sks_analysis *out)
{
    sks_buffer reading = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES * 8);
    sks_reading_put (&reading, a->answer->tree.root, a->answer->amount);
    int code = sks_buffer_status (&reading, a->answer->m.err);
    if (!code)
        code = copy_text (a, reading.bytes, reading.size, &out->read_as);
    sks_buffer_free (&reading);
    return code;
}

int
sks_analyze_search (sks_search *search, sks_arena *arena, sks_analysis *out)
{
    struct analysis a = { .answer = search, .arena = arena };
    *out = (sks_analysis) { 0 };
    list_places (&a);
    int code = sks_match_unknown (&search->m, search->tree.root, a.unknown, &a.unknown_count);
    if (!code)
        code = fill_words (&a, out);
    if (!code)
        code = fill_node (&a, search->tree.root, &out->tree);
    if (!code)
        code = fill_other (&a, out);
    if (!code)
        code = fill_notes (&a, out);
    if (!code)
        code = fill_reading (&a, out);
    return code ? code : sks_budget_status (search->m.budget, search->m.err);
}

int
sks_searcher_analyze (sks_searcher *searcher, const char *text, int match, sks_arena *arena, sks_analysis *out,
                      sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    sks_search search = { .m = sks_searcher_matching (searcher, err), .query = &query };
    *out = (sks_analysis) { 0 };
    int code = sks_search_match (&search);
    if (!code)
        code = sks_analyze_search (&search, arena, out);
    if (!code)
        code = sks_search_rank (&search);
    if (!code && search.nearness)
        code = sks_nearness_list (search.nearness, true, arena, &out->near, &out->near_count, err);
    return code ? code : sks_budget_status (search.m.budget, err);
}
