/* broker.c - one turn: signals, new generation, finished workers, expired requests, new ones.
 *
 * Only epoll_wait waits: sends never block, and a job goes only to an idle worker. When a generation is replaced, idle
 * workers change at once; otherwise they would keep the old one open until their next request. */
#include "broker.h"

#include "config.h"
#include "counters.h"
#include "dispatch.h"
#include "front.h"
#include "log.h"
#include "notify.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CUT_US 7000000         /* time for running requests at shutdown */
#define DRAIN_US 8000000       /* the same for workers that do not end when asked to */
#define QUIET_US 100000        /* silence before the socket is closed: messages in transit are refused */
#define LOADED_QUIET_US 500000 /* the same after a recent request or while one is under way: more may be in transit */
#define RECENT_US 1000000      /* on a busy machine, all clients together may pause for longer than QUIET_US */
#define REFUSE_US 1000000      /* maximum time of refusals when messages keep arriving */
#define UNREAD_US 1000000      /* the same in addition, while received messages are not yet refused */

struct broker {
    sks_daemon *daemon;
    sks_dispatch requests;
    int sources;       /* epoll: what it waits for */
    bool silent;       /* all received messages were taken */
    uint64_t drain_us; /* draining: since when */
    uint64_t quiet_us; /* draining: the silence after which it ends */
    uint64_t close_us; /* draining: when it stops waiting for silence */
    uint64_t end_us;   /* draining: requests under way are cut off then */
    bool ended;
    int result; /* what sks_broker_run returns */
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
    store (&counters->busy_workers, (uint64_t) sks_pool_count_busy (broker->requests.pool));
    store (&counters->queued, sks_queue_count (broker->requests.queue));
}

static void
end (struct broker *broker, int result)
{
    broker->ended = true;
    broker->result = result;
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
    broker->requests.service = SKS_SERVING;
    sks_log (SKS_LOG_INFO, "ready", "endpoints=%s generation=%" PRIu64 " statements=%" PRIu64 " workers=%u",
             sks_log_quote (quoted, sizeof quoted, endpoints), sks_generation_number (daemon->generation),
             sks_generation_statements (daemon->generation), daemon->config.workers);
    report_ready (&daemon->config, endpoints);
    sks_notify ("READY=1");
}

/* Serve once every worker has a searcher. */
static void
check_started (struct broker *broker)
{
    const sks_dispatch *requests = &broker->requests;
    if (requests->service != SKS_STARTING)
        return;
    if (requests->refused == SKS_EUNAVAILABLE)
        end (broker, sks_fail (broker->err, SKS_EUNAVAILABLE,
                               "a shard does not answer; the lines before name it. Start the servers of shards before "
                               "the daemon"));
    else if (requests->refused)
        end (broker, sks_fail (broker->err, SKS_EINDEX, "a worker cannot read the index"));
    else if (!requests->unready)
        serve (broker);
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
    int busy = sks_pool_count_busy (broker->requests.pool);
    size_t queued = sks_queue_count (broker->requests.queue);
    uint64_t now_us = sks_clock_us ();
    bool loaded = busy || queued || now_us < asked_us (broker) + RECENT_US;
    broker->quiet_us = loaded ? LOADED_QUIET_US : QUIET_US;
    sks_log (SKS_LOG_INFO, "draining", "busy=%d queued=%zu quiet_ms=%" PRIu64, busy, queued, broker->quiet_us / 1000);
    sks_notify ("STOPPING=1");
    broker->requests.service = SKS_DRAINING;
    broker->drain_us = now_us;
    broker->close_us = now_us + REFUSE_US;
    broker->end_us = now_us + DRAIN_US;
    sks_budget_set_stop (&broker->daemon->stop, now_us + CUT_US);
    sks_dispatch_refuse_waiting (&broker->requests);
}

/* The time when draining ends if no other request comes. The endpoints stay bound until then: libzmq's unbind would cut
 * off the peers that are connected, too. */
static uint64_t
drained_us (const struct broker *broker)
{
    uint64_t last_us = asked_us (broker), quiet_us = broker->quiet_us;
    quiet_us += last_us > broker->drain_us ? last_us : broker->drain_us;
    if (sks_pool_count_busy (broker->requests.pool))
        return broker->end_us;
    return quiet_us < broker->close_us ? quiet_us : broker->close_us;
}

static void
check_drained (struct broker *broker)
{
    uint64_t now_us = sks_clock_us ();
    if (now_us < drained_us (broker) || (!broker->silent && now_us < broker->close_us + UNREAD_US))
        return;
    int busy = sks_pool_count_busy (broker->requests.pool);
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
        sks_log (SKS_LOG_INFO, "reload", "generation=%" PRIu64 " statements=%" PRIu64, sks_generation_number (found),
                 sks_generation_statements (found));
        sks_counters_generation (&daemon->counters, found, sks_watch_wants_vectors (&daemon->config),
                                 *daemon->config.encoder != 0);
        sks_counters_add (&daemon->counters.reloads);
        if (broker->requests.service != SKS_DRAINING)
            sks_dispatch_refresh (&broker->requests);
    }
}

static void
take_signals (struct broker *broker)
{
    struct signalfd_siginfo signal;
    while (read (broker->daemon->signals, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGHUP)
            sks_watch_look (broker->daemon->watch);
        else if (broker->requests.service == SKS_DRAINING)
            end (broker, sks_fail (broker->err, SKS_ESHUTTINGDOWN, "ended by a second signal"));
        else if (!broker->ended)
            drain (broker);
    }
}

/* -------------------------------------------------------------------- loop */
/* Milliseconds until something is due even if no message comes. */
static int
time_left (const struct broker *broker)
{
    uint64_t due_us = sks_queue_next_deadline (broker->requests.queue),
             look_us = sks_pool_next_look (broker->requests.pool);
    if (broker->requests.service == SKS_DRAINING)
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
        sks_dispatch_take_answers (&broker->requests);
    check_started (broker);
    sks_dispatch_expire (&broker->requests);
    broker->silent = sks_dispatch_take_requests (&broker->requests);
}

int
sks_broker_run (sks_daemon *daemon, sks_error *err)
{
    struct broker broker = { .daemon = daemon, .sources = -1, .err = err };
    if (sks_dispatch_open (&broker.requests, daemon, err) || open_sources (&broker))
        end (&broker, err->code);
    else
        sks_dispatch_refresh (&broker.requests);
    while (!broker.ended) {
        store_gauges (&broker);
        turn (&broker);
        if (broker.requests.service == SKS_DRAINING && !broker.ended)
            check_drained (&broker);
    }
    close (broker.sources);
    sks_dispatch_close (&broker.requests);
    return broker.result;
}
