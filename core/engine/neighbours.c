/* neighbours.c - the dictionary decides: words that it contains as typed are not joined. */
#include "neighbours.h"

#include "leaf.h"

#include <stdio.h>
#include <string.h>

/* Whether some statement contains a word of the bag. */
static bool
occurs (const sks_matching *m, const sks_matcher *matcher)
{
    if (matcher->stem != SKS_NONE)
        return m->store->stem[matcher->stem].statements > 0;
    return matcher->first < matcher->end && m->store->form[matcher->first].statements > 0;
}

/* Whether two words of a bag may be one word: only a blank is between them, and one of them occurs nowhere. */
static bool
may_be_one (const sks_matching *m, const sks_node *left, const sks_node *right)
{
    return !left->compound && !right->compound && left->words->end + 1 == right->words->at &&
           left->words->size + right->words->size <= SKS_MAX_WORD_BYTES &&
           !(occurs (m, left->matchers) && occurs (m, right->matchers));
}

/* Make the joined word of two if it occurs; else *out becomes NULL. */
static int
join_words (sks_matching *m, const sks_query_word *left, const sks_query_word *right, sks_query_word **out)
{
    char form[2 * SKS_MAX_WORD_BYTES + 1];
    sks_matcher matcher;
    snprintf (form, sizeof form, "%s%s", left->form, right->form);
    sks_query_word word = { .form = form, .size = left->size + right->size, .at = left->at, .end = right->end };
    int code = sks_leaf_word (m, &word, false, &matcher);
    *out = NULL;
    if (code || !occurs (m, &matcher))
        return code;
    *out = sks_arena_alloc (m->arena, sizeof **out);
    word.form = sks_arena_copy (m->arena, form, word.size);
    if (!*out || !word.form)
        return sks_fail_memory (m->err);
    **out = word;
    return 0;
}

static int
join_bag (sks_matching *m, sks_query_tree *tree, sks_node *bag)
{
    for (size_t i = 0; i + 1 < bag->child_count; i++) {
        sks_node *left = bag->children[i], *right = bag->children[i + 1];
        sks_query_word *joined = NULL;
        char text[2 * SKS_MAX_WORD_BYTES + 64];
        int code = 0;
        if (may_be_one (m, left, right))
            code = join_words (m, left->words, right->words, &joined);
        if (!code && joined) {
            snprintf (text, sizeof text, "this and the next word are read as one: %s", joined->form);
            code = sks_notes_add (&tree->notes, m->arena, SKS_NOTE_JOINED, joined->at, text, m->err);
            left->words = joined;
            left->other = NULL;
            left->end = right->end;
            bag->child_count--;
            memmove (bag->children + i + 1, bag->children + i + 2, (bag->child_count - i - 1) * sizeof right);
            if (!code)
                code = sks_leaf_find (m, left);
        }
        if (code)
            return code;
    }
    if (tree->bag == bag && !sks_bag_may_relax (bag))
        tree->bag = NULL;
    return 0;
}

int
sks_neighbours_join (sks_matching *m, sks_query_tree *tree, sks_node *node)
{
    int code = node->kind == SKS_NODE_BAG ? join_bag (m, tree, node) : 0;
    for (size_t i = 0; !code && node->kind != SKS_NODE_BAG && i < node->child_count; i++)
        code = sks_neighbours_join (m, tree, node->children[i]);
    return code;
}
