/* query.h - parses query text into a tree. It does not use the index: the tree depends only on the text and the
 * labels.
 *
 *   or    := and { "OR" and }
 *   and   := seq { "AND" seq }
 *   seq   := unary { unary }                      side by side: all of them
 *   unary := "NOT" unary | "-" near | near
 *   near  := leaf { "NEAR" [ "/" n ] leaf }
 *   leaf  := "(" or ")" | [ field ":" ] [ "=" ] ( word [ "*" ] | '"' words '"' )
 *
 * The plain words of a sequence form a bag; only the bag of a sequence that stands alone may be relaxed. Stop words
 * and fillers (filler.h) are left out of bags and of operands and are listed; they count in quotes, after "=", in
 * fields, as names in capitals, and if there are no other words. A field's value counts as a word of the query. Each
 * node knows its bytes in the text. Which signs are syntax is in signs.h. docs/query-language.md is the version for
 * users. */
#ifndef SKS_QUERY_H
#define SKS_QUERY_H

#include "label.h"
#include "query_tree.h"

/* Parse text of `size` bytes of valid UTF-8. The tree comes from the arena.
 *   labels   labels by which field values may be given.
 * Returns 0, SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX (err->at is the byte), the failure of
 * the budget of labels, or SKS_ENOMEM. */
int sks_query_parse (sks_query_tree *out, sks_arena *arena, const sks_labels *labels, const char *text, size_t size,
                     sks_error *err);

/* The number of NOT and "-" in a tree. */
size_t sks_query_exclusions (const sks_node *node);

#endif
