/* input.h - reads the text for a command from a file or standard input. */
#ifndef SKS_INPUT_H
#define SKS_INPUT_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* Read a complete file, or standard input ("-").
 *   most   bytes it may have; more is SKS_ELIMIT.
 *   *out   borrowed: valid until the arena is destroyed.
 * Returns 0, SKS_EIO, SKS_ELIMIT, SKS_EINVALID (a NUL in it) or SKS_ENOMEM. */
int sks_input_read (sks_arena *memory, const char *name, size_t most, char **out, sks_error *err);

#endif
