/* exchange.c - sends, receives, sends again. */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE_S 0.2 /* after this the screen shows that it waits; most answers take milliseconds */
#define CONNECT_S 1.0  /* a connection attempt that takes longer has failed */
#define AGAIN_S 0.5    /* between a failure and the next attempt */
#define HEALTH_S 2.0   /* of silence, after which "health" is asked */
#define STEP_MS 100    /* between redraws while a request is under way */

static double
clock_s (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

void
browse_exchange_drop (browse_exchange *exchange, int ask)
{
    if (exchange->asks[ask].ticket)
        sks_client_cancel (exchange->client, exchange->asks[ask].ticket);
    free (exchange->asks[ask].request);
    memset (&exchange->asks[ask], 0, sizeof exchange->asks[ask]);
}

void
browse_exchange_ask (browse_exchange *exchange, int ask, char *request)
{
    browse_exchange_drop (exchange, ask);
    exchange->asks[ask].request = request;
    exchange->asks[ask].since_s = clock_s ();
}

static void
send_all (browse_exchange *exchange)
{
    double now_s = clock_s ();
    bool idle = true;
    for (int i = 0; i < BROWSE_ASKS; i++)
        idle &= !exchange->asks[i].request;
    if (idle && now_s - exchange->heard_s > HEALTH_S)
        browse_exchange_ask (exchange, BROWSE_ASK_HEALTH, strdup ("{\"op\":\"health\"}"));
    for (int i = 0; i < BROWSE_ASKS; i++) {
        sks_error err;
        if (!exchange->asks[i].request || exchange->asks[i].ticket || now_s < exchange->asks[i].next_s)
            continue;
        int rc = sks_client_send (exchange->client, exchange->asks[i].request, exchange->timeout_ms,
                                  &exchange->asks[i].ticket, &err);
        if (rc == 0)
            continue;
        exchange->asks[i].ticket = 0;
        if (rc != SKS_ECONNECT || now_s - exchange->asks[i].since_s > CONNECT_S)
            exchange->lost = err;
    }
}

static bool
is_lost (int code)
{
    return code == SKS_EDEADLINE || code == SKS_ECONNECT || code == SKS_EBUSY || code == SKS_ESHUTTINGDOWN ||
           code == SKS_EUNAVAILABLE || code == SKS_EAUTH || code == SKS_EPROTOCOL;
}

int
browse_exchange_next (browse_exchange *exchange, sks_reply **out)
{
    sks_reply *reply;
    send_all (exchange);
    while (sks_client_receive (exchange->client, &reply, NULL) == 0 && reply) {
        int ask = 0;
        while (ask < BROWSE_ASKS && exchange->asks[ask].ticket != reply->ticket)
            ask++;
        if (ask == BROWSE_ASKS) {
            sks_reply_destroy (&reply);
        } else if (is_lost (reply->code)) {
            exchange->lost = reply->error;
            exchange->asks[ask].ticket = 0;
            exchange->asks[ask].next_s = clock_s () + AGAIN_S;
            sks_reply_destroy (&reply);
        } else {
            exchange->asks[ask].ticket = 0;
            browse_exchange_drop (exchange, ask);
            exchange->heard_s = clock_s ();
            exchange->lost.code = 0;
            *out = reply;
            return ask;
        }
    }
    return -1;
}

bool
browse_exchange_waits (const browse_exchange *exchange)
{
    return exchange->asks[BROWSE_ASK_VIEW].request && clock_s () - exchange->asks[BROWSE_ASK_VIEW].since_s > PATIENCE_S;
}

int
browse_exchange_timeout (const browse_exchange *exchange)
{
    int left_ms = sks_client_next_timeout (exchange->client);
    int most_ms = (int) (HEALTH_S * 1000);
    for (int i = 0; i < BROWSE_ASKS; i++)
        if (exchange->asks[i].request)
            most_ms = STEP_MS;
    return left_ms < 0 || left_ms > most_ms ? most_ms : left_ms;
}

void
browse_exchange_end (browse_exchange *exchange)
{
    for (int i = 0; i < BROWSE_ASKS; i++)
        browse_exchange_drop (exchange, i);
}
