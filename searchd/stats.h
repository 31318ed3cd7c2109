/* stats.h - the counters' writers and their one reader, and the clock.
 *
 * Any thread may call any of these. Gauges of the broker (busy, queued,
 * generation) are stored by it directly. */
#ifndef SKS_STATS_H
#define SKS_STATS_H

#include "searchd.h"

/* Microseconds of CLOCK_MONOTONIC. */
uint64_t sks_clock_us (void);

/* When the client of a request that came at arrived_us stops waiting: its own
 * deadline, or else the daemon's. */
uint64_t sks_deadline_us (const sks_config *config, const sks_request *request, uint64_t arrived_us);

/* Start the clock, and note what the configuration fixes. Before any thread. */
void sks_counters_start (sks_counters *counters, const sks_config *config);

/* One more. */
void sks_counter_add (_Atomic uint64_t *counter);

/* A request was decoded. op is one of enum sks_op. */
void sks_counters_request (sks_counters *counters, int op);

/* A reply was made: 0 or a code of the protocol, and when its request came. */
void sks_counters_reply (sks_counters *counters, int code, uint64_t arrived_us);

/* Another generation answers now. */
void sks_counters_generation (sks_counters *counters, const sks_generation *generation);

/* All of it at this moment, with the resident memory of the process. */
void sks_stats_fill (sks_stats *stats, sks_counters *counters);

#endif
