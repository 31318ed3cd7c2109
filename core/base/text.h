/* text.h - a text as a whole: its white space, its visible characters, its hash.
 *
 * Index, query and highlighter split and fold text only here and in text_word.h, text_compound.h and text_fold.h, so
 * the highlighted word is always the word that was found. text_duty.h finds the duty of a statement, text_list.h
 * knows the stop words. docs/query-language.md has all rules with examples. All positions are bytes; all texts are
 * valid UTF-8. */
#ifndef SKS_TEXT_H
#define SKS_TEXT_H

#include "hash.h"

#include <stdbool.h>
#include <stddef.h>

/* The letter case of the character at `at`: 'A' for a capital, 'a' for a small letter, 0 for anything else; *length
 * is its number of bytes. */
char sks_text_case (const char *text, size_t size, size_t at, size_t *length);

/* The length of the white space character at `at`, 0 for other characters: blank, tab,
 * line ends (U+0085, U+2028 and U+2029 too), no-break spaces (U+00A0, U+202F),
 * the blanks U+2000..U+200A and U+3000. */
size_t sks_text_blank (const char *text, size_t size, size_t at);

/* Trim, and fold each run of white space to one blank: the form of a statement that is stored, hashed and shown. out
 * has space for size bytes, and may be the text itself; returns the length. */
size_t sks_text_squeeze (const char *text, size_t size, char *out);

/* The text in Unicode's composed normal form (NFC), so that one wording has one
 * id. *out: caller frees it; with a NUL at its end. NULL when out of memory. */
size_t sks_text_compose (const char *text, size_t size, char **out);

/* The same in the compatibility form (NFKC): full-width letters, ligatures and special blanks become plain ones. */
size_t sks_text_compose_compatible (const char *text, size_t size, char **out);

/* Whether a text has a visible character: one that is not white space, control, format or default-ignorable, and not
 * an empty glyph such as the blank Braille pattern. */
bool sks_text_visible (const char *text, size_t size);

/* The hash in statement ids: XXH3-64 over the squeezed text. An id
 * holds its first 12 hexadecimal digits, or all 16: core/index/store.h. */
uint64_t sks_text_hash (const char *text, size_t size);

/* The digits of a short id, as a number. */
static inline uint64_t
sks_short_hash (uint64_t hash)
{
    return hash >> 16;
}

#endif
