/* answer.c - headers, bodies, entity tags. */
#include "answer.h"

#include "client.h"
#include "daemon.h"
#include "gzip.h"
#include "clock.h"
#include "link.h"
#include "route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define GZIP_LEAST 1400 /* a smaller body fits into one packet uncompressed */
#define ETAG_BYTES 64

static const char *
header (const gw_request *request, const char *name)
{
    return MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, name);
}

/* ------------------------------------------------------------------ headers */
static void
add_cors (gw_request *request, struct MHD_Response *response)
{
    const gw_names *origins = &request->server->options.origins;
    const char *origin = header (request, "Origin");
    if (origins->count == 0)
        return;
    MHD_add_response_header (response, "Vary", "Origin");
    for (size_t i = 0; origin && i < origins->count; i++)
        if (strcmp (origins->items[i], origin) == 0) {
            MHD_add_response_header (response, "Access-Control-Allow-Origin", origin);
            MHD_add_response_header (response, "Access-Control-Expose-Headers",
                                     "ETag, Retry-After, X-Total-Count, X-Generation");
        }
}

/* Free everything except the answer, because the client may read it slowly. */
static void
free_all_but_answer (gw_request *request)
{
    gw_bytes_free (&request->body);
    gw_bytes_free (&request->asked);
    sks_reply_destroy (&request->reply);
    if (request->free_data)
        request->free_data (request->data);
    request->free_data = NULL;
    request->data = NULL;
}

enum MHD_Result
gw_answer (gw_request *request, unsigned status, struct MHD_Response *response, size_t size)
{
    gw_server *server = request->server;
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
    add_cors (request, response);
    if (request->refused || server->draining)
        MHD_add_response_header (response, "Connection", "close");
    size_t row = request->route ? (size_t) (request->route - server->routes) : 0;
    gw_metrics_count (&server->metrics, row, status, size);
    if (request->began)
        gw_metrics_time (&server->metrics, (double) (gw_clock_ms () - request->began));
    gw_link_answering (request);
    if (size)
        gw_client_hold (request, size);
    if (!request->resume)
        free_all_but_answer (request);
    enum MHD_Result result = MHD_queue_response (request->connection, status, response);
    MHD_destroy_response (response);
    return result;
}

static void
free_nothing (void *owner)
{
    (void) owner;
}

/* Make a response for bytes that belong to owner; free_owner releases them. */
static struct MHD_Response *
make_response (gw_request *request, const char *data, size_t *size, void *owner, void (*free_owner) (void *))
{
    size_t packed_size;
    bool accepted = request->server->options.gzip && gw_gzip_accepted (header (request, "Accept-Encoding"));
    char *packed = *size > GZIP_LEAST && accepted ? gw_gzip_pack (data, *size, &packed_size) : NULL;
    struct MHD_Response *response;
    if (packed) {
        free_owner (owner);
        *size = packed_size;
        response = MHD_create_response_from_buffer (packed_size, packed, MHD_RESPMEM_MUST_FREE);
        if (response)
            MHD_add_response_header (response, "Content-Encoding", "gzip");
    } else {
        response = MHD_create_response_from_buffer_with_free_callback_cls (*size, (void *) (uintptr_t) data, free_owner,
                                                                           owner);
    }
    if (response && request->server->options.gzip)
        MHD_add_response_header (response, "Vary", "Accept-Encoding");
    return response;
}

/* Make a response of a body, and take ownership of it. NULL when out of memory, or when the body could not be written
 * completely. */
static struct MHD_Response *
make_body_response (gw_request *request, const char *type, gw_bytes *body, size_t *size)
{
    *size = body->size;
    if (!gw_bytes_text (body)) {
        gw_bytes_free (body);
        return NULL;
    }
    struct MHD_Response *response = make_response (request, body->data, size, body->data, free);
    *body = (gw_bytes) { NULL, 0, 0, false };
    if (response)
        MHD_add_response_header (response, "Content-Type", type);
    return response;
}

enum MHD_Result
gw_answer_body (gw_request *request, const char *type, gw_bytes *body)
{
    size_t size;
    struct MHD_Response *response = make_body_response (request, type, body, &size);
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, "Cache-Control", "no-cache");
    return gw_answer (request, 200, response, size);
}

static void
add_problem_headers (gw_request *request, const gw_problem *problem, struct MHD_Response *response)
{
    if (problem->status == 503 || problem->status == 429)
        MHD_add_response_header (response, "Retry-After", "1");
    if (problem->status == 405)
        MHD_add_response_header (response, "Allow", gw_route_allow (request->route));
}

/* -------------------------------------------------------------------- pages */

/* A page loads from its own server only, and no other site may frame or read it. */
static void
add_page_headers (struct MHD_Response *response)
{
    MHD_add_response_header (response, "Content-Security-Policy",
                             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                             "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    MHD_add_response_header (response, "Referrer-Policy", "same-origin");
    MHD_add_response_header (response, "Cross-Origin-Resource-Policy", "same-origin");
}

enum MHD_Result
gw_answer_page (gw_request *request, const gw_problem *problem, gw_bytes *body)
{
    size_t size;
    struct MHD_Response *response = make_body_response (request, "text/html; charset=utf-8", body, &size);
    if (!response)
        return MHD_NO;
    add_page_headers (response);
    MHD_add_response_header (response, "Cache-Control", problem ? "no-store" : "no-cache");
    if (problem)
        add_problem_headers (request, problem, response);
    return gw_answer (request, problem ? problem->status : 200, response, size);
}

enum MHD_Result
gw_answer_redirect (gw_request *request, const char *location)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, "Location", location);
    return gw_answer (request, 303, response, 0);
}

static enum MHD_Result
send_static (gw_request *request, const char *type, const char *data, size_t size, bool asset)
{
    struct MHD_Response *response = make_response (request, data, &size, NULL, free_nothing);
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, "Content-Type", type);
    if (asset)
        add_page_headers (response);
    MHD_add_response_header (response, "Cache-Control", asset ? "public, max-age=31536000, immutable" : "no-cache");
    return gw_answer (request, 200, response, size);
}

enum MHD_Result
gw_answer_asset (gw_request *request, const char *type, const char *data, size_t size)
{
    return send_static (request, type, data, size, true);
}

enum MHD_Result
gw_answer_constant (gw_request *request, const char *type, const char *data, size_t size)
{
    return send_static (request, type, data, size, false);
}

/* ----------------------------------------------------------------- problems */
enum MHD_Result
gw_answer_problem (gw_request *request, const gw_problem *problem, const char *detail, long at)
{
    if (request->route && request->route->fail)
        return request->route->fail (request, problem, detail);
    gw_bytes body = { NULL, 0, 0, false };
    gw_bytes_printf (&body, "{\"type\":\"/problems#%s\",\"title\":", problem->code);
    gw_bytes_json (&body, problem->title);
    gw_bytes_printf (&body, ",\"status\":%u,\"detail\":", problem->status);
    gw_bytes_json (&body, detail);
    gw_bytes_printf (&body, ",\"code\":\"%s\"", problem->code);
    if (at >= 0)
        gw_bytes_printf (&body, ",\"at\":%ld", at);
    gw_bytes_puts (&body, "}\n");
    size_t size = body.size;
    struct MHD_Response *response =
        body.failed ? NULL : MHD_create_response_from_buffer (size, body.data, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        gw_bytes_free (&body);
        return MHD_NO;
    }
    MHD_add_response_header (response, "Content-Type", "application/problem+json");
    MHD_add_response_header (response, "Cache-Control", "no-store");
    add_problem_headers (request, problem, response);
    return gw_answer (request, problem->status, response, size);
}

enum MHD_Result
gw_answer_failure (gw_request *request)
{
    const sks_error *failure = &request->failure;
    return gw_answer_problem (request,
                              request->client_busy ? gw_problem_named ("client_busy") : gw_problem_of (failure->code),
                              failure->text, failure->at);
}

/* -------------------------------------------------------------------- replies */
static void
free_reply (void *reply)
{
    sks_reply *gone = reply;
    sks_reply_destroy (&gone);
}

/* The size of a reply without its last member, the time that it took. */
static size_t
size_without_time (const sks_reply *reply)
{
    static const char name[] = ",\"took_us\":";
    size_t digits = 1;
    while (digits < reply->size && strchr ("0123456789}", reply->json[reply->size - digits]))
        digits++;
    size_t tail = digits + sizeof name - 2;
    bool timed = tail < reply->size && memcmp (reply->json + reply->size - tail, name, sizeof name - 1) == 0;
    return timed ? reply->size - tail : reply->size;
}

/* Write the weak ETag of a reply: its generation, and hashes of request and reply, because the tables of near words
 * may change within a generation. False if the reply does not begin with its generation. */
static bool
write_etag (const gw_request *request, char out[ETAG_BYTES])
{
    static const char head[] = "{\"ok\":true,\"generation\":";
    const sks_reply *reply = request->reply;
    if (reply->size < sizeof head + 20 || memcmp (reply->json, head, sizeof head - 1) != 0)
        return false;
    const char *digits = reply->json + sizeof head - 1;
    snprintf (out, ETAG_BYTES, "W/\"%.*s-%016llx\"", (int) strspn (digits, "0123456789"), digits,
              (unsigned long long) XXH3_64bits_withSeed (reply->json, size_without_time (reply),
                                                         XXH3_64bits (request->asked.data, request->asked.size)));
    return true;
}

/* Whether If-None-Match is "*", or a list of entity tags with this one. The text between
 * the quotes of a tag may have commas. */
static bool
knows_etag (const gw_request *request, const char *etag)
{
    static const char blanks[] = " \t", separators[] = ", \t";
    const char *at = header (request, "If-None-Match");
    size_t size = strlen (etag) - 2;
    if (!at)
        return false;
    at += strspn (at, blanks);
    if (*at == '*')
        return at[1 + strspn (at + 1, blanks)] == '\0';
    for (at += strspn (at, separators); *at; at += strspn (at, separators)) {
        at += strncmp (at, "W/", 2) == 0 ? 2 : 0;
        const char *end = *at == '"' ? strchr (at + 1, '"') : NULL;
        if (!end)
            return false;
        if ((size_t) (end + 1 - at) == size && memcmp (at, etag + 2, size) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

enum MHD_Result
gw_answer_later (gw_request *request)
{
    return gw_daemon_ask (request) == 0 ? MHD_YES : gw_answer_failure (request);
}

enum MHD_Result
gw_answer_reply (gw_request *request)
{
    char etag[ETAG_BYTES];
    if (request->failure.code)
        return gw_answer_failure (request);
    sks_reply *reply = request->reply;
    size_t size = reply->size;
    bool tagged = write_etag (request, etag);
    bool known = tagged && !request->is_post && knows_etag (request, etag);
    /* A 304 has no body, but libmicrohttpd writes the Content-Length of one: it must be that of the reply. */
    request->reply = NULL;
    struct MHD_Response *response = make_response (request, reply->json, &size, reply, free_reply);
    if (!response)
        return MHD_NO;
    if (known)
        MHD_del_response_header (response, "Content-Encoding", "gzip");
    else
        MHD_add_response_header (response, "Content-Type", "application/json");
    MHD_add_response_header (response, "Cache-Control", "no-cache");
    if (tagged)
        MHD_add_response_header (response, "ETag", etag);
    return gw_answer (request, known ? 304 : 200, response, known ? 0 : size);
}

enum MHD_Result
gw_answer_options (gw_request *request, const char *allow)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, "Allow", allow);
    if (request->server->options.origins.count && header (request, "Access-Control-Request-Method")) {
        MHD_add_response_header (response, "Access-Control-Allow-Methods", allow);
        MHD_add_response_header (response, "Access-Control-Allow-Headers", "Content-Type, If-None-Match");
        MHD_add_response_header (response, "Access-Control-Max-Age", "600");
    }
    return gw_answer (request, 204, response, 0);
}
