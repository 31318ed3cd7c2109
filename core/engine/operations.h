/* operations.h - the operations of a searcher other than search.
 *
 * Every call runs on the searcher's generation, within its budget (search.h): SKS_EDEADLINE and SKS_ESHUTTINGDOWN
 * are among the failures of each. Answers come from the caller's arena; parts of them are borrowed from the
 * generation: valid while that is open. */
#ifndef SKS_OPERATIONS_H
#define SKS_OPERATIONS_H

#include <skillsearch.h>
#include "core/base/arena.h"
#include "search.h"

/* Fetch statements by id, in the given order; unknown ids go to result->missing. Ownership as for sks_searcher_search.
 * Returns 0, SKS_ELIMIT (over SKS_MAX_IDS) or a failure. */
int sks_searcher_get (sks_searcher *searcher, const char *const *ids, size_t count, sks_result **out, sks_error *err);

/* Words of a statement that become the query of similar. */
#define SKS_SIMILAR_WORDS 24

/* Statements whose words are most like those of one statement. The query is its (at most 24) words of the highest
 * idf, without stop words, each stem once. Statements match that contain at least an eighth of the weight (sum of
 * idf) of these words: with a quarter, as for a search, only 21 of 500 statements of the sample exports had any
 * match, with an eighth 400. They are ranked as by a search for these words; with word vectors the best are also
 * ordered by meaning (bag_rank.h). The statement itself is never among
 * them; result->total counts those that match, matched_all those of them that contain all the words, read_as lists
 * the words.
 *   exclude   bits 1 (same occupation) and 2 (same level)
 *   options   filter, limit, want and plain; the rest is ignored.
 * Returns 0, SKS_ENOTFOUND (no such statement) or a failure. */
int sks_searcher_similar (sks_searcher *searcher, const char *id, unsigned exclude, const sks_query *options,
                          sks_result **out, sks_error *err);

/* The four levels of an occupation side by side. Level by level, emerging first, each statement is paired with the
 * last statement of a row so far, most similar pairs first, while their likeness is enough (sks_likeness_least). A
 * statement without a pair begins a new row. So a row may skip levels.
 *   duty   only rows with a statement that contains all these words, stemmed, in its duty, or in its text if it is
 *          plain; NULL, or only stop words: all rows.
 *   options   plain: compare by words only; may be NULL
 * out->partial says that some statement has more words than are compared (SKS_MAX_ALIKE_WORDS); gained and lost refer
 * to all words. Returns 0, SKS_ENOTFOUND, SKS_EBADREQUEST, SKS_ELIMIT (over 1,000 statements at a level, or a duty
 * longer than a query may be) or a failure. */
int sks_searcher_compare (sks_searcher *searcher, const char *soc, const char *duty, const sks_query *options,
                          sks_arena *arena, sks_comparison *out, sks_error *err);

/* A comparison of two occupations; level -1 for all levels (then only statements of the same level are paired). The
 * two most similar statements not yet paired become a pair, repeatedly, while their likeness is high enough
 * (sks_likeness_least). A pair's hits have spans: the words in common. options and out->partial as above. Returns 0,
 * SKS_ENOTFOUND, SKS_ELIMIT (over 1,000 statements at a level) or a failure. */
int sks_searcher_crosswalk (sks_searcher *searcher, const char *left, const char *right, int level,
                            const sks_query *options, sks_arena *arena, sks_crosswalk *out, sks_error *err);

/* The sentences of a text (sentence.h) with their best statements. A sentence is a query of its (at most 64) words
 * with the highest idf, without stop words, each stem once; a word that no statement contains has the weight of a
 * word in one statement. A statement matches if it contains at least a quarter of their weight (sum of idf); matches
 * are ranked as those of similar. A sentence may have no match.
 *   options   filter, want, plain; limit = statements per sentence; limit times the number of sentences is at most
 *             SKS_MAX_WINDOW.
 * Returns 0, SKS_ELIMIT (over SKS_MAX_MAP_BYTES or SKS_MAX_MAP_SENTENCES),
 * SKS_EBADREQUEST (not UTF-8; an invalid filter value) or a failure. */
int sks_searcher_map (sks_searcher *searcher, const char *text, const sks_query *options, sks_arena *arena,
                      sks_mapping *out, sks_error *err);

/* Completions of a text; at most `limit` of each kind, up to SKS_MAX_SUGGESTIONS. If nothing follows the last word,
 * it is taken as the beginning of a word; the other words are complete, in any form.
 *   words        forms that the last word may become; no stop words
 *   duties       distinct ones that contain all the words; duties that differ only in letter case, diacritics or
 *                signs count as one. A single beginning of one or two letters must begin the duty
 *   occupations  by the words of their titles, or by the code when the text is
 *                the beginning of one
 * Of completions with equally many statements, those that begin like the text come first.
 * Returns 0, SKS_ELIMIT, SKS_EBADREQUEST (not UTF-8) or a failure. */
int sks_searcher_suggest (sks_searcher *searcher, const char *text, uint32_t limit, sks_arena *arena,
                          sks_completions *out, sks_error *err);

/* How a query is read: words, stems, stop words, expansions, tree. A word's count refers to its field; a word in a
 * phrase is counted as a single word. Returns 0, SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX as a search would, or a
 * failure. */
int sks_searcher_analyze (sks_searcher *searcher, const char *text, int match, sks_arena *arena, sks_analysis *out,
                          sks_error *err);

/* The same of a search that was matched, without near words. */
int sks_analyze_search (sks_search *search, sks_arena *arena, sks_analysis *out);

/* One occupation as its export describes it, with all its statements by level and
 * position.
 *   code      a SOC code, see sks_occupation_find.
 *   heading   without the statements; only their number is set.
 * out->took_us, json and memory stay unset: its parts come from the arena, or are borrowed.
 * Returns 0, SKS_ENOTFOUND or a failure. */
int sks_searcher_occupation (sks_searcher *searcher, const char *code, bool heading, sks_arena *arena, sks_record *out,
                             sks_error *err);

/* The SOC code of an occupation given by code, title or part of its title (label.h).
 *   *out   from the arena, or borrowed from text or generation.
 * Returns 0, SKS_ENOTFOUND (no match; the text has suggestions), SKS_EBADREQUEST (several match) or a failure. */
int sks_searcher_occupation_code (sks_searcher *searcher, const char *text, sks_arena *arena, const char **out,
                                  sks_error *err);

/* A page of all matches in the order of query->sort (SKS_SORT_RELEVANCE: by id) and query->reverse: query->limit of
 * them, 1..SKS_MAX_SCAN, from the cursor on. Text, match, filters, facets and want are as in a search; offset and
 * collapse are ignored.
 *   cursor   NULL for the first page, else result->cursor of the page before, with the same text, match, filters
 *            and order. result->cursor is NULL on the last page. A complete scan returns every match once.
 * Every page has the total. Returns 0, SKS_EBADREQUEST (an invalid cursor, a
 * limit of 0), SKS_ELIMIT, SKS_ENOTFOUND (a cursor of another generation: what it
 * pointed at may have moved) or as a search. */
int sks_searcher_scan (sks_searcher *searcher, const sks_query *query, const char *cursor, sks_result **out,
                       sks_error *err);

#endif
