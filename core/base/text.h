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

#include "hash.h"
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

/* Bytes of the white space character at `at`, 0 if it is none: blank, tab,
 * line ends (U+0085, U+2028 and U+2029 too), no-break spaces (U+00A0, U+202F),
 * the blanks U+2000..U+200A and U+3000. */
size_t sks_text_blank (const char *text, size_t size, size_t at);

/* Trim, and fold each run of white space to one blank: the statement as it is
 * kept, hashed and shown. out has room for size bytes; returns the length. */
size_t sks_text_squeeze (const char *text, size_t size, char *out);

/* Whether anything of a text can be seen: a character that is no white space, control,
 * format or default-ignorable character, and no sign that shows nothing, as the
 * empty Braille pattern. */
bool sks_text_visible (const char *text, size_t size);

/* The length of the duty: the bytes before the first " — " (em dash between
 * blanks), 0 for a plain statement. */
size_t sks_text_duty (const char *text, size_t size);
#define SKS_DUTY_MARK " \xE2\x80\x94 "

/* Whether a folded word is a stop word: too common to tell statements apart. */
bool sks_text_stop_word (const char *form, size_t size);

/* The hash that statement ids are made of: XXH3-64 over the squeezed text. An id
 * holds its first 12 hexadecimal digits, or all 16: core/index/store.h. */
uint64_t sks_text_hash (const char *text, size_t size);

/* The digits of a short id, as a number. */
static inline uint64_t
sks_short_hash (uint64_t hash)
{
    return hash >> 16;
}

#endif
