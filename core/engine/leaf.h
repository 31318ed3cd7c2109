/* leaf.h - the leaves of a tree: what each word may be in the dictionary, and
 * which statements hold each word and phrase.
 *
 * Posting lists answer most of it. What they cannot answer (phrases, exact forms,
 * duties, stop words) is looked up in the token stream: for all leaves of the
 * query in one pass, so that a query of 64 such words costs little more than a
 * query of one. */
#ifndef SKS_LEAF_H
#define SKS_LEAF_H

#include "matching.h"

/* Fill the matchers of every word below root, and the set of every word and
 * phrase but those of titles. Returns 0, SKS_ETOOCOMPLEX (a prefix that stands
 * for too many words) or a failure. */
int sks_leaf_find (sks_matching *m, sks_node *root);

/* What one word may be in the dictionary. Returns as above. */
int sks_leaf_word (sks_matching *m, const sks_query_word *word, bool exact, sks_matcher *out);

/* Remember the set of a node that does not depend on the amount. */
int sks_leaf_keep (sks_matching *m, sks_node *node, const sks_set *set);

/* How many words of a statement, from word `at` on, are the leaf, read in either way;
 * 0 if they are not. */
uint32_t sks_leaf_length (const sks_words *words, const sks_store *store, const sks_node *leaf, uint32_t at);

/* The first word at or after `at` where the leaf may begin, be it in either reading:
 * elsewhere sks_leaf_length is 0. words->count when there is none. */
uint32_t sks_leaf_seek (const sks_words *words, const sks_node *leaf, uint32_t at);

/* The forms that start with these bytes: [*first, *end). */
void sks_leaf_forms (const sks_store *store, const char *bytes, size_t size, uint32_t *first, uint32_t *end);

#endif
