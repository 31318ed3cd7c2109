/* printable_put.h - writes foreign text into a buffer, made printable (printable.h). */
#ifndef SKS_PRINTABLE_PUT_H
#define SKS_PRINTABLE_PUT_H

#include "buffer.h"

/* Write size bytes of text, or all of it, in printable form. */
void sks_printable_put (sks_buffer *out, const char *text, size_t size);
void sks_printable_puts (sks_buffer *out, const char *text);

/* The same with a backslash before each character of `special`, for formats in which those are markup. */
void sks_printable_put_escaped (sks_buffer *out, const char *text, const char *special);

/* Write a word quoted for a shell, if it needs that. Tabs and line ends become blanks. */
void sks_printable_put_word (sks_buffer *out, const char *word);

/* The same of a text that may be several words for the shell: blanks alone need no quotation marks. */
void sks_printable_put_words (sks_buffer *out, const char *text);

/* Write valid JSON in printable form: in strings the same characters become JSON escapes, so the values stay equal.
 * Between values line ends stay, and other white space becomes blanks. */
void sks_printable_put_json (sks_buffer *out, const char *text, size_t size);

#endif
