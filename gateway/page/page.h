/* page.h - what requests for pages share.
 *
 * A page is two functions of its route: begin reads the URL and asks the daemon, finish
 * writes the HTML of the reply. It works with plain forms and links; page.js only
 * avoids loading whole pages. */
#ifndef GW_PAGE_H
#define GW_PAGE_H

#include "address.h"

#include <cjson/cJSON.h>

#define GW_PAGE_HITS 10
#define GW_PAGE_WORDS_BYTES 128 /* of a text that the daemon accepts as find, duty or id */

/* The data of a page's request. */
typedef struct gw_page {
    gw_address address;
    cJSON *reply;  /* NULL until it has arrived */
    cJSON *more;   /* the second reply, if nothing was found; NULL if it is missing */
    gw_bytes form; /* a decoded form that was posted */
} gw_page;

/* Make the state of a new page, which is also request->data. NULL when out of memory, or when an answer was queued: a
 * redirect to the canonical URL, or a failure. *result is then what the handler of libmicrohttpd must return.
 *   names   see gw_address_read
 *   path    of the page, for a redirect */
gw_page *gw_page_begin (gw_request *request, const char *const *names, const char *path, enum MHD_Result *result);

/* Take the daemon's reply. Returns NULL as gw_page_begin does. */
const gw_page *gw_page_finish (gw_request *request, enum MHD_Result *result);

/* Whether a reply in that of a multi is a failure, or all are missing. If so, a page that reports it was queued, and
 * *result is as above. Counts that were not computed, for instance because the deadline passed, must not look like
 * zeros.
 *   replies   its member of this name */
bool gw_page_refused (gw_request *request, const cJSON *replies, enum MHD_Result *result);

/* Redirect to path with the terms of an address. */
enum MHD_Result gw_page_redirect (gw_request *request, const gw_address *address, const char *path);

/* A page for request->failure. */
enum MHD_Result gw_page_fail (gw_request *request);

#endif
