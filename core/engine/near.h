/* near.h - NEAR: words and phrases within a distance, in any order. */
#ifndef SKS_NEAR_H
#define SKS_NEAR_H

#include "core/base/budget.h"
#include "query_tree.h"
#include "words.h"

#include <stdbool.h>

/* Whether all children of the node stand within its distance: for two words, n
 * apart at most; for phrases the words inside them are not counted. False, too, when
 * the budget is cut. */
bool sks_near_matches (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget);

/* The same for two single words anywhere in the text, without reading where they
 * stand: most NEARs are such pairs, and stop words make them look at everything. */
bool sks_near_is_pair (const sks_node *node);
bool sks_near_pair_matches (const sks_store *store, uint32_t statement, const sks_node *node);

/* Calls mark with the words [first, end) of each child, for every place where
 * the node matches. */
void sks_near_spans (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget,
                     void (*mark) (void *context, uint32_t first, uint32_t end), void *context);

#endif
