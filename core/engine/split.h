/* split.h - words that some statements write as two, "healthcare" and "health care", or as initials.
 *
 * A word of a query gets the two adjacent words as its other reading if enough statements contain them: more than an
 * eighth of the number that have it as one word. Neither may be a stop word or a single letter: "inform" is not "in
 * form". A stop word that is a name has its initials as the other reading: "IT" finds "I.T.". */
#ifndef SKS_SPLIT_H
#define SKS_SPLIT_H

#include "matching.h"

/* Give a plain word its other reading, if there is one. Its matcher must be set. */
int sks_split_find (sks_matching *m, sks_node *word);

#endif
