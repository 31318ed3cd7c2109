/* match.h - tree -> the set of statements that match.
 *
 * Combines the sets of the leaves (leaf.h), and evaluates what depends on more than one leaf: distances, titles,
 * values, the share of a bag. Filters have no effect here: what matches depends only on text and generation. */
#ifndef SKS_MATCH_H
#define SKS_MATCH_H

#include "bag_share.h"

/* The statements that match. Its leaves must have been found (leaf.h). */
int sks_match_set (sks_matching *m, sks_node *node, int amount, sks_set *out);

/* The leaf whose words are listed for a node: for a compound that is not found as a whole its pieces, else the node
 * itself. */
const sks_node *sks_match_reading (const sks_node *node);

/* The words below root that no statement contains (title words: no title), in the order of the text. Words of a leaf
 * that is found in one of two readings are not among them. Returns 0 or a failure. */
int sks_match_unknown (sks_matching *m, const sks_node *root, const sks_query_word *out[SKS_MAX_QUERY_WORDS],
                       size_t *count);

/* Call `mark` with the words [first, end) of each place where a node matches in m->words, the words of the
 * statement. A side of OR that the statement does not match is skipped. */
typedef void sks_mark (void *context, uint32_t first, uint32_t end);
void sks_match_spans (sks_matching *m, const sks_node *root, uint32_t statement, sks_mark *mark, void *context);

#endif
