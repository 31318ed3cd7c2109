/* parts.h - fixture for the tests of the export reader: JSON put together from parts, the export read from it, and the
 * reports about it.
 *
 * parts_open and parts_close are a checked fixture of a test case. All calls
 * fail the test by themselves. */
#ifndef SKS_TEST_PARTS_H
#define SKS_TEST_PARTS_H

#include "indexer/export.h"

#define SOC "43-9061.00"
#define GOOD_LEVELS "{\"emerging\":{\"statements\":[\"Sort mail.\",\"File mail.\"]}}"

extern sks_report *read_report; /* of all reads */
extern sks_export *export;      /* of the last read; NULL when it was not good */
extern int kind;
extern bool parts_level_from_type; /* for the next reads; false at first */

void parts_open (void);
void parts_close (void);

/* The parts of the JSON that a test may replace; NULL: a valid part, "": left out. An export with no part replaced has
 * two statements. */
typedef struct parts {
    const char *version, *soc, *title, *more, *framework, *levels;
} parts;

/* Read an export: these parts, or with this JSON list of statements as its level
 * emerging, or these bytes. */
void parts_read (parts p);
void parts_read_list (const char *list);
void parts_read_text (const char *text);
void parts_read_bytes (const char *bytes, size_t size, int expected);

/* Assert that problem i is of this kind and at this pointer; that it is the only problem. */
void parts_expect_at (size_t i, int problem, const char *pointer);
void parts_expect (int problem, const char *pointer);

/* Assert that there is an export with `count` statements; also that nothing was reported. */
void parts_expect_good (size_t statements);
void parts_expect_clean (size_t statements);

void parts_expect_rejected (void);

/* The statement with this text. Borrowed: valid until the next read. */
const sks_statement *parts_find (const char *text);

/* An export with all members and three statements. */
extern const char parts_whole[];

#endif
