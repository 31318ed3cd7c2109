/* line.h - the query being edited: code points, and a cursor between them. */
#ifndef BROWSE_LINE_H
#define BROWSE_LINE_H

#include "key.h"
#include "skillsearch.h"

typedef struct browse_line {
    long points[SKS_MAX_QUERY_BYTES];
    size_t count, cursor;
    char text[SKS_MAX_QUERY_BYTES + 1]; /* the same as UTF-8, with a NUL at its end */
    size_t size;
} browse_line;

/* Begin with a text; what does not fit, and bytes that are not UTF-8, are left out. */
void browse_line_set (browse_line *line, const char *text);

/* Apply a key. Returns whether the text has changed; *taken becomes true if this is a key for editing. */
bool browse_line_edit (browse_line *line, const browse_key *key, bool *taken);

/* The byte offset in the text of a place that is counted in code points. */
size_t browse_line_byte (const browse_line *line, size_t place);

#endif
