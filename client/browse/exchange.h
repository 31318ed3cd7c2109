/* exchange.h - requests under way, one of each kind: a new one replaces the previous one. Nothing here blocks.
 *
 * A request that is lost or late is sent again until it is answered, so the screen recovers when the daemon is
 * back. While there is no other request, "health" is sent; its reply shows whether the daemon is there and has a new
 * index. */
#ifndef BROWSE_EXCHANGE_H
#define BROWSE_EXCHANGE_H

#include "skillsearch.h"
#include <stdbool.h>

enum browse_ask { BROWSE_ASK_VIEW, BROWSE_ASK_MORE, BROWSE_ASK_EXPORT, BROWSE_ASK_HEALTH, BROWSE_ASKS };

typedef struct browse_exchange {
    sks_client *client; /* borrowed */
    uint32_t timeout_ms;
    struct {
        char *request;   /* NULL: no request of this kind */
        uint64_t ticket; /* 0: not sent yet */
        double since_s, next_s;
    } asks[BROWSE_ASKS];
    double heard_s; /* when the daemon last answered */
    sks_error lost; /* code not 0: why it does not answer now */
} browse_exchange;

/* Send a request in place of the previous one of its kind. Takes ownership; request is NULL when memory for it ran
 * out. */
void browse_exchange_ask (browse_exchange *exchange, int ask, char *request);

/* Cancel the request of this kind. */
void browse_exchange_drop (browse_exchange *exchange, int ask);

/* Send what is due. Return the kind of the next request that was answered or refused (enum browse_ask), with its reply,
 * which the caller owns; -1 when there is none. */
int browse_exchange_next (browse_exchange *exchange, sks_reply **reply);

/* Whether the view's answer is late enough for the user to be informed. */
bool browse_exchange_waits (const browse_exchange *exchange);

/* Milliseconds until browse_exchange_next must be called and the screen redrawn. */
int browse_exchange_timeout (const browse_exchange *exchange);

/* Cancel all requests. */
void browse_exchange_end (browse_exchange *exchange);

#endif
