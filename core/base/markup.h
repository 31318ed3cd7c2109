/* markup.h - remnants of HTML and of wrong encodings in texts: exports, pasted queries. */
#ifndef SKS_MARKUP_H
#define SKS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character that was meant at byte `at` of valid UTF-8, or 0 if the text there is correct; *length is the number of
 * bytes that it replaces:
 *   - a character reference of HTML: &amp; &mdash; &#8212; &#x2014;, also escaped twice, &amp;mdash;. An unknown name,
 *     a number that is not a character, and "&" alone stay;
 *   - UTF-8 that was read as Windows-1252: U+00C3 U+00A9 for U+00E9, and punctuation. */
uint32_t sks_markup_at (const char *text, size_t size, size_t at, size_t *length);

/* Replace all of them in place. The text ends in NUL and never becomes longer. Returns its length; *references and
 * *mojibake are set when there was one of the kind. */
size_t sks_markup_decode (char *text, size_t size, bool *references, bool *mojibake);

/* Write the character that was meant at `at` over the bytes that it replaces, so that all others keep their
 * positions. The other bytes become invisible characters, or blanks if the character separates words. Returns whether
 * there was one. */
bool sks_markup_cover (char *text, size_t size, size_t at, size_t *length);

typedef enum sks_markup_element {
    SKS_MARKUP_UNKNOWN, /* not an element of HTML, as in "<C>" */
    SKS_MARKUP_INLINE,  /* <b> */
    SKS_MARKUP_BLOCK    /* separates sentences: <li> */
} sks_markup_element;

#define SKS_LONGEST_TAG 256 /* bytes; a longer one is text */

/* Bytes of the tag at `at`, 0 if there is none: "<", optionally "/", a name, optionally attributes, and ">". */
size_t sks_markup_tag (const char *text, size_t size, size_t at, sks_markup_element *element);

/* Whether there is a tag: "<", optionally "/", a letter, and a ">" later. */
bool sks_markup_has_tag (const char *text, size_t size);

#endif
