/* probe.c - plain text about the server itself. */
#include "probe.h"

#include "parameters.h"

#include "gateway/http/answer.h"
#include "gateway/http/daemon.h"
#include "gateway/http/metrics.h"
#include "gateway/http/route.h"

static enum MHD_Result
answer_text (gw_request *request, const char *text)
{
    gw_bytes body = { NULL, 0, 0, false };
    gw_bytes_puts (&body, text);
    return gw_answer_body (request, request->route->type, &body);
}

enum MHD_Result
gw_probe_begin_healthz (gw_request *request)
{
    return answer_text (request, "ok\n");
}

enum MHD_Result
gw_probe_begin_readyz (gw_request *request)
{
    if (gw_daemon_is_ready (request->server))
        return answer_text (request, "ready\n");
    return gw_answer_problem (request, gw_problem_named (request->server->draining ? "shutting_down" : "connect"),
                              "the daemon has not answered within the last second", -1);
}

enum MHD_Result
gw_probe_begin_problems (gw_request *request)
{
    gw_bytes body = { NULL, 0, 0, false };
    gw_bytes_puts (
        &body,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kinds of failure</title></head>\n"
        "<body><h1>Kinds of failure</h1>\n<dl>\n");
    for (size_t i = 0; gw_problem_at (i); i++)
        gw_bytes_printf (&body, "<dt id=\"%s\">%s</dt><dd>%u: %s</dd>\n", gw_problem_at (i)->code,
                         gw_problem_at (i)->code, gw_problem_at (i)->status, gw_problem_at (i)->title);
    gw_bytes_puts (&body, "</dl></body></html>\n");
    return gw_answer_page (request, NULL, &body);
}

/* Write the server's counters, then the daemon's if they arrived. */
enum MHD_Result
gw_probe_finish_metrics (gw_request *request)
{
    const gw_server *server = request->server;
    const sks_reply *reply = request->reply;
    gw_gauges gauges = { .under_way = server->sent_count,
                         .waiting = server->waiting_count,
                         .held = server->held,
                         .lingering = server->lingering_count,
                         .daemon_up = gw_daemon_is_ready (server) };
    const char *paths[GW_MAX_ROUTES];
    size_t count = 0;
    gw_bytes body = { NULL, 0, 0, false };
    char *text;
    for (const gw_route *route = server->routes; route->path; route++)
        paths[count++] = route->path;
    for (const gw_link *link = server->links; link; link = link->next)
        gauges.connections++;
    gw_metrics_write (&server->metrics, &gauges, paths, count, &body);
    if (reply && reply->code == 0 && sks_stats_prometheus (reply->json, reply->size, &text, NULL) == 0) {
        gw_bytes_puts (&body, text);
        sks_free (text);
    }
    return gw_answer_body (request, request->route->type, &body);
}

enum MHD_Result
gw_probe_begin_metrics (gw_request *request)
{
    char detail[256];
    bool daemon;
    if (gw_parameters_read_flag (request, "daemon", &daemon, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    if (daemon)
        gw_bytes_puts (&request->asked, "{\"op\":\"stats\"}");
    return daemon && gw_daemon_ask (request) == 0 ? MHD_YES : gw_probe_finish_metrics (request);
}
