/* split.h - words that some statements write in two: "healthcare" and "health care".
 *
 * A word of a query gets the two words side by side as its other reading, where they
 * stand so in statements enough: an eighth of those that have it as one. Neither may be a stop word or a single letter: "inform" is
 * not "in form". */
#ifndef SKS_SPLIT_H
#define SKS_SPLIT_H

#include "matching.h"

/* Give a plain word its other reading, where there is one. Its matcher is known. */
int sks_split_find (sks_matching *m, sks_node *word);

#endif
