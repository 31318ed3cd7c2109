/* page.c - frame, failures and statements; all HTML goes through html.h. */
#include "page.h"

#include "asset.h"
#include "daemon.h"
#include "route.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_BYTES 60 /* of a statement in the name of a link */

const char *const gw_page_levels[GW_LEVELS] = { "emerging", "developing", "proficient", "advanced" };

/* ------------------------------------------------------------------- requests */
static void
free_page (void *data)
{
    gw_page *page = data;
    cJSON_Delete (page->reply);
    cJSON_Delete (page->more);
    gw_bytes_free (&page->form);
    free (page);
}

enum MHD_Result
gw_page_redirect (gw_request *request, const gw_address *address, const char *path)
{
    gw_bytes location = { NULL, 0, 0, false };
    gw_address_write (address, path, &location);
    const char *text = gw_bytes_text (&location);
    enum MHD_Result result = text ? gw_answer_redirect (request, text) : MHD_NO;
    gw_bytes_free (&location);
    return result;
}

/* Values that mean nothing here are left out, as unknown names are. */
static bool
drop_senseless (gw_address *address)
{
    static const char *const orders[] = { "level", "-level", "occupation", NULL };
    const char *page = gw_address_value (address, "page"), *sort = gw_address_value (address, "sort");
    const char *const *order = orders;
    bool bad_page = *page && (strspn (page, "0123456789") != strlen (page) || *page == '0' || strlen (page) > 4 ||
                              atoi (page) > SKS_MAX_WINDOW / GW_PAGE_HITS);
    while (*order && strcmp (*order, sort) != 0)
        order++;
    if (bad_page || gw_address_count (address, "page") > 1)
        gw_address_remove (address, "page", NULL);
    else
        bad_page = false;
    if (!*sort || *order)
        return bad_page;
    gw_address_remove (address, "sort", NULL);
    return true;
}

gw_page *
gw_page_begin (gw_request *request, const char *const *names, const char *path, enum MHD_Result *result)
{
    gw_page *page = calloc (1, sizeof *page);
    *result = MHD_NO;
    if (!page)
        return NULL;
    request->data = page;
    request->free_data = free_page;
    int form = gw_address_read (request, names, &page->address);
    if (form < 0) {
        *result = gw_answer_problem (request, gw_problem_named ("limit"), "The address has too many parts.", -1);
        return NULL;
    }
    for (size_t i = 0; i < page->address.count; i++)
        if (!gw_bytes_are_utf8 (page->address.terms[i].value)) {
            *result = gw_answer_problem (request, gw_problem_named ("bad_request"), "The address is not UTF-8.", -1);
            return NULL;
        }
    if (drop_senseless (&page->address) || form > 0) {
        *result = gw_page_redirect (request, &page->address, path);
        return NULL;
    }
    return page;
}

cJSON *
gw_page_reply (const gw_request *request)
{
    return request->reply && request->reply->json ? cJSON_ParseWithLength (request->reply->json, request->reply->size)
                                                  : NULL;
}

const gw_page *
gw_page_finish (gw_request *request, enum MHD_Result *result)
{
    gw_page *page = request->data;
    if (request->failure.code) {
        *result = gw_page_failure (request);
        return NULL;
    }
    page->reply = gw_page_reply (request);
    if (page->reply)
        return page;
    *result = gw_page_problem (request, gw_problem_named ("protocol"), "The daemon's reply cannot be read.");
    return NULL;
}

const cJSON *
gw_page_member (const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive (object, name);
}

const char *
gw_page_text (const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue (gw_page_member (object, name));
    return text ? text : "";
}

int
gw_page_number (const cJSON *object, const char *name)
{
    const cJSON *member = gw_page_member (object, name);
    return cJSON_IsNumber (member) ? member->valueint : 0;
}

bool
gw_page_true (const cJSON *object, const char *name)
{
    return cJSON_IsTrue (gw_page_member (object, name));
}

/* ----------------------------------------------------------------------- links */
static void
put_start (html *page, gw_bytes *url, const char *rel)
{
    if (!gw_bytes_text (url))
        gw_bytes_clear (url);
    else if (rel)
        html_put (page, "<a rel=\"%s\" href=\"%s\">", rel, url->data);
    else
        html_put (page, "<a href=\"%s\">", url->data);
    gw_bytes_free (url);
}

void
gw_page_link (html *page, const gw_address *address, const char *path, const char *rel)
{
    gw_bytes url = { NULL, 0, 0, false };
    gw_address_write (address, path, &url);
    put_start (page, &url, rel);
}

void
gw_page_link_to (html *page, const char *path, const char *name, const char *value)
{
    gw_bytes url = { NULL, 0, 0, false };
    gw_bytes_puts (&url, path);
    if (name) {
        gw_bytes_puts (&url, "?");
        gw_bytes_puts (&url, name);
        gw_bytes_puts (&url, "=");
    }
    gw_address_encode (value, &url);
    put_start (page, &url, NULL);
}

void
gw_page_filter (const gw_address *address, const char *level, const char *but, gw_bytes *out)
{
    static const char *const facets[] = { "level", "sector", "group", "occupation", "zone" };
    size_t written = 0;
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
        bool one = i == 0 && level;
        size_t count = one ? 1 : gw_address_count (address, facets[i]), items = 0;
        if (count == 0 || (but && strcmp (but, facets[i]) == 0))
            continue;
        gw_bytes_printf (out, "%s\"%s\":[", written++ ? "," : ",\"filter\":{", facets[i]);
        if (one)
            gw_bytes_json (out, level);
        for (size_t j = 0; !one && j < address->count; j++)
            if (strcmp (address->terms[j].name, facets[i]) == 0) {
                gw_bytes_puts (out, items++ ? "," : "");
                gw_bytes_json (out, address->terms[j].value);
            }
        gw_bytes_puts (out, "]");
    }
    gw_bytes_puts (out, written ? "}" : "");
}

/* ----------------------------------------------------------------------- frame */
void
gw_page_hidden (html *page, const gw_address *address, const char *form, const char *but, const char *but_too)
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
gw_page_open (html *page, html *title, const gw_address *address, bool keep, bool invalid)
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
        gw_page_hidden (page, address, "", "q", "find");
    html_put (page, "</form>\n");
}

enum MHD_Result
gw_page_close (gw_request *request, html *page, const struct gw_problem *problem)
{
    html_put (page, "<p id=\"live\" class=\"hidden\" role=\"status\" aria-atomic=\"true\"></p></body></html>\n");
    gw_bytes body = html_take (page);
    return gw_answer_page (request, problem, &body);
}

/* -------------------------------------------------------------------- failures */
static const char *
heading_of (const struct gw_problem *problem)
{
    static const char *const headings[][2] = {
        { "connect", "The search does not answer" },      { "shutting_down", "The search is about to stop" },
        { "index", "There is nothing to search in yet" }, { "deadline", "The search takes too long" },
        { "busy", "Too many searches at once" },          { "client_busy", "Too many searches at once" },
        { "bad_request", "This address cannot be read" }, { "not_found", "There is no such page" },
    };
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strcmp (headings[i][0], problem->code) == 0)
            return headings[i][1];
    return problem->title;
}

/* A message without the JSON pointer of the request that it begins with. */
static const char *
skip_pointer (const char *message)
{
    const char *colon = *message == '/' ? strstr (message, ": ") : NULL;
    return colon ? colon + 2 : message;
}

/* A message of the daemon or of ours as a sentence. */
static void
put_message (html *page, const char *message)
{
    const char *text = skip_pointer (message);
    size_t size = strlen (text);
    char first[] = { *text, '\0' };
    if (*first >= 'a' && *first <= 'z')
        *first -= 'a' - 'A';
    bool whole = (unsigned char) *first >= 0x80 || !*first;
    html_put (page, "%s%s%s", whole ? "" : first, whole ? text : text + 1,
              !size || strchr (".?!", text[size - 1]) ? "" : ".");
}

enum MHD_Result
gw_page_problem (gw_request *request, const struct gw_problem *problem, const char *detail)
{
    html page = { 0 }, title = { 0 };
    html_put (&title, "%s", heading_of (problem));
    gw_page_open (&page, &title, NULL, false, false);
    html_put (&page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">%s</h1>\n<p>",
              heading_of (problem));
    put_message (&page, detail);
    html_put (&page, "</p><p>");
    if (problem->status >= 500 || problem->status == 429)
        html_put (&page, "<a href=\"\">Try again</a> in a moment, or <a href=\"/\">go to the first page</a>.");
    else
        html_put (&page, "<a href=\"/\">Go to the first page</a>");
    html_put (&page, "</p></main>");
    return gw_page_close (request, &page, problem);
}

/* The query with the character at a place marked; behind its end, a box. */
static void
put_place (html *page, const char *query, long at)
{
    size_t size = strlen (query), from = at < 0 || (size_t) at > size ? size : (size_t) at, to = from;
    while (from > 0 && from < size && (query[from] & 0xc0) == 0x80)
        from--;
    to = from + (from < size);
    while (to < size && (query[to] & 0xc0) == 0x80)
        to++;
    html_put (page, "<pre class=\"query\" dir=\"auto\">%.*s<b class=\"at\">", (int) from, query);
    html_put (page, "%.*s", (int) (to - from), query + from);
    if (from == to)
        html_put (page, "▮");
    html_put (page, "</b>%s</pre>", query + to);
}

enum MHD_Result
gw_page_refused (gw_request *request, const char *code, const char *message, long at)
{
    const struct gw_problem *problem = gw_problem_named (code);
    const gw_page *data = request->data;
    bool of_query = strncmp (code, "query_", 6) == 0;
    bool too_long = data && strlen (gw_address_value (&data->address, "q")) > SKS_MAX_QUERY_BYTES;
    html page = { 0 }, title = { 0 };
    if (!data || problem->status != 400 || request->is_post)
        return gw_page_problem (request, problem, message);
    html_put (&title, "Error: the search was not understood");
    gw_page_open (&page, &title, &data->address, of_query || too_long, true);
    html_put (&page,
              "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">The search was not understood"
              "</h1>\n<p id=\"q-error\" class=\"error\">");
    put_message (&page, message);
    html_put (&page, "</p>");
    if (of_query)
        put_place (&page, gw_address_value (&data->address, "q"), at);
    else if (!too_long && data->address.count > 0) {
        gw_address bare = { .count = 0 };
        gw_address_add (&bare, "q", gw_address_value (&data->address, "q"));
        html_put (&page, "<p>");
        gw_page_link (&page, &bare, "/", NULL);
        html_put (&page, "Search without filters</a></p>");
    }
    html_put (&page, "</main>");
    return gw_page_close (request, &page, problem);
}

enum MHD_Result
gw_page_failure (gw_request *request)
{
    const sks_error *failure = &request->failure;
    const struct gw_problem *problem = gw_problem_of (failure->code);
    if (failure->code == SKS_ELIMIT && !request->reply)
        return gw_answer_failure (request);
    return gw_page_refused (request, problem->code, failure->text, failure->at);
}

/* ------------------------------------------------------------------ statements */
const char *
gw_page_level_label (const char *level)
{
    static const char *const labels[GW_LEVELS] = { "Emerging", "Developing", "Proficient", "Advanced" };
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (strcmp (gw_page_levels[i], level) == 0)
            return labels[i];
    return level;
}

void
gw_page_marked (html *page, const char *text, const cJSON *spans, size_t from, size_t to)
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

static void
put_level (html *page, const char *level)
{
    static const char *const dots[GW_LEVELS] = { "●○○○", "●●○○", "●●●○", "●●●●" };
    html_put (page, "<span class=\"level\">");
    for (size_t i = 0; i < GW_LEVELS; i++)
        if (strcmp (gw_page_levels[i], level) == 0)
            html_put (page, "<span aria-hidden=\"true\">%s</span> ", dots[i]);
    html_put (page, "%s</span> ", gw_page_level_label (level));
}

void
gw_page_hit (html *page, const cJSON *hit)
{
    const char *text = gw_page_text (hit, "text"), *soc = gw_page_text (hit, "soc");
    size_t begin = strnlen (text, NAMED_BYTES);
    while (begin > 0 && (text[begin] & 0xc0) == 0x80)
        begin--;
    html_put (page, "<p class=\"text\" dir=\"auto\">");
    gw_page_marked (page, text, gw_page_member (hit, "spans"), 0, strlen (text));
    html_put (page, "</p><p class=\"meta\">");
    put_level (page, gw_page_text (hit, "level"));
    gw_page_link_to (page, "/occupation/", NULL, soc);
    html_put (page, "<bdi>%s</bdi><span class=\"hidden\">: all levels</span></a> <span>%s</span> ",
              gw_page_text (hit, "occupation"), soc);
    gw_page_link_to (page, "/similar", "statement", gw_page_text (hit, "id"));
    html_put (page, "Similar<span class=\"hidden\"> statements to: %.*s</span></a></p>", (int) begin, text);
}

void
gw_page_count (html *page, int count, const char *noun)
{
    html_put (page, "%'d %s%s", count, noun, count == 1 ? "" : "s");
}
