/* exchange.c - sends, waits for the reply, and tries other endpoints. */
#include "exchange.h"

#include "breaker.h"
#include "core/wire/wire.h"
#include "inflow.h"
#include "probe.h"

#include <poll.h>
#include <string.h>

#define PROBE_MS 2000     /* at least, for one endpoint, to find out what answers */
#define HANDSHAKE_MS 2000 /* at least, after that, until ZeroMQ is connected to it */
#define MOST_TRY_MS 1000  /* for each of both, while there are other endpoints to try */
#define SENDS 2           /* at most, of one request whose connection breaks */
#define STATUS_BYTES 512  /* of a reply, within which its "ok" is */

/* ------------------------------------------------------------- one endpoint */

/* Connect to the current endpoint.
 *   wait_ms   for the probe, and for the handshake; 0: a share of the caller's time for each, as it knows how long its
 *             machine may stall */
static int
connect_to (sks_exchange *exchange, uint32_t wait_ms, sks_deadline deadline, sks_error *err)
{
    char address[SKS_PROBE_ADDRESS_BYTES];
    const sks_endpoint *endpoint = sks_connection_endpoint (exchange->connection, exchange->current);
    sks_channel **channel = &exchange->channels[exchange->current];
    if (sks_deadline_left (deadline) == 0)
        return sks_fail (err, SKS_EDEADLINE, "no time left to connect to %s", endpoint->text);
    int rc = sks_connection_check_descriptors (err);
    if (rc == 0)
        rc = sks_probe (endpoint, sks_connection_has_keys (exchange->connection),
                        wait_ms ? sks_deadline_within (deadline, wait_ms) : sks_deadline_share (deadline, PROBE_MS),
                        address, err);
    if (rc == 0 && !*channel)
        rc = sks_channel_open (channel, exchange->connection, exchange->current, true, err);
    if (rc == 0)
        rc = sks_channel_connect (
            *channel, address,
            wait_ms ? sks_deadline_within (deadline, wait_ms) : sks_deadline_share (deadline, HANDSHAKE_MS), err);
    return rc;
}

static int
await_reply (sks_exchange *exchange, sks_channel *channel, sks_deadline deadline, sks_error *err)
{
    for (;;) {
        int rc = sks_channel_receive (channel, &exchange->reply, err);
        if (rc)
            return rc;
        if (exchange->reply && !exchange->reply->json)
            return sks_fail (err, exchange->reply->code, "%s", exchange->reply->error.text);
        if (exchange->reply)
            return 0;
        sks_channel_wait (channel, deadline);
    }
}

static int
ask_one (sks_exchange *exchange, const sks_call *call, sks_error *err)
{
    int rc = SKS_ECONNECT;
    for (int sends = 0; rc == SKS_ECONNECT && sends < SENDS; sends++) {
        sks_exchange_forget (exchange);
        rc = exchange->channels[0] ? sks_channel_send (exchange->channels[0], call, NULL) : SKS_ECONNECT;
        if (rc) {
            rc = connect_to (exchange, 0, call->deadline, err);
            if (rc)
                break;
            rc = sks_channel_send (exchange->channels[0], call, err);
        }
        if (rc == 0)
            rc = await_reply (exchange, exchange->channels[0], call->deadline, err);
        if (rc)
            sks_channel_hang_up (exchange->channels[0]);
    }
    return rc;
}

/* -------------------------------------------------------- several endpoints */
struct ask {
    sks_exchange *exchange;
    const sks_call *call; /* NULL: only connect */
    sks_deadline deadline;
    sks_attempt attempt;
    unsigned late;     /* endpoints that did not answer within try_ms: tried once more, with more time */
    uint32_t try_ms;   /* as wait_ms of connect_to */
    sks_error failure; /* the first, unless a reply is held; code 0: none */
};

/* Connect to the current endpoint if that is needed, and send the request. */
static int
send_to_current (const struct ask *ask, sks_error *err)
{
    sks_exchange *exchange = ask->exchange;
    sks_channel **channel = &exchange->channels[exchange->current];
    if (*channel && ask->call && sks_channel_send (*channel, ask->call, NULL) == 0)
        return 0;
    int rc = connect_to (exchange, ask->try_ms, ask->deadline, err);
    return rc || !ask->call ? rc : sks_channel_send (*channel, ask->call, err);
}

/* The current endpoint cannot be used. */
static void
skip_current (struct ask *ask, const sks_error *failure)
{
    size_t current = ask->exchange->current;
    int code = failure->code;
    bool late = code == SKS_EDEADLINE && sks_deadline_left (ask->deadline) > 0;
    ask->attempt.tried |= 1u << current;
    if (late && ask->try_ms)
        ask->late |= 1u << current;
    if (!ask->failure.code)
        ask->failure = *failure;
    if (late || code == SKS_ECONNECT || code == SKS_EUNAVAILABLE || code == SKS_EAUTH)
        sks_breaker_trip (sks_connection_endpoint (ask->exchange->connection, current));
}

/* Send the request to the next endpoint that takes it. Those that were too slow are tried again after all others,
 * unless an endpoint has the request already. False if there is no such endpoint. */
static bool
send_next (struct ask *ask)
{
    sks_exchange *exchange = ask->exchange;
    size_t count = sks_connection_endpoints (exchange->connection), from = exchange->current;
    for (;;) {
        sks_error err;
        size_t next = sks_attempt_next (&ask->attempt, exchange->connection, from, ~0u);
        if (next == count && ask->late && !ask->attempt.asked) {
            ask->attempt.tried &= ~ask->late;
            ask->late = ask->try_ms = 0;
        } else if (next == count) {
            exchange->current = from;
            return false;
        } else {
            exchange->current = next;
            if (send_to_current (ask, &err) == 0) {
                sks_attempt_send (&ask->attempt, next, ask->call ? ask->call->timeout_ms : 0);
                return true;
            }
            skip_current (ask, &err);
        }
    }
}

/* Sleep until one of the endpoints that have the request may have replied, but only briefly. */
static void
wait_for_any (const struct ask *ask)
{
    struct pollfd items[SKS_MAX_ENDPOINTS];
    nfds_t count = 0;
    for (size_t i = 0; i < SKS_MAX_ENDPOINTS; i++)
        if (ask->attempt.asked & 1u << i)
            items[count++] = (struct pollfd) { sks_channel_fd (ask->exchange->channels[i]), POLLIN, 0 };
    poll (items, count, sks_deadline_left (sks_deadline_within (ask->deadline, SKS_INFLOW_LOOK_MS)));
}

/* The code of a reply. Only that of a refusal is decoded. */
static int
read_status (const sks_reply *reply)
{
    static const char fine[] = "\"ok\":true";
    size_t size = reply->size < STATUS_BYTES ? reply->size : STATUS_BYTES;
    if (memmem (reply->json, size, fine, sizeof fine - 1))
        return 0;
    return sks_reply_decode_status (reply->json, reply->size, NULL);
}

/* The request ended at an endpoint. Whether it is over: exchange->reply or the failure is the result. */
static bool
take (struct ask *ask, size_t endpoint, sks_reply *reply)
{
    sks_exchange *exchange = ask->exchange;
    const sks_connection *connection = exchange->connection;
    bool answered = reply->json != NULL;
    int code = answered ? read_status (reply) : reply->code;
    bool late = !answered && code == SKS_EDEADLINE;
    if (answered || late)
        sks_exchange_forget (exchange);
    if (answered)
        exchange->reply = reply;
    else {
        if (late || !ask->failure.code)
            ask->failure = reply->error;
        sks_reply_destroy (&reply);
        sks_channel_hang_up (exchange->channels[endpoint]);
    }
    if (late) {
        sks_attempt_expire (&ask->attempt, connection);
        return true;
    }
    if (code && sks_attempt_fail (&ask->attempt, connection, endpoint, ask->call, code))
        return !ask->attempt.asked && !send_next (ask);
    if (answered)
        sks_attempt_win (&ask->attempt, connection, endpoint, &exchange->hedges);
    exchange->current = endpoint;
    return true;
}

/* Take what has come. Whether the request is over. */
static bool
take_all (struct ask *ask)
{
    for (size_t i = 0; i < sks_connection_endpoints (ask->exchange->connection); i++) {
        sks_reply *reply = NULL;
        if (!(ask->attempt.asked & 1u << i))
            continue;
        if (sks_channel_receive (ask->exchange->channels[i], &reply, &ask->failure) != 0 ||
            (reply && take (ask, i, reply)))
            return true;
    }
    return false;
}

static uint32_t
find_try_ms (uint32_t timeout_ms)
{
    uint32_t patience_ms = sks_attempt_patience (timeout_ms);
    return patience_ms < MOST_TRY_MS ? patience_ms : MOST_TRY_MS;
}

static int
fail (const struct ask *ask, sks_error *err)
{
    if (ask->attempt.sends)
        return sks_fail (err, ask->failure.code, "%s", ask->failure.text);
    return sks_fail (err, ask->failure.code, "none of %zu endpoints can be used; the first: %s",
                     sks_connection_endpoints (ask->exchange->connection), ask->failure.text);
}

static int
ask_several (sks_exchange *exchange, const sks_call *call, sks_error *err)
{
    size_t count = sks_connection_endpoints (exchange->connection);
    struct ask ask = {
        .exchange = exchange, .call = call, .deadline = call->deadline, .try_ms = find_try_ms (call->timeout_ms)
    };
    sks_exchange_forget (exchange);
    if (exchange->spread)
        exchange->current = sks_attempt_begin (call, exchange->current);
    bool over = !send_next (&ask);
    while (!over && !(over = take_all (&ask))) {
        bool more = ask.attempt.tried != (1u << count) - 1;
        if (!more || !sks_attempt_hedge (&ask.attempt, exchange->connection, &exchange->hedges) || !send_next (&ask))
            wait_for_any (&ask);
    }
    for (size_t i = 0; i < count; i++)
        if (ask.attempt.asked & 1u << i)
            sks_channel_hang_up (exchange->channels[i]);
    if (exchange->spread || !exchange->reply)
        exchange->current = exchange->current + 1 < count ? exchange->current + 1 : 0;
    return exchange->reply ? 0 : fail (&ask, err);
}

/* ---------------------------------------------------------------------- both */
int
sks_exchange_connect (sks_exchange *exchange, sks_deadline deadline, sks_error *err)
{
    uint32_t try_ms = find_try_ms ((uint32_t) sks_deadline_left (deadline));
    struct ask ask = { .exchange = exchange, .deadline = deadline, .try_ms = try_ms };
    if (sks_connection_endpoints (exchange->connection) == 1)
        return connect_to (exchange, 0, deadline, err);
    return send_next (&ask) ? 0 : fail (&ask, err);
}

int
sks_exchange_run (sks_exchange *exchange, const sks_call *call, const char **reply, size_t *size, sks_error *err)
{
    bool one = sks_connection_endpoints (exchange->connection) == 1;
    int rc = (one ? ask_one : ask_several) (exchange, call, err);
    if (rc)
        return rc;
    *reply = exchange->reply->json;
    *size = exchange->reply->size;
    return 0;
}

void
sks_exchange_forget (sks_exchange *exchange)
{
    sks_reply_destroy (&exchange->reply);
}

void
sks_exchange_close (sks_exchange *exchange, bool abandon)
{
    for (size_t i = 0; i < SKS_MAX_ENDPOINTS; i++)
        (abandon ? sks_channel_abandon : sks_channel_close) (&exchange->channels[i]);
}
