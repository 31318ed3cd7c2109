/* spelling.h - corrections of words that occur nowhere.
 *
 * A word is examined if it is a plain word of the text, of duty: or title:, and neither its form nor its stem is in
 * the dictionary, which also has the words of titles, groups and descriptions. Words in quotes, exact words, words
 * with "*", values and codes are never corrected, nor are words with a digit or with fewer than 4 letters.
 *
 * Its correction is a word of the dictionary that is one edit away, or two for words of 8 letters or more. An edit
 * inserts, deletes or replaces a letter, or swaps two neighbours, and no place is edited twice (optimal string
 * alignment). The nearest word wins; ties are decided by a swap before other edits, then the same first letter,
 * then not being a stop word, then occurring in more statements, then byte order. Only words of the same kind are
 * candidates: of statements for the text, of duties for duty:, of titles for title:. There is no correction of the
 * text to
 *
 *   - stop words and fillers beside other words, unless only letters are swapped: "thier" is "their", but "hate" is
 *     not "have", which the query would leave out;
 *   - a rare word from one of 4 letters, unless it is a slip: letters are swapped, doubled or not doubled. "inch" is
 *     not "winch", nor "plus" "plugs", as the writer knows more words of 4 letters than the statements.
 *
 * A word of the text without a correction, or with one two edits away, may be two words written as one: it is split
 * if both parts occur, have at least 3 letters each and are neither stop words nor fillers; of several possible
 * places, the one where the rarer part is most common. If that part is in no more statements than the correction, the
 * correction stays.
 *
 * A word with a colon after it that is near, or equal, to the name of a field is corrected to that name only:
 * "titel:clerk".
 *
 * Suggestions depend only on text and generation. They are never applied automatically. */
#ifndef SKS_SPELLING_H
#define SKS_SPELLING_H

#include "match.h"
#include "spelling_search.h"

struct sks_nearness; /* near_terms.h */

/* A word of 4 letters is corrected only to one that a statement in 400 has. */
#define SKS_COMMON_SHARE 400

/* What a corrected query must find to be suggested. */
enum sks_corrected_finds {
    SKS_FINDS_SOME,     /* something: all corrections are slips, or one is below NOT */
    SKS_FINDS_MORE,     /* more statements with all words than the query, or as many and more in total */
    SKS_FINDS_ALL_WORDS /* more statements with all words, unless the query finds nothing: all corrected words have 4
                         * letters or are split, which is seldom right where no statement has them together */
};

/* Correct the unknown words of a query whose leaves have been found.
 *   nearness  NULL: no near words are used; else a word that is read as its near words is not corrected
 *   *out   all NULL if there is nothing to suggest; else word and replacement of the first correction, and the
 *          complete query with all of them. From the arena. Its count stays 0.
 *   *finds what the corrected query must find to be suggested; undefined if *out is NULL
 * Returns 0 or a failure. */
int sks_spelling_correct (sks_suggestion *out, sks_matching *m, const sks_query_tree *tree,
                          const struct sks_nearness *nearness, const char *text, sks_arena *arena,
                          enum sks_corrected_finds *finds);

#endif
