/* answer.h - every answer is made here: bodies, headers, problems.
 *
 * Functions return what a handler of libmicrohttpd returns. */
#ifndef GW_ANSWER_H
#define GW_ANSWER_H

#include "server.h"

/* A kind of failure: its name in "code", its status. */
struct gw_problem {
    const char *code;
    unsigned status;
    const char *title;
    int sks_code; /* of the library that means it; 0: the server's own */
};

/* The problem of a name or of a code of the library; never NULL. */
const struct gw_problem *gw_problem_named (const char *code);
const struct gw_problem *gw_problem_of (int sks_code);

/* The i-th problem, NULL after the last. */
const struct gw_problem *gw_problem_at (size_t i);

/* Queue a response: the headers that all answers have are added, it is counted,
 * and the caller's reference is given up.
 *   size   of its body: counted, and held until the client has taken it. */
enum MHD_Result gw_answer (gw_request *request, unsigned status, struct MHD_Response *response, size_t size);

/* Answer with a body that is taken over and compressed if the client likes that.
 *   etag   may be NULL. */
enum MHD_Result gw_answer_body (gw_request *request, unsigned status, const char *type, const char *etag,
                                gw_bytes *body);

/* Answer with HTML; body is taken over.
 *   problem   what went wrong, NULL for 200. */
enum MHD_Result gw_answer_page (gw_request *request, const struct gw_problem *problem, gw_bytes *body);

/* Answer with 303 and where to go. */
enum MHD_Result gw_answer_redirect (gw_request *request, const char *location);

/* Answer with static memory that never changes under its path. */
enum MHD_Result gw_answer_asset (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with bytes that stay for ever, compressed if the client likes that. */
enum MHD_Result gw_answer_constant (gw_request *request, const char *type, const char *data, size_t size);

/* Answer with application/problem+json, or with a page where the route is one.
 *   at   a place in the input, -1 for none. */
enum MHD_Result gw_answer_problem (gw_request *request, const struct gw_problem *problem, const char *detail, long at);

/* The same for request->failure. */
enum MHD_Result gw_answer_failure (gw_request *request);

/* Answer with the daemon's reply as it came, or with request->failure. */
enum MHD_Result gw_answer_reply (gw_request *request);

/* Answer a preflight of CORS, or any OPTIONS. */
enum MHD_Result gw_answer_options (gw_request *request, const char *allow);

#endif
