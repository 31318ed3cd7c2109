/* broker.c - one turn: signals, new generation, finished workers, new requests,
 * expired ones.
 *
 * Only epoll_wait waits: sends never block, and a job goes only to an idle worker. While all workers are idle, a small
 * request is answered in this thread. When a generation is replaced, idle workers change at once; otherwise they would
 * keep the old one open until their next request. */
#include "broker.h"

#include "connections.h"
#include "pool.h"
#include "front.h"
#include "log.h"
#include "notify.h"
#include "reply.h"
#include "config.h"
#include "counters.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
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
#define HERE_MOST 16    /* requests that wait are answered here before others are taken */
#define MOST_SKIPPED 31 /* requests in succession that are not tried here because earlier ones took too much */
#define SHORT_US 40     /* an answer that took less is no reason to look for others that wait */

#define CUT_US 7000000         /* time for running requests at shutdown */
#define DRAIN_US 8000000       /* the same for workers that do not end when asked to */
#define QUIET_US 100000        /* silence before the socket is closed: messages in transit are refused */
#define LOADED_QUIET_US 500000 /* the same after a request or while one is under way: more may be in transit */
#define REFUSE_US 1000000      /* maximum time of refusals when messages keep arriving */

enum state { STARTING, SERVING, DRAINING, ENDED };

struct broker {
    sks_daemon *daemon;
    int sources; /* epoll: what it waits for */
    enum state state;
    sks_pool *pool;
    sks_queue *queue;
    uint64_t unready;  /* STARTING: bit i is worker i, which has no searcher yet */
    sks_buffer reply;  /* for requests that the broker answers */
    uint64_t drain_us; /* DRAINING: since when */
    uint64_t quiet_us; /* DRAINING: the silence after which it ends */
    uint64_t close_us; /* DRAINING: when it stops waiting for silence */
    uint64_t end_us;   /* DRAINING: requests under way are cut off then */
    uint64_t heard_us; /* when the last message came */
    bool silent;       /* all received messages were taken */
    bool few_cores;    /* no more than this thread and libzmq's use */
    unsigned failures; /* grows with requests in succession that took more than the broker's thread may do */
    unsigned skipped;  /* of the next requests, those that it does not try */
    uint64_t crowd_us; /* when the last request came that another one had to wait for */
    int result;        /* what sks_broker_run returns */
    sks_error *err;
};

static void
store (_Atomic uint64_t *gauge, uint64_t value)
{
    atomic_store_explicit (gauge, value, memory_order_relaxed);
}

static void
store_gauges (struct broker *broker)
{
    sks_counters *counters = &broker->daemon->counters;
    store (&counters->busy_workers, (uint64_t) sks_pool_count_busy (broker->pool));
    store (&counters->queued, sks_queue_count (broker->queue));
}

static void
end (struct broker *broker, int result)
{
    broker->state = ENDED;
    broker->result = result;
}

/* ---------------------------------------------------------------- workers */
static void
refresh_idle (struct broker *broker)
{
    for (uint64_t left = sks_pool_idle (broker->pool); left; left &= left - 1)
        sks_pool_refresh (broker->pool, (unsigned) __builtin_ctzll (left));
}

static void
free_bytes (void *bytes, void *hint)
{
    (void) hint;
    free (bytes);
}

/* Give a waiting request of which only the bytes are kept to a worker. If there is no memory for its message, the worker
 * gets an empty one, which it refuses. */
static void
give_bytes (struct broker *broker, unsigned number, sks_waiting *waiting)
{
    zmq_msg_t payload;
    if (zmq_msg_init_data (&payload, waiting->bytes, waiting->size, free_bytes, NULL)) {
        free (waiting->bytes);
        zmq_msg_init (&payload);
    }
    sks_pool_ask (broker->pool, number, waiting, &payload, 0);
    zmq_msg_close (&payload);
}

/* ---------------------------------------------------------------- starting */
/* Write the ready line. Descriptor 1 is redirected to /dev/null instead of closed: a socket that got its number would
 * receive stray output. */
static void
report_ready (const sks_config *config, const char *endpoints)
{
    int ready = (int) config->ready_fd;
    if (!ready)
        return;
    if (dprintf (ready, "%s\n", endpoints) < 0)
        sks_log (SKS_LOG_WARN, "ready_fd_failed", "reason=\"%s\"", strerrordesc_np (errno));
    int nothing = ready == STDOUT_FILENO ? open ("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
    if (nothing < 0) {
        close (ready);
        return;
    }
    dup2 (nothing, ready);
    close (nothing);
}

static void
serve (struct broker *broker)
{
    sks_daemon *daemon = broker->daemon;
    const char *endpoints = sks_front_endpoints (daemon->front);
    char quoted[SKS_MAX_LISTEN * SKS_MAX_ENDPOINT_BYTES];
    broker->state = SERVING;
    sks_log (SKS_LOG_INFO, "ready", "endpoints=%s generation=%" PRIu64 " statements=%" PRIu64 " workers=%u",
             sks_log_quote (quoted, sizeof quoted, endpoints), sks_generation_number (daemon->generation),
             sks_generation_statements (daemon->generation), daemon->config.workers);
    report_ready (&daemon->config, endpoints);
    sks_notify ("READY=1");
}

/* ------------------------------------------------------- the broker's answers */
static void
send_reply (struct broker *broker, const sks_envelope *envelope)
{
    zmq_msg_t message;
    if (sks_reply_message (&message, &broker->reply) || zmq_msg_size (&message) == 0) {
        sks_counters_drop (&broker->daemon->counters, SKS_DROPPED_MEMORY);
        zmq_msg_close (&message);
        return;
    }
    sks_front_send (broker->daemon->front, envelope, &message);
}

static void
refuse (struct broker *broker, const sks_waiting *waiting, const sks_error *err)
{
    int code = sks_reply_refuse (&broker->reply, waiting->request, waiting->envelope.client, err);
    sks_counters_reply (&broker->daemon->counters, waiting->request, code, waiting->arrived_us);
    send_reply (broker, &waiting->envelope);
}

/* Refuse a large request of a connection that sent too many invalid ones. */
static void
refuse_owing (struct broker *broker, const sks_waiting *waiting, size_t size)
{
    sks_error err;
    if (!waiting->envelope.counted)
        sks_connections_judged (waiting->envelope.connection, size);
    sks_fail (&err, SKS_EBUSY, "too many large requests of this connection were wrong");
    refuse (broker, waiting, &err);
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
answer_status (struct broker *broker, const sks_waiting *waiting)
{
    sks_error err;
    sks_counters *counters = &broker->daemon->counters;
    int code = sks_reply_status (&broker->reply, waiting->request, counters, &err);
    if (code) {
        refuse (broker, waiting, &err);
        return;
    }
    sks_counters_reply (counters, waiting->request, code, waiting->arrived_us);
    send_reply (broker, &waiting->envelope);
}

/* Put a request into the queue. If the queue is full, one request has no place and is refused. */
static void
enqueue (struct broker *broker, sks_waiting *waiting)
{
    const sks_config *config = &broker->daemon->config;
    sks_waiting displaced;
    sks_error err;
    waiting->deadline_us = sks_config_deadline_us (config, waiting->request, waiting->arrived_us);
    bool all = sks_queue_push (broker->queue, waiting, &displaced);
    waiting->request = NULL;
    waiting->bytes = NULL;
    if (all)
        return;
    sks_connections_refused (displaced.envelope.connection, displaced.bytes ? displaced.size : 0);
    sks_fail (&err, SKS_EBUSY, "%u request%s already waiting", config->queue, config->queue == 1 ? " is" : "s are");
    refuse (broker, &displaced, &err);
    sks_queue_drop (&displaced);
}

/* Refuse a request of which only the id was read. */
static void
refuse_unread (struct broker *broker, const sks_envelope *envelope, zmq_msg_t *payload, int code, const char *text)
{
    sks_error err;
    sks_waiting waiting = { .envelope = *envelope, .arrived_us = broker->heard_us };
    sks_request_identify (&waiting.request, zmq_msg_data (payload), zmq_msg_size (payload));
    sks_fail (&err, code, "%s", text);
    refuse (broker, &waiting, &err);
    sks_request_destroy (&waiting.request);
}

/* Keep a large request undecoded while no worker is free. */
static void
keep_unread (struct broker *broker, sks_waiting *waiting, zmq_msg_t *payload)
{
    const void *bytes = zmq_msg_data (payload);
    sks_error err;
    int code = 0;
    waiting->size = zmq_msg_size (payload);
    sks_request_identify (&waiting->request, bytes, waiting->size);
    if (broker->state == DRAINING)
        code = sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
    else if (!waiting->request || !(waiting->bytes = malloc (waiting->size)))
        code = sks_fail_memory (&err);
    if (code) {
        refuse (broker, waiting, &err);
        sks_queue_drop (waiting);
        return;
    }
    memcpy (waiting->bytes, bytes, waiting->size);
    enqueue (broker, waiting);
}

/* Decode a small request while no worker is free, and keep, answer or refuse it. */
static void
keep_or_refuse (struct broker *broker, sks_waiting *waiting, zmq_msg_t *payload)
{
    sks_error err;
    int code = sks_request_decode (&waiting->request, zmq_msg_data (payload), zmq_msg_size (payload), &err);
    if (!code) {
        sks_counters_request (&broker->daemon->counters, waiting->request->op);
        if (broker->state == DRAINING)
            code = sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
        else if (sks_reply_is_status (waiting->request->op))
            answer_status (broker, waiting);
        else
            enqueue (broker, waiting);
    }
    if (code)
        refuse (broker, waiting, &err);
    sks_request_destroy (&waiting->request);
}

/* ----------------------------------------------------------------- answers */
/* Take the result of opening a searcher. At the start a failure is fatal; later, each request to the worker tries
 * again. */
static void
take_refreshed (struct broker *broker, unsigned number, zmq_msg_t *answer)
{
    int code = SKS_EINTERNAL;
    if (zmq_msg_size (answer) == sizeof code)
        memcpy (&code, zmq_msg_data (answer), sizeof code);
    if (broker->state != STARTING)
        return;
    broker->unready &= ~(UINT64_C (1) << number);
    if (code == SKS_EUNAVAILABLE)
        end (broker, sks_fail (broker->err, SKS_EUNAVAILABLE,
                               "a shard does not answer; the lines before name it. Start the servers of shards before "
                               "the daemon"));
    else if (code)
        end (broker, sks_fail (broker->err, SKS_EINDEX, "a worker cannot read the index"));
    else if (!broker->unready)
        serve (broker);
}

/* Send what a worker has made of a request. */
static void
send_answer (struct broker *broker, int sent, const sks_envelope *envelope, size_t wrong, zmq_msg_t *answer)
{
    if ((sent == SKS_SENT_REPLY || sent == SKS_SENT_LATE) && !(wrong && envelope->counted))
        sks_connections_judged (envelope->connection, wrong);
    if (sent == SKS_SENT_LATE)
        sks_counters_drop (&broker->daemon->counters, SKS_DROPPED_LATE);
    else if (sent == SKS_SENT_REPLY && zmq_msg_size (answer))
        sks_front_send (broker->daemon->front, envelope, answer);
}

/* ------------------------------------------------------------------- here */
/* Then an idle worker takes the next request: otherwise it would be refused. */
static bool
is_full (const struct broker *broker)
{
    return sks_queue_count (broker->queue) >= broker->daemon->config.queue;
}

/* Whether the next request that is not alone is tried here. */
static bool
tries_here (const struct broker *broker)
{
    return broker->few_cores && !broker->skipped;
}

/* The work that the broker's thread may do for a request, which saves two hand-overs between threads and their system
 * calls. If others are under way or wait, workers on other cores serve more of them at once; without such cores the
 * hand-overs only add to the work. */
static uint64_t
units_here (struct broker *broker, uint64_t idle)
{
    bool alone = idle == sks_pool_all (broker->pool) && !sks_queue_count (broker->queue) &&
                 !sks_front_has_more (broker->daemon->front);
    if (broker->state != SERVING || (!alone && !broker->few_cores) || is_full (broker))
        return 0;
    if (!alone && broker->skipped) {
        broker->skipped--;
        return 0;
    }
    if (!alone)
        return FEW_CORES_UNITS;
    return broker->heard_us < broker->crowd_us + CROWD_US ? CROWD_UNITS : ALONE_UNITS;
}

/* Remember whether a request was answered here. If not, the attempt was in vain, and its like probably follow: after one
 * in vain twice as many are skipped as before, after one that was not, one less. */
static void
learn (struct broker *broker, bool answered)
{
    unsigned more = 2 * broker->failures + 1, less = broker->failures ? broker->failures - 1 : 0;
    broker->failures = answered ? less : more < MOST_SKIPPED ? more : MOST_SKIPPED;
    broker->skipped = broker->failures;
}

/* Give a request to an idle worker, or answer it with the worker's searcher and send the reply. Returns whether the
 * worker is idle again. */
static bool
answer_here (struct broker *broker, unsigned number, const sks_waiting *waiting, zmq_msg_t *payload, uint64_t units)
{
    sks_envelope envelope;
    zmq_msg_t answer;
    size_t wrong;
    bool here = sks_pool_ask (broker->pool, number, waiting, payload, units);
    if (units)
        learn (broker, here);
    if (!here)
        return false;
    if (sks_clock_us () >= broker->heard_us + SHORT_US && sks_front_has_more (broker->daemon->front))
        broker->crowd_us = broker->heard_us;
    zmq_msg_init (&answer);
    int sent = sks_pool_take (broker->pool, number, &envelope, &answer, &wrong);
    send_answer (broker, sent, &envelope, wrong, &answer);
    zmq_msg_close (&answer);
    return true;
}

/* A worker is idle: give it the next request, or the new generation, or nothing. Small requests are answered here for a
 * while if there is no other core. */
static void
find_work (struct broker *broker, unsigned number)
{
    sks_waiting waiting;
    int left = broker->few_cores ? HERE_MOST : 0;
    while (sks_queue_pop (broker->queue, &waiting)) {
        if (waiting.bytes && sks_connections_owes (waiting.envelope.connection)) {
            refuse_owing (broker, &waiting, waiting.size);
            sks_queue_drop (&waiting);
            continue;
        }
        if (waiting.bytes) {
            give_bytes (broker, number, &waiting);
            return;
        }
        uint64_t units = left-- > 0 ? units_here (broker, sks_pool_idle (broker->pool)) : 0;
        if (!answer_here (broker, number, &waiting, NULL, units))
            return;
    }
    if (broker->state != DRAINING && !sks_pool_is_fresh (broker->pool, number))
        sks_pool_refresh (broker->pool, number);
}

static void
take_answer (struct broker *broker, unsigned number)
{
    sks_envelope envelope;
    zmq_msg_t answer;
    size_t wrong;
    zmq_msg_init (&answer);
    int sent = sks_pool_take (broker->pool, number, &envelope, &answer, &wrong);
    /* The worker gets its next request first, so that it need not wait until the reply is sent. */
    bool first = !tries_here (broker);
    if (sent != SKS_SENT_NOTHING && first)
        find_work (broker, number);
    if (sent == SKS_SENT_REFRESHED)
        take_refreshed (broker, number, &answer);
    else
        send_answer (broker, sent, &envelope, wrong, &answer);
    zmq_msg_close (&answer);
    if (sent != SKS_SENT_NOTHING && !first)
        find_work (broker, number);
}

/* ---------------------------------------------------------------- requests */
/* Give a request to an idle worker, or answer it. */
static void
serve_request (struct broker *broker, uint64_t idle, const sks_waiting *waiting, zmq_msg_t *payload)
{
    unsigned number = (unsigned) __builtin_ctzll (idle);
    sks_queue_serve (broker->queue, waiting->envelope.client);
    if (answer_here (broker, number, waiting, payload, units_here (broker, idle)))
        find_work (broker, number);
}

/* Whether requests that have arrived are queued first, so that the next one is chosen fairly from all of them: it would
 * be answered here, in the order of arrival, while the others wait. */
static bool
gathers (const struct broker *broker)
{
    return tries_here (broker) && broker->state == SERVING && !is_full (broker) &&
           (sks_queue_count (broker->queue) || sks_front_has_more (broker->daemon->front));
}

static void
take_request (struct broker *broker, const sks_envelope *envelope, zmq_msg_t *payload)
{
    sks_waiting waiting = { .envelope = *envelope, .arrived_us = broker->heard_us };
    uint64_t idle = sks_pool_idle (broker->pool);
    size_t size = zmq_msg_size (payload);
    bool large = size > SKS_SMALL_REQUEST_BYTES, owes = large && sks_connections_owes (envelope->connection);
    waiting.envelope.counted = large && sks_connections_suspect (envelope->connection, size);
    if (owes) {
        sks_request_identify (&waiting.request, zmq_msg_data (payload), size);
        refuse_owing (broker, &waiting, size);
        sks_request_destroy (&waiting.request);
    } else if (idle && broker->state != DRAINING && !gathers (broker)) {
        serve_request (broker, idle, &waiting, payload);
    } else if (large) {
        keep_unread (broker, &waiting, payload);
    } else {
        keep_or_refuse (broker, &waiting, payload);
    }
}

/* Answer the requests that were queued while others arrived, or give them to idle workers. False if there are none. */
static bool
answer_gathered (struct broker *broker)
{
    uint64_t idle = sks_pool_idle (broker->pool);
    if (!idle || !sks_queue_count (broker->queue))
        return false;
    for (; idle && sks_queue_count (broker->queue); idle &= idle - 1)
        find_work (broker, (unsigned) __builtin_ctzll (idle));
    return true;
}

/* Take requests. False if there may be more, which a reply may have hidden from the next wait. */
static bool
take_requests (struct broker *broker)
{
    sks_envelope envelope;
    zmq_msg_t payload;
    int arrival = SKS_ARRIVAL_DROPPED;
    uint64_t end_us = sks_clock_us () + BATCH_US;
    zmq_msg_init (&payload);
    for (int i = 0; i < BATCH && broker->heard_us < end_us && arrival != SKS_ARRIVAL_NONE; i++) {
        arrival = sks_front_receive (broker->daemon->front, &envelope, &payload);
        if (arrival != SKS_ARRIVAL_NONE)
            broker->heard_us = sks_clock_us ();
        if (arrival == SKS_ARRIVAL_REQUEST)
            take_request (broker, &envelope, &payload);
        else if (arrival == SKS_ARRIVAL_ODD)
            refuse_unread (broker, &envelope, &payload, SKS_EBADREQUEST, "a request is one frame");
        else if (arrival == SKS_ARRIVAL_STRANGER)
            refuse_unread (broker, &envelope, &payload, SKS_EAUTH, "the key of this connection is no longer accepted");
    }
    zmq_msg_close (&payload);
    return !answer_gathered (broker) && arrival == SKS_ARRIVAL_NONE;
}

/* -------------------------------------------------------------- life cycle */
/* When the last request was answered or refused, unless it was about the daemon's state: a gateway sends "health" every
 * 0.4 s, which must not delay the end. */
static uint64_t
asked_us (const struct broker *broker)
{
    return atomic_load_explicit (&broker->daemon->counters.asked_us, memory_order_relaxed);
}

static void
drain (struct broker *broker)
{
    int busy = sks_pool_count_busy (broker->pool);
    size_t queued = sks_queue_count (broker->queue);
    uint64_t now_us = sks_clock_us ();
    bool loaded = busy || queued || now_us < asked_us (broker) + QUIET_US;
    broker->quiet_us = loaded ? LOADED_QUIET_US : QUIET_US;
    sks_log (SKS_LOG_INFO, "draining", "busy=%d queued=%zu quiet_ms=%" PRIu64, busy, queued, broker->quiet_us / 1000);
    sks_notify ("STOPPING=1");
    broker->state = DRAINING;
    broker->drain_us = now_us;
    broker->close_us = now_us + REFUSE_US;
    broker->end_us = now_us + DRAIN_US;
    sks_budget_set_stop (&broker->daemon->stop, now_us + CUT_US);
    sks_error err;
    sks_fail (&err, SKS_ESHUTTINGDOWN, "the daemon is ending");
    for (sks_waiting waiting; sks_queue_pop (broker->queue, &waiting);) {
        refuse (broker, &waiting, &err);
        sks_queue_drop (&waiting);
    }
}

/* The time when draining ends if no other request comes. The endpoints stay bound until then: libzmq's unbind would cut
 * off the peers that are connected, too. */
static uint64_t
drained_us (const struct broker *broker)
{
    uint64_t last_us = asked_us (broker), quiet_us = broker->quiet_us;
    quiet_us += last_us > broker->drain_us ? last_us : broker->drain_us;
    if (sks_pool_count_busy (broker->pool))
        return broker->end_us;
    return quiet_us < broker->close_us ? quiet_us : broker->close_us;
}

static void
check_drained (struct broker *broker)
{
    if (sks_clock_us () < drained_us (broker))
        return;
    int busy = sks_pool_count_busy (broker->pool);
    if (!busy) {
        end (broker, 0);
    } else {
        sks_log (SKS_LOG_ERROR, "drain_timeout", "busy=%d", busy);
        end (broker, sks_fail (broker->err, SKS_ESHUTTINGDOWN, "requests under way took too long"));
    }
}

static void
take_generation (struct broker *broker)
{
    sks_daemon *daemon = broker->daemon;
    for (sks_generation *found; (found = sks_watch_take (daemon->watch));) {
        sks_generation_release (&daemon->generation);
        daemon->generation = found;
        sks_counters_generation (&daemon->counters, found, sks_watch_wants_vectors (&daemon->config),
                                 *daemon->config.encoder != 0);
        sks_counters_add (&daemon->counters.reloads);
        sks_log (SKS_LOG_INFO, "reload", "generation=%" PRIu64 " statements=%" PRIu64, sks_generation_number (found),
                 sks_generation_statements (found));
        if (broker->state != DRAINING)
            refresh_idle (broker);
    }
}

static void
take_signals (struct broker *broker)
{
    struct signalfd_siginfo signal;
    while (read (broker->daemon->signals, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGHUP)
            sks_watch_look (broker->daemon->watch);
        else if (broker->state == DRAINING)
            end (broker, sks_fail (broker->err, SKS_ESHUTTINGDOWN, "ended by a second signal"));
        else if (broker->state != ENDED)
            drain (broker);
    }
}

/* -------------------------------------------------------------------- loop */
/* Milliseconds until something is due even if no message comes. */
static int
time_left (const struct broker *broker)
{
    uint64_t due_us = sks_queue_next_deadline (broker->queue), look_us = sks_pool_next_look (broker->pool);
    if (broker->state == DRAINING)
        due_us = drained_us (broker);
    if (look_us < due_us)
        due_us = look_us;
    if (!broker->silent)
        return 0;
    if (due_us == UINT64_MAX)
        return -1;
    uint64_t now_us = sks_clock_us ();
    return now_us >= due_us ? 0 : (int) ((due_us - now_us + 999) / 1000);
}

enum source { SIGNALS, WATCH, FRONT, DONE, SOURCES };

/* What turn waits for. */
static int
open_sources (struct broker *broker)
{
    sks_daemon *daemon = broker->daemon;
    const int descriptors[SOURCES] = { [SIGNALS] = daemon->signals,
                                       [WATCH] = sks_watch_descriptor (daemon->watch),
                                       [FRONT] = sks_front_descriptor (daemon->front),
                                       [DONE] = daemon->done };
    broker->sources = epoll_create1 (EPOLL_CLOEXEC);
    for (uint32_t i = 0; i < SOURCES; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };
        if (epoll_ctl (broker->sources, EPOLL_CTL_ADD, descriptors[i], &event))
            return sks_fail_errno (broker->err, "cannot wait for requests");
    }
    return 0;
}

static void
take_answers (struct broker *broker)
{
    uint64_t rung, busy = sks_pool_all (broker->pool) & ~sks_pool_idle (broker->pool);
    if (read (broker->daemon->done, &rung, sizeof rung) < 0)
        return;
    for (; busy; busy &= busy - 1)
        take_answer (broker, (unsigned) __builtin_ctzll (busy));
}

/* Requests come last: the steps before may send, and a send may hide received messages from the next wait. */
static void
turn (struct broker *broker)
{
    struct epoll_event events[SOURCES];
    bool ready[SOURCES] = { false };
    int count = epoll_wait (broker->sources, events, SOURCES, time_left (broker));
    if (count < 0)
        return;
    for (int i = 0; i < count; i++)
        ready[events[i].data.u32] = true;
    if (ready[SIGNALS])
        take_signals (broker);
    if (ready[SIGNALS] || ready[WATCH])
        take_generation (broker);
    if (ready[DONE])
        take_answers (broker);
    uint64_t now_us = sks_clock_us ();
    sks_queue_expire (broker->queue, now_us, refuse_expired, broker);
    sks_pool_find_late (broker->pool, now_us, refuse_late, broker);
    broker->silent = take_requests (broker);
}

/* How many processors the process may use; many if that is not known. */
static int
count_cores (void)
{
    cpu_set_t cores;
    return sched_getaffinity (0, sizeof cores, &cores) ? CPU_SETSIZE : CPU_COUNT (&cores);
}

int
sks_broker_run (sks_daemon *daemon, sks_error *err)
{
    struct broker broker = {
        .daemon = daemon,
        .pool = sks_pool_create (daemon),
        .queue = sks_queue_create (daemon->config.queue),
        .reply = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES),
        .sources = -1,
        .few_cores = count_cores () <= FEW_CORES,
        .err = err,
    };
    if (!broker.queue || !broker.pool)
        end (&broker, sks_fail_memory (err));
    else if (open_sources (&broker))
        end (&broker, err->code);
    if (broker.state != ENDED) {
        broker.unready = sks_pool_all (broker.pool);
        refresh_idle (&broker);
    }
    while (broker.state != ENDED) {
        store_gauges (&broker);
        turn (&broker);
        if (broker.state == DRAINING)
            check_drained (&broker);
    }
    close (broker.sources);
    sks_queue_destroy (&broker.queue);
    sks_pool_destroy (&broker.pool);
    sks_buffer_free (&broker.reply);
    return broker.result;
}
