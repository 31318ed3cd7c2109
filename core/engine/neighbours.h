/* neighbours.h - words written apart: "fork lifts" for "forklifts". */
#ifndef SKS_NEIGHBOURS_H
#define SKS_NEIGHBOURS_H

#include "match.h"

/* Read two adjacent words of a bag as one word if one of them occurs in no statement but the joined word does; each
 * such pair is noted. Leaves must have been found. Returns 0 or a failure. */
int sks_neighbours_join (sks_matching *m, sks_query_tree *tree, sks_node *node);

#endif
