/* openapi.c - one document, built at the first request for it. */
#include "openapi.h"

#include "parameters.h"
#include "schemas.h"

#include "gateway/http/answer.h"
#include "gateway/http/route.h"

#include <stdio.h>
#include <string.h>

static const char head[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"skillsearch\",\"version\":\"" SKS_VERSION "\","
    "\"summary\":\"Search for occupational skill statements\",\"license\":{\"name\":\"MIT\",\"identifier\":\"MIT\"}},"
    "\"servers\":[{\"url\":\"/\"}],\"security\":[],\"paths\":{";
static const char responses[] =
    ",\"responses\":{\"problem\":{\"description\":\"A failure\",\"content\":{\"application/problem+json\":"
    "{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}},"
    "\"unchanged\":{\"description\":\"The entity tag of If-None-Match is still current\"}}}}\n";

/* Write the body of a POST: the request without v, id and op. */
static void
put_body (const gw_route *route, gw_bytes *out)
{
    gw_bytes_printf (out,
                     "\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{"
                     "\"type\":\"object\",\"allOf\":[{\"$ref\":\"#/components/schemas/request/$defs/%s\"}],"
                     "\"properties\":{\"op\":false,"
                     "\"deadline_ms\":{\"$ref\":\"#/components/schemas/request/$defs/deadline_ms\"},"
                     "\"units\":{\"$ref\":\"#/components/schemas/request/$defs/units\"}},"
                     "\"unevaluatedProperties\":false}}}},",
                     route->op);
}

static void
put_responses (const gw_route *route, bool get, gw_bytes *out)
{
    const char *type = route->type ? route->type : "application/json";
    bool replies = route->op && !route->finish;
    gw_bytes_puts (out, "\"responses\":{\"200\":{\"description\":\"The answer\",");
    if (replies)
        gw_bytes_puts (out, "\"headers\":{\"ETag\":{\"schema\":{\"type\":\"string\"}}},");
    gw_bytes_printf (out, "\"content\":{\"%.*s\":{\"schema\":", (int) strcspn (type, ";"), type);
    if (replies)
        gw_bytes_printf (out, "{\"$ref\":\"#/components/schemas/reply-%s\"}", route->op);
    else
        gw_bytes_printf (out, "{\"type\":\"%s\"}", route->type ? "string" : "object");
    gw_bytes_puts (out, "}}},");
    if (replies && get)
        gw_bytes_puts (out, "\"304\":{\"$ref\":\"#/components/responses/unchanged\"},");
    gw_bytes_puts (out, "\"4XX\":{\"$ref\":\"#/components/responses/problem\"},"
                        "\"5XX\":{\"$ref\":\"#/components/responses/problem\"}}");
}

static void
put_method (const gw_route *route, bool get, gw_bytes *out)
{
    char name[64];
    snprintf (name, sizeof name, "%s%s", get ? "get" : "post", strrchr (route->path, '/'));
    for (char *at = name; *at; at++)
        *at = *at == '/' || *at == '.' ? '_' : *at;
    gw_bytes_printf (out, "\"%s\":{\"operationId\":\"%s\",\"summary\":", get ? "get" : "post", name);
    gw_bytes_json (out, route->summary);
    gw_bytes_puts (out, ",");
    if (get) {
        gw_bytes_puts (out, "\"parameters\":[");
        gw_parameters_describe (route->path, route->op, out);
        gw_bytes_puts (out, "],");
    } else {
        put_body (route, out);
    }
    put_responses (route, get, out);
    gw_bytes_puts (out, "}");
}

static void
put_paths (const gw_route *routes, gw_bytes *out)
{
    size_t count = 0;
    for (const gw_route *route = routes; route->path; route++) {
        if (!route->summary)
            continue;
        gw_bytes_printf (out, "%s\"%s\":{", count++ ? "," : "", route->path);
        if (route->methods & GW_GET)
            put_method (route, true, out);
        if (route->methods & GW_POST) {
            gw_bytes_puts (out, route->methods & GW_GET ? "," : "");
            put_method (route, false, out);
        }
        gw_bytes_puts (out, "}");
    }
}

enum MHD_Result
gw_openapi_begin (gw_request *request)
{
    static gw_bytes document;
    if (!document.size) {
        gw_bytes_puts (&document, head);
        put_paths (request->server->routes, &document);
        gw_bytes_puts (&document, "},\"components\":{\"schemas\":");
        gw_bytes_puts (&document, gw_schemas);
        gw_bytes_puts (&document, responses);
    }
    if (document.failed) {
        gw_bytes_free (&document);
        return MHD_NO;
    }
    return gw_answer_constant (request, "application/json", document.data, document.size);
}
