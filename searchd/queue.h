/* queue.h - requests that wait for a worker: bounded, fair, each with its own
 * deadline. The broker's alone; it knows no socket.
 *
 * A client is a number, as the envelope has it. Clients take turns, however much
 * each has sent, and who was served longest ago is next: one that asks a little
 * waits for one request of each other client at most, and for none of those that
 * ask without end. The places belong to nobody until they run out; then whoever has
 * the most gives one to whoever has less. So no share has to be set, and one client alone may
 * use the whole queue. */
#ifndef SKS_QUEUE_H
#define SKS_QUEUE_H

#include "searchd.h"

#include <stddef.h>

/* A request in the queue. The holder of this struct owns both forms of it. */
typedef struct sks_waiting {
    sks_envelope envelope; /* whom to answer */
    sks_request *request;  /* decoded; or its id and deadline alone, */
    char *bytes;           /* and the rest is here, from malloc; else NULL */
    size_t size;
    uint64_t arrived_us;  /* sks_clock_us when it was received */
    uint64_t deadline_us; /* sks_clock_us from which on nobody waits for it */
} sks_waiting;

/* Free the request. */
void sks_queue_drop (sks_waiting *waiting);

typedef struct sks_queue sks_queue;

/* A queue for at most limit requests, NULL when out of memory. Caller owns it;
 * free with sks_queue_destroy. */
sks_queue *sks_queue_create (size_t limit);

/* Free it with the requests in it. Takes ownership; sets *queue_p to NULL. */
void sks_queue_destroy (sks_queue **queue_p);

size_t sks_queue_count (const sks_queue *queue);

/* Append behind the client's others. Takes ownership of the request. True
 * when all have a place. Else the queue was full, and
 *   *displaced   is the one without a place: the newest of the client that has
 *                the most, or `waiting` itself when its own client has as many
 *                or one less. Caller owns its request. */
bool sks_queue_push (sks_queue *queue, const sks_waiting *waiting, sks_waiting *displaced);

/* The oldest of the client whose turn it is; false when there is none. Caller
 * owns out->request. */
bool sks_queue_pop (sks_queue *queue, sks_waiting *out);

/* A client was served without a wait: that was its turn, too. */
void sks_queue_serve (sks_queue *queue, uint32_t number);

/* Remove the requests whose deadline is at or before now_us, the oldest of each
 * client first, and give each to expired, which then owns its request. */
void sks_queue_expire (sks_queue *queue, uint64_t now_us, void (*expired) (void *context, const sks_waiting *waiting),
                       void *context);

/* No deadline in the queue is before this; UINT64_MAX when nothing waits. */
uint64_t sks_queue_next_deadline (const sks_queue *queue);

#endif
