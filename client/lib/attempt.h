/* attempt.h - one request of a client with several endpoints: where it was sent, and where it goes next.
 *
 * All operations only read, so a request may be sent more than once. It goes to another endpoint
 *   - when an endpoint refuses it as busy, shutting_down or unavailable, or does not know the cursor of a scan;
 *   - when its connection breaks, once;
 *   - when no reply has come after a tenth of the time limit (a hedged request): the first reply counts.
 * It goes to each endpoint once at most. Hedged requests have a budget, so that many slow requests do not double the
 * load of the daemons. */
#ifndef SKS_ATTEMPT_H
#define SKS_ATTEMPT_H

#include "connection.h"
#include "tickets.h"

/* Start from zeros. Sets of endpoints are bits by their index. */
typedef struct sks_attempt {
    unsigned tried;                         /* sent there, or it could not be */
    unsigned asked;                         /* those of them whose reply is awaited */
    unsigned char order[SKS_MAX_ENDPOINTS]; /* in which it was sent to them, */
    sks_deadline sent[SKS_MAX_ENDPOINTS];   /* and when */
    unsigned sends, losses;
    sks_deadline hedge; /* when to send it to one more */
} sks_attempt;

/* The budget of a client for hedged requests. */
typedef struct sks_hedges {
    unsigned left; /* in tenths of a request */
} sks_hedges;

#define SKS_HEDGES_INIT                                                                                                \
    {                                                                                                                  \
        100                                                                                                            \
    }

/* How long to wait for one endpoint before another one is tried: a tenth of the time limit, at least 100 ms. So all
 * endpoints are tried within the limit. */
uint32_t sks_attempt_patience (uint32_t timeout_ms);

/* The endpoint that a call begins at, when it is the turn of `current`: that, but calls of stats begin at the same one
 * each time, as the counters of different daemons do not belong together. */
size_t sks_attempt_begin (const sks_call *call, size_t current);

/* The endpoint to try next, from `from` on: one that the breaker admits, else any.
 *   usable   the endpoints to choose from, without those that were tried.
 * Returns the number of endpoints if there is none. */
size_t sks_attempt_next (const sks_attempt *attempt, const sks_connection *connection, size_t from, unsigned usable);

/* It was sent to an endpoint. */
void sks_attempt_send (sks_attempt *attempt, size_t endpoint, uint32_t timeout_ms);

/* Whether it is time to send it to one more endpoint, and the budget allows that; takes from the budget. */
bool sks_attempt_hedge (const sks_attempt *attempt, const sks_connection *connection, sks_hedges *hedges);

/* It ended at an endpoint with a code other than 0. Whether another endpoint may answer it. */
bool sks_attempt_fail (sks_attempt *attempt, const sks_connection *connection, size_t endpoint, const sks_call *call,
                       int code);

/* An endpoint answered it. Those that got it earlier and are silent get a pause, see breaker.h. */
void sks_attempt_win (sks_attempt *attempt, const sks_connection *connection, size_t endpoint, sks_hedges *hedges);

/* Nobody answered in time. */
void sks_attempt_expire (const sks_attempt *attempt, const sks_connection *connection);

#endif
