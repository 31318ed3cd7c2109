/* query_writer.c - writers for the members of a query that the table alone cannot write. */
#include "core/base/json.h"
#include "core/base/schema.h"
#include "op.h"
#include "request_table.h"

#define DEFAULT_TAG_OPEN "<b>"
#define DEFAULT_TAG_CLOSE "</b>"

/* Write a range as an object, or, if there are chosen values too, as values. */
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
        sks_json_put_item (out, sks_schema_zone_value (zone));
    sks_buffer_putc (out, ']');
}

void
sks_query_put_filter (sks_buffer *out, const sks_request *request)
{
    const sks_query *query = &request->query;
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

void
sks_query_put_facet (sks_buffer *out, const sks_request *request)
{
    sks_json_put_name (out, "facet");
    put_ask (out, &request->query.facets[0]);
}

void
sks_query_put_facets (sks_buffer *out, const sks_request *request)
{
    const sks_query *query = &request->query;
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

void
sks_query_put_collapse (sks_buffer *out, const sks_request *request)
{
    if (!request->query.collapse)
        return;
    sks_json_open_object (out, "collapse");
    sks_json_put_text (out, "by", sks_facet_name (SKS_FACET_OCCUPATION));
    sks_json_put_count (out, "keep", request->query.collapse);
    sks_buffer_putc (out, '}');
}

void
sks_query_put_sort (sks_buffer *out, const sks_request *request)
{
    const sks_query *query = &request->query;
    if (query->sort == SKS_SORT_RELEVANCE && !query->reverse)
        return;
    sks_json_put_name (out, "sort");
    sks_buffer_puts (out, query->reverse ? "\"-" : "\"");
    sks_buffer_puts (out, sks_schema_sort_name (query->sort));
    sks_buffer_putc (out, '"');
}

void
sks_query_put_limit (sks_buffer *out, const sks_request *request)
{
    if (request->query.limit != sks_op_page (request->op)->usual)
        sks_json_put_count (out, "limit", request->query.limit);
}

void
sks_query_put_tags (sks_buffer *out, const sks_request *request)
{
    const sks_query *query = &request->query;
    const char *tags[] = { query->tag_open ? query->tag_open : DEFAULT_TAG_OPEN,
                           query->tag_close ? query->tag_close : DEFAULT_TAG_CLOSE };
    if (query->tag_open || query->tag_close)
        sks_json_put_texts (out, "tags", tags, 2);
}
