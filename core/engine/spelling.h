/* spelling.h - corrections of words that occur nowhere.
 *
 * A word is looked at when it is a plain word of the text, of duty: or title:,
 * and neither its form nor its stem is in the dictionary, which also has the
 * words of titles, groups and descriptions. Words in quotes, exact words, words
 * with "*", values and codes are never touched, nor are words with a digit or
 * of fewer than 4 letters.
 *
 * Its correction is a word of the dictionary that is one edit away, from 8
 * letters on two: a letter more, less, another one, or two neighbours swapped,
 * none of them twice at one place (optimal string alignment). What is nearer
 * comes first; of equals a swap before other edits, then the same first letter,
 * then no stop word, then the word that more statements hold, then the first by
 * its bytes. Only words of the same kind come into question: of statements for
 * the text, of duties for duty:, of titles for title:.
 *
 * A word of the text without a correction, or with one two edits away, may be two
 * that were written as one: it is split where both parts occur, each of at least
 * 3 letters; of several places where the rarer part is the most common.
 *
 * The words that are suggested depend on text and generation alone. Nothing is
 * applied. */
#ifndef SKS_SPELLING_H
#define SKS_SPELLING_H

#include "match.h"

struct sks_nearness; /* near_terms.h */

/* Unknown words of one query that are looked up; of more, the first ones. */
#define SKS_MAX_CORRECTIONS 8

/* Correct the unknown words of a query whose leaves have been found.
 *   nearness  NULL: no near words are used; else a word that is read as its near words stays
 *   *out   all NULL when there is nothing to suggest; else word and replacement
 *          of the first one that has a correction, and the whole query with all
 *          of them. From the arena. Its count is left at 0.
 * Returns 0 or a failure. */
int sks_spelling_correct (sks_suggestion *out, sks_matching *m, const sks_query_tree *tree,
                          const struct sks_nearness *nearness, const char *text, sks_arena *arena);

/* The least cost of turning one word into another, both given as characters.
 * A swap costs less, but no number of swaps makes up for an edit more. Returns
 * SKS_EDIT_COST * (most + 1) when it takes more than `most` edits, 1 or 2. */
#define SKS_EDIT_COST 32
#define SKS_SWAP_COST 28
unsigned sks_spelling_distance (const uint32_t *a, size_t a_size, const uint32_t *b, size_t b_size, unsigned max);

#endif
