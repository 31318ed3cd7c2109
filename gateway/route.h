/* route.h - the table of paths.
 *
 * A new path is one row in route.c. An operation of the daemon needs no code: its
 * row has the operation's name. A path that ends in "/", other than "/" itself, stands
 * for all that begin so. */
#ifndef GW_ROUTE_H
#define GW_ROUTE_H

#include "server.h"

enum { GW_GET = 1, GW_POST = 2, GW_PAGE = 4 };

typedef struct gw_route {
    const char *path;
    unsigned methods; /* GW_GET, with HEAD; GW_POST; GW_PAGE: HTML for people, failures too */
    const char *op;   /* of the protocol; NULL: none */
    /* Answer, or fill request->asked and call gw_daemon_ask. */
    enum MHD_Result (*begin) (gw_request *request);
    /* After the daemon's reply; NULL: it goes through. */
    enum MHD_Result (*finish) (gw_request *request);
    const char *type;    /* of its answer; NULL: application/json */
    const char *summary; /* for /openapi.json; NULL: it is not listed there */
} gw_route;

/* The i-th row of the table, NULL after the last. */
const gw_route *gw_route_at (size_t i);

/* The route of a path; the first row of the table, which answers 404, if there is none. */
const gw_route *gw_route_find (const char *path);

/* Its place in the table; 0 for NULL. */
size_t gw_route_index (const gw_route *route);

/* Its methods as the header Allow lists them. */
const char *gw_route_allow (const gw_route *route);

/* Ask the daemon what request->asked says; answers at once if that cannot be. */
enum MHD_Result gw_route_ask (gw_request *request);

#endif
