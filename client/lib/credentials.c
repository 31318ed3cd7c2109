/* credentials.c - both keys or neither. */
#include "credentials.h"

#include <stdlib.h>
#include <string.h>

#define SERVER_VARIABLE "SKILLSEARCH_SERVER_KEY"
#define CLIENT_VARIABLE "SKILLSEARCH_CLIENT_KEY"

static const char *
or_environment (const char *path, const char *variable)
{
    if (!path)
        path = getenv (variable);
    return path && *path ? path : NULL;
}

int
sks_credentials_read (sks_credentials *out, const char *server_key, const char *client_key, sks_error *err)
{
    sks_certificate server;
    const char *theirs = or_environment (server_key, SERVER_VARIABLE);
    const char *ours = or_environment (client_key, CLIENT_VARIABLE);
    memset (out, 0, sizeof *out);
    if (!theirs && !ours)
        return 0;
    if (!theirs)
        return sks_fail (err, SKS_EINVALID,
                         "a client key is given and no key of the daemon: "
                         "--server-key FILE or $" SERVER_VARIABLE);
    if (!ours)
        return sks_fail (err, SKS_EINVALID,
                         "the daemon's key is given and no client key: "
                         "--client-key FILE or $" CLIENT_VARIABLE);
    int rc = sks_certificate_read_public (&server, theirs, err);
    if (rc == 0)
        rc = sks_certificate_read_secret (&out->own, ours, err);
    if (rc == 0)
        memcpy (out->server_key, server.public_key, sizeof out->server_key);
    return rc;
}
