/* export.c - NDJSON: the hits of each page as the daemon wrote them, one a line. */
#include "export.h"

#include "answer.h"
#include "daemon.h"
#include "parameters.h"
#include "route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 32768
#define CURSOR_BYTES 64

struct export
{
    gw_request *request;
    gw_bytes query; /* the request without its limit, cursor and last brace */
    gw_bytes lines; /* of one page */
    size_t taken;
    char cursor[CURSOR_BYTES]; /* of the next page; "" after the last */
    char generation[24], total[24];
    bool broken;
};

static void
free_export (void *data)
{
    struct export *export = data;
    gw_bytes_free (&export->query);
    gw_bytes_free (&export->lines);
    free (export);
}

static void
write_page_request (struct export *export)
{
    gw_bytes *asked = &export->request->asked;
    gw_bytes_clear (asked);
    gw_bytes_add (asked, export->query.data, export->query.size);
    gw_bytes_printf (asked, ",\"limit\":%d", GW_EXPORT_PAGE);
    if (*export->cursor) {
        gw_bytes_puts (asked, ",\"cursor\":");
        gw_bytes_json (asked, export->cursor);
    }
    gw_bytes_puts (asked, "}");
}

/* ------------------------------------------------------------- reading a page */

/* The end of the JSON value that begins at `at`: an object or a string. */
static const char *
skip_value (const char *at, const char *end)
{
    int depth = 0;
    for (bool text = false; at < end; at++) {
        if (text && *at == '\\')
            at++;
        else if (*at == '"')
            text = !text;
        else if (!text)
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        if (!text && depth == 0)
            return at + 1;
    }
    return NULL;
}

/* Copy the number behind a name; *at moves behind both. */
static bool
take_number (const char **at, const char *end, const char *name, char out[24])
{
    size_t size = strlen (name), digits = 0;
    if ((size_t) (end - *at) < size + 24 || memcmp (*at, name, size) != 0)
        return false;
    while (digits < 23 && (*at)[size + digits] >= '0' && (*at)[size + digits] <= '9')
        digits++;
    snprintf (out, 24, "%.*s", (int) digits, *at + size);
    *at += size + digits;
    return digits > 0;
}

static bool
take_cursor (struct export *export, const char *at, const char *end)
{
    static const char name[] = "],\"cursor\":";
    *export->cursor = '\0';
    if ((size_t) (end - at) < sizeof name + 4 || memcmp (at, name, sizeof name - 1) != 0)
        return false;
    at += sizeof name - 1;
    if (*at != '"')
        return memcmp (at, "null", 4) == 0;
    const char *close = skip_value (at, end);
    if (!close || close - at - 2 >= CURSOR_BYTES || memchr (at, '\\', (size_t) (close - at)))
        return false;
    snprintf (export->cursor, CURSOR_BYTES, "%.*s", (int) (close - at - 2), at + 1);
    return true;
}

/* The hits of a reply as lines. False when it is not one of "scan". */
static bool
read_page (struct export *export, const sks_reply *reply)
{
    static const char open[] = ",\"hits\":[";
    const char *at = reply->json, *end = reply->json + reply->size;
    char generation[24];
    gw_bytes_clear (&export->lines);
    export->taken = 0;
    if (!take_number (&at, end, "{\"ok\":true,\"generation\":", generation) ||
        !take_number (&at, end, ",\"total\":", export->total) || memcmp (at, open, sizeof open - 1) != 0)
        return false;
    if (*export->generation && strcmp (export->generation, generation) != 0)
        return false;
    strcpy (export->generation, generation);
    for (at += sizeof open - 1; at < end && *at != ']'; at += *at == ',') {
        const char *close = skip_value (at, end);
        if (!close || close == end)
            return false;
        gw_bytes_add (&export->lines, at, (size_t) (close - at));
        gw_bytes_puts (&export->lines, "\n");
        at = close;
    }
    return take_cursor (export, at, end) && !export->lines.failed;
}

/* ------------------------------------------------------------------- streaming */

/* A further page came, or did not. */
static void
take_page (gw_request *request)
{
    struct export *export = request->data;
    export->broken = request->failure.code || !read_page (export, request->reply);
    sks_reply_destroy (&request->reply);
}

/* The content reader. Returning 0 without suspending would be called again at
 * once, for ever. */
static ssize_t
read_lines (void *cls, uint64_t position, char *buffer, size_t most)
{
    struct export *export = cls;
    (void) position;
    size_t left = export->lines.size - export->taken;
    if (export->broken)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (left == 0 && !*export->cursor)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left == 0) {
        write_page_request (export);
        return gw_daemon_ask (export->request) == 0 ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t size = left < most ? left : most;
    memcpy (buffer, export->lines.data + export->taken, size);
    export->taken += size;
    export->request->server->metrics.bytes += size;
    return (ssize_t) size;
}

enum MHD_Result
gw_export_begin (gw_request *request)
{
    char detail[256];
    static const char *const ours[] = { "limit", "cursor" };
    for (size_t i = 0; i < 2; i++)
        if (MHD_lookup_connection_value (request->connection, MHD_GET_ARGUMENT_KIND, ours[i])) {
            snprintf (detail, sizeof detail, "%s: no parameter of this path", ours[i]);
            return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
        }
    struct export *export = calloc (1, sizeof *export);
    if (!export)
        return MHD_NO;
    export->request = request;
    request->data = export;
    request->free_data = free_export;
    if (gw_parameters_write (request, "scan", &export->query, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    if (export->query.failed)
        return MHD_NO;
    export->query.size--;
    write_page_request (export);
    return gw_route_ask (request);
}

enum MHD_Result
gw_export_finish (gw_request *request)
{
    struct export *export = request->data;
    if (request->failure.code)
        return gw_answer_failure (request);
    if (!read_page (export, request->reply))
        return gw_answer_problem (request, gw_problem_named ("protocol"), "a page cannot be read", -1);
    sks_reply_destroy (&request->reply);
    struct MHD_Response *response =
        MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_lines, export, NULL);
    if (!response)
        return MHD_NO;
    request->resume = take_page;
    MHD_add_response_header (response, "Content-Type", "application/x-ndjson");
    MHD_add_response_header (response, "Content-Disposition", "attachment; filename=\"statements.ndjson\"");
    MHD_add_response_header (response, "X-Total-Count", export->total);
    MHD_add_response_header (response, "X-Generation", export->generation);
    MHD_add_response_header (response, "Cache-Control", "no-cache");
    return gw_answer (request, 200, response, 0);
}
