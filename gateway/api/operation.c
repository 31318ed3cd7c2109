/* operation.c - GET and POST as a request of the protocol; the reply goes through. */
#include "operation.h"

#include "parameters.h"

#include "gateway/http/answer.h"
#include "gateway/http/route.h"

#include <string.h>

/* The body is the request without v, id and op: put the operation into it. */
static enum MHD_Result
begin_post (gw_request *request)
{
    char detail[256];
    if (gw_parameters_refuse (request, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    const char *body = gw_bytes_text (&request->body);
    if (!body)
        return MHD_NO;
    body += strspn (body, " \t\r\n");
    if (strlen (body) + (size_t) (body - request->body.data) != request->body.size || *body != '{')
        return gw_answer_problem (request, gw_problem_named ("bad_request"), "the body is not a JSON object", -1);
    body += 1 + strspn (body + 1, " \t\r\n");
    gw_bytes_printf (&request->asked, "{\"op\":\"%s\"%s", request->route->op, *body == '}' ? "" : ",");
    gw_bytes_puts (&request->asked, body);
    return gw_answer_later (request);
}

enum MHD_Result
gw_operation_begin (gw_request *request)
{
    char detail[256];
    if (request->is_post)
        return begin_post (request);
    if (gw_parameters_write (request, request->route->op, &request->asked, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    return gw_answer_later (request);
}
