/* frame.c - head, header, search form and end; all HTML goes through html.h. */
#include "frame.h"

#include "address.h"
#include "asset.h"
#include "html.h"

#include "gateway/http/answer.h"

#include <string.h>

void
gw_frame_hidden (html *page, const gw_address *address, const char *form, const char *but, const char *but_too)
{
    for (size_t i = 0; i < address->count; i++) {
        const gw_term *term = &address->terms[i];
        if (strcmp (term->name, but) == 0 || strcmp (term->name, but_too) == 0 || strcmp (term->name, "page") == 0)
            continue;
        html_put (page, "<input type=\"hidden\" name=\"%s\" value=\"%s\"", term->name, term->value);
        if (*form)
            html_put (page, " form=\"%s\"", form);
        html_put (page, ">");
    }
}

void
gw_frame_open (html *page, html *title, const gw_address *address, bool keep, bool invalid)
{
    html_put (page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                    "<meta name=\"color-scheme\" content=\"light dark\">"
                    "<meta name=\"description\" content=\"Skill statements of occupations, level by level\">\n<title>");
    html_append (page, title);
    html_free (title);
    html_put (page, " - skillsearch</title><link rel=\"stylesheet\" href=\"%s\"><link rel=\"icon\" href=\"data:,\">",
              gw_asset_path ("page.css"));
    html_put (page, "<script src=\"%s\" defer></script></head>\n", gw_asset_path ("page.js"));
    html_put (page, "<body><a class=\"skip\" href=\"#results\">Skip to results</a>\n<header><p class=\"brand\">"
                    "<a href=\"/\">skillsearch</a></p><nav aria-label=\"Site\"><ul>"
                    "<li><a href=\"/facet/occupation\">Occupations</a></li>"
                    "<li><a href=\"/crosswalk\">Compare two</a></li>"
                    "<li><a href=\"/map\">Match a text</a></li></ul></nav></header>\n");
    html_put (page,
              "<form role=\"search\" action=\"/\" method=\"get\" id=\"search\"><label for=\"q\">Find skill statements"
              "</label>\n<div class=\"row\"><input id=\"q\" name=\"q\" type=\"search\" value=\"%s\" maxlength=\"%d\"",
              address ? gw_address_value (address, "q") : "", SKS_MAX_QUERY_BYTES);
    if (invalid)
        html_put (page, " aria-invalid=\"true\" aria-describedby=\"q-error q-hint\"");
    else
        html_put (page, " aria-describedby=\"q-hint\"");
    html_put (page, " autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" enterkeyhint=\"search\">"
                    "<button type=\"submit\">Search</button></div>\n<p class=\"hint\" id=\"q-hint\">"
                    "Quotes keep words together: <kbd>\"safety data sheets\"</kbd>. A minus leaves a word out: "
                    "<kbd>train -safety</kbd>.</p>");
    if (keep && address)
        gw_frame_hidden (page, address, "", "q", "find");
    html_put (page, "</form>\n");
}

enum MHD_Result
gw_frame_close (gw_request *request, html *page, const gw_problem *problem)
{
    html_put (page, "<p id=\"live\" class=\"hidden\" role=\"status\" aria-atomic=\"true\"></p></body></html>\n");
    gw_bytes body = html_take (page);
    return gw_answer_page (request, problem, &body);
}
