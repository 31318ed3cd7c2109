/* copy.h - copies of files, and files compared with their copies. */
#ifndef SKS_COPY_H
#define SKS_COPY_H

#include "core/base/error.h"

#include <stdbool.h>

/* Copy a whole file to a name that does not exist, and sync it. Where the file system can, the copy shares the disk
 * space of the original until one of them is changed; it never shares a change. After a failure a part of the copy may
 * be there.
 * Returns 0 or SKS_EIO; the text names the file. */
int sks_copy_file (const char *from, const char *to, sks_error *err);

/* Whether both files can be read and have the same bytes. */
bool sks_copy_is_same (const char *one, const char *other);

#endif
