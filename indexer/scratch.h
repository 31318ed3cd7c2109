/* scratch.h - a folder for files that nobody needs after the run.
 *
 * It is removed by sks_scratch_close, and when SIGHUP, SIGINT, SIGQUIT or SIGTERM
 * ends the program; only SIGKILL leaves it behind. One at a time. */
#ifndef SKS_SCRATCH_H
#define SKS_SCRATCH_H

#include "core/base/error.h"

#include <limits.h>
#include <stdint.h>

/* Make the folder in $TMPDIR, else /tmp, else /var/tmp, else /dev/shm: the first that
 * can be written and has `bytes` free; when none has so much, the first that can be
 * written. The signals above are blocked and taken by a thread from here on: other threads
 * are started later, or block them.
 *   path   becomes the folder
 * Returns 0, or SKS_EIO or SKS_EINVALID: all of them failed, and the text names the
 * first. */
int sks_scratch_open (char path[PATH_MAX], uint64_t bytes, sks_error *err);

/* Remove the folder with all in it. Without one it does nothing. */
void sks_scratch_close (void);

#endif
