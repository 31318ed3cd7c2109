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
    uint32_t timeout_ms; /* what the deadline came from, to be told */
} sks_call;

/* Connect to the first endpoint of a list that answers.
 *   server_key, client_key   as in credentials.h.
 *   *out   caller owns it; free with sks_connection_close. NULL on failure.
 * Returns 0, SKS_EINVALID, SKS_EAUTH, SKS_ECONNECT, SKS_EDEADLINE, SKS_EIO or
 * SKS_ENOMEM. */
int sks_connection_open (sks_connection **out, const char *endpoints, const char *server_key, const char *client_key,
                         sks_deadline deadline, sks_error *err);

/* Takes ownership; sets *connection_p to NULL. Safe on NULL. */
void sks_connection_close (sks_connection **connection_p);

/* The same in a child of fork: ZeroMQ's threads are the parent's, so its socket and
 * its context are left alone. */
void sks_connection_abandon (sks_connection **connection_p);

/* How many endpoints it has to choose from. */
size_t sks_connection_endpoints (const sks_connection *connection);

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
