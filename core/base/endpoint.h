/* endpoint.h - the text of an endpoint: tcp://HOST:PORT or ipc://PATH.
 *
 * The daemon listens at an endpoint; a client connects to it. Other forms that libzmq accepts are refused: source
 * addresses of a client, other transports, socket names chosen by libzmq. */
#ifndef SKS_ENDPOINT_H
#define SKS_ENDPOINT_H

#include "error.h"

#include <stdbool.h>

#define SKS_MAX_ENDPOINT_BYTES 256 /* with NUL */
#define SKS_MAX_IPC_PATH_BYTES 107 /* sun_path of unix(7) without NUL */

/* The use of an endpoint. Only a client may use an abstract socket ("ipc://@NAME"): it has no file, so no file mode
 * keeps other users out. Only a listener may leave the port to the system ("*") or name all addresses (host "*"). */
enum sks_endpoint_use { SKS_ENDPOINT_CONNECT, SKS_ENDPOINT_LISTEN };

typedef struct sks_endpoint {
    const char *text;                  /* the complete text; borrowed from the caller */
    const char *path;                  /* of ipc, within text; NULL for tcp */
    char host[SKS_MAX_ENDPOINT_BYTES]; /* of tcp, without brackets; "" for ipc */
    char port[6];                      /* of tcp: digits, or "*" */
} sks_endpoint;

/* Read one endpoint; *out is valid as long as text. Returns 0 or SKS_EINVALID. */
int sks_endpoint_parse (sks_endpoint *out, const char *text, enum sks_endpoint_use use, sks_error *err);

/* The path of an ipc endpoint, NULL for any other. Borrowed: valid as long as text. */
const char *sks_endpoint_path (const char *text);

/* Whether it can be reached from this machine only: ipc, or a loopback address. A host name does not count, as it
 * may stand for any address. */
bool sks_endpoint_is_local (const sks_endpoint *endpoint);

/* Several endpoints to choose from. */
typedef struct sks_endpoints {
    sks_endpoint items[SKS_MAX_ENDPOINTS];
    size_t count;
    char *memory; /* owns the texts of the items */
} sks_endpoints;

/* Read a comma-separated list of endpoints to connect to. Free *out with sks_endpoints_free. Copies. Returns 0,
 * SKS_EINVALID or SKS_ENOMEM. */
int sks_endpoints_parse (sks_endpoints *out, const char *list, sks_error *err);
void sks_endpoints_free (sks_endpoints *endpoints);

#endif
