/* broker.h - the main thread's loop: gives requests to workers, or refuses them.
 *
 * A request goes to an idle worker, or waits in one bounded queue, or is refused: with "busy" if the queue is full,
 * with "deadline" if its time is over before a worker is free, with "shutting_down" once the daemon ends. A request
 * that has to wait is decoded first, so that its deadline is known and a refusal can name its id. Requests that need
 * no index ("health") are answered at once. */
#ifndef SKS_BROKER_H
#define SKS_BROKER_H

#include "searchd.h"

/* Serve until SIGTERM or SIGINT. Writes to --ready-fd when all workers can answer. Takes the reference
 * daemon->generation and releases the last one.
 * Returns 0 when all requests were answered or refused, SKS_EINDEX when no worker could be made ready,
 * SKS_ESHUTTINGDOWN when a second signal or the time limit for stopping cut requests off: then a worker may still
 * be busy. */
int sks_broker_run (sks_daemon *daemon, sks_error *err);

#endif
