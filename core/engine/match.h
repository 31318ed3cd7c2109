/* match.h - tree -> the set of statements that match.
 *
 * Combines the sets of the leaves (leaf.h), and evaluates what depends on more than one leaf: distances, titles,
 * values, the share of a bag. Filters have no effect here: what matches depends only on text and generation. */
#ifndef SKS_MATCH_H
#define SKS_MATCH_H

#include "matching.h"

/* How much of a bag must occur. */
enum sks_amount {
    SKS_AMOUNT_ALL,
    SKS_AMOUNT_ANY,
    SKS_AMOUNT_QUARTER, /* words with a quarter of the bag's idf */
    SKS_AMOUNT_EIGHTH,
    SKS_AMOUNT_SHARE,  /* 15 % of it: enough if near words help to rank the result */
    SKS_AMOUNT_THIRD,  /* 35 % of it */
    SKS_AMOUNT_MEANING /* the same with near words; the bag's set is known (meaning.h) */
};

/* The amount for this bag: only the relaxable bag is relaxed. */
static inline int
sks_bag_amount (const sks_node *bag, int amount)
{
    return amount >= SKS_AMOUNT_QUARTER && !bag->relaxable ? SKS_AMOUNT_ALL : amount;
}

/* Whether a word is a compound that no statement contains as a whole: in a relaxed bag its pieces then count
 * instead. The leaf must have been found. */
static inline bool
sks_node_is_split (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && node->other && node->set && !node->set->count;
}

/* Whether a bag can be relaxed: a part of it may then be enough. */
static inline bool
sks_bag_may_relax (const sks_node *bag)
{
    return bag && (bag->child_count > 1 || sks_node_is_split (bag->children[0]));
}

/* The statements that match. Its leaves must have been found (leaf.h). */
int sks_match_set (sks_matching *m, sks_node *node, int amount, sks_set *out);

/* The words below root that no statement contains (title words: no title), in the order of the text. Returns their
 * number. */
size_t sks_match_unknown (const sks_matching *m, const sks_node *root, const sks_query_word *out[SKS_MAX_QUERY_WORDS]);

/* Call `mark` with the words [first, end) of each place where a node matches in m->words, the words of the
 * statement. A side of OR that the statement does not match is skipped. */
typedef void sks_mark (void *context, uint32_t first, uint32_t end);
void sks_match_spans (sks_matching *m, const sks_node *root, uint32_t statement, sks_mark *mark, void *context);

#endif
