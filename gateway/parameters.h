/* parameters.h - the query string of a GET as a request of the protocol. */
#ifndef GW_PARAMETERS_H
#define GW_PARAMETERS_H

#include "server.h"

/* Write the request without v and id, members in one order however the URL has
 * them. A parameter that the operation does not take, an empty or broken number, a
 * second value where one belongs: -1, and detail names it. */
int gw_parameters_write (gw_request *request, const char *op, gw_bytes *out, char *detail, size_t size);

#endif
