/* connection.h - the way to a daemon: one of several endpoints, and one exchange
 * at a time with it.
 *
 * It knows bytes and the id that a reply must have, never what a request asks. */
#ifndef SKS_CONNECTION_H
#define SKS_CONNECTION_H

#include "core/base/error.h"
#include "core/wire/identity.h"
#include "deadline.h"

typedef struct sks_connection sks_connection;

/* A request, and how long its reply is waited for. */
typedef struct sks_call {
    const char *bytes;
    size_t size;
    sks_identity id; /* a reply with another one belongs to a request that was given up */
    sks_deadline deadline;
    uint32_t timeout_ms; /* what the deadline came from, for error messages */
} sks_call;

/* Connect to the first endpoint of a list that answers.
 *   server_key, client_key   as in credentials.h.
 *   deadline   of connecting; NULL: the first exchange connects.
 *   *out   caller owns it; free with sks_connection_close. NULL on failure.
 * Returns 0, SKS_EINVALID, SKS_EAUTH, SKS_ECONNECT, SKS_EDEADLINE, SKS_EIO or
 * SKS_ENOMEM. */
int sks_connection_open (sks_connection **out, const char *endpoints, const char *server_key, const char *client_key,
                         const sks_deadline *deadline, sks_error *err);

/* Takes ownership; sets *connection_p to NULL. Safe on NULL. */
void sks_connection_close (sks_connection **connection_p);

/* The same in a child of fork: ZeroMQ's threads are the parent's, so its socket and
 * its context are left alone. */
void sks_connection_abandon (sks_connection **connection_p);

/* How many endpoints it has to choose from, and the text of one of them.
 * Borrowed: valid until the connection is closed. */
size_t sks_connection_endpoints (const sks_connection *connection);
const char *sks_connection_endpoint (const sks_connection *connection, size_t index);

/* The ZeroMQ context. Borrowed: valid until the connection is closed. */
void *sks_connection_context (const sks_connection *connection);

/* A DEALER socket with the keys and limits of this connection, not connected.
 *   *out   caller owns it, after a failure as well; close with zmq_close unless
 *          it is NULL. */
int sks_connection_socket (const sks_connection *connection, const char *address, void **out, sks_error *err);

/* Whether libzmq finds the descriptors that it needs; it aborts the process
 * when there are none. Returns 0 or SKS_EIO. */
int sks_connection_check_descriptors (sks_error *err);

/* Hang up; the next exchange starts at the next endpoint. */
void sks_connection_move_on (sks_connection *connection);

/* Send a request, wait for its reply.
 *   *reply   borrowed: valid until sks_connection_forget or the next exchange.
 * Returns 0, SKS_EDEADLINE, or as sks_connection_open. */
int sks_connection_exchange (sks_connection *connection, const sks_call *call, const char **reply, size_t *size,
                             sks_error *err);

/* Free the last reply. */
void sks_connection_forget (sks_connection *connection);

#endif
