/* route.c - the table, and the routes that need a few lines only. */
#include "route.h"

#include "answer.h"
#include "asset.h"
#include "daemon.h"
#include "export.h"
#include "page.h"
#include "openapi.h"
#include "parameters.h"

#include <string.h>

enum MHD_Result
gw_route_ask (gw_request *request)
{
    return gw_daemon_ask (request) == 0 ? MHD_YES : gw_answer_failure (request);
}

/* ---------------------------------------------------------------- operations */

/* The body is the request without v, id and op: put the operation into it. */
static enum MHD_Result
begin_post (gw_request *request)
{
    char detail[256];
    if (gw_parameters_refuse (request, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    const char *body = gw_bytes_text (&request->body);
    if (!body)
        return MHD_NO;
    body += strspn (body, " \t\r\n");
    if (strlen (body) + (size_t) (body - request->body.data) != request->body.size || *body != '{')
        return gw_answer_problem (request, gw_problem_named ("bad_request"), "the body is not a JSON object", -1);
    body += 1 + strspn (body + 1, " \t\r\n");
    gw_bytes_printf (&request->asked, "{\"op\":\"%s\"%s", request->route->op, *body == '}' ? "" : ",");
    gw_bytes_puts (&request->asked, body);
    return gw_route_ask (request);
}

static enum MHD_Result
begin_operation (gw_request *request)
{
    char detail[256];
    if (request->is_post)
        return begin_post (request);
    if (gw_parameters_write (request, request->route->op, &request->asked, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    return gw_route_ask (request);
}

/* --------------------------------------------------------------------- health */
static enum MHD_Result
answer_text (gw_request *request, unsigned status, const char *text)
{
    gw_bytes body = { NULL, 0, 0, false };
    gw_bytes_puts (&body, text);
    return gw_answer_body (request, status, request->route->type, NULL, &body);
}

static enum MHD_Result
begin_healthz (gw_request *request)
{
    return answer_text (request, 200, "ok\n");
}

static enum MHD_Result
begin_readyz (gw_request *request)
{
    if (gw_server_is_ready (request->server))
        return answer_text (request, 200, "ready\n");
    return gw_answer_problem (request, gw_problem_named (request->server->draining ? "shutting_down" : "connect"),
                              "the daemon has not answered within the last second", -1);
}

static enum MHD_Result begin_metrics (gw_request *request);
static enum MHD_Result finish_metrics (gw_request *request);

static enum MHD_Result
begin_problems (gw_request *request)
{
    gw_bytes body = { NULL, 0, 0, false };
    for (size_t i = 0; gw_problem_at (i); i++)
        gw_bytes_printf (&body, "%-18s %u  %s\n", gw_problem_at (i)->code, gw_problem_at (i)->status,
                         gw_problem_at (i)->title);
    return gw_answer_body (request, 200, request->route->type, NULL, &body);
}

static enum MHD_Result
begin_unknown (gw_request *request)
{
    const char *accept = MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, "Accept");
    if (accept && strstr (accept, "text/html"))
        return gw_page_problem (request, gw_problem_named ("not_found"), "There is no such page.");
    return gw_answer_problem (request, gw_problem_named ("not_found"), "no such path", -1);
}

/* ---------------------------------------------------------------------- table */
#define PLAIN "text/plain; charset=utf-8"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"

static const gw_route routes[] = {
    { "other", GW_GET | GW_POST, NULL, begin_unknown, NULL, NULL, NULL },
    { "/v1/search", GW_GET | GW_POST, "search", begin_operation, NULL, NULL, "Find statements and count facets" },
    { "/v1/multi_search", GW_POST, "multi", begin_operation, NULL, NULL, "Up to 16 requests in one" },
    { "/v1/get", GW_GET | GW_POST, "get", begin_operation, NULL, NULL, "Statements by their ids" },
    { "/v1/similar", GW_GET | GW_POST, "similar", begin_operation, NULL, NULL, "Statements most like one" },
    { "/v1/occupation", GW_GET | GW_POST, "occupation", begin_operation, NULL, NULL,
      "One occupation with its statements" },
    { "/v1/compare", GW_GET | GW_POST, "compare", begin_operation, NULL, NULL, "The levels of an occupation" },
    { "/v1/crosswalk", GW_GET | GW_POST, "crosswalk", begin_operation, NULL, NULL, "What two occupations share" },
    { "/v1/map", GW_POST, "map", begin_operation, NULL, NULL, "Statements for each sentence of a text" },
    { "/v1/suggest", GW_GET | GW_POST, "suggest", begin_operation, NULL, NULL, "How a text may go on" },
    { "/v1/facet_values", GW_GET | GW_POST, "facet_values", begin_operation, NULL, NULL, "Values of one facet" },
    { "/v1/analyze", GW_GET | GW_POST, "analyze", begin_operation, NULL, NULL, "How a query is read" },
    { "/v1/scan", GW_GET | GW_POST, "scan", begin_operation, NULL, NULL, "All statements found, by pages" },
    { "/v1/export.ndjson", GW_GET, "scan", gw_export_begin, gw_export_finish, "application/x-ndjson",
      "All statements found, one JSON object a line" },
    { "/v1/export.csv", GW_GET, "scan", gw_export_begin, gw_export_finish, "text/csv; charset=utf-8; header=present",
      "All statements found as a table (RFC 4180)" },
    { "/v1/export.tsv", GW_GET, "scan", gw_export_begin, gw_export_finish, "text/tab-separated-values; charset=utf-8",
      "All statements found as a table with tabs" },
    { "/openapi.json", GW_GET, NULL, gw_openapi_begin, NULL, NULL, "This description" },
    { "/healthz", GW_GET, NULL, begin_healthz, NULL, PLAIN, "Whether the process runs" },
    { "/readyz", GW_GET, NULL, begin_readyz, NULL, PLAIN, "Whether the daemon answers" },
    { "/metrics", GW_GET, NULL, begin_metrics, finish_metrics, METRICS, "Counters for Prometheus" },
    { "/problems", GW_GET, NULL, begin_problems, NULL, PLAIN, "The kinds of failure" },
    { .path = "/", .methods = GW_GET | GW_PAGE, .begin = gw_search_begin, .finish = gw_search_finish },
    { .path = "/facet/", .methods = GW_GET | GW_PAGE, .begin = gw_values_begin, .finish = gw_values_finish },
    { .path = "/occupation/", .methods = GW_GET | GW_PAGE, .begin = gw_levels_begin, .finish = gw_levels_finish },
    { .path = "/similar", .methods = GW_GET | GW_PAGE, .begin = gw_similar_begin, .finish = gw_similar_finish },
    { .path = "/crosswalk", .methods = GW_GET | GW_PAGE, .begin = gw_crosswalk_begin, .finish = gw_crosswalk_finish },
    { .path = "/map", .methods = GW_GET | GW_POST | GW_PAGE, .begin = gw_map_begin, .finish = gw_map_finish },
    { .path = "/asset/", .methods = GW_GET | GW_PAGE, .begin = gw_asset_begin },
};
#define ROUTES (sizeof routes / sizeof *routes)
_Static_assert(ROUTES <= GW_MAX_ROUTES, "metrics has a row for each route");

/* Our own counters, and after them the daemon's if they came. */
static enum MHD_Result
finish_metrics (gw_request *request)
{
    const gw_server *server = request->server;
    const sks_reply *reply = request->reply;
    gw_gauges gauges = { 0, server->sent_count, server->waiting_count, server->held, gw_server_is_ready (server) };
    const char *paths[ROUTES];
    gw_bytes body = { NULL, 0, 0, false };
    char *text;
    for (size_t i = 0; i < ROUTES; i++)
        paths[i] = routes[i].path;
    for (const gw_link *link = server->links; link; link = link->next)
        gauges.connections++;
    gw_metrics_write (&server->metrics, &gauges, paths, ROUTES, &body);
    if (reply && reply->code == 0 && sks_stats_prometheus (reply->json, reply->size, &text, NULL) == 0) {
        gw_bytes_puts (&body, text);
        sks_free (text);
    }
    return gw_answer_body (request, 200, METRICS, NULL, &body);
}

static enum MHD_Result
begin_metrics (gw_request *request)
{
    char detail[256];
    bool daemon;
    if (gw_parameters_read_flag (request, "daemon", &daemon, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    if (daemon)
        gw_bytes_puts (&request->asked, "{\"op\":\"stats\"}");
    return daemon && gw_daemon_ask (request) == 0 ? MHD_YES : finish_metrics (request);
}

const gw_route *
gw_route_at (size_t i)
{
    return i < ROUTES ? &routes[i] : NULL;
}

const gw_route *
gw_route_find (const char *path)
{
    for (size_t i = 1; i < ROUTES; i++) {
        size_t size = strlen (routes[i].path);
        bool beginning = size > 1 && routes[i].path[size - 1] == '/';
        if (strncmp (routes[i].path, path, size) == 0 && (beginning || !path[size]))
            return &routes[i];
    }
    return &routes[0];
}

size_t
gw_route_index (const gw_route *route)
{
    return route ? (size_t) (route - routes) : 0;
}

const char *
gw_route_allow (const gw_route *route)
{
    unsigned methods = route ? route->methods & (GW_GET | GW_POST) : GW_GET;
    return methods == GW_POST ? "POST, OPTIONS" : methods == GW_GET ? "GET, HEAD, OPTIONS" : "GET, HEAD, POST, OPTIONS";
}
