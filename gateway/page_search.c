/* page_search.c - the first page: what was found, with filters, pages and coverage. */
#include "page.h"

#include "daemon.h"
#include "route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "q", "level", "sector", "group", "occupation", "zone", "sort", "page", NULL };
static const char *const filters[] = { "level", "occupation", "group", "sector", "zone" };
#define FILTERS (sizeof filters / sizeof *filters)

/* ---------------------------------------------------------------------- asking */
static bool
is_level_wanted (const gw_address *address, size_t level)
{
    return gw_address_count (address, "level") == 0 || gw_address_has (address, "level", gw_page_levels[level]);
}

static int
page_of (const gw_address *address)
{
    const char *page = gw_address_value (address, "page");
    return *page ? atoi (page) : 1;
}

/* One request of several, of the given terms. */
static void
write_search (const gw_address *address, const char *level, gw_bytes *out)
{
    gw_bytes_puts (out, "{\"op\":\"search\",\"q\":");
    gw_bytes_json (out, gw_address_value (address, "q"));
    gw_page_filter (address, level, NULL, out);
}

/* The search; how many occupations there are, as the tree counts groups; and for each level
 * how its groups are. */
static void
write_all (const gw_address *address, gw_bytes *out)
{
    const char *sort = gw_address_value (address, "sort");
    gw_bytes_puts (out, "{\"op\":\"multi\",\"requests\":[");
    write_search (address, NULL, out);
    gw_bytes_printf (out, ",\"want\":[\"provenance\"],\"sort\":\"%s\",\"limit\":%d,\"offset\":%d",
                     *sort ? sort : "relevance", GW_PAGE_HITS, (page_of (address) - 1) * GW_PAGE_HITS);
    gw_bytes_puts (out, ",\"facets\":[\"level\",{\"name\":\"sector\",\"limit\":8},{\"name\":\"group\",\"limit\":6},"
                        "{\"name\":\"occupation\",\"tree\":true,\"limit\":6},\"zone\"]}");
    gw_bytes_puts (out, ",{\"op\":\"facet_values\",\"q\":");
    gw_bytes_json (out, gw_address_value (address, "q"));
    gw_page_filter (address, NULL, NULL, out);
    gw_bytes_puts (out, ",\"facet\":{\"name\":\"occupation\",\"limit\":1}}");
    for (size_t i = 0; i < GW_LEVELS; i++) {
        if (!is_level_wanted (address, i))
            continue;
        gw_bytes_puts (out, ",");
        write_search (address, gw_page_levels[i], out);
        gw_bytes_puts (out, ",\"limit\":0,\"facets\":[{\"name\":\"group\",\"limit\":100}]}");
    }
    gw_bytes_puts (out, "]}");
}

enum MHD_Result
gw_search_begin (gw_request *request)
{
    enum MHD_Result result;
    gw_page *page = gw_page_begin (request, names, "/", &result);
    if (!page)
        return result;
    write_all (&page->address, &request->asked);
    return gw_route_ask (request);
}

/* ------------------------------------------------------- when nothing is found */

/* One thing to take away: a filter, all filters, a word of the query, its quotes. */
struct removal {
    enum { A_FILTER, ALL_FILTERS, A_WORD, QUOTES } kind;
    const char *filter;
    size_t from, to; /* of the word, in the query */
};
#define MAX_REMOVALS SKS_MAX_MULTI

/* A word ends at a blank that stands in no quotes. */
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
    return words == 1 ? count - 1 : count; /* a query of one word would be none */
}

/* The address without it.
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

/* Ask how much each removal would find. False when there is none. */
static bool
write_removals (const gw_address *address, gw_bytes *out)
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
        write_search (&changed, NULL, out);
        gw_bytes_puts (out, ",\"limit\":0}");
    }
    gw_bytes_puts (out, "]}");
    gw_bytes_free (&q);
    return count > 0;
}

static void
put_removals (html *page, const gw_address *address, const cJSON *replies)
{
    struct removal removals[MAX_REMOVALS];
    size_t count = list_removals (address, removals), shown = 0;
    const char *query = gw_address_value (address, "q");
    gw_bytes q = { NULL, 0, 0, false };
    gw_address changed;
    for (size_t i = 0; i < count; i++) {
        const cJSON *reply = cJSON_GetArrayItem (replies, (int) i);
        int total = gw_page_number (reply, "total");
        if (total == 0)
            continue;
        apply_removal (address, &removals[i], &changed, &q);
        if (shown++ == 0)
            html_put (page, "<p>More is found:</p><ul class=\"removals\">");
        html_put (page, "<li>");
        gw_page_link (page, &changed, "/", NULL);
        if (removals[i].kind == A_FILTER)
            html_put (page, "without the filter %s", gw_page_facet_label (removals[i].filter));
        else if (removals[i].kind == A_WORD)
            html_put (page, "without <bdi>%.*s</bdi>", (int) (removals[i].to - removals[i].from),
                      query + removals[i].from);
        else
            html_put (page, "%s", removals[i].kind == QUOTES ? "without quotation marks" : "without any filter");
        html_put (page, "</a>: ");
        gw_page_count (page, total, "statement");
        html_put (page, "</li>");
    }
    if (shown)
        html_put (page, "</ul>");
    else
        html_put (page, "<p>Try fewer or more general words, or <a href=\"/facet/occupation\">look through the "
                        "occupations</a>.</p>");
    gw_bytes_free (&q);
}

/* -------------------------------------------------------------------- results */
static void
put_title (html *title, const gw_address *address, int total)
{
    const char *q = gw_address_value (address, "q");
    gw_page_count (title, total, "statement");
    if (*q) {
        html_put (title, " for ");
        html_plain (title, q);
    }
    for (size_t i = 0; i < address->count; i++)
        if (strcmp (address->terms[i].name, "level") == 0)
            html_put (title, ", %s", gw_page_level_label (address->terms[i].value));
    if (page_of (address) > 1)
        html_put (title, ", page %d", page_of (address));
}

/* Chosen filters as links that remove them. */
static void
put_chips (html *page, const gw_address *address, const cJSON *found)
{
    size_t shown = 0;
    for (size_t i = 0; i < address->count; i++) {
        const gw_term *term = &address->terms[i];
        const char *facet = gw_page_facet_label (term->name);
        gw_address without = *address;
        if (!facet)
            continue;
        gw_address_remove (&without, "page", NULL);
        gw_address_remove (&without, term->name, term->value);
        if (shown++ == 0)
            html_put (page, "<h2 class=\"hidden\">Chosen filters</h2><ul class=\"chips\">");
        html_put (page, "<li>");
        gw_page_link (page, &without, "/", NULL);
        html_put (page,
                  "<span class=\"hidden\">Remove filter </span>%s: <bdi>%s</bdi> <span aria-hidden=\"true\">✕</span>"
                  "</a></li>",
                  facet, gw_page_value_label (gw_page_member (found, "facets"), term->name, term->value));
    }
    if (shown)
        html_put (page, "</ul>\n");
}

/* Words of a list, as "Left out as too common: the, of". */
static void
put_words (html *page, const cJSON *words, const char *what)
{
    const cJSON *word;
    size_t count = 0;
    cJSON_ArrayForEach (word, words)
    {
        if (!cJSON_IsString (word))
            continue;
        if (count++ == 0)
            html_put (page, "<p class=\"note\">%s: ", what);
        html_put (page, "%s<bdi>%s</bdi>", count > 1 ? ", " : "", word->valuestring);
    }
    if (count)
        html_put (page, "</p>\n");
}

/* What was made of the query. */
static void
put_reading (html *page, const gw_address *address, const cJSON *found)
{
    const cJSON *suggestion = gw_page_member (found, "suggestion"), *note;
    int all = gw_page_number (found, "matched_all");
    if (*gw_page_text (suggestion, "query")) {
        gw_address other = *address;
        gw_address_remove (&other, "page", NULL);
        gw_address_remove (&other, "q", NULL);
        gw_address_add (&other, "q", gw_page_text (suggestion, "query"));
        html_put (page, "<p class=\"suggestion\">Did you mean ");
        gw_page_link (page, &other, "/", NULL);
        html_put (page, "<bdi>%s</bdi></a>? (", gw_page_text (suggestion, "query"));
        gw_page_count (page, gw_page_number (suggestion, "count"), "statement");
        html_put (page, ")</p>\n");
    }
    if (gw_page_true (found, "relaxed") && gw_page_number (found, "total") > 0) {
        html_put (page, "<p class=\"note\">");
        if (all == 0)
            html_put (page, "No statement has all of the words. These have some of them");
        else
            html_put (page, "%'d %s all of the words. The others have some of them", all,
                      all == 1 ? "statement has" : "statements have");
        html_put (page, ".</p>\n");
    }
    put_words (page, gw_page_member (found, "unknown"), "No statement has");
    put_words (page, gw_page_member (found, "ignored"), "Left out, as too common to matter");
    cJSON_ArrayForEach (note, gw_page_member (found, "notes"))
        html_put (page, "<p class=\"note\"><bdi>%s</bdi></p>\n", gw_page_text (note, "text"));
}

static void
put_order (html *page, const gw_address *address)
{
    static const char *const orders[][2] = { { "relevance", "Best match first" },
                                             { "level", "Emerging level first" },
                                             { "-level", "Advanced level first" },
                                             { "occupation", "By occupation" } };
    html_put (page, "<p class=\"sort\"><label for=\"sort\">Order</label> <select id=\"sort\" name=\"sort\" "
                    "form=\"search\">");
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        html_put (page, "<option value=\"%s\"", orders[i][0]);
        if (strcmp (gw_address_value (address, "sort"), orders[i][0]) == 0)
            html_put (page, " selected");
        html_put (page, ">%s</option>", orders[i][1]);
    }
    html_put (page, "</select> <button type=\"submit\" form=\"search\">Apply order</button></p>\n");
}

static void
put_hits (html *page, const gw_address *address, const cJSON *found)
{
    const cJSON *hits = gw_page_member (found, "hits"), *hit;
    if (cJSON_GetArraySize (hits) == 0) {
        gw_address first = *address;
        gw_address_remove (&first, "page", NULL);
        html_put (page, "<p>There is no page %d. ", page_of (address));
        gw_page_link (page, &first, "/", NULL);
        html_put (page, "Go to the first page</a></p>\n");
        return;
    }
    html_put (page, "<ol class=\"hits\" start=\"%d\">\n", (page_of (address) - 1) * GW_PAGE_HITS + 1);
    cJSON_ArrayForEach (hit, hits)
    {
        html_put (page, "<li>");
        gw_page_hit (page, hit);
        html_put (page, "</li>\n");
    }
    html_put (page, "</ol>\n");
}

static void
put_step (html *page, const gw_address *address, int to, const char *rel, const char *label)
{
    char number[16];
    gw_address other = *address;
    snprintf (number, sizeof number, "%d", to);
    gw_address_remove (&other, "page", NULL);
    gw_address_add (&other, "page", number);
    html_put (page, "<li>");
    gw_page_link (page, &other, "/", rel);
    html_put (page, "%s<span class=\"hidden\"> page</span></a></li>", label);
}

static void
put_pages (html *page, const gw_address *address, int total)
{
    int at = page_of (address), pages = total / GW_PAGE_HITS + (total % GW_PAGE_HITS > 0);
    bool cut = pages > SKS_MAX_WINDOW / GW_PAGE_HITS;
    pages = cut ? SKS_MAX_WINDOW / GW_PAGE_HITS : pages;
    if (pages < 2 || at > pages)
        return;
    html_put (page, "<nav aria-label=\"Pages of results\"><ul class=\"pages\">");
    if (at > 1)
        put_step (page, address, at - 1, "prev", "Previous");
    html_put (page, "<li aria-current=\"page\">Page %'d of %'d</li>", at, pages);
    if (at < pages)
        put_step (page, address, at + 1, "next", "Next");
    html_put (page, "</ul></nav>\n");
    if (cut && at == pages)
        html_put (page, "<p>This is the last page that can be shown. Filters or more words lead to the rest.</p>\n");
}

/* For those who see the page for the first time. */
static void
put_welcome (html *page)
{
    html_put (page,
              "<section class=\"welcome\" aria-labelledby=\"try\"><h2 id=\"try\">What you can do here</h2>\n"
              "<p>Each statement says what people of an occupation do at one of four levels: emerging, developing, "
              "proficient, advanced.</p>\n<ul><li>Search for words: ");
    gw_page_link_to (page, "/", "q", "report");
    html_put (page, "report</a>, ");
    gw_page_link_to (page, "/", "q", "\"safety data sheets\"");
    html_put (page, "\"safety data sheets\"</a>, ");
    gw_page_link_to (page, "/", "q", "train -safety");
    html_put (page, "train -safety</a>, ");
    gw_page_link_to (page, "/", "q", "plan*");
    html_put (page, "plan*</a></li>\n<li>See one level only: ");
    for (size_t i = 0; i < GW_LEVELS; i++) {
        gw_page_link_to (page, "/", "level", gw_page_levels[i]);
        html_put (page, "%s</a>%s", gw_page_level_label (gw_page_levels[i]), i + 1 < GW_LEVELS ? ", " : "");
    }
    html_put (page, "</li>\n<li><a href=\"/facet/occupation\">Choose an occupation</a> and see its levels side by side"
                    "</li>\n<li><a href=\"/crosswalk\">Compare two occupations</a></li>\n"
                    "<li><a href=\"/map\">Paste a job description</a> and see which statements answer it</li></ul>"
                    "</section>\n");
}

static enum MHD_Result
answer_results (gw_request *request)
{
    const gw_page *data = request->data;
    const gw_address *address = &data->address;
    const cJSON *replies = gw_page_member (data->reply, "replies");
    const cJSON *found = cJSON_GetArrayItem (replies, 0), *by_level[GW_LEVELS] = { NULL };
    int total = gw_page_number (found, "total"), at = 2;
    const char *q = gw_address_value (address, "q");
    html page = { 0 }, title = { 0 };
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (is_level_wanted (address, i))
            by_level[i] = cJSON_GetArrayItem (replies, at++);
    put_title (&title, address, total);
    gw_page_open (&page, &title, address, false, false);
    html_put (&page, "<div class=\"cols\">");
    gw_page_filters (&page, address, found,
                     gw_page_number (gw_page_member (cJSON_GetArrayItem (replies, 1), "facet"), "distinct"));
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">");
    gw_page_count (&page, total, "statement");
    if (*q)
        html_put (&page, " for “<bdi>%s</bdi>”", q);
    html_put (&page, "</h1>\n");
    if (address->count == 0)
        put_welcome (&page);
    put_chips (&page, address, found);
    put_reading (&page, address, found);
    if (total > 0) {
        put_order (&page, address);
        put_hits (&page, address, found);
        put_pages (&page, address, total);
        gw_page_chart (&page, address, found, by_level);
        gw_page_sources (&page, found);
    } else {
        put_removals (&page, address, gw_page_member (data->more, "replies"));
    }
    html_put (&page, "</main></div>\n");
    return gw_page_close (request, &page, NULL);
}

enum MHD_Result
gw_search_finish (gw_request *request)
{
    gw_page *data = request->data;
    if (data->reply) {
        data->more = gw_page_reply (request);
        return answer_results (request);
    }
    if (request->failure.code)
        return gw_page_failure (request);
    data->reply = gw_page_reply (request);
    const cJSON *found = cJSON_GetArrayItem (gw_page_member (data->reply, "replies"), 0);
    const cJSON *error = gw_page_member (found, "error"), *at = gw_page_member (error, "at");
    if (!found)
        return gw_page_problem (request, gw_problem_named ("protocol"), "The daemon's reply cannot be read.");
    if (error)
        return gw_page_refused (request, gw_page_text (error, "code"), gw_page_text (error, "message"),
                                cJSON_IsNumber (at) ? at->valueint : -1);
    if (gw_page_number (found, "total") == 0 && write_removals (&data->address, &request->asked) &&
        gw_daemon_ask (request) == 0)
        return MHD_YES;
    return answer_results (request);
}
