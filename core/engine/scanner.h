/* scanner.h - the text of a query, a place in it, and what is there: signs, words, operators.
 * Knows no tree; query.h has the grammar.
 *
 * The text is a copy in which white space of every kind and bullets are blanks:
 * pasted text has no-break and wide ones, and an operator stands between those
 * as well. Which signs are syntax is found first (signs.h). */
#ifndef SKS_SCANNER_H
#define SKS_SCANNER_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/schema.h"
#include "core/base/text.h"
#include "notes.h"

/* What a byte of a query may be marked as. */
enum sks_sign {
    SKS_SIGN_NONE,
    SKS_SIGN_OPEN,  /* "(" of a group */
    SKS_SIGN_CLOSE, /* its ")" */
    SKS_SIGN_QUOTE, /* a quotation mark of a phrase: its first byte */
    SKS_SIGN_WORD,  /* the first byte of an operator's name that is a word */
    SKS_SIGN_NAME   /* the first byte of a word in capitals among small letters */
};

typedef struct sks_scanner {
    const char *text;  /* NUL at its end */
    const char *marks; /* of enum sks_sign, one for each byte */
    size_t size, at;
} sks_scanner;

/* Go on to what means something: over blanks and signs between words. */
void sks_scanner_skip (sks_scanner *s);

/* Bytes of the quotation mark of a phrase at `at`; 0 if there is none. */
size_t sks_scanner_quote (const sks_scanner *s, size_t at);

/* Whether a word starts at this very byte. */
bool sks_scanner_word (const sks_scanner *s, size_t at, sks_word *word);

/* Whether "-" at `at` means NOT: it opens a token and something follows at once. */
bool sks_scanner_minus_at (const sks_scanner *s, size_t at);

/* Whether "=" at `at` means exact forms. */
bool sks_scanner_exact (const sks_scanner *s, size_t at);

/* The field that this word names, with a colon after it and a value after
 * that, with or without blanks between; -1 if it names none. *value is where
 * the value starts. */
int sks_scanner_field (const sks_scanner *s, const sks_word *word, size_t *value);

/* Whether a whole SOC code, or its six digits, stand here by themselves, with
 * any dash and any sign after: codes are searched for as they are copied, and
 * their digits are no words of any statement. code gets it as in the index. */
bool sks_scanner_soc (const sks_scanner *s, char code[SKS_SOC_BYTES + 1], size_t *end);

/* Bytes of the dash at `at`: "-" or another one; 0 if there is none. */
size_t sks_scanner_dash (const sks_scanner *s, size_t at);

/* Bytes of the operator at `at`, with a distance if it has one; 0 if there is none. */
size_t sks_scanner_operator_at (const sks_scanner *s, size_t at);

/* Skip, then return the number of bytes of the operator `name` here, 0 if it is not there. */
size_t sks_scanner_operator (sks_scanner *s, const char *name);

/* The same for "NEAR" and "NEAR/n" with its distance. Returns 0, or
 * SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX for an invalid distance. */
int sks_scanner_near (sks_scanner *s, uint32_t *distance, size_t *size, sks_error *err);

#endif
