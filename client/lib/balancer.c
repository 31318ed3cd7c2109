/* balancer.c - tickets of several endpoints, each under way on one channel or more. */
#include "balancer.h"

#include "attempt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define HEDGE_AGAIN_MS 50 /* until a hedged request is tried again, when no other endpoint is connected */
#define PARK_MS 500       /* how long a request that failed waits for the connection to another endpoint */

struct balancer_ticket {
    sks_call call;
    char *bytes;         /* of the call */
    sks_attempt attempt; /* if nobody is asked, it waits for a connection until attempt.hedge */
    sks_reply *refusal;  /* the last one, in case no other endpoint answers; NULL: none */
};

struct sks_balancer {
    const sks_connection *connection;
    bool spread;
    size_t endpoints;
    size_t current;                           /* the endpoint of the next request */
    sks_channel *channels[SKS_MAX_ENDPOINTS]; /* NULL: not needed yet */
    int poll_fd;                              /* an epoll of their descriptors; -1 with one endpoint */
    sks_hedges hedges;
    struct balancer_ticket *tickets; /* SKS_MAX_UNDER_WAY; NULL with one endpoint */
    size_t count;                    /* of tickets */
};

/* ---------------------------------------------------------------- channels */
static int
open_channel (sks_balancer *balancer, size_t endpoint, sks_error *err)
{
    sks_channel **channel = &balancer->channels[endpoint];
    int rc = *channel ? 0 : sks_channel_open (channel, balancer->connection, endpoint, false, err);
    if (rc || balancer->poll_fd < 0)
        return rc;
    struct epoll_event event = { .events = EPOLLIN };
    if (epoll_ctl (balancer->poll_fd, EPOLL_CTL_ADD, sks_channel_fd (*channel), &event) == 0 || errno == EEXIST)
        return 0;
    sks_channel_close (channel);
    return sks_fail_errno (err, "cannot watch a socket");
}

/* The connected endpoints to choose from. In the order of the list, only the first one that is connected or may soon
 * be, besides those that were tried. */
static unsigned
find_usable (sks_balancer *balancer, unsigned tried)
{
    unsigned usable = 0;
    for (size_t k = 0; k < balancer->endpoints; k++) {
        size_t i = (balancer->current + k) % balancer->endpoints;
        if (!balancer->channels[i] && open_channel (balancer, i, NULL) != 0)
            continue;
        bool connected = sks_channel_is_connected (balancer->channels[i]);
        usable |= connected ? 1u << i : 0;
        if (!balancer->spread && !(tried & 1u << i) && !sks_channel_has_failed (balancer->channels[i]))
            break;
    }
    return usable;
}

/* Why no endpoint is connected: a refused key, else the failure of the first one. */
static int
fail_unconnected (const sks_balancer *balancer, sks_error *err)
{
    int rc = 0;
    for (size_t k = 0; k < balancer->endpoints && rc != SKS_EAUTH; k++) {
        const sks_channel *channel = balancer->channels[(balancer->current + k) % balancer->endpoints];
        sks_error reason;
        int code = channel ? sks_channel_failure (channel, &reason) : 0;
        if (code && (!rc || code == SKS_EAUTH))
            rc = sks_fail (err, code, "%s", reason.text);
    }
    return rc ? rc : sks_fail (err, SKS_ECONNECT, "no endpoint is connected");
}

int
sks_balancer_open (sks_balancer **out, const sks_connection *connection, bool spread, sks_error *err)
{
    *out = NULL;
    sks_balancer *balancer = calloc (1, sizeof *balancer);
    if (!balancer)
        return sks_fail_memory (err);
    balancer->connection = connection;
    balancer->spread = spread;
    balancer->endpoints = sks_connection_endpoints (connection);
    balancer->hedges = (sks_hedges) SKS_HEDGES_INIT;
    balancer->poll_fd = -1;
    int rc = 0;
    if (balancer->endpoints > 1) {
        balancer->tickets = calloc (SKS_MAX_UNDER_WAY, sizeof *balancer->tickets);
        balancer->poll_fd = epoll_create1 (EPOLL_CLOEXEC);
        rc = !balancer->tickets      ? sks_fail_memory (err)
             : balancer->poll_fd < 0 ? sks_fail_errno (err, "cannot watch sockets")
                                     : 0;
    }
    for (size_t i = 0; rc == 0 && i < (balancer->spread ? balancer->endpoints : 1); i++)
        rc = open_channel (balancer, i, err);
    if (rc)
        sks_balancer_close (&balancer, false);
    *out = balancer;
    return rc;
}

/* ----------------------------------------------------------------- tickets */
static struct balancer_ticket *
find_ticket (const sks_balancer *balancer, uint64_t number)
{
    for (size_t i = 0; i < balancer->count; i++)
        if (balancer->tickets[i].call.ticket == number)
            return &balancer->tickets[i];
    return NULL;
}

/* Remove a ticket, everywhere. */
static void
end_ticket (sks_balancer *balancer, struct balancer_ticket *ticket)
{
    for (size_t i = 0; i < balancer->endpoints; i++)
        if (ticket->attempt.asked & 1u << i)
            sks_channel_cancel (balancer->channels[i], ticket->call.ticket);
    free (ticket->bytes);
    sks_reply_destroy (&ticket->refusal);
    *ticket = balancer->tickets[--balancer->count];
}

void
sks_balancer_close (sks_balancer **balancer_p, bool abandon)
{
    sks_balancer *balancer = *balancer_p;
    if (!balancer)
        return;
    *balancer_p = NULL;
    while (balancer->count > 0)
        end_ticket (balancer, balancer->tickets);
    for (size_t i = 0; i < balancer->endpoints; i++)
        if (balancer->channels[i])
            (abandon ? sks_channel_abandon : sks_channel_close) (&balancer->channels[i]);
    if (balancer->poll_fd >= 0)
        close (balancer->poll_fd);
    free (balancer->tickets);
    free (balancer);
}

/* -------------------------------------------------------------------- send */

/* Send a request to the next endpoint that takes it. */
static int
send_ticket (sks_balancer *balancer, struct balancer_ticket *ticket, sks_error *err)
{
    unsigned usable = find_usable (balancer, ticket->attempt.tried);
    int rc = 0;
    for (;;) {
        size_t from = balancer->spread ? sks_attempt_begin (&ticket->call, balancer->current) : balancer->current;
        size_t next = sks_attempt_next (&ticket->attempt, balancer->connection, from, usable);
        if (next == balancer->endpoints)
            return rc ? rc : fail_unconnected (balancer, err);
        usable &= ~(1u << next);
        rc = sks_channel_send (balancer->channels[next], &ticket->call, err);
        if (rc == 0) {
            sks_attempt_send (&ticket->attempt, next, ticket->call.timeout_ms);
            if (balancer->spread && from == balancer->current)
                balancer->current = next + 1 < balancer->endpoints ? next + 1 : 0;
            return 0;
        }
    }
}

int
sks_balancer_send (sks_balancer *balancer, const sks_call *call, sks_error *err)
{
    if (!balancer->tickets)
        return sks_channel_send (balancer->channels[0], call, err);
    if (balancer->count == SKS_MAX_UNDER_WAY)
        return sks_fail (err, SKS_EBUSY, "%d requests are under way", SKS_MAX_UNDER_WAY);
    struct balancer_ticket ticket = { .call = *call };
    ticket.bytes = malloc (call->size);
    if (!ticket.bytes)
        return sks_fail_memory (err);
    ticket.call.bytes = memcpy (ticket.bytes, call->bytes, call->size);
    int rc = send_ticket (balancer, &ticket, err);
    if (rc)
        free (ticket.bytes);
    else
        balancer->tickets[balancer->count++] = ticket;
    return rc;
}

/* ----------------------------------------------------------------- receive */

/* Whether an endpoint that was not tried is connected, or may soon be. */
static bool
has_pending (const sks_balancer *balancer, const sks_attempt *attempt)
{
    for (size_t i = 0; i < balancer->endpoints; i++)
        if (!(attempt->tried & 1u << i) && (!balancer->channels[i] || !sks_channel_has_failed (balancer->channels[i])))
            return true;
    return false;
}

/* Send a request that failed to another endpoint; if none takes it now or soon, *out becomes its last refusal. Whether
 * it was sent. */
static bool
retry (sks_balancer *balancer, struct balancer_ticket *ticket, sks_reply **out)
{
    bool waits = sks_deadline_left (ticket->attempt.hedge) > 0 && has_pending (balancer, &ticket->attempt);
    if (send_ticket (balancer, ticket, NULL) == 0)
        return true;
    if (waits)
        return false;
    *out = ticket->refusal;
    ticket->refusal = NULL;
    end_ticket (balancer, ticket);
    return false;
}

/* A request ended at an endpoint. *out becomes its reply, unless another endpoint has the request or may get it. */
static void
take (sks_balancer *balancer, size_t endpoint, sks_reply *reply, sks_reply **out)
{
    struct balancer_ticket *ticket = find_ticket (balancer, reply->ticket);
    if (!ticket) {
        sks_reply_destroy (&reply);
        return;
    }
    bool late = reply->code == SKS_EDEADLINE && !reply->json;
    if (late)
        sks_attempt_expire (&ticket->attempt, balancer->connection);
    if (!late && reply->code &&
        sks_attempt_fail (&ticket->attempt, balancer->connection, endpoint, &ticket->call, reply->code)) {
        if (reply->json || !ticket->refusal) {
            sks_reply *former = ticket->refusal;
            ticket->refusal = reply;
            reply = former;
        }
        sks_reply_destroy (&reply);
        ticket->attempt.hedge = sks_deadline_within (ticket->call.deadline, PARK_MS);
        if (!ticket->attempt.asked)
            retry (balancer, ticket, out);
        return;
    }
    if (reply->json) {
        sks_attempt_win (&ticket->attempt, balancer->connection, endpoint, &balancer->hedges);
        if (!balancer->spread)
            balancer->current = endpoint;
    }
    end_ticket (balancer, ticket);
    *out = reply;
}

/* Send the requests that nobody has, and those that wait too long, to one more endpoint. Whether one was sent. */
static bool
send_again (sks_balancer *balancer, sks_reply **out)
{
    bool sent = false;
    for (size_t i = 0; i < balancer->count && !*out; i++) {
        struct balancer_ticket *ticket = &balancer->tickets[i];
        bool more = ticket->attempt.tried != (1u << balancer->endpoints) - 1;
        if (!ticket->attempt.asked)
            sent |= retry (balancer, ticket, out);
        else if (!more || sks_deadline_left (ticket->attempt.hedge) > 0)
            continue;
        else if (find_usable (balancer, ticket->attempt.tried) & ~ticket->attempt.tried &&
                 sks_attempt_hedge (&ticket->attempt, balancer->connection, &balancer->hedges) &&
                 send_ticket (balancer, ticket, NULL) == 0)
            sent = true;
        else
            ticket->attempt.hedge = sks_deadline_after (HEDGE_AGAIN_MS);
    }
    return sent;
}

int
sks_balancer_receive (sks_balancer *balancer, sks_reply **out, sks_error *err)
{
    if (!balancer->tickets)
        return sks_channel_receive (balancer->channels[0], out, err);
    bool more;
    *out = NULL;
    /* The descriptors are edge-triggered, and sending consumes their events: read until nothing has come. */
    do {
        more = false;
        for (size_t i = 0; i < balancer->endpoints; i++) {
            sks_reply *reply = NULL;
            int rc = balancer->channels[i] ? sks_channel_receive (balancer->channels[i], &reply, err) : 0;
            if (rc)
                return rc;
            if (reply)
                take (balancer, i, reply, out);
            if (*out)
                return 0;
            more |= reply != NULL;
        }
        more |= send_again (balancer, out);
    } while (more && !*out);
    return 0;
}

void
sks_balancer_cancel (sks_balancer *balancer, uint64_t number)
{
    struct balancer_ticket *ticket = balancer->tickets ? find_ticket (balancer, number) : NULL;
    if (ticket)
        end_ticket (balancer, ticket);
    else if (!balancer->tickets)
        sks_channel_cancel (balancer->channels[0], number);
}

int
sks_balancer_fd (const sks_balancer *balancer)
{
    return balancer->tickets ? balancer->poll_fd : sks_channel_fd (balancer->channels[0]);
}

/* The earlier of two times to wait, of which -1 is never. */
static int
earlier (int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int
sks_balancer_next_timeout (const sks_balancer *balancer)
{
    int timeout = -1;
    for (size_t i = 0; i < balancer->endpoints; i++)
        if (balancer->channels[i])
            timeout = earlier (timeout, sks_channel_next_timeout (balancer->channels[i]));
    for (size_t i = 0; i < balancer->count; i++)
        if (!balancer->tickets[i].attempt.asked ||
            balancer->tickets[i].attempt.tried != (1u << balancer->endpoints) - 1)
            timeout = earlier (timeout, sks_deadline_left (balancer->tickets[i].attempt.hedge));
    return timeout;
}
