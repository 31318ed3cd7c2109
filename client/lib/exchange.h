/* exchange.h - blocking calls: one request and its reply at a time.
 *
 * With one endpoint, a request whose connection broke is sent again, once: all operations only read. After a time-out
 * the connection is closed, which also drops a late reply. With several endpoints there is a connection to each that
 * was used, and attempt.h says which of them a request is sent to. */
#ifndef SKS_EXCHANGE_H
#define SKS_EXCHANGE_H

#include "attempt.h"
#include "channel.h"

typedef struct sks_exchange {
    const sks_connection *connection;
    bool spread;                              /* each request begins at the next endpoint */
    sks_channel *channels[SKS_MAX_ENDPOINTS]; /* NULL: never connected */
    size_t current;                           /* the endpoint of the next request */
    sks_hedges hedges;
    sks_reply *reply; /* the last one */
} sks_exchange;

/* Connect to the first endpoint that answers, from the current one on. The failure
 * reported is that of the first one tried. Returns 0, SKS_EINVALID (keys),
 * SKS_EAUTH, SKS_ECONNECT, SKS_EUNAVAILABLE, SKS_EDEADLINE, SKS_EIO or SKS_ENOMEM. */
int sks_exchange_connect (sks_exchange *exchange, sks_deadline deadline, sks_error *err);

/* Send a request, wait for its reply.
 *   *reply   borrowed: valid until sks_exchange_forget or the next exchange.
 * Returns as sks_exchange_connect, or SKS_EPROTOCOL. */
int sks_exchange_run (sks_exchange *exchange, const sks_call *call, const char **reply, size_t *size, sks_error *err);

/* Free the last reply. */
void sks_exchange_forget (sks_exchange *exchange);

/* Close all connections. In a child of fork `abandon` is true: see channel.h. */
void sks_exchange_close (sks_exchange *exchange, bool abandon);

#endif
