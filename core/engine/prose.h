/* prose.h - queries with operators that are, or may be meant as, sentences.
 *
 * A line that contains AND or NOT may be from a pasted text, whose writer emphasised these words by capitals:
 * "schedules, but NOT limited to budgets". Then they are ordinary words.
 *
 * Stop words and fillers (function words below) indicate a sentence, as operands of AND and NOT seldom contain them. At
 * least one of these is required:
 *
 *   - a function word directly before NOT, or "to" or "by" after the word that NOT precedes;
 *   - three function words in the line, or two if one of them is beside an operator.
 *
 * A line with other syntax is not a sentence: quotation marks, fields, "=", "*", "-", NEAR, or a group in parentheses.
 * Nor is one whose only operators are OR, because these lose nothing. */
#ifndef SKS_PROSE_H
#define SKS_PROSE_H

#include "query_tree.h"
#include "scanner.h"

/* Whether the line of bytes [start, end) is a sentence. Its names must be marked (SKS_SIGN_NAME). */
bool sks_prose_line (const sks_scanner *in, size_t start, size_t end);

/* The query with its operators as ordinary words: AND, OR and NOT in small letters, without NEAR. NULL if it has no
 * operator, or when out of memory.
 *   text   the query as written
 *   first  the place of its first operator */
char *sks_prose_text (const sks_query_tree *tree, const char *text, sks_arena *arena, sks_word *first);

#endif
