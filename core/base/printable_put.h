/* printable_put.h - text from outside, made visible (printable.h), into a buffer. */
#ifndef SKS_PRINTABLE_PUT_H
#define SKS_PRINTABLE_PUT_H

#include "buffer.h"

/* Write size bytes of text, or all of it, as they are shown. */
void sks_printable_put (sks_buffer *out, const char *text, size_t size);
void sks_printable_puts (sks_buffer *out, const char *text);

/* Write valid JSON so that it may be shown: in its strings the same characters
 * become escapes of JSON, which mean what they meant. Line ends between its
 * values stay, other white space there becomes blanks. */
void sks_printable_put_json (sks_buffer *out, const char *text, size_t size);

#endif
