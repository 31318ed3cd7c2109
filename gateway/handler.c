/* handler.c - checks the headers, collects the body, calls the route. */
#include "handler.h"

#include "paths.h"

#include "gateway/http/answer.h"
#include "gateway/http/clock.h"
#include "gateway/http/daemon.h"
#include "gateway/http/headers.h"
#include "gateway/http/link.h"

#include <stdlib.h>
#include <string.h>

void *
gw_handler_url (void *cls, const char *url, struct MHD_Connection *connection)
{
    gw_server *server = cls;
    gw_request *request = calloc (1, sizeof *request);
    if (!request)
        return NULL;
    request->server = server;
    request->connection = connection;
    request->link = gw_link_of (connection);
    gw_link_begun (request);
    request->raw_nul = strstr (url, "%00") != NULL;
    request->failure.at = -1;
    server->requests++;
    return request;
}

void
gw_handler_completed (void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    gw_server *server = cls;
    gw_request *request = *state;
    (void) connection;
    (void) why;
    if (!request)
        return;
    *state = NULL;
    gw_link_answered (request);
    gw_daemon_forget (request);
    if (request->free_data)
        request->free_data (request->data);
    sks_reply_destroy (&request->reply);
    gw_bytes_free (&request->body);
    gw_bytes_free (&request->asked);
    free (request);
    server->requests--;
}

/* libmicrohttpd 0.9.75 completes no request whose parameters exceed its memory. */
void
gw_handler_connection (void *cls, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    gw_link *link = *context;
    void *left = code == MHD_CONNECTION_NOTIFY_CLOSED && link ? link->request : NULL;
    gw_handler_completed (cls, connection, &left, MHD_REQUEST_TERMINATED_WITH_ERROR);
    gw_link_notify (cls, connection, context, code);
}

static bool
is_json (const gw_request *request)
{
    static const char wanted[] = "application/json";
    const char *type = MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, "Content-Type");
    size_t size = type ? strcspn (type, "; \t") : 0;
    return size == sizeof wanted - 1 && strncasecmp (type, wanted, size) == 0;
}

static enum MHD_Result
refuse (gw_request *request, const char *code, const char *detail)
{
    request->refused = true;
    request->state = GW_ENDED;
    request->server->metrics.refused[GW_REFUSED_HEADERS]++;
    return gw_answer_problem (request, gw_problem_named (code), detail, -1);
}

/* Handle the first call for a request, when its headers have arrived. */
static enum MHD_Result
take_headers (gw_request *request, const char *url, const char *method, const char *version)
{
    const char *detail;
    request->is_post = strcmp (method, "POST") == 0;
    request->is_head = strcmp (method, "HEAD") == 0;
    request->is_old = strcmp (version, "HTTP/1.0") == 0;
    const gw_problem *problem = gw_headers_check (request, url, &detail);
    request->path = gw_headers_path (url);
    request->route = gw_paths_find (request->path); /* a refusal by a page is a page */
    if (problem)
        return refuse (request, problem->code, detail);
    bool is_get = strcmp (method, "GET") == 0 || request->is_head;
    request->state = GW_BODY;
    if (strcmp (method, "OPTIONS") == 0)
        return MHD_YES;
    if (!(request->route->methods & (is_get ? GW_GET : request->is_post ? GW_POST : 0u)))
        return refuse (request, "method", "the path does not support this method");
    if (request->is_post && request->route->op && !is_json (request))
        return refuse (request, "media_type", "Content-Type: application/json is needed");
    return MHD_YES;
}

static void
take_body (gw_request *request, const char *data, size_t size)
{
    if (request->body.size + size <= GW_MAX_BODY_BYTES)
        gw_bytes_add (&request->body, data, size);
    else
        request->body.failed = true;
}

static enum MHD_Result
begin (gw_request *request, const char *method)
{
    request->began = gw_clock_ms ();
    request->state = GW_ENDED;
    if (request->link)
        request->link->until = INT64_MAX;
    if (request->body.failed)
        return refuse (request, "body_size", "a body has at most 65536 bytes");
    if (strcmp (method, "OPTIONS") == 0)
        return gw_answer_options (request, gw_route_allow (request->route));
    return request->route->begin (request);
}

enum MHD_Result
gw_handler_request (void *cls, struct MHD_Connection *connection, const char *path, const char *method,
                    const char *version, const char *data, size_t *size, void **state)
{
    gw_request *request = *state;
    (void) cls;
    (void) connection;
    if (!request || (request->link && request->link->ended))
        return MHD_NO;
    if (request->state == GW_HEADERS)
        return take_headers (request, path, method, version);
    if (*size) {
        take_body (request, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (request->state == GW_BODY)
        return begin (request, method);
    return request->route->finish ? request->route->finish (request) : gw_answer_reply (request);
}
