/* invocation.h - writes the current command in a form that can be pasted into a shell. */
#ifndef SKS_INVOCATION_H
#define SKS_INVOCATION_H

#include "core/base/buffer.h"

/* Write a command with another --offset, quoted where a shell needs it.
 *   words   the program, then its arguments without --offset, ended by NULL; NULL: only the option is written. */
void sks_invocation_put (sks_buffer *out, const char *const *words, uint32_t offset);

#endif
