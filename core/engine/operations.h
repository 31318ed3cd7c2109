/* operations.h - what a searcher answers beside search and get.
 *
 * Every call runs on the searcher's generation, within its budget (search.h):
 * SKS_EDEADLINE and SKS_ESHUTTINGDOWN are among the failures of each. Answers come
 * from the caller's arena; what they borrow is the generation's: valid while that
 * is open. */
#ifndef SKS_OPERATIONS_H
#define SKS_OPERATIONS_H

#include <skillsearch.h>
#include "core/base/arena.h"
#include "search.h"

/* Statements whose words are most like those of one statement. Its 24 words of
 * the highest idf at most are asked for, stop words left out, a stem once; those
 * statements match that hold at least an eighth of their weight (sum of idf): a
 * quarter, as for a search, left 21 of 500 statements of the sample exports with
 * anything alike, an eighth 400. They are ranked as by a search for these words. The statement itself is never
 * among them; result->total counts those that match, matched_all those among
 * them that hold all the words, read_as lists the words.
 *   exclude   bits 1 (same occupation) and 2 (same level)
 *   options   filter and limit, want; the rest is not looked at.
 * Returns 0, SKS_ENOTFOUND (no such statement) or a failure. */
int sks_searcher_similar (sks_searcher *searcher, const char *id, unsigned exclude, const sks_query *options,
                          sks_result **out, sks_error *err);

/* The four levels of an occupation side by side. Level by level, emerging first,
 * statements and the last statements of the rows so far are paired, the most
 * alike first, while their likeness (likeness.h) is at least .1; a statement
 * that goes on no row opens one. So a row may skip levels.
 *   duty   only rows with a statement that holds all these words, stemmed, in
 *          its duty, or in its text if it is a plain one; NULL, or stop words
 *          alone: all rows.
 * out->partial says that some statement has more words than the likeness looks
 * at (SKS_MAX_ALIKE_WORDS); gained and lost are of all words.
 * Returns 0, SKS_ENOTFOUND, SKS_EBADREQUEST, SKS_ELIMIT (over 1,000 statements at
 * a level, or a duty as long as no query may be) or a failure. */
int sks_searcher_compare (sks_searcher *searcher, const char *soc, const char *duty, sks_arena *arena,
                          sks_comparison *out, sks_error *err);

/* Two occupations against each other; level -1 for all levels (then only
 * statements of the same level are paired). Pairs are made again and again of
 * the two that are most alike among those not yet paired, while their likeness
 * (likeness.h) is at least .2. A pair's hits have spans: the words in common.
 * out->partial as above.
 * Returns 0, SKS_ENOTFOUND, SKS_ELIMIT (over 1,000 statements at a level) or a
 * failure. */
int sks_searcher_crosswalk (sks_searcher *searcher, const char *left, const char *right, int level, sks_arena *arena,
                            sks_crosswalk *out, sks_error *err);

/* The sentences of a text (sentence.h) with their best statements. A sentence is
 * read by its words, at most the 64 with the highest idf, stop words left out, a
 * stem once; one that no statement holds weighs as if one did. A statement
 * matches that holds at least a quarter of their weight (sum of idf); matches are
 * ranked as by a search. A sentence may have none.
 *   options   filter, want; limit = statements per sentence, and this number times the
 *             sentences at most SKS_MAX_WINDOW.
 * Returns 0, SKS_ELIMIT (over SKS_MAX_MAP_BYTES or SKS_MAX_MAP_SENTENCES),
 * SKS_EBADREQUEST (not UTF-8; an invalid filter value) or a failure. */
int sks_searcher_map (sks_searcher *searcher, const char *text, const sks_query *options, sks_arena *arena,
                      sks_mapping *out, sks_error *err);

/* What may be meant by the beginning of a text; at most `limit` of each kind,
 * which is at most SKS_MAX_SUGGESTIONS. The last word, when nothing stands after
 * it, is taken as a beginning, the others whole and in any form.
 *   words        forms that the last word may become; no stop words
 *   duties       distinct ones that hold all the words; those that differ in
 *                letter case, diacritics or signs alone are one. A lone beginning
 *                of one or two letters must open the duty
 *   occupations  by the words of their titles, or by the code when the text is
 *                the beginning of one
 * Of equally many statements those that begin as the text does come first.
 * Returns 0, SKS_ELIMIT, SKS_EBADREQUEST (not UTF-8) or a failure. */
int sks_searcher_suggest (sks_searcher *searcher, const char *text, uint32_t limit, sks_arena *arena,
                          sks_completions *out, sks_error *err);

/* How a query is read: words, stems, stop words, expansions, tree. A word's count
 * is of its field; a word in a phrase is counted as if it stood alone. Returns 0,
 * SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX as a search would, or a failure. */
int sks_searcher_analyze (sks_searcher *searcher, const char *text, int match, sks_arena *arena, sks_analysis *out,
                          sks_error *err);

/* One occupation as its export describes it, with all its statements by level and
 * position.
 *   code   a SOC code, see sks_occupation_find.
 * out->took_us, json and memory stay unset: its parts are of the arena, or borrowed.
 * Returns 0, SKS_ENOTFOUND or a failure. */
int sks_searcher_occupation (sks_searcher *searcher, const char *code, sks_arena *arena, sks_record *out,
                             sks_error *err);

/* The SOC code of an occupation that may be written as its title or a part of it
 * (label.h).
 *   *out   of the arena, or borrowed from text or generation.
 * Returns 0, SKS_ENOTFOUND (no title has it; the text has suggestions), SKS_EBADREQUEST
 * (several have it) or a failure. */
int sks_searcher_occupation_code (sks_searcher *searcher, const char *text, sks_arena *arena, const char **out,
                                  sks_error *err);

/* A page of all matches in the order of query->sort (relevance: of ids) and
 * query->reverse: query->limit of them, 1..SKS_MAX_SCAN, from
 * the cursor on. Text, match, filters, facets and want are as in a search; offset
 * and collapse are not looked at.
 *   cursor   NULL for the first page, else result->cursor of the page before,
 *            asked with the same text, match, filters and order. result->cursor is NULL
 *            on the last page. A whole scan gives every match once.
 * Every page has the total. Returns 0, SKS_EBADREQUEST (an invalid cursor, a
 * limit of 0), SKS_ELIMIT, SKS_ENOTFOUND (a cursor of another generation: what it
 * pointed at may have moved) or as a search. */
int sks_searcher_scan (sks_searcher *searcher, const sks_query *query, const char *cursor, sks_result **out,
                       sks_error *err);

#endif
