/* main.c - skillsearchd: read the configuration, open the index, bind, start
 * the threads, serve, stop.
 *
 * Exit: 0 ended normally, 1 failed, 2 usage, 5 the ipc path is locked. */
#include "log.h"
#include "connections.h"
#include "broker.h"
#include "config.h"
#include "front.h"
#include "counters.h"
#include "stats.h"
#include "watch.h"
#include "worker.h"

#include "core/base/arguments.h"
#include "core/base/streams.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_LOCKED = 5 };

/* Let the broker's epoll_wait receive signals. They are blocked before any thread starts, so that all threads inherit
 * it. */
static int
take_over_signals (sks_daemon *daemon, sks_error *err)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGINT);
    sigaddset (&set, SIGHUP);
    /* These signals would end or stop the process, and have no meaning here. SIGXFSZ comes when the log reaches a limit
     * on the size of files. */
    static const int ignored[] = { SIGPIPE, SIGUSR1, SIGUSR2,   SIGTTOU, SIGTTIN,
                                   SIGALRM, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO };
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal (ignored[i], SIG_IGN);
    if (sigprocmask (SIG_BLOCK, &set, NULL))
        return sks_fail_errno (err, "cannot block signals");
    daemon->signals = signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return daemon->signals < 0 ? sks_fail_errno (err, "cannot receive signals") : 0;
}

static void
warn_of_open_doors (const sks_config *config)
{
    sks_endpoint endpoint;
    for (size_t i = 0; !*config->curve_keys && i < config->listen_count; i++)
        if (sks_endpoint_parse (&endpoint, config->listen[i], SKS_ENDPOINT_LISTEN, NULL) == 0 &&
            !sks_endpoint_is_local (&endpoint))
            sks_log (SKS_LOG_WARN, "insecure", "endpoint=%s", config->listen[i]);
}

static int
start_workers (sks_daemon *daemon, sks_error *err)
{
    int code = 0;
    daemon->done = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (daemon->done < 0)
        return sks_fail_errno (err, "cannot start the workers");
    for (unsigned i = 0; !code && i < daemon->config.workers; i++)
        code = sks_worker_start (&daemon->workers[i], i, &daemon->config, &daemon->counters, daemon->done,
                                 &daemon->stop, err);
    return code;
}

/* Open the index first: a daemon without an index must not bind. */
static int
start (sks_daemon *daemon, sks_error *err)
{
    const sks_config *config = &daemon->config;
    sks_watch_mark seen = sks_watch_mark_of (config);
    int code = sks_watch_open (&daemon->generation, config, err);
    if (code)
        return code;
    sks_counters_generation (&daemon->counters, daemon->generation, sks_watch_wants_vectors (config),
                             *config->encoder != 0);
    code = sks_front_open (&daemon->front, config, &daemon->counters, err);
    if (!code)
        code = start_workers (daemon, err);
    if (!code)
        code = sks_watch_start (&daemon->watch, sks_front_context (daemon->front), config, daemon->generation, seen,
                                &daemon->counters, err);
    return code;
}

static void
stop (sks_daemon *daemon)
{
    for (unsigned i = 0; i < daemon->config.workers; i++)
        sks_worker_stop (&daemon->workers[i]);
    sks_watch_stop (&daemon->watch);
    sks_connections_release ();
    sks_front_close (&daemon->front);
    sks_generation_release (&daemon->generation);
}

/* What to do about an index that does not open; "" if the folder cannot be read. */
static const char *
hint (const char *index_dir)
{
    int cause;
    bool there = sks_generation_is_there (index_dir, &cause);
    return cause   ? ""
           : there ? " hint=\"skillsearch-index --list --index DIR shows how to repair it\""
                   : " hint=\"skillsearch-index --index DIR SOURCE builds one\"";
}

static void
log_failure (const sks_config *config, bool serving, const sks_error *err)
{
    char reason[2 * SKS_ERROR_TEXT_BYTES], index[2 * SKS_MAX_PATH_BYTES];
    sks_log_quote (reason, sizeof reason, err->text);
    if (!serving && err->code == SKS_EINDEX)
        sks_log (SKS_LOG_ERROR, "start_failed", "reason=%s index=%s%s", reason,
                 sks_log_quote (index, sizeof index, config->index_dir), hint (config->index_dir));
    else
        sks_log (SKS_LOG_ERROR, serving ? "stop_failed" : "start_failed", "reason=%s", reason);
}

static void
log_end (sks_daemon *daemon)
{
    sks_stats stats;
    const uint64_t *dropped = stats.dropped;
    uint64_t replies = 0;
    sks_stats_fill (&stats, &daemon->counters);
    for (int i = 0; i < SKS_PROTOCOL_CODES; i++)
        replies += stats.all.replies[i];
    sks_log (SKS_LOG_INFO, "stopped",
             "replies=%" PRIu64 " dropped_shape=%" PRIu64 " dropped_gone=%" PRIu64 " dropped_full=%" PRIu64
             " dropped_late=%" PRIu64 " dropped_memory=%" PRIu64 " dropped_connections=%" PRIu64
             " dropped_cut=%" PRIu64,
             replies, dropped[SKS_DROPPED_SHAPE], dropped[SKS_DROPPED_GONE], dropped[SKS_DROPPED_FULL],
             dropped[SKS_DROPPED_LATE], dropped[SKS_DROPPED_MEMORY], dropped[SKS_DROPPED_CONNECTIONS],
             dropped[SKS_DROPPED_CUT]);
}

/* The number is that of an error's text. */
static void
log_shard (uint32_t shard, enum sks_shard_condition condition, const char *cause)
{
    char reason[2 * SKS_ERROR_TEXT_BYTES];
    if (condition == SKS_SHARD_UP)
        sks_log (SKS_LOG_INFO, "shard_up", "shard=%" PRIu32, shard + 1);
    else
        sks_log (SKS_LOG_ERROR, condition == SKS_SHARD_DOWN ? "shard_down" : "shard_mismatch",
                 "shard=%" PRIu32 " reason=%s", shard + 1, sks_log_quote (reason, sizeof reason, cause));
}

static int
run (sks_daemon *daemon)
{
    sks_error err = { 0 };
    sks_log_set_level (daemon->config.log_level);
    warn_of_open_doors (&daemon->config);
    sks_counters_start (&daemon->counters, daemon->config.workers, daemon->config.queue);
    daemon->counters.results_limit = (uint64_t) daemon->config.results_mb << 20;
    daemon->counters.shards.changed = log_shard;
    sks_connections_guard (&daemon->counters);
    int code = take_over_signals (daemon, &err);
    if (!code)
        code = start (daemon, &err);
    bool started = !code;
    if (!code)
        code = sks_broker_run (daemon, &err);
    if (code)
        log_failure (&daemon->config, code == SKS_ESHUTTINGDOWN, &err);
    if (started && code == SKS_ESHUTTINGDOWN) {
        /* Workers may be busy for long; do not wait for them. */
        sks_front_abandon (daemon->front);
        _exit (EXIT_FAILURE);
    }
    stop (daemon);
    if (!code)
        log_end (daemon);
    return code == 0 ? EXIT_SUCCESS : code == SKS_ELOCKED ? EXIT_LOCKED : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
    static sks_daemon daemon;
    sks_error err;
    sks_streams_open ("skillsearchd", EXIT_FAILURE);
    (void) argc;
    if (sks_config_read (&daemon.config, argv, &err)) {
        sks_arguments_complain ("skillsearchd", &err);
        return EXIT_USAGE;
    }
    switch (daemon.config.action) {
    case SKS_ACTION_HELP:
        sks_config_write_help (stdout);
        return EXIT_SUCCESS;
    case SKS_ACTION_LIST:
        sks_config_write_list (stdout);
        return EXIT_SUCCESS;
    case SKS_ACTION_VERSION:
        puts ("skillsearchd " SKS_VERSION);
        return EXIT_SUCCESS;
    case SKS_ACTION_CHECK:
        sks_config_write (&daemon.config, stdout);
        return EXIT_SUCCESS;
    default:
        return run (&daemon);
    }
}
