/* map.h - the statements that match the sentences of a text. */
#ifndef GW_MAP_H
#define GW_MAP_H

#include "gateway/http/problem.h"
#include "gateway/http/server.h"

enum MHD_Result gw_map_begin (gw_request *request);
enum MHD_Result gw_map_finish (gw_request *request);

/* A page for a failure. A text that was posted stays in the form. */
enum MHD_Result gw_map_fail (gw_request *request, const gw_problem *problem, const char *detail);

#endif
