/* corpus.h - fixture for the tests on the sample exports: an engine on them, and texts drawn from their statements.
 *
 * corpus_open and corpus_close are an unchecked fixture of a test case. The draws depend only on a state that the
 * caller seeds, so a failure can be repeated. */
#ifndef SKS_TEST_CORPUS_H
#define SKS_TEST_CORPUS_H

#include "core/index/index.h"
#include "engine.h"

#include <check.h>

#define CORPUS_MOST 1000        /* at most, of statements */
#define CORPUS_TEXT_BYTES 512   /* of drawn words, of a drawn phrase */
#define CORPUS_QUERY_BYTES 2048 /* of a drawn query */

extern engine corpus;
extern sks_stemmer *stemmer;

void corpus_open (void);
void corpus_close (void);

/* A test case of the suite with this fixture. */
TCase *corpus_case (Suite *suite, const char *name);

/* The stem of a folded word; a stop word itself. out has room for SKS_MAX_WORD_BYTES + 1 bytes. */
void corpus_stem (const char *form, size_t size, char *out);

const engine_statement *corpus_draw (unsigned *state);

/* A word of some statement as written there, cut to `room` bytes. */
void corpus_draw_word (unsigned *state, char *out, size_t room);

/* 1 to 5 words, each from some statement. */
void corpus_draw_words (unsigned *state, char text[CORPUS_TEXT_BYTES]);

/* Two to four words that follow each other in some statement, in quotes. */
void corpus_draw_phrase (unsigned *state, char text[CORPUS_TEXT_BYTES]);

/* A random query of any kind that is ranked. */
void corpus_draw_query (unsigned *state, char text[CORPUS_QUERY_BYTES]);

/* One page of a query. Caller owns it; free with sks_result_destroy. */
sks_result *corpus_ask (const char *text, int sort, bool reverse, uint32_t offset, uint32_t limit);

/* The numbers of all hits of a query, read page by page; returns how many. All pages must have the same total. */
size_t corpus_page_through (const char *text, int sort, bool reverse, uint32_t limit, size_t numbers[CORPUS_MOST]);

/* Mark the numbers of all statements that a query finds, whichever page it requests. Returns the last page; caller owns
 * it; free with sks_result_destroy. */
sks_result *corpus_find (const sks_query *query, bool found[CORPUS_MOST]);

#endif
