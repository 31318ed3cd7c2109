/* dispatch.h - what happens to each request: it goes to an idle worker, is answered here, waits in one bounded queue, or
 * is refused.
 *
 * It is refused with "busy" if the queue is full, with "deadline" if its time is over before a worker is free, with
 * "shutting_down" once the daemon ends. Of a request that has to wait, at least id and deadline are read first, so that
 * it is refused in time and the refusal names it. Requests that need no index ("health") are answered at once. All
 * calls belong to the broker's thread. */
#ifndef SKS_DISPATCH_H
#define SKS_DISPATCH_H

#include "core/base/buffer.h"
#include "pool.h"

enum sks_service { SKS_STARTING, SKS_SERVING, SKS_DRAINING };

typedef struct sks_dispatch {
    sks_daemon *daemon;
    sks_pool *pool;
    sks_queue *queue;
    enum sks_service service; /* set by the broker */
    uint64_t unready;         /* bit i: worker i has no searcher yet */
    int refused;              /* SKS_E...: why a worker could not open its first searcher; else 0 */
    sks_buffer reply;         /* for requests that are answered or refused here */
    uint64_t heard_us;        /* when the last message came */
    uint64_t crowd_us;        /* when the last request came that made another one wait */
    bool few_cores;           /* this thread and that of libzmq leave no core to the workers */
    unsigned failures;        /* grows with each request that took more than may be done here */
    unsigned skipped;         /* how many of the next requests are not tried here */
} sks_dispatch;

/* Create pool and queue for `daemon`, which is borrowed. Close it even after a failure. Returns 0 or SKS_ENOMEM. */
int sks_dispatch_open (sks_dispatch *out, sks_daemon *daemon, sks_error *err);
void sks_dispatch_close (sks_dispatch *dispatch);

/* Have all idle workers change to the current generation. */
void sks_dispatch_refresh (sks_dispatch *dispatch);

/* Send what the workers have made, and give them more. */
void sks_dispatch_take_answers (sks_dispatch *dispatch);

/* Take requests that arrived. False if there may be more, which a reply may have hidden from the next wait. */
bool sks_dispatch_take_requests (sks_dispatch *dispatch);

/* Refuse the requests whose time is over, waiting or with a worker. */
void sks_dispatch_expire (sks_dispatch *dispatch);

/* Refuse all waiting requests, as the daemon ends. */
void sks_dispatch_refuse_waiting (sks_dispatch *dispatch);

#endif
