/* markup.h - what HTML leaves in the texts of an export. */
#ifndef SKS_MARKUP_H
#define SKS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

/* Replace the character references of HTML in place: &amp; &mdash; &#8212; &#x2014;, and
 * such that were escaped twice, &amp;mdash;. An unknown name, a number that is no
 * character, and "&" alone stay. The text has a NUL at its end and gets no longer.
 * Returns its bytes; *decoded tells whether there were any. */
size_t sks_markup_decode (char *text, size_t size, bool *decoded);

/* Whether there is a tag: "<", perhaps "/", a letter, and ">" behind it. */
bool sks_markup_has_tag (const char *text, size_t size);

#endif
