/* parts.h - fixture of the tests of the export reader: an export put together
 * from parts, the export that came of it, and what was reported of it.
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

void parts_open (void);
void parts_close (void);

/* The JSON of the parts that a test may replace; NULL: as it should be, "": not
 * there. An export with no part replaced has two statements. */
typedef struct parts {
    const char *version, *soc, *title, *more, *framework, *levels;
} parts;

/* Read an export: these parts, or with this JSON list of statements as its level
 * emerging, or these bytes. */
void parts_read (parts p);
void parts_read_list (const char *list);
void parts_read_text (const char *text);
void parts_read_bytes (const char *bytes, size_t size, bool named);

/* Problem i is of this kind and at this pointer; it is the one problem there is. */
void parts_expect_at (size_t i, int problem, const char *pointer);
void parts_expect (int problem, const char *pointer);

/* The export is there with as many statements; and nothing was reported of it. */
void parts_expect_good (size_t statements);
void parts_expect_clean (size_t statements);

void parts_expect_rejected (void);

/* The statement with this text. Borrowed: valid until the next read. */
const sks_statement *parts_find (const char *text);

/* An export with all members and three statements. */
extern const char parts_whole[];

#endif
