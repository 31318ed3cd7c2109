/* exchange.c - sends, waits for the reply, and tries the next endpoint. */
#include "exchange.h"

#include "probe.h"

#define PROBE_MS 2000     /* for one endpoint, to find out what answers */
#define HANDSHAKE_MS 2000 /* after that, until ZeroMQ is connected to it */
#define SENDS 2           /* at most, of one request whose connection breaks */

static int
connect_to (sks_exchange *exchange, sks_deadline deadline, sks_error *err)
{
    char address[SKS_PROBE_ADDRESS_BYTES];
    const sks_endpoint *endpoint = sks_connection_endpoint (exchange->connection, exchange->current);
    if (sks_deadline_left (deadline) == 0)
        return sks_fail (err, SKS_EDEADLINE, "no time left to connect to %s", endpoint->text);
    int rc = sks_connection_check_descriptors (err);
    if (rc == 0)
        rc = sks_probe (endpoint, sks_connection_has_keys (exchange->connection),
                        sks_deadline_within (deadline, PROBE_MS), address, err);
    if (rc == 0 && !exchange->channel)
        rc = sks_channel_open (&exchange->channel, exchange->connection, true, err);
    if (rc == 0)
        rc = sks_channel_connect (exchange->channel, exchange->current, address,
                                  sks_deadline_within (deadline, HANDSHAKE_MS), err);
    return rc;
}

int
sks_exchange_connect (sks_exchange *exchange, sks_deadline deadline, sks_error *err)
{
    size_t count = sks_connection_endpoints (exchange->connection), first = exchange->current;
    int rc = 0;
    for (size_t i = 0; i < count; i++) {
        exchange->current = (first + i) % count;
        int failed = connect_to (exchange, deadline, i ? NULL : err);
        if (failed == 0)
            return 0;
        rc = i ? rc : failed;
    }
    exchange->current = first;
    if (err && count > 1) {
        sks_error cause = *err;
        sks_fail (err, rc, "none of %zu endpoints can be used; the first: %s", count, cause.text);
    }
    return rc;
}

void
sks_exchange_move_on (sks_exchange *exchange)
{
    if (exchange->channel)
        sks_channel_hang_up (exchange->channel);
    exchange->current = (exchange->current + 1) % sks_connection_endpoints (exchange->connection);
}

static int
await_reply (sks_exchange *exchange, sks_deadline deadline, sks_error *err)
{
    for (;;) {
        int rc = sks_channel_receive (exchange->channel, &exchange->reply, err);
        if (rc)
            return rc;
        if (exchange->reply && !exchange->reply->json)
            return sks_fail (err, exchange->reply->code, "%s", exchange->reply->error.text);
        if (exchange->reply)
            return 0;
        sks_channel_wait (exchange->channel, deadline);
    }
}

int
sks_exchange_run (sks_exchange *exchange, const sks_call *call, const char **reply, size_t *size, sks_error *err)
{
    int rc = SKS_ECONNECT;
    for (int sends = 0; rc == SKS_ECONNECT && sends < SENDS; sends++) {
        sks_exchange_forget (exchange);
        rc = exchange->channel ? sks_channel_send (exchange->channel, call, NULL) : SKS_ECONNECT;
        if (rc) {
            rc = sks_exchange_connect (exchange, call->deadline, err);
            if (rc)
                return rc;
            rc = sks_channel_send (exchange->channel, call, err);
        }
        if (rc == 0)
            rc = await_reply (exchange, call->deadline, err);
        if (rc)
            sks_channel_hang_up (exchange->channel);
    }
    if (rc) {
        sks_exchange_move_on (exchange);
        return rc;
    }
    *reply = exchange->reply->json;
    *size = exchange->reply->size;
    return 0;
}

void
sks_exchange_forget (sks_exchange *exchange)
{
    sks_reply_destroy (&exchange->reply);
}
