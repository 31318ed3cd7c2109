/* counters.h - what the daemon counts. Any thread may count, unless a function says
 * otherwise; the gauges of the broker (busy, queued) are stored by it directly. */
#ifndef SKS_COUNTERS_H
#define SKS_COUNTERS_H

#include "core/engine/generation.h"
#include "core/shards/shard_state.h"
#include "core/wire/wire.h"

#include <stdatomic.h>

/* As sks_op_stats has them. */
typedef struct sks_op_counters {
    _Atomic uint64_t replies[SKS_PROTOCOL_CODES];
    _Atomic uint64_t latency[SKS_LATENCY_BUCKETS];
    _Atomic uint64_t time_us;
} sks_op_counters;

/* Written by any thread, read by "stats"; all relaxed, so the figures of one
 * answer may be a few requests apart. */
typedef struct sks_counters {
    uint64_t started_us;                         /* sks_clock_us at start; set once */
    uint64_t workers, queue_limit;               /* from the configuration; set once */
    _Atomic uint64_t generation;                 /* number of the current generation */
    _Atomic uint64_t statements, occupations;    /* in that generation */
    _Atomic uint64_t vectors, vectors_unused;    /* as sks_stats has them */
    _Atomic uint64_t encoder, encoder_unused;    /* likewise */
    _Atomic uint64_t busy_workers;               /* now */
    _Atomic uint64_t queued;                     /* now */
    _Atomic uint64_t results_hits;               /* requests answered with a kept reply */
    _Atomic uint64_t results_misses;             /* requests whose reply may be kept, and was not there */
    _Atomic uint64_t results_bytes;              /* of the kept replies, now */
    uint64_t results_limit;                      /* of them; set once */
    _Atomic uint64_t asked_us;                   /* sks_clock_us of the last reply, unless it was about the state */
    _Atomic uint64_t requests[SKS_OPS];          /* decoded, by operation */
    sks_op_counters by_op[SKS_OPS + 1];          /* replies made; the last one: no operation */
    _Atomic uint64_t reloads;                    /* generations loaded after the first */
    _Atomic uint64_t reload_failures;            /* generations that could not be opened */
    _Atomic uint64_t keys_known;                 /* clients' keys that are accepted now */
    _Atomic uint64_t keys_accepted, keys_denied; /* handshakes, by whether the key was accepted */
    _Atomic uint64_t keys_broken;                /* handshakes without a key, or with a wrong key of the daemon */
    _Atomic uint64_t keys_refused;               /* requests with a key that was revoked meanwhile */
    _Atomic uint64_t dropped[SKS_DROPPED];       /* by enum sks_dropped */
    _Atomic uint64_t shard_count;                /* of that generation; 0: it is not in shards */
    sks_shard_states shards;
} sks_counters;

/* Start the clock, and note what the configuration fixes. Before any thread. */
void sks_counters_start (sks_counters *counters, uint64_t workers, uint64_t queue_limit);

/* Increment. */
void sks_counters_add (_Atomic uint64_t *counter);

/* A request was decoded. op is one of enum sks_op. */
void sks_counters_request (sks_counters *counters, int op);

/* A reply was made.
 *   request      that it answers; NULL, or one without an operation (SKS_OPS), if
 *                it could not be read.
 *   code         0 or one of the protocol
 *   arrived_us   when the request came */
void sks_counters_reply (sks_counters *counters, const sks_request *request, int code, uint64_t arrived_us);

/* A message was dropped: one of enum sks_dropped. */
void sks_counters_drop (sks_counters *counters, int why);

/* Another generation answers from now on.
 *   wants_vectors, wants_encoder   whether word vectors and an encoder should be used */
void sks_counters_generation (sks_counters *counters, const sks_generation *generation, bool wants_vectors,
                              bool wants_encoder);

#endif
