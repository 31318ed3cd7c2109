/* parameters.h - the query string of a GET as a request of the protocol. */
#ifndef GW_PARAMETERS_H
#define GW_PARAMETERS_H

#include "gateway/http/route.h"

/* Write the request without v and id, members in one order however the URL has
 * them. A parameter that the path does not take, an empty or broken number, a
 * second value where one belongs: -1, and detail names it. */
int gw_parameters_write (gw_request *request, const char *op, gw_bytes *out, char *detail, size_t size);

/* No parameter may stand in the URL: -1, and detail names the first. */
int gw_parameters_refuse (gw_request *request, char *detail, size_t size);

/* Whether the one parameter of a path is there, with the value 1. Another value or
 * parameter: -1, and detail names it. */
int gw_parameters_read_flag (gw_request *request, const char *name, bool *value, char *detail, size_t size);

/* The parameters of a path as OpenAPI lists them, with commas between.
 *   op   of the protocol, whose members they are; NULL: none. */
void gw_parameters_describe (const char *path, const char *op, gw_bytes *out);

#endif
