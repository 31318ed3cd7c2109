/* route.h - one path that is served: a row of the table in paths.c. */
#ifndef GW_ROUTE_H
#define GW_ROUTE_H

#include "problem.h"
#include "server.h"

enum { GW_GET = 1, GW_POST = 2 };

typedef struct gw_route {
    const char *path; /* if it ends in "/", and is not "/" itself, it is a prefix */
    unsigned methods; /* GW_GET, with HEAD; GW_POST */
    const char *op;   /* of the protocol; NULL: none */
    /* Answer, or fill request->asked and call gw_answer_later. */
    enum MHD_Result (*begin) (gw_request *request);
    /* After the daemon's reply; NULL: it is passed through. */
    enum MHD_Result (*finish) (gw_request *request);
    const char *type;    /* of its answer; NULL: application/json */
    const char *summary; /* for /openapi.json; NULL: it is not listed there */
    /* Answer with a failure; NULL: as application/problem+json. */
    enum MHD_Result (*fail) (gw_request *request, const gw_problem *problem, const char *detail);
} gw_route;

/* Its methods as the header Allow lists them.
 *   route   NULL: none, for GET only */
const char *gw_route_allow (const gw_route *route);

#endif
