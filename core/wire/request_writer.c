/* request_writer.c - request -> bytes, for the client.
 *
 * Members with their default value are left out. Only values that cannot be written are refused here; the daemon
 * checks limits. */
#include "core/base/json.h"
#include "core/base/schema.h"
#include "core/base/utf8.h"
#include "op.h"
#include "request_table.h"

#include <assert.h>
#include <stddef.h>

/* --------------------------------------------------------------- by the table */

static void put_request (sks_buffer *out, const sks_request *request, int usual_units);

static void
put_requests (sks_buffer *out, const sks_request *request)
{
    sks_json_open_list (out, "requests");
    for (size_t i = 0; i < request->request_count; i++) {
        sks_json_open_item (out);
        put_request (out, request->requests[i], request->query.units);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_bits (sks_buffer *out, const sks_request_member *row, unsigned bits)
{
    if (!bits)
        return;
    sks_json_open_list (out, row->name);
    for (int i = 0; row->name_of (i); i++)
        if (bits & 1u << i)
            sks_json_put_item (out, row->name_of (i));
    sks_buffer_putc (out, ']');
}

/* An empty query text is left out, like one that is NULL. */
static void
put_text (sks_buffer *out, const sks_request *request, const sks_request_member *row, const char *text)
{
    bool left_out = row->offset == offsetof (sks_request, query.text) && text && !*text;
    if ((text && !left_out) || row->required & 1u << request->op)
        sks_json_put_text (out, row->name, text);
}

static void
put_row (sks_buffer *out, const sks_request *request, const sks_request_member *row)
{
    const char *at = (const char *) request + row->offset;
    const void *value = at;
    if (row->put) {
        row->put (out, request);
        return;
    }
    switch (row->kind) {
    case SKS_REQUEST_TEXT:
        put_text (out, request, row, *(const char *const *) value);
        break;
    case SKS_REQUEST_TEXTS:
        sks_json_put_texts (out, row->name, *(const char *const *const *) value,
                            *(const size_t *) (const void *) ((const char *) request + row->count_offset));
        break;
    case SKS_REQUEST_PAIR:
        sks_json_put_texts (out, row->name, value, 2);
        break;
    case SKS_REQUEST_NUMBER:
        if (*(const uint32_t *) value)
            sks_json_put_count (out, row->name, *(const uint32_t *) value);
        break;
    case SKS_REQUEST_NAME:
        if (*(const int *) value != row->usual)
            sks_json_put_text (out, row->name, row->name_of (*(const int *) value));
        break;
    case SKS_REQUEST_FLAG:
        if (*(const int *) value)
            sks_json_put_flag (out, row->name, !row->usual);
        break;
    case SKS_REQUEST_BITS:
        put_bits (out, row, *(const unsigned *) value);
        break;
    case SKS_REQUEST_REQUESTS:
        put_requests (out, request);
        break;
    default:
        break;
    }
}

/* Write all members except the version and the deadline, which a request inside another one does not have.
 *   usual_units   enum sks_units: the units that need not be written */
static void
put_request (sks_buffer *out, const sks_request *request, int usual_units)
{
    if (request->id)
        sks_json_put_text (out, "id", request->id);
    sks_json_put_text (out, "op", sks_op_name (request->op));
    if (request->query.units != usual_units)
        sks_json_put_text (out, "units", sks_schema_units_name (request->query.units));
    const sks_request_member *row;
    for (size_t i = 0; (row = sks_request_member_at (i)); i++)
        if (row->operations & 1u << request->op)
            put_row (out, request, row);
}

/* ---------------------------------------------------------------- checking */

static unsigned
known_wants (void)
{
    unsigned bits = 0;
    for (unsigned bit = 1; sks_schema_want_name (bit); bit <<= 1)
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

/* Refuse values without a name, which cannot be written; the daemon checks everything else. */
static int
check_query (const sks_query *query, sks_error *err)
{
    if (query->version != 3)
        return sks_fail (err, SKS_EINVALID, "sks_query.version is not 1, 2 or 3; start from SKS_QUERY_INIT");
    if (!sks_schema_match_name (query->match))
        return sks_fail (err, SKS_EINVALID, "sks_query.match is not one of enum sks_match");
    if (!sks_schema_sort_name (query->sort))
        return sks_fail (err, SKS_EINVALID, "sks_query.sort is not one of enum sks_sort");
    if (query->want & ~known_wants ())
        return sks_fail (err, SKS_EINVALID, "sks_query.want has a bit that is not a SKS_WANT_...");
    if (!sks_schema_escape_name (query->escape))
        return sks_fail (err, SKS_EINVALID, "sks_query.escape is not one of enum sks_escape");
    if (!sks_schema_units_name (query->units))
        return sks_fail (err, SKS_EINVALID, "sks_query.units is not one of enum sks_units");
    for (int facet = 0; facet < SKS_FACETS; facet++)
        if (!filter_is_whole (&query->filter[facet]))
            return sks_fail (err, SKS_EINVALID, "sks_query.filter[%d]: a value is NULL", facet);
    const sks_filter *zone = &query->filter[SKS_FACET_ZONE];
    if (zone->min < 0 || zone->max < 0 || zone->min > SKS_ZONES || zone->max > SKS_ZONES ||
        (zone->max && zone->min > zone->max))
        return sks_fail (err, SKS_EINVALID, "sks_query.filter[SKS_FACET_ZONE] is not a range from 1 to %d", SKS_ZONES);
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

static int
check_request (const sks_request *request, sks_error *err)
{
    int rc = sks_request_has_query (request->op) ? check_query (&request->query, err) : 0;
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
