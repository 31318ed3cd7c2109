/* keys.c - makes pairs of keys. */
#include "core/base/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define MAX_NAME_BYTES 128

/* The name is written between quotes on a line of a file. */
static int
check_name (const char *name, sks_error *err)
{
    if (!*name || strlen (name) > MAX_NAME_BYTES)
        return sks_fail (err, SKS_EINVALID, "a name has 1 to %d bytes", MAX_NAME_BYTES);
    for (const char *c = name; *c; c++)
        if ((unsigned char) *c < ' ' || *c == '"' || *c == '\x7F')
            return sks_fail (err, SKS_EINVALID, "a name must not contain quotes or control characters");
    return 0;
}

/* Both files or neither. The secret one is written first: a public one without it would be distributed and be
 * useless. */
int
sks_keys_write (const char *path, const char *name, sks_error *err)
{
    sks_certificate pair;
    if (!path || !name)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL: %s", path ? "the name" : "the path");
    int rc = check_name (name, err);
    if (rc)
        return rc;
    if (zmq_curve_keypair (pair.public_key, pair.secret_key))
        return sks_fail (err, SKS_EIO, "libzmq cannot make keys: %s", zmq_strerror (zmq_errno ()));
    rc = sks_certificate_write_secret (&pair, path, name, err);
    if (rc == 0 && (rc = sks_certificate_write_public (&pair, path, name, err))) {
        char secret[SKS_CERTIFICATE_PATH_BYTES];
        snprintf (secret, sizeof secret, "%s" SKS_CERTIFICATE_SECRET, path);
        unlink (secret);
    }
    explicit_bzero (&pair, sizeof pair);
    return rc;
}
