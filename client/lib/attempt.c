/* attempt.c - the rules by which a request goes to another endpoint. */
#include "attempt.h"

#include "breaker.h"

#include <string.h>

#define PATIENCE_PART 10 /* of a time limit, see sks_attempt_patience */
#define LEAST_PATIENCE_MS 100
#define MOST_LOSSES 2 /* connections that may break under one request: its bytes may be the cause */
#define HEDGE_COST 10 /* see sks_hedges */
#define MOST_HEDGES 100

static const sks_endpoint *
endpoint_of (const sks_connection *connection, size_t index)
{
    return sks_connection_endpoint (connection, index);
}

static bool
has_text (const sks_call *call, const char *text)
{
    return memmem (call->bytes, call->size, text, strlen (text)) != NULL;
}

uint32_t
sks_attempt_patience (uint32_t timeout_ms)
{
    uint32_t part = timeout_ms / PATIENCE_PART;
    return part < LEAST_PATIENCE_MS ? LEAST_PATIENCE_MS : part;
}

size_t
sks_attempt_begin (const sks_call *call, size_t current)
{
    return has_text (call, "\"op\":\"stats\"") ? 0 : current;
}

size_t
sks_attempt_next (const sks_attempt *attempt, const sks_connection *connection, size_t from, unsigned usable)
{
    size_t count = sks_connection_endpoints (connection), other = count;
    for (size_t k = 0; k < count; k++) {
        size_t i = (from + k) % count;
        if (!(usable & ~attempt->tried & 1u << i))
            continue;
        if (sks_breaker_admits (endpoint_of (connection, i)))
            return i;
        if (other == count)
            other = i;
    }
    return other;
}

void
sks_attempt_send (sks_attempt *attempt, size_t endpoint, uint32_t timeout_ms)
{
    attempt->tried |= 1u << endpoint;
    attempt->asked |= 1u << endpoint;
    attempt->sent[attempt->sends] = sks_deadline_after (0);
    attempt->order[attempt->sends++] = (unsigned char) endpoint;
    attempt->hedge = sks_deadline_after (sks_attempt_patience (timeout_ms));
}

/* Whether all endpoints that have the request are known to be silent: the budget is for slow daemons only. */
static bool
is_stuck (const sks_attempt *attempt, const sks_connection *connection)
{
    for (size_t i = 0; i < sks_connection_endpoints (connection); i++)
        if (attempt->asked & 1u << i && !sks_breaker_is_open (endpoint_of (connection, i)))
            return false;
    return true;
}

bool
sks_attempt_hedge (const sks_attempt *attempt, const sks_connection *connection, sks_hedges *hedges)
{
    if (sks_deadline_left (attempt->hedge) > 0)
        return false;
    if (is_stuck (attempt, connection))
        return true;
    if (hedges->left < HEDGE_COST)
        return false;
    hedges->left -= HEDGE_COST;
    return true;
}

bool
sks_attempt_fail (sks_attempt *attempt, const sks_connection *connection, size_t endpoint, const sks_call *call,
                  int code)
{
    attempt->asked &= ~(1u << endpoint);
    switch (code) {
    case SKS_EBUSY:
        return true;
    case SKS_ENOTFOUND:
        return has_text (call, "\"cursor\"");
    case SKS_ESHUTTINGDOWN:
    case SKS_EUNAVAILABLE:
        sks_breaker_trip (endpoint_of (connection, endpoint));
        return true;
    case SKS_ECONNECT:
    case SKS_EAUTH:
        sks_breaker_trip (endpoint_of (connection, endpoint));
        return ++attempt->losses < MOST_LOSSES;
    default:
        return false;
    }
}

/* Those of the first `count` endpoints that have it are silent, unless they have answered others lately: in the second
 * half of the wait, as the last answer of a daemon that stopped may have come after the request was sent. */
static void
trip_asked (const sks_attempt *attempt, const sks_connection *connection, unsigned count)
{
    sks_deadline now = sks_deadline_after (0);
    for (unsigned i = 0; i < count; i++)
        if (attempt->asked & 1u << attempt->order[i])
            sks_breaker_trip_silent (endpoint_of (connection, attempt->order[i]), (attempt->sent[i] + now) / 2);
}

void
sks_attempt_win (sks_attempt *attempt, const sks_connection *connection, size_t endpoint, sks_hedges *hedges)
{
    unsigned earlier = 0;
    attempt->asked &= ~(1u << endpoint);
    sks_breaker_reset (endpoint_of (connection, endpoint));
    while (earlier < attempt->sends && attempt->order[earlier] != endpoint)
        earlier++;
    trip_asked (attempt, connection, earlier);
    if (hedges->left < MOST_HEDGES)
        hedges->left++;
}

void
sks_attempt_expire (const sks_attempt *attempt, const sks_connection *connection)
{
    trip_asked (attempt, connection, attempt->sends);
}
