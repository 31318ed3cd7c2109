/* map.c - a text, and the statements that match its sentences. It is posted, as it
 * may be too long for a URL; nothing is changed or stored. */
#include "map.h"

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

#define MATCHES 3

/* Decode one byte of a form: %41, + or itself. Advances *at past it. */
static char
take_byte (const char **at, const char *end)
{
    static const char digits[] = "0123456789abcdef";
    const char *high = end - *at > 2 && **at == '%' ? memchr (digits, (*at)[1] | 0x20, 16) : NULL;
    const char *low = high ? memchr (digits, (*at)[2] | 0x20, 16) : NULL;
    char byte = **at == '+' ? ' ' : **at;
    if (low)
        byte = (char) ((high - digits) * 16 + (low - digits));
    *at += low ? 3 : 1;
    return byte;
}

/* The value of "text" in a form, without NUL and CR. */
static void
read_form (const gw_bytes *body, gw_bytes *out)
{
    static const char name[] = "text=";
    const char *at = body->data, *end = body->data + body->size;
    while (at && end - at >= (ptrdiff_t) sizeof name - 1 && memcmp (at, name, sizeof name - 1) != 0) {
        at = memchr (at, '&', (size_t) (end - at));
        at += at != NULL;
    }
    if (!at || end - at < (ptrdiff_t) sizeof name - 1)
        return;
    for (at += sizeof name - 1; at < end && *at != '&';) {
        char byte = take_byte (&at, end);
        if (byte && byte != '\r')
            gw_bytes_add (out, &byte, 1);
    }
}

static void
put_form (html *page, const char *text)
{
    html_put (page,
              "<form action=\"/map\" method=\"post\" class=\"find\"><label for=\"text\">A job description, a course "
              "outline, or any other text</label><textarea id=\"text\" name=\"text\" rows=\"8\" maxlength=\"%d\" "
              "required>\n%s</textarea><p><button type=\"submit\">Find statements</button></p></form>\n",
              SKS_MAX_MAP_BYTES, text);
}

static enum MHD_Result
answer_form (gw_request *request)
{
    html page = { 0 }, title = { 0 };
    html_put (&title, "Match a text");
    gw_frame_open (&page, &title, NULL, false, false);
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">Match a text</h1>\n"
                     "<p>For each sentence the most similar statements are listed.</p>\n");
    put_form (&page, "");
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, NULL);
}

enum MHD_Result
gw_map_fail (gw_request *request, const gw_problem *problem, const char *detail)
{
    html page = { 0 };
    gw_page *data = request->data;
    const char *text = data && data->form.size ? gw_bytes_text (&data->form) : NULL;
    if (!text || !gw_bytes_are_utf8 (text))
        return gw_failure_answer (request, problem, detail);
    gw_failure_open (&page, problem, detail);
    put_form (&page, text);
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, problem);
}

enum MHD_Result
gw_map_begin (gw_request *request)
{
    static const char *const names[] = { NULL };
    enum MHD_Result result;
    gw_page *page = gw_page_begin (request, names, "/map", &result);
    const char *type = MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, "Content-Type");
    if (!page)
        return result;
    if (request->is_post && (!type || strncasecmp (type, "application/x-www-form-urlencoded", 33) != 0))
        return gw_failure_answer (request, gw_problem_named ("media_type"),
                                  "Only the form of this page is understood.");
    read_form (&request->body, &page->form);
    if (page->form.size == 0)
        return answer_form (request);
    if (!gw_bytes_text (&page->form))
        return MHD_NO;
    if (!gw_bytes_are_utf8 (page->form.data))
        return gw_failure_answer (request, gw_problem_named ("bad_request"), "The text is not UTF-8.");
    gw_bytes_puts (&request->asked, "{\"op\":\"map\",\"want\":[\"provenance\"],\"text\":");
    gw_bytes_json (&request->asked, page->form.data);
    gw_bytes_printf (&request->asked, ",\"limit\":%d}", MATCHES);
    return gw_answer_later (request);
}

static void
put_sentence (html *page, const char *text, size_t size, const cJSON *sentence)
{
    const cJSON *matches = gw_reply_member (sentence, "matches"), *match;
    int start = gw_reply_number (sentence, "start"), end = gw_reply_number (sentence, "end");
    if (start < 0 || end < start || (size_t) end > size)
        return;
    html_put (page, "<li><h3 dir=\"auto\">");
    gw_hit_marked (page, text, gw_reply_member (cJSON_GetArrayItem (matches, 0), "evidence"), (size_t) start,
                   (size_t) end);
    html_put (page, "</h3>");
    if (cJSON_GetArraySize (matches) == 0)
        html_put (page, "<p class=\"none\">No matching statement.</p>");
    else
        html_put (page, "<ol class=\"hits\">");
    cJSON_ArrayForEach (match, matches)
    {
        html_put (page, "<li>");
        gw_hit_put (page, match);
        html_put (page, "</li>\n");
    }
    if (cJSON_GetArraySize (matches) > 0)
        html_put (page, "</ol>");
    html_put (page, "</li>\n");
}

static void
put_sentences (html *page, const gw_bytes *text, const cJSON *reply)
{
    const cJSON *levels = gw_reply_member (reply, "levels"), *sentence;
    html_put (page, "<p>Best matches by level:");
    for (size_t i = 0; i < GW_LEVELS; i++)
        html_put (page, " %s %d%s", gw_level_label (gw_level_names[i]), gw_reply_number (levels, gw_level_names[i]),
                  i + 1 < GW_LEVELS ? "," : ".");
    html_put (page, "</p>\n");
    gw_hit_put_compared_by (page, reply);
    html_put (page, "<h2 class=\"hidden\">Sentences</h2><ol class=\"sentences\">\n");
    cJSON_ArrayForEach (sentence, gw_reply_member (reply, "sentences"))
    {
        put_sentence (page, text->data, text->size, sentence);
    }
    html_put (page, "</ol>\n");
}

enum MHD_Result
gw_map_finish (gw_request *request)
{
    enum MHD_Result result;
    const gw_page *data = gw_page_finish (request, &result);
    const cJSON *sentence;
    html page = { 0 }, title = { 0 }, heading = { 0 };
    if (!data)
        return result;
    const cJSON *sentences = gw_reply_member (data->reply, "sentences");
    int answered = 0, all = cJSON_GetArraySize (sentences);
    cJSON_ArrayForEach (sentence, sentences) answered += cJSON_GetArraySize (gw_reply_member (sentence, "matches")) > 0;
    if (all)
        html_put (&title, "%d of %d %s matched", answered, all, all == 1 ? "sentence" : "sentences");
    else
        html_put (&title, "The text has no sentences");
    html_append (&heading, &title);
    gw_frame_open (&page, &title, NULL, false, false);
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">");
    html_append (&page, &heading);
    html_free (&heading);
    html_put (&page, "</h1>\n");
    if (all)
        put_sentences (&page, &data->form, data->reply);
    html_put (&page, "<h2>The text</h2>\n");
    put_form (&page, data->form.data);
    gw_sources_put (&page, data->reply);
    html_put (&page, "</main>\n");
    return gw_frame_close (request, &page, NULL);
}
