/* invocation.h - writes the current command in a form that can be pasted into a shell. */
#ifndef SKS_INVOCATION_H
#define SKS_INVOCATION_H

#include "core/base/buffer.h"
#include "option.h"

/* Write a command with another --offset, quoted where a shell needs it.
 *   words   the program, then its arguments without --offset, ended by NULL; NULL: only the option is written. */
void sks_invocation_put (sks_buffer *out, const char *const *words, uint32_t offset);

/* Write "skillsearch search" and the arguments of a line whose first word was read as a command: the search for all of
 * its words. Nothing is written if there are no words after the command, or one is "-" or has a digit or "/", as ids,
 * codes and files have. */
void sks_invocation_put_search (sks_buffer *out, const sks_options *options);

#endif
