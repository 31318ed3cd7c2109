/* pool.c - tickets of several endpoints, each under way on one channel or more. */
#include "pool.h"

#include "attempt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define HEDGE_AGAIN_MS 50 /* until a hedged request is tried again, when no other endpoint is connected */
#define PARK_MS 500       /* how long a request that failed waits for the connection to another endpoint */

struct pool_ticket {
    sks_call call;       /* its bytes are ours */
    sks_attempt attempt; /* if nobody is asked, it waits for a connection until attempt.hedge */
    sks_reply *refusal;  /* the last one, in case no other endpoint answers; NULL: none */
};

struct sks_pool {
    const sks_connection *connection;
    bool spread;
    size_t endpoints;
    size_t current;                           /* the endpoint of the next request */
    sks_channel *channels[SKS_MAX_ENDPOINTS]; /* NULL: not needed yet */
    int poll_fd;                              /* an epoll of their descriptors; -1 with one endpoint */
    sks_hedges hedges;
    struct pool_ticket *tickets; /* SKS_MAX_UNDER_WAY; NULL with one endpoint */
    size_t count;                /* of tickets */
};

/* ---------------------------------------------------------------- channels */
static int
open_channel (sks_pool *pool, size_t endpoint, sks_error *err)
{
    sks_channel **channel = &pool->channels[endpoint];
    int rc = *channel ? 0 : sks_channel_open (channel, pool->connection, endpoint, false, err);
    if (rc || pool->poll_fd < 0)
        return rc;
    struct epoll_event event = { .events = EPOLLIN };
    if (epoll_ctl (pool->poll_fd, EPOLL_CTL_ADD, sks_channel_fd (*channel), &event) == 0 || errno == EEXIST)
        return 0;
    sks_channel_close (channel);
    return sks_fail_errno (err, "cannot watch a socket");
}

/* The connected endpoints to choose from. In the order of the list, only the first one that is connected or may soon
 * be, besides those that were tried. */
static unsigned
find_usable (sks_pool *pool, unsigned tried)
{
    unsigned usable = 0;
    for (size_t k = 0; k < pool->endpoints; k++) {
        size_t i = (pool->current + k) % pool->endpoints;
        if (!pool->channels[i] && open_channel (pool, i, NULL) != 0)
            continue;
        bool connected = sks_channel_is_connected (pool->channels[i]);
        usable |= connected ? 1u << i : 0;
        if (!pool->spread && !(tried & 1u << i) && !sks_channel_has_failed (pool->channels[i]))
            break;
    }
    return usable;
}

/* Why no endpoint is connected: a refused key, else the failure of the first one. */
static int
fail_unconnected (const sks_pool *pool, sks_error *err)
{
    int rc = 0;
    for (size_t k = 0; k < pool->endpoints && rc != SKS_EAUTH; k++) {
        const sks_channel *channel = pool->channels[(pool->current + k) % pool->endpoints];
        sks_error reason;
        int code = channel ? sks_channel_failure (channel, &reason) : 0;
        if (code && (!rc || code == SKS_EAUTH))
            rc = sks_fail (err, code, "%s", reason.text);
    }
    return rc ? rc : sks_fail (err, SKS_ECONNECT, "no endpoint is connected");
}

int
sks_pool_open (sks_pool **out, const sks_connection *connection, bool spread, sks_error *err)
{
    *out = NULL;
    sks_pool *pool = calloc (1, sizeof *pool);
    if (!pool)
        return sks_fail_memory (err);
    pool->connection = connection;
    pool->spread = spread;
    pool->endpoints = sks_connection_endpoints (connection);
    pool->hedges = (sks_hedges) SKS_HEDGES_INIT;
    pool->poll_fd = -1;
    int rc = 0;
    if (pool->endpoints > 1) {
        pool->tickets = calloc (SKS_MAX_UNDER_WAY, sizeof *pool->tickets);
        pool->poll_fd = epoll_create1 (EPOLL_CLOEXEC);
        rc = !pool->tickets      ? sks_fail_memory (err)
             : pool->poll_fd < 0 ? sks_fail_errno (err, "cannot watch sockets")
                                 : 0;
    }
    for (size_t i = 0; rc == 0 && i < (pool->spread ? pool->endpoints : 1); i++)
        rc = open_channel (pool, i, err);
    if (rc)
        sks_pool_close (&pool, false);
    *out = pool;
    return rc;
}

/* ----------------------------------------------------------------- tickets */
static struct pool_ticket *
find_ticket (const sks_pool *pool, uint64_t number)
{
    for (size_t i = 0; i < pool->count; i++)
        if (pool->tickets[i].call.ticket == number)
            return &pool->tickets[i];
    return NULL;
}

/* Remove a ticket, everywhere. */
static void
end_ticket (sks_pool *pool, struct pool_ticket *ticket)
{
    for (size_t i = 0; i < pool->endpoints; i++)
        if (ticket->attempt.asked & 1u << i)
            sks_channel_cancel (pool->channels[i], ticket->call.ticket);
    free ((char *) ticket->call.bytes);
    sks_reply_destroy (&ticket->refusal);
    *ticket = pool->tickets[--pool->count];
}

void
sks_pool_close (sks_pool **pool_p, bool abandon)
{
    sks_pool *pool = *pool_p;
    if (!pool)
        return;
    *pool_p = NULL;
    while (pool->count > 0)
        end_ticket (pool, pool->tickets);
    for (size_t i = 0; i < pool->endpoints; i++)
        if (pool->channels[i])
            (abandon ? sks_channel_abandon : sks_channel_close) (&pool->channels[i]);
    if (pool->poll_fd >= 0)
        close (pool->poll_fd);
    free (pool->tickets);
    free (pool);
}

/* -------------------------------------------------------------------- send */

/* Send a request to the next endpoint that takes it. */
static int
send_ticket (sks_pool *pool, struct pool_ticket *ticket, sks_error *err)
{
    unsigned usable = find_usable (pool, ticket->attempt.tried);
    int rc = 0;
    for (;;) {
        size_t from = pool->spread ? sks_attempt_begin (&ticket->call, pool->current) : pool->current;
        size_t next = sks_attempt_next (&ticket->attempt, pool->connection, from, usable);
        if (next == pool->endpoints)
            return rc ? rc : fail_unconnected (pool, err);
        usable &= ~(1u << next);
        rc = sks_channel_send (pool->channels[next], &ticket->call, err);
        if (rc == 0) {
            sks_attempt_send (&ticket->attempt, next, ticket->call.timeout_ms);
            if (pool->spread && from == pool->current)
                pool->current = (next + 1) % pool->endpoints;
            return 0;
        }
    }
}

int
sks_pool_send (sks_pool *pool, const sks_call *call, sks_error *err)
{
    if (!pool->tickets)
        return sks_channel_send (pool->channels[0], call, err);
    if (pool->count == SKS_MAX_UNDER_WAY)
        return sks_fail (err, SKS_EBUSY, "%d requests are under way", SKS_MAX_UNDER_WAY);
    struct pool_ticket ticket = { .call = *call };
    char *bytes = malloc (call->size);
    if (!bytes)
        return sks_fail_memory (err);
    ticket.call.bytes = memcpy (bytes, call->bytes, call->size);
    int rc = send_ticket (pool, &ticket, err);
    if (rc)
        free (bytes);
    else
        pool->tickets[pool->count++] = ticket;
    return rc;
}

/* ----------------------------------------------------------------- receive */

/* Whether an endpoint that was not tried is connected, or may soon be. */
static bool
has_pending (const sks_pool *pool, const sks_attempt *attempt)
{
    for (size_t i = 0; i < pool->endpoints; i++)
        if (!(attempt->tried & 1u << i) && (!pool->channels[i] || !sks_channel_has_failed (pool->channels[i])))
            return true;
    return false;
}

/* Send a request that failed to another endpoint; if none takes it now or soon, *out becomes its last refusal. Whether
 * it was sent. */
static bool
retry (sks_pool *pool, struct pool_ticket *ticket, sks_reply **out)
{
    bool waits = sks_deadline_left (ticket->attempt.hedge) > 0 && has_pending (pool, &ticket->attempt);
    if (send_ticket (pool, ticket, NULL) == 0)
        return true;
    if (waits)
        return false;
    *out = ticket->refusal;
    ticket->refusal = NULL;
    end_ticket (pool, ticket);
    return false;
}

/* A request ended at an endpoint. *out becomes its reply, unless another endpoint has the request or may get it. */
static void
take (sks_pool *pool, size_t endpoint, sks_reply *reply, sks_reply **out)
{
    struct pool_ticket *ticket = find_ticket (pool, reply->ticket);
    if (!ticket) {
        sks_reply_destroy (&reply);
        return;
    }
    bool late = reply->code == SKS_EDEADLINE && !reply->json;
    if (late)
        sks_attempt_expire (&ticket->attempt, pool->connection);
    if (!late && reply->code &&
        sks_attempt_fail (&ticket->attempt, pool->connection, endpoint, &ticket->call, reply->code)) {
        if (reply->json || !ticket->refusal) {
            sks_reply *former = ticket->refusal;
            ticket->refusal = reply;
            reply = former;
        }
        sks_reply_destroy (&reply);
        ticket->attempt.hedge = sks_deadline_within (ticket->call.deadline, PARK_MS);
        if (!ticket->attempt.asked)
            retry (pool, ticket, out);
        return;
    }
    if (reply->json) {
        sks_attempt_win (&ticket->attempt, pool->connection, endpoint, &pool->hedges);
        if (!pool->spread)
            pool->current = endpoint;
    }
    end_ticket (pool, ticket);
    *out = reply;
}

/* Send the requests that nobody has, and those that wait too long, to one more endpoint. Whether one was sent. */
static bool
send_again (sks_pool *pool, sks_reply **out)
{
    bool sent = false;
    for (size_t i = 0; i < pool->count && !*out; i++) {
        struct pool_ticket *ticket = &pool->tickets[i];
        bool more = ticket->attempt.tried != (1u << pool->endpoints) - 1;
        if (!ticket->attempt.asked)
            sent |= retry (pool, ticket, out);
        else if (!more || sks_deadline_left (ticket->attempt.hedge) > 0)
            continue;
        else if (sks_attempt_hedge (&ticket->attempt, pool->connection, &pool->hedges) &&
                 send_ticket (pool, ticket, NULL) == 0)
            sent = true;
        else
            ticket->attempt.hedge = sks_deadline_after (HEDGE_AGAIN_MS);
    }
    return sent;
}

int
sks_pool_receive (sks_pool *pool, sks_reply **out, sks_error *err)
{
    if (!pool->tickets)
        return sks_channel_receive (pool->channels[0], out, err);
    bool more;
    *out = NULL;
    /* The descriptors are edge-triggered, and sending consumes their events: read until nothing has come. */
    do {
        more = false;
        for (size_t i = 0; i < pool->endpoints; i++) {
            sks_reply *reply = NULL;
            int rc = pool->channels[i] ? sks_channel_receive (pool->channels[i], &reply, err) : 0;
            if (rc)
                return rc;
            if (reply)
                take (pool, i, reply, out);
            if (*out)
                return 0;
            more |= reply != NULL;
        }
        more |= send_again (pool, out);
    } while (more && !*out);
    return 0;
}

void
sks_pool_cancel (sks_pool *pool, uint64_t number)
{
    struct pool_ticket *ticket = pool->tickets ? find_ticket (pool, number) : NULL;
    if (ticket)
        end_ticket (pool, ticket);
    else if (!pool->tickets)
        sks_channel_cancel (pool->channels[0], number);
}

int
sks_pool_fd (const sks_pool *pool)
{
    return pool->tickets ? pool->poll_fd : sks_channel_fd (pool->channels[0]);
}

/* The earlier of two times to wait, of which -1 is never. */
static int
earlier (int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int
sks_pool_next_timeout (const sks_pool *pool)
{
    int timeout = -1;
    for (size_t i = 0; i < pool->endpoints; i++)
        if (pool->channels[i])
            timeout = earlier (timeout, sks_channel_next_timeout (pool->channels[i]));
    for (size_t i = 0; i < pool->count; i++)
        if (!pool->tickets[i].attempt.asked || pool->tickets[i].attempt.tried != (1u << pool->endpoints) - 1)
            timeout = earlier (timeout, sks_deadline_left (pool->tickets[i].attempt.hedge));
    return timeout;
}
