/* shell_line.h - the words of an unfinished command line, as a shell would read them. */
#ifndef SKS_SHELL_LINE_H
#define SKS_SHELL_LINE_H

#include "core/base/arena.h"

/* Split a line at blanks; quotes and backslashes are removed, and the last quote may be open. Nothing is expanded.
 *   *words   in memory, ended by NULL. The last one is the word being typed: "" after a blank.
 * Returns the number of words, 0 without memory. */
size_t sks_shell_line_split (sks_arena *memory, const char *line, char ***words);

#endif
