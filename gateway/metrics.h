/* metrics.h - what the server counts, and its text for Prometheus. */
#ifndef GW_METRICS_H
#define GW_METRICS_H

#include "bytes.h"

#include <stdint.h>

enum gw_refused { GW_REFUSED_HEADERS, GW_REFUSED_CLIENT, GW_REFUSED_QUEUE, GW_REFUSED_DRAIN, GW_REFUSALS };

#define GW_BUCKETS 10
#define GW_MAX_ROUTES 64
#define GW_STATUSES 24

typedef struct gw_metrics {
    uint64_t by_status[GW_MAX_ROUTES][GW_STATUSES]; /* answers; columns as gw_metrics_statuses */
    uint64_t buckets[GW_BUCKETS + 1];
    double seconds;
    uint64_t refused[GW_REFUSALS];
    uint64_t connections, reaped, bytes;
} gw_metrics;

/* Count one answer: the place of its route in the table, its status, its bytes. */
void gw_metrics_count (gw_metrics *metrics, size_t route, unsigned status, uint64_t bytes);

/* Count how long a request took, in milliseconds. */
void gw_metrics_time (gw_metrics *metrics, double ms);

/* The text format 0.0.4.
 *   paths   of the routes, count of them. */
void gw_metrics_write (const gw_metrics *metrics, const char *const *paths, size_t count, size_t connections,
                       size_t under_way, size_t waiting, gw_bytes *out);

#endif
