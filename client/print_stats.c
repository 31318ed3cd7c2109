/* print_stats.c - the daemon's figures, as a table.
 *
 * Every number is shown under its name in the protocol, so figures of newer daemons are shown, too. Only known
 * units and times are formatted for reading. */
#include "print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_COLUMNS 26

static bool
ends_with (const char *name, const char *end)
{
    size_t size = strlen (name), end_size = strlen (end);
    return size >= end_size && strcmp (name + size - end_size, end) == 0;
}

static void
put_duration (sks_buffer *out, uint64_t seconds)
{
    if (seconds >= 86400)
        sks_buffer_printf (out, "%" PRIu64 " d ", seconds / 86400);
    if (seconds >= 3600)
        sks_buffer_printf (out, "%" PRIu64 " h ", seconds / 3600 % 24);
    if (seconds >= 60)
        sks_buffer_printf (out, "%" PRIu64 " min ", seconds / 60 % 60);
    sks_buffer_printf (out, "%" PRIu64 " s", seconds % 60);
}

/* Write value in the unit that the name ends in. */
static void
put_number (sks_buffer *out, const char *name, double value)
{
    if (value < 0 || value > 9e15 || value != (double) (uint64_t) value)
        sks_print_number (out, value);
    else if (ends_with (name, "_s"))
        put_duration (out, (uint64_t) value);
    else if (ends_with (name, "_bytes"))
        sks_buffer_printf (out, "%.1f MiB", value / 1048576);
    else
        sks_print_count (out, (uint64_t) value);
}

/* A line's name, filled up with blanks. */
static void
put_name (sks_buffer *out, const char *group, const char *name, size_t size)
{
    size_t before = out->size;
    if (*group) {
        sks_terminal_puts (out, group);
        sks_buffer_putc (out, ' ');
    }
    sks_terminal_put (out, name, size);
    size_t used = out->size - before;
    sks_buffer_printf (out, "%*s", used < NAME_COLUMNS ? (int) (NAME_COLUMNS - used) : 1, "");
}

static void
put_figure (sks_buffer *out, const sks_figure *figure)
{
    size_t size = strlen (figure->name);
    if (ends_with (figure->name, "_s") || ends_with (figure->name, "_bytes"))
        size = (size_t) (strrchr (figure->name, '_') - figure->name);
    put_name (out, figure->group, figure->name, size);
    put_number (out, figure->name, figure->value);
    sks_buffer_putc (out, '\n');
}

/* The bound below which `percent` of all counts lie. */
static double
find_bound (const sks_daemon_stats *stats, uint64_t all, double percent)
{
    uint64_t sum = 0;
    size_t i = 0;
    for (; i + 1 < stats->bound_count; i++) {
        sum += stats->all.counts[i];
        if ((double) sum * 100 >= (double) all * percent)
            break;
    }
    return stats->bounds_us[i];
}

static void
put_latency (sks_buffer *out, const sks_daemon_stats *stats)
{
    static const double percents[] = { 50, 95, 99 };
    uint64_t all = 0;
    for (size_t i = 0; i < stats->bound_count; i++)
        all += stats->all.counts[i];
    for (size_t i = 0; all > 0 && i < sizeof percents / sizeof *percents; i++) {
        double bound = find_bound (stats, all, percents[i]);
        sks_buffer_printf (out, "latency of %.0f %%%*s", percents[i], NAME_COLUMNS - 15, "");
        if (bound < HUGE_VAL)
            sks_buffer_printf (out, "under %.*f ms\n", bound < 1000 ? 3 : 1, bound / 1000);
        else
            sks_buffer_puts (out, "above the measured range\n");
    }
}

static void
put_shards (sks_buffer *out, const sks_daemon_stats *stats)
{
    for (size_t i = 0; i < stats->shard_count; i++) {
        const sks_shard_health *shard = &stats->shards[i];
        char number[16];
        snprintf (number, sizeof number, "%" PRIu32, shard->shard);
        put_name (out, "shard", number, strlen (number));
        sks_buffer_printf (out, "%s, generation %" PRIu64 "\n", shard->up ? "up" : "down", shard->generation);
    }
}

/* Counts of replies that are zero say nothing and are left out. */
void
sks_print_stats (sks_buffer *out, const sks_daemon_stats *stats)
{
    put_name (out, "", "version", strlen ("version"));
    sks_terminal_puts (out, stats->version);
    sks_buffer_putc (out, '\n');
    for (size_t i = 0; i < stats->figure_count; i++)
        put_figure (out, &stats->figures[i]);
    for (size_t i = 0; i < stats->all.reply_count; i++) {
        const sks_named_count *replies = &stats->all.replies[i];
        if (replies->count)
            put_figure (out, &(sks_figure) { "replies", replies->name, (double) replies->count });
    }
    put_latency (out, stats);
    put_shards (out, stats);
}
