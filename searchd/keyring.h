/* keyring.h - the accepted public keys and their owners.
 *
 * Filled once, sealed, then only read: a change of keys makes a new ring, so that one can be used while the next is
 * built. It does not depend on files or sockets. */
#ifndef SKS_KEYRING_H
#define SKS_KEYRING_H

#include "core/base/certificate.h"

#define SKS_KEY_NAME_BYTES 256 /* with NUL; a file name fits */
#define SKS_MAX_KEYS 4096      /* clients of one daemon */

typedef struct sks_keyring sks_keyring;

/* An empty ring, NULL when out of memory. Caller owns it; free with
 * sks_keyring_destroy. */
sks_keyring *sks_keyring_create (void);

/* Takes ownership; sets *ring_p to NULL. Safe on NULL. */
void sks_keyring_destroy (sks_keyring **ring_p);

/* Add a key of 40 characters. Copies. Returns 0, SKS_ELIMIT past SKS_MAX_KEYS,
 * SKS_EINVALID when the text is not a key, or SKS_ENOMEM. */
int sks_keyring_add (sks_keyring *ring, const char *key, const char *name, sks_error *err);

/* Make it ready for sks_keyring_find; nothing is added afterwards. A key that
 * was added twice counts once, under the name that sorts first. */
void sks_keyring_seal (sks_keyring *ring);

/* A copy of a sealed ring, NULL when out of memory. Caller owns it; free with
 * sks_keyring_destroy. */
sks_keyring *sks_keyring_copy (const sks_keyring *ring);

/* Keys in a sealed ring, and the name of each in the order of the keys.
 * Borrowed: valid until the ring is destroyed. */
size_t sks_keyring_count (const sks_keyring *ring);
const char *sks_keyring_name (const sks_keyring *ring, size_t index);
const char *sks_keyring_key (const sks_keyring *ring, size_t index);

/* The name of the key's owner; NULL when it is not on the ring. Borrowed: valid until the
 * ring is destroyed. */
const char *sks_keyring_find (const sks_keyring *ring, const char *key);

#endif
