/* match.h - tree -> the set of statements that match.
 *
 * The sets of leaves come from leaf.h; here they are put together, and what
 * depends on more than a leaf is looked at: distances, titles, values, a share
 * of a bag. Filters are not looked at: what matches depends on text and generation
 * alone. */
#ifndef SKS_MATCH_H
#define SKS_MATCH_H

#include "matching.h"

/* How much of a bag must occur. */
enum sks_amount {
    SKS_AMOUNT_ALL,
    SKS_AMOUNT_ANY,
    SKS_AMOUNT_QUARTER, /* words that carry a quarter of the bag's idf */
    SKS_AMOUNT_EIGHTH,
    SKS_AMOUNT_SHARE,  /* 15 % of it: enough where near words order what is found */
    SKS_AMOUNT_THIRD,  /* 35 % of it */
    SKS_AMOUNT_MEANING /* the same with near words; the bag's set is known (meaning.h) */
};

/* How much of this bag: only the one that may be relaxed is. */
static inline int
sks_bag_amount (const sks_node *bag, int amount)
{
    return amount >= SKS_AMOUNT_QUARTER && !bag->relaxable ? SKS_AMOUNT_ALL : amount;
}

/* Whether a word is a compound that no statement holds as a whole, so that its pieces
 * count in its place where a bag is relaxed. Its leaf was found. */
static inline bool
sks_node_is_split (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && node->other && node->set && !node->set->count;
}

/* Whether less than all of a bag may do. */
static inline bool
sks_bag_may_relax (const sks_node *bag)
{
    return bag && (bag->child_count > 1 || sks_node_is_split (bag->children[0]));
}

/* The statements that match. Its leaves must have been found (leaf.h). */
int sks_match_set (sks_matching *m, sks_node *node, int amount, sks_set *out);

/* The words below root that no statement holds, in the order of the text; those
 * of titles that no title holds. Returns how many there are. */
size_t sks_match_unknown (const sks_matching *m, const sks_node *root, const sks_query_word *out[SKS_MAX_QUERY_WORDS]);

/* Where a node matches in m->words, which are the statement's: calls `mark` with
 * words [first, end). A side of OR that the statement does not match is
 * skipped. */
typedef void sks_mark (void *context, uint32_t first, uint32_t end);
void sks_match_spans (sks_matching *m, const sks_node *root, uint32_t statement, sks_mark *mark, void *context);

#endif
