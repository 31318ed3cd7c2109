/* paths.c - the table, and the answer for unknown paths. */
#include "paths.h"

#include "gateway/api/export.h"
#include "gateway/api/openapi.h"
#include "gateway/api/operation.h"
#include "gateway/api/probe.h"
#include "gateway/http/answer.h"
#include "gateway/page/asset.h"
#include "gateway/page/crosswalk.h"
#include "gateway/page/failure.h"
#include "gateway/page/map.h"
#include "gateway/page/occupation.h"
#include "gateway/page/search.h"
#include "gateway/page/similar.h"
#include "gateway/page/values.h"

#include <string.h>

static enum MHD_Result
begin_unknown (gw_request *request)
{
    const char *accept = MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, "Accept");
    if (accept && strstr (accept, "text/html"))
        return gw_failure_answer (request, gw_problem_named ("not_found"), "There is no such page.");
    return gw_answer_problem (request, gw_problem_named ("not_found"), "no such path", -1);
}

#define HTML "text/html; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"

#define OPERATION(name, method, operation, about)                                                                      \
    {                                                                                                                  \
        .path = name, .methods = method, .op = operation, .begin = gw_operation_begin, .summary = about                \
    }
#define EXPORT(name, media, about)                                                                                     \
    {                                                                                                                  \
        .path = name, .methods = GW_GET, .op = "scan", .begin = gw_export_begin, .finish = gw_export_finish,           \
        .type = media, .summary = about                                                                                \
    }
/* The row of a page; its failures are pages, too. */
#define PAGE(name, method, noun, failure)                                                                              \
    {                                                                                                                  \
        .path = name, .methods = method, .begin = gw_##noun##_begin, .finish = gw_##noun##_finish, .fail = failure     \
    }

const gw_route gw_paths[] = {
    { .path = "other", .methods = GW_GET | GW_POST, .begin = begin_unknown },
    OPERATION ("/v1/search", GW_GET | GW_POST, "search", "Find statements and count facets"),
    OPERATION ("/v1/multi_search", GW_POST, "multi", "Up to 16 requests in one"),
    OPERATION ("/v1/get", GW_GET | GW_POST, "get", "Statements by their ids"),
    OPERATION ("/v1/similar", GW_GET | GW_POST, "similar", "Statements most similar to one"),
    OPERATION ("/v1/occupation", GW_GET | GW_POST, "occupation", "One occupation with its statements"),
    OPERATION ("/v1/compare", GW_GET | GW_POST, "compare", "The levels of an occupation"),
    OPERATION ("/v1/crosswalk", GW_GET | GW_POST, "crosswalk", "What two occupations share"),
    OPERATION ("/v1/map", GW_POST, "map", "Statements for each sentence of a text"),
    OPERATION ("/v1/suggest", GW_GET | GW_POST, "suggest", "Completions of a text"),
    OPERATION ("/v1/facet_values", GW_GET | GW_POST, "facet_values", "Values of one facet"),
    OPERATION ("/v1/analyze", GW_GET | GW_POST, "analyze", "How a query is read"),
    OPERATION ("/v1/scan", GW_GET | GW_POST, "scan", "All statements found, by pages"),
    EXPORT ("/v1/export.ndjson", "application/x-ndjson", "All statements found, one JSON object per line"),
    EXPORT ("/v1/export.csv", "text/csv; charset=utf-8; header=present", "All statements found as a table (RFC 4180)"),
    EXPORT ("/v1/export.tsv", "text/tab-separated-values; charset=utf-8", "All statements found as a table with tabs"),
    EXPORT ("/v1/export.case1.0", "application/x-ndjson",
            "Occupations of which statements are found, one CFPackage of CASE 1.0 per line"),
    EXPORT ("/v1/export.case1.1", "application/x-ndjson", "The same in CASE 1.1"),
    EXPORT ("/v1/export.ctdl", "application/x-ndjson", "The same as graphs of CTDL-ASN, one JSON-LD document per line"),
    EXPORT ("/v1/export.rsd", "text/csv; charset=utf-8; header=present", "The same as rich skill descriptors (CSV)"),
    EXPORT ("/v1/export.md", "text/markdown; charset=utf-8", "The same as Markdown"),
    { "/openapi.json", GW_GET, NULL, gw_openapi_begin, NULL, NULL, "This description", NULL },
    { "/healthz", GW_GET, NULL, gw_probe_begin_healthz, NULL, PLAIN, "Whether the process runs", NULL },
    { "/readyz", GW_GET, NULL, gw_probe_begin_readyz, NULL, PLAIN, "Whether the daemon answers", NULL },
    { "/metrics", GW_GET, NULL, gw_probe_begin_metrics, gw_probe_finish_metrics, METRICS, "Counters for Prometheus",
      NULL },
    { "/problems", GW_GET, NULL, gw_probe_begin_problems, NULL, HTML, "The kinds of failure", NULL },
    PAGE ("/", GW_GET, search, gw_failure_answer),
    PAGE ("/facet/", GW_GET, values, gw_failure_answer),
    PAGE ("/occupation/", GW_GET, occupation, gw_failure_answer),
    PAGE ("/similar", GW_GET, similar, gw_failure_answer),
    PAGE ("/crosswalk", GW_GET, crosswalk, gw_failure_answer),
    PAGE ("/map", GW_GET | GW_POST, map, gw_map_fail),
    { .path = "/asset/", .methods = GW_GET, .begin = gw_asset_begin, .fail = gw_failure_answer },
    { .path = NULL },
};
_Static_assert(sizeof gw_paths / sizeof *gw_paths <= GW_MAX_ROUTES, "metrics has a row for each route");

const gw_route *
gw_paths_find (const char *path)
{
    for (const gw_route *route = gw_paths + 1; route->path; route++) {
        size_t size = strlen (route->path);
        bool beginning = size > 1 && route->path[size - 1] == '/';
        if (strncmp (route->path, path, size) == 0 && (beginning || !path[size]))
            return route;
    }
    return gw_paths;
}
