/* metrics.c - counters, independent of HTTP. */
#include "metrics.h"

#include <inttypes.h>

static const unsigned statuses[GW_STATUSES] = { 200, 204, 206, 303, 304, 400, 401, 403, 404, 405, 408, 409,
                                                410, 413, 414, 415, 421, 429, 431, 500, 501, 502, 503, 504 };
static const double bounds[GW_BUCKETS] = { .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5 };
static const char *const refusals[GW_REFUSALS] = { "headers", "client", "queue", "drain" };
static const char *const reapings[GW_REAPINGS] = { "request", "answer" };

void
gw_metrics_count (gw_metrics *metrics, size_t route, unsigned status, uint64_t bytes)
{
    size_t column = 0;
    while (column + 1 < GW_STATUSES && statuses[column] != status)
        column++;
    if (route < GW_MAX_ROUTES)
        metrics->by_status[route][column]++;
    metrics->bytes += bytes;
}

void
gw_metrics_time (gw_metrics *metrics, double ms)
{
    size_t bucket = 0;
    while (bucket < GW_BUCKETS && ms / 1000 > bounds[bucket])
        bucket++;
    metrics->buckets[bucket]++;
    metrics->seconds += ms / 1000;
}

static void
put_head (gw_bytes *out, const char *name, const char *type, const char *help)
{
    gw_bytes_printf (out, "# HELP skillsearch_http_%s %s\n# TYPE skillsearch_http_%s %s\n", name, help, name, type);
}

static void
put_one (gw_bytes *out, const char *name, const char *type, const char *help, uint64_t value)
{
    put_head (out, name, type, help);
    gw_bytes_printf (out, "skillsearch_http_%s %" PRIu64 "\n", name, value);
}

static void
put_reasons (gw_bytes *out, const char *name, const char *help, const char *const *reasons, const uint64_t *values,
             size_t count)
{
    put_head (out, name, "counter", help);
    for (size_t i = 0; i < count; i++)
        gw_bytes_printf (out, "skillsearch_http_%s{reason=\"%s\"} %" PRIu64 "\n", name, reasons[i], values[i]);
}

static void
put_times (const gw_metrics *metrics, gw_bytes *out)
{
    uint64_t sum = 0;
    put_head (out, "request_seconds", "histogram", "From the end of a request to its answer");
    for (size_t i = 0; i < GW_BUCKETS; i++)
        gw_bytes_printf (out, "skillsearch_http_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", bounds[i],
                         sum += metrics->buckets[i]);
    sum += metrics->buckets[GW_BUCKETS];
    gw_bytes_printf (out, "skillsearch_http_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", sum);
    gw_bytes_printf (out,
                     "skillsearch_http_request_seconds_sum %.6f\nskillsearch_http_request_seconds_count %" PRIu64 "\n",
                     metrics->seconds, sum);
}

void
gw_metrics_write (const gw_metrics *metrics, const gw_gauges *gauges, const char *const *paths, size_t count,
                  gw_bytes *out)
{
    put_head (out, "requests_total", "counter", "Answers by path and status");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < GW_STATUSES; k++)
            if (metrics->by_status[i][k])
                gw_bytes_printf (out, "skillsearch_http_requests_total{path=\"%s\",code=\"%u\"} %" PRIu64 "\n",
                                 paths[i], statuses[k], metrics->by_status[i][k]);
    put_times (metrics, out);
    put_one (out, "connections", "gauge", "Open connections", gauges->connections);
    put_one (out, "connections_total", "counter", "Connections accepted", metrics->connections);
    put_one (out, "under_way", "gauge", "Requests under way in the daemon", gauges->under_way);
    put_one (out, "waiting", "gauge", "Waiting requests", gauges->waiting);
    put_one (out, "held_bytes", "gauge", "Bytes of unread answers", gauges->held);
    put_one (out, "lingering", "gauge", "Closed connections whose client may still be sending", gauges->lingering);
    put_one (out, "daemon_up", "gauge", "1 when the daemon answered within the last second", gauges->daemon_up);
    put_reasons (out, "refused_total", "Requests refused by the server itself", refusals, metrics->refused,
                 GW_REFUSALS);
    put_reasons (out, "reaped_total", "Connections closed for slowness", reapings, metrics->reaped, GW_REAPINGS);
    put_one (out, "body_bytes_total", "counter", "Bytes of answers, without headers", metrics->bytes);
}
