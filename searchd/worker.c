/* worker.c - bytes -> request -> result -> bytes, in a thread of its own.
 *
 * The thread owns a searcher, the way into one generation. A job names the
 * generation to answer on; when it is another one, the searcher is closed and
 * opened anew, so a worker never answers on a generation the broker has left.
 * When that fails the answer is an error, never an empty result.
 *
 * The two atomics are no lock and wait for nothing. libzmq orders the memory of
 * both ends by itself, but inside a library that ThreadSanitizer cannot see;
 * the pairs of release and acquire say the same where it can. */
#include "worker.h"

#include "../core/log.h"
#include "answer.h"
#include "reply.h"
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOGGED_QUERY_BYTES 512

struct sks_worker {
    const sks_config *config;
    sks_counters *counters;
    void *broker_end, *worker_end;  /* two PAIR sockets, one for each thread */
    pthread_t thread;
    bool running;
    _Atomic uint64_t given, answered;  /* hand-overs in either direction */
    /* The worker thread's alone. */
    sks_searcher *searcher;  /* NULL before the first job, or when it could not be opened */
    sks_buffer reply;
    sks_arena *memory;       /* of the answer being made */
};

/* -------------------------------------------------------------- answering */
/* Have a searcher on generation. */
static int
use_generation (sks_worker *worker, sks_generation *generation, sks_error *err)
{
    if (worker->searcher && sks_searcher_generation (worker->searcher) == generation)
        return 0;
    sks_searcher_close (&worker->searcher);
    sks_error why;
    if (sks_searcher_open (&worker->searcher, generation, &why))
        return sks_fail (err, SKS_EINDEX, "%s", why.text);
    return 0;
}

/* Fill worker->reply with the answer to a request that was understood. */
static int
answer_request (sks_worker *worker, const sks_job *job, sks_error *err)
{
    const sks_request *request = job->request;
    uint64_t deadline_us = sks_deadline_us (worker->config, request, job->arrived_us);
    if (sks_clock_us () >= deadline_us)
        return sks_fail (err, SKS_EDEADLINE, "not begun in time");
    if (sks_reply_is_status (request->op))
        return sks_reply_status (&worker->reply, request, worker->counters, err);
    int code = use_generation (worker, job->generation, err);
    if (code)
        return code;
    sks_searcher_set_deadline (worker->searcher, deadline_us);
    sks_answerer answerer = { worker->searcher, worker->memory, worker->counters, &worker->reply, job->client,
                              deadline_us };
    return sks_answer (&answerer, request, err);
}

/* One line a request: at info when it was slow, else at debug; what was asked
 * only where someone debugs. */
static void
log_request (const sks_worker *worker, const sks_job *job, int code, uint64_t waited_us, uint64_t took_us)
{
    bool slow = took_us >= (uint64_t) worker->config->slow_ms * 1000;
    bool debug = worker->config->log_level >= SKS_LOG_DEBUG;
    if (!slow && !debug)
        return;
    char query[LOGGED_QUERY_BYTES] = "", whose[SKS_LOG_WHOSE_BYTES];
    if (debug && job->request && job->request->query.text)
        sks_log_quote (query, sizeof query, job->request->query.text);
    sks_log (slow ? SKS_LOG_INFO : SKS_LOG_DEBUG, slow ? "slow_query" : "request",
             "%s code=%s took_us=%" PRIu64 " waited_us=%" PRIu64 "%s%s",
             sks_reply_log_whose (whose, job->request, job->client), sks_code_name (code), took_us, waited_us,
             *query ? " q=" : "", query);
}

static void
send_back (sks_worker *worker, zmq_msg_t *message)
{
    atomic_fetch_add_explicit (&worker->answered, 1, memory_order_release);
    while (zmq_msg_send (message, worker->worker_end, 0) < 0 && errno == EINTR)
        ;
    zmq_msg_close (message);
}

static void
send_reply (sks_worker *worker)
{
    zmq_msg_t message;
    if (sks_reply_message (&message, &worker->reply))
        sks_counters_drop (worker->counters, SKS_DROPPED_MEMORY);
    send_back (worker, &message);
}

/* Decode, answer, count, send. */
static void
do_answer (sks_worker *worker, sks_job *job, zmq_msg_t *payload)
{
    uint64_t begun_us = sks_clock_us (), waited_us = begun_us - job->arrived_us;
    sks_error err;
    int code = 0;
    if (!job->request) {
        code = sks_request_decode (&job->request, zmq_msg_data (payload), zmq_msg_size (payload), &err);
        if (!code)
            sks_counters_request (worker->counters, job->request->op);
    }
    if (!code)
        code = answer_request (worker, job, &err);
    if (code)
        code = sks_reply_refuse (&worker->reply, job->request, job->client, &err);
    sks_counters_reply (worker->counters, job->request, code, job->arrived_us);
    log_request (worker, job, code, waited_us, sks_clock_us () - begun_us);
    send_reply (worker);
}

/* Change to another generation before a request asks for it. */
static void
do_refresh (sks_worker *worker, const sks_job *job)
{
    sks_error err;
    zmq_msg_t message;
    int code = use_generation (worker, job->generation, &err);
    if (code) {
        char reason[2 * SKS_ERROR_TEXT_BYTES];
        sks_log (SKS_LOG_ERROR, "searcher_failed", "generation=%" PRIu64 " reason=%s",
                 sks_generation_number (job->generation), sks_log_quote (reason, sizeof reason, err.text));
    }
    if (zmq_msg_init_size (&message, sizeof code))
        zmq_msg_init (&message);
    else
        memcpy (zmq_msg_data (&message), &code, sizeof code);
    send_back (worker, &message);
}

/* ----------------------------------------------------------------- thread */
/* Wait for the next job and its payload. */
static void
receive_job (sks_worker *worker, sks_job *job, zmq_msg_t *payload)
{
    while (zmq_recv (worker->worker_end, job, sizeof *job, 0) < 0 && errno == EINTR)
        ;
    zmq_msg_recv (payload, worker->worker_end, 0);
    atomic_load_explicit (&worker->given, memory_order_acquire);
}

static void *
work (void *argument)
{
    sks_worker *worker = argument;
    zmq_msg_t payload;
    zmq_msg_init (&payload);
    for (;;) {
        sks_job job = { .kind = SKS_JOB_STOP };
        receive_job (worker, &job, &payload);
        if (job.kind == SKS_JOB_STOP)
            break;
        if (job.kind == SKS_JOB_ANSWER)
            do_answer (worker, &job, &payload);
        else
            do_refresh (worker, &job);
        sks_request_destroy (&job.request);
        sks_generation_release (&job.generation);
    }
    zmq_msg_close (&payload);
    sks_searcher_close (&worker->searcher);
    return NULL;
}

/* ----------------------------------------------------------- broker's end */
static int
connect_ends (sks_worker *worker, void *context, unsigned number, sks_error *err)
{
    char name[64];
    snprintf (name, sizeof name, "inproc://worker-%u", number);
    worker->broker_end = zmq_socket (context, ZMQ_PAIR);
    worker->worker_end = zmq_socket (context, ZMQ_PAIR);
    if (!worker->broker_end || !worker->worker_end || zmq_bind (worker->broker_end, name)
        || zmq_connect (worker->worker_end, name))
        return sks_fail_errno (err, "cannot connect worker %u", number);
    return 0;
}

int
sks_worker_start (sks_worker **out, void *context, unsigned number, const sks_config *config,
                  sks_counters *counters, sks_error *err)
{
    *out = NULL;
    sks_worker *worker = calloc (1, sizeof *worker);
    if (!worker)
        return sks_fail_memory (err);
    worker->config = config;
    worker->counters = counters;
    worker->reply = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    worker->memory = sks_arena_create ();
    int code = worker->memory ? connect_ends (worker, context, number, err) : sks_fail_memory (err);
    if (!code && (errno = pthread_create (&worker->thread, NULL, work, worker)))
        code = sks_fail_errno (err, "cannot start worker %u", number);
    worker->running = !code;
    if (code)
        sks_worker_stop (&worker);
    *out = worker;
    return code;
}

void *
sks_worker_socket (sks_worker *worker)
{
    return worker->broker_end;
}

int
sks_worker_give (sks_worker *worker, const sks_job *job, zmq_msg_t *payload)
{
    zmq_msg_t empty;
    zmq_msg_init (&empty);
    if (!payload)
        payload = &empty;
    atomic_fetch_add_explicit (&worker->given, 1, memory_order_release);
    if (zmq_send (worker->broker_end, job, sizeof *job, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        sks_job lost = *job;
        sks_request_destroy (&lost.request);
        sks_generation_release (&lost.generation);
        zmq_msg_close (payload);
        return SKS_EINTERNAL;
    }
    if (zmq_msg_send (payload, worker->broker_end, ZMQ_DONTWAIT) < 0)
        zmq_msg_close (payload);
    return 0;
}

bool
sks_worker_take (sks_worker *worker, zmq_msg_t *answer)
{
    if (zmq_msg_recv (answer, worker->broker_end, ZMQ_DONTWAIT) < 0)
        return false;
    atomic_load_explicit (&worker->answered, memory_order_acquire);
    return true;
}

void
sks_worker_stop (sks_worker **worker_p)
{
    static const int no_linger = 0;
    if (!worker_p || !*worker_p)
        return;
    sks_worker *worker = *worker_p;
    *worker_p = NULL;
    if (worker->running) {
        sks_worker_give (worker, &(sks_job) { .kind = SKS_JOB_STOP }, NULL);
        pthread_join (worker->thread, NULL);
    }
    void *ends[] = { worker->broker_end, worker->worker_end };
    for (size_t i = 0; i < 2; i++)
        if (ends[i]) {
            zmq_setsockopt (ends[i], ZMQ_LINGER, &no_linger, sizeof no_linger);
            zmq_close (ends[i]);
        }
    sks_buffer_free (&worker->reply);
    sks_arena_destroy (&worker->memory);
    free (worker);
}
