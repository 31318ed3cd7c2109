/* route.c - what follows from a row of the table. */
#include "route.h"

const char *
gw_route_allow (const gw_route *route)
{
    unsigned methods = route ? route->methods : GW_GET;
    return methods == GW_POST ? "POST, OPTIONS" : methods == GW_GET ? "GET, HEAD, OPTIONS" : "GET, HEAD, POST, OPTIONS";
}
