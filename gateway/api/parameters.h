/* parameters.h - the query string of a GET as a request of the protocol. */
#ifndef GW_PARAMETERS_H
#define GW_PARAMETERS_H

#include "gateway/http/route.h"

/* Write the request without v and id, its members in a fixed order. Returns -1 for
 * an unknown parameter, an empty or malformed number, or a second value of a
 * parameter that takes one; detail names the parameter. */
int gw_parameters_write (gw_request *request, const char *op, gw_bytes *out, char *detail, size_t size);

/* Check that the URL has no parameters. Returns -1 if it has; detail names the
 * first. */
int gw_parameters_refuse (gw_request *request, char *detail, size_t size);

/* Read the only parameter of a path: *value becomes true if it is given as 1. Returns -1 for another value or
 * parameter; detail names it. */
int gw_parameters_read_flag (gw_request *request, const char *name, bool *value, char *detail, size_t size);

/* The parameters of a path as OpenAPI lists them, with commas between.
 *   op   of the protocol, whose members they are; NULL: none. */
void gw_parameters_describe (const char *path, const char *op, gw_bytes *out);

#endif
