/* search.c - the first page: statements found, with filters, pages and coverage. */
#include "search.h"

#include "address.h"
#include "anchor.h"
#include "chart.h"
#include "failure.h"
#include "filters.h"
#include "frame.h"
#include "hit.h"
#include "html.h"
#include "level.h"
#include "page.h"
#include "removals.h"
#include "reply.h"
#include "sources.h"

#include "gateway/http/answer.h"
#include "gateway/http/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTED_BYTES 40 /* of the query, in a note */

static const char *const names[] = { "q", GW_FACETS, "sort", "page", NULL };

/* ---------------------------------------------------------------------- asking */
static bool
is_level_wanted (const gw_address *address, size_t level)
{
    return gw_address_count (address, "level") == 0 || gw_address_has (address, "level", gw_level_names[level]);
}

static int
page_of (const gw_address *address)
{
    const char *page = gw_address_value (address, "page");
    return *page ? atoi (page) : 1;
}

/* Write three requests: the search; the number of occupations, because the tree counts groups; and the groups of each
 * level. */
static void
write_all (const gw_address *address, gw_bytes *out)
{
    const char *sort = gw_address_value (address, "sort");
    gw_bytes_puts (out, "{\"op\":\"multi\",\"requests\":[");
    gw_address_search (address, NULL, out);
    gw_bytes_printf (out, ",\"want\":[\"provenance\"],\"sort\":\"%s\",\"limit\":%d,\"offset\":%d",
                     *sort ? sort : "relevance", GW_PAGE_HITS, (page_of (address) - 1) * GW_PAGE_HITS);
    gw_bytes_puts (out, ",\"facets\":[\"level\",{\"name\":\"sector\",\"limit\":8},{\"name\":\"group\",\"limit\":6},"
                        "{\"name\":\"occupation\",\"tree\":true,\"limit\":6},\"zone\","
                        "{\"name\":\"version\",\"limit\":8}]}");
    gw_bytes_puts (out, ",{\"op\":\"facet_values\",\"q\":");
    gw_bytes_json (out, gw_address_value (address, "q"));
    gw_address_filter (address, NULL, NULL, out);
    gw_bytes_puts (out, ",\"facet\":{\"name\":\"occupation\",\"limit\":1}}");
    for (size_t i = 0; i < GW_LEVELS; i++) {
        if (!is_level_wanted (address, i))
            continue;
        gw_bytes_puts (out, ",");
        gw_address_search (address, gw_level_names[i], out);
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
    return gw_answer_later (request);
}

/* -------------------------------------------------------------------- results */
static void
put_title (html *title, const gw_address *address, int total)
{
    const char *q = gw_address_value (address, "q");
    html_count (title, total, "statement");
    if (*q) {
        html_put (title, " for ");
        html_plain (title, q);
    }
    for (size_t i = 0; i < address->count; i++)
        if (strcmp (address->terms[i].name, "level") == 0)
            html_put (title, ", %s", gw_level_label (address->terms[i].value));
    if (page_of (address) > 1)
        html_put (title, ", page %d", page_of (address));
}

/* Write the chosen filters as links that remove them. */
static void
put_chips (html *page, const gw_address *address, const cJSON *found)
{
    size_t shown = 0;
    for (size_t i = 0; i < address->count; i++) {
        const gw_term *term = &address->terms[i];
        const char *facet = gw_filters_label (term->name);
        gw_address without = *address;
        if (!facet)
            continue;
        gw_address_remove (&without, "page", NULL);
        gw_address_remove (&without, term->name, term->value);
        if (shown++ == 0)
            html_put (page, "<h2 class=\"hidden\">Chosen filters</h2><ul class=\"chips\">");
        html_put (page, "<li>");
        gw_anchor_open (page, &without, "/", NULL);
        html_put (page,
                  "<span class=\"hidden\">Remove filter </span>%s: <bdi>%s</bdi> <span aria-hidden=\"true\">✕</span>"
                  "</a></li>",
                  facet, gw_filters_value_label (gw_reply_member (found, "facets"), term->name, term->value));
    }
    if (shown)
        html_put (page, "</ul>\n");
}

/* Write a list of words, such as "Ignored common words: the, of". */
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

/* Write the near words: "Also read as: onboard ~ orient, train; hires ~ recruit". */
static void
put_near (html *page, const cJSON *list)
{
    const cJSON *near;
    const char *before = "";
    cJSON_ArrayForEach (near, list)
    {
        const char *term = gw_reply_text (near, "term");
        bool same = near != list->child && strcmp (before, term) == 0;
        if (near == list->child)
            html_put (page, "<p class=\"note\">Also read as: ");
        if (same)
            html_put (page, ", ");
        else
            html_put (page, "%s<bdi>%s</bdi> ~ ", near == list->child ? "" : "; ", term);
        html_put (page, "<bdi>%s</bdi>", gw_reply_text (near, "word"));
        before = term;
    }
    if (*before)
        html_put (page, "</p>\n");
}

/* Write a note on how the query was read, with the word that it is about; `more` later notes say the same of others. */
static void
put_note (html *page, const char *q, const cJSON *note, int more)
{
    static const char *const complete[] = { "label", "absent", "stop_words", "no_word", "operators" };
    const char *code = gw_reply_text (note, "code");
    int at = gw_reply_number (note, "at");
    size_t i = 0;
    while (i < sizeof complete / sizeof *complete && strcmp (complete[i], code) != 0)
        i++;
    html_put (page, "<p class=\"note\"><bdi>");
    if (i == sizeof complete / sizeof *complete && at >= 0 && (size_t) at < strlen (q)) {
        size_t size = strcspn (q + at, " \t\r\n");
        html_put (page, "“%.*s”", (int) gw_bytes_cut (q + at, size < NOTED_BYTES ? size : NOTED_BYTES), q + at);
        if (more)
            html_put (page, " and %d more", more);
        html_put (page, ": %s.", gw_reply_text (note, "text"));
    } else
        html_sentence (page, gw_reply_text (note, "text"));
    html_put (page, "</bdi></p>\n");
}

/* Notes that say the same are one line. */
static void
put_notes (html *page, const char *q, const cJSON *notes)
{
    const cJSON *note, *other;
    cJSON_ArrayForEach (note, notes)
    {
        int more = 0;
        bool later = false, repeated = false;
        cJSON_ArrayForEach (other, notes)
        {
            bool same = strcmp (gw_reply_text (other, "text"), gw_reply_text (note, "text")) == 0;
            later |= other == note;
            more += same && later && other != note;
            repeated |= same && !later;
        }
        if (!repeated)
            put_note (page, q, note, more);
    }
}

/* Some of the statements found, or all, lack words. */
static void
put_lacking (html *page, const cJSON *found)
{
    int total = gw_reply_number (found, "total"), all = gw_reply_number (found, "matched_all");
    bool one = !strchr (gw_reply_text (found, "read_as"), '('); /* word, apart from those that were ignored */
    const char *words = one ? "the word itself" : "all of the words";
    bool near = cJSON_GetArraySize (gw_reply_member (found, "near")) > 0;
    html_put (page, "<p class=\"note\">");
    if (all == 0)
        html_put (page, "No statement contains %s. %s", words, total == 1 ? "This one contains" : "These contain");
    else
        html_put (page, "%'d %s %s. The %s", all, all == 1 ? "statement contains" : "statements contain", words,
                  total - all == 1 ? "other contains" : "others contain");
    html_put (page, " %s%s.</p>\n", one ? "" : "some of them, or ", near ? "words of similar meaning" : "similar ones");
}

/* Write how the query was read. */
static void
put_reading (html *page, const gw_address *address, const cJSON *found)
{
    const cJSON *suggestion = gw_reply_member (found, "suggestion");
    if (*gw_reply_text (suggestion, "query")) {
        gw_address other = *address;
        gw_address_remove (&other, "page", NULL);
        gw_address_remove (&other, "q", NULL);
        gw_address_add (&other, "q", gw_reply_text (suggestion, "query"));
        html_put (page, "<p class=\"suggestion\">Did you mean ");
        gw_anchor_open (page, &other, "/", NULL);
        html_put (page, "<bdi>%s</bdi></a>? (", gw_reply_text (suggestion, "query"));
        html_count (page, gw_reply_number (suggestion, "count"), "statement");
        html_put (page, ")</p>\n");
    }
    if (gw_reply_true (found, "relaxed") && gw_reply_number (found, "matched_all") < gw_reply_number (found, "total"))
        put_lacking (page, found);
    put_near (page, gw_reply_member (found, "near"));
    put_words (page, gw_reply_member (found, "unknown"), "No statement contains");
    put_words (page, gw_reply_member (found, "ignored"), "Ignored common words");
    put_notes (page, gw_address_value (address, "q"), gw_reply_member (found, "notes"));
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
    const cJSON *hits = gw_reply_member (found, "hits"), *hit;
    if (cJSON_GetArraySize (hits) == 0) {
        gw_address first = *address;
        gw_address_remove (&first, "page", NULL);
        html_put (page, "<p>There is no page %d. ", page_of (address));
        gw_anchor_open (page, &first, "/", NULL);
        html_put (page, "Go to the first page</a></p>\n");
        return;
    }
    html_put (page, "<ol class=\"hits\" start=\"%d\">\n", (page_of (address) - 1) * GW_PAGE_HITS + 1);
    cJSON_ArrayForEach (hit, hits)
    {
        html_put (page, "<li>");
        gw_hit_put (page, hit);
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
    gw_anchor_open (page, &other, "/", rel);
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

/* Write the text for first-time visitors. */
static void
put_welcome (html *page)
{
    html_put (page,
              "<section class=\"welcome\" aria-labelledby=\"try\"><h2 id=\"try\">What you can do here</h2>\n"
              "<p>Each statement says what people of an occupation do at one of four levels: emerging, developing, "
              "proficient, advanced.</p>\n<ul><li>Search for words: ");
    gw_anchor_open_to (page, "/", "q", "report");
    html_put (page, "report</a>, ");
    gw_anchor_open_to (page, "/", "q", "\"safety data sheets\"");
    html_put (page, "\"safety data sheets\"</a>, ");
    gw_anchor_open_to (page, "/", "q", "train -safety");
    html_put (page, "train -safety</a>, ");
    gw_anchor_open_to (page, "/", "q", "plan*");
    html_put (page, "plan*</a></li>\n<li>See one level only: ");
    for (size_t i = 0; i < GW_LEVELS; i++) {
        gw_anchor_open_to (page, "/", "level", gw_level_names[i]);
        html_put (page, "%s</a>%s", gw_level_label (gw_level_names[i]), i + 1 < GW_LEVELS ? ", " : "");
    }
    html_put (page, "</li>\n<li><a href=\"/facet/occupation\">Choose an occupation</a> and see its levels side by side"
                    "</li>\n<li><a href=\"/crosswalk\">Compare two occupations</a></li>\n"
                    "<li><a href=\"/map\">Paste a job description</a> and see which statements match it</li></ul>"
                    "</section>\n");
}

static enum MHD_Result
answer_results (gw_request *request)
{
    const gw_page *data = request->data;
    const gw_address *address = &data->address;
    const cJSON *replies = gw_reply_member (data->reply, "replies");
    const cJSON *found = cJSON_GetArrayItem (replies, 0), *by_level[GW_LEVELS] = { NULL };
    int total = gw_reply_number (found, "total"), at = 2;
    const char *q = gw_address_value (address, "q");
    html page = { 0 }, title = { 0 };
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (is_level_wanted (address, i))
            by_level[i] = cJSON_GetArrayItem (replies, at++);
    put_title (&title, address, total);
    gw_frame_open (&page, &title, address, false, false);
    html_put (&page, "<div class=\"cols\">");
    gw_filters_put (&page, address, found,
                    gw_reply_number (gw_reply_member (cJSON_GetArrayItem (replies, 1), "facet"), "distinct"));
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">");
    html_count (&page, total, "statement");
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
        gw_chart_put (&page, address, found, by_level);
        gw_sources_put (&page, found);
    } else {
        gw_removals_put (&page, address, gw_reply_member (data->more, "replies"));
    }
    html_put (&page, "</main></div>\n");
    return gw_frame_close (request, &page, NULL);
}

enum MHD_Result
gw_search_finish (gw_request *request)
{
    gw_page *data = request->data;
    enum MHD_Result result;
    if (data->reply) {
        data->more = gw_reply_read (request);
        return answer_results (request);
    }
    if (!gw_page_finish (request, &result))
        return result;
    const cJSON *replies = gw_reply_member (data->reply, "replies"), *found = cJSON_GetArrayItem (replies, 0);
    if (gw_page_refused (request, replies, &result))
        return result;
    if (gw_reply_number (found, "total") == 0 && gw_removals_write (&data->address, &request->asked) &&
        gw_daemon_ask (request) == 0)
        return MHD_YES;
    return answer_results (request);
}
