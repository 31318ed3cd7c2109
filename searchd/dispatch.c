/* dispatch.c - refusals, waiting, answers here, the next request of a worker.
 *
 * While all workers are idle, a small request is answered in this thread; on few cores, small ones beside others, too. */
#include "dispatch.h"

#include "config.h"
#include "connections.h"
#include "core/base/clock.h"
#include "counters.h"
#include "front.h"
#include "reply.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 64     /* requests taken before workers are checked again */
#define BATCH_US 200 /* maximum time of taking requests before that */
/* Units of work that a request may take in this thread: about 0.25 ms, 1.6 at most in a test of all operations at a
 * million statements. Another request waits that long for it. If one came meanwhile, there are several clients, which
 * workers can serve at the same time: then only what takes less than the hand-over to a worker is done here, for a
 * while. */
#define ALONE_UNITS 262144
#define CROWD_UNITS 32768
#define CROWD_US 10000
/* With so few cores, this thread and libzmq's use all of them, so it also answers requests that wait, each of at most
 * these units. */
#define FEW_CORES 2
#define FEW_CORES_UNITS 65536
#define HERE_MOST 16    /* requests that wait are answered here, for each idle worker, before others are taken */
#define MOST_SKIPPED 31 /* requests in succession that are not tried here because earlier ones took too much */
#define SHORT_US 40     /* an answer that took less is no reason to look for others that wait */

/* How many processors the process may use; many if that is not known. */
static int
count_cores (void)
{
    cpu_set_t cores;
    return sched_getaffinity (0, sizeof cores, &cores) ? CPU_SETSIZE : CPU_COUNT (&cores);
}

int
sks_dispatch_open (sks_dispatch *out, sks_daemon *daemon, sks_error *err)
{
    *out = (sks_dispatch) { .daemon = daemon,
                            .pool = sks_pool_create (daemon),
                            .queue = sks_queue_create (daemon->config.queue),
                            .reply = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES),
                            .few_cores = count_cores () <= FEW_CORES };
    if (!out->queue || !out->pool)
        return sks_fail_memory (err);
    out->unready = sks_pool_all (out->pool);
    return 0;
}

void
sks_dispatch_close (sks_dispatch *dispatch)
{
    sks_queue_destroy (&dispatch->queue);
    sks_pool_destroy (&dispatch->pool);
    sks_buffer_free (&dispatch->reply);
}

void
sks_dispatch_refresh (sks_dispatch *dispatch)
{
    for (uint64_t left = sks_pool_idle (dispatch->pool); left; left &= left - 1)
        sks_pool_refresh (dispatch->pool, (unsigned) __builtin_ctzll (left));
}

/* ---------------------------------------------------------- answers without workers */
static void
send_reply (sks_dispatch *dispatch, const sks_envelope *envelope)
{
    zmq_msg_t message;
    if (sks_reply_message (&message, &dispatch->reply) || zmq_msg_size (&message) == 0) {
        sks_counters_drop (&dispatch->daemon->counters, SKS_DROPPED_MEMORY);
        zmq_msg_close (&message);
        return;
    }
    sks_front_send (dispatch->daemon->front, envelope, &message);
}

static void
refuse (sks_dispatch *dispatch, const sks_waiting *waiting, const sks_error *err)
{
    int code = sks_reply_refuse (&dispatch->reply, waiting->request, waiting->envelope.client, err);
    sks_counters_reply (&dispatch->daemon->counters, waiting->request, code, waiting->arrived_us);
    send_reply (dispatch, &waiting->envelope);
}

/* Refuse a large request of a connection that sent too many invalid ones. */
static void
refuse_owing (sks_dispatch *dispatch, const sks_waiting *waiting, size_t size)
{
    sks_error err;
    if (!waiting->envelope.counted)
        sks_connections_judged (waiting->envelope.connection, size);
    sks_fail (&err, SKS_EBUSY, "too many large requests of this connection were wrong");
    refuse (dispatch, waiting, &err);
}

static void
refuse_expired (void *context, const sks_waiting *waiting)
{
    sks_error err;
    sks_waiting gone = *waiting;
    sks_fail (&err, SKS_EDEADLINE, "no worker was free in time");
    refuse (context, waiting, &err);
    sks_queue_drop (&gone);
}

/* Refuse a request that its worker has not answered in time. */
static void
refuse_late (void *context, const sks_waiting *waiting)
{
    sks_error err;
    sks_fail (&err, SKS_EDEADLINE, "not done in time");
    refuse (context, waiting, &err);
}

static void
answer_status (sks_dispatch *dispatch, const sks_waiting *waiting)
{
    sks_error err;
    sks_counters *counters = &dispatch->daemon->counters;
    int code = sks_reply_status (&dispatch->reply, waiting->request, counters, &err);
    if (code) {
        refuse (dispatch, waiting, &err);
        return;
    }
    sks_counters_reply (counters, waiting->request, code, waiting->arrived_us);
    send_reply (dispatch, &waiting->envelope);
}

/* ----------------------------------------------------------------- waiting */
/* Put a request into the queue. If the queue is full, one request has no place and is refused. */
static void
enqueue (sks_dispatch *dispatch, sks_waiting *waiting)
{
    const sks_config *config = &dispatch->daemon->config;
    sks_waiting displaced;
    sks_error err;
    waiting->deadline_us = sks_config_deadline_us (config, waiting->request, waiting->arrived_us);
    bool all = sks_queue_push (dispatch->queue, waiting, &displaced);
    waiting->request = NULL;
    waiting->bytes = NULL;
    if (all)
        return;
    sks_connections_refused (displaced.envelope.connection, displaced.bytes ? displaced.size : 0);
    sks_fail (&err, SKS_EBUSY, "%u request%s already waiting", config->queue, config->queue == 1 ? " is" : "s are");
    refuse (dispatch, &displaced, &err);
    sks_queue_drop (&displaced);
}

/* Refuse a request of which only the id was read. */
static void
refuse_unread (sks_dispatch *dispatch, const sks_envelope *envelope, zmq_msg_t *payload, int code, const char *text)
{
    sks_error err;
    sks_waiting waiting = { .envelope = *envelope, .arrived_us = dispatch->heard_us };
    sks_request_identify (&waiting.request, zmq_msg_data (payload), zmq_msg_size (payload));
    sks_fail (&err, code, "%s", text);
    refuse (dispatch, &waiting, &err);
    sks_request_destroy (&waiting.request);
}

/* Keep a large request undecoded while no worker is free. */
static void
keep_unread (sks_dispatch *dispatch, sks_waiting *waiting, zmq_msg_t *payload)
{
    const void *bytes = zmq_msg_data (payload);
    sks_error err;
    int code = 0;
    waiting->size = zmq_msg_size (payload);
    sks_request_identify (&waiting->request, bytes, waiting->size);
    if (dispatch->service == SKS_DRAINING)
        code = sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
    else if (!waiting->request || !(waiting->bytes = malloc (waiting->size)))
        code = sks_fail_memory (&err);
    if (code) {
        refuse (dispatch, waiting, &err);
        sks_queue_drop (waiting);
        return;
    }
    memcpy (waiting->bytes, bytes, waiting->size);
    enqueue (dispatch, waiting);
}

/* Decode a small request while no worker is free, and keep, answer or refuse it. */
static void
keep_or_refuse (sks_dispatch *dispatch, sks_waiting *waiting, zmq_msg_t *payload)
{
    sks_error err;
    int code = sks_request_decode (&waiting->request, zmq_msg_data (payload), zmq_msg_size (payload), &err);
    if (!code) {
        sks_counters_request (&dispatch->daemon->counters, waiting->request->op);
        if (dispatch->service == SKS_DRAINING)
            code = sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
        else if (sks_reply_is_status (waiting->request->op))
            answer_status (dispatch, waiting);
        else
            enqueue (dispatch, waiting);
    }
    if (code)
        refuse (dispatch, waiting, &err);
    sks_request_destroy (&waiting->request);
}

/* ----------------------------------------------------------------- workers */
static void
free_bytes (void *bytes, void *hint)
{
    (void) hint;
    free (bytes);
}

/* Give a waiting request of which only the bytes are kept to a worker. If there is no memory for its message, the worker
 * gets an empty one, which it refuses. */
static void
give_bytes (sks_dispatch *dispatch, unsigned number, sks_waiting *waiting)
{
    zmq_msg_t payload;
    if (zmq_msg_init_data (&payload, waiting->bytes, waiting->size, free_bytes, NULL)) {
        free (waiting->bytes);
        zmq_msg_init (&payload);
    }
    sks_pool_ask (dispatch->pool, number, waiting, &payload, 0);
    zmq_msg_close (&payload);
}

/* Take the result of opening a searcher. At the start a failure is fatal; later, each request to the worker tries
 * again. */
static void
take_refreshed (sks_dispatch *dispatch, unsigned number, zmq_msg_t *answer)
{
    int code = SKS_EINTERNAL;
    if (zmq_msg_size (answer) == sizeof code)
        memcpy (&code, zmq_msg_data (answer), sizeof code);
    if (dispatch->service != SKS_STARTING)
        return;
    dispatch->unready &= ~(UINT64_C (1) << number);
    if (code && !dispatch->refused)
        dispatch->refused = code;
}

/* Send what a worker has made of a request. */
static void
send_answer (sks_dispatch *dispatch, int sent, const sks_envelope *envelope, size_t wrong, zmq_msg_t *answer)
{
    if ((sent == SKS_SENT_REPLY || sent == SKS_SENT_LATE) && !(wrong && envelope->counted))
        sks_connections_judged (envelope->connection, wrong);
    if (sent == SKS_SENT_LATE)
        sks_counters_drop (&dispatch->daemon->counters, SKS_DROPPED_LATE);
    else if (sent == SKS_SENT_REPLY && zmq_msg_size (answer))
        sks_front_send (dispatch->daemon->front, envelope, answer);
}

/* ------------------------------------------------------------------- here */
/* Then an idle worker takes the next request: otherwise it would be refused. */
static bool
is_full (const sks_dispatch *dispatch)
{
    return sks_queue_count (dispatch->queue) >= dispatch->daemon->config.queue;
}

/* Whether the next request that is not alone is tried here. */
static bool
tries_here (const sks_dispatch *dispatch)
{
    return dispatch->few_cores && !dispatch->skipped;
}

/* The work that the broker's thread may do for a request, which saves two hand-overs between threads and their system
 * calls. If others are under way or wait, workers on other cores serve more of them at once; without such cores the
 * hand-overs only add to the work. */
static uint64_t
units_here (sks_dispatch *dispatch, uint64_t idle)
{
    bool alone = idle == sks_pool_all (dispatch->pool) && !sks_queue_count (dispatch->queue) &&
                 !sks_front_has_more (dispatch->daemon->front);
    if (dispatch->service != SKS_SERVING || (!alone && !dispatch->few_cores) || is_full (dispatch))
        return 0;
    if (!alone && dispatch->skipped) {
        dispatch->skipped--;
        return 0;
    }
    if (!alone)
        return FEW_CORES_UNITS;
    return dispatch->heard_us < dispatch->crowd_us + CROWD_US ? CROWD_UNITS : ALONE_UNITS;
}

/* Remember whether a request was answered here. If not, the attempt was in vain, and its like probably follow: after one
 * in vain twice as many are skipped as before, after one that was not, half as many. So two of three requests are skipped
 * if a third of the attempts are in vain, and nine of ten if half are. */
static void
learn (sks_dispatch *dispatch, bool answered)
{
    unsigned more = 2 * dispatch->failures + 1;
    dispatch->failures = answered ? dispatch->failures / 2 : more < MOST_SKIPPED ? more : MOST_SKIPPED;
    dispatch->skipped = dispatch->failures;
}

/* Give a request to an idle worker, or answer it with the worker's searcher and send the reply. Returns whether the
 * worker is idle again. */
static bool
answer_here (sks_dispatch *dispatch, unsigned number, const sks_waiting *waiting, zmq_msg_t *payload, uint64_t units)
{
    sks_envelope envelope;
    zmq_msg_t answer;
    size_t wrong;
    bool here = sks_pool_ask (dispatch->pool, number, waiting, payload, units);
    if (units)
        learn (dispatch, here);
    if (!here)
        return false;
    if (sks_clock_us () >= dispatch->heard_us + SHORT_US && sks_front_has_more (dispatch->daemon->front))
        dispatch->crowd_us = dispatch->heard_us;
    zmq_msg_init (&answer);
    int sent = sks_pool_take (dispatch->pool, number, &envelope, &answer, &wrong);
    send_answer (dispatch, sent, &envelope, wrong, &answer);
    zmq_msg_close (&answer);
    return true;
}

/* A worker is idle: give it the next request, or the new generation, or nothing. Small requests are answered here for a
 * while if there is no other core. */
static void
find_work (sks_dispatch *dispatch, unsigned number)
{
    sks_waiting waiting;
    int left = dispatch->few_cores ? HERE_MOST : 0;
    while (sks_queue_pop (dispatch->queue, &waiting)) {
        if (waiting.bytes && sks_connections_owes (waiting.envelope.connection)) {
            refuse_owing (dispatch, &waiting, waiting.size);
            sks_queue_drop (&waiting);
            continue;
        }
        if (waiting.bytes) {
            give_bytes (dispatch, number, &waiting);
            return;
        }
        uint64_t units = left-- > 0 ? units_here (dispatch, sks_pool_idle (dispatch->pool)) : 0;
        if (!answer_here (dispatch, number, &waiting, NULL, units))
            return;
    }
    if (dispatch->service != SKS_DRAINING && !sks_pool_is_fresh (dispatch->pool, number))
        sks_pool_refresh (dispatch->pool, number);
}

static void
take_answer (sks_dispatch *dispatch, unsigned number)
{
    sks_envelope envelope;
    zmq_msg_t answer;
    size_t wrong;
    zmq_msg_init (&answer);
    int sent = sks_pool_take (dispatch->pool, number, &envelope, &answer, &wrong);
    /* The worker gets its next request first, so that it need not wait until the reply is sent. */
    bool first = !tries_here (dispatch);
    if (sent != SKS_SENT_NOTHING && first)
        find_work (dispatch, number);
    if (sent == SKS_SENT_REFRESHED)
        take_refreshed (dispatch, number, &answer);
    else
        send_answer (dispatch, sent, &envelope, wrong, &answer);
    zmq_msg_close (&answer);
    if (sent != SKS_SENT_NOTHING && !first)
        find_work (dispatch, number);
}

/* ---------------------------------------------------------------- requests */
/* Give a request to an idle worker, or answer it. */
static void
serve_request (sks_dispatch *dispatch, uint64_t idle, const sks_waiting *waiting, zmq_msg_t *payload)
{
    unsigned number = (unsigned) __builtin_ctzll (idle);
    sks_queue_serve (dispatch->queue, waiting->envelope.client);
    if (answer_here (dispatch, number, waiting, payload, units_here (dispatch, idle)))
        find_work (dispatch, number);
}

/* Whether requests that have arrived are queued first, so that the next one is chosen fairly from all of them: it would
 * be answered here, in the order of arrival, while the others wait. */
static bool
gathers (const sks_dispatch *dispatch)
{
    return tries_here (dispatch) && dispatch->service == SKS_SERVING && !is_full (dispatch) &&
           (sks_queue_count (dispatch->queue) || sks_front_has_more (dispatch->daemon->front));
}

static void
take_request (sks_dispatch *dispatch, const sks_envelope *envelope, zmq_msg_t *payload)
{
    sks_waiting waiting = { .envelope = *envelope, .arrived_us = dispatch->heard_us };
    uint64_t idle = sks_pool_idle (dispatch->pool);
    size_t size = zmq_msg_size (payload);
    bool large = size > SKS_SMALL_REQUEST_BYTES, owes = large && sks_connections_owes (envelope->connection);
    waiting.envelope.counted = large && sks_connections_suspect (envelope->connection, size);
    if (owes) {
        sks_request_identify (&waiting.request, zmq_msg_data (payload), size);
        refuse_owing (dispatch, &waiting, size);
        sks_request_destroy (&waiting.request);
    } else if (idle && dispatch->service != SKS_DRAINING && !gathers (dispatch)) {
        serve_request (dispatch, idle, &waiting, payload);
    } else if (large) {
        keep_unread (dispatch, &waiting, payload);
    } else {
        keep_or_refuse (dispatch, &waiting, payload);
    }
}

/* Answer the requests that were queued while others arrived, or give them to idle workers. False if there are none. */
static bool
answer_gathered (sks_dispatch *dispatch)
{
    uint64_t idle = sks_pool_idle (dispatch->pool);
    if (!idle || !sks_queue_count (dispatch->queue))
        return false;
    for (; idle && sks_queue_count (dispatch->queue); idle &= idle - 1)
        find_work (dispatch, (unsigned) __builtin_ctzll (idle));
    return true;
}

bool
sks_dispatch_take_requests (sks_dispatch *dispatch)
{
    sks_envelope envelope;
    zmq_msg_t payload;
    int arrival = SKS_ARRIVAL_DROPPED;
    uint64_t end_us = sks_clock_us () + BATCH_US;
    zmq_msg_init (&payload);
    for (int i = 0; i < BATCH && dispatch->heard_us < end_us && arrival != SKS_ARRIVAL_NONE; i++) {
        arrival = sks_front_receive (dispatch->daemon->front, &envelope, &payload);
        if (arrival != SKS_ARRIVAL_NONE)
            dispatch->heard_us = sks_clock_us ();
        if (arrival == SKS_ARRIVAL_REQUEST)
            take_request (dispatch, &envelope, &payload);
        else if (arrival == SKS_ARRIVAL_ODD)
            refuse_unread (dispatch, &envelope, &payload, SKS_EBADREQUEST, "a request is one frame");
        else if (arrival == SKS_ARRIVAL_STRANGER)
            refuse_unread (dispatch, &envelope, &payload, SKS_EAUTH,
                           "the key of this connection is no longer accepted");
    }
    zmq_msg_close (&payload);
    return !answer_gathered (dispatch) && arrival == SKS_ARRIVAL_NONE;
}

void
sks_dispatch_take_answers (sks_dispatch *dispatch)
{
    uint64_t rung, busy = sks_pool_all (dispatch->pool) & ~sks_pool_idle (dispatch->pool);
    if (read (dispatch->daemon->done, &rung, sizeof rung) < 0)
        return;
    for (; busy; busy &= busy - 1)
        take_answer (dispatch, (unsigned) __builtin_ctzll (busy));
}

void
sks_dispatch_expire (sks_dispatch *dispatch)
{
    uint64_t now_us = sks_clock_us ();
    sks_queue_expire (dispatch->queue, now_us, refuse_expired, dispatch);
    sks_pool_find_late (dispatch->pool, now_us, refuse_late, dispatch);
}

void
sks_dispatch_refuse_waiting (sks_dispatch *dispatch)
{
    sks_error err;
    sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
    for (sks_waiting waiting; sks_queue_pop (dispatch->queue, &waiting);) {
        refuse (dispatch, &waiting, &err);
        sks_queue_drop (&waiting);
    }
}
