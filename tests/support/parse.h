/* parse.h - fixture for the tests of the query language: parses a text without an index, and shows how it is read. The
 * assertions fail the test by themselves. */
#ifndef SKS_TEST_PARSE_H
#define SKS_TEST_PARSE_H

#include "core/engine/match.h"

/* The result of the last text. The tree is valid until the next text. */
extern sks_query_tree parse_tree;
extern sks_error parse_error;

/* The checked fixture of a test case. */
void parse_begin (void);
void parse_end (void);

/* Parse from memory that ends where the text ends, so that the address sanitizer detects reading beyond it. Returns 0
 * or a code, with parse_error. */
int parse_bytes (const char *text, size_t size);
int parse_text (const char *text);

/* How a text is read; one that is refused fails the test. Borrowed: valid until the next call. */
const char *parse_reading (const char *text, int amount);

void assert_reading (const char *text, int amount, const char *expected);

/* Assert that a text is refused with this code at this byte. */
void assert_refused (const char *text, int code, long at);

#endif
