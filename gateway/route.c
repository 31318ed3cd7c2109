/* route.c - the table, and the routes that need a few lines only. */
#include "route.h"

#include "answer.h"
#include "asset.h"
#include "daemon.h"
#include "export.h"
#include "page.h"
#include "parameters.h"

#include <string.h>

#define HEALTHY_MS 1000

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
    return gw_answer_body (request, status, "text/plain; charset=utf-8", NULL, &body);
}

static enum MHD_Result
begin_healthz (gw_request *request)
{
    return answer_text (request, 200, "ok\n");
}

static enum MHD_Result
begin_readyz (gw_request *request)
{
    const gw_server *server = request->server;
    if (!server->draining && server->health_at && gw_now () - server->health_at <= HEALTHY_MS)
        return answer_text (request, 200, "ready\n");
    return gw_answer_problem (request, gw_problem_named (server->draining ? "shutting_down" : "connect"),
                              "the daemon has not answered within the last second", -1);
}

static enum MHD_Result begin_metrics (gw_request *request);

static enum MHD_Result
begin_problems (gw_request *request)
{
    gw_bytes body = { NULL, 0, 0, false };
    for (size_t i = 0; gw_problem_at (i); i++)
        gw_bytes_printf (&body, "%-18s %u  %s\n", gw_problem_at (i)->code, gw_problem_at (i)->status,
                         gw_problem_at (i)->title);
    return gw_answer_body (request, 200, "text/plain; charset=utf-8", NULL, &body);
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
static const gw_route routes[] = {
    { "other", GW_GET | GW_POST, NULL, begin_unknown, NULL },
    { "/v1/search", GW_GET | GW_POST, "search", begin_operation, NULL },
    { "/v1/multi_search", GW_POST, "multi", begin_operation, NULL },
    { "/v1/get", GW_GET | GW_POST, "get", begin_operation, NULL },
    { "/v1/similar", GW_GET | GW_POST, "similar", begin_operation, NULL },
    { "/v1/occupation", GW_GET | GW_POST, "occupation", begin_operation, NULL },
    { "/v1/compare", GW_GET | GW_POST, "compare", begin_operation, NULL },
    { "/v1/crosswalk", GW_GET | GW_POST, "crosswalk", begin_operation, NULL },
    { "/v1/map", GW_POST, "map", begin_operation, NULL },
    { "/v1/suggest", GW_GET | GW_POST, "suggest", begin_operation, NULL },
    { "/v1/facet_values", GW_GET | GW_POST, "facet_values", begin_operation, NULL },
    { "/v1/analyze", GW_GET | GW_POST, "analyze", begin_operation, NULL },
    { "/v1/scan", GW_GET | GW_POST, "scan", begin_operation, NULL },
    { "/v1/export.ndjson", GW_GET, "scan", gw_export_begin, gw_export_finish },
    { "/healthz", GW_GET, NULL, begin_healthz, NULL },
    { "/readyz", GW_GET, NULL, begin_readyz, NULL },
    { "/metrics", GW_GET, NULL, begin_metrics, NULL },
    { "/problems", GW_GET, NULL, begin_problems, NULL },
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

static enum MHD_Result
begin_metrics (gw_request *request)
{
    const gw_server *server = request->server;
    const char *paths[ROUTES];
    size_t connections = 0;
    gw_bytes body = { NULL, 0, 0, false };
    for (size_t i = 0; i < ROUTES; i++)
        paths[i] = routes[i].path;
    for (const gw_link *link = server->links; link; link = link->next)
        connections++;
    gw_metrics_write (&server->metrics, paths, ROUTES, connections, server->sent_count, server->waiting_count, &body);
    return gw_answer_body (request, 200, "text/plain; version=0.0.4; charset=utf-8", NULL, &body);
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
