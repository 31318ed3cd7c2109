/* values.c - all values of a facet, with a box to search among them. */
#include "values.h"

#include "address.h"
#include "failure.h"
#include "filters.h"
#include "frame.h"
#include "html.h"
#include "page.h"
#include "reply.h"

#include "gateway/http/answer.h"

#include <string.h>

#define MAX_VALUES 300

static const char *const names[] = { "q", GW_FACETS, "sort", "find", NULL };

static const char *
facet_of (const gw_request *request)
{
    return request->path + strlen ("/facet/");
}

enum MHD_Result
gw_values_begin (gw_request *request)
{
    enum MHD_Result result;
    const char *facet = facet_of (request);
    if (!gw_filters_label (facet))
        return gw_failure_answer (request, gw_problem_named ("not_found"), "There is no filter of this name.");
    gw_page *page = gw_page_begin (request, names, request->path, &result);
    if (!page)
        return result;
    const char *find = gw_address_value (&page->address, "find");
    gw_bytes_puts (&request->asked, "{\"op\":\"facet_values\",\"q\":");
    gw_bytes_json (&request->asked, gw_address_value (&page->address, "q"));
    gw_address_filter (&page->address, NULL, NULL, &request->asked);
    gw_bytes_printf (&request->asked, ",\"facet\":{\"name\":\"%s\",\"limit\":%d", facet, MAX_VALUES);
    if (*find) {
        gw_bytes_puts (&request->asked, ",\"find\":");
        gw_bytes_json (&request->asked, find);
    }
    gw_bytes_puts (&request->asked, "}}");
    return gw_answer_later (request);
}

/* Write the form that searches among the values. */
static void
put_find (html *page, const gw_address *address, const char *path)
{
    html_put (page,
              "<form action=\"%s\" method=\"get\" class=\"find\"><label for=\"find\">Only those with</label>"
              "<div class=\"row\"><input id=\"find\" name=\"find\" type=\"search\" value=\"%s\" maxlength=\"%d\">"
              "<button type=\"submit\">Show</button></div>",
              path, gw_address_value (address, "find"), GW_PAGE_WORDS_BYTES);
    gw_frame_hidden (page, address, "", "find", "");
    html_put (page, "</form>\n");
}

enum MHD_Result
gw_values_finish (gw_request *request)
{
    const gw_address *address = &((gw_page *) request->data)->address;
    const char *facet = facet_of (request), *label = gw_filters_label (facet);
    html page = { 0 }, title = { 0 };
    enum MHD_Result result;
    const gw_page *data = gw_page_finish (request, &result);
    if (!data)
        return result;
    const cJSON *found = gw_reply_member (data->reply, "facet"), *values = gw_reply_member (found, "values");
    int listed = cJSON_GetArraySize (values), distinct = gw_reply_number (found, "distinct");
    html_count (&title, distinct, gw_filters_noun (facet));
    gw_frame_open (&page, &title, address, true, false);
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">");
    html_count (&page, distinct, gw_filters_noun (facet));
    html_put (&page, "</h1>\n");
    put_find (&page, address, request->path);
    if (distinct > listed)
        html_put (&page, "<p>The first %'d are shown. The box above finds the others.</p>\n", listed);
    html_put (&page,
              "<form action=\"/\" method=\"get\" class=\"filters\"><fieldset><legend class=\"hidden\">%s</legend>"
              "<ul class=\"values\">",
              label);
    gw_filters_boxes (&page, address, facet, values, "");
    html_put (&page, "</ul>");
    if (listed == 0)
        html_put (&page, "<p>None.</p>");
    gw_frame_hidden (&page, address, "", facet, "find");
    gw_filters_unlisted (&page, facet, address, values, "");
    html_put (&page, "</fieldset><p><button type=\"submit\">Apply filters</button></p></form></main>\n");
    return gw_frame_close (request, &page, NULL);
}
