/* similar.c - the statements most similar to one. */
#include "similar.h"

#include "address.h"
#include "failure.h"
#include "frame.h"
#include "hit.h"
#include "html.h"
#include "page.h"
#include "reply.h"
#include "sources.h"

#include "gateway/http/answer.h"

#include <stdio.h>
#include <string.h>

#define SIMILAR 20
#define SOC_BYTES 16 /* space for the SOC code at the beginning of an id */

static const char *const names[] = { "statement", NULL };

enum MHD_Result
gw_similar_begin (gw_request *request)
{
    enum MHD_Result result;
    gw_page *page = gw_page_begin (request, names, "/similar", &result);
    if (!page)
        return result;
    const char *statement = gw_address_value (&page->address, "statement");
    char soc[SOC_BYTES];
    snprintf (soc, sizeof soc, "%.*s", (int) strcspn (statement, "/"), statement);
    gw_bytes_puts (&request->asked, "{\"op\":\"multi\",\"requests\":[{\"op\":\"get\",\"ids\":[");
    gw_bytes_json (&request->asked, statement);
    gw_bytes_puts (&request->asked, "]},{\"op\":\"similar\",\"want\":[\"provenance\"],\"statement\":");
    gw_bytes_json (&request->asked, statement);
    gw_bytes_printf (&request->asked, ",\"limit\":%d},{\"op\":\"occupation\",\"occupation\":", SIMILAR);
    gw_bytes_json (&request->asked, soc);
    gw_bytes_puts (&request->asked, "}]}");
    return gw_answer_later (request);
}

enum MHD_Result
gw_similar_finish (gw_request *request)
{
    html page = { 0 }, title = { 0 };
    enum MHD_Result result;
    const gw_page *data = gw_page_finish (request, &result);
    if (!data)
        return result;
    const cJSON *replies = gw_reply_member (data->reply, "replies"), *similar = cJSON_GetArrayItem (replies, 1);
    const cJSON *got = cJSON_GetArrayItem (replies, 0), *one = cJSON_GetArrayItem (gw_reply_member (got, "hits"), 0),
                *hit;
    if (cJSON_GetArraySize (gw_reply_member (got, "missing")) > 0)
        return gw_failure_answer (request, gw_problem_named ("not_found"),
                                  "There is no such statement. Its wording may have changed since the link was made.");
    if (gw_page_refused (request, replies, &result))
        return result;
    html_put (&title, "Statements like ");
    html_plain (&title, gw_reply_text (one, "text"));
    gw_frame_open (&page, &title, NULL, false, false);
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">");
    html_count (&page, cJSON_GetArraySize (gw_reply_member (similar, "hits")), "statement");
    html_put (&page, " like this one</h1>\n<blockquote>");
    gw_hit_put (&page, one);
    html_put (&page, "</blockquote>\n");
    gw_hit_put_compared_by (&page, similar);
    html_put (&page, "<ol class=\"hits\">\n");
    cJSON_ArrayForEach (hit, gw_reply_member (similar, "hits"))
    {
        html_put (&page, "<li>");
        gw_hit_put (&page, hit);
        html_put (&page, "</li>\n");
    }
    html_put (&page, "</ol>\n");
    gw_sources_put (&page, replies);
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, NULL);
}
