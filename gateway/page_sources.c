/* page_sources.c - where the statements on a page come from: version, date, sources and
 * attribution of their occupations, which a second request asks for. */
#include "page.h"

#include "daemon.h"

#include <ctype.h>
#include <string.h>

/* Codes of the occupations of all hits in a reply, each once.
 *   out     room for SKS_MAX_MULTI
 *   count   of those found so far; goes on beyond the room */
static void
collect (const cJSON *value, const char *out[SKS_MAX_MULTI], size_t *count)
{
    const cJSON *child;
    const char *soc = cJSON_IsObject (value) && gw_page_member (value, "position") ? gw_page_text (value, "soc") : "";
    size_t known = *count < SKS_MAX_MULTI ? *count : SKS_MAX_MULTI, i = 0;
    while (*soc && i < known && strcmp (out[i], soc) != 0)
        i++;
    if (*soc && i == known) {
        if (known < SKS_MAX_MULTI)
            out[known] = soc;
        ++*count;
    }
    cJSON_ArrayForEach (child, value) if (cJSON_IsArray (child) || cJSON_IsObject (child)) collect (child, out, count);
}

bool
gw_page_ask_sources (gw_request *request, const cJSON *reply)
{
    const char *socs[SKS_MAX_MULTI];
    size_t count = 0;
    collect (reply, socs, &count);
    if (count == 0)
        return false;
    gw_bytes_clear (&request->asked);
    gw_bytes_puts (&request->asked, "{\"op\":\"multi\",\"requests\":[");
    for (size_t i = 0; i < count && i < SKS_MAX_MULTI; i++) {
        gw_bytes_puts (&request->asked,
                       i ? ",{\"op\":\"occupation\",\"occupation\":" : "{\"op\":\"occupation\",\"occupation\":");
        gw_bytes_json (&request->asked, socs[i]);
        gw_bytes_puts (&request->asked, "}");
    }
    gw_bytes_puts (&request->asked, "]}");
    return gw_daemon_ask (request) == 0;
}

/* The day of an ISO 8601 time, or the whole text when it is none. */
static int
day_size (const char *time)
{
    static const char shape[] = "dddd-dd-dd";
    size_t i = 0;
    while (shape[i] && (shape[i] == 'd' ? isdigit ((unsigned char) time[i]) : time[i] == shape[i]))
        i++;
    return shape[i] || (time[i] && time[i] != 'T') ? (int) strlen (time) : (int) i;
}

static bool
is_same_source (const cJSON *a, const cJSON *b)
{
    static const char *const members[] = { "attribution", "sources", "framework" };
    const char *day = gw_page_text (a, "exported_at"), *other = gw_page_text (b, "exported_at");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!cJSON_Compare (gw_page_member (a, members[i]), gw_page_member (b, members[i]), true))
            return false;
    return day_size (day) == day_size (other) && strncmp (day, other, (size_t) day_size (day)) == 0;
}

void
gw_page_source (html *page, const cJSON *record)
{
    const char *version = gw_page_text (gw_page_member (record, "framework"), "version");
    const char *day = gw_page_text (record, "exported_at"), *attribution = gw_page_text (record, "attribution");
    const cJSON *source;
    if (*attribution)
        html_put (page, "<bdi>%s</bdi><br>", attribution);
    if (*version)
        html_put (page, "Version <bdi>%s</bdi>. ", version);
    if (*day)
        html_put (page, "Exported <bdi>%.*s</bdi>. ", day_size (day), day);
    cJSON_ArrayForEach (source, gw_page_member (record, "sources"))
        html_put (page, "<bdi>%s: %s</bdi>. ", gw_page_text (source, "name"), gw_page_text (source, "text"));
}

void
gw_page_sources (html *page, const cJSON *reply)
{
    const cJSON *records = gw_page_member (reply, "replies"), *first, *other;
    size_t shown = 0;
    cJSON_ArrayForEach (first, records)
    {
        const cJSON *earlier = records->child;
        while (earlier != first && !is_same_source (earlier, first))
            earlier = earlier->next;
        if (earlier != first || !gw_page_true (first, "ok"))
            continue;
        if (shown++ == 0)
            html_put (
                page,
                "<section class=\"source\" aria-labelledby=\"src\"><h2 id=\"src\">Where this comes from</h2><ul>\n");
        html_put (page, "<li>");
        gw_page_source (page, first);
        for (other = first; other; other = other->next)
            if (other == first || is_same_source (first, other))
                html_put (page, "%s<bdi>%s</bdi>", other == first ? "Occupations: " : "; ",
                          gw_page_text (other, "title"));
        html_put (page, "</li>\n");
    }
    if (shown && cJSON_GetArraySize (records) == SKS_MAX_MULTI)
        html_put (page, "<li>More occupations than these may be shown; the page of each has its own.</li>\n");
    if (shown)
        html_put (page, "</ul></section>\n");
}
