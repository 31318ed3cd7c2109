/* prose.h - queries with operators that are, or may be meant as, sentences.
 *
 * A line that contains operators may be from a pasted text, whose writer emphasised these words by capitals:
 * "schedules, but NOT limited to budgets". Then they are ordinary words.
 *
 * A line is a sentence if it has one of these:
 *
 *   - a stop word or filler (function words) directly before NOT, or "to" or "by" after the word that NOT precedes;
 *   - AND or OR between two words in capitals of five letters or more, "HEALTH AND HUMAN";
 *   - three points: one for each function word and each comma, one if a function word is beside an operator or a comma
 *     before AND or OR, two for a function word in capitals that is not a name ("ANY", "MUST"; not "IT"), two for a
 *     full stop at the end, and one for eight words. If it has eight words, a comma, a full stop or a function word in
 *     capitals, a capital at its beginning counts, too.
 *
 * Operands seldom have these signs. If the only operators are OR, four points are needed, or a full stop among the
 * three, because reading OR as an operator loses nothing.
 *
 * A line with other syntax is not one: quotation marks, fields, "=", "*", "-", or a group in parentheses. Nor is one
 * with NEAR, unless it ends with a full stop and NEAR has no distance.
 */
#ifndef SKS_PROSE_H
#define SKS_PROSE_H

#include "query_tree.h"
#include "scanner.h"

/* Whether the line of bytes [start, end) is a sentence. */
bool sks_prose_line (const sks_scanner *in, size_t start, size_t end);

/* Whether a line without small letters has only acronyms, with an operator between any two, and one of these is NOT or
 * NEAR: "CNC NOT CAD". An acronym has two to four letters and digits, and is no stop word but "IT", "US" or "WHO". AND
 * and OR alone do not count: "CUT AND SEW" is a heading, and as words both acronyms come first as well. */
bool sks_prose_acronyms (const sks_scanner *in, size_t start, size_t end);

/* The query with its operators as ordinary words: AND and OR in small letters, without NEAR. What NOT or "-" excludes
 * stays excluded: NOT becomes "-", so that the rest cannot be read as a sentence, and its operand stays as it is. NULL if
 * there is no other operator, or when out of memory.
 *   text   the query as written
 *   first  the place of the first operator that became a word or was left out */
char *sks_prose_text (const sks_query_tree *tree, const char *text, sks_arena *arena, sks_word *first);

#endif
