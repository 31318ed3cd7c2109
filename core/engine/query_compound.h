/* query_compound.h - compounds as leaves of a query. */
#ifndef SKS_QUERY_COMPOUND_H
#define SKS_QUERY_COMPOUND_H

#include "core/base/text_compound.h"
#include "parser.h"

/* Make the leaf of a compound outside a phrase: a word, which is its joined form, with the adjacent pieces as its
 * other reading; only the pieces if it is exact or has no joined form. *out is unchanged if all pieces are left out
 * as stop words. */
int sks_query_compound (sks_parser *p, const sks_compound *compound, bool exact, int field, sks_node **out);

/* Give a phrase, of the words in bytes [from, to), the reading in which its compounds
 * are their joined forms, if there are any. */
int sks_query_compound_joined (sks_parser *p, size_t from, size_t to, sks_node *phrase);

#endif
