/* fuzz_parameters.c - any bytes as the parameters of a path. If accepted, they become one JSON object; if refused, the
 * message is one line of plain text. */
#include "gateway/api/parameters.h"

#include "core/base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_PAIRS 320 /* more than the server accepts */

static struct {
    char *name, *value;
} pairs[MOST_PAIRS];
static size_t count;

/* Stands in for libmicrohttpd, which would need a connection. */
int
MHD_get_connection_values (struct MHD_Connection *connection, enum MHD_ValueKind kind, MHD_KeyValueIterator take,
                           void *cls)
{
    (void) connection;
    for (size_t i = 0; i < count; i++)
        if (take (cls, kind, pairs[i].name, pairs[i].value) != MHD_YES)
            break;
    return (int) count;
}

/* NAME=VALUE&..., in place; a pair without "=" has no value. */
static void
split (char *text)
{
    count = 0;
    for (char *next; text && count < MOST_PAIRS; text = next) {
        next = strchr (text, '&');
        if (next)
            *next++ = '\0';
        char *value = strchr (text, '=');
        if (value)
            *value++ = '\0';
        pairs[count].name = text;
        pairs[count++].value = value;
    }
}

static void
check_message (const char *detail)
{
    if (!*detail)
        abort ();
    for (const char *at = detail; *at; at++)
        if ((unsigned char) *at < 0x20 || *at == 0x7f)
            abort ();
}

static void
check_request (gw_bytes *out)
{
    static const sks_json_limits limits = { .bytes = 1 << 20, .depth = 8, .members = 100, .values = 10000 };
    sks_error err;
    const char *text = gw_bytes_text (out);
    if (!text || sks_json_check (text, out->size, &limits, &err) != 0)
        abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const paths[] = { "/v1/search",       "/v1/similar", "/v1/get",           "/v1/crosswalk",
                                         "/v1/facet_values", "/v1/scan",    "/v1/export.ndjson", "/v1/export.csv",
                                         "/v1/compare",      "/v1/suggest", "/metrics" };
    if (size == 0)
        return 0;
    gw_route route = { .path = paths[data[0] % (sizeof paths / sizeof *paths)] };
    gw_request request = { .route = &route };
    gw_bytes out = { NULL, 0, 0, false };
    char detail[256] = "", *text = calloc (1, size);
    bool flag;
    if (!text)
        return 0;
    memcpy (text, data + 1, size - 1);
    split (text);
    if (gw_parameters_write (&request, "scan", &out, detail, sizeof detail) == 0)
        check_request (&out);
    else
        check_message (detail);
    if (gw_parameters_refuse (&request, detail, sizeof detail) != 0)
        check_message (detail);
    if (gw_parameters_read_flag (&request, "daemon", &flag, detail, sizeof detail) != 0)
        check_message (detail);
    gw_bytes_free (&out);
    free (text);
    return 0;
}
