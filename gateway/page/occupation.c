/* occupation.c - an occupation, level by level: a table with one row per duty. */
#include "occupation.h"

#include "address.h"
#include "anchor.h"
#include "failure.h"
#include "frame.h"
#include "hit.h"
#include "html.h"
#include "level.h"
#include "page.h"
#include "reply.h"
#include "sources.h"

#include "gateway/http/answer.h"

#include <string.h>

static const char *const names[] = { "duty", "words", NULL };

static const char *
soc_of (const gw_request *request)
{
    return request->path + strlen ("/occupation/");
}

enum MHD_Result
gw_occupation_begin (gw_request *request)
{
    enum MHD_Result result = MHD_NO;
    gw_bytes path = { NULL, 0, 0, false };
    gw_bytes_puts (&path, "/occupation/");
    gw_address_encode (soc_of (request), &path);
    gw_page *page = gw_bytes_text (&path) ? gw_page_begin (request, names, path.data, &result) : NULL;
    gw_bytes_free (&path);
    if (!page)
        return result;
    const char *duty = gw_address_value (&page->address, "duty");
    gw_bytes_puts (&request->asked, "{\"op\":\"multi\",\"requests\":[{\"op\":\"occupation\",\"occupation\":");
    gw_bytes_json (&request->asked, soc_of (request));
    gw_bytes_puts (&request->asked, "},{\"op\":\"compare\",\"occupation\":");
    gw_bytes_json (&request->asked, soc_of (request));
    if (*duty) {
        gw_bytes_puts (&request->asked, ",\"duty\":");
        gw_bytes_json (&request->asked, duty);
    }
    gw_bytes_puts (&request->asked, "}]}");
    return gw_answer_later (request);
}

static void
put_words (html *page, const char *what, const cJSON *words)
{
    const cJSON *word;
    if (cJSON_GetArraySize (words) == 0)
        return;
    html_put (page, "<p class=\"words\">%s:", what);
    cJSON_ArrayForEach (word, words)
    {
        if (cJSON_IsString (word))
            html_put (page, " <bdi>%s</bdi>", word->valuestring);
    }
    html_put (page, "</p>");
}

static void
put_cell (html *page, const cJSON *statement, bool words)
{
    if (!cJSON_IsObject (statement)) {
        html_put (page, "<td><span class=\"none\">none</span></td>");
        return;
    }
    html_put (page, "<td dir=\"auto\">%s", gw_reply_text (statement, "text"));
    if (gw_reply_true (statement, "loose"))
        html_put (page, " <span class=\"none\">(loosely related)</span>");
    if (words) {
        gw_hit_put_reasons (page, gw_reply_member (statement, "reasons"), true);
        put_words (page, "Gained", gw_reply_member (statement, "gained"));
        put_words (page, "Lost", gw_reply_member (statement, "lost"));
    }
    html_put (page, "</td>");
}

static void
put_table (html *page, const cJSON *record, const cJSON *rows, bool words)
{
    const cJSON *row, *level;
    html_put (page,
              "<div class=\"scroll\" role=\"region\" aria-labelledby=\"lv\" tabindex=\"0\"><table class=\"levels\">"
              "<caption id=\"lv\">The four levels side by side, one duty per row</caption>"
              "<thead><tr><th scope=\"col\">Duty</th>");
    cJSON_ArrayForEach (level, gw_reply_member (record, "levels"))
    {
        const char *label = gw_reply_text (level, "label");
        html_put (page, "<th scope=\"col\" dir=\"auto\">%s</th>",
                  *label ? label : gw_level_label (gw_reply_text (level, "level")));
    }
    html_put (page, "</tr></thead><tbody>\n");
    cJSON_ArrayForEach (row, rows)
    {
        const char *duty = gw_reply_text (row, "duty");
        html_put (page, "<tr><th scope=\"row\" dir=\"auto\">%s</th>", *duty ? duty : "(no duty named)");
        for (size_t i = 0; i < GW_LEVELS; i++)
            put_cell (page, gw_reply_member (gw_reply_member (row, "levels"), gw_level_names[i]), words);
        html_put (page, "</tr>\n");
    }
    html_put (page, "</tbody></table></div>\n");
}

static void
put_form (html *page, const char *soc, const gw_address *address, bool words)
{
    html_put (page,
              "<form action=\"/occupation/%s\" method=\"get\" class=\"find\"><label for=\"duty\">Only duties with"
              "</label><div class=\"row\"><input id=\"duty\" name=\"duty\" type=\"search\" value=\"%s\" "
              "maxlength=\"%d\"><button type=\"submit\">Show</button></div>",
              soc, gw_address_value (address, "duty"), GW_PAGE_WORDS_BYTES);
    html_put (page,
              "<p class=\"check\"><input type=\"checkbox\" id=\"words\" name=\"words\" value=\"1\"%s>"
              "<label for=\"words\">Show the words that a level gains and loses</label></p></form>\n",
              words ? " checked" : "");
}

/* Write a line of a description list; nothing when the value is empty. */
static void
put_line (html *page, const char *name, const char *value)
{
    if (*value)
        html_put (page, "<dt>%s</dt><dd><bdi>%s</bdi></dd>", name, value);
}

static void
put_record (html *page, const cJSON *record)
{
    const cJSON *zone = gw_reply_member (record, "zone");
    put_line (page, "About", gw_reply_text (record, "description"));
    put_line (page, "Group", gw_reply_text (gw_reply_member (record, "group"), "title"));
    put_line (page, "Sector", gw_reply_text (gw_reply_member (record, "sector"), "label"));
    if (cJSON_IsNumber (zone))
        html_put (page, "<dt>Job zone</dt><dd>%d%s</dd>", zone->valueint,
                  gw_reply_true (record, "zone_inferred") ? " (inferred)" : "");
    put_line (page, "Framework", gw_reply_text (gw_reply_member (record, "framework"), "description"));
    html_put (page, "<dt>Source</dt><dd>");
    gw_sources_put_one (page, record);
    html_put (page, "</dd>");
}

enum MHD_Result
gw_occupation_finish (gw_request *request)
{
    html page = { 0 }, title = { 0 };
    enum MHD_Result result;
    const gw_page *data = gw_page_finish (request, &result);
    if (!data)
        return result;
    const gw_address *address = &data->address;
    bool words = *gw_address_value (address, "words");
    const cJSON *replies = gw_reply_member (data->reply, "replies"), *record = cJSON_GetArrayItem (replies, 0);
    const cJSON *compared = cJSON_GetArrayItem (replies, 1), *rows = gw_reply_member (compared, "rows");
    const char *soc = gw_reply_text (record, "soc"), *name = gw_reply_text (record, "title");
    if (gw_page_refused (request, replies, &result))
        return result;
    html_plain (&title, name);
    html_put (&title, ", level by level");
    gw_frame_open (&page, &title, NULL, false, false);
    html_put (&page,
              "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\"><bdi>%s</bdi> "
              "<small>%s</small></h1>\n<p>",
              name, soc);
    gw_anchor_open_to (&page, "/", "occupation", soc);
    html_put (&page, "Search in its statements</a> · ");
    gw_anchor_open_to (&page, "/crosswalk", "left", soc);
    html_put (&page, "Compare with another occupation</a></p>\n");
    put_form (&page, soc, address, words);
    if (cJSON_GetArraySize (rows) > 0) {
        gw_hit_put_compared_by (&page, compared);
        put_table (&page, record, rows, words);
    } else
        html_put (&page, "<p>No duty has these words.</p>\n");
    html_put (&page, "<dl class=\"source\">");
    put_record (&page, record);
    html_put (&page, "</dl></main>\n");
    return gw_frame_close (request, &page, NULL);
}
