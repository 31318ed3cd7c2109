/* daemon.c - two queues of requests: those that wait and those that were sent. */
#include "daemon.h"

#include "client.h"
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEALTH_EVERY_MS 400
#define HEALTH_AGAIN_MS 50 /* interval between attempts to send "health" */
#define HEALTH_LATE_MS 900
#define HEALTHY_MS 1000 /* how long an answer to "health" is valid */
#define GRACE_MS 500    /* extra time in which the daemon's own "deadline" can arrive */

/* ------------------------------------------------------------- the two lists */
static void
unlink_request (gw_request *request)
{
    gw_server *server = request->server;
    *request->back = request->next;
    if (request->next)
        request->next->back = request->back;
    if (request->state == GW_WAITING) {
        if (server->waiting_end == &request->next)
            server->waiting_end = request->back;
        server->waiting_count--;
        request->client->waiting--;
    } else {
        server->sent_count--;
        request->client->under_way--;
    }
    request->next = NULL;
    request->back = NULL;
}

static void
append_waiting (gw_server *server, gw_request *request)
{
    request->state = GW_WAITING;
    request->next = NULL;
    request->back = server->waiting_end;
    *server->waiting_end = request;
    server->waiting_end = &request->next;
    server->waiting_count++;
    request->client->waiting++;
}

static void
push_sent (gw_server *server, gw_request *request)
{
    request->state = GW_SENT;
    request->next = server->sent;
    request->back = &server->sent;
    if (server->sent)
        server->sent->back = &request->next;
    server->sent = request;
    server->sent_count++;
    request->client->under_way++;
}

/* End a request: libmicrohttpd calls the handler again. The reply counts as held from now on, because other requests
 * may be sent before that call. */
static void
end_request (gw_request *request, sks_reply *reply, const sks_error *failure)
{
    gw_client *client = request->client;
    unlink_request (request);
    gw_client_hold (request, reply ? reply->size : 0);
    client->largest = request->held > client->largest ? request->held : client->largest;
    sks_reply_destroy (&request->reply);
    request->reply = reply;
    request->failure = failure ? *failure : (sks_error) { 0 };
    request->state = GW_ENDED;
    if (request->resume)
        request->resume (request);
    MHD_resume_connection (request->connection);
}

static void
fail_request (gw_request *request, int code, const char *text)
{
    sks_error failure = { code, -1, "" };
    snprintf (failure.text, sizeof failure.text, "%s", text);
    end_request (request, NULL, &failure);
}

/* -------------------------------------------------------------------- asking */

/* The deadline that the request names, else the server's own. If a text of the request is "deadline_ms" itself, the
 * server's own is used. */
static unsigned
read_deadline (const gw_request *request)
{
    static const char name[] = "\"deadline_ms\"";
    const gw_bytes *asked = &request->asked;
    const char *at = memmem (asked->data, asked->size, name, sizeof name - 1);
    unsigned value = 0;
    if (at) {
        at += sizeof name - 1;
        at += strspn (at, " \t\r\n:");
        for (; *at >= '0' && *at <= '9' && value <= SKS_MAX_DEADLINE_MS; at++)
            value = value * 10 + (unsigned) (*at - '0');
    }
    if (value > SKS_MAX_DEADLINE_MS)
        value = SKS_MAX_DEADLINE_MS;
    return value ? value + GRACE_MS : request->server->options.deadline_ms;
}

static int
refuse (gw_request *request, int code, const char *text)
{
    request->failure = (sks_error) { code, -1, "" };
    snprintf (request->failure.text, sizeof request->failure.text, "%s", text);
    request->client_busy = code == SKS_ELIMIT;
    request->server->metrics.refused[code == SKS_EBUSY    ? GW_REFUSED_QUEUE
                                     : code == SKS_ELIMIT ? GW_REFUSED_CLIENT
                                                          : GW_REFUSED_DRAIN]++;
    return code;
}

/* The requests of a client, waiting and under way: those that arrive together are all read before the first is
 * sent. */
static size_t
all_of (const gw_client *client)
{
    return (size_t) client->under_way + client->waiting;
}

int
gw_daemon_ask (gw_request *request)
{
    gw_server *server = request->server;
    if (!gw_bytes_text (&request->asked))
        return refuse (request, SKS_EBUSY, "no memory");
    if (server->draining)
        return refuse (request, SKS_ESHUTTINGDOWN, "the server is stopping");
    if (!gw_client_enter (request))
        return refuse (request, SKS_EBUSY, "too many clients");
    /* A stream that has begun is not refused because of other requests. */
    bool streams = request->resume != NULL;
    if (server->waiting_count >= GW_MAX_WAITING && !streams)
        return refuse (request, SKS_EBUSY, "too many requests wait");
    if (all_of (request->client) >= server->options.per_client + GW_MAX_CLIENT_WAITING && !streams)
        return refuse (request, SKS_ELIMIT, "too many requests of this client wait");
    request->deadline = gw_clock_ms () + read_deadline (request);
    if (request->link)
        request->link->until = INT64_MAX;
    append_waiting (server, request);
    server->unsent = true;
    MHD_suspend_connection (request->connection);
    return 0;
}

/* Send a waiting request. False if the library accepts no more. */
static bool
send_one (gw_server *server, gw_request *request)
{
    sks_error err;
    int64_t left = request->deadline - gw_clock_ms ();
    uint64_t ticket;
    if (left <= 0) {
        fail_request (request, SKS_EDEADLINE, "the deadline passed while the request was waiting");
        return true;
    }
    int rc = sks_client_send (server->client, request->asked.data, (uint32_t) left, &ticket, &err);
    if (rc == SKS_EBUSY)
        return false;
    if (rc) {
        end_request (request, NULL, &err);
        return true;
    }
    unlink_request (request);
    request->ticket = ticket;
    push_sent (server, request);
    gw_client_hold (request, request->client->largest);
    return true;
}

/* Whether the client may have one more request under way. Limits on memory do not apply to a page of a stream, which
 * replaces the previous page. */
static bool
may_send (const gw_request *request)
{
    const gw_client *client = request->client;
    if (client->under_way >= request->server->options.per_client)
        return false;
    return request->resume || (client->held < GW_MAX_CLIENT_HELD_BYTES && request->server->held < GW_MAX_HELD_BYTES);
}

static void
send_waiting (gw_server *server)
{
    server->unsent = false;
    for (gw_request *request = server->waiting, *next; request; request = next) {
        next = request->next;
        if (request->deadline <= gw_clock_ms ())
            fail_request (request, SKS_EDEADLINE, "the deadline passed while the request was waiting");
        else if (may_send (request) && !send_one (server, request))
            return;
    }
}

static void
take_replies (gw_server *server)
{
    sks_reply *reply;
    while (sks_client_receive (server->client, &reply, NULL) == 0 && reply) {
        gw_request *request = server->sent;
        if (reply->ticket == server->health_ticket) {
            server->health_ticket = 0;
            if (reply->code == 0)
                server->health_at = gw_clock_ms ();
            sks_reply_destroy (&reply);
            continue;
        }
        while (request && request->ticket != reply->ticket)
            request = request->next;
        if (request)
            end_request (request, reply, reply->code ? &reply->error : NULL);
        else
            sks_reply_destroy (&reply);
    }
}

static void
ask_health (gw_server *server)
{
    int64_t now = gw_clock_ms ();
    if (server->health_ticket || now - server->health_asked < HEALTH_EVERY_MS)
        return;
    server->health_asked = now;
    if (sks_client_send (server->client, "{\"op\":\"health\"}", HEALTH_LATE_MS, &server->health_ticket, NULL) == 0)
        return;
    server->health_ticket = 0;
    server->health_asked = now - HEALTH_EVERY_MS + HEALTH_AGAIN_MS;
}

void
gw_daemon_step (gw_server *server)
{
    take_replies (server);
    ask_health (server);
    send_waiting (server);
    /* The descriptor is edge-triggered, and sending consumes its events. */
    take_replies (server);
}

bool
gw_daemon_is_ready (const gw_server *server)
{
    return !server->draining && server->health_at && gw_clock_ms () - server->health_at <= HEALTHY_MS;
}

int
gw_daemon_timeout (const gw_server *server)
{
    int timeout = server->unsent ? 0 : sks_client_next_timeout (server->client);
    if (timeout < 0 || timeout > HEALTH_EVERY_MS)
        timeout = HEALTH_EVERY_MS;
    if (server->waiting) {
        int64_t left = server->waiting->deadline - gw_clock_ms ();
        timeout = left < 0 ? 0 : left < timeout ? (int) left : timeout;
    }
    return timeout;
}

void
gw_daemon_forget (gw_request *request)
{
    if (request->state == GW_SENT)
        sks_client_cancel (request->server->client, request->ticket);
    if (request->state == GW_SENT || request->state == GW_WAITING)
        unlink_request (request);
    request->state = GW_ENDED;
    gw_client_leave (request);
}

void
gw_daemon_fail_all (gw_server *server, int code, const char *text)
{
    while (server->waiting)
        fail_request (server->waiting, code, text);
    while (server->sent) {
        sks_client_cancel (server->client, server->sent->ticket);
        fail_request (server->sent, code, text);
    }
}
