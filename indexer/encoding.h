/* encoding.h - bytes of a file -> UTF-8, or why they are none. */
#ifndef SKS_ENCODING_H
#define SKS_ENCODING_H

#include "core/base/error.h"

/* Turn UTF-16 with a byte order mark into UTF-8; leave all else as it is.
 *   *bytes   from malloc, with a NUL at the end; replaced and freed when they change.
 *   *fault   NULL, or what the bytes are instead of text, with the way to make text
 *            of them ("gzip: unpack it first (gunzip)"). Borrowed: valid for ever.
 * Returns 0 or SKS_ENOMEM. */
int sks_encoding_decode (char **bytes, size_t *size, const char **fault, sks_error *err);

#endif
