/* frame.h - what all pages have around <main>. */
#ifndef GW_FRAME_H
#define GW_FRAME_H

#include "address.h"
#include "html.h"

#include "gateway/http/problem.h"

/* Everything before <main>, with the search box.
 *   title     written into <title>; freed
 *   address   whose q is shown in the box; NULL: none
 *   keep      the form also sends the other terms of the address
 *   invalid   the query is wrong, and #q-error explains why */
void gw_frame_open (html *page, html *title, const gw_address *address, bool keep, bool invalid);

/* The end; the page is the answer.
 *   problem   the failure that the page shows; NULL: none */
enum MHD_Result gw_frame_close (gw_request *request, html *page, const gw_problem *problem);

/* Hidden inputs for the terms of an address, except those with the given names.
 *   form   to which they belong; "": the one around them */
void gw_frame_hidden (html *page, const gw_address *address, const char *form, const char *but, const char *but_too);

#endif
