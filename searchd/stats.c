/* stats.c - the counters, and what the kernel reports about the process. */
#include "stats.h"

#include "core/base/clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint64_t
load (_Atomic uint64_t *counter)
{
    return atomic_load_explicit (counter, memory_order_relaxed);
}

/* The resident memory in bytes; 0 if the kernel does not report it. */
static uint64_t
resident_bytes (void)
{
    unsigned long long pages = 0;
    FILE *file = fopen ("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf (file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose (file);
    return pages * (uint64_t) sysconf (_SC_PAGESIZE);
}

/* Since Linux 6.2 the size of this folder is the number of descriptors; 0 with older kernels. */
static uint64_t
open_descriptors (void)
{
    struct stat status;
    return stat ("/proc/self/fd", &status) == 0 && status.st_size > 0 ? (uint64_t) status.st_size : 0;
}

static uint64_t
max_descriptors (void)
{
    struct rlimit limit;
    return getrlimit (RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

static uint64_t
cpu_us (void)
{
    struct timespec used;
    if (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used))
        return 0;
    return (uint64_t) used.tv_sec * 1000000 + (uint64_t) used.tv_nsec / 1000;
}

static void
load_all (uint64_t *out, _Atomic uint64_t *counters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = load (&counters[i]);
}

static void
load_op (sks_op_stats *out, sks_op_stats *all, sks_op_counters *counters)
{
    load_all (out->replies, counters->replies, SKS_PROTOCOL_CODES);
    load_all (out->latency, counters->latency, SKS_LATENCY_BUCKETS);
    out->time_us = load (&counters->time_us);
    for (size_t i = 0; i < SKS_PROTOCOL_CODES; i++)
        all->replies[i] += out->replies[i];
    for (size_t i = 0; i < SKS_LATENCY_BUCKETS; i++)
        all->latency[i] += out->latency[i];
    all->time_us += out->time_us;
}

void
sks_stats_fill (sks_stats *stats, sks_counters *counters)
{
    *stats = (sks_stats) {
        .generation = load (&counters->generation),
        .statements = load (&counters->statements),
        .occupations = load (&counters->occupations),
        .vectors = load (&counters->vectors),
        .vectors_unused = load (&counters->vectors_unused),
        .encoder = load (&counters->encoder),
        .encoder_unused = load (&counters->encoder_unused),
        .uptime_s = (sks_clock_us () - counters->started_us) / 1000000,
        .workers = counters->workers,
        .busy_workers = load (&counters->busy_workers),
        .queued = load (&counters->queued),
        .queue_limit = counters->queue_limit,
        .results_hits = load (&counters->results_hits),
        .results_misses = load (&counters->results_misses),
        .results_bytes = load (&counters->results_bytes),
        .results_limit = counters->results_limit,
        .reloads = load (&counters->reloads),
        .reload_failures = load (&counters->reload_failures),
        .keys_known = load (&counters->keys_known),
        .keys_accepted = load (&counters->keys_accepted),
        .keys_denied = load (&counters->keys_denied),
        .keys_broken = load (&counters->keys_broken),
        .keys_refused = load (&counters->keys_refused),
        .resident_bytes = resident_bytes (),
        .open_descriptors = open_descriptors (),
        .max_descriptors = max_descriptors (),
        .cpu_us = cpu_us (),
    };
    stats->shard_count = load (&counters->shard_count);
    for (uint64_t i = 0; i < stats->shard_count; i++) {
        sks_shard_state *state = &counters->shards.of[i];
        bool up = atomic_load_explicit (&state->condition, memory_order_relaxed) == SKS_SHARD_UP;
        stats->shards[i] = (sks_shard_health) { (uint32_t) i + 1, up, load (&state->generation) };
    }
    load_all (stats->requests, counters->requests, SKS_OPS);
    load_all (stats->dropped, counters->dropped, SKS_DROPPED);
    for (size_t i = 0; i <= SKS_OPS; i++)
        load_op (&stats->by_op[i], &stats->all, &counters->by_op[i]);
}
