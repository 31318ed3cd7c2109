/* crosswalk.h - two occupations compared. */
#ifndef GW_CROSSWALK_H
#define GW_CROSSWALK_H

#include "gateway/http/server.h"

enum MHD_Result gw_crosswalk_begin (gw_request *request);
enum MHD_Result gw_crosswalk_finish (gw_request *request);

#endif
