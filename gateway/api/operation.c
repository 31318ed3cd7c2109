/* operation.c - GET and POST become a request of the protocol; the reply is passed
 * through. */
#include "operation.h"

#include "body.h"
#include "parameters.h"

#include "gateway/http/answer.h"
#include "gateway/http/route.h"

#include <stdio.h>
#include <string.h>

/* The body is the request without v, id and op. The operation is added as its last member, so that positions in
 * errors are positions in the body. */
static enum MHD_Result
begin_post (gw_request *request)
{
    static const char blanks[] = " \t\r\n";
    char detail[256];
    if (gw_parameters_refuse (request, detail, sizeof detail) != 0)
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, -1);
    const char *body = gw_bytes_text (&request->body);
    if (!body)
        return MHD_NO;
    size_t size = request->body.size, start = strspn (body, blanks);
    while (size > start && strchr (blanks, body[size - 1]))
        size--;
    if (strlen (body) != request->body.size || size < start + 2 || body[start] != '{' || body[size - 1] != '}')
        return gw_answer_problem (request, gw_problem_named ("bad_request"), "the body is not a JSON object", -1);
    const char *name;
    long at = gw_body_find_reserved (body, request->body.size, &name);
    if (at >= 0) {
        snprintf (detail, sizeof detail, "\"%s\" is not part of a body: the server itself sends v, id and op", name);
        return gw_answer_problem (request, gw_problem_named ("bad_request"), detail, at);
    }
    bool empty = start + 1 + strspn (body + start + 1, blanks) == size - 1;
    gw_bytes_add (&request->asked, body, size - 1);
    gw_bytes_printf (&request->asked, "%s\"op\":\"%s\"}", empty ? "" : ",", request->route->op);
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
