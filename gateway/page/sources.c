/* sources.c - version, date, sources and attribution of the occupations on a page. */
#include "sources.h"

#include "html.h"
#include "reply.h"

#include <ctype.h>
#include <string.h>

#define MAX_OCCUPATIONS 64 /* of one page */

struct source {
    const char *soc, *title, *version, *exported_at, *attribution;
    const cJSON *sources;
};

/* Read the source of an occupation's record, or of a statement with its provenance.
 * False for any other object. */
static bool
read_source (const cJSON *object, struct source *out)
{
    const cJSON *provenance = gw_reply_member (object, "provenance"),
                *framework = gw_reply_member (object, "framework");
    const cJSON *origin = provenance ? provenance : object;
    *out = (struct source) { gw_reply_text (object, "soc"),
                             gw_reply_text (object, provenance ? "occupation" : "title"),
                             gw_reply_text (provenance ? provenance : framework, "version"),
                             gw_reply_text (origin, "exported_at"),
                             gw_reply_text (origin, "attribution"),
                             gw_reply_member (origin, "sources") };
    return provenance || framework;
}

/* Collect the sources in a reply, each occupation once.
 *   out     array of MAX_OCCUPATIONS
 *   count   of those found so far; MAX_OCCUPATIONS + 1 when there are more */
static void
collect (const cJSON *value, struct source *out, size_t *count)
{
    const cJSON *child;
    struct source source;
    if (cJSON_IsObject (value) && *count <= MAX_OCCUPATIONS && read_source (value, &source)) {
        size_t i = 0;
        while (i < *count && i < MAX_OCCUPATIONS && strcmp (out[i].soc, source.soc) != 0)
            i++;
        if (i == *count && i < MAX_OCCUPATIONS)
            out[i] = source;
        if (i == *count)
            ++*count;
    }
    cJSON_ArrayForEach (child, value) if (cJSON_IsArray (child) || cJSON_IsObject (child)) collect (child, out, count);
}

/* The length of the date of an ISO 8601 time; of the whole text if it is not one. */
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
is_same_source (const struct source *a, const struct source *b)
{
    int size = day_size (a->exported_at);
    return strcmp (a->attribution, b->attribution) == 0 && strcmp (a->version, b->version) == 0 &&
           size == day_size (b->exported_at) && strncmp (a->exported_at, b->exported_at, (size_t) size) == 0 &&
           cJSON_Compare (a->sources, b->sources, true);
}

static void
put_source (html *page, const struct source *source)
{
    const cJSON *one;
    if (*source->attribution)
        html_put (page, "<bdi>%s</bdi><br>", source->attribution);
    if (*source->version)
        html_put (page, "Version <bdi>%s</bdi>. ", source->version);
    if (*source->exported_at)
        html_put (page, "Exported <bdi>%.*s</bdi>. ", day_size (source->exported_at), source->exported_at);
    cJSON_ArrayForEach (one, source->sources)
    {
        html_put (page, "<bdi>%s: %s</bdi>. ", gw_reply_text (one, "name"), gw_reply_text (one, "text"));
    }
}

void
gw_sources_put_one (html *page, const cJSON *record)
{
    struct source source;
    read_source (record, &source);
    put_source (page, &source);
}

void
gw_sources_put (html *page, const cJSON *reply)
{
    struct source sources[MAX_OCCUPATIONS];
    size_t count = 0;
    collect (reply, sources, &count);
    size_t shown = count < MAX_OCCUPATIONS ? count : MAX_OCCUPATIONS;
    if (count)
        html_put (page, "<section class=\"source\" aria-labelledby=\"src\"><h2 id=\"src\">Where this comes from</h2>"
                        "<ul>\n");
    for (size_t i = 0; i < shown; i++) {
        size_t earlier = 0;
        while (earlier < i && !is_same_source (&sources[earlier], &sources[i]))
            earlier++;
        if (earlier < i)
            continue;
        html_put (page, "<li>");
        put_source (page, &sources[i]);
        for (size_t k = i; k < shown; k++)
            if (is_same_source (&sources[i], &sources[k]))
                html_put (page, "%s<bdi>%s</bdi>", k == i ? "Occupations: " : "; ", sources[k].title);
        html_put (page, "</li>\n");
    }
    if (count > shown)
        html_put (page, "<li>There are more occupations on this page; the page of each has its own.</li>\n");
    if (count)
        html_put (page, "</ul></section>\n");
}
