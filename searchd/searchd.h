/* searchd.h - the daemon's own structs: configuration, messages.
 *
 * The daemon is a few threads that communicate by messages and share nothing but immutable generations and counters:
 *
 *   broker   the main thread: the front socket, the queue, the assignment of requests; small ones are answered here
 *   workers  decode, search, encode; one searcher each
 *   watch    detects a newly published generation and opens it in the background
 *   guard    if there are keys: decides which clients may connect
 *
 * Limits of the daemon that are not part of the protocol are named here. */
#ifndef SKS_SEARCHD_H
#define SKS_SEARCHD_H

#include "core/wire/wire.h"
#include "core/base/budget.h"
#include "core/base/endpoint.h"
#include "core/engine/generation.h"
#include "counters.h"

#include <stdatomic.h>
#include <stdbool.h>

#define SKS_MAX_OWN_NEAR_FILES 7      /* tables of near words in addition to the project's own */
#define SKS_WITHOUT_NEAR_WORDS "none" /* instead of a table: use none, not even the project's own */
#define SKS_MAX_LISTEN 8              /* endpoints of one daemon */
#define SKS_MAX_WORKERS 64            /* one bit each in the broker's idle set */
#define SKS_MAX_QUEUE 10000           /* requests that wait */
#define SKS_MAX_CACHE_MB 1048576      /* more than any index needs */
#define SKS_MAX_RESULTS_MB 65536      /* of kept replies */
#define SKS_MAX_PATH_BYTES 4096       /* of the index folder, with NUL */
#define SKS_ROUTING_ID_BYTES 5        /* of each peer: assigned by libzmq */
#define SKS_MAX_ADDRESSES 8           /* frames that proxies have put before a request */
#define SKS_MAX_ADDRESS_BYTES 1024    /* of all these frames, each with a byte of length */

/* --------------------------------------------------------- configuration */
enum sks_action {
    SKS_ACTION_RUN,
    SKS_ACTION_CHECK, /* print the configuration */
    SKS_ACTION_HELP,
    SKS_ACTION_LIST, /* print the options for programs */
    SKS_ACTION_VERSION
};

/* The values of the options. A plain struct: nothing in it must be freed. */
typedef struct sks_config {
    int action;                                                  /* enum sks_action */
    char near_words[SKS_MAX_OWN_NEAR_FILES][SKS_MAX_PATH_BYTES]; /* tables of the operator */
    size_t near_count;
    char index_dir[SKS_MAX_PATH_BYTES];                  /* the folder with the generations */
    char vectors[SKS_MAX_PATH_BYTES];                    /* the file of word vectors; "" for the installed one */
    char encoder[SKS_MAX_PATH_BYTES];                    /* the file of a sentence encoder; "" for none */
    char curve_keys[SKS_MAX_PATH_BYTES];                 /* the folder with the keys; "" accepts everybody */
    char file[SKS_MAX_PATH_BYTES];                       /* the configuration file; "" for none */
    char listen[SKS_MAX_LISTEN][SKS_MAX_ENDPOINT_BYTES]; /* endpoints to bind, as given */
    size_t listen_count;                                 /* of them */
    uint32_t workers;                                    /* searching threads */
    uint32_t queue;                                      /* requests that may wait for a worker */
    uint32_t deadline_ms;                                /* of requests without one */
    uint32_t shard_timeout_ms, shard_connect_ms;         /* of the servers of shards: to answer, to connect */
    uint32_t cache_mb;                                   /* MiB of decoded lists one generation may keep */
    uint32_t results_mb;                                 /* MiB of replies that all workers may keep; 0: none */
    uint32_t slow_ms;                                    /* requests that take longer are logged at info */
    uint32_t ready_fd;                                   /* descriptor of the ready line; 0 for none */
    int log_level;                                       /* enum sks_log_level */
    bool insecure;                                       /* bind addresses that others can reach */
} sks_config;

/* -------------------------------------------------------------- messages */
/* The recipient of a reply, and its envelope frames. */
typedef struct sks_envelope {
    unsigned char peer[SKS_ROUTING_ID_BYTES];       /* its routing id; no later peer gets the same */
    unsigned char addresses[SKS_MAX_ADDRESS_BYTES]; /* frames to send back first: a byte of length, then the bytes */
    uint16_t address_bytes;                         /* used of them */
    uint8_t address_count;                          /* frames in them */
    bool delimited;                                 /* an empty frame precedes the payload */
    int connection;                                 /* its descriptor; -1: not known */
    bool counted;                                   /* counts as invalid already, see sks_connections_suspect */
    uint32_t client;                                /* a number for the client, which it cannot choose */
    uint32_t source;                                /* a number for the first of its addresses; 0 without any */
} sks_envelope;

enum sks_job_kind {
    SKS_JOB_ANSWER,  /* a request; its answer is the reply */
    SKS_JOB_REFRESH, /* open a searcher on generation; its answer is an int, 0 or SKS_E... */
    SKS_JOB_STOP     /* end the thread; there is no answer */
};

/* A job of a worker. The bytes of a request that is not decoded yet are passed with it. */
typedef struct sks_job {
    int kind;                   /* enum sks_job_kind */
    uint32_t client;            /* its client's number in the log */
    uint64_t arrived_us;        /* sks_clock_us when the broker received it */
    sks_generation *generation; /* to answer on; one reference, which the worker releases */
    sks_request *request;       /* decoded already, the worker frees it; NULL: decode the bytes */
} sks_job;

/* ---------------------------------------------------------------- daemon */
struct sks_front;
struct sks_watch;
struct sks_worker;

/* All parts, assembled by main for the broker. */
typedef struct sks_daemon {
    sks_config config;
    sks_counters counters;
    sks_generation *generation;                  /* the current one; one reference */
    struct sks_front *front;                     /* the socket that clients talk to */
    struct sks_worker *workers[SKS_MAX_WORKERS]; /* config.workers of them */
    struct sks_watch *watch;                     /* brings new generations */
    int done;                                    /* eventfd that workers signal when they are done */
    sks_stop stop;                               /* when workers abort their work */
    int signals;                                 /* signalfd of SIGTERM, SIGINT and SIGHUP */
} sks_daemon;

#endif
