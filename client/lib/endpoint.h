/* endpoint.h - where a daemon may answer: the list a client names, and a plain
 * connection to one of them.
 *
 * ZeroMQ connects in the background and never says that nobody is there. So a
 * socket of our own knocks first, hears who answers, and hangs up. */
#ifndef SKS_ENDPOINT_H
#define SKS_ENDPOINT_H

#include "core/base/error.h"
#include "deadline.h"

#include <stdbool.h>

typedef struct sks_endpoint {
    const char *text; /* as it was named: "tcp://host:port" or "ipc://path" */
    const char *host; /* of tcp, without brackets; NULL for ipc */
    const char *port;
    const char *path; /* of ipc; a leading "@" is the abstract name space; NULL for tcp */
} sks_endpoint;

typedef struct sks_endpoints {
    sks_endpoint items[SKS_MAX_ENDPOINTS];
    size_t count;
    char *memory; /* owns the strings of the items */
} sks_endpoints;

/* Read a list with commas between its parts into *out, which sks_endpoints_free
 * releases. Copies. Returns 0, SKS_EINVALID or SKS_ENOMEM. */
int sks_endpoints_parse (sks_endpoints *out, const char *list, sks_error *err);
void sks_endpoints_free (sks_endpoints *endpoints);

/* "tcp://", an address of 45 characters with a scope and brackets, a port; or
 * "ipc://" and a path of 107 bytes. */
#define SKS_ENDPOINT_BYTES 160

/* Connect to the endpoint, read its greeting and hang up again.
 *   with_keys who answers must use keys; else he must not.
 *   address   receives what answered, with the host as a number, so that no
 *             later step can choose another address of the same name.
 * Does not wait beyond the deadline, but for the look-up of a host name. Returns
 * 0; SKS_ECONNECT, whose text says what to start; SKS_EDEADLINE when somebody
 * takes the connection and sends no greeting; SKS_EAUTH when one side uses keys
 * and the other does not; or SKS_EIO (no descriptors). */
int sks_endpoint_probe (const sks_endpoint *endpoint, bool with_keys, sks_deadline deadline,
                        char address[SKS_ENDPOINT_BYTES], sks_error *err);

#endif
