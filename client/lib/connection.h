/* connection.h - what all connections of a client share: the endpoints, the keys, and ZeroMQ's context. Immutable
 * once it is open. */
#ifndef SKS_CONNECTION_H
#define SKS_CONNECTION_H

#include "core/base/endpoint.h"

typedef struct sks_connection sks_connection;

/* Read a list of endpoints and the keys; connects to nothing.
 *   shuffle   put the endpoints into a random order, so that each client has its own.
 *   server_key, client_key   as in credentials.h.
 *   *out   caller owns it; free with sks_connection_close. NULL on failure.
 * Returns 0, SKS_EINVALID, SKS_EIO or SKS_ENOMEM. */
int sks_connection_open (sks_connection **out, const char *endpoints, bool shuffle, const char *server_key,
                         const char *client_key, sks_error *err);

/* Takes ownership; sets *connection_p to NULL. Safe on NULL. All its sockets must be
 * closed. */
void sks_connection_close (sks_connection **connection_p);

/* The same in a child of fork: ZeroMQ's threads exist only in the parent, so its context is left untouched. */
void sks_connection_abandon (sks_connection **connection_p);

/* The number of endpoints, and one of them. Borrowed: valid until the connection is closed. */
size_t sks_connection_endpoints (const sks_connection *connection);
const sks_endpoint *sks_connection_endpoint (const sks_connection *connection, size_t index);

bool sks_connection_has_keys (const sks_connection *connection);

/* The ZeroMQ context. Borrowed: valid until the connection is closed. */
void *sks_connection_context (const sks_connection *connection);

/* A DEALER socket with the keys and limits of this connection, not connected.
 *   *out   caller owns it, after a failure as well; close with zmq_close unless
 *          it is NULL. */
int sks_connection_socket (const sks_connection *connection, const char *address, void **out, sks_error *err);

/* Check that there are free descriptors for libzmq, which otherwise aborts the process. Returns 0 or SKS_EIO. */
int sks_connection_check_descriptors (sks_error *err);

#endif
