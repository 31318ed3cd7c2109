/* queue.h - requests that wait for a worker: bounded, fair, each with its own deadline. Used only by the broker; it
 * does not depend on sockets.
 *
 * A client is a number, as the envelope has it. Requests are scheduled fairly per client, whatever each has sent: the
 * client that was served longest ago is next. A client with few requests waits for at most one request of each other
 * client. Places are not assigned to clients; when they run out, the client with the most requests gives one up to a
 * client with fewer. So there is no share to configure, and a single client may use the whole queue.
 *
 * Among the requests of one client, the sources that its proxy serves take turns in the same way: a source with few
 * requests waits for at most one request of each other source, and the source with the most gives up its newest. Only
 * the client of a proxy has several sources, and addresses that a client makes up order its own requests only. */
#ifndef SKS_QUEUE_H
#define SKS_QUEUE_H

#include "searchd.h"

#include <stddef.h>

/* A request in the queue. The holder of this struct owns request and bytes. */
typedef struct sks_waiting {
    sks_envelope envelope; /* whom to answer */
    sks_request *request;  /* decoded; or only its id and deadline */
    char *bytes;           /* the undecoded request in that case, from malloc; else NULL */
    size_t size;
    uint64_t arrived_us;  /* sks_clock_us when it was received */
    uint64_t deadline_us; /* sks_clock_us at which the client stops waiting */
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

/* Append after the other requests of its source. Takes ownership of the request. True when all fit. Else the queue was
 * full, and
 *   *displaced   is the one without a place: the last of the client that has
 *                the most, or when its own client has as many or one less, the last of that,
 *                which may be `waiting` itself. Caller owns its request. */
bool sks_queue_push (sks_queue *queue, const sks_waiting *waiting, sks_waiting *displaced);

/* The first request of the next client; false when the queue is empty. Caller
 * owns out->request. */
bool sks_queue_pop (sks_queue *queue, sks_waiting *out);

/* Count a client that was served without waiting: this was its turn, too. */
void sks_queue_serve (sks_queue *queue, uint32_t number);

/* Remove the requests whose deadline is at or before now_us, the oldest of each
 * client first, and give each to expired, which then owns its request. */
void sks_queue_expire (sks_queue *queue, uint64_t now_us, void (*expired) (void *context, const sks_waiting *waiting),
                       void *context);

/* No deadline in the queue is before this; UINT64_MAX when nothing waits. */
uint64_t sks_queue_next_deadline (const sks_queue *queue);

#endif
