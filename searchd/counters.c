/* counters.c - relaxed atomics: counting must never make two threads wait. */
#include "counters.h"

#include "core/base/clock.h"

void
sks_counters_start (sks_counters *counters, uint64_t workers, uint64_t queue_limit)
{
    counters->started_us = sks_clock_us ();
    counters->workers = workers;
    counters->queue_limit = queue_limit;
}

static void
add_many (_Atomic uint64_t *counter, uint64_t many)
{
    atomic_fetch_add_explicit (counter, many, memory_order_relaxed);
}

void
sks_counters_add (_Atomic uint64_t *counter)
{
    add_many (counter, 1);
}

static void
store (_Atomic uint64_t *gauge, uint64_t value)
{
    atomic_store_explicit (gauge, value, memory_order_relaxed);
}

void
sks_counters_request (sks_counters *counters, int op)
{
    sks_counters_add (&counters->requests[op]);
}

/* The smallest i with us < 2^i; the last bucket for all longer times. */
static unsigned
bucket_of (uint64_t us)
{
    unsigned bits = us ? 64 - (unsigned) __builtin_clzll (us) : 0;
    return bits < SKS_LATENCY_BUCKETS ? bits : SKS_LATENCY_BUCKETS - 1;
}

void
sks_counters_reply (sks_counters *counters, const sks_request *request, int code, uint64_t arrived_us)
{
    unsigned index = code <= 0 && -code < SKS_PROTOCOL_CODES ? (unsigned) -code : (unsigned) -SKS_EINTERNAL;
    int op = request ? request->op : SKS_OPS;
    sks_op_counters *of = &counters->by_op[op];
    uint64_t now_us = sks_clock_us (), took_us = now_us - arrived_us;
    if (op != SKS_OP_HELLO && op != SKS_OP_HEALTH && op != SKS_OP_STATS)
        store (&counters->asked_us, now_us);
    sks_counters_add (&of->replies[index]);
    sks_counters_add (&of->latency[bucket_of (took_us)]);
    add_many (&of->time_us, took_us);
}

void
sks_counters_drop (sks_counters *counters, int why)
{
    sks_counters_add (&counters->dropped[why]);
}

void
sks_counters_generation (sks_counters *counters, const sks_generation *generation, bool wants_vectors,
                         bool wants_encoder)
{
    bool has = sks_generation_has_vectors (generation), uses = sks_generation_uses_vectors (generation);
    store (&counters->generation, sks_generation_number (generation));
    store (&counters->statements, sks_generation_statements (generation));
    store (&counters->occupations, sks_generation_occupations (generation));
    store (&counters->shard_count, sks_generation_shards (generation));
    sks_shard_state_begin (&counters->shards, sks_generation_number (generation));
    store (&counters->vectors, uses);
    store (&counters->vectors_unused, has && !uses && wants_vectors);
    bool encodes = sks_generation_uses_encoder (generation);
    store (&counters->encoder, encodes);
    store (&counters->encoder_unused, !encodes && wants_encoder);
}
