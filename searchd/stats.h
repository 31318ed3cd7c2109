/* stats.h - updates the counters and reads them.
 *
 * Any thread may call any of these. Gauges of the broker (busy, queued,
 * generation) are stored by it directly. */
#ifndef SKS_STATS_H
#define SKS_STATS_H

#include "core/base/clock.h"
#include "searchd.h"

/* The deadline of a request that was received at arrived_us: its own, or else the daemon's. */
uint64_t sks_deadline_us (const sks_config *config, const sks_request *request, uint64_t arrived_us);

/* Start the clock, and store the values of the configuration. Call it before any thread starts. */
void sks_counters_start (sks_counters *counters, const sks_config *config);

/* Increment. */
void sks_counter_add (_Atomic uint64_t *counter);

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

/* The current generation has changed. */
void sks_counters_generation (sks_counters *counters, const sks_generation *generation);

/* All counters at this moment, with the resident memory of the process. */
void sks_stats_fill (sks_stats *stats, sks_counters *counters);

#endif
