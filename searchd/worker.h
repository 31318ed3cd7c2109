/* worker.h - a thread that answers requests, one at a time.
 *
 * The broker holds this end; the calls belong to its thread. A job goes only to an idle worker, so no call here
 * waits. */
#ifndef SKS_WORKER_H
#define SKS_WORKER_H

#include "searchd.h"

#include <zmq.h>

typedef struct sks_worker sks_worker;

/* Start the thread. It cannot answer before its first SKS_JOB_REFRESH.
 *   number    names it in an error.
 *   done      an eventfd that it signals when there is a result; borrowed
 *             until the worker is stopped.
 *   stop      when to abort its work, with SKS_ESHUTTINGDOWN; borrowed
 *             likewise.
 *   *out      caller owns it; free with sks_worker_stop. NULL on failure. */
int sks_worker_start (sks_worker **out, unsigned number, const sks_config *config, sks_counters *counters, int done,
                      const sks_stop *stop, sks_error *err);

/* Hand over a job to an idle worker. payload may be NULL for none. Takes
 * ownership of what job points at and of the payload's content. */
void sks_worker_give (sks_worker *worker, const sks_job *job, zmq_msg_t *payload);

/* Do the job of an idle worker in the calling thread, if it takes at most `units` of work (core/base/budget.h). The
 * request and the generation are those of sks_worker_give, which is called for a job that turns out to take more, a
 * request of more than SKS_SMALL_REQUEST_BYTES, a multi, an index in shards, and a searcher on another generation. In
 * each case sks_worker_take takes the result; it is there at once if this returns true. A job that is decoded already is
 * a small one, and payload may be NULL. */
bool sks_worker_try (sks_worker *worker, const sks_job *job, zmq_msg_t *payload, uint64_t units);

/* Take the result of its job; false when it is not done.
 *   answer   initialised by the caller, to be sent on or closed; see
 *            enum sks_job_kind.
 *   *wrong   bytes of the payload when it could not be read as a request, else 0. */
bool sks_worker_take (sks_worker *worker, zmq_msg_t *answer, size_t *wrong);

/* Wait for the job under way, end the thread, free all. Takes ownership; sets
 * *worker_p to NULL. Safe on NULL. */
void sks_worker_stop (sks_worker **worker_p);

#endif
