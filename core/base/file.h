/* file.h - reads files whole. */
#ifndef SKS_FILE_H
#define SKS_FILE_H

#include "error.h"

#include <stddef.h>

/* Read a regular file to its end, but at most maximum + 1 bytes: size > maximum means that the file has more.
 *   *bytes  with a NUL at the end; caller owns it; free with free. NULL on failure.
 * Returns 0, SKS_EIO (the text names the path) or SKS_ENOMEM. */
int sks_file_read (const char *path, size_t maximum, char **bytes, size_t *size, sks_error *err);

/* The same for an open file or pipe; hint: the expected size. Returns 0, or -1 with errno set; then *bytes is
 * unchanged. */
int sks_file_read_all (int file, size_t hint, size_t maximum, char **bytes, size_t *size);

#endif
