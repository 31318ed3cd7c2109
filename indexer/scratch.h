/* scratch.h - a folder for temporary files.
 *
 * It is removed by sks_scratch_close, and when SIGHUP, SIGINT, SIGQUIT or SIGTERM ends the program; only after
 * SIGKILL it stays. There is one at a time. */
#ifndef SKS_SCRATCH_H
#define SKS_SCRATCH_H

#include "core/base/error.h"

#include <limits.h>
#include <stdint.h>

/* Create the folder in $TMPDIR, else /tmp, else /var/tmp, else /dev/shm: the first writable one with `bytes` free, or
 * else the first writable one. From here on the signals above are blocked and handled by a thread: start other
 * threads later, or block the signals in them.
 *   path   becomes the folder
 * Returns 0, or SKS_EIO or SKS_EINVALID when all of them failed; the text names the first. */
int sks_scratch_open (char path[PATH_MAX], uint64_t bytes, sks_error *err);

/* The same, but create the folder as ".NAME.XXXXXX" beside `target`, a path without a slash at its end: it can be
 * renamed to it. If the folder no longer has its name, sks_scratch_close removes what has it now, if anything. */
int sks_scratch_open_beside (char path[PATH_MAX], const char *target, sks_error *err);

/* Call it before the folder is renamed: from here on a signal waits until sks_scratch_close, so that it cannot remove
 * files of the folder while that gets its name. */
void sks_scratch_release (void);

/* Remove the folder with everything in it. Does nothing if there is no folder. */
void sks_scratch_close (void);

#endif
