/* route.c - the header Allow of a route. */
#include "route.h"

const char *
gw_route_allow (const gw_route *route)
{
    unsigned methods = route ? route->methods : GW_GET;
    return methods == GW_POST ? "POST, OPTIONS" : methods == GW_GET ? "GET, HEAD, OPTIONS" : "GET, HEAD, POST, OPTIONS";
}
