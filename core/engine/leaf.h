/* leaf.h - the leaves of a query tree: the dictionary forms of each word, and the statements that contain each word
 * and phrase.
 *
 * Posting lists answer most of it. What they cannot answer (phrases, exact forms,
 * duties, stop words) is looked up in the token stream: for all leaves of the
 * query in one pass, so that a query of 64 such words costs little more than a
 * query of one. */
#ifndef SKS_LEAF_H
#define SKS_LEAF_H

#include "matching.h"

/* Fill the matchers of all words below root, and the sets of all words and phrases except those of titles. Returns
 * 0, SKS_ETOOCOMPLEX (a prefix with too many expansions) or a failure. */
int sks_leaf_find (sks_matching *m, sks_node *root);

/* The dictionary forms of one word. Returns as above. */
int sks_leaf_word (sks_matching *m, const sks_query_word *word, bool exact, sks_matcher *out);

/* The stem of a folded word whose form is not in the dictionary, or that of its inflections if the dictionary does not
 * have its own; SKS_NONE if it has neither. Returns 0 or a failure. */
int sks_leaf_stem (sks_matching *m, const char *form, size_t size, uint32_t *stem);

/* Store the set of a node; only for nodes whose set does not depend on the amount. */
int sks_leaf_keep (sks_matching *m, sks_node *node, const sks_set *set);

/* The number of words, from word `at` of a statement on, that match the leaf in either reading; 0 if they do not
 * match. */
uint32_t sks_leaf_length (const sks_words *words, const sks_store *store, const sks_node *leaf, uint32_t at);

/* The first word at or after `at` where the leaf may begin in either reading; words->count if there is none.
 * sks_leaf_length is 0 at all words skipped. */
uint32_t sks_leaf_seek (const sks_words *words, const sks_node *leaf, uint32_t at);

/* The forms that start with these bytes: [*first, *end). */
void sks_leaf_forms (const sks_store *store, const char *bytes, size_t size, uint32_t *first, uint32_t *end);

/* Set the matchers of a leaf's words, without its other reading. */
int sks_leaf_resolve (sks_matching *m, sks_node *leaf);

#endif
