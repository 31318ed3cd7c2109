/* signs.h - which signs of a query are syntax. Pasted text is full of brackets,
 * quotation marks, bullets and capitals that mean nothing to a search.
 *
 *   - "(" and ")" are a group when an operator stands inside, before or behind;
 *   - quotation marks are a phrase when two of them are a pair with a word
 *     between; one behind a digit that closes nothing is inches;
 *   - a line without a small letter has no operators;
 *   - a bullet opens a line: of several lines "-" and "*" too, of any "1)";
 *   - "*" goes at the end of a word, "?" into none: other places are refused.
 *
 * What is read as a sign although it could be syntax is noted. */
#ifndef SKS_SIGNS_H
#define SKS_SIGNS_H

#include "notes.h"
#include "scanner.h"

/* What a byte of a query may be marked as. */
enum sks_sign {
    SKS_SIGN_NONE,
    SKS_SIGN_OPEN,  /* "(" of a group */
    SKS_SIGN_CLOSE, /* its ")" */
    SKS_SIGN_QUOTE, /* a quotation mark of a phrase: its first byte */
    SKS_SIGN_WORD,  /* the first byte of an operator's name that is a word */
    SKS_SIGN_NAME   /* the first byte of a word in capitals among small letters */
};

/* Mark the signs of `in`, whose marks are all 0; bullets are made blanks in
 * `copy`, its text. `text` is the query as it was typed, of the same size.
 * Returns 0, SKS_EQUERYSYNTAX (a "*" or "?" at the wrong place) or SKS_ENOMEM. */
int sks_signs_mark (const sks_scanner *in, const char *text, char *copy, char *marks, sks_arena *arena,
                    sks_notes *notes, sks_error *err);

#endif
