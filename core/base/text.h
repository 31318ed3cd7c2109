/* text.h - defines words, duties and the identity of a statement.
 *
 * Index, query and highlighter all split and fold text only here, so the highlighted word is always the word that was
 * found.
 *
 * A word is a run of Unicode letters, digits and marks. It may also contain invisible characters, apostrophes between
 * letters, dots and commas inside numbers, up to three "+" or "#" after a letter, the dot of ".NET" and
 * ".5". Words that one sign joins without a blank are a compound: it is indexed as its words and as the joined form.
 * Folding makes the form for comparisons: "Cafe's" with any accent -> "cafe". docs/query-language.md has all rules
 * with examples. All positions are bytes; all texts are valid UTF-8. */
#ifndef SKS_TEXT_H
#define SKS_TEXT_H

#include "hash.h"
#include "utf8.h"

#include <skillsearch.h>

/* A word in a text: bytes [start, end). */
typedef struct sks_word {
    size_t start, end;
} sks_word;

/* The first word at or after byte `from`. False at the end. */
bool sks_text_word (const char *text, size_t size, size_t from, sks_word *out);

/* Maximum number of words in a compound; a longer run is several compounds. */
#define SKS_MAX_COMPOUND 8

/* A compound, or a word alone: e-mail, on-site, A/B, 24/7, 401(k), jane@x.org. */
typedef struct sks_compound {
    sks_word pieces[SKS_MAX_COMPOUND + 1]; /* one more is scratch */
    char signs[SKS_MAX_COMPOUND];          /* between them: "-", "/" ...; a blank when there is no sign */
    size_t count;                          /* 1: a word alone */
    size_t end;                            /* after the last piece and its closing parenthesis */
} sks_compound;

/* The compound that starts with the word `first`; returns its count. To read on, continue at the end of the last
 * piece. */
size_t sks_text_compound (const char *text, size_t size, sks_word first, sks_compound *out);

/* Write the folded form of one word, without NUL, and return its length; at most SKS_MAX_WORD_BYTES, cut at a
 * character boundary. 0 when nothing is left. */
size_t sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES]);

/* Write the joined form of a compound, as above: its folded pieces concatenated, with "&", and with the sign between
 * two digits. Returns 0 for a single word, and when the form would be longer than SKS_MAX_WORD_BYTES. */
size_t sks_text_join (const char *text, const sks_compound *compound, char out[SKS_MAX_WORD_BYTES]);

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

/* The length of the duty: the bytes before the first duty mark that has a word before it, 0 for a plain statement,
 * or if no word follows the mark. A mark is an em dash with a blank on one side or both, or an en dash or "--"
 * between blanks. */
size_t sks_text_duty (const char *text, size_t size);

/* The position of the first such mark at or after byte `from`; size if there is none. */
size_t sks_text_duty_mark (const char *text, size_t size, size_t from);

/* Whether a form is one of `count` words, which are sorted by their bytes. */
bool sks_text_listed (const char *form, size_t size, const char *const *list, size_t count);

/* Whether a folded word is a stop word: too common to distinguish statements. */
bool sks_text_stop_word (const char *form, size_t size);

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
