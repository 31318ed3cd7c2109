/* removals.c - the search without one part of its query or filters. */
#include "removals.h"

#include "address.h"
#include "anchor.h"
#include "filters.h"
#include "html.h"
#include "reply.h"

#include <string.h>

static const char *const filters[] = { GW_FACETS };
#define FILTERS (sizeof filters / sizeof *filters)

/* A part that can be removed: a filter, all filters, a word of the query, its
 * quotes. */
struct removal {
    enum { A_FILTER, ALL_FILTERS, A_WORD, QUOTES } kind;
    const char *filter;
    size_t from, to; /* of the word, in the query */
};
#define MAX_REMOVALS SKS_MAX_MULTI

/* A word ends at a blank outside quotes. */
static size_t
word_end (const char *q, size_t at)
{
    bool quoted = false;
    for (; q[at] && (quoted || q[at] != ' '); at++)
        quoted ^= q[at] == '"';
    return at;
}

static size_t
list_removals (const gw_address *address, struct removal out[MAX_REMOVALS])
{
    const char *q = gw_address_value (address, "q");
    size_t count = 0, used = 0, words = 0;
    for (size_t i = 0; i < FILTERS; i++)
        if (gw_address_count (address, filters[i])) {
            out[count++] = (struct removal) { A_FILTER, filters[i], 0, 0 };
            used++;
        }
    if (used > 1)
        out[count++] = (struct removal) { .kind = ALL_FILTERS };
    if (strchr (q, '"'))
        out[count++] = (struct removal) { .kind = QUOTES };
    for (size_t at = strspn (q, " "); q[at] && count < MAX_REMOVALS; at += strspn (q + at, " ")) {
        size_t end = word_end (q, at);
        out[count++] = (struct removal) { A_WORD, NULL, at, end };
        words++;
        at = end;
    }
    return words == 1 ? count - 1 : count; /* without its only word the query would be empty */
}

/* Make the address without one part.
 *   q   memory for its query */
static void
apply_removal (const gw_address *address, const struct removal *removal, gw_address *out, gw_bytes *q)
{
    const char *query = gw_address_value (address, "q");
    *out = *address;
    gw_address_remove (out, "page", NULL);
    if (removal->kind == A_FILTER)
        gw_address_remove (out, removal->filter, NULL);
    for (size_t i = 0; removal->kind == ALL_FILTERS && i < FILTERS; i++)
        gw_address_remove (out, filters[i], NULL);
    if (removal->kind != A_WORD && removal->kind != QUOTES)
        return;
    gw_bytes_clear (q);
    for (size_t at = 0; query[at]; at++)
        if (removal->kind == QUOTES ? query[at] != '"' : at < removal->from || at > removal->to)
            gw_bytes_add (q, query + at, 1);
    gw_address_remove (out, "q", NULL);
    gw_address_add (out, "q", gw_bytes_text (q) ? q->data : "");
}

bool
gw_removals_write (const gw_address *address, gw_bytes *out)
{
    struct removal removals[MAX_REMOVALS];
    size_t count = list_removals (address, removals);
    gw_bytes q = { NULL, 0, 0, false };
    gw_address changed;
    gw_bytes_clear (out);
    gw_bytes_puts (out, "{\"op\":\"multi\",\"requests\":[");
    for (size_t i = 0; i < count; i++) {
        apply_removal (address, &removals[i], &changed, &q);
        gw_bytes_puts (out, i ? "," : "");
        gw_address_search (&changed, NULL, out);
        gw_bytes_puts (out, ",\"limit\":0}");
    }
    gw_bytes_puts (out, "]}");
    gw_bytes_free (&q);
    return count > 0;
}

void
gw_removals_put (html *page, const gw_address *address, const cJSON *replies)
{
    struct removal removals[MAX_REMOVALS];
    size_t count = list_removals (address, removals), shown = 0;
    const char *query = gw_address_value (address, "q");
    gw_bytes q = { NULL, 0, 0, false };
    gw_address changed;
    for (size_t i = 0; i < count; i++) {
        const cJSON *reply = cJSON_GetArrayItem (replies, (int) i);
        int total = gw_reply_number (reply, "total");
        if (total == 0)
            continue;
        apply_removal (address, &removals[i], &changed, &q);
        if (shown++ == 0)
            html_put (page, "<p>More is found:</p><ul class=\"removals\">");
        html_put (page, "<li>");
        gw_anchor_open (page, &changed, "/", NULL);
        if (removals[i].kind == A_FILTER)
            html_put (page, "without the filter %s", gw_filters_label (removals[i].filter));
        else if (removals[i].kind == A_WORD)
            html_put (page, "without <bdi>%.*s</bdi>", (int) (removals[i].to - removals[i].from),
                      query + removals[i].from);
        else
            html_put (page, "%s", removals[i].kind == QUOTES ? "without quotation marks" : "without any filter");
        html_put (page, "</a>: ");
        html_count (page, total, "statement");
        html_put (page, "</li>");
    }
    if (shown)
        html_put (page, "</ul>");
    else
        html_put (page, "<p>Try fewer or more general words, or <a href=\"/facet/occupation\">look through the "
                        "occupations</a>.</p>");
    gw_bytes_free (&q);
}
