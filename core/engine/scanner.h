/* scanner.h - the text of a query, a place in it, and what stands there: signs,
 * words, operators. Knows no tree; query.h has the grammar.
 *
 * The text is a copy in which every white space is so many blanks: pasted text
 * has no-break and wide ones, and an operator stands between those as well. */
#ifndef SKS_SCANNER_H
#define SKS_SCANNER_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/text.h"

typedef struct sks_scanner {
    const char *text; /* NUL at its end */
    size_t size, at;
} sks_scanner;

/* Stand before the first byte of a text; false when memory is out. Copies the
 * text into the arena. */
bool sks_scanner_start (sks_scanner *out, sks_arena *arena, const char *text, size_t size);

/* Go on to what means something: over blanks and signs between words. */
void sks_scanner_skip (sks_scanner *s);

/* Bytes of the quotation mark at `at`: '"' or a curly one; 0 if there is none. */
size_t sks_scanner_quote (const sks_scanner *s, size_t at);

/* Whether a word starts at this very byte. */
bool sks_scanner_word (const sks_scanner *s, size_t at, sks_word *word);

/* Whether "-" here means NOT: it opens a token and something follows at once. */
bool sks_scanner_minus (const sks_scanner *s);

/* Whether "=" at `at` asks for exact forms. */
bool sks_scanner_exact (const sks_scanner *s, size_t at);

/* The field that this word names, with a colon behind it and a value behind
 * that; -1 if it names none. */
int sks_scanner_field (const sks_scanner *s, const sks_word *word);

/* Whether a whole SOC code stands here by itself: codes are searched for as they
 * are copied, and their digits are no words of any statement. */
bool sks_scanner_soc (const sks_scanner *s);

/* Skip, then tell the bytes of the operator `name` here, 0 if it is not there. */
size_t sks_scanner_operator (sks_scanner *s, const char *name);

/* The same for "NEAR" and "NEAR/n" with its distance. Returns 0, or
 * SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX for a distance that is none. */
int sks_scanner_near (sks_scanner *s, uint32_t *distance, size_t *size, sks_error *err);

#endif
