/* answer.h - every answer is made here: bodies, headers, failures.
 *
 * Functions return what a handler of libmicrohttpd returns. */
#ifndef GW_ANSWER_H
#define GW_ANSWER_H

#include "problem.h"
#include "server.h"

/* Queue a response. Adds the common headers, counts it, and takes ownership of it.
 *   size   of its body, which is counted as held until the client has taken it */
enum MHD_Result gw_answer (gw_request *request, unsigned status, struct MHD_Response *response, size_t size);

/* Send request->asked to the daemon and answer after its reply; at once if it cannot
 * be sent. */
enum MHD_Result gw_answer_later (gw_request *request);

/* Answer 200 with a body. Takes ownership of it, and compresses it if the client
 * accepts that. */
enum MHD_Result gw_answer_body (gw_request *request, const char *type, gw_bytes *body);

/* Answer with HTML. Takes ownership of the body.
 *   problem   the failure that the page shows; NULL: none */
enum MHD_Result gw_answer_page (gw_request *request, const gw_problem *problem, gw_bytes *body);

/* Answer 303 with a Location. */
enum MHD_Result gw_answer_redirect (gw_request *request, const char *location);

/* Answer with static memory that clients may keep for ever. */
enum MHD_Result gw_answer_asset (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with bytes that live until the process ends. */
enum MHD_Result gw_answer_constant (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with a failure: application/problem+json, unless the route has another form.
 *   detail   a message; parts of the request in it must be printable
 *   at       a position in the input, -1 for none */
enum MHD_Result gw_answer_problem (gw_request *request, const gw_problem *problem, const char *detail, long at);

/* The same for request->failure. */
enum MHD_Result gw_answer_failure (gw_request *request);

/* Answer with the daemon's reply unchanged, or with request->failure. */
enum MHD_Result gw_answer_reply (gw_request *request);

/* Answer a preflight of CORS, or any OPTIONS. */
enum MHD_Result gw_answer_options (gw_request *request, const char *allow);

#endif
