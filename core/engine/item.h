/* item.h - items of a list in a single line, as pasting may leave it: "1) Sort mail 2) Answer phones", "* Sort mail
 * * Answer phones". */
#ifndef SKS_ITEM_H
#define SKS_ITEM_H

#include <stddef.h>

/* Bytes of the bullet or label at `at` that opens an item inside a line; 0 if none does. These count:
 *   - for "*", U+00B7 and "|" between blanks: if the line begins with it or has it at least twice;
 *   - for "-" and U+2013 between blanks: if the line begins with it, before a capital;
 *   - for numbers and letters, as "2.", "2)", "(b)": if the line, or the text after a colon in it, begins with the
 *     first of the sequence, and none is missing.
 * Lines of more than 2,048 bytes are not searched. */
size_t sks_item_at (const char *text, size_t size, size_t at);

#endif
