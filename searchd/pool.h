/* pool.h - the broker's view of the workers: which are idle, and for which clients and until when the others are
 * busy.
 *
 * A deadline applies to the worker as well as to the queue. A worker checks the clock between two parts of its work,
 * but a part may be long; so the broker refuses the request itself when a worker is late, and discards the late
 * reply. All calls belong to the broker's thread. */
#ifndef SKS_POOL_H
#define SKS_POOL_H

#include "queue.h"

#include <zmq.h>

typedef struct sks_pool sks_pool;

/* A pool of the workers of `daemon`, which is borrowed. All are idle. NULL when out of memory. Caller owns it; free
 * with sks_pool_destroy. */
sks_pool *sks_pool_create (sks_daemon *daemon);
void sks_pool_destroy (sks_pool **pool_p);

/* Bit i is worker i. */
uint64_t sks_pool_all (const sks_pool *pool);
uint64_t sks_pool_idle (const sks_pool *pool);
int sks_pool_count_busy (const sks_pool *pool);

/* Have an idle worker answer, on the current generation.
 *   waiting   its request may be NULL, or have bytes: then payload holds it, undecoded.
 *   units     do the work in this thread if it takes at most these (sks_worker_try); 0: leave it to the worker's.
 * Takes ownership of waiting->request and of the payload's content. True if sks_pool_take has the reply already. */
bool sks_pool_ask (sks_pool *pool, unsigned number, const sks_waiting *waiting, zmq_msg_t *payload, uint64_t units);

/* Have an idle worker change to the current generation. */
void sks_pool_refresh (sks_pool *pool, unsigned number);

/* Whether it was given a job on that generation already. */
bool sks_pool_is_fresh (const sks_pool *pool, unsigned number);

enum sks_sent {
    SKS_SENT_NOTHING,  /* nothing yet */
    SKS_SENT_REPLY,    /* answer is the reply, to be sent to *envelope; empty if there was no memory */
    SKS_SENT_LATE,     /* the reply to a request that was already refused as late */
    SKS_SENT_REFRESHED /* answer is an int: 0 or SKS_E... */
};

/* Take the result of a worker; the worker is idle afterwards.
 *   answer   initialised by the caller, to be sent on or closed.
 *   *wrong   bytes of the request when it could not be read, else 0; set for SKS_SENT_REPLY and SKS_SENT_LATE, as
 *            *envelope is. */
int sks_pool_take (sks_pool *pool, unsigned number, sks_envelope *envelope, zmq_msg_t *answer, size_t *wrong);

/* Call `late` once for each request whose worker is late. The request has only its operation and id, for a refusal,
 * and is borrowed for the call. */
void sks_pool_find_late (sks_pool *pool, uint64_t now_us, void (*late) (void *context, const sks_waiting *waiting),
                         void *context);

/* No worker is late before this time; UINT64_MAX when all are idle. */
uint64_t sks_pool_next_look (const sks_pool *pool);

#endif
