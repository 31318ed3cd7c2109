/* reply_daemon.c - the replies to "hello", "health" and "stats". */
#include "core/base/schema.h"
#include "reply.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static const sks_member_rule hello_rules[] = {
    SKS_RULE (sks_hello, name, TEXT, PRESENT),
    SKS_RULE (sks_hello, version, TEXT, PRESENT),
    SKS_RULE (sks_hello, protocol, PLACE, PRESENT),
    SKS_RULE (sks_hello, generation, WHOLE, PRESENT),
    SKS_RULE_COUNTED (sks_hello, operations, operation_count, TEXTS, PRESENT),
    SKS_RULE_COUNTED (sks_hello, facets, facet_count, TEXTS, PRESENT),
    SKS_RULE_COUNTED (sks_hello, levels, level_count, TEXTS, PRESENT),
};
static const sks_member_type hello_type = SKS_TYPE (hello_rules, sks_hello);

static const sks_member_rule shard_rules[] = {
    SKS_RULE (sks_shard_health, shard, PLACE, PRESENT),
    SKS_RULE (sks_shard_health, up, FLAG, PRESENT),
    SKS_RULE (sks_shard_health, generation, WHOLE, PRESENT),
};
static const sks_member_type shard_type = SKS_TYPE (shard_rules, sks_shard_health);

static const sks_member_rule health_rules[] = {
    SKS_RULE (sks_health, status, TEXT, PRESENT),
    SKS_RULE (sks_health, generation, WHOLE, PRESENT),
    SKS_RULE (sks_health, statements, WHOLE, PRESENT),
    SKS_RULE_ITEMS (sks_health, "shards", shards, shard_count, FILLED, shard_type),
};
static const sks_member_type health_type = SKS_TYPE (health_rules, sks_health);

static const sks_member_rule stats_rules[] = {
    SKS_RULE (sks_daemon_stats, version, TEXT, PRESENT),
    SKS_RULE (sks_daemon_stats, generation, WHOLE, PRESENT),
    SKS_RULE_ITEMS (sks_daemon_stats, "shards", shards, shard_count, FILLED, shard_type),
};
static const sks_member_type stats_type = SKS_TYPE (stats_rules, sks_daemon_stats);

static const sks_member_rule figures_rules[] = { SKS_RULE (sks_reply_figures, sum_us, WHOLE, PRESENT) };
static const sks_member_type figures_type = SKS_TYPE (figures_rules, sks_reply_figures);

/* ---------------------------------------------------------------- writing */

/* Every limit that a client can run into; the name is that of skillsearch.h
 * without SKS_, in small letters. */
static const struct {
    const char *name;
    uint32_t value;
} limits[] = {
    { "max_request_bytes", SKS_MAX_REQUEST_BYTES },
    { "max_frame_bytes", SKS_MAX_FRAME_BYTES },
    { "max_frames", SKS_MAX_FRAMES },
    { "max_reply_bytes", SKS_MAX_REPLY_BYTES },
    { "max_request_depth", SKS_MAX_REQUEST_DEPTH },
    { "max_request_values", SKS_MAX_REQUEST_VALUES },
    { "max_request_id_bytes", SKS_MAX_REQUEST_ID_BYTES },
    { "max_query_bytes", SKS_MAX_QUERY_BYTES },
    { "max_query_words", SKS_MAX_QUERY_WORDS },
    { "max_query_depth", SKS_MAX_QUERY_DEPTH },
    { "max_query_prefixes", SKS_MAX_QUERY_PREFIXES },
    { "min_prefix_letters", SKS_MIN_PREFIX_LETTERS },
    { "max_prefix_expansions", SKS_MAX_PREFIX_EXPANSIONS },
    { "max_query_nears", SKS_MAX_QUERY_NEARS },
    { "max_query_notes", SKS_MAX_QUERY_NOTES },
    { "max_near_distance", SKS_MAX_NEAR_DISTANCE },
    { "default_near_distance", SKS_DEFAULT_NEAR_DISTANCE },
    { "default_limit", SKS_DEFAULT_LIMIT },
    { "max_limit", SKS_MAX_LIMIT },
    { "max_window", SKS_MAX_WINDOW },
    { "default_facet_limit", SKS_DEFAULT_FACET_LIMIT },
    { "max_facet_limit", SKS_MAX_FACET_LIMIT },
    { "max_filter_values", SKS_MAX_FILTER_VALUES },
    { "max_filter_value_bytes", SKS_MAX_FILTER_VALUE_BYTES },
    { "max_tag_bytes", SKS_MAX_TAG_BYTES },
    { "max_ids", SKS_MAX_IDS },
    { "max_deadline_ms", SKS_MAX_DEADLINE_MS },
    { "max_untaken_requests", SKS_MAX_UNTAKEN_REQUESTS },
    { "max_untaken_bytes", SKS_MAX_UNTAKEN_BYTES },
    { "max_refusals", SKS_MAX_REFUSALS },
    { "max_rest_ms", SKS_MAX_REST_MS },
    { "max_unread_replies", SKS_MAX_UNREAD_REPLIES },
    { "max_unread_bytes", SKS_MAX_UNREAD_BYTES },
    { "max_handshake_ms", SKS_MAX_HANDSHAKE_MS },
    { "max_silence_ms", SKS_MAX_SILENCE_MS },
    { "max_word_bytes", SKS_MAX_WORD_BYTES },
    { "max_collapse", SKS_MAX_COLLAPSE },
    { "max_map_bytes", SKS_MAX_MAP_BYTES },
    { "max_map_sentences", SKS_MAX_MAP_SENTENCES },
    { "default_map_limit", SKS_DEFAULT_MAP_LIMIT },
    { "max_multi", SKS_MAX_MULTI },
    { "default_scan", SKS_DEFAULT_SCAN },
    { "max_scan", SKS_MAX_SCAN },
    { "default_suggestions", SKS_DEFAULT_SUGGESTIONS },
    { "max_suggestions", SKS_MAX_SUGGESTIONS },
};

/* Write the names of 0, 1, 2 ... up to the last one. */
static void
put_names (sks_buffer *out, const char *name, const char *(*name_of) (int) )
{
    sks_json_open_list (out, name);
    for (int i = 0; name_of (i); i++)
        sks_json_put_item (out, name_of (i));
    sks_buffer_putc (out, ']');
}

int
sks_reply_encode_hello (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    sks_reply_open (out, request, true);
    sks_json_put_text (out, "name", "skillsearch");
    sks_json_put_text (out, "version", SKS_VERSION);
    sks_json_put_count (out, "protocol", SKS_PROTOCOL_VERSION);
    sks_json_put_count (out, "generation", stats->generation);
    put_names (out, "operations", sks_op_name);
    put_names (out, "facets", sks_facet_name);
    put_names (out, "levels", sks_level_name);
    sks_json_open_object (out, "limits");
    for (size_t i = 0; i < SKS_COUNT (limits); i++)
        sks_json_put_count (out, limits[i].name, limits[i].value);
    sks_json_put_count (out, "queue", stats->queue_limit);
    sks_buffer_putc (out, '}');
    return sks_reply_close (out, err);
}

static void
put_requests (sks_buffer *out, const sks_stats *stats)
{
    sks_json_open_object (out, "requests");
    for (int op = 0; op < SKS_OPS; op++)
        sks_json_put_count (out, sks_op_name (op), stats->requests[op]);
    sks_buffer_putc (out, '}');
}

/* Counts of zero are left out if `sparse`. */
static void
put_replies (sks_buffer *out, const sks_op_stats *stats, bool sparse)
{
    sks_json_open_object (out, "replies");
    for (int code = 0; code < SKS_PROTOCOL_CODES; code++)
        if (!sparse || stats->replies[code])
            sks_json_put_count (out, sks_code_name (-code), stats->replies[code]);
    sks_buffer_putc (out, '}');
}

static void
put_latency_counts (sks_buffer *out, const sks_op_stats *stats)
{
    sks_json_open_list (out, "counts");
    for (unsigned i = 0; i < SKS_LATENCY_BUCKETS; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        sks_buffer_number (out, stats->latency[i]);
    }
    sks_buffer_putc (out, ']');
    sks_json_put_count (out, "sum_us", stats->time_us);
}

/* The bounds are written with the counts, so that readers need not know the powers of two;
 * the last bucket has no bound. */
static void
put_latency (sks_buffer *out, const sks_stats *stats)
{
    sks_json_open_object (out, "latency");
    sks_json_open_list (out, "buckets_us");
    for (unsigned i = 0; i < SKS_LATENCY_BUCKETS - 1; i++) {
        sks_buffer_number (out, UINT64_C (1) << i);
        sks_buffer_putc (out, ',');
    }
    sks_buffer_puts (out, "null]");
    put_latency_counts (out, &stats->all);
    sks_buffer_putc (out, '}');
}

/* Write only operations that were answered. */
static void
put_operations (sks_buffer *out, const sks_stats *stats)
{
    sks_json_open_object (out, "by_op");
    for (int op = 0; op <= SKS_OPS; op++) {
        const sks_op_stats *of = &stats->by_op[op];
        uint64_t sum = 0;
        for (int code = 0; code < SKS_PROTOCOL_CODES; code++)
            sum += of->replies[code];
        if (sum == 0)
            continue;
        sks_json_open_object (out, op < SKS_OPS ? sks_op_name (op) : "none");
        put_replies (out, of, true);
        put_latency_counts (out, of);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, '}');
}

struct count {
    const char *name;
    uint64_t value;
};

static void
put_counts (sks_buffer *out, const char *name, const struct count *counts, size_t count)
{
    sks_json_open_object (out, name);
    for (size_t i = 0; i < count; i++)
        sks_json_put_count (out, counts[i].name, counts[i].value);
    sks_buffer_putc (out, '}');
}

int
sks_reply_encode_stats (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    const struct count index[] = {
        { "statements", stats->statements }, { "occupations", stats->occupations },
        { "vectors", stats->vectors },       { "vectors_unused", stats->vectors_unused },
        { "encoder", stats->encoder },       { "encoder_unused", stats->encoder_unused },
    };
    const struct count process[] = {
        { "uptime_s", stats->uptime_s },
        { "resident_bytes", stats->resident_bytes },
        { "cpu_us", stats->cpu_us },
        { "open_descriptors", stats->open_descriptors },
        { "max_descriptors", stats->max_descriptors },
    };
    const struct count workers[] = { { "total", stats->workers }, { "busy", stats->busy_workers } };
    const struct count queue[] = { { "waiting", stats->queued }, { "limit", stats->queue_limit } };
    const struct count reloads[] = { { "done", stats->reloads }, { "failed", stats->reload_failures } };
    const struct count keys[] = {
        { "known", stats->keys_known },   { "accepted", stats->keys_accepted }, { "denied", stats->keys_denied },
        { "broken", stats->keys_broken }, { "refused", stats->keys_refused },
    };
    const struct count results[] = {
        { "hits", stats->results_hits },
        { "misses", stats->results_misses },
        { "bytes", stats->results_bytes },
        { "limit_bytes", stats->results_limit },
    };
    const struct count dropped[] = {
        { "shape", stats->dropped[SKS_DROPPED_SHAPE] },   { "gone", stats->dropped[SKS_DROPPED_GONE] },
        { "full", stats->dropped[SKS_DROPPED_FULL] },     { "late", stats->dropped[SKS_DROPPED_LATE] },
        { "memory", stats->dropped[SKS_DROPPED_MEMORY] }, { "connections", stats->dropped[SKS_DROPPED_CONNECTIONS] },
        { "cut", stats->dropped[SKS_DROPPED_CUT] },
    };
    sks_reply_open (out, request, true);
    sks_json_put_text (out, "version", SKS_VERSION);
    sks_json_put_count (out, "generation", stats->generation);
    put_counts (out, "index", index, SKS_COUNT (index));
    put_counts (out, "process", process, SKS_COUNT (process));
    put_counts (out, "workers", workers, SKS_COUNT (workers));
    put_counts (out, "queue", queue, SKS_COUNT (queue));
    put_counts (out, "results", results, SKS_COUNT (results));
    put_counts (out, "reloads", reloads, SKS_COUNT (reloads));
    put_counts (out, "keys", keys, SKS_COUNT (keys));
    put_counts (out, "dropped", dropped, SKS_COUNT (dropped));
    if (stats->shard_count)
        sks_members_put_list (out, "shards", &shard_type, stats->shards, (size_t) stats->shard_count, NULL);
    put_requests (out, stats);
    put_replies (out, &stats->all, false);
    put_latency (out, stats);
    put_operations (out, stats);
    return sks_reply_close (out, err);
}

int
sks_reply_encode_health (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    sks_reply_open (out, request, true);
    const sks_health health = { "ok", stats->generation, stats->statements,          NULL,
                                NULL, stats->shards,     (size_t) stats->shard_count };
    sks_members_put (out, &health_type, &health, NULL);
    return sks_reply_close (out, err);
}

/* ---------------------------------------------------------------- reading */

/* An object whose members are counts. */
static int
read_counts (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name,
             const sks_named_count **out, size_t *count)
{
    const sks_place place = { above, name, 0 };
    const cJSON *list = sks_tree_member (object, name);
    int rc = sks_tree_object (tree, list, &place);
    if (rc)
        return rc;
    *count = (size_t) cJSON_GetArraySize (list);
    sks_named_count *counts = sks_arena_array (tree->memory, *count, sizeof *counts), *next = counts;
    for (const cJSON *item = list->child; item && counts; item = item->next, next++) {
        const sks_place here = { &place, item->string, 0 };
        next->name = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!next->name)
            return sks_fail_memory (tree->err);
        if ((rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, &next->count)))
            return rc;
    }
    *out = counts;
    return counts ? 0 : sks_fail_memory (tree->err);
}

static int
read_limits (const sks_tree *tree, const cJSON *root, void *out)
{
    sks_hello *hello = out;
    return read_counts (tree, root, NULL, "limits", &hello->limits, &hello->limit_count);
}

/* Add a number. Members of other types are read elsewhere or come from a newer daemon. */
static int
add_figure (const sks_tree *tree, const char *group, const cJSON *item, sks_daemon_stats *stats, sks_figure *figures)
{
    if (!cJSON_IsNumber (item))
        return 0;
    const char *name = sks_arena_copy (tree->memory, item->string, strlen (item->string));
    figures[stats->figure_count++] = (sks_figure) { group, name, item->valuedouble };
    return name ? 0 : sks_fail_memory (tree->err);
}

static bool
is_elsewhere (const char *name)
{
    static const char *const names[] = { "v", "replies", "latency", "by_op" };
    for (size_t i = 0; i < SKS_COUNT (names); i++)
        if (strcmp (name, names[i]) == 0)
            return true;
    return false;
}

static int
read_figures (const sks_tree *tree, const cJSON *root, sks_daemon_stats *stats)
{
    size_t max = 0;
    int rc = 0;
    for (const cJSON *item = root->child; item; item = item->next)
        max += 1 + (size_t) cJSON_GetArraySize (item);
    sks_figure *figures = sks_arena_array (tree->memory, max, sizeof *figures);
    if (!figures)
        return sks_fail_memory (tree->err);
    for (const cJSON *item = root->child; rc == 0 && item; item = item->next) {
        if (is_elsewhere (item->string))
            continue;
        if (!cJSON_IsObject (item)) {
            rc = add_figure (tree, "", item, stats, figures);
            continue;
        }
        const char *group = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!group)
            return sks_fail_memory (tree->err);
        for (const cJSON *member = item->child; rc == 0 && member; member = member->next)
            rc = add_figure (tree, group, member, stats, figures);
    }
    stats->figures = figures;
    return rc;
}

/* `replies`, `counts` and `sum_us`. There is a count for each bound. */
static int
read_reply_figures (const sks_tree *tree, const cJSON *replies, const cJSON *times, const sks_place *place,
                    size_t bounds, sks_reply_figures *out)
{
    const sks_place counts_place = { place, "counts", 0 };
    const cJSON *list = sks_tree_member (times, "counts");
    size_t count;
    int rc = sks_members_read (tree, times, place, &figures_type, out);
    if (rc || (rc = read_counts (tree, replies, NULL, "replies", &out->replies, &out->reply_count)))
        return rc;
    uint64_t *counts = sks_tree_array (tree, list, &counts_place, sizeof *counts, &count, &rc);
    if (rc)
        return rc;
    if (count != bounds)
        return sks_tree_refuse (tree, tree->type_code, &counts_place, "not %zu numbers", bounds);
    sks_place here = { &counts_place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++)
        if ((rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, &counts[here.index])))
            return rc;
    out->counts = counts;
    return 0;
}

static int
read_bounds (const sks_tree *tree, const cJSON *latency, const sks_place *above, sks_daemon_stats *stats)
{
    const sks_place place = { above, "buckets_us", 0 };
    const cJSON *list = sks_tree_member (latency, "buckets_us");
    int rc;
    double *bounds = sks_tree_array (tree, list, &place, sizeof *bounds, &stats->bound_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        bounds[here.index] = HUGE_VAL;
        if (item->next && (rc = sks_tree_number (tree, item, &here, &bounds[here.index])))
            return rc;
    }
    stats->bounds_us = bounds;
    return 0;
}

static int
read_stats (const sks_tree *tree, const cJSON *root, void *out)
{
    const sks_place latency_place = { NULL, "latency", 0 }, place = { NULL, "by_op", 0 };
    const cJSON *latency = sks_tree_member (root, "latency"), *by_op = sks_tree_member (root, "by_op");
    sks_daemon_stats *stats = out;
    int rc = read_figures (tree, root, stats);
    if (rc || (rc = read_bounds (tree, latency, &latency_place, stats)) ||
        (rc = read_reply_figures (tree, root, latency, &latency_place, stats->bound_count, &stats->all)) ||
        (rc = sks_tree_object (tree, by_op, &place)))
        return rc;
    sks_reply_figures *operations =
        sks_arena_array (tree->memory, (size_t) cJSON_GetArraySize (by_op), sizeof *operations);
    for (const cJSON *item = by_op->child; item && operations; item = item->next) {
        const sks_place here = { &place, item->string, 0 };
        sks_reply_figures *of = &operations[stats->operation_count++];
        of->operation = sks_arena_copy (tree->memory, item->string, strlen (item->string));
        if (!of->operation)
            return sks_fail_memory (tree->err);
        if ((rc = read_reply_figures (tree, item, item, &here, stats->bound_count, of)))
            return rc;
    }
    stats->operations = operations;
    return operations ? 0 : sks_fail_memory (tree->err);
}

const sks_figure *
sks_daemon_stats_find (const sks_daemon_stats *stats, const char *group, const char *name)
{
    bool whole = stats && group && name;
    for (size_t i = 0; whole && i < stats->figure_count; i++)
        if (strcmp (stats->figures[i].group, group) == 0 && strcmp (stats->figures[i].name, name) == 0)
            return &stats->figures[i];
    return NULL;
}

SKS_DECODE (hello, sks_hello, hello_type, read_limits)
SKS_DECODE (health, sks_health, health_type, NULL)
SKS_DECODE (stats, sks_daemon_stats, stats_type, read_stats)
SKS_DECODE_FORM (stats_body, sks_daemon_stats, stats_type, read_stats, SKS_REPLY_BODY)

SKS_DESTROY (sks_hello)
SKS_DESTROY (sks_health)
SKS_DESTROY (sks_daemon_stats)
