/* top_print.c - prints what happened between two sets of the daemon's statistics.
 *
 * All counters start with the daemon, so the difference is what is new. A negative difference means that another
 * daemon answers now; it counts as 0. */
#include "print.h"
#include "sheet.h"
#include "top.h"

#include <math.h>
#include <string.h>

#define BARS 20

/* What was answered between two sets of statistics. */
struct rates {
    double rate, refused; /* per second */
    double mean_ms;
    double p50, p95, p99; /* milliseconds */
};

static double
figure (const sks_daemon_stats *stats, const char *group, const char *name)
{
    const sks_figure *found = sks_daemon_stats_find (stats, group, name);
    return found ? found->value : 0;
}

/* Without `before`, or with one of another daemon, all counts are new. */
static double
count_new (const sks_reply_figures *before, const sks_reply_figures *now, size_t bucket)
{
    uint64_t old = before ? before->counts[bucket] : 0;
    return now->counts[bucket] > old ? (double) (now->counts[bucket] - old) : 0;
}

static double
count_good (const sks_reply_figures *of)
{
    for (size_t i = 0; of && i < of->reply_count; i++)
        if (strcmp (of->replies[i].name, "ok") == 0)
            return (double) of->replies[i].count;
    return 0;
}

/* The time in ms below which `share` of all new replies lie, as if they were spread
 * evenly within a bucket. */
static double
find_quantile (const sks_reply_figures *before, const sks_reply_figures *now, const sks_daemon_stats *stats, double all,
               double share)
{
    double below = 0, from = 0;
    for (size_t i = 0; i + 1 < stats->bound_count; i++) {
        double count = count_new (before, now, i), bound = stats->bounds_us[i];
        if (count > 0 && below + count >= all * share)
            return (from + (bound - from) * (all * share - below) / count) / 1000;
        below += count;
        from = bound;
    }
    return all > 0 ? from / 1000 : 0;
}

/* before NULL: nothing had been answered. stats: has the bounds of the buckets. */
static struct rates
compare (const sks_reply_figures *before, const sks_reply_figures *now, const sks_daemon_stats *stats, double seconds)
{
    double all = 0, time_us = (double) now->sum_us - (before ? (double) before->sum_us : 0);
    for (size_t i = 0; i < stats->bound_count; i++)
        all += count_new (before, now, i);
    return (struct rates) {
        .rate = all / seconds,
        .refused = fmax (0, all - fmax (0, count_good (now) - count_good (before))) / seconds,
        .mean_ms = all > 0 ? fmax (0, time_us) / all / 1000 : 0,
        .p50 = find_quantile (before, now, stats, all, 0.5),
        .p95 = find_quantile (before, now, stats, all, 0.95),
        .p99 = find_quantile (before, now, stats, all, 0.99),
    };
}

/* The figures of an operation in `before`; NULL if there are none, or with other bounds. */
static const sks_reply_figures *
find_operation (const sks_daemon_stats *before, const sks_daemon_stats *now, const char *operation)
{
    if (before->bound_count != now->bound_count)
        return NULL;
    for (size_t i = 0; operation && i < before->operation_count; i++)
        if (strcmp (before->operations[i].operation, operation) == 0)
            return &before->operations[i];
    return operation ? NULL : &before->all;
}

static double
find_processors (const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds)
{
    return fmax (0, figure (now, "process", "cpu_us") - figure (before, "process", "cpu_us")) / seconds / 1e4;
}

static double
count_dropped (const sks_daemon_stats *before, const sks_daemon_stats *now)
{
    double sum = 0;
    for (size_t i = 0; i < now->figure_count; i++)
        if (strcmp (now->figures[i].group, "dropped") == 0)
            sum += fmax (0, now->figures[i].value - figure (before, "dropped", now->figures[i].name));
    return sum;
}

/* ------------------------------------------------------------------- lines */
void
sks_top_print_names (sks_buffer *out)
{
    sks_buffer_printf (out, "%9s %9s %9s %9s %9s %7s %7s %7s %6s %8s %8s\n", "req/s", "refused/s", "p50 ms", "p95 ms",
                       "p99 ms", "busy", "waiting", "cpu %", "mem M", "dropped", "gen");
}

#define FIGURES 11

/* In the order of the columns. */
static void
collect (double out[FIGURES], const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds)
{
    struct rates all = compare (find_operation (before, now, NULL), &now->all, now, seconds);
    memcpy (out,
            (const double[FIGURES]) { all.rate, all.refused, all.p50, all.p95, all.p99, figure (now, "workers", "busy"),
                                      figure (now, "queue", "waiting"), find_processors (before, now, seconds),
                                      figure (now, "process", "resident_bytes") / 1048576, count_dropped (before, now),
                                      (double) now->generation },
            FIGURES * sizeof *out);
}

void
sks_top_print_line (sks_buffer *out, const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds)
{
    double all[FIGURES];
    collect (all, before, now, seconds);
    sks_buffer_printf (out, "%9.1f %9.1f %9.3f %9.3f %9.3f %7.0f %7.0f %7.1f %6.0f %8.0f %8.0f\n", all[0], all[1],
                       all[2], all[3], all[4], all[5], all[6], all[7], all[8], all[9], all[10]);
}

void
sks_top_put_row (sks_table *table, const sks_daemon_stats *before, const sks_daemon_stats *now, double seconds)
{
    static const char *const names[FIGURES] = { "requests_s", "refused_s", "p50_ms",    "p95_ms",
                                                "p99_ms",     "busy",      "waiting",   "cpu_percent",
                                                "memory_mib", "dropped",   "generation" };
    double all[FIGURES];
    collect (all, before, now, seconds);
    sks_table_begin (table, names, FIGURES);
    for (size_t i = 0; i < FIGURES; i++)
        sks_sheet_figure (table, all[i]);
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
put_row (sks_buffer *out, const char *name, const struct rates *of)
{
    size_t before = out->size;
    sks_terminal_puts (out, name);
    size_t used = out->size - before;
    int gap = used < 12 ? (int) (12 - used) : 1;
    sks_buffer_printf (out, "%*s %9.1f %9.1f %9.3f %9.3f %9.3f %9.3f\n", gap, "", of->rate, of->refused, of->mean_ms,
                       of->p50, of->p95, of->p99);
}

static void
put_table (sks_buffer *out, const sks_terminal *terminal, const sks_daemon_stats *before, const sks_daemon_stats *now,
           double seconds)
{
    struct rates all = compare (find_operation (before, now, NULL), &now->all, now, seconds);
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_printf (out, "\n%-12s %9s %9s %9s %9s %9s %9s\n", "operation", "req/s", "refused/s", "mean ms", "p50 ms",
                       "p95 ms", "p99 ms");
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    put_row (out, "all", &all);
    for (size_t i = 0; i < now->operation_count; i++) {
        const sks_reply_figures *op = &now->operations[i];
        struct rates of = compare (find_operation (before, now, op->operation), op, now, seconds);
        if (of.rate > 0)
            put_row (out, op->operation, &of);
    }
}

void
sks_top_print (sks_buffer *out, const sks_terminal *terminal, const sks_daemon_stats *before,
               const sks_daemon_stats *now, double seconds)
{
    sks_buffer_puts (out, "skillsearchd ");
    sks_terminal_puts (out, now->version);
    double statements = figure (now, "index", "statements"), reloads = figure (now, "reloads", "done");
    sks_buffer_printf (out, "   generation %.0f   %.0f statement%s   up %.0f s   %.0f reload%s\n",
                       (double) now->generation, statements, statements == 1 ? "" : "s",
                       figure (now, "process", "uptime_s"), reloads, reloads == 1 ? "" : "s");
    sks_buffer_printf (out, "cpu %.1f %%   memory %.0f MiB   dropped %.0f\n\n", find_processors (before, now, seconds),
                       figure (now, "process", "resident_bytes") / 1048576, count_dropped (before, now));
    put_gauge (out, terminal, "workers", figure (now, "workers", "busy"), figure (now, "workers", "total"));
    put_gauge (out, terminal, "queue", figure (now, "queue", "waiting"), figure (now, "queue", "limit"));
    put_gauge (out, terminal, "files", figure (now, "process", "open_descriptors"),
               figure (now, "process", "max_descriptors"));
    put_table (out, terminal, before, now, seconds);
}
