/* exchange.h - blocking calls: one request and its reply at a time, on a channel.
 *
 * All operations only read, so a request whose connection broke is sent again, once. After a time-out the
 * connection is closed, which also drops a late reply, and the next exchange starts at the next endpoint. */
#ifndef SKS_EXCHANGE_H
#define SKS_EXCHANGE_H

#include "channel.h"

typedef struct sks_exchange {
    const sks_connection *connection;
    sks_channel *channel; /* NULL: nothing was connected yet */
    size_t current;       /* the endpoint in use, or the first to try */
    sks_reply *reply;     /* the last one */
} sks_exchange;

/* Connect to the first endpoint that answers, from the current one on. The failure
 * reported is that of the first one tried. Returns 0, SKS_EINVALID (keys),
 * SKS_EAUTH, SKS_ECONNECT, SKS_EDEADLINE, SKS_EIO or SKS_ENOMEM. */
int sks_exchange_connect (sks_exchange *exchange, sks_deadline deadline, sks_error *err);

/* Disconnect; the next exchange starts at the next endpoint. */
void sks_exchange_move_on (sks_exchange *exchange);

/* Send a request, wait for its reply.
 *   *reply   borrowed: valid until sks_exchange_forget or the next exchange.
 * Returns as sks_exchange_connect, or SKS_EPROTOCOL. */
int sks_exchange_run (sks_exchange *exchange, const sks_call *call, const char **reply, size_t *size, sks_error *err);

/* Free the last reply. */
void sks_exchange_forget (sks_exchange *exchange);

#endif
