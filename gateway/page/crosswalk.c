/* crosswalk.c - two occupations compared. If they are given by words of their titles, the occupations that match are
 * listed first. */
#include "crosswalk.h"

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

#include <ctype.h>
#include <string.h>

#define MAX_CHOICES 20

static const char *const names[] = { "left", "right", "level", NULL };
static const char *const sides[2] = { "left", "right" };
static const char *const side_labels[2] = { "First occupation", "Second occupation" };

/* Whether a text is a complete SOC code: 43-9051.00. */
static bool
is_code (const char *text)
{
    static const char shape[] = "dd-dddd.dd";
    size_t i = 0;
    for (; shape[i]; i++)
        if (shape[i] == 'd' ? !isdigit ((unsigned char) text[i]) : text[i] != shape[i])
            return false;
    return !text[i];
}

static void
put_form (html *page, const gw_address *address)
{
    html_put (page, "<form action=\"/crosswalk\" method=\"get\" class=\"find\">");
    for (int i = 0; i < 2; i++)
        html_put (page,
                  "<label for=\"%s\">%s, by name or SOC code</label><div class=\"row\"><input id=\"%s\" "
                  "name=\"%s\" type=\"text\" value=\"%s\" maxlength=\"%d\"></div>",
                  sides[i], side_labels[i], sides[i], sides[i], gw_address_value (address, sides[i]),
                  GW_PAGE_WORDS_BYTES);
    html_put (page,
              "<label for=\"level\">Level</label> <select id=\"level\" name=\"level\"><option value=\"\">All levels"
              "</option>");
    for (size_t i = 0; i < GW_LEVELS; i++)
        html_put (page, "<option value=\"%s\"%s>%s</option>", gw_level_names[i],
                  gw_address_has (address, "level", gw_level_names[i]) ? " selected" : "",
                  gw_level_label (gw_level_names[i]));
    html_put (page, "</select> <button type=\"submit\">Compare</button></form>\n");
}

static void
open_page (html *page, const gw_address *address, const char *heading)
{
    html title = { 0 };
    html_plain (&title, heading);
    gw_frame_open (page, &title, NULL, false, false);
    html_put (page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">%s</h1>\n", heading);
    put_form (page, address);
}

enum MHD_Result
gw_crosswalk_begin (gw_request *request)
{
    enum MHD_Result result;
    gw_page *data = gw_page_begin (request, names, "/crosswalk", &result);
    if (!data)
        return result;
    const char *left = gw_address_value (&data->address, "left"), *right = gw_address_value (&data->address, "right");
    const char *level = gw_address_value (&data->address, "level");
    gw_bytes *out = &request->asked;
    if (!*left || !*right) {
        html page = { 0 };
        open_page (&page, &data->address, "Compare two occupations");
        html_put (
            &page,
            "<p>See which statements two occupations have in common, and which only one of them has.</p></main>\n");
        return gw_frame_close (request, &page, NULL);
    }
    if (is_code (left) && is_code (right)) {
        gw_bytes_printf (out, "{\"op\":\"multi\",\"requests\":[{\"op\":\"crosswalk\",\"occupations\":[\"%s\",\"%s\"]",
                         left, right);
        if (*level) {
            gw_bytes_puts (out, ",\"level\":");
            gw_bytes_json (out, level);
        }
        gw_bytes_printf (out,
                         "},{\"op\":\"occupation\",\"occupation\":\"%s\"},"
                         "{\"op\":\"occupation\",\"occupation\":\"%s\"}]}",
                         left, right);
        return gw_answer_later (request);
    }
    gw_bytes_puts (out, "{\"op\":\"multi\",\"requests\":[");
    for (int i = 0; i < 2; i++) {
        gw_bytes_printf (out, "%s{\"op\":\"facet_values\",\"facet\":{\"name\":\"occupation\",\"limit\":%d,\"find\":",
                         i ? "," : "", MAX_CHOICES);
        gw_bytes_json (out, gw_address_value (&data->address, sides[i]));
        gw_bytes_puts (out, "}}");
    }
    for (int i = 0; i < 2; i++) {
        gw_bytes_puts (out, ",{\"op\":\"occupation\",\"resolve\":true,\"statements\":false,\"occupation\":");
        gw_bytes_json (out, gw_address_value (&data->address, sides[i]));
        gw_bytes_puts (out, "}");
    }
    gw_bytes_puts (out, "]}");
    return gw_answer_later (request);
}

/* List the occupations that match a name, as links that choose one. */
static void
put_choices (html *page, const gw_address *address, int side, const cJSON *values)
{
    const cJSON *item;
    const char *asked = gw_address_value (address, sides[side]);
    if (cJSON_GetArraySize (values) == 0) {
        html_put (page, "<h2>%s</h2><p>No occupation has “<bdi>%s</bdi>” in its title or code.</p>\n",
                  side_labels[side], asked);
        return;
    }
    html_put (page, "<h2>%s: which one is “<bdi>%s</bdi>”?</h2><ul class=\"choices\">", side_labels[side], asked);
    cJSON_ArrayForEach (item, values)
    {
        gw_address one = *address;
        gw_address_remove (&one, sides[side], NULL);
        gw_address_add (&one, sides[side], gw_reply_text (item, "value"));
        html_put (page, "<li>");
        gw_anchor_open (page, &one, "/crosswalk", NULL);
        html_put (page, "<bdi>%s</bdi></a> <span>%s</span></li>", gw_reply_text (item, "label"),
                  gw_reply_text (item, "value"));
    }
    html_put (page, "</ul>\n");
}

/* That a name is no single label is no failure here: the occupations that match are listed. */
static void
drop_ambiguities (cJSON *replies)
{
    for (int i = 2; i < cJSON_GetArraySize (replies); i++) {
        cJSON *reply = cJSON_GetArrayItem (replies, i);
        const char *code = gw_reply_text (gw_reply_member (reply, "error"), "code");
        if (strcmp (code, "bad_request") == 0 || strcmp (code, "not_found") == 0)
            cJSON_DeleteItemFromObjectCaseSensitive (reply, "error");
    }
}

/* The code of the occupation that a name means, as for the command, else of the only one that matches it; "" if
 * several do, or none. */
static const char *
code_of (const cJSON *replies, int side, const cJSON *values)
{
    const char *code = gw_reply_text (cJSON_GetArrayItem (replies, 2 + side), "soc");
    return *code || cJSON_GetArraySize (values) != 1 ? code : gw_reply_text (cJSON_GetArrayItem (values, 0), "value");
}

/* List the occupations that match the names; redirect if each name means one. */
static enum MHD_Result
finish_choices (gw_request *request, const cJSON *replies)
{
    const gw_address *address = &((gw_page *) request->data)->address;
    gw_address found = *address;
    const cJSON *values[2];
    const char *codes[2];
    html page = { 0 };
    for (int i = 0; i < 2; i++) {
        values[i] = gw_reply_member (gw_reply_member (cJSON_GetArrayItem (replies, i), "facet"), "values");
        codes[i] = code_of (replies, i, values[i]);
        gw_address_remove (&found, sides[i], NULL);
        gw_address_add (&found, sides[i], codes[i]);
    }
    if (*codes[0] && *codes[1])
        return gw_page_redirect (request, &found, "/crosswalk");
    open_page (&page, address, "Compare two occupations");
    for (int i = 0; i < 2; i++)
        if (!*codes[i])
            put_choices (&page, address, i, values[i]);
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, NULL);
}

static void
put_pairs (html *page, const cJSON *pairs)
{
    const cJSON *pair;
    html_put (page, "<h2>In common</h2>\n<ol class=\"hits pairs\">");
    cJSON_ArrayForEach (pair, pairs)
    {
        html_put (page, "<li><div>");
        gw_hit_put (page, gw_reply_member (pair, "left"));
        html_put (page, "</div><div>");
        gw_hit_put (page, gw_reply_member (pair, "right"));
        html_put (page, "</div>");
        gw_hit_put_reasons (page, gw_reply_member (pair, "explain"), false);
        html_put (page, "</li>\n");
    }
    html_put (page, "</ol>\n");
}

static void
put_alone (html *page, const char *title, const cJSON *hits)
{
    const cJSON *hit;
    html_put (page, "<details><summary>");
    html_count (page, cJSON_GetArraySize (hits), "statement");
    html_put (page, " only in <bdi>%s</bdi></summary><ul class=\"hits\">\n", title);
    cJSON_ArrayForEach (hit, hits)
    {
        html_put (page, "<li>");
        gw_hit_put (page, hit);
        html_put (page, "</li>\n");
    }
    html_put (page, "</ul></details>\n");
}

enum MHD_Result
gw_crosswalk_finish (gw_request *request)
{
    const gw_address *address = &((gw_page *) request->data)->address;
    enum MHD_Result result;
    html page = { 0 }, title = { 0 };
    const gw_page *data = gw_page_finish (request, &result);
    if (!data)
        return result;
    cJSON *replies = cJSON_GetObjectItemCaseSensitive (data->reply, "replies");
    const cJSON *reply = cJSON_GetArrayItem (replies, 0);
    bool named = !is_code (gw_address_value (address, "left")) || !is_code (gw_address_value (address, "right"));
    if (named)
        drop_ambiguities (replies);
    if (gw_page_refused (request, replies, &result))
        return result;
    if (named)
        return finish_choices (request, replies);
    const char *left = gw_reply_text (gw_reply_member (reply, "left"), "title");
    const char *right = gw_reply_text (gw_reply_member (reply, "right"), "title");
    const cJSON *pairs = gw_reply_member (reply, "pairs");
    html_plain (&title, left);
    html_put (&title, " and ");
    html_plain (&title, right);
    gw_frame_open (&page, &title, NULL, false, false);
    html_put (&page,
              "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\"><bdi>%s</bdi> and "
              "<bdi>%s</bdi>: ",
              left, right);
    html_count (&page, cJSON_GetArraySize (pairs), "pair");
    html_put (&page, " of statements in common</h1>\n");
    put_form (&page, address);
    if (cJSON_GetArraySize (pairs) > 0) {
        gw_hit_put_compared_by (&page, reply);
        put_pairs (&page, pairs);
    }
    html_put (&page, "<h2>Only in one of them</h2>\n");
    put_alone (&page, left, gw_reply_member (reply, "left_only"));
    put_alone (&page, right, gw_reply_member (reply, "right_only"));
    gw_sources_put (&page, replies);
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, NULL);
}
