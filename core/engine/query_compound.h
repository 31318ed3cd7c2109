/* query_compound.h - words that a sign joins, as leaves of a query. */
#ifndef SKS_QUERY_COMPOUND_H
#define SKS_QUERY_COMPOUND_H

#include "parser.h"

/* Make the leaf of a compound that stands alone: a word, its joined form, with the
 * pieces side by side as its other reading. Only the pieces where it is exact, or has no
 * joined form. *out stays as it was when all is left out as stop words. */
int sks_query_compound (sks_parser *p, const sks_compound *compound, bool exact, int field, sks_node **out);

/* Give a phrase, of the words in bytes [from, to), the reading in which its compounds
 * are their joined forms, if there are any. */
int sks_query_compound_joined (sks_parser *p, size_t from, size_t to, sks_node *phrase);

#endif
