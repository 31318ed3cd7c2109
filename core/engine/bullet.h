/* bullet.h - the bullet or number that begins a line of a list. The same rules apply to texts and to queries. */
#ifndef SKS_BULLET_H
#define SKS_BULLET_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the bullet ("-", "*", U+2022, "=>" ...) or label ("3.", "b)", "(iv)", "2.1", "[4]", "#5", "6 -") at
 * `at`, which is the first character of a line; 0 if there is none. Common ASCII signs and numbers must be followed
 * by a blank or a capital; letters and other signs by a blank.
 * *label (may be NULL) is set to whether it is a number or a letter with a sign after it. */
size_t sks_bullet_at (const char *text, size_t size, size_t at, bool *label);

/* Whether a sign that is always a bullet is at `at`, followed by a blank: such a bullet also separates list items
 * within a line. */
bool sks_bullet_amid (const char *text, size_t size, size_t at);

/* Bytes of the line end at `at`, 0 if there is none: LF, CR, CR LF, VT, FF,
 * U+0085, U+2028, U+2029. */
size_t sks_bullet_line_end (const char *text, size_t size, size_t at);

#endif
