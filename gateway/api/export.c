/* export.c - pages of "scan", formatted by the library as they arrive. */
#include "export.h"

#include "parameters.h"

#include "gateway/http/answer.h"
#include "gateway/http/client.h"
#include "gateway/http/daemon.h"
#include "gateway/http/link.h"
#include "gateway/http/route.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BLOCK_BYTES 32768

/* The ending of a path selects the format. Each path is a row in paths.c. */
static const struct format {
    const char *end;
    int format; /* enum sks_format */
} formats[] = {
    { ".ndjson", SKS_FORMAT_NDJSON },
    { ".csv", SKS_FORMAT_CSV },
    { ".tsv", SKS_FORMAT_TSV },
};

struct export
{
    gw_request *request;
    gw_bytes query; /* the request without its limit, cursor and last brace */
    sks_lines *lines;
    sks_page page;
    size_t taken; /* bytes of the page */
    bool broken;
};

static void
free_export (void *data)
{
    struct export *export = data;
    gw_bytes_free (&export->query);
    sks_lines_destroy (&export->lines);
    free (export);
}

static int
create_lines (const gw_request *request, const struct export *export, sks_lines **lines)
{
    const char *end = strrchr (request->route->path, '.');
    /* A value cannot look like a member: its quotes are escaped. For tables,
     * "provenance" is the only value of "want". */
    bool wants = strstr (export->query.data, ",\"want\":[") != NULL;
    bool sorted = strstr (export->query.data, ",\"sort\":\"") != NULL;
    unsigned flags = (wants ? SKS_LINES_PROVENANCE : 0) | (sorted ? SKS_LINES_SORTED : 0) |
                     (request->server->options.excel_safe ? SKS_LINES_EXCEL_SAFE : 0);
    size_t i = 0;
    while (i + 1 < sizeof formats / sizeof *formats && strcmp (formats[i].end, end) != 0)
        i++;
    return sks_lines_create (lines, formats[i].format, flags, NULL);
}

static void
write_page_request (struct export *export)
{
    gw_bytes *asked = &export->request->asked;
    gw_bytes_clear (asked);
    gw_bytes_add (asked, export->query.data, export->query.size);
    gw_bytes_printf (asked, ",\"limit\":%d", GW_EXPORT_PAGE);
    if (export->page.cursor) {
        gw_bytes_puts (asked, ",\"cursor\":");
        gw_bytes_json (asked, export->page.cursor);
    }
    gw_bytes_puts (asked, "}");
}

/* Format the page that has arrived. It stays in memory until the client has taken
 * it. */
static int
read_page (struct export *export)
{
    gw_request *request = export->request;
    const sks_reply *reply = request->reply;
    int rc = sks_lines_page (export->lines, reply->json, reply->size, &export->page, &request->failure);
    export->taken = 0;
    gw_client_hold (request, export->page.size);
    sks_reply_destroy (&request->reply);
    return rc;
}

/* ------------------------------------------------------------------- streaming */

/* Take the next page, or its failure. */
static void
take_page (gw_request *request)
{
    struct export *export = request->data;
    export->broken = request->failure.code || read_page (export) != 0;
    gw_link_answering (request);
}

/* Abort the stream. In HTTP/1.0 the end of the connection ends the body, so only a reset shows that a part is
 * missing. */
static ssize_t
break_off (const gw_request *request)
{
    const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
    if (request->is_old && request->link && connect (request->link->fd, &nobody, sizeof nobody) != 0)
        shutdown (request->link->fd, SHUT_RDWR);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The content reader. If it returned 0 without suspending, libmicrohttpd would call
 * it again at once, for ever. */
static ssize_t
read_lines (void *cls, uint64_t position, char *buffer, size_t most)
{
    struct export *export = cls;
    (void) position;
    size_t left = export->page.size - export->taken;
    if (export->broken)
        return break_off (export->request);
    if (left == 0 && !export->page.cursor)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left == 0) {
        write_page_request (export);
        gw_client_hold (export->request, 0);
        return gw_daemon_ask (export->request) == 0 ? 0 : break_off (export->request);
    }
    size_t size = left < most ? left : most;
    memcpy (buffer, export->page.text + export->taken, size);
    export->taken += size;
    export->request->server->metrics.bytes += size;
    return (ssize_t) size;
}

enum MHD_Result
gw_export_begin (gw_request *request)
{
    char detail[256];
    struct export *export = calloc (1, sizeof *export);
    if (!export)
        return MHD_NO;
    export->request = request;
    request->data = export;
    request->free_data = free_export;
    if (gw_parameters_write (request, "scan", &export->query, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    if (!gw_bytes_text (&export->query) || create_lines (request, export, &export->lines) != 0)
        return MHD_NO;
    export->query.size--;
    write_page_request (export);
    return gw_answer_later (request);
}

static void
add_headers (const struct export *export, struct MHD_Response *response)
{
    const gw_route *route = export->request->route;
    char text[96];
    MHD_add_response_header (response, "Content-Type", route->type);
    snprintf (text, sizeof text, "attachment; filename=\"statements%s\"", strrchr (route->path, '.'));
    MHD_add_response_header (response, "Content-Disposition", text);
    snprintf (text, sizeof text, "%" PRIu64, export->page.total);
    MHD_add_response_header (response, "X-Total-Count", text);
    snprintf (text, sizeof text, "%" PRIu64, export->page.generation);
    MHD_add_response_header (response, "X-Generation", text);
    MHD_add_response_header (response, "Cache-Control", "no-cache");
}

enum MHD_Result
gw_export_finish (gw_request *request)
{
    struct export *export = request->data;
    if (request->failure.code || read_page (export) != 0)
        return gw_answer_failure (request);
    struct MHD_Response *response =
        MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_lines, export, NULL);
    if (!response)
        return MHD_NO;
    /* libmicrohttpd 0.9.75 writes the end of a chunked body even if there is no body, and the client would read it as
     * the beginning of the next answer. */
    if (request->is_head)
        MHD_set_response_options (response, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
    request->resume = take_page;
    add_headers (export, response);
    return gw_answer (request, 200, response, 0);
}
