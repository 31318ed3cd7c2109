/* bag_share.h - how much of a bag must occur in a statement, and the statements that contain a share of its weight. */
#ifndef SKS_BAG_SHARE_H
#define SKS_BAG_SHARE_H

#include "matching.h"

/* The weight of an idf of 1. Weights are whole numbers because their sums are exact: a share of .25 is then exactly
 * a quarter for the match set, too. */
#define SKS_BAG_UNIT 1024

/* How much of a bag must occur. */
enum sks_amount {
    SKS_AMOUNT_ALL,
    SKS_AMOUNT_ANY,
    SKS_AMOUNT_QUARTER, /* words with a quarter of the bag's sum of idf */
    SKS_AMOUNT_EIGHTH,
    SKS_AMOUNT_SHARE,  /* with 15 %: enough if near words help to rank the result */
    SKS_AMOUNT_THIRD,  /* with 35 % */
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
    return node->kind == SKS_NODE_WORD && node->other && node->set && !node->set->count && !node->occurs;
}

/* Whether a bag can be relaxed: a part of it may then be enough. */
static inline bool
sks_bag_may_relax (const sks_node *bag)
{
    return bag && (bag->child_count > 1 || sks_node_is_split (bag->children[0]));
}

/* Whether word i of a bag repeats an earlier one: the same stem, or, if the stem occurs nowhere, the same form. */
bool sks_bag_repeats (const sks_node *bag, size_t i);

/* The share of a bag's weight that an amount asks for, SKS_AMOUNT_QUARTER or a later one. At least 1, so that nothing
 * matches if no word occurs. */
uint64_t sks_bag_share_of (uint64_t total, int amount);

/* The statements whose words of the bag have the share of its weight (sum of idf, each distinct word once) that the
 * amount asks for, SKS_AMOUNT_QUARTER or a later one. Its leaves must have been found (leaf.h). Returns 0 or a
 * failure. */
int sks_bag_share_match (sks_matching *m, const sks_node *bag, int amount, sks_set *out);

#endif
