/* openapi.h - the description of all paths at /openapi.json.
 *
 * OpenAPI 3.1. Paths and parameters are those of the tables in paths.c and
 * parameters.c, schemas those of docs/schema/. */
#ifndef GW_OPENAPI_H
#define GW_OPENAPI_H

#include "gateway/http/server.h"

enum MHD_Result gw_openapi_begin (gw_request *request);

#endif
