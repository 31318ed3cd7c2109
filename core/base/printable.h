/* printable.h - makes foreign text safe for a terminal, a log or a report.
 *
 * A terminal obeys control characters, and direction marks can make a text look different from what programs read. So
 * they are made visible wherever foreign text is shown: C0 and DEL as \x1b; C1, line separators and direction marks
 * as \u202e; bytes that are not UTF-8 as \xff. All other characters stay unchanged. */
#ifndef SKS_PRINTABLE_H
#define SKS_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The code point of the first character of text, which has size bytes (above 0); -1 for a byte that is not UTF-8.
 * *length is its number of bytes. */
long sks_printable_point (const char *text, size_t size, size_t *length);

/* Whether a code point of sks_printable_point must be escaped. */
bool sks_printable_hides (long point);

/* Write the first character as it is shown; *length as above. Returns the number of bytes written; there is no NUL. */
#define SKS_PRINTABLE_BYTES 8
size_t sks_printable_next (char out[SKS_PRINTABLE_BYTES], const char *text, size_t size, size_t *length);

/* Write all of text, as it is shown, to a stream. */
void sks_printable_write (FILE *out, const char *text);

/* The same into an array of capacity bytes (above 0) with a NUL at the end. Characters that do not fit are left out,
 * never split. Returns the length. */
size_t sks_printable_copy (char *out, size_t capacity, const char *text, size_t size);

#endif
