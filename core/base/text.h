/* text.h - what a character, a word, a duty and a statement's identity are.
 *
 * Index, query and highlighter all split and fold text here and nowhere else,
 * so a word that is highlighted is the word that was found.
 *
 * A word is a run of Unicode letters, digits and marks; an apostrophe between
 * two letters belongs to it. Everything else separates, so "full-time" is two
 * words. Folding makes the form that is compared: compatibility-composed,
 * case-folded, without diacritics, without apostrophes and a possessive 's:
 * "Café's" -> "cafe". All positions are bytes; all texts are valid UTF-8. */
#ifndef SKS_TEXT_H
#define SKS_TEXT_H

#include "utf8.h"

#include <skillsearch.h>

/* A word as it stands in a text: bytes [start, end). */
typedef struct sks_word {
    size_t start, end;
} sks_word;

/* The first word at or after byte `from`. False when there is none. */
bool sks_text_word (const char *text, size_t size, size_t from, sks_word *out);

/* Write the folded form of one word, without NUL, and return its length; at
 * most SKS_MAX_WORD_BYTES, cut at a character. 0 when nothing is left. */
size_t sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES]);

/* The letter case of the character at `at`: 'A' for a capital, 'a' for a small
 * letter, 0 for all else; *length is its bytes. */
char sks_text_case (const char *text, size_t size, size_t at, size_t *length);

/* Bytes of the white space character at `at`, 0 if it is none: blank, tab,
 * line ends (U+0085, U+2028 and U+2029 too), no-break spaces (U+00A0, U+202F),
 * the blanks U+2000..U+200A and U+3000. */
size_t sks_text_blank (const char *text, size_t size, size_t at);

/* Trim, and fold each run of white space to one blank: the statement as it is
 * kept, hashed and shown. out has room for size bytes; returns the length. */
size_t sks_text_squeeze (const char *text, size_t size, char *out);

/* The length of the duty: the bytes before the first " — " (em dash between
 * blanks), 0 for a plain statement. */
size_t sks_text_duty (const char *text, size_t size);
#define SKS_DUTY_MARK " \xE2\x80\x94 "

/* Whether a folded word is a stop word: too common to tell statements apart. */
bool sks_text_stop_word (const char *form, size_t size);

/* The hash of a statement id: the first 12 of the 16 hexadecimal digits of
 * XXH3-64 over the squeezed text, as a number. */
uint64_t sks_text_hash (const char *text, size_t size);

/* Hash of any bytes: the whole of XXH3-64. */
uint64_t sks_bytes_hash (const void *bytes, size_t size);

#endif
