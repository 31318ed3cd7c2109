/* hit.c - text, level, occupation and links of a statement. */
#include "hit.h"

#include "anchor.h"
#include "html.h"
#include "level.h"
#include "reply.h"

#include <string.h>

#define NAMED_BYTES 60 /* of a statement, in the accessible name of a link */

void
gw_hit_marked (html *page, const char *text, const cJSON *spans, size_t from, size_t to)
{
    const cJSON *span;
    size_t at = from;
    cJSON_ArrayForEach (span, spans)
    {
        const cJSON *first = cJSON_GetArrayItem (span, 0), *second = cJSON_GetArrayItem (span, 1);
        size_t start = cJSON_IsNumber (first) && first->valueint > 0 ? (size_t) first->valueint : 0;
        size_t end = cJSON_IsNumber (second) && second->valueint > 0 ? (size_t) second->valueint : 0;
        if (start < at || end <= start || end > to)
            continue;
        html_put (page, "%.*s<mark>", (int) (start - at), text + at);
        html_put (page, "%.*s</mark>", (int) (end - start), text + start);
        at = end;
    }
    html_put (page, "%.*s", (int) (to - at), text + at);
}

void
gw_hit_put (html *page, const cJSON *hit)
{
    const char *text = gw_reply_text (hit, "text"), *soc = gw_reply_text (hit, "soc");
    html_put (page, "<p class=\"text\" dir=\"auto\">");
    gw_hit_marked (page, text, gw_reply_member (hit, "spans"), 0, strlen (text));
    html_put (page, "</p><p class=\"meta\">");
    gw_level_put (page, gw_reply_text (hit, "level"));
    gw_anchor_open_to (page, "/occupation/", NULL, soc);
    html_put (page, "<bdi>%s</bdi><span class=\"hidden\">: all levels</span></a> <span>%s</span> ",
              gw_reply_text (hit, "occupation"), soc);
    gw_anchor_open_to (page, "/similar", "statement", gw_reply_text (hit, "id"));
    html_put (page, "Similar<span class=\"hidden\"> statements to: %.*s</span></a>",
              (int) gw_bytes_cut (text, NAMED_BYTES), text);
    if (strcmp (gw_reply_text (hit, "by"), "meaning") == 0)
        html_put (page, " <span>Found by words of similar meaning</span>");
    html_put (page, "</p>");
}

void
gw_hit_put_compared_by (html *page, const cJSON *reply)
{
    if (strcmp (gw_reply_text (reply, "compared_by"), "meaning") == 0)
        html_put (page, "<p class=\"words\">Compared by words and by meaning.</p>\n");
}

/* Reasons with a different word in each statement, or those with a common word. */
static void
put_reasons (html *page, const char *heading, const cJSON *reasons, bool near)
{
    const cJSON *reason;
    bool begun = false;
    cJSON_ArrayForEach (reason, reasons)
    {
        const char *word = gw_reply_text (reason, "word");
        if ((*word != '\0') != near)
            continue;
        if (!begun)
            html_put (page, "<p class=\"words\">%s:", heading);
        begun = true;
        html_put (page, " <bdi>%s</bdi>", gw_reply_text (reason, "term"));
        if (near)
            html_put (page, " ~ <bdi>%s</bdi>", word);
    }
    if (begun)
        html_put (page, "</p>");
}

void
gw_hit_put_reasons (html *page, const cJSON *reasons, bool near_only)
{
    if (!near_only)
        put_reasons (page, "Words in common", reasons, false);
    put_reasons (page, "Of similar meaning", reasons, true);
}
