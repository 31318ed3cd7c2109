/* failure.c - headings and messages; the position of an error in a query. */
#include "failure.h"

#include "address.h"
#include "anchor.h"
#include "frame.h"
#include "html.h"

#include "gateway/http/problem.h"
#include "gateway/http/route.h"

#include <string.h>

static const char *
heading_of (const gw_problem *problem)
{
    static const char *const headings[][2] = {
        { "connect", "The search service does not answer" },
        { "unavailable", "The search service does not answer" },
        { "unsupported", "The search service cannot answer this" },
        { "shutting_down", "The search service is stopping" },
        { "index", "There is no index to search yet" },
        { "deadline", "The search takes too long" },
        { "busy", "Too many searches at once" },
        { "client_busy", "Too many searches at once" },
        { "bad_request", "This address is invalid" },
        { "not_found", "There is no such page" },
        { "body_size", "The text is too long" },
        { "media_type", "This form cannot be read" },
    };
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strcmp (headings[i][0], problem->code) == 0)
            return headings[i][1];
    return problem->title;
}

/* A message without the JSON pointer at its start.
 *   *subject   what the pointer names, if that is an input of a page; else NULL */
static const char *
skip_pointer (const char *message, const char **subject)
{
    static const char *const subjects[][2] = {
        { "/q", "The query" }, { "/text", "The text" }, { "/find", "The words" }, { "/duty", "The words" }
    };
    const char *colon = *message == '/' ? strstr (message, ": ") : NULL;
    *subject = NULL;
    for (size_t i = 0; colon && i < sizeof subjects / sizeof *subjects; i++) {
        size_t size = strlen (subjects[i][0]);
        if ((size_t) (colon - message) >= size && memcmp (colon - size, subjects[i][0], size) == 0)
            *subject = subjects[i][1];
    }
    return colon ? colon + 2 : message;
}

/* Write a message of the daemon or of the server as a sentence. */
static void
put_message (html *page, const char *message)
{
    const char *subject, *text = skip_pointer (message, &subject);
    if (subject)
        html_put (page, "%s: %s.", subject, text);
    else
        html_sentence (page, text);
}

void
gw_failure_open (html *page, const gw_problem *problem, const char *detail)
{
    html title = { 0 };
    html_put (&title, "%s", heading_of (problem));
    gw_frame_open (page, &title, NULL, false, false);
    html_put (page, "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">%s</h1>\n<p>",
              heading_of (problem));
    put_message (page, detail);
    html_put (page, "</p>");
}

enum MHD_Result
gw_failure_answer (gw_request *request, const gw_problem *problem, const char *detail)
{
    html page = { 0 };
    gw_failure_open (&page, problem, detail);
    html_put (&page, "<p>");
    bool passes = (problem->status >= 500 && problem->status != 501) || problem->status == 429;
    if (passes)
        html_put (&page, "<a href=\"\">Try again</a> in a moment, or <a href=\"/\">go to the first page</a>.");
    else
        html_put (&page, "<a href=\"/\">Go to the first page</a>");
    html_put (&page, "</p></main>");
    return gw_frame_close (request, &page, problem);
}

/* Write the query and mark the character at a position. At the end of the query, the mark is a box. */
static void
put_place (html *page, const char *query, long at)
{
    size_t size = strlen (query), from = at < 0 || (size_t) at > size ? size : (size_t) at, to;
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
gw_failure_refused (gw_request *request, const gw_address *address, const char *code, const char *message, long at)
{
    const gw_problem *problem = gw_problem_named (code);
    bool unsupported = strcmp (code, "unsupported") == 0;
    const char *outcome = unsupported ? "cannot be answered" : "was not understood";
    bool of_query = strncmp (code, "query_", 6) == 0 || (unsupported && at >= 0);
    bool too_long = address && strlen (gw_address_value (address, "q")) > SKS_MAX_QUERY_BYTES;
    bool of_search = of_query || too_long || strcmp (request->route->path, "/") == 0;
    html page = { 0 }, title = { 0 };
    if (!address || (problem->status != 400 && !unsupported) || !of_search)
        return request->route->fail (request, problem, message);
    html_put (&title, "Error: the search %s", outcome);
    gw_frame_open (&page, &title, address, of_query || too_long, of_query || too_long);
    html_put (&page,
              "<main id=\"results\" tabindex=\"-1\"><h1 id=\"count\" tabindex=\"-1\">The search %s"
              "</h1>\n<p id=\"q-error\" class=\"error\">",
              outcome);
    put_message (&page, message);
    html_put (&page, "</p>");
    if (of_query)
        put_place (&page, gw_address_value (address, "q"), at);
    else if (!too_long && address->count > 0) {
        gw_address bare = { .count = 0 };
        gw_address_add (&bare, "q", gw_address_value (address, "q"));
        html_put (&page, "<p>");
        gw_anchor_open (&page, &bare, "/", NULL);
        html_put (&page, "Search without filters</a></p>");
    }
    html_put (&page, "</main>");
    return gw_frame_close (request, &page, problem);
}
