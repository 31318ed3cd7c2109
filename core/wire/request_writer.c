/* request_writer.c - request -> bytes, the client's way to ask.
 *
 * Members at their default are left out. Only what cannot be written at all is
 * refused here; limits are judged where they hold, by the daemon. */
#include "core/base/json.h"
#include "core/base/schema.h"
#include "core/base/utf8.h"
#include "op.h"

#include <assert.h>

#define DEFAULT_TAG_OPEN "<b>"
#define DEFAULT_TAG_CLOSE "</b>"

/* A range stands alone as an object; beside chosen values it becomes values. */
static void
put_zone (sks_buffer *out, const sks_filter *filter)
{
    int min = filter->min ? filter->min : 1, max = filter->max ? filter->max : SKS_ZONES;
    if (!filter->count) {
        sks_json_open_object (out, sks_facet_name (SKS_FACET_ZONE));
        sks_json_put_count (out, "min", (uint64_t) min);
        sks_json_put_count (out, "max", (uint64_t) max);
        sks_buffer_putc (out, '}');
        return;
    }
    sks_json_open_list (out, sks_facet_name (SKS_FACET_ZONE));
    for (size_t i = 0; i < filter->count; i++)
        sks_json_put_item (out, filter->values[i]);
    for (int zone = min; zone <= max; zone++)
        sks_json_put_item (out, sks_zone_value (zone));
    sks_buffer_putc (out, ']');
}

static void
put_filter (sks_buffer *out, const sks_query *query)
{
    bool open = false;
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        const sks_filter *filter = &query->filter[facet];
        bool range = facet == SKS_FACET_ZONE && (filter->min > 0 || filter->max > 0);
        if (filter->count == 0 && !range)
            continue;
        if (!open)
            sks_json_open_object (out, "filter");
        open = true;
        if (range)
            put_zone (out, filter);
        else
            sks_json_put_texts (out, sks_facet_name (facet), filter->values, filter->count);
    }
    if (open)
        sks_buffer_putc (out, '}');
}

static void
put_ask (sks_buffer *out, const sks_facet_ask *ask)
{
    sks_buffer_putc (out, '{');
    sks_json_put_text (out, "name", sks_facet_name (ask->facet));
    if (ask->limit && ask->limit != SKS_DEFAULT_FACET_LIMIT)
        sks_json_put_count (out, "limit", ask->limit);
    if (ask->find && *ask->find)
        sks_json_put_text (out, "find", ask->find);
    if (ask->tree)
        sks_json_put_flag (out, "tree", true);
    sks_buffer_putc (out, '}');
}

static void
put_facets (sks_buffer *out, const sks_query *query)
{
    if (query->facet_count == 0)
        return;
    sks_json_open_list (out, "facets");
    for (size_t i = 0; i < query->facet_count; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        put_ask (out, &query->facets[i]);
    }
    sks_buffer_putc (out, ']');
}

static void
put_collapse (sks_buffer *out, const sks_query *query)
{
    if (!query->collapse)
        return;
    sks_json_open_object (out, "collapse");
    sks_json_put_text (out, "by", sks_facet_name (SKS_FACET_OCCUPATION));
    sks_json_put_count (out, "keep", query->collapse);
    sks_buffer_putc (out, '}');
}

static void
put_order (sks_buffer *out, const sks_query *query)
{
    if (query->sort != SKS_SORT_RELEVANCE || query->reverse) {
        sks_json_put_name (out, "sort");
        sks_buffer_puts (out, query->reverse ? "\"-" : "\"");
        sks_buffer_puts (out, sks_sort_name (query->sort));
        sks_buffer_putc (out, '"');
    }
    if (query->offset)
        sks_json_put_count (out, "offset", query->offset);
}

static void
put_want (sks_buffer *out, const sks_query *query)
{
    if (query->want) {
        sks_json_open_list (out, "want");
        for (unsigned bit = 1; sks_want_name (bit); bit <<= 1)
            if (query->want & bit)
                sks_json_put_item (out, sks_want_name (bit));
        sks_buffer_putc (out, ']');
    }
    if (query->tag_open || query->tag_close) {
        const char *tags[] = { query->tag_open ? query->tag_open : DEFAULT_TAG_OPEN,
                               query->tag_close ? query->tag_close : DEFAULT_TAG_CLOSE };
        sks_json_put_texts (out, "tags", tags, 2);
    }
    if (query->escape != SKS_ESCAPE_AUTO)
        sks_json_put_text (out, "escape", sks_escape_name (query->escape));
}

static void
put_limit (sks_buffer *out, const sks_request *request)
{
    if (request->query.limit != sks_op_page (request->op)->usual)
        sks_json_put_count (out, "limit", request->query.limit);
}

/* The query text and how it matches. */
static void
put_words (sks_buffer *out, const sks_request *request)
{
    const sks_query *query = &request->query;
    if (query->text && *query->text)
        sks_json_put_text (out, "q", query->text);
    if (query->match != SKS_MATCH_AUTO)
        sks_json_put_text (out, "match", sks_match_name (query->match));
    if (query->plain && request->op != SKS_OP_ANALYZE)
        sks_json_put_flag (out, "meaning", false);
}

/* --------------------------------------------------- operation by operation */

static void
put_search (sks_buffer *out, const sks_request *request)
{
    put_words (out, request);
    put_filter (out, &request->query);
    put_facets (out, &request->query);
    put_collapse (out, &request->query);
    put_order (out, &request->query);
    put_limit (out, request);
    put_want (out, &request->query);
}

static void
put_get (sks_buffer *out, const sks_request *request)
{
    sks_json_put_texts (out, "ids", request->ids, request->id_count);
}

static void
put_similar (sks_buffer *out, const sks_request *request)
{
    static const struct {
        unsigned bit;
        int facet;
    } exclusions[] = {
        { SKS_EXCLUDE_OCCUPATION, SKS_FACET_OCCUPATION },
        { SKS_EXCLUDE_LEVEL, SKS_FACET_LEVEL },
    };
    sks_json_put_text (out, "statement", request->statement);
    if (request->exclude) {
        sks_json_open_list (out, "exclude");
        for (size_t i = 0; i < sizeof exclusions / sizeof *exclusions; i++)
            if (request->exclude & exclusions[i].bit)
                sks_json_put_item (out, sks_facet_name (exclusions[i].facet));
        sks_buffer_putc (out, ']');
    }
    put_filter (out, &request->query);
    put_limit (out, request);
    put_want (out, &request->query);
}

static void
put_compare (sks_buffer *out, const sks_request *request)
{
    sks_json_put_text (out, "occupation", request->occupations[0]);
    if (request->duty)
        sks_json_put_text (out, "duty", request->duty);
}

static void
put_crosswalk (sks_buffer *out, const sks_request *request)
{
    sks_json_put_texts (out, "occupations", request->occupations, 2);
    if (request->level >= 0)
        sks_json_put_text (out, "level", sks_level_name (request->level));
}

static void
put_map (sks_buffer *out, const sks_request *request)
{
    sks_json_put_text (out, "text", request->text);
    put_filter (out, &request->query);
    put_limit (out, request);
    put_want (out, &request->query);
}

static void
put_suggest (sks_buffer *out, const sks_request *request)
{
    sks_json_put_text (out, "text", request->text);
    put_limit (out, request);
}

static void
put_facet_values (sks_buffer *out, const sks_request *request)
{
    put_words (out, request);
    put_filter (out, &request->query);
    sks_json_put_name (out, "facet");
    put_ask (out, &request->query.facets[0]);
}

static void
put_scan (sks_buffer *out, const sks_request *request)
{
    put_words (out, request);
    put_filter (out, &request->query);
    if (request->cursor)
        sks_json_put_text (out, "cursor", request->cursor);
    put_limit (out, request);
    put_want (out, &request->query);
}

static void
put_occupation (sks_buffer *out, const sks_request *request)
{
    sks_json_put_text (out, "occupation", request->occupations[0]);
}

static void put_request (sks_buffer *out, const sks_request *request, int usual_units);

static void
put_multi (sks_buffer *out, const sks_request *request)
{
    sks_json_open_list (out, "requests");
    for (size_t i = 0; i < request->request_count; i++) {
        sks_json_open_item (out);
        put_request (out, request->requests[i], request->query.units);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

/* NULL: it has no members of its own. */
static void (*const op_writers[SKS_OPS]) (sks_buffer *out, const sks_request *request) = {
    [SKS_OP_SEARCH] = put_search,         [SKS_OP_GET] = put_get,
    [SKS_OP_SIMILAR] = put_similar,       [SKS_OP_COMPARE] = put_compare,
    [SKS_OP_CROSSWALK] = put_crosswalk,   [SKS_OP_MAP] = put_map,
    [SKS_OP_SUGGEST] = put_suggest,       [SKS_OP_FACET_VALUES] = put_facet_values,
    [SKS_OP_ANALYZE] = put_words,         [SKS_OP_SCAN] = put_scan,
    [SKS_OP_OCCUPATION] = put_occupation, [SKS_OP_MULTI] = put_multi,
};

/* The members but for the version and the deadline, which a request inside
 * another one does not have.
 *   usual_units   enum sks_units: what need not be named. */
static void
put_request (sks_buffer *out, const sks_request *request, int usual_units)
{
    if (request->id)
        sks_json_put_text (out, "id", request->id);
    sks_json_put_text (out, "op", sks_op_name (request->op));
    if (request->query.units != usual_units)
        sks_json_put_text (out, "units", sks_units_name (request->query.units));
    if (op_writers[request->op])
        op_writers[request->op](out, request);
}

/* ---------------------------------------------------------------- checking */

static unsigned
known_wants (void)
{
    unsigned bits = 0;
    for (unsigned bit = 1; sks_want_name (bit); bit <<= 1)
        bits |= bit;
    return bits;
}

static bool
filter_is_whole (const sks_filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (!filter->values || !filter->values[i])
            return false;
    return true;
}

/* What has no name cannot be written; the daemon judges everything else. */
static int
check_query (const sks_query *query, sks_error *err)
{
    if (query->version != SKS_QUERY_VERSION)
        return sks_fail (err, SKS_EINVALID, "sks_query.version is not known; start from SKS_QUERY_INIT");
    if (!sks_match_name (query->match))
        return sks_fail (err, SKS_EINVALID, "sks_query.match is not one of enum sks_match");
    if (!sks_sort_name (query->sort))
        return sks_fail (err, SKS_EINVALID, "sks_query.sort is not one of enum sks_sort");
    if (query->want & ~known_wants ())
        return sks_fail (err, SKS_EINVALID, "sks_query.want has a bit that is no SKS_WANT_...");
    if (!sks_escape_name (query->escape))
        return sks_fail (err, SKS_EINVALID, "sks_query.escape is not one of enum sks_escape");
    if (!sks_units_name (query->units))
        return sks_fail (err, SKS_EINVALID, "sks_query.units is not one of enum sks_units");
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (!filter_is_whole (&query->filter[facet]))
            return sks_fail (err, SKS_EINVALID, "sks_query.filter[%d]: a value is NULL", facet);
    const sks_filter *zone = &query->filter[SKS_FACET_ZONE];
    if (zone->min < 0 || zone->max < 0 || zone->min > SKS_ZONES || zone->max > SKS_ZONES ||
        (zone->max && zone->min > zone->max))
        return sks_fail (err, SKS_EINVALID, "sks_query.filter[SKS_FACET_ZONE] is no range from 1 to %d", SKS_ZONES);
    if (query->facet_count > SKS_FACETS)
        return sks_fail (err, SKS_EINVALID, "sks_query.facet_count is over %d", SKS_FACETS);
    for (size_t i = 0; i < query->facet_count; i++) {
        const sks_facet_ask *ask = &query->facets[i];
        if (!sks_facet_name (ask->facet))
            return sks_fail (err, SKS_EINVALID, "sks_query.facets[%zu] is not one of enum sks_facet", i);
        if (ask->tree && ask->facet != SKS_FACET_OCCUPATION)
            return sks_fail (err, SKS_EINVALID, "sks_query.facets[%zu]: only occupations have a tree", i);
    }
    return 0;
}

/* Operations that nothing of the query is written for. */
#define WITHOUT_QUERY                                                                                                  \
    (1u << SKS_OP_GET | 1u << SKS_OP_HELLO | 1u << SKS_OP_STATS | 1u << SKS_OP_HEALTH | 1u << SKS_OP_COMPARE |         \
     1u << SKS_OP_CROSSWALK | 1u << SKS_OP_OCCUPATION | 1u << SKS_OP_MULTI)

static int
check_request (const sks_request *request, sks_error *err)
{
    int rc = WITHOUT_QUERY & 1u << request->op ? 0 : check_query (&request->query, err);
    for (size_t i = 0; rc == 0 && i < request->request_count; i++)
        rc = check_request (request->requests[i], err);
    return rc;
}

int
sks_request_encode (const sks_request *request, sks_buffer *out, sks_error *err)
{
    assert (sks_op_name (request->op));
    uint32_t deadline = request->deadline_ms ? request->deadline_ms : request->query.deadline_ms;
    int rc = check_request (request, err);
    if (rc)
        return rc;
    sks_buffer_putc (out, '{');
    sks_json_put_count (out, "v", SKS_PROTOCOL_VERSION);
    put_request (out, request, SKS_UNITS_BYTES);
    if (deadline)
        sks_json_put_count (out, "deadline_ms", deadline);
    sks_buffer_putc (out, '}');
    rc = sks_buffer_status (out, err);
    if (rc == 0 && !sks_utf8_valid (out->bytes, out->size, NULL))
        rc = sks_fail (err, SKS_EINVALID, "a text of the request is not valid UTF-8");
    return rc;
}
