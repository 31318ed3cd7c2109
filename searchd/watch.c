/* watch.c - inotify where it works, polling every half second where it does not.
 *
 * The indexer replaces the link DIR/current by rename(2) after the generation
 * is complete, so checking the link is enough. The poll is for file systems that report no events (NFS, some
 * containers); it costs one lstat. */
#include "watch.h"

#include "log.h"
#include "core/base/threads.h"
#include "core/index/encoded.h"
#include "core/index/place.h"
#include "core/index/store.h"
#include "core/shards/gather.h"
#include "core/engine/thesaurus.h"
#include "counters.h"
#include "prefetch.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <zmq.h>

#define NEAR_WORDS_FILE "near_words.tsv"
#define POLL_MS 500
#define TRIM_US 10000000 /* interval of returning free memory to the system */
/* A generation that could not be opened is tried again after this time, then after twice as long each time, up to
 * the second one. */
#define FIRST_RETRY_US 500000
#define LAST_RETRY_US 30000000

enum order { LOOK = 1, STOP };

struct sks_watch {
    sks_counters *counters;
    const sks_config *config;
    void *broker_end, *watch_end; /* two PAIR sockets, one for each thread */
    pthread_t thread;
    bool running;
    _Atomic uint64_t found; /* generations handed over; orders them for ThreadSanitizer, which does not see libzmq */
    /* Used only by the watching thread, and before and after it. */
    sks_prefetch *prefetch; /* of the latest generation */
    int inotify;            /* -1: poll only */
    sks_watch_mark seen;    /* the state at the last look */
    uint64_t retry_us;      /* when to try to open it again; UINT64_MAX if it was opened */
    uint64_t pause_us;      /* before the next retry */
    uint64_t trimmed_us;
};

/* ------------------------------------------------------------- near words */
/* The project's own table: installed in share, or beside the program in the folder it was
 * built in. False when it is in neither. */
static bool
find_own_table (char path[SKS_MAX_PATH_BYTES])
{
    static const char *const places[] = { "../share/skillsearch/" NEAR_WORDS_FILE, NEAR_WORDS_FILE };
    char program[SKS_MAX_PATH_BYTES];
    ssize_t size = readlink ("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return false;
    program[size] = '\0';
    *strrchr (program, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (snprintf (path, SKS_MAX_PATH_BYTES, "%s/%s", program, places[i]) < SKS_MAX_PATH_BYTES &&
            access (path, R_OK) == 0)
            return true;
    return false;
}

/* List the tables in the order of reading; the last one that has a row decides its weight. Returns their number.
 * `own` receives the path of the project's table. */
static size_t
list_tables (const sks_config *config, char own[SKS_MAX_PATH_BYTES], const char *paths[SKS_MAX_NEAR_FILES])
{
    size_t count = 0;
    if (config->near_count && strcmp (config->near_words[0], SKS_WITHOUT_NEAR_WORDS) == 0)
        return 0;
    if (find_own_table (own))
        paths[count++] = own;
    for (size_t i = 0; i < config->near_count; i++)
        paths[count++] = config->near_words[i];
    return count;
}

/* *out becomes NULL if there is no table. */
static int
read_near_words (sks_near_words **out, const sks_config *config, sks_error *err)
{
    const char *paths[SKS_MAX_NEAR_FILES];
    char own[SKS_MAX_PATH_BYTES];
    size_t count = list_tables (config, own, paths);
    *out = NULL;
    if (count == config->near_count)
        sks_log (SKS_LOG_WARN, "no_near_words", "reason=\"the table %s is neither installed nor beside the program\"",
                 NEAR_WORDS_FILE);
    int code = count ? sks_thesaurus_read (out, paths, count, err) : 0;
    if (!code && count)
        sks_log (SKS_LOG_DEBUG, "near_words", "tables=%zu rows=%zu", count, (*out)->row_count);
    return code;
}

/* ------------------------------------------------------------------- marks */
static sks_watch_file
file_of (const char *path)
{
    struct stat file;
    if (stat (path, &file))
        return (sks_watch_file) { 0 };
    return (sks_watch_file) { file.st_dev, file.st_ino, file.st_ctim };
}

sks_watch_mark
sks_watch_mark_of (const sks_config *config)
{
    char path[SKS_MAX_PATH_BYTES + 64], own[SKS_MAX_PATH_BYTES];
    const char *tables[SKS_MAX_NEAR_FILES];
    sks_watch_mark mark = { 0 };
    snprintf (path, sizeof path, "%s/%s/%s", config->index_dir, SKS_CURRENT_LINK, SKS_STATEMENTS_FILE);
    mark.statements = file_of (path);
    snprintf (path, sizeof path, "%s/%s/%s", config->index_dir, SKS_CURRENT_LINK, SKS_ENCODED_FILE);
    if (*config->encoder)
        mark.encoded = file_of (path);
    for (size_t i = list_tables (config, own, tables); i-- > 0;)
        mark.tables[i] = file_of (tables[i]);
    return mark;
}

static bool
is_same_file (const sks_watch_file *one, const sks_watch_file *other)
{
    return one->device == other->device && one->inode == other->inode && one->changed.tv_sec == other->changed.tv_sec &&
           one->changed.tv_nsec == other->changed.tv_nsec;
}

static bool
is_same (const sks_watch_mark *one, const sks_watch_mark *other)
{
    for (size_t i = 0; i < SKS_MAX_NEAR_FILES; i++)
        if (!is_same_file (&one->tables[i], &other->tables[i]))
            return false;
    return is_same_file (&one->statements, &other->statements) && is_same_file (&one->encoded, &other->encoded);
}

/* ----------------------------------------------------------------- thread */
static void
hand_over (sks_watch *watch, sks_generation *generation)
{
    atomic_fetch_add_explicit (&watch->found, 1, memory_order_release);
    if (zmq_send (watch->watch_end, &generation, sizeof generation, ZMQ_DONTWAIT) < 0)
        sks_generation_release (&generation);
}

bool
sks_watch_wants_vectors (const sks_config *config)
{
    return strcmp (config->vectors, SKS_WITHOUT_VECTORS) != 0;
}

/* Use the file of vectors. Without one, or if the index was made with a different one, answers use only words. */
static void
use_vectors (sks_generation *generation, const sks_config *config)
{
    char installed[SKS_MAX_PATH_BYTES], reason[2 * SKS_ERROR_TEXT_BYTES];
    const char *path = config->vectors;
    sks_vectors *vectors;
    sks_error err;
    if (!sks_generation_has_vectors (generation) || !sks_watch_wants_vectors (config))
        return;
    if (!*path)
        path = sks_place_installed (installed, sizeof installed, SKS_VECTORS_FILE) ? installed : NULL;
    int code = path ? sks_vectors_open (&vectors, path, &err)
                    : sks_fail (&err, SKS_ENOTFOUND, "no file of word vectors is installed or named");
    if (!code)
        code = sks_generation_use_vectors (generation, &vectors, &err);
    if (code)
        sks_log (SKS_LOG_WARN, "vectors_unused", "generation=%" PRIu64 " reason=%s", sks_generation_number (generation),
                 sks_log_quote (reason, sizeof reason, err.text));
}

/* Use the sentence encoder. Answers do not use it until the statements are encoded, which happens after publishing. */
static void
use_encoder (sks_generation *generation, const sks_config *config)
{
    char reason[2 * SKS_ERROR_TEXT_BYTES];
    sks_encoder *encoder;
    sks_error err;
    if (!*config->encoder)
        return;
    int code = sks_encoder_open (&encoder, config->encoder, &err);
    if (!code)
        code = sks_generation_use_encoder (generation, &encoder, &err);
    if (code)
        sks_log (code == SKS_ENOTFOUND ? SKS_LOG_INFO : SKS_LOG_WARN, "encoder_unused",
                 "generation=%" PRIu64 " reason=%s", sks_generation_number (generation),
                 sks_log_quote (reason, sizeof reason, err.text));
}

/* One of the two parts that are opened at the same time: the generation, and the tables of near words, which take 3
 * ms. */
struct part {
    const sks_config *config;
    sks_generation *generation;
    sks_near_words *near_words;
    bool is_index;
};

static int
open_part (void *argument, sks_error *err)
{
    struct part *part = argument;
    return part->is_index ? sks_generation_open (&part->generation, part->config->index_dir, err)
                          : read_near_words (&part->near_words, part->config, err);
}

int
sks_watch_open (sks_generation **out, const sks_config *config, sks_error *err)
{
    struct part parts[] = { { .config = config, .is_index = true }, { .config = config } };
    int code = sks_threads_meet (open_part, parts, 2, sizeof *parts, false, err);
    *out = parts[0].generation;
    if (!code)
        sks_generation_limit (*out, (size_t) config->cache_mb << 20);
    if (!code && parts[1].near_words)
        code = sks_generation_relate (*out, &parts[1].near_words, err);
    sks_thesaurus_free (&parts[1].near_words);
    if (code)
        sks_generation_release (out);
    else {
        use_vectors (*out, config);
        use_encoder (*out, config);
    }
    return code;
}

/* Open the published generation, and check that a worker can search it. */
static int
open_whole (sks_generation **out, const sks_config *config, sks_error *err)
{
    sks_searcher *probe = NULL;
    sks_gather *gather = NULL;
    int code = sks_watch_open (out, config, err);
    if (code)
        return code;
    const sks_gather_options options = { .timeout_ms = config->shard_timeout_ms,
                                         .connect_ms = config->shard_connect_ms };
    if (sks_generation_shards (*out))
        code = sks_gather_open (&gather, *out, &options, err);
    else
        code = sks_searcher_open (&probe, *out, err);
    sks_searcher_close (&probe);
    sks_gather_close (&gather);
    if (code)
        sks_generation_release (out);
    return code;
}

/* Try again soon: a copy may bring the link before the files that it leads to. If nothing changes, try ever more
 * rarely. */
static void
plan_retry (sks_watch *watch, bool again)
{
    watch->pause_us = again ? 2 * watch->pause_us : FIRST_RETRY_US;
    watch->pause_us = watch->pause_us < LAST_RETRY_US ? watch->pause_us : LAST_RETRY_US;
    watch->retry_us = sks_clock_us () + watch->pause_us;
}

/*   again   the last try failed, and nothing has changed since */
static void
open_published (sks_watch *watch, bool again)
{
    sks_generation *generation;
    sks_error err;
    uint64_t begun_us = sks_clock_us ();
    if (open_whole (&generation, watch->config, &err) == 0) {
        watch->retry_us = UINT64_MAX;
        sks_log (SKS_LOG_DEBUG, "opened", "generation=%" PRIu64 " took_ms=%" PRIu64, sks_generation_number (generation),
                 (sks_clock_us () - begun_us) / 1000);
        sks_prefetch_stop (&watch->prefetch);
        sks_prefetch_start (&watch->prefetch, generation);
        hand_over (watch, generation);
        return;
    }
    char reason[2 * SKS_ERROR_TEXT_BYTES];
    plan_retry (watch, again);
    sks_log (SKS_LOG_ERROR, "reload_failed", "reason=%s retry_ms=%" PRIu64,
             sks_log_quote (reason, sizeof reason, err.text), watch->pause_us / 1000);
    sks_counters_add (&watch->counters->reload_failures); /* after the line, for a reader of both */
}

/* Look at the link only; whatever else happened in the folder does not matter. */
static void
look (sks_watch *watch, bool asked)
{
    sks_watch_mark now = sks_watch_mark_of (watch->config);
    bool failed_before = watch->retry_us != UINT64_MAX, same = is_same (&now, &watch->seen);
    bool retry = failed_before && (asked || sks_clock_us () >= watch->retry_us);
    if (same && !retry)
        return;
    watch->seen = now;
    open_published (watch, same && !asked);
}

/* Time until the next look. */
static long
wait_ms (const sks_watch *watch)
{
    uint64_t now_us = sks_clock_us ();
    uint64_t left_us = watch->retry_us > now_us ? watch->retry_us - now_us : 0;
    return left_us < POLL_MS * 1000 ? (long) (left_us + 999) / 1000 : POLL_MS;
}

static void
skip_events (int inotify)
{
    char events[4096];
    while (read (inotify, events, sizeof events) > 0)
        ;
}

/* Return free memory to the system. Otherwise the C library keeps what many connections or large replies needed. */
static void
trim_when_due (sks_watch *watch)
{
    uint64_t now_us = sks_clock_us ();
    if (now_us - watch->trimmed_us < TRIM_US)
        return;
    malloc_trim (0);
    watch->trimmed_us = now_us;
}

static void *
run (void *argument)
{
    sks_watch *watch = argument;
    zmq_pollitem_t items[] = {
        { watch->watch_end, 0, ZMQ_POLLIN, 0 },
        { NULL, watch->inotify, ZMQ_POLLIN, 0 },
    };
    for (;;) {
        int order = 0;
        zmq_poll (items, watch->inotify < 0 ? 1 : 2, wait_ms (watch));
        if (watch->inotify >= 0)
            skip_events (watch->inotify);
        while (zmq_recv (watch->watch_end, &order, sizeof order, ZMQ_DONTWAIT) >= 0)
            if (order == STOP)
                return NULL;
        look (watch, order == LOOK);
        trim_when_due (watch);
    }
}

/* ----------------------------------------------------------- broker's end */
static int
connect_ends (sks_watch *watch, void *context, sks_error *err)
{
    static const char name[] = "inproc://watch";
    watch->broker_end = zmq_socket (context, ZMQ_PAIR);
    watch->watch_end = zmq_socket (context, ZMQ_PAIR);
    if (!watch->broker_end || !watch->watch_end || zmq_bind (watch->broker_end, name) ||
        zmq_connect (watch->watch_end, name))
        return sks_fail_errno (err, "cannot connect the watch");
    return 0;
}

static void
start_inotify (sks_watch *watch)
{
    watch->inotify = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
    if (watch->inotify < 0)
        return;
    if (inotify_add_watch (watch->inotify, watch->config->index_dir, IN_MOVED_TO | IN_CREATE) < 0) {
        close (watch->inotify);
        watch->inotify = -1;
    }
}

int
sks_watch_start (sks_watch **out, void *context, const sks_config *config, sks_generation *generation,
                 sks_watch_mark seen, sks_counters *counters, sks_error *err)
{
    *out = NULL;
    sks_watch *watch = calloc (1, sizeof *watch);
    if (!watch)
        return sks_fail_memory (err);
    watch->config = config;
    watch->counters = counters;
    watch->seen = seen;
    watch->retry_us = UINT64_MAX;
    start_inotify (watch);
    sks_prefetch_start (&watch->prefetch, generation);
    int code = connect_ends (watch, context, err);
    if (!code && (errno = pthread_create (&watch->thread, NULL, run, watch)))
        code = sks_fail_errno (err, "cannot start the watch");
    watch->running = !code;
    if (code)
        sks_watch_stop (&watch);
    *out = watch;
    return code;
}

int
sks_watch_descriptor (sks_watch *watch)
{
    int descriptor = -1;
    size_t size = sizeof descriptor;
    zmq_getsockopt (watch->broker_end, ZMQ_FD, &descriptor, &size);
    return descriptor;
}

sks_generation *
sks_watch_take (sks_watch *watch)
{
    sks_generation *generation;
    if (zmq_recv (watch->broker_end, &generation, sizeof generation, ZMQ_DONTWAIT) != sizeof generation)
        return NULL;
    atomic_load_explicit (&watch->found, memory_order_acquire);
    return generation;
}

static void
give_order (sks_watch *watch, int order)
{
    zmq_send (watch->broker_end, &order, sizeof order, ZMQ_DONTWAIT);
}

void
sks_watch_look (sks_watch *watch)
{
    give_order (watch, LOOK);
}

void
sks_watch_stop (sks_watch **watch_p)
{
    static const int no_linger = 0;
    if (!watch_p || !*watch_p)
        return;
    sks_watch *watch = *watch_p;
    *watch_p = NULL;
    if (watch->running) {
        give_order (watch, STOP);
        pthread_join (watch->thread, NULL);
        for (sks_generation *left; (left = sks_watch_take (watch));)
            sks_generation_release (&left);
    }
    sks_prefetch_stop (&watch->prefetch);
    void *ends[] = { watch->broker_end, watch->watch_end };
    for (size_t i = 0; i < 2; i++)
        if (ends[i]) {
            zmq_setsockopt (ends[i], ZMQ_LINGER, &no_linger, sizeof no_linger);
            zmq_close (ends[i]);
        }
    if (watch->inotify >= 0)
        close (watch->inotify);
    free (watch);
}
