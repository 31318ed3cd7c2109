/* prometheus.c - the daemon's statistics in the text format 0.0.4 of Prometheus.
 *
 * Simple metrics are rows of a table; replies and times have two labels and separate functions. A label's value
 * comes from the daemon and is escaped. A figure that the daemon does not send is left out: 0 would be wrong. */
#include "core/base/json.h"
#include "core/base/printable_put.h"
#include "core/wire/wire.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define PREFIX "skillsearch_"

static const struct metric {
    const char *name, *type, *help;
    const char *group, *member; /* of the figure; member NULL: all figures of the group */
    const char *label;          /* for all figures of a group: the label that holds their names */
    double scale;
} metrics[] = {
    { "uptime_seconds", "gauge", "Since the daemon started", "process", "uptime_s", NULL, 1 },
    { "cpu_seconds_total", "counter", "Processor time of the daemon", "process", "cpu_us", NULL, 1e-6 },
    { "resident_memory_bytes", "gauge", "Memory in use", "process", "resident_bytes", NULL, 1 },
    { "open_descriptors", "gauge", "Open files and connections", "process", "open_descriptors", NULL, 1 },
    { "max_descriptors", "gauge", "Limit of open files and connections", "process", "max_descriptors", NULL, 1 },
    { "generation", "gauge", "Number of the index generation", "", "generation", NULL, 1 },
    { "statements", "gauge", "Statements in the index", "index", "statements", NULL, 1 },
    { "occupations", "gauge", "Occupations in the index", "index", "occupations", NULL, 1 },
    { "vectors", "gauge", "1 when word vectors influence the order of answers", "index", "vectors", NULL, 1 },
    { "vectors_unused", "gauge", "1 when the index has vectors that the daemon should use and cannot", "index",
      "vectors_unused", NULL, 1 },
    { "encoder", "gauge", "1 when a sentence encoder influences the order of answers", "index", "encoder", NULL, 1 },
    { "encoder_unused", "gauge", "1 when the daemon should use a sentence encoder and cannot", "index",
      "encoder_unused", NULL, 1 },
    { "workers", "gauge", "Threads that search", "workers", "total", NULL, 1 },
    { "busy_workers", "gauge", "Busy threads", "workers", "busy", NULL, 1 },
    { "queue_waiting", "gauge", "Requests waiting for a worker", "queue", "waiting", NULL, 1 },
    { "queue_limit", "gauge", "Limit of waiting requests", "queue", "limit", NULL, 1 },
    { "results_hits_total", "counter", "Answers that had been kept", "results", "hits", NULL, 1 },
    { "results_misses_total", "counter", "Answers that had not been kept", "results", "misses", NULL, 1 },
    { "results_bytes", "gauge", "Memory of kept answers", "results", "bytes", NULL, 1 },
    { "results_limit_bytes", "gauge", "Limit of that", "results", "limit_bytes", NULL, 1 },
    { "keys_known", "gauge", "Accepted keys of clients", "keys", "known", NULL, 1 },
    { "keys_accepted_total", "counter", "Connections with one of them", "keys", "accepted", NULL, 1 },
    { "keys_denied_total", "counter", "Connections with another key", "keys", "denied", NULL, 1 },
    { "keys_broken_total", "counter", "Connections without a key", "keys", "broken", NULL, 1 },
    { "keys_refused_total", "counter", "Requests whose key was removed", "keys", "refused", NULL, 1 },
    { "reloads_total", "counter", "Generations loaded or refused", "reloads", NULL, "result", 1 },
    { "dropped_total", "counter", "Messages and connections dropped", "dropped", NULL, "reason", 1 },
    { "requests_total", "counter", "Valid requests", "requests", NULL, "op", 1 },
};

/* "# HELP" and "# TYPE". */
static void
put_head (sks_buffer *out, const char *name, const char *type, const char *help)
{
    sks_buffer_printf (out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static void
put_label (sks_buffer *out, const char *label, const char *value)
{
    sks_buffer shown = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    sks_printable_puts (&shown, value);
    const char *text = sks_buffer_text (&shown);
    sks_buffer_printf (out, "%s=\"", label);
    for (; text && *text; text++) {
        if (*text == '"' || *text == '\\')
            sks_buffer_putc (out, '\\');
        sks_buffer_putc (out, *text);
    }
    sks_buffer_putc (out, '"');
    sks_buffer_free (&shown);
}

static void
put_value (sks_buffer *out, double value)
{
    sks_buffer_putc (out, ' ');
    if (value >= 0 && value < 9e15 && value == (double) (uint64_t) value)
        sks_buffer_number (out, (uint64_t) value);
    else
        sks_json_put_number (out, value);
    sks_buffer_putc (out, '\n');
}

static void
put_metric (sks_buffer *out, const struct metric *metric, const sks_daemon_stats *stats)
{
    bool some = false;
    for (size_t i = 0; i < stats->figure_count; i++) {
        const sks_figure *figure = &stats->figures[i];
        if (strcmp (figure->group, metric->group) != 0 ||
            (metric->member && strcmp (figure->name, metric->member) != 0))
            continue;
        if (!some)
            put_head (out, metric->name, metric->type, metric->help);
        some = true;
        sks_buffer_printf (out, PREFIX "%s", metric->name);
        if (!metric->member) {
            sks_buffer_putc (out, '{');
            put_label (out, metric->label, figure->name);
            sks_buffer_putc (out, '}');
        }
        put_value (out, figure->value * metric->scale);
    }
}

static void
put_replies (sks_buffer *out, const sks_daemon_stats *stats)
{
    put_head (out, "replies_total", "counter", "Replies sent; op none: the request could not be read");
    for (size_t i = 0; i < stats->operation_count; i++) {
        const sks_reply_figures *of = &stats->operations[i];
        for (size_t k = 0; k < of->reply_count; k++) {
            sks_buffer_puts (out, PREFIX "replies_total{");
            put_label (out, "op", of->operation);
            sks_buffer_putc (out, ',');
            put_label (out, "code", of->replies[k].name);
            sks_buffer_putc (out, '}');
            put_value (out, (double) of->replies[k].count);
        }
    }
}

/* bound_us: the upper bound of a bucket; 0 for the sum and the count. */
static void
put_histogram_line (sks_buffer *out, const char *part, const char *operation, double bound_us, double value)
{
    sks_buffer_printf (out, PREFIX "request_seconds_%s{", part);
    put_label (out, "op", operation);
    if (bound_us > 0) {
        sks_buffer_puts (out, ",le=\"");
        if (bound_us < HUGE_VAL)
            sks_json_put_number (out, bound_us / 1e6);
        else
            sks_buffer_puts (out, "+Inf");
        sks_buffer_putc (out, '"');
    }
    sks_buffer_putc (out, '}');
    put_value (out, value);
}

static void
put_histograms (sks_buffer *out, const sks_daemon_stats *stats)
{
    put_head (out, "request_seconds", "histogram", "From the arrival of a request to its reply");
    for (size_t i = 0; i < stats->operation_count; i++) {
        const sks_reply_figures *of = &stats->operations[i];
        uint64_t sum = 0;
        for (size_t k = 0; k < stats->bound_count; k++)
            put_histogram_line (out, "bucket", of->operation, stats->bounds_us[k], (double) (sum += of->counts[k]));
        put_histogram_line (out, "sum", of->operation, 0, (double) of->sum_us / 1e6);
        put_histogram_line (out, "count", of->operation, 0, (double) sum);
    }
}

static void
put_shards (sks_buffer *out, const sks_daemon_stats *stats)
{
    if (stats->shard_count)
        put_head (out, "shard_up", "gauge", "1 when the server of a shard answers with its data");
    for (size_t i = 0; i < stats->shard_count; i++)
        sks_buffer_printf (out, PREFIX "shard_up{shard=\"%" PRIu32 "\"} %d\n", stats->shards[i].shard,
                           stats->shards[i].up != 0);
}

static void
put_stats (sks_buffer *out, const sks_daemon_stats *stats)
{
    put_head (out, "build_info", "gauge", "Version of the daemon");
    sks_buffer_puts (out, PREFIX "build_info{");
    put_label (out, "version", stats->version);
    sks_buffer_puts (out, "} 1\n");
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        put_metric (out, &metrics[i], stats);
    put_replies (out, stats);
    put_histograms (out, stats);
    put_shards (out, stats);
}

int
sks_stats_prometheus (const char *stats, size_t size, char **out, sks_error *err)
{
    sks_daemon_stats *read;
    if (!stats || !out)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *out = NULL;
    int rc = sks_reply_decode_stats_body (&read, stats, size, err);
    if (rc)
        return rc;
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    put_stats (&text, read);
    sks_daemon_stats_destroy (&read);
    rc = sks_buffer_text (&text) ? 0 : sks_buffer_status (&text, err);
    if (rc)
        sks_buffer_free (&text);
    else
        *out = text.bytes;
    return rc;
}
