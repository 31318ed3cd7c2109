/* scanner.h - the text of a query and a position in it: recognises signs, words and operators. It does not depend
 * on the tree; query.h has the grammar.
 *
 * The text is a copy in which all white space and bullets are blanks: pasted text has no-break and wide spaces,
 * which may also surround an operator. Which signs are syntax is determined first (signs.h). */
#ifndef SKS_SCANNER_H
#define SKS_SCANNER_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/schema.h"
#include "core/base/text_word.h"
#include "notes.h"

/* What a byte of a query may be marked as. */
enum sks_sign {
    SKS_SIGN_NONE,
    SKS_SIGN_OPEN,   /* "(" of a group */
    SKS_SIGN_CLOSE,  /* its ")" */
    SKS_SIGN_QUOTE,  /* a quotation mark of a phrase: its first byte */
    SKS_SIGN_WORD,   /* the first byte of an operator's name that is an ordinary word here */
    SKS_SIGN_NAME,   /* the first byte of a word in capitals among small letters, or of an acronym */
    SKS_SIGN_COVERED /* in place of markup or of a sign of emphasis: a reader sees nothing there */
};

typedef struct sks_scanner {
    const char *text;  /* NUL at its end */
    const char *marks; /* of enum sks_sign, one for each byte */
    size_t size, at;
    bool lines;  /* the text has several lines, so it was pasted */
    bool simple; /* it has only small letters, digits and blanks: no signs and no operators */
} sks_scanner;

/* Skip blanks and signs between words. */
void sks_scanner_skip (sks_scanner *s);

/* The length of a phrase's quotation mark at `at`; 0 if there is none. */
size_t sks_scanner_quote (const sks_scanner *s, size_t at);

/* Whether a word starts exactly at this byte. */
bool sks_scanner_word (const sks_scanner *s, size_t at, sks_word *word);

/* Whether "-" at `at` means NOT: it begins a token, and something follows directly. */
bool sks_scanner_minus_at (const sks_scanner *s, size_t at);

/* Whether "=" at `at` means exact forms. */
bool sks_scanner_exact (const sks_scanner *s, size_t at);

/* The field that this word names; -1 if it names none. A colon and a value must follow, with or without blanks
 * between. *value is where the value starts. */
int sks_scanner_field (const sks_scanner *s, const sks_word *word, size_t *value);

/* The field that this word names without a value: the colon ends the query, or an operator or another field follows.
 * -1 if it names none. In a text of several lines it is never a field: "title:" is the heading of a line there. */
int sks_scanner_empty_field (const sks_scanner *s, const sks_word *word);

/* Whether a complete SOC code, or its six digits, is here as a separate token, with any dash, and followed by any
 * sign: people paste codes, and their digits are not words of statements. code receives it in the form of the
 * index. */
bool sks_scanner_soc (const sks_scanner *s, char code[SKS_SOC_BYTES + 1], size_t *end);

/* Bytes of the dash at `at`: "-" or another one; 0 if there is none. */
size_t sks_scanner_dash (const sks_scanner *s, size_t at);

/* The length of the operator at `at`, including its distance; 0 if there is none. */
size_t sks_scanner_operator_at (const sks_scanner *s, size_t at);

/* Skip, then return the length of the operator `name` here, 0 if there is none. */
size_t sks_scanner_operator (sks_scanner *s, const char *name);

/* The same for "NEAR" and "NEAR/n" with its distance. Returns 0, or
 * SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX for an invalid distance. */
int sks_scanner_near (sks_scanner *s, uint32_t *distance, size_t *size, sks_error *err);

#endif
