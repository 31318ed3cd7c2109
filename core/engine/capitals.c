/* capitals.c - moves emphasised stop words from a bag to the list of ignored words. */
#include "capitals.h"

#include <string.h>

static bool
is_emphasised (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && !node->compound && node->words->capitals && node->set && !node->set->count;
}

/* Insert a word into the list of ignored ones, which is in the order of the text. */
static int
ignore (sks_matching *m, sks_query_tree *tree, const sks_query_word *word)
{
    size_t at = tree->ignored_count;
    sks_query_word *list = sks_arena_array (m->arena, tree->ignored_count + 1, sizeof *list);
    if (!list)
        return sks_fail_memory (m->err);
    while (at && tree->ignored[at - 1].at > word->at)
        at--;
    memcpy (list, tree->ignored, at * sizeof *list);
    list[at] = *word;
    memcpy (list + at + 1, tree->ignored + at, (tree->ignored_count - at) * sizeof *list);
    tree->ignored = list;
    tree->ignored_count++;
    return 0;
}

/* Change the note that the word is read as a name. */
static void
correct_note (sks_query_tree *tree, const sks_query_word *word)
{
    for (size_t i = 0; i < tree->notes.count; i++)
        if (tree->notes.list[i].at == word->at && strcmp (tree->notes.list[i].code, "capitals") == 0)
            tree->notes.list[i].text = "left out, as it is a common word; to search for it, put it in quotation marks";
}

static int
drop_from_bag (sks_matching *m, sks_query_tree *tree, sks_node *bag)
{
    size_t emphasised = 0, kept = 0;
    int code = 0;
    for (size_t i = 0; i < bag->child_count; i++)
        emphasised += is_emphasised (bag->children[i]);
    if (!emphasised || emphasised == bag->child_count)
        return 0;
    for (size_t i = 0; !code && i < bag->child_count; i++) {
        sks_node *word = bag->children[i];
        if (!is_emphasised (word)) {
            bag->children[kept++] = word;
            continue;
        }
        correct_note (tree, word->words);
        code = ignore (m, tree, word->words);
    }
    bag->child_count = kept;
    if (tree->bag == bag && !sks_bag_may_relax (bag))
        tree->bag = NULL;
    return code;
}

int
sks_capitals_drop (sks_matching *m, sks_query_tree *tree, sks_node *node)
{
    int code = node->kind == SKS_NODE_BAG ? drop_from_bag (m, tree, node) : 0;
    for (size_t i = 0; !code && node->kind != SKS_NODE_BAG && i < node->child_count; i++)
        code = sks_capitals_drop (m, tree, node->children[i]);
    return code;
}
