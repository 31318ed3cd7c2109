/* stats.c - the reply to "stats" as a table.
 *
 * Every number is shown under the name it has in the reply, so that a daemon
 * which tells more than this program knows is understood all the same. Only
 * the known units and the latency buckets are made readable. */
#include "print.h"

#include "core/base/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_COLUMNS 24
#define DEPTH 16
#define MEMBERS 4096

/* Members that every reply has, whatever it tells. */
static const char *const frame[] = { "v", "id", "ok" };

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
        sks_json_put_number (out, value);
    else if (ends_with (name, "_s"))
        put_duration (out, (uint64_t) value);
    else if (ends_with (name, "_bytes"))
        sks_buffer_printf (out, "%.1f MiB", value / 1048576);
    else
        sks_print_count (out, (uint64_t) value);
}

static void
put_line (sks_buffer *out, const char *above, const cJSON *item)
{
    size_t before = out->size;
    size_t size = strlen (item->string);
    if (cJSON_IsNumber (item) && (ends_with (item->string, "_s") || ends_with (item->string, "_bytes")))
        size = (size_t) (strrchr (item->string, '_') - item->string);
    if (above) {
        sks_terminal_puts (out, above);
        sks_buffer_putc (out, ' ');
    }
    sks_terminal_put (out, item->string, size);
    size_t used = out->size - before;
    sks_buffer_printf (out, "%*s", used < NAME_COLUMNS ? (int) (NAME_COLUMNS - used) : 1, "");
    if (cJSON_IsNumber (item))
        put_number (out, item->string, item->valuedouble);
    else if (cJSON_IsBool (item))
        sks_buffer_puts (out, cJSON_IsTrue (item) ? "yes" : "no");
    else
        sks_terminal_puts (out, cJSON_IsString (item) ? item->valuestring : "-");
    sks_buffer_putc (out, '\n');
}

/* The bound below which `percent` of all counts lie; 0 if it is the last
 * bucket, which has none. */
static double
find_bound (const cJSON *bounds, const cJSON *counts, double all, double percent)
{
    double sum = 0;
    const cJSON *bound = bounds->child;
    for (const cJSON *count = counts->child; count && bound; count = count->next, bound = bound->next) {
        sum += count->valuedouble;
        if (sum * 100 >= all * percent)
            return cJSON_IsNumber (bound) ? bound->valuedouble : 0;
    }
    return 0;
}

static bool
put_latency (sks_buffer *out, const cJSON *latency)
{
    static const double percents[] = { 50, 95, 99 };
    const cJSON *bounds = cJSON_GetObjectItemCaseSensitive (latency, "buckets_us");
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive (latency, "counts");
    if (!cJSON_IsArray (bounds) || !cJSON_IsArray (counts))
        return false;
    double all = 0;
    for (const cJSON *count = counts->child; count; count = count->next)
        all += count->valuedouble;
    for (size_t i = 0; all > 0 && i < sizeof percents / sizeof *percents; i++) {
        double bound = find_bound (bounds, counts, all, percents[i]);
        sks_buffer_printf (out, "latency of %.0f %%%*s", percents[i], NAME_COLUMNS - 15, "");
        if (bound > 0)
            sks_buffer_printf (out, "under %.*f ms\n", bound < 1000 ? 3 : 1, bound / 1000);
        else
            sks_buffer_puts (out, "longer than is counted\n");
    }
    return true;
}

/* Members of an object, in its order; counts of replies that are zero say
 * nothing and are left out. */
static void
put_members (sks_buffer *out, const char *above, const cJSON *object)
{
    bool sparse = above && strcmp (above, "replies") == 0;
    for (const cJSON *item = object->child; item; item = item->next) {
        if (sparse && cJSON_IsNumber (item) && item->valuedouble == 0)
            continue;
        if (!cJSON_IsObject (item) && !cJSON_IsArray (item))
            put_line (out, above, item);
        else if (strcmp (item->string ? item->string : "", "latency") != 0 || !put_latency (out, item))
            if (!above && cJSON_IsObject (item))
                put_members (out, item->string, item);
    }
}

int
sks_print_stats (sks_buffer *out, const char *reply, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, DEPTH, MEMBERS, SIZE_MAX };
    cJSON *root = NULL;
    sks_error cause;
    int rc = sks_json_parse (&root, reply, strlen (reply), &limits, &cause);
    if (rc == SKS_ENOMEM)
        return sks_fail_memory (err);
    if (rc || !cJSON_IsObject (root)) {
        cJSON_Delete (root);
        return sks_fail (err, SKS_EPROTOCOL, "the reply to stats is not one JSON object");
    }
    for (size_t i = 0; i < sizeof frame / sizeof *frame; i++)
        cJSON_DeleteItemFromObjectCaseSensitive (root, frame[i]);
    put_members (out, NULL, root);
    cJSON_Delete (root);
    return 0;
}
