/* failure.h - pages that explain a failure. */
#ifndef GW_FAILURE_H
#define GW_FAILURE_H

#include "address.h"
#include "html.h"

#include "gateway/http/problem.h"

/* A page for a failure, with a link to try it again. */
enum MHD_Result gw_failure_answer (gw_request *request, const gw_problem *problem, const char *detail);

/* The beginning of such a page: its heading and the message. The caller writes the rest of <main>. */
void gw_failure_open (html *page, const gw_problem *problem, const char *detail);

/* A page for a request that the daemon refused: a query is shown with the position of the error marked.
 *   address   of the page; NULL: none
 *   code      of the protocol
 *   at        a position in the query, -1 for none */
enum MHD_Result gw_failure_refused (gw_request *request, const gw_address *address, const char *code,
                                    const char *message, long at);

#endif
