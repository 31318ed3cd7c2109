/* reply_writer.c - results, statistics and errors -> bytes, for the daemon. They are written directly into the
 * buffer, so a page of hits needs no other allocation. Every reply begins with v, id, ok. */
#include "core/base/schema.h"
#include "writer.h"

#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))

void
sks_reply_open (sks_buffer *out, const sks_request *request, bool ok)
{
    sks_json_open_item (out);
    sks_json_put_count (out, "v", SKS_PROTOCOL_VERSION);
    if (request && request->id)
        sks_json_put_text (out, "id", request->id);
    sks_json_put_flag (out, "ok", ok);
}

int
sks_reply_close (sks_buffer *out, sks_error *err)
{
    sks_buffer_putc (out, '}');
    return sks_buffer_status (out, err);
}

/* ---------------------------------------------------------------- results */

/* A tree is one level deep, so the recursion is, too. */
static void
put_values (sks_buffer *out, const char *name, const sks_facet_value *values, size_t count)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        sks_json_open_item (out);
        sks_tree_put_members (out, sks_facet_value_rules, SKS_FACET_VALUE_RULES, value);
        if (value->children) {
            put_values (out, "children", value->children, value->child_count);
            sks_json_put_count (out, "distinct", value->distinct);
        }
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_facets (sks_buffer *out, const sks_result *result)
{
    sks_json_open_object (out, "facets");
    for (size_t i = 0; i < result->facet_count; i++)
        put_values (out, sks_facet_name (result->facets[i].facet), result->facets[i].values, result->facets[i].count);
    sks_buffer_putc (out, '}');
    if (result->facet_count == 0)
        return;
    sks_json_open_object (out, "distinct");
    for (size_t i = 0; i < result->facet_count; i++)
        sks_json_put_count (out, sks_facet_name (result->facets[i].facet), result->facets[i].distinct);
    sks_buffer_putc (out, '}');
}

static void
put_suggestion (sks_buffer *out, const sks_suggestion *suggestion)
{
    if (!suggestion->word) {
        sks_json_put_text (out, "suggestion", NULL);
        return;
    }
    sks_json_open_object (out, "suggestion");
    sks_tree_put_members (out, sks_suggestion_rules, SKS_SUGGESTION_RULES, suggestion);
    sks_buffer_putc (out, '}');
}

static void
put_search (sks_buffer *out, const sks_result *result, int units)
{
    sks_tree_put_members (out, sks_reading_rules, SKS_READING_RULES, result);
    put_suggestion (out, &result->suggestion);
    sks_hits_put (out, "hits", result->hits, result->hit_count, units);
    put_facets (out, result);
}

static void
put_get (sks_buffer *out, const sks_result *result, int units)
{
    sks_hits_put (out, "hits", result->hits, result->hit_count, units);
    sks_json_put_texts (out, "missing", result->missing, result->missing_count);
}

static void
put_plain (sks_buffer *out, const sks_result *result, int units)
{
    sks_json_put_count (out, "total", result->total);
    sks_hits_put (out, "hits", result->hits, result->hit_count, units);
}

static void
put_similar (sks_buffer *out, const sks_result *result, int units)
{
    put_plain (out, result, units);
    if (result->compared_by)
        sks_json_put_text (out, "compared_by", result->compared_by);
}

static void
put_scan (sks_buffer *out, const sks_result *result, int units)
{
    put_plain (out, result, units);
    sks_json_put_text (out, "cursor", result->cursor);
}

static void
put_facet_values (sks_buffer *out, const sks_result *result, int units)
{
    const sks_facet_counts *facet = result->facets;
    (void) units;
    sks_json_open_object (out, "facet");
    sks_json_put_text (out, "name", sks_facet_name (facet->facet));
    put_values (out, "values", facet->values, facet->count);
    sks_json_put_count (out, "distinct", facet->distinct);
    sks_buffer_putc (out, '}');
}

static void (*const result_writers[SKS_OPS]) (sks_buffer *out, const sks_result *result, int units) = {
    [SKS_OP_SEARCH] = put_search,   [SKS_OP_GET] = put_get,
    [SKS_OP_SIMILAR] = put_similar, [SKS_OP_FACET_VALUES] = put_facet_values,
    [SKS_OP_SCAN] = put_scan,
};

int
sks_reply_encode_result (sks_buffer *out, const sks_request *request, const sks_result *result, sks_error *err)
{
    sks_reply_open (out, request, true);
    sks_json_put_count (out, "generation", result->generation);
    result_writers[request->op](out, result, request->query.units);
    if (result->note_count && request->op != SKS_OP_SEARCH) /* the writer of a search writes them already */
        sks_tree_put_items (out, "notes", &sks_note_items, result->notes, result->note_count);
    sks_json_put_count (out, "took_us", result->took_us);
    return sks_reply_close (out, err);
}

/* ------------------------------------------------------------------ multi */

void
sks_reply_open_multi (sks_buffer *out, const sks_request *request, uint64_t generation)
{
    sks_reply_open (out, request, true);
    sks_json_put_count (out, "generation", generation);
    sks_json_open_list (out, "replies");
}

int
sks_reply_close_multi (sks_buffer *out, uint64_t took_us, sks_error *err)
{
    sks_buffer_putc (out, ']');
    sks_json_put_count (out, "took_us", took_us);
    return sks_reply_close (out, err);
}

/* ------------------------------------------------------------------ hello */

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
    for (size_t i = 0; i < COUNT (limits); i++)
        sks_json_put_count (out, limits[i].name, limits[i].value);
    sks_json_put_count (out, "queue", stats->queue_limit);
    sks_buffer_putc (out, '}');
    return sks_reply_close (out, err);
}

/* ------------------------------------------------------------------ stats */

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
    const struct count dropped[] = {
        { "shape", stats->dropped[SKS_DROPPED_SHAPE] },   { "gone", stats->dropped[SKS_DROPPED_GONE] },
        { "full", stats->dropped[SKS_DROPPED_FULL] },     { "late", stats->dropped[SKS_DROPPED_LATE] },
        { "memory", stats->dropped[SKS_DROPPED_MEMORY] }, { "connections", stats->dropped[SKS_DROPPED_CONNECTIONS] },
        { "cut", stats->dropped[SKS_DROPPED_CUT] },
    };
    sks_reply_open (out, request, true);
    sks_json_put_text (out, "version", SKS_VERSION);
    sks_json_put_count (out, "generation", stats->generation);
    put_counts (out, "index", index, COUNT (index));
    put_counts (out, "process", process, COUNT (process));
    put_counts (out, "workers", workers, COUNT (workers));
    put_counts (out, "queue", queue, COUNT (queue));
    put_counts (out, "reloads", reloads, COUNT (reloads));
    put_counts (out, "keys", keys, COUNT (keys));
    put_counts (out, "dropped", dropped, COUNT (dropped));
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
    sks_json_put_text (out, "status", "ok");
    sks_json_put_count (out, "generation", stats->generation);
    sks_json_put_count (out, "statements", stats->statements);
    return sks_reply_close (out, err);
}

/* ----------------------------------------------------------------- errors */

/* The text in which what->at is a position; NULL if it is a position in the request itself. */
static const char *
find_text (const sks_request *request, const sks_error *what)
{
    if (!request)
        return NULL;
    if (what->code == SKS_EQUERYSYNTAX || what->code == SKS_ETOOCOMPLEX)
        return request->query.text;
    return request->op == SKS_OP_MAP ? request->text : NULL;
}

int
sks_reply_encode_error (sks_buffer *out, const sks_request *request, const sks_error *what, sks_error *err)
{
    /* Codes outside the protocol mean nothing to a client. */
    bool protocol = what->code < 0 && what->code > -SKS_PROTOCOL_CODES;
    sks_reply_open (out, request, false);
    sks_json_open_object (out, "error");
    sks_json_put_text (out, "code", sks_code_name (protocol ? what->code : SKS_EINTERNAL));
    sks_json_put_text (out, "message", what->text);
    if (what->at >= 0) {
        sks_offset text = { find_text (request, what), request ? request->query.units : 0, 0, 0 };
        sks_json_put_count (out, "at", sks_offset_of (&text, (size_t) what->at));
    }
    sks_buffer_putc (out, '}');
    return sks_reply_close (out, err);
}
