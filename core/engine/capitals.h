/* capitals.h - stop words in capitals that no statement has in capitals. "IT" in "IT support" is a name, but the writer
 * of "clean ALL floors" only emphasised a word. The dictionary decides which it is. */
#ifndef SKS_CAPITALS_H
#define SKS_CAPITALS_H

#include "bag_share.h"

/* Leave such words out of the bags below `node` that have other words, and list them as ignored, with a note. The
 * leaves must have been found (leaf.h). Returns 0 or SKS_ENOMEM. */
int sks_capitals_drop (sks_matching *m, sks_query_tree *tree, sks_node *node);

#endif
