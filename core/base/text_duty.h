/* text_duty.h - the duty of a statement: its first part, up to a dash. Positions are bytes; texts are valid UTF-8. */
#ifndef SKS_TEXT_DUTY_H
#define SKS_TEXT_DUTY_H

#include <stddef.h>

/* The length of the duty: the bytes before the first duty mark that has a word before it, 0 for a plain statement,
 * or if no word follows the mark. A mark is an em dash with a blank on one side or both, or an en dash or "--"
 * between blanks. */
size_t sks_text_duty (const char *text, size_t size);

/* The position of the first such mark at or after byte `from`; size if there is none. */
size_t sks_text_duty_mark (const char *text, size_t size, size_t from);

#endif
