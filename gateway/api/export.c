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

/* The ending of a path selects the format. Each path is a row in paths.c; those that are not listed here are
 * packages. */
static const struct format {
    const char *name;
    int format; /* enum sks_format */
} formats[] = {
    { "ndjson", SKS_FORMAT_NDJSON },
    { "csv", SKS_FORMAT_CSV },
    { "tsv", SKS_FORMAT_TSV },
};

struct export
{
    gw_request *request;
    gw_bytes query; /* the request without its limit, cursor and last brace */
    sks_lines *lines;
    sks_packages *packages; /* NULL: lines are written */
    const char *extension;  /* of the file's name */
    sks_page page;          /* its cursor is not NULL as long as something else must be requested */
    size_t taken;           /* bytes of the page */
    bool more;              /* the page's package has other pieces, for which nothing is requested */
    bool broken;
};

static void
free_export (void *data)
{
    struct export *export = data;
    gw_bytes_free (&export->query);
    sks_lines_destroy (&export->lines);
    sks_packages_destroy (&export->packages);
    free (export);
}

static const char *
format_name (const gw_request *request)
{
    return strchr (request->route->path, '.') + 1;
}

static const char *
parameter (const gw_request *request, const char *name)
{
    return MHD_lookup_connection_value (request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static int
create_packages (const gw_request *request, struct export *export, sks_error *err)
{
    sks_package_options options = SKS_PACKAGE_OPTIONS_INIT;
    const sks_package_kind *kind;
    options.format = 0;
    while ((kind = sks_package_kind_of (options.format)) && strcmp (kind->name, format_name (request)) != 0)
        options.format++;
    options.flags = request->server->options.excel_safe ? SKS_PACKAGE_EXCEL_SAFE : 0;
    options.request = export->query.data;
    options.base_uri = parameter (request, "base_uri");
    options.creator = parameter (request, "creator");
    options.publisher = parameter (request, "publisher");
    export->extension = kind ? kind->extension : "";
    return sks_packages_create (&export->packages, &options, err);
}

#define MOST_COLUMNS 32

/* columns=a,b */
static int
create_lines (const gw_request *request, struct export *export, int format, sks_error *err)
{
    char names[SKS_MAX_NAME_BYTES];
    const char *columns[MOST_COLUMNS], *given = parameter (request, "columns");
    sks_lines_options options = SKS_LINES_OPTIONS_INIT;
    char *rest = names;
    /* A value cannot look like a member: its quotes are escaped. For tables,
     * "provenance" is the only value of "want". */
    bool wants = strstr (export->query.data, ",\"want\":[") != NULL;
    bool sorted = strstr (export->query.data, ",\"sort\":\"") != NULL;
    options.format = format;
    options.flags = (wants ? SKS_LINES_PROVENANCE : 0) | (sorted ? SKS_LINES_SORTED : 0) |
                    (request->server->options.excel_safe ? SKS_LINES_EXCEL_SAFE : 0);
    options.columns = columns;
    snprintf (names, sizeof names, "%s", given ? given : "");
    while (given && rest && options.column_count < MOST_COLUMNS)
        columns[options.column_count++] = strsep (&rest, ",");
    int rc = sks_lines_create_with (&export->lines, &options, err);
    if (rc == 0 && sks_lines_want (export->lines) && !wants) {
        export->query.size--;
        gw_bytes_puts (&export->query, ",\"want\":[\"provenance\"]}");
        rc = gw_bytes_text (&export->query) ? 0 : SKS_ENOMEM;
    }
    return rc;
}

/* Create what writes the text. */
static int
create_writer (const gw_request *request, struct export *export, sks_error *err)
{
    const char *name = format_name (request);
    export->extension = name;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp (formats[i].name, name) == 0)
            return create_lines (request, export, formats[i].format, err);
    return create_packages (request, export, err);
}

static void
write_page_request (struct export *export)
{
    gw_bytes *asked = &export->request->asked;
    gw_bytes_clear (asked);
    if (export->packages) {
        const char *request = sks_packages_request (export->packages);
        gw_bytes_puts (asked, request ? request : "");
        return;
    }
    gw_bytes_add (asked, export->query.data, export->query.size);
    gw_bytes_printf (asked, ",\"limit\":%d", GW_EXPORT_PAGE);
    if (export->page.cursor) {
        gw_bytes_puts (asked, ",\"cursor\":");
        gw_bytes_json (asked, export->page.cursor);
    }
    gw_bytes_puts (asked, "}");
}

/* Take a reply for packages, or NULL for the next piece; a page's text is a piece. */
static int
read_package (struct export *export, const sks_reply *reply, sks_error *err)
{
    sks_package package;
    int rc = reply ? sks_packages_read (export->packages, reply->json, reply->size, &package, err)
                   : sks_packages_more (export->packages, &package, err);
    export->more = rc == 0 && package.more;
    export->page = (sks_page) { .text = package.text,
                                .size = package.size,
                                .cursor = rc || package.ended ? NULL : "",
                                .generation = package.generation,
                                .total = package.total };
    return rc;
}

/* Format the page that has arrived. It stays in memory until the client has taken
 * it. */
static int
read_page (struct export *export)
{
    gw_request *request = export->request;
    const sks_reply *reply = request->reply;
    int rc = export->packages
                 ? read_package (export, reply, &request->failure)
                 : sks_lines_page (export->lines, reply->json, reply->size, &export->page, &request->failure);
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
    while (left == 0 && export->more && !export->broken) {
        export->broken = read_package (export, NULL, &export->request->failure) != 0;
        export->taken = 0;
        left = export->page.size;
        gw_client_hold (export->request, left);
    }
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
    sks_error err = { .code = 0 };
    struct export *export = calloc (1, sizeof *export);
    if (!export)
        return MHD_NO;
    export->request = request;
    request->data = export;
    request->free_data = free_export;
    if (gw_parameters_write (request, "scan", &export->query, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    if (!gw_bytes_text (&export->query))
        return MHD_NO;
    int rc = create_writer (request, export, &err);
    if (rc == SKS_ENOMEM)
        return MHD_NO;
    if (rc)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), err.text, -1);
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
    snprintf (text, sizeof text, "attachment; filename=\"statements.%s\"", export->extension);
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
