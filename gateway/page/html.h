/* html.h - the only writer of HTML: nothing else writes bytes into a page.
 *
 * The format must be a literal, or it does not compile; it is written unchanged.
 * Everything else is an argument:
 *     %s %.*s   a text, escaped for text and for values in double quotes. Bytes that
 *               are not UTF-8 and characters that HTML may not contain become U+FFFD.
 *     %d %'d    an int; with ' in groups of three: 40,640
 *     %f        a double with one digit after the point
 *     %%        a per cent sign
 * A URL is an argument as well; gw_address_write makes one. A failure (no memory) is recorded, as in bytes.h. */
#ifndef GW_HTML_H
#define GW_HTML_H

#include "gateway/http/bytes.h"

typedef struct html {
    gw_bytes bytes; /* used only by html.c */
} html;

#define html_put(page, ...) html_write (page, "" __VA_ARGS__)
void html_write (html *page, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* A text without bidirectional controls, for <title>, where no element can isolate
 * them. */
void html_plain (html *page, const char *text);

/* A message as a sentence: with a capital at its beginning and a full stop at its end. */
void html_sentence (html *page, const char *text);

/* "11 statements" */
void html_count (html *page, int count, const char *noun);

/* Append a part of the page that was written separately. */
void html_append (html *page, const html *part);

/* Move the bytes out, for the answer. */
gw_bytes html_take (html *page);

void html_free (html *page);

#endif
