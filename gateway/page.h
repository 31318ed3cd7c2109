/* page.h - what all pages share: their frame, failures, replies of the daemon, and
 * the list of statements.
 *
 * A page is two functions of its route: begin reads the URL and asks the daemon, finish
 * writes the HTML of the reply. It works as plain forms and links; page.js only saves
 * loading the whole of it. */
#ifndef GW_PAGE_H
#define GW_PAGE_H

#include "address.h"
#include "answer.h"
#include "html.h"

#include <cjson/cJSON.h>

#define GW_PAGE_HITS 10
#define GW_PAGE_WORDS_BYTES 128 /* of a text that the daemon takes as find, duty, id */

/* The data of a page's request. */
typedef struct gw_page {
    gw_address address;
    cJSON *reply;  /* NULL until it came */
    cJSON *more;   /* the reply to what was asked second, where nothing was found; may be missing */
    gw_bytes form; /* a decoded form that was posted */
} gw_page;

/* The state of a new page, also request->data; NULL after an answer was queued, whose
 * result is in *result: the URL is to have another form, or is too long.
 *   names   see gw_address_read
 *   path    of the page, for a redirect */
gw_page *gw_page_begin (gw_request *request, const char *const *names, const char *path, enum MHD_Result *result);

/* Take the daemon's reply. Returns NULL as gw_page_begin does. */
const gw_page *gw_page_finish (gw_request *request, enum MHD_Result *result);

/* Redirect to path with the terms of an address. */
enum MHD_Result gw_page_redirect (gw_request *request, const gw_address *address, const char *path);

/* The reply as a tree, NULL when it is none. Caller owns it; free with cJSON_Delete. */
cJSON *gw_page_reply (const gw_request *request);

/* Members of a reply; "", 0 and false when they are missing or of another type. */
const cJSON *gw_page_member (const cJSON *object, const char *name);
const char *gw_page_text (const cJSON *object, const char *name);
int gw_page_number (const cJSON *object, const char *name);
bool gw_page_true (const cJSON *object, const char *name);

/* --------------------------------------------------------------------- frame */

/* Everything before <main>, with the search box.
 *   title     written into <title>; freed
 *   address   whose q stands in the box; NULL: none
 *   keep      the form hands on the other terms of the address too
 *   invalid   the query is wrong, and #q-error says why */
void gw_page_open (html *page, html *title, const gw_address *address, bool keep, bool invalid);

/* The end; the page is the answer. */
enum MHD_Result gw_page_close (gw_request *request, html *page, const struct gw_problem *problem);

/* Hidden inputs for the terms of an address but those of the names given.
 *   form   whose they are; "": the one around them */
void gw_page_hidden (html *page, const gw_address *address, const char *form, const char *but, const char *but_too);

/* A page that says what went wrong, with a link to try it again. */
enum MHD_Result gw_page_problem (gw_request *request, const struct gw_problem *problem, const char *detail);

/* A request that the daemon refused: a query is shown with the place marked. */
enum MHD_Result gw_page_refused (gw_request *request, const char *code, const char *message, long at);

/* The same for request->failure. */
enum MHD_Result gw_page_failure (gw_request *request);

/* ---------------------------------------------------------------- statements */

/* The levels in their order, four of them, and their labels. */
#define GW_LEVELS 4
extern const char *const gw_page_levels[GW_LEVELS];
const char *gw_page_level_label (const char *level);

/* A text with its spans as <mark>.
 *   from, to   write this part of it only */
void gw_page_marked (html *page, const char *text, const cJSON *spans, size_t from, size_t to);

/* One statement as the inside of a list's item. */
void gw_page_hit (html *page, const cJSON *hit);

/* "11 statements" */
void gw_page_count (html *page, int count, const char *noun);

/* ------------------------------------------------------------ parts of results */

/* The filters beside what was found, from the reply of a search.
 *   occupations   how many of them have a match */
void gw_page_filters (html *page, const gw_address *address, const cJSON *found, int occupations);

/* Checkboxes for the values of a facet, as items of a list.
 *   form   whose they are; "": the one around them, with links to the levels of occupations */
void gw_page_boxes (html *page, const gw_address *address, const char *facet, const cJSON *values, const char *form);

/* Hidden inputs for chosen values of a facet that are not among the values listed: the
 * beginning of a code. */
void gw_page_unlisted (html *page, const char *facet, const gw_address *address, const cJSON *values, const char *form);

/* The name of a facet for people, "Job zone", and of one value, "job zone"; NULL when
 * there is no such facet. */
const char *gw_page_facet_label (const char *facet);
const char *gw_page_facet_noun (const char *facet);

/* The label of a facet's value in the reply of a search; the value if it has none. */
const char *gw_page_value_label (const cJSON *facets, const char *facet, const char *value);

/* How what was found lies by group and level.
 *   found     the reply of the search
 *   by_level  replies of it with one level each, NULL where that level is filtered out */
void gw_page_chart (html *page, const gw_address *address, const cJSON *found, const cJSON *by_level[GW_LEVELS]);

/* Attribution, version, date and sources of one occupation: a reply of the operation
 * "occupation", or a statement whose provenance was wanted. */
void gw_page_source (html *page, const cJSON *record);

/* The same for all of these that a reply has, equal ones together. */
void gw_page_sources (html *page, const cJSON *reply);

/* ------------------------------------------------------------------ JSON, URLs */

/* The filter of an address as ,"filter":{...}; nothing when there is none.
 *   level   only this one, NULL: those of the address
 *   but     a facet to leave out, NULL: none */
void gw_page_filter (const gw_address *address, const char *level, const char *but, gw_bytes *out);

/* A link's start, <a href="...">, to an address. */
void gw_page_link (html *page, const gw_address *address, const char *path, const char *rel);

/* A link to what one name and value ask for. */
void gw_page_link_to (html *page, const char *path, const char *name, const char *value);

/* --------------------------------------------------------------------- routes */
enum MHD_Result gw_search_begin (gw_request *request);
enum MHD_Result gw_search_finish (gw_request *request);
enum MHD_Result gw_values_begin (gw_request *request);
enum MHD_Result gw_values_finish (gw_request *request);
enum MHD_Result gw_levels_begin (gw_request *request);
enum MHD_Result gw_levels_finish (gw_request *request);
enum MHD_Result gw_similar_begin (gw_request *request);
enum MHD_Result gw_similar_finish (gw_request *request);
enum MHD_Result gw_crosswalk_begin (gw_request *request);
enum MHD_Result gw_crosswalk_finish (gw_request *request);
enum MHD_Result gw_map_begin (gw_request *request);
enum MHD_Result gw_map_finish (gw_request *request);

#endif
