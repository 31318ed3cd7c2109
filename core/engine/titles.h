/* titles.h - words and phrases in the titles of occupations. */
#ifndef SKS_TITLES_H
#define SKS_TITLES_H

#include "matching.h"

/* The statements of the occupations whose title contains the leaf, side by side and in either reading. Its matchers
 * must be filled (leaf.h). Returns 0 or a failure. */
int sks_titles_match (sks_matching *m, const sks_node *leaf, sks_set *out);

#endif
