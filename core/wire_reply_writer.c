/* wire_reply_writer.c - results, numbers and errors -> bytes, the daemon's way
 * to answer. Written straight into the buffer: a page of hits costs no
 * allocation but the buffer's own. Every reply opens alike: v, id, ok. */
#include "json.h"
#include "schema.h"
#include "utf8.h"
#include "wire.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))

static void
put_flag (sks_buffer *out, const char *name, bool value)
{
    sks_json_put_name (out, name);
    sks_buffer_puts (out, value ? "true" : "false");
}

static void
put_number (sks_buffer *out, const char *name, double value)
{
    sks_json_put_name (out, name);
    sks_json_put_number (out, value);
}

static void
open_list (sks_buffer *out, const char *name)
{
    sks_json_put_name (out, name);
    sks_buffer_putc (out, '[');
}

static void
open_object (sks_buffer *out, const char *name)
{
    sks_json_put_name (out, name);
    sks_buffer_putc (out, '{');
}

static void
put_texts (sks_buffer *out, const char *name, const char *const *texts, size_t count)
{
    open_list (out, name);
    for (size_t i = 0; i < count; i++)
        sks_json_put_item (out, texts[i]);
    sks_buffer_putc (out, ']');
}

static void
open_reply (sks_buffer *out, const sks_request *request, bool ok)
{
    assert (out->size == 0);
    sks_buffer_putc (out, '{');
    sks_json_put_count (out, "v", SKS_PROTOCOL_VERSION);
    if (request && request->id)
        sks_json_put_text (out, "id", request->id);
    put_flag (out, "ok", ok);
}

static int
close_reply (sks_buffer *out, sks_error *err)
{
    sks_buffer_putc (out, '}');
    return sks_buffer_status (out, err);
}

/* ------------------------------------------------------------------- hits */

static void
put_spans (sks_buffer *out, const sks_hit *hit)
{
    open_list (out, "spans");
    for (size_t i = 0; i < hit->span_count; i++) {
        sks_buffer_puts (out, i ? ",[" : "[");
        sks_buffer_number (out, hit->spans[i].start);
        sks_buffer_putc (out, ',');
        sks_buffer_number (out, hit->spans[i].end);
        sks_buffer_putc (out, ']');
    }
    sks_buffer_putc (out, ']');
}

static void
put_shares (sks_buffer *out, const sks_hit *hit)
{
    open_list (out, "explain");
    for (size_t i = 0; i < hit->share_count; i++) {
        sks_buffer_puts (out, i ? ",{" : "{");
        sks_json_put_text (out, "part", hit->shares[i].part);
        sks_json_put_text (out, "term", hit->shares[i].term);
        put_number (out, "score", hit->shares[i].score);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_hit (sks_buffer *out, const sks_hit *hit)
{
    sks_buffer_putc (out, '{');
    sks_json_put_text (out, "id", hit->id);
    put_number (out, "score", hit->score);
    sks_json_put_text (out, "text", hit->text);
    put_spans (out, hit);
    if (hit->marked)
        sks_json_put_text (out, "marked", hit->marked);
    sks_json_put_text (out, "duty", hit->duty);
    sks_json_put_text (out, "level", sks_level_name (hit->level));
    sks_json_put_count (out, "position", hit->position);
    sks_json_put_text (out, "soc", hit->soc);
    sks_json_put_text (out, "occupation", hit->occupation);
    sks_json_put_text (out, "group", hit->group);
    sks_json_put_text (out, "sector", hit->sector);
    if (hit->zone)
        sks_json_put_count (out, "zone", (uint64_t) hit->zone);
    else
        sks_json_put_text (out, "zone", NULL);
    if (hit->shares)
        put_shares (out, hit);
    sks_buffer_putc (out, '}');
}

static void
put_hits (sks_buffer *out, const sks_result *result)
{
    open_list (out, "hits");
    for (size_t i = 0; i < result->hit_count; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        put_hit (out, &result->hits[i]);
    }
    sks_buffer_putc (out, ']');
}

/* ----------------------------------------------------------------- facets */

static void
put_facet_values (sks_buffer *out, const sks_facet_counts *facet)
{
    open_list (out, sks_facet_name (facet->facet));
    for (size_t i = 0; i < facet->count; i++) {
        const sks_facet_value *value = &facet->values[i];
        sks_buffer_puts (out, i ? ",{" : "{");
        sks_json_put_text (out, "value", value->value);
        sks_json_put_text (out, "label", value->label);
        sks_json_put_count (out, "count", value->count);
        put_flag (out, "selected", value->selected != 0);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_facets (sks_buffer *out, const sks_result *result)
{
    open_object (out, "facets");
    for (size_t i = 0; i < result->facet_count; i++)
        put_facet_values (out, &result->facets[i]);
    sks_buffer_putc (out, '}');
    if (result->facet_count == 0)
        return;
    open_object (out, "distinct");
    for (size_t i = 0; i < result->facet_count; i++)
        sks_json_put_count (out, sks_facet_name (result->facets[i].facet), result->facets[i].distinct);
    sks_buffer_putc (out, '}');
}

/* ---------------------------------------------------------------- results */

static void
put_suggestion (sks_buffer *out, const sks_suggestion *suggestion)
{
    if (!suggestion->word) {
        sks_json_put_text (out, "suggestion", NULL);
        return;
    }
    open_object (out, "suggestion");
    sks_json_put_text (out, "word", suggestion->word);
    sks_json_put_text (out, "replacement", suggestion->replacement);
    sks_json_put_text (out, "query", suggestion->query);
    sks_json_put_count (out, "count", suggestion->count);
    sks_buffer_putc (out, '}');
}

/* How the query was understood and how much matches it. */
static void
put_reading (sks_buffer *out, const sks_result *result)
{
    sks_json_put_count (out, "total", result->total);
    sks_json_put_count (out, "matched_all", result->matched_all);
    put_flag (out, "relaxed", result->relaxed != 0);
    sks_json_put_text (out, "read_as", result->read_as ? result->read_as : "");
    put_texts (out, "ignored", result->ignored, result->ignored_count);
    put_suggestion (out, &result->suggestion);
}

int
sks_reply_encode_result (sks_buffer *out, const sks_request *request, const sks_result *result,
                         sks_error *err)
{
    bool get = request->op == SKS_OP_GET;
    open_reply (out, request, true);
    sks_json_put_count (out, "generation", result->generation);
    if (!get)
        put_reading (out, result);
    put_hits (out, result);
    if (get)
        put_texts (out, "missing", result->missing, result->missing_count);
    else
        put_facets (out, result);
    sks_json_put_count (out, "took_us", result->took_us);
    return close_reply (out, err);
}

/* ------------------------------------------------------------------ hello */

/* Every limit that a client can run into; the name is that of skillsearch.h
 * without SKS_, in small letters. */
static const struct {
    const char *name;
    uint32_t value;
} limits[] = {
    { "max_request_bytes", SKS_MAX_REQUEST_BYTES },
    { "max_reply_bytes", SKS_MAX_REPLY_BYTES },
    { "max_request_depth", SKS_MAX_REQUEST_DEPTH },
    { "max_request_id_bytes", SKS_MAX_REQUEST_ID_BYTES },
    { "max_query_bytes", SKS_MAX_QUERY_BYTES },
    { "max_query_words", SKS_MAX_QUERY_WORDS },
    { "max_query_depth", SKS_MAX_QUERY_DEPTH },
    { "max_query_prefixes", SKS_MAX_QUERY_PREFIXES },
    { "min_prefix_letters", SKS_MIN_PREFIX_LETTERS },
    { "max_prefix_expansions", SKS_MAX_PREFIX_EXPANSIONS },
    { "max_query_nears", SKS_MAX_QUERY_NEARS },
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
    { "max_word_bytes", SKS_MAX_WORD_BYTES },
};

/* The names of 0, 1, 2 ... until there is none. */
static void
put_names (sks_buffer *out, const char *name, const char *(*name_of) (int) )
{
    open_list (out, name);
    for (int i = 0; name_of (i); i++)
        sks_json_put_item (out, name_of (i));
    sks_buffer_putc (out, ']');
}

int
sks_reply_encode_hello (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    open_reply (out, request, true);
    sks_json_put_text (out, "name", "skillsearch");
    sks_json_put_text (out, "version", SKS_VERSION);
    sks_json_put_count (out, "protocol", SKS_PROTOCOL_VERSION);
    sks_json_put_count (out, "generation", stats->generation);
    put_names (out, "operations", sks_op_name);
    put_names (out, "facets", sks_facet_name);
    put_names (out, "levels", sks_level_name);
    open_object (out, "limits");
    for (size_t i = 0; i < COUNT (limits); i++)
        sks_json_put_count (out, limits[i].name, limits[i].value);
    sks_buffer_putc (out, '}');
    return close_reply (out, err);
}

/* ------------------------------------------------------------------ stats */

static void
put_requests (sks_buffer *out, const sks_stats *stats)
{
    open_object (out, "requests");
    for (int op = 0; op < SKS_OPS; op++)
        sks_json_put_count (out, sks_op_name (op), stats->requests[op]);
    sks_buffer_putc (out, '}');
    open_object (out, "replies");
    for (int code = 0; code < SKS_PROTOCOL_CODES; code++)
        sks_json_put_count (out, sks_code_name (-code), stats->replies[code]);
    sks_buffer_putc (out, '}');
}

/* The bounds stand beside the counts, so that no reader needs to know the
 * powers of two; the last bucket has no bound. */
static void
put_latency (sks_buffer *out, const sks_stats *stats)
{
    open_object (out, "latency");
    open_list (out, "buckets_us");
    for (unsigned i = 0; i < SKS_LATENCY_BUCKETS - 1; i++) {
        sks_buffer_number (out, UINT64_C (1) << i);
        sks_buffer_putc (out, ',');
    }
    sks_buffer_puts (out, "null]");
    open_list (out, "counts");
    for (unsigned i = 0; i < SKS_LATENCY_BUCKETS; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        sks_buffer_number (out, stats->latency[i]);
    }
    sks_buffer_puts (out, "]}");
}

struct count {
    const char *name;
    uint64_t value;
};

static void
put_counts (sks_buffer *out, const char *name, const struct count *counts, size_t count)
{
    open_object (out, name);
    for (size_t i = 0; i < count; i++)
        sks_json_put_count (out, counts[i].name, counts[i].value);
    sks_buffer_putc (out, '}');
}

int
sks_reply_encode_stats (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    const struct count index[] = {
        { "statements", stats->statements },
        { "occupations", stats->occupations },
    };
    const struct count process[] = {
        { "uptime_s", stats->uptime_s },
        { "resident_bytes", stats->resident_bytes },
    };
    const struct count workers[] = { { "total", stats->workers }, { "busy", stats->busy_workers } };
    const struct count queue[] = { { "waiting", stats->queued }, { "limit", stats->queue_limit } };
    const struct count reloads[] = { { "done", stats->reloads }, { "failed", stats->reload_failures } };
    open_reply (out, request, true);
    sks_json_put_count (out, "generation", stats->generation);
    put_counts (out, "index", index, COUNT (index));
    put_counts (out, "process", process, COUNT (process));
    put_counts (out, "workers", workers, COUNT (workers));
    put_counts (out, "queue", queue, COUNT (queue));
    put_counts (out, "reloads", reloads, COUNT (reloads));
    put_requests (out, stats);
    put_latency (out, stats);
    return close_reply (out, err);
}

int
sks_reply_encode_health (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err)
{
    open_reply (out, request, true);
    sks_json_put_text (out, "status", "ok");
    sks_json_put_count (out, "generation", stats->generation);
    sks_json_put_count (out, "statements", stats->statements);
    return close_reply (out, err);
}

/* ----------------------------------------------------------------- errors */

/* An error text may quote a path or a stranger's bytes; a reply is UTF-8 all the same. */
static void
put_message (sks_buffer *out, const sks_error *what)
{
    char text[SKS_ERROR_TEXT_BYTES];
    size_t size = strnlen (what->text, sizeof what->text - 1), bad_at;
    memcpy (text, what->text, size);
    for (size_t from = 0; !sks_utf8_valid (text + from, size - from, &bad_at); from += bad_at + 1)
        text[from + bad_at] = '?';
    sks_json_put_name (out, "message");
    sks_json_put_bytes (out, text, size);
}

int
sks_reply_encode_error (sks_buffer *out, const sks_request *request, const sks_error *what, sks_error *err)
{
    /* The other codes mean nothing on another machine. */
    bool protocol = what->code < 0 && what->code > -SKS_PROTOCOL_CODES;
    open_reply (out, request, false);
    open_object (out, "error");
    sks_json_put_text (out, "code", sks_code_name (protocol ? what->code : SKS_EINTERNAL));
    put_message (out, what);
    if (what->at >= 0)
        sks_json_put_count (out, "at", (uint64_t) what->at);
    sks_buffer_putc (out, '}');
    return close_reply (out, err);
}
