/* signs.h - which signs of a query are syntax. Pasted text is full of brackets,
 * quotation marks, bullets and capitals that mean nothing to a search.
 *
 *   - "(" and ")" are a group when an operator stands inside, before or after;
 *   - quotation marks are a phrase when two of them are a pair with a word
 *     between; one after a digit that closes nothing is inches;
 *   - a line without a small letter has no operators;
 *   - a bullet opens a line: of several lines "-" and "*" too, of any "1)";
 *   - references and tags of HTML, and UTF-8 read as Windows-1252, are what a reader
 *     sees of them;
 *   - "*" goes at the end of a word, "?" into none: other places are refused.
 *
 * What is read as a sign although it could be syntax is noted. */
#ifndef SKS_SIGNS_H
#define SKS_SIGNS_H

#include "notes.h"
#include "scanner.h"

/* Begin to scan a text at its first byte: copy it into the arena and mark its signs.
 * Returns 0, SKS_EQUERYSYNTAX (a "*" or "?" at the wrong place) or SKS_ENOMEM. */
int sks_signs_start (sks_scanner *out, sks_arena *arena, const char *text, size_t size, sks_notes *notes,
                     sks_error *err);

#endif
