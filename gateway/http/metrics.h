/* metrics.h - what the server counts, and its text for Prometheus. */
#ifndef GW_METRICS_H
#define GW_METRICS_H

#include "bytes.h"

#include <stdint.h>

enum gw_refused { GW_REFUSED_HEADERS, GW_REFUSED_CLIENT, GW_REFUSED_QUEUE, GW_REFUSED_DRAIN, GW_REFUSALS };

enum gw_reaped { GW_REAPED_REQUEST, GW_REAPED_ANSWER, GW_REAPINGS };

#define GW_BUCKETS 10
#define GW_MAX_ROUTES 64
#define GW_STATUSES 24

typedef struct gw_metrics {
    uint64_t by_status[GW_MAX_ROUTES][GW_STATUSES]; /* answers; columns as the statuses in metrics.c */
    uint64_t buckets[GW_BUCKETS + 1];
    double seconds;
    uint64_t refused[GW_REFUSALS];
    uint64_t reaped[GW_REAPINGS];
    uint64_t connections, bytes;
} gw_metrics;

/* Current values. */
typedef struct gw_gauges {
    size_t connections;
    size_t under_way, waiting; /* requests that the daemon has; that wait to be sent */
    size_t held;               /* bytes of answers that were not taken yet */
    size_t lingering;          /* closed connections whose client may still be sending */
    bool daemon_up;
} gw_gauges;

/* Count one answer: the place of its route in the table, its status, its bytes. */
void gw_metrics_count (gw_metrics *metrics, size_t route, unsigned status, uint64_t bytes);

/* Count how long a request took, in milliseconds. */
void gw_metrics_time (gw_metrics *metrics, double ms);

/* The text format 0.0.4.
 *   paths   of the routes, count of them. */
void gw_metrics_write (const gw_metrics *metrics, const gw_gauges *gauges, const char *const *paths, size_t count,
                       gw_bytes *out);

#endif
