/* top_print.c - two replies to "stats" -> what happened between them.
 *
 * All counters run from the daemon's start, so a difference is what is new. One
 * that is negative means that another daemon answers now; it counts as 0. */
#include "client/lib/member.h"
#include "print.h"
#include "top.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define BUCKETS 64
#define BARS 20

/* What was answered between two replies. */
struct figures {
    double rate, refused; /* a second */
    double mean_ms;
    double p50, p95, p99; /* milliseconds */
};

static double
grown (const cJSON *before, const cJSON *now, const char *name)
{
    return fmax (0, sks_member_number (now, name) - sks_member_number (before, name));
}

/* What is new in each bucket, and the sum. */
static double
subtract (const cJSON *before, const cJSON *now, double *out)
{
    const cJSON *old = sks_member_items (before, "counts");
    double sum = 0;
    size_t i = 0;
    for (const cJSON *item = sks_member_items (now, "counts"); item && i < BUCKETS; item = item->next, i++) {
        out[i] = fmax (0, item->valuedouble - (old ? old->valuedouble : 0));
        sum += out[i];
        old = old ? old->next : NULL;
    }
    memset (out + i, 0, (BUCKETS - i) * sizeof *out);
    return sum;
}

/* The time in ms below which `share` of all lie, as if they were spread evenly
 * within a bucket. */
static double
find_quantile (const double *counts, double all, double share, const cJSON *bound)
{
    double below = 0, from = 0;
    for (size_t i = 0; bound && i < BUCKETS; i++, bound = bound->next) {
        if (counts[i] > 0 && below + counts[i] >= all * share && cJSON_IsNumber (bound))
            return (from + (bound->valuedouble - from) * (all * share - below) / counts[i]) / 1000;
        below += counts[i];
        from = bound->valuedouble;
    }
    return all > 0 ? from / 1000 : 0;
}

static struct figures
compare (const cJSON *before, const cJSON *now, const cJSON *replies_before, const cJSON *replies_now,
         const cJSON *bounds, double seconds)
{
    double counts[BUCKETS], all = subtract (before, now, counts);
    return (struct figures) {
        .rate = all / seconds,
        .refused = fmax (0, all - grown (replies_before, replies_now, "ok")) / seconds,
        .mean_ms = all > 0 ? grown (before, now, "sum_us") / all / 1000 : 0,
        .p50 = find_quantile (counts, all, 0.5, bounds),
        .p95 = find_quantile (counts, all, 0.95, bounds),
        .p99 = find_quantile (counts, all, 0.99, bounds),
    };
}

static const cJSON *
find_bounds (const cJSON *reply)
{
    return sks_member_items (sks_member (reply, "latency"), "buckets_us");
}

static struct figures
compare_all (const cJSON *before, const cJSON *now, double seconds)
{
    return compare (sks_member (before, "latency"), sks_member (now, "latency"), sks_member (before, "replies"),
                    sks_member (now, "replies"), find_bounds (now), seconds);
}

static double
find_processors (const cJSON *before, const cJSON *now, double seconds)
{
    return grown (sks_member (before, "process"), sks_member (now, "process"), "cpu_us") / seconds / 1e4;
}

static double
count_dropped (const cJSON *before, const cJSON *now)
{
    const cJSON *group = sks_member (now, "dropped");
    double sum = 0;
    for (const cJSON *item = cJSON_IsObject (group) ? group->child : NULL; item; item = item->next)
        sum += grown (sks_member (before, "dropped"), group, item->string);
    return sum;
}

/* ------------------------------------------------------------------- lines */
void
sks_top_print_names (sks_buffer *out)
{
    sks_buffer_printf (out, "%9s %9s %9s %9s %9s %7s %7s %7s %6s %8s %8s\n", "req/s", "refused/s", "p50 ms", "p95 ms",
                       "p99 ms", "busy", "waiting", "cpu %", "mem M", "dropped", "gen");
}

void
sks_top_print_line (sks_buffer *out, const cJSON *before, const cJSON *now, double seconds)
{
    struct figures all = compare_all (before, now, seconds);
    sks_buffer_printf (out, "%9.1f %9.1f %9.3f %9.3f %9.3f %7.0f %7.0f %7.1f %6.0f %8.0f %8.0f\n", all.rate,
                       all.refused, all.p50, all.p95, all.p99, sks_member_number (sks_member (now, "workers"), "busy"),
                       sks_member_number (sks_member (now, "queue"), "waiting"), find_processors (before, now, seconds),
                       sks_member_number (sks_member (now, "process"), "resident_bytes") / 1048576,
                       count_dropped (before, now), sks_member_number (now, "generation"));
}

/* -------------------------------------------------------------------- view */
/* "queue      12 of 256  ####----". */
static void
put_gauge (sks_buffer *out, const sks_terminal *terminal, const char *name, double value, double most)
{
    int filled = most > 0 ? (int) ceil (fmin (value / most, 1) * BARS) : 0;
    sks_buffer_printf (out, "%-10s %6.0f of %-6.0f ", name, value, most);
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    for (int i = 0; i < filled; i++)
        sks_buffer_puts (out, terminal->utf8 ? "\xE2\x96\x88" : "#");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    for (int i = filled; i < BARS; i++)
        sks_buffer_putc (out, terminal->utf8 ? ' ' : '.');
    sks_buffer_putc (out, '\n');
}

static void
put_row (sks_buffer *out, const char *name, const struct figures *of)
{
    size_t before = out->size;
    sks_terminal_puts (out, name);
    size_t used = out->size - before;
    int gap = used < 12 ? (int) (12 - used) : 1;
    sks_buffer_printf (out, "%*s %9.1f %9.1f %9.3f %9.3f %9.3f %9.3f\n", gap, "", of->rate, of->refused, of->mean_ms,
                       of->p50, of->p95, of->p99);
}

static void
put_table (sks_buffer *out, const sks_terminal *terminal, const cJSON *before, const cJSON *now, double seconds)
{
    const cJSON *bounds = find_bounds (now), *by_op = sks_member (now, "by_op");
    struct figures all = compare_all (before, now, seconds);
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_printf (out, "\n%-12s %9s %9s %9s %9s %9s %9s\n", "operation", "req/s", "refused/s", "mean ms", "p50 ms",
                       "p95 ms", "p99 ms");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    put_row (out, "all", &all);
    for (const cJSON *op = cJSON_IsObject (by_op) ? by_op->child : NULL; op; op = op->next) {
        const cJSON *old = sks_member (sks_member (before, "by_op"), op->string);
        struct figures of = compare (old, op, sks_member (old, "replies"), sks_member (op, "replies"), bounds, seconds);
        if (of.rate > 0)
            put_row (out, op->string, &of);
    }
}

void
sks_top_print (sks_buffer *out, const sks_terminal *terminal, const cJSON *before, const cJSON *now, double seconds)
{
    const cJSON *process = sks_member (now, "process"), *workers = sks_member (now, "workers");
    const cJSON *queue = sks_member (now, "queue"), *index = sks_member (now, "index");
    sks_buffer_puts (out, "skillsearchd ");
    sks_terminal_puts (out, sks_member_text (now, "version"));
    sks_buffer_printf (out, "   generation %.0f   %.0f statements   up %.0f s   %.0f reloads\n",
                       sks_member_number (now, "generation"), sks_member_number (index, "statements"),
                       sks_member_number (process, "uptime_s"),
                       sks_member_number (sks_member (now, "reloads"), "done"));
    sks_buffer_printf (out, "cpu %.1f %%   memory %.0f MiB   dropped %.0f\n\n", find_processors (before, now, seconds),
                       sks_member_number (process, "resident_bytes") / 1048576, count_dropped (before, now));
    put_gauge (out, terminal, "workers", sks_member_number (workers, "busy"), sks_member_number (workers, "total"));
    put_gauge (out, terminal, "queue", sks_member_number (queue, "waiting"), sks_member_number (queue, "limit"));
    put_gauge (out, terminal, "files", sks_member_number (process, "open_descriptors"),
               sks_member_number (process, "max_descriptors"));
    put_table (out, terminal, before, now, seconds);
}
