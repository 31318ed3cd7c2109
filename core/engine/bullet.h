/* bullet.h - what opens a line of a list: a bullet or a number. Sentences of a
 * text and lines of a query are read alike. */
#ifndef SKS_BULLET_H
#define SKS_BULLET_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the bullet ("-", "*", U+2022, "=>" ...) or label ("3.", "b)", "(iv)", "2.1",
 * "[4]", "#5", "6 -") at `at`, which is the first character of a line; 0 if there is
 * none. After common ASCII signs and numbers a blank follows, or a capital; after
 * letters and other signs a blank.
 * *label, which may be NULL: it is a number or a letter with a sign after it. */
size_t sks_bullet_at (const char *text, size_t size, size_t at, bool *label);

/* Whether one of the bullets that are nothing else stands at `at`, before a blank: such
 * a one parts the items of a list in one line, too. */
bool sks_bullet_amid (const char *text, size_t size, size_t at);

/* Bytes of the line end at `at`, 0 if there is none: LF, CR, CR LF, VT, FF,
 * U+0085, U+2028, U+2029. */
size_t sks_bullet_line_end (const char *text, size_t size, size_t at);

#endif
