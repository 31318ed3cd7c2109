/* encoding.h - converts the bytes of a file to UTF-8, or says why they are not text. */
#ifndef SKS_ENCODING_H
#define SKS_ENCODING_H

#include "core/base/error.h"

/* Convert UTF-16 with a byte order mark to UTF-8; leave everything else unchanged.
 *   *bytes   from malloc, with a NUL at the end; replaced and freed when they change.
 *   *fault   NULL, or what the bytes are instead of text, and how to convert them ("gzip: unpack it first (gunzip)").
 *            Borrowed: valid for ever.
 * Returns 0 or SKS_ENOMEM. */
int sks_encoding_decode (char **bytes, size_t *size, const char **fault, sks_error *err);

#endif
