/* bag.c - collects words, removes repeated ones, and keeps the most distinctive. */
#include "bag.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "filler.h"
#include "leaf.h"
#include "rank.h"

#include <stdlib.h>
#include <string.h>

/* A word that is not a stop word. */
struct found {
    const char *form; /* folded */
    size_t size;
    uint32_t stem; /* SKS_NONE: no statement holds it */
    uint32_t weight;
    uint32_t start, end; /* bytes of the text */
    uint32_t order;      /* among the words found */
    uint32_t child;
};

struct list {
    struct found *words;
    uint32_t count;
};

/* ---------------------------------------------------------------- gathering */

static int
add (sks_matching *m, struct list *list, const char *form, size_t size, uint32_t stem, sks_word at)
{
    const sks_store *store = m->store;
    uint32_t holding = stem == SKS_NONE ? 0 : store->stem[stem].statements;
    float idf = sks_rank_idf (store->collected, holding ? holding : 1);
    struct found *word = &list->words[list->count];
    *word = (struct found) { .form = sks_arena_copy (m->arena, form, size),
                             .size = size,
                             .stem = stem,
                             .weight = (uint32_t) (idf * SKS_BAG_UNIT),
                             .start = (uint32_t) at.start,
                             .end = (uint32_t) at.end,
                             .order = list->count++,
                             .child = SKS_NONE };
    return word->form ? 0 : sks_fail_memory (m->err);
}

static int
make_room (sks_matching *m, struct list *list, size_t room)
{
    list->words = sks_arena_array (m->arena, room + 1, sizeof *list->words);
    return list->words ? 0 : sks_fail_memory (m->err);
}

static int
gather_statement (sks_matching *m, uint32_t statement, struct list *list)
{
    const sks_store *store = m->store;
    sks_words_read (m->words, store, statement);
    int code = make_room (m, list, m->words->count);
    for (uint32_t i = 0; !code && i < m->words->count; i++) {
        const sks_form *form = &store->form[m->words->form[i]];
        sks_word at = { m->words->start[i], m->words->end[i] };
        if (!form->stop)
            code = add (m, list, store->strings + form->text, form->size, form->stem, at);
    }
    return code;
}

/* Gather the words of a text; fillers only on request, when there are no other words. */
static int
gather_text (sks_matching *m, const char *text, size_t start, size_t end, bool fillers, struct list *list)
{
    const sks_store *store = m->store;
    sks_word at = { start, start };
    int code = make_room (m, list, (end - start) / 2 + 1);
    while (!code && sks_text_word (text, end, at.end, &at)) {
        char form[SKS_MAX_WORD_BYTES];
        size_t size = sks_text_fold (text + at.start, at.end - at.start, form);
        if (!size || sks_text_stop_word (form, size) || (!fillers && sks_filler (form, size)))
            continue;
        uint32_t known = sks_snapshot_form (m->snapshot, form, size), stem;
        if (known != SKS_NONE)
            stem = store->form[known].stem;
        else
            code = sks_leaf_stem (m, form, size, &stem);
        if (!code)
            code = add (m, list, form, size, stem, at);
    }
    return code;
}

/* ----------------------------------------------------------------- choosing */

static int
compare_word (const struct found *a, const struct found *b)
{
    if (a->stem != b->stem)
        return a->stem < b->stem ? -1 : 1;
    return a->stem == SKS_NONE ? strcmp (a->form, b->form) : 0;
}

static int
by_word (const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = compare_word (a, b);
    return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static int
heaviest_first (const void *left, const void *right)
{
    const struct found *a = *(struct found *const *) left, *b = *(struct found *const *) right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int
in_order (const void *left, const void *right)
{
    const struct found *a = *(struct found *const *) left, *b = *(struct found *const *) right;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Sort the words by stem and pick the heaviest distinct ones, in the order of the text. Words equal to a picked one
 * get its index as `child`. */
static int
choose (sks_matching *m, struct list *list, size_t max, struct found ***out, size_t *count)
{
    struct found **chosen = sks_arena_array (m->arena, list->count + (size_t) 1, sizeof *chosen);
    size_t distinct = 0;
    if (!chosen)
        return sks_fail_memory (m->err);
    qsort (list->words, list->count, sizeof *list->words, by_word);
    for (uint32_t i = 0; i < list->count; i++)
        if (!i || compare_word (&list->words[i - 1], &list->words[i]) != 0)
            chosen[distinct++] = &list->words[i];
    qsort (chosen, distinct, sizeof *chosen, heaviest_first);
    *count = distinct < max ? distinct : max;
    qsort (chosen, *count, sizeof *chosen, in_order);
    for (size_t i = 0; i < *count; i++)
        chosen[i]->child = (uint32_t) i;
    for (uint32_t i = 1; i < list->count; i++)
        if (compare_word (&list->words[i - 1], &list->words[i]) == 0)
            list->words[i].child = list->words[i - 1].child;
    *out = chosen;
    return 0;
}

/* ----------------------------------------------------------------- building */

static sks_node *
make_leaf (sks_arena *arena, const struct found *found)
{
    sks_node *leaf = sks_arena_alloc (arena, sizeof *leaf);
    sks_query_word *word = sks_arena_alloc (arena, sizeof *word);
    if (!leaf || !word)
        return NULL;
    *word = (sks_query_word) { .form = found->form, .size = found->size, .at = found->start, .end = found->end };
    *leaf = (sks_node) { .kind = SKS_NODE_WORD, .at = found->start, .end = found->end, .words = word, .word_count = 1 };
    return leaf;
}

static int
make_tree (sks_bag *out, sks_matching *m, struct found **chosen, size_t count)
{
    sks_node *bag = sks_arena_alloc (m->arena, sizeof *bag);
    sks_node **children = sks_arena_array (m->arena, count + 1, sizeof *children);
    uint32_t *weights = sks_arena_array (m->arena, count + 1, sizeof *weights);
    if (!bag || !children || !weights)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < count; i++) {
        if (!(children[i] = make_leaf (m->arena, chosen[i])))
            return sks_fail_memory (m->err);
        weights[i] = chosen[i]->weight;
        out->weight += weights[i];
    }
    *bag = (sks_node) { .kind = SKS_NODE_BAG, .relaxable = true, .children = children, .child_count = count };
    out->node = bag;
    out->weights = weights;
    return sks_leaf_find (m, bag);
}

static int
list_places (sks_bag *out, sks_matching *m, const struct list *list)
{
    sks_bag_place *places = sks_arena_array (m->arena, list->count + (size_t) 1, sizeof *places);
    if (!places)
        return sks_fail_memory (m->err);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct found *word = &list->words[i];
        places[word->order] = (sks_bag_place) { word->start, word->end, word->child };
    }
    out->places = places;
    out->place_count = list->count;
    return 0;
}

int
sks_bag_of_statement (sks_bag *out, sks_matching *m, uint32_t statement, size_t max)
{
    struct list list = { 0 };
    struct found **chosen = NULL;
    size_t count = 0;
    *out = (sks_bag) { .statement = statement };
    int code = gather_statement (m, statement, &list);
    if (!code)
        code = choose (m, &list, max, &chosen, &count);
    return code ? code : make_tree (out, m, chosen, count);
}

int
sks_bag_of_text (sks_bag *out, sks_matching *m, const char *text, size_t start, size_t end, size_t max)
{
    struct list list = { 0 };
    struct found **chosen = NULL;
    size_t count = 0;
    *out = (sks_bag) { .statement = SKS_NONE, .text = text + start, .size = end - start };
    int code = gather_text (m, text, start, end, false, &list);
    if (!code && !list.count)
        code = gather_text (m, text, start, end, true, &list);
    if (!code)
        code = choose (m, &list, max, &chosen, &count);
    if (!code)
        code = list_places (out, m, &list);
    return code ? code : make_tree (out, m, chosen, count);
}

/* ----------------------------------------------------------------- matching */

bool
sks_bag_holds (const sks_bag *bag, size_t child, uint32_t statement)
{
    return sks_set_has (bag->node->children[child]->set, statement);
}

int
sks_bag_match (const sks_bag *bag, sks_matching *m, int amount, sks_set *out)
{
    if (bag->weight)
        return sks_match_set (m, bag->node, amount, out);
    *out = sks_set_of_list (m->store->statements, NULL, 0);
    return 0;
}
