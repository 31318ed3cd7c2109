/* signs.h - decides which signs of a query are syntax. Pasted text is full of brackets, quotation marks, bullets
 * and capitals that have no meaning for a search.
 *
 *   - "(" and ")" are a group if an operator is inside, before or after them;
 *   - quotation marks are a phrase if they are a pair with a word between; an unpaired one after a digit means
 *     inches;
 *   - a line without small letters that has other words than acronyms, or one that is a sentence (prose.h), has no
 *     operators;
 *   - a bullet begins a line: "1)" in any text, "-" and "*" only in texts of several lines;
 *   - character references and tags of HTML, and UTF-8 read as Windows-1252, are read as a person sees them;
 *   - stars around several words of a line are emphasis;
 *   - "*" is otherwise allowed only at the end of a word, and "?" not inside a word: others are refused.
 *
 * A sign that could be syntax but is not read as such is noted. */
#ifndef SKS_SIGNS_H
#define SKS_SIGNS_H

#include "notes.h"
#include "scanner.h"

/* Begin to scan a text at its first byte: copy it into the arena and mark its signs.
 * Returns 0, SKS_EQUERYSYNTAX (a "*" or "?" in a wrong place) or SKS_ENOMEM. */
int sks_signs_start (sks_scanner *out, sks_arena *arena, const char *text, size_t size, sks_notes *notes,
                     sks_error *err);

#endif
