/* queue.c - a ring. The earliest deadline is remembered as a lower bound, so
 * the usual turn of the broker asks for expired requests without a walk. */
#include "queue.h"

#include <stdlib.h>

struct sks_queue {
    size_t limit, first, count;
    uint64_t next_deadline_us;  /* at or before every deadline in the ring */
    sks_waiting ring[];
};

sks_queue *
sks_queue_create (size_t limit)
{
    sks_queue *queue = malloc (sizeof *queue + limit * sizeof *queue->ring);
    if (queue) {
        queue->limit = limit;
        queue->first = queue->count = 0;
        queue->next_deadline_us = UINT64_MAX;
    }
    return queue;
}

void
sks_queue_destroy (sks_queue **queue_p)
{
    if (!queue_p || !*queue_p)
        return;
    sks_waiting waiting;
    while (sks_queue_pop (*queue_p, &waiting))
        sks_request_destroy (&waiting.request);
    free (*queue_p);
    *queue_p = NULL;
}

size_t
sks_queue_count (const sks_queue *queue)
{
    return queue->count;
}

bool
sks_queue_push (sks_queue *queue, const sks_waiting *waiting)
{
    if (queue->count == queue->limit)
        return false;
    queue->ring[(queue->first + queue->count++) % queue->limit] = *waiting;
    if (waiting->deadline_us < queue->next_deadline_us)
        queue->next_deadline_us = waiting->deadline_us;
    return true;
}

bool
sks_queue_pop (sks_queue *queue, sks_waiting *out)
{
    if (queue->count == 0)
        return false;
    *out = queue->ring[queue->first];
    queue->first = (queue->first + 1) % queue->limit;
    if (--queue->count == 0)
        queue->next_deadline_us = UINT64_MAX;
    return true;
}

void
sks_queue_expire (sks_queue *queue, uint64_t now_us,
                  void (*expired) (void *context, const sks_waiting *waiting), void *context)
{
    if (now_us < queue->next_deadline_us)
        return;
    queue->next_deadline_us = UINT64_MAX;
    /* Once around: what stays is appended again, so its order stays too. */
    for (size_t left = queue->count; left > 0; left--) {
        sks_waiting waiting;
        sks_queue_pop (queue, &waiting);
        if (waiting.deadline_us <= now_us)
            expired (context, &waiting);
        else
            sks_queue_push (queue, &waiting);
    }
}

uint64_t
sks_queue_next_deadline (const sks_queue *queue)
{
    return queue->next_deadline_us;
}
