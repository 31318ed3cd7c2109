/* wire_request_writer.c - request -> bytes, the client's way to ask.
 *
 * Members at their default are left out. Only what cannot be written at all is
 * refused here; limits are judged where they hold, by the daemon. */
#include "json.h"
#include "schema.h"
#include "utf8.h"
#include "wire.h"

#include <assert.h>

#define DEFAULT_TAG_OPEN "<b>"
#define DEFAULT_TAG_CLOSE "</b>"

static void
put_texts (sks_buffer *out, const char *name, const char *const *texts, size_t count)
{
    sks_json_put_name (out, name);
    sks_buffer_putc (out, '[');
    for (size_t i = 0; i < count; i++)
        sks_json_put_item (out, texts[i]);
    sks_buffer_putc (out, ']');
}

/* A range stands alone as an object; beside chosen values it becomes values. */
static void
put_zone (sks_buffer *out, const sks_filter *filter)
{
    int min = filter->min ? filter->min : 1, max = filter->max ? filter->max : SKS_ZONES;
    sks_json_put_name (out, sks_facet_name (SKS_FACET_ZONE));
    if (!filter->count) {
        sks_buffer_putc (out, '{');
        sks_json_put_count (out, "min", (uint64_t) min);
        sks_json_put_count (out, "max", (uint64_t) max);
        sks_buffer_putc (out, '}');
        return;
    }
    sks_buffer_putc (out, '[');
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
        if (!open) {
            sks_json_put_name (out, "filter");
            sks_buffer_putc (out, '{');
            open = true;
        }
        if (range)
            put_zone (out, filter);
        else
            put_texts (out, sks_facet_name (facet), filter->values, filter->count);
    }
    if (open)
        sks_buffer_putc (out, '}');
}

static void
put_facets (sks_buffer *out, const sks_query *query)
{
    if (query->facet_count == 0)
        return;
    sks_json_put_name (out, "facets");
    sks_buffer_putc (out, '[');
    for (size_t i = 0; i < query->facet_count; i++) {
        const sks_facet_ask *ask = &query->facets[i];
        sks_buffer_puts (out, i ? ",{" : "{");
        sks_json_put_text (out, "name", sks_facet_name (ask->facet));
        if (ask->limit && ask->limit != SKS_DEFAULT_FACET_LIMIT)
            sks_json_put_count (out, "limit", ask->limit);
        if (ask->find && *ask->find)
            sks_json_put_text (out, "find", ask->find);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_page (sks_buffer *out, const sks_query *query)
{
    if (query->sort != SKS_SORT_RELEVANCE || query->reverse) {
        sks_json_put_name (out, "sort");
        sks_buffer_puts (out, query->reverse ? "\"-" : "\"");
        sks_buffer_puts (out, sks_sort_name (query->sort));
        sks_buffer_putc (out, '"');
    }
    if (query->offset)
        sks_json_put_count (out, "offset", query->offset);
    if (query->limit != SKS_DEFAULT_LIMIT)
        sks_json_put_count (out, "limit", query->limit);
}

static void
put_want (sks_buffer *out, const sks_query *query)
{
    if (query->want) {
        sks_json_put_name (out, "want");
        sks_buffer_putc (out, '[');
        for (unsigned bit = 1; sks_want_name (bit); bit <<= 1)
            if (query->want & bit)
                sks_json_put_item (out, sks_want_name (bit));
        sks_buffer_putc (out, ']');
    }
    if (query->tag_open || query->tag_close) {
        const char *tags[] = { query->tag_open ? query->tag_open : DEFAULT_TAG_OPEN,
                               query->tag_close ? query->tag_close : DEFAULT_TAG_CLOSE };
        put_texts (out, "tags", tags, 2);
    }
}

static void
put_query (sks_buffer *out, const sks_query *query)
{
    if (query->text && *query->text)
        sks_json_put_text (out, "q", query->text);
    if (query->match != SKS_MATCH_AUTO)
        sks_json_put_text (out, "match", sks_match_name (query->match));
    put_filter (out, query);
    put_facets (out, query);
    put_page (out, query);
    put_want (out, query);
}

static unsigned
known_wants (void)
{
    unsigned bits = 0;
    for (unsigned bit = 1; sks_want_name (bit); bit <<= 1)
        bits |= bit;
    return bits;
}

/* What has no name cannot be written; the daemon judges everything else. */
static int
check_query (const sks_query *query, sks_error *err)
{
    if (query->version != 1)
        return sks_fail (err, SKS_EINVALID, "sks_query.version is not 1");
    if (!sks_match_name (query->match))
        return sks_fail (err, SKS_EINVALID, "sks_query.match is not one of enum sks_match");
    if (!sks_sort_name (query->sort))
        return sks_fail (err, SKS_EINVALID, "sks_query.sort is not one of enum sks_sort");
    if (query->want & ~known_wants ())
        return sks_fail (err, SKS_EINVALID, "sks_query.want has a bit that is no SKS_WANT_...");
    const sks_filter *zone = &query->filter[SKS_FACET_ZONE];
    if (zone->min < 0 || zone->max < 0 || zone->min > SKS_ZONES || zone->max > SKS_ZONES
        || (zone->max && zone->min > zone->max))
        return sks_fail (err, SKS_EINVALID, "sks_query.filter[SKS_FACET_ZONE] is no range from 1 to %d",
                         SKS_ZONES);
    if (query->facet_count > SKS_FACETS)
        return sks_fail (err, SKS_EINVALID, "sks_query.facet_count is over %d", SKS_FACETS);
    for (size_t i = 0; i < query->facet_count; i++)
        if (!sks_facet_name (query->facets[i].facet))
            return sks_fail (err, SKS_EINVALID, "sks_query.facets[%zu] is not one of enum sks_facet", i);
    return 0;
}

int
sks_request_encode (const sks_request *request, sks_buffer *out, sks_error *err)
{
    assert (sks_op_name (request->op));
    bool search = request->op == SKS_OP_SEARCH;
    uint32_t deadline = request->deadline_ms || !search ? request->deadline_ms : request->query.deadline_ms;
    int rc = search ? check_query (&request->query, err) : 0;
    if (rc)
        return rc;
    sks_buffer_puts (out, "{");
    sks_json_put_count (out, "v", SKS_PROTOCOL_VERSION);
    if (request->id)
        sks_json_put_text (out, "id", request->id);
    sks_json_put_text (out, "op", sks_op_name (request->op));
    if (search)
        put_query (out, &request->query);
    if (request->op == SKS_OP_GET)
        put_texts (out, "ids", request->ids, request->id_count);
    if (deadline)
        sks_json_put_count (out, "deadline_ms", deadline);
    sks_buffer_putc (out, '}');
    rc = sks_buffer_status (out, err);
    if (rc == 0 && !sks_utf8_valid (out->bytes, out->size, NULL))
        rc = sks_fail (err, SKS_EINVALID, "a text of the request is not valid UTF-8");
    return rc;
}
