/* prometheus.c - the reply to "stats" in the text format 0.0.4 of Prometheus.
 *
 * Simple metrics are rows of a table; replies and times, which have labels of
 * two kinds, are written by hand. A label's value comes from the daemon and is
 * escaped. What the reply lacks is left out: a 0 would be a lie. */
#include "core/base/json.h"
#include "core/base/printable.h"
#include "member.h"

#include <cjson/cJSON.h>
#include <string.h>

#define PREFIX "skillsearch_"

static const struct metric {
    const char *name, *type, *help;
    const char *group, *member; /* where it stands; without a group at the top, without a member all of it */
    const char *label;          /* all of the group: what its names are called */
    double scale;
} metrics[] = {
    { "uptime_seconds", "gauge", "Since the daemon started", "process", "uptime_s", NULL, 1 },
    { "cpu_seconds_total", "counter", "Processor time of the daemon", "process", "cpu_us", NULL, 1e-6 },
    { "resident_memory_bytes", "gauge", "Memory in use", "process", "resident_bytes", NULL, 1 },
    { "open_descriptors", "gauge", "Open files and connections", "process", "open_descriptors", NULL, 1 },
    { "max_descriptors", "gauge", "The most that may be open", "process", "max_descriptors", NULL, 1 },
    { "generation", "gauge", "Number of the index generation", NULL, "generation", NULL, 1 },
    { "statements", "gauge", "Statements in the index", "index", "statements", NULL, 1 },
    { "occupations", "gauge", "Occupations in the index", "index", "occupations", NULL, 1 },
    { "workers", "gauge", "Threads that search", "workers", "total", NULL, 1 },
    { "busy_workers", "gauge", "Those at work", "workers", "busy", NULL, 1 },
    { "queue_waiting", "gauge", "Requests that wait for a worker", "queue", "waiting", NULL, 1 },
    { "queue_limit", "gauge", "Requests that may wait", "queue", "limit", NULL, 1 },
    { "keys_known", "gauge", "Keys of clients that are let in", "keys", "known", NULL, 1 },
    { "keys_accepted_total", "counter", "Connections with one of them", "keys", "accepted", NULL, 1 },
    { "keys_denied_total", "counter", "Connections with another key", "keys", "denied", NULL, 1 },
    { "keys_broken_total", "counter", "Connections without a key", "keys", "broken", NULL, 1 },
    { "keys_refused_total", "counter", "Requests whose key was taken away", "keys", "refused", NULL, 1 },
    { "reloads_total", "counter", "Generations taken up, or refused", "reloads", NULL, "result", 1 },
    { "dropped_total", "counter", "Messages and connections dropped", "dropped", NULL, "reason", 1 },
    { "requests_total", "counter", "Requests understood", "requests", NULL, "op", 1 },
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
put_metric (sks_buffer *out, const struct metric *metric, const cJSON *reply)
{
    const cJSON *group = metric->group ? sks_member (reply, metric->group) : reply;
    const cJSON *one = metric->member ? sks_member (group, metric->member) : NULL;
    if (metric->member ? !cJSON_IsNumber (one) : !cJSON_IsObject (group))
        return;
    put_head (out, metric->name, metric->type, metric->help);
    if (metric->member) {
        sks_buffer_printf (out, PREFIX "%s", metric->name);
        put_value (out, one->valuedouble * metric->scale);
        return;
    }
    for (const cJSON *item = group->child; item; item = item->next) {
        sks_buffer_printf (out, PREFIX "%s{", metric->name);
        put_label (out, metric->label, item->string);
        sks_buffer_putc (out, '}');
        put_value (out, item->valuedouble * metric->scale);
    }
}

static void
put_replies (sks_buffer *out, const cJSON *by_op)
{
    put_head (out, "replies_total", "counter", "Replies made; op none: the request could not be read");
    for (const cJSON *op = by_op->child; op; op = op->next) {
        const cJSON *replies = sks_member (op, "replies");
        for (const cJSON *code = cJSON_IsObject (replies) ? replies->child : NULL; code; code = code->next) {
            sks_buffer_puts (out, PREFIX "replies_total{");
            put_label (out, "op", op->string);
            sks_buffer_putc (out, ',');
            put_label (out, "code", code->string);
            sks_buffer_putc (out, '}');
            put_value (out, code->valuedouble);
        }
    }
}

static void
put_histogram_line (sks_buffer *out, const char *part, const cJSON *op, const cJSON *bound, double value)
{
    sks_buffer_printf (out, PREFIX "request_seconds_%s{", part);
    put_label (out, "op", op->string);
    if (bound && cJSON_IsNumber (bound)) {
        sks_buffer_puts (out, ",le=\"");
        sks_json_put_number (out, bound->valuedouble / 1e6);
        sks_buffer_putc (out, '"');
    } else if (bound) {
        sks_buffer_puts (out, ",le=\"+Inf\"");
    }
    sks_buffer_putc (out, '}');
    put_value (out, value);
}

static void
put_histogram (sks_buffer *out, const cJSON *op, const cJSON *bound)
{
    double sum = 0;
    const cJSON *count = sks_member_items (op, "counts");
    for (; count && bound; count = count->next, bound = bound->next)
        put_histogram_line (out, "bucket", op, bound, sum += count->valuedouble);
    put_histogram_line (out, "sum", op, NULL, sks_member_number (op, "sum_us") / 1e6);
    put_histogram_line (out, "count", op, NULL, sum);
}

static void
put_operations (sks_buffer *out, const cJSON *by_op, const cJSON *bounds)
{
    put_replies (out, by_op);
    put_head (out, "request_seconds", "histogram", "From the arrival of a request to its reply");
    for (const cJSON *op = by_op->child; op; op = op->next)
        put_histogram (out, op, bounds);
}

static void
put_stats (sks_buffer *out, const cJSON *root)
{
    put_head (out, "build_info", "gauge", "Version of the daemon");
    sks_buffer_puts (out, PREFIX "build_info{");
    put_label (out, "version", sks_member_text (root, "version"));
    sks_buffer_puts (out, "} 1\n");
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        put_metric (out, &metrics[i], root);
    const cJSON *by_op = sks_member (root, "by_op");
    if (cJSON_IsObject (by_op))
        put_operations (out, by_op, sks_member_items (sks_member (root, "latency"), "buckets_us"));
}

int
sks_stats_prometheus (const char *stats, size_t size, char **out, sks_error *err)
{
    cJSON *root;
    if (!stats || !out)
        return sks_fail (err, SKS_EINVALID, "an argument is NULL");
    *out = NULL;
    int rc = sks_member_parse (&root, stats, size, err);
    if (rc)
        return rc;
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    put_stats (&text, root);
    cJSON_Delete (root);
    rc = sks_buffer_text (&text) ? 0 : sks_buffer_status (&text, err);
    if (rc)
        sks_buffer_free (&text);
    else
        *out = text.bytes;
    return rc;
}
