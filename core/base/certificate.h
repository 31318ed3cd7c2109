/* certificate.h - files with keys, in the format of ZeroMQ certificates (ZPL):
 *
 *   metadata
 *       name = "alice"
 *   curve
 *       public-key = "40 characters of Z85"
 *       secret-key = "40 characters of Z85"
 *
 * A public certificate has no secret key; a secret one has both. The format is compatible with zcert and zmq.auth. */
#ifndef SKS_CERTIFICATE_H
#define SKS_CERTIFICATE_H

#include "error.h"

#include <sys/stat.h>

#define SKS_KEY_BYTES 41                 /* a key in Z85 text, with NUL */
#define SKS_CERTIFICATE_PATH_BYTES 4096  /* of a path, with NUL */
#define SKS_CERTIFICATE_SECRET "_secret" /* ends the name of a secret certificate's file */

/* Mode bits that a file must not have. */
#define SKS_CERTIFICATE_WRITABLE S_IWOTH                   /* a public certificate that anybody may change */
#define SKS_CERTIFICATE_OPEN (S_IWGRP | S_IXGRP | S_IRWXO) /* a secret that others may read or change */

typedef struct sks_certificate {
    char public_key[SKS_KEY_BYTES];
    char secret_key[SKS_KEY_BYTES]; /* "" in a public certificate */
} sks_certificate;

/* Read the certificate `name` in the open folder `folder` (or AT_FDCWD).
 *   refused   mode bits; a file with one of them is refused without reading it
 *   *status   filled when the file was opened; NULL if not needed
 * Returns 0; SKS_EINVALID: not a certificate, or refused; SKS_EIO: cannot be read
 * at this moment (such as no free descriptor); SKS_ENOMEM. The text does not name the file. The caller erases *out
 * when it has a secret key. */
int sks_certificate_read_at (sks_certificate *out, int folder, const char *name, mode_t refused, struct stat *status,
                             sks_error *err);

/* Read the public key of a public or secret certificate. Returns 0 or SKS_EINVALID, whose text names the file. */
int sks_certificate_read_public (sks_certificate *out, const char *path, sks_error *err);

/* Read a secret certificate. Users other than its owner and its group must not be able to read it. */
int sks_certificate_read_secret (sks_certificate *out, const char *path, sks_error *err);

/* Write PATH (mode 0644 less the umask), or PATH with SKS_CERTIFICATE_SECRET
 * appended (0600). An existing file is never overwritten. Returns 0,
 * SKS_EINVALID (the file exists) or SKS_EIO; on failure no new file is left. */
int sks_certificate_write_public (const sks_certificate *pair, const char *path, const char *name, sks_error *err);
int sks_certificate_write_secret (const sks_certificate *pair, const char *path, const char *name, sks_error *err);

#endif
