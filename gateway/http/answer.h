/* answer.h - every answer is made here: bodies, headers, failures.
 *
 * Functions return what a handler of libmicrohttpd returns. */
#ifndef GW_ANSWER_H
#define GW_ANSWER_H

#include "problem.h"
#include "server.h"

/* Queue a response: the headers that all answers have are added, it is counted,
 * and the caller's reference is given up.
 *   size   of its body: counted, and held until the client has taken it. */
enum MHD_Result gw_answer (gw_request *request, unsigned status, struct MHD_Response *response, size_t size);

/* Answer after the daemon's reply to request->asked; at once if it cannot be asked. */
enum MHD_Result gw_answer_later (gw_request *request);

/* Answer 200 with a body, which is taken over, and compressed for a client that accepts
 * that. */
enum MHD_Result gw_answer_body (gw_request *request, const char *type, gw_bytes *body);

/* Answer with HTML; body is taken over.
 *   problem   what went wrong, NULL: nothing */
enum MHD_Result gw_answer_page (gw_request *request, const gw_problem *problem, gw_bytes *body);

/* Answer with 303 and where to go. */
enum MHD_Result gw_answer_redirect (gw_request *request, const char *location);

/* Answer with static memory that never changes under its path. */
enum MHD_Result gw_answer_asset (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with bytes that stay until the process ends. */
enum MHD_Result gw_answer_constant (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with a failure: application/problem+json, unless the route has another form.
 *   detail   may hold what the request has
 *   at       a place in the input, -1 for none */
enum MHD_Result gw_answer_problem (gw_request *request, const gw_problem *problem, const char *detail, long at);

/* The same for request->failure. */
enum MHD_Result gw_answer_failure (gw_request *request);

/* Answer with the daemon's reply as it came, or with request->failure. */
enum MHD_Result gw_answer_reply (gw_request *request);

/* Answer a preflight of CORS, or any OPTIONS. */
enum MHD_Result gw_answer_options (gw_request *request, const char *allow);

#endif
