/* worker.c - bytes -> request -> result -> bytes, in its own thread.
 *
 * The thread owns a searcher on one generation. A job names the generation to answer on; if it differs, the searcher
 * is closed and a new one opened, so a worker never answers on a generation that the broker no longer uses.
 * When that fails the answer is an error, never an empty result.
 *
 * Job and answer share one slot, which belongs to one side at a time: to the broker until it has stored a job; then
 * to the thread until it has stored the answer. The searcher belongs to the same side, so the broker can do a small job
 * while the thread sleeps, which saves two hand-overs. An atomic names the owner, an eventfd wakes the other side. A
 * socket pair would need three times the system calls. */
#include "worker.h"

#include "log.h"
#include "answer.h"
#include "reply.h"
#include "connections.h"
#include "config.h"
#include "counters.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOGGED_QUERY_BYTES 512

#define TOO_LARGE 1 /* instead of a code of failure: the request takes more units than that */

/* A third of the time after which a server of a shard ends an idle connection by default. */
#define KEEP_ALIVE_MS 20000

enum owner { BROKER, THREAD, ANSWERED };

struct sks_worker {
    const sks_config *config;
    sks_counters *counters;
    int wake;             /* eventfd: there is a job */
    int done;             /* eventfd of the broker, for all workers: there is an answer */
    const sks_stop *stop; /* when the current work must end */
    pthread_t thread;
    bool running;
    _Atomic int owner; /* enum owner: who owns the members below */
    sks_job job;
    zmq_msg_t payload, answer;
    size_t wrong;   /* bytes of a payload that could not be read */
    uint64_t quota; /* units of work after which the job is left to the thread; 0 for any number */
    /* Used only by the thread that does the job: the worker's, or in sks_worker_try the broker's. */
    sks_searcher *searcher; /* NULL before the first job, or when it could not be opened */
    sks_gather *gather;     /* its owner if the index is in shards, else NULL; used only by the worker's thread */
    sks_buffer reply;
    sks_results *results; /* of that searcher; NULL: replies are not kept */
    sks_arena *memory;    /* of the answer being made */
};

/* -------------------------------------------------------------- answering */

static void
close_searcher (sks_worker *worker)
{
    if (worker->gather)
        worker->searcher = NULL;
    sks_searcher_close (&worker->searcher);
    sks_gather_close (&worker->gather);
}

/* Make sure that the searcher is on `generation`. */
static int
use_generation (sks_worker *worker, sks_generation *generation, sks_error *err)
{
    sks_error cause;
    if (worker->searcher && sks_searcher_generation (worker->searcher) == generation)
        return 0;
    close_searcher (worker);
    sks_results_clear (worker->results);
    if (!sks_generation_shards (generation)) {
        if (sks_searcher_open (&worker->searcher, generation, &cause))
            return sks_fail (err, SKS_EINDEX, "%s", cause.text);
        return 0;
    }
    const sks_gather_options options = { .timeout_ms = worker->config->shard_timeout_ms,
                                         .connect_ms = worker->config->shard_connect_ms,
                                         .states = &worker->counters->shards,
                                         .later = true };
    if (sks_gather_open (&worker->gather, generation, &options, &cause))
        return sks_fail (err, SKS_EINDEX, "%s", cause.text);
    worker->searcher = sks_gather_searcher (worker->gather);
    return 0;
}

/* Answer on the generation of the job. */
static int
answer_on (sks_worker *worker, const sks_job *job, uint64_t deadline_us, sks_error *err)
{
    int code = use_generation (worker, job->generation, err);
    if (code)
        return code;
    sks_budget *budget = sks_searcher_budget (worker->searcher);
    budget->stop = worker->stop;
    sks_budget_begin (budget, deadline_us);
    if (worker->quota)
        sks_budget_limit (budget, worker->quota);
    sks_answerer answerer = { .searcher = worker->searcher,
                              .memory = worker->memory,
                              .counters = worker->counters,
                              .reply = &worker->reply,
                              .client = job->client,
                              .gather = worker->gather,
                              .results = worker->results };
    code = sks_answer (&answerer, job->request, err);
    return budget->over ? TOO_LARGE : code;
}

/* Fill worker->reply with the answer to a decoded request. */
static int
answer_request (sks_worker *worker, const sks_job *job, sks_error *err)
{
    const sks_request *request = job->request;
    uint64_t deadline_us = sks_config_deadline_us (worker->config, request, job->arrived_us);
    if (sks_clock_us () >= deadline_us)
        return sks_fail (err, SKS_EDEADLINE, "not begun in time");
    if (sks_reply_is_status (request->op))
        return sks_reply_status (&worker->reply, request, worker->counters, err);
    return answer_on (worker, job, deadline_us, err);
}

/* Log one line per request: at info if it was slow, else at debug; the query only at debug. */
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
ring (int eventfd_)
{
    static const uint64_t one = 1;
    while (write (eventfd_, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void
send_reply (sks_worker *worker)
{
    if (sks_reply_message (&worker->answer, &worker->reply))
        sks_counters_drop (worker->counters, SKS_DROPPED_MEMORY);
}

/* Decode, answer, count, send. False if the job exceeds the quota; then its request is decoded. */
static bool
do_answer (sks_worker *worker)
{
    sks_job *job = &worker->job;
    uint64_t begun_us = sks_clock_us (), waited_us = begun_us - job->arrived_us;
    sks_error err;
    int code = 0;
    if (!job->request) {
        zmq_msg_t *payload = &worker->payload;
        code = sks_request_decode (&job->request, zmq_msg_data (payload), zmq_msg_size (payload), &err);
        if (code)
            worker->wrong = zmq_msg_size (payload);
        else
            sks_counters_request (worker->counters, job->request->op);
    }
    if (!code && worker->quota && job->request->op == SKS_OP_MULTI)
        code = TOO_LARGE;
    if (!code)
        code = answer_request (worker, job, &err);
    if (code == TOO_LARGE) {
        sks_buffer_clear (&worker->reply);
        return false;
    }
    if (code)
        code = sks_reply_refuse (&worker->reply, job->request, job->client, &err);
    sks_counters_reply (worker->counters, job->request, code, job->arrived_us);
    log_request (worker, job, code, waited_us, sks_clock_us () - begun_us);
    send_reply (worker);
    return true;
}

/* Change to another generation before a request needs it. */
static void
do_refresh (sks_worker *worker)
{
    const sks_job *job = &worker->job;
    sks_error err;
    int code = use_generation (worker, job->generation, &err);
    if (!code && worker->gather)
        code = sks_gather_check (worker->gather, &err);
    if (code) {
        char reason[2 * SKS_ERROR_TEXT_BYTES];
        sks_log (SKS_LOG_ERROR, "searcher_failed", "generation=%" PRIu64 " reason=%s",
                 sks_generation_number (job->generation), sks_log_quote (reason, sizeof reason, err.text));
    }
    if (zmq_msg_init_size (&worker->answer, sizeof code))
        zmq_msg_init (&worker->answer);
    else
        memcpy (zmq_msg_data (&worker->answer), &code, sizeof code);
}

/* ----------------------------------------------------------------- thread */
/* Wait for the broker's signal. Meanwhile the servers of shards must not close the connections. */
static void
wait_for_signal (sks_worker *worker)
{
    struct pollfd wake = { .fd = worker->wake, .events = POLLIN };
    while (worker->gather && poll (&wake, 1, KEEP_ALIVE_MS) == 0)
        sks_gather_keep_alive (worker->gather);
}

static void
wait_for_job (sks_worker *worker)
{
    uint64_t rung;
    while (atomic_load_explicit (&worker->owner, memory_order_acquire) != THREAD) {
        wait_for_signal (worker);
        if (read (worker->wake, &rung, sizeof rung) < 0 && errno != EINTR)
            abort ();
    }
}

static void
finish_job (sks_worker *worker)
{
    sks_request_destroy (&worker->job.request);
    sks_generation_release (&worker->job.generation);
    atomic_store_explicit (&worker->owner, ANSWERED, memory_order_release);
}

static void *
work (void *argument)
{
    sks_worker *worker = argument;
    for (;;) {
        wait_for_job (worker);
        if (worker->job.kind == SKS_JOB_STOP)
            break;
        if (worker->job.kind == SKS_JOB_ANSWER)
            do_answer (worker);
        else
            do_refresh (worker);
        finish_job (worker);
        ring (worker->done);
    }
    close_searcher (worker);
    return NULL;
}

/* ----------------------------------------------------------- broker's end */
/* For top -H and the like. */
static void
name_thread (pthread_t thread, unsigned number)
{
    char name[16];
    snprintf (name, sizeof name, "worker %u", number);
    pthread_setname_np (thread, name);
}

int
sks_worker_start (sks_worker **out, unsigned number, const sks_config *config, sks_counters *counters, int done,
                  const sks_stop *stop, sks_error *err)
{
    *out = NULL;
    sks_worker *worker = calloc (1, sizeof *worker);
    if (!worker)
        return sks_fail_memory (err);
    worker->config = config;
    worker->counters = counters;
    worker->done = done;
    worker->stop = stop;
    zmq_msg_init (&worker->payload);
    zmq_msg_init (&worker->answer);
    worker->reply = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    worker->memory = sks_arena_create ();
    worker->wake = eventfd (0, EFD_CLOEXEC);
    size_t results_bytes = ((size_t) config->results_mb << 20) / config->workers;
    worker->results = results_bytes ? sks_results_create (results_bytes, counters) : NULL;
    int code = worker->memory && (worker->results || !results_bytes) ? 0 : sks_fail_memory (err);
    if (!code && (worker->wake < 0 || (errno = pthread_create (&worker->thread, NULL, work, worker))))
        code = sks_fail_errno (err, "cannot start worker %u", number);
    worker->running = !code;
    if (code)
        sks_worker_stop (&worker);
    else
        name_thread (worker->thread, number);
    *out = worker;
    return code;
}

static void
fill_slot (sks_worker *worker, const sks_job *job, zmq_msg_t *payload)
{
    worker->job = *job;
    worker->wrong = 0;
    if (payload)
        zmq_msg_move (&worker->payload, payload);
}

static void
wake (sks_worker *worker)
{
    worker->quota = 0;
    atomic_store_explicit (&worker->owner, THREAD, memory_order_release);
    ring (worker->wake);
}

void
sks_worker_give (sks_worker *worker, const sks_job *job, zmq_msg_t *payload)
{
    fill_slot (worker, job, payload);
    wake (worker);
}

bool
sks_worker_try (sks_worker *worker, const sks_job *job, zmq_msg_t *payload, uint64_t units)
{
    fill_slot (worker, job, payload);
    worker->quota = units;
    bool small = job->request || zmq_msg_size (&worker->payload) <= SKS_SMALL_REQUEST_BYTES;
    bool ready = worker->searcher && sks_searcher_generation (worker->searcher) == job->generation;
    /* Shards may be on other machines, and the thread uses a gather while it waits. */
    bool done = small && ready && !worker->gather && do_answer (worker);
    if (done)
        finish_job (worker);
    else
        wake (worker);
    return done;
}

bool
sks_worker_take (sks_worker *worker, zmq_msg_t *answer, size_t *wrong)
{
    if (atomic_load_explicit (&worker->owner, memory_order_acquire) != ANSWERED)
        return false;
    zmq_msg_move (answer, &worker->answer);
    *wrong = worker->wrong;
    atomic_store_explicit (&worker->owner, BROKER, memory_order_relaxed);
    return true;
}

/* End the thread. A busy thread owns the slot, so it can get the order only when it is done. */
static void
join (sks_worker *worker)
{
    while (atomic_load_explicit (&worker->owner, memory_order_acquire) == THREAD)
        sched_yield ();
    sks_worker_give (worker, &(sks_job) { .kind = SKS_JOB_STOP }, NULL);
    pthread_join (worker->thread, NULL);
}

void
sks_worker_stop (sks_worker **worker_p)
{
    if (!worker_p || !*worker_p)
        return;
    sks_worker *worker = *worker_p;
    *worker_p = NULL;
    if (worker->running)
        join (worker);
    if (worker->wake >= 0)
        close (worker->wake);
    zmq_msg_close (&worker->payload);
    zmq_msg_close (&worker->answer);
    sks_buffer_free (&worker->reply);
    sks_results_destroy (&worker->results);
    sks_arena_destroy (&worker->memory);
    free (worker);
}
