/* map.h - the statements that match the sentences of a text. */
#ifndef GW_MAP_H
#define GW_MAP_H

#include "gateway/http/server.h"

enum MHD_Result gw_map_begin (gw_request *request);
enum MHD_Result gw_map_finish (gw_request *request);

#endif
