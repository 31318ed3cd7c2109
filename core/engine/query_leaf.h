/* query_leaf.h - reads the operands of a query. */
#ifndef SKS_QUERY_LEAF_H
#define SKS_QUERY_LEAF_H

#include "parser.h"

/* Read the leaf at the current position: a word, a phrase, a field's value, a SOC code. *out is unchanged for a
 * stop word that is left out.
 * Returns as sks_query_parse. */
int sks_query_leaf (sks_parser *p, sks_node **out);

#endif
