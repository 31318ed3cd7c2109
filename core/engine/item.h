/* item.h - items of a list that is in one line, as pasting leaves it: "1) Sort mail 2) Answer phones",
 * "* Sort mail * Answer phones". */
#ifndef SKS_ITEM_H
#define SKS_ITEM_H

#include <stddef.h>

/* Bytes of the bullet or label at `at` that opens an item inside a line; 0 if none does. It is one
 *   - for "*", U+00B7 and "|" between blanks: where the line opens with it or has it at least twice;
 *   - for "-" and U+2013 between blanks: where the line opens with it, before a capital;
 *   - for numbers and letters, as "2.", "2)", "(b)": where the line, or what follows a colon in it, opens with the
 *     first of them, and all between are there.
 * Lines of more than 2,048 bytes are not searched. */
size_t sks_item_at (const char *text, size_t size, size_t at);

#endif
