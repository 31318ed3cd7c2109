/* certificate.h - files with keys, in the format of ZeroMQ certificates (ZPL):
 *
 *   metadata
 *       name = "alice"
 *   curve
 *       public-key = "40 characters of Z85"
 *       secret-key = "40 characters of Z85"
 *
 * A public certificate has no secret key; a secret one has both. What is read
 * here can be read by every program that knows such files, and the other way
 * round. */
#ifndef SKS_CERTIFICATE_H
#define SKS_CERTIFICATE_H

#include "core/base/error.h"

#define SKS_CERTIFICATE_KEY_BYTES 41     /* with NUL */
#define SKS_CERTIFICATE_SECRET "_secret" /* behind the name of a public certificate: the secret one's */

typedef struct sks_certificate {
    char public_key[SKS_CERTIFICATE_KEY_BYTES];
    char secret_key[SKS_CERTIFICATE_KEY_BYTES]; /* "" in a public certificate */
} sks_certificate;

/* Read a public certificate; of a secret one the public half. Returns 0 or
 * SKS_EINVALID, whose text names the file. */
int sks_certificate_read_public (sks_certificate *out, const char *path, sks_error *err);

/* Read a secret certificate. Refuses one that others can read or change. */
int sks_certificate_read_secret (sks_certificate *out, const char *path, sks_error *err);

/* Write PATH (mode 0644 less the umask), or PATH with SKS_CERTIFICATE_SECRET
 * behind it (0600). Never writes over a file. Returns 0, SKS_EINVALID (there is
 * one already) or SKS_EIO; then there is no new file. */
int sks_certificate_write_public (const sks_certificate *pair, const char *path, const char *name, sks_error *err);
int sks_certificate_write_secret (const sks_certificate *pair, const char *path, const char *name, sks_error *err);

#endif
