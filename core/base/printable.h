/* printable.h - text from outside on its way to a terminal, a log or a report.
 *
 * A terminal obeys control characters, and marks of writing direction show a
 * text otherwise than it is read by a program. So these become visible wherever
 * a text of others is shown: C0 and DEL as \x1b, C1, line separators and marks
 * of direction as \u202e, bytes that are no UTF-8 as \xff. All other characters
 * stay as they are. */
#ifndef SKS_PRINTABLE_H
#define SKS_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The first character of text, of which size bytes are there (above 0): its code
 * point, -1 for a byte that is no UTF-8. *length is how many bytes it has. */
long sks_printable_point (const char *text, size_t size, size_t *length);

/* Whether a code point of sks_printable_point must not be shown as it is. */
bool sks_printable_hides (long point);

/* Write the first character as it is shown; *length as above. Returns how many
 * bytes were written, no NUL among them. */
#define SKS_PRINTABLE_BYTES 8
size_t sks_printable_next (char out[SKS_PRINTABLE_BYTES], const char *text, size_t size, size_t *length);

/* Write all of text, as it is shown, to a stream. */
void sks_printable_write (FILE *out, const char *text);

/* The same into room bytes (above 0) with a NUL at the end. What has no room is
 * left out, never a part of a character. Returns the length. */
size_t sks_printable_copy (char *out, size_t room, const char *text, size_t size);

#endif
