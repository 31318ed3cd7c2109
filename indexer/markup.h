/* markup.h - HTML remnants in the texts of an export. */
#ifndef SKS_MARKUP_H
#define SKS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

/* Replace the character references of HTML in place: &amp; &mdash; &#8212; &#x2014;, also when they were escaped
 * twice, &amp;mdash;. An unknown name, a number that is not a character, and "&" alone stay. The text ends in NUL and
 * never becomes longer. Returns its length; *decoded is set when there was one. */
size_t sks_markup_decode (char *text, size_t size, bool *decoded);

/* Whether there is a tag: "<", optionally "/", a letter, and a ">" later. */
bool sks_markup_has_tag (const char *text, size_t size);

#endif
