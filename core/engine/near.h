/* near.h - NEAR: words and phrases within a distance, in any order. */
#ifndef SKS_NEAR_H
#define SKS_NEAR_H

#include "core/base/budget.h"
#include "core/index/words.h"
#include "query_tree.h"

#include <stdbool.h>

/* Whether all children of the node occur within its distance: two words at most n apart; words inside phrases are
 * not counted. Also false when the budget is cut. */
bool sks_near_matches (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget);

/* A faster check for two single words anywhere in the text, without reading their positions: most NEARs are such
 * pairs, and with stop words nearly every statement must be checked. */
bool sks_near_is_pair (const sks_node *node);
bool sks_near_pair_matches (const sks_store *store, uint32_t statement, const sks_node *node);

/* Call mark with the words [first, end) of each child, for every place where the node matches. */
void sks_near_spans (const sks_words *words, const sks_store *store, const sks_node *node, sks_budget *budget,
                     void (*mark) (void *context, uint32_t first, uint32_t end), void *context);

#endif
