/* auth.h - the key folder: the daemon's keys and the clients' keys.
 *
 *   DIR/server_secret   the daemon's pair of keys
 *   DIR/server          its public half, for clients; not read here
 *   DIR/clients/NAME    the public certificate of a client, one file each
 *
 * auth reads and checks files; guard.h accepts and refuses connections. */
#ifndef SKS_AUTH_H
#define SKS_AUTH_H

#include "keyring.h"

#include <stdbool.h>
#include <stdint.h>

/* Read DIR/server_secret. Returns 0 or SKS_EIO, whose text says what to do: the
 * folder or the file is missing, belongs to neither the daemon's user nor root, or can be changed by others; others
 * can read the file; its keys do not match. The caller erases *out. */
int sks_auth_read_server (sks_certificate *out, const char *folder, sks_error *err);

/* A number that changes whenever anything in DIR/clients changes. Returns 0, or SKS_EIO when the folder temporarily
 * cannot be read; a missing or unreadable folder has the mark 0. */
int sks_auth_mark (uint64_t *mark, const char *folder, sks_error *err);

/* Read DIR/clients into a sealed ring; a missing or unreadable folder admits nobody. A file that is not a public
 * certificate, or that has a secret key, is logged by name and ignored.
 *   *out   caller owns it; free with sks_keyring_destroy. NULL on failure.
 * Returns 0, SKS_EIO (temporary, for example no free descriptors) or SKS_ENOMEM. */
int sks_auth_read_clients (sks_keyring **out, const char *folder, sks_error *err);

/* Check that DIR/clients is ours or root's, and that only its owner and group
 * can write to it. Returns 0 or SKS_EIO. Called once, at the start. */
int sks_auth_check_clients (const char *folder, sks_error *err);

#endif
