/* broker.h - the main thread: starts, waits for requests, answers and signals, changes to new generations, and ends.
 * What happens to each request is in dispatch.h. */
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
