/* credentials.h - the keys that a client uses: which files, and what is in them.
 *
 * Keys come in two: the daemon's public one, so that nobody else can answer for
 * it, and our own pair, so that it knows us. One without the other is a
 * mistake, and a mistake never means "without keys". */
#ifndef SKS_CREDENTIALS_H
#define SKS_CREDENTIALS_H

#include "core/base/certificate.h"

typedef struct sks_credentials {
    char server_key[SKS_KEY_BYTES]; /* "": no keys are used */
    sks_certificate own;
} sks_credentials;

/* Read the certificates.
 *   server_key, client_key   files; NULL: of the environment, else none.
 * Returns 0 or SKS_EINVALID. */
int sks_credentials_read (sks_credentials *out, const char *server_key, const char *client_key, sks_error *err);

#endif
