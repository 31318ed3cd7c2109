/* credentials.h - finds and reads the keys of a client.
 *
 * Both are needed: the daemon's public key, so that nobody else can answer in its place, and our own pair, by which
 * it knows us. One without the other is an error, never taken for "without keys". */
#ifndef SKS_CREDENTIALS_H
#define SKS_CREDENTIALS_H

#include "core/base/certificate.h"

typedef struct sks_credentials {
    char server_key[SKS_KEY_BYTES]; /* "": no keys are used */
    sks_certificate own;
} sks_credentials;

/* Read the certificates.
 *   server_key, client_key   files; NULL: those in the environment, else none.
 * Returns 0 or SKS_EINVALID. */
int sks_credentials_read (sks_credentials *out, const char *server_key, const char *client_key, sks_error *err);

#endif
