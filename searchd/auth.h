/* auth.h - the key folder: who we are and who may come in.
 *
 *   DIR/server_secret   our own pair, a certificate as zcert(3) writes it
 *   DIR/server          its public half, for clients; not read here
 *   DIR/clients/NAME    the public certificate of a client, one file each
 *
 * This room reads files and judges them; guard.h lets in and keeps out. */
#ifndef SKS_AUTH_H
#define SKS_AUTH_H

#include "keyring.h"

#include <stdbool.h>
#include <stdint.h>

/* A pair of keys in Z85 text. */
typedef struct sks_key_pair {
    char public_key[SKS_KEY_BYTES], secret_key[SKS_KEY_BYTES];
} sks_key_pair;

/* Read DIR/server_secret. Returns 0 or SKS_EIO, whose text says what to do: the
 * file is missing, strangers can read it or change it, it belongs to somebody
 * else, or its keys are no pair. */
int sks_auth_read_server (sks_key_pair *out, const char *folder, sks_error *err);

/* A number that changes when anything in DIR/clients does. Returns 0, or
 * SKS_EIO when the folder cannot be looked at just now; one that is not there
 * or is closed to us has the mark 0. */
int sks_auth_mark (uint64_t *mark, const char *folder, sks_error *err);

/* Read DIR/clients into a sealed ring; one that is not there or is closed to us
 * lets in nobody. A file that is no certificate is logged by its name and
 * passed over: it must not keep the others out.
 *   *out   caller owns it; free with sks_keyring_destroy. NULL on failure.
 * Returns 0, SKS_EIO (not now: no descriptors, say) or SKS_ENOMEM. */
int sks_auth_read_clients (sks_keyring **out, const char *folder, sks_error *err);

/* Whether DIR/clients is a folder that only its owner and group can write to.
 * Returns 0 or SKS_EIO. Asked once, at the start. */
int sks_auth_check_clients (const char *folder, sks_error *err);

#endif
