/* occupation.h - an occupation, level by level. */
#ifndef GW_OCCUPATION_H
#define GW_OCCUPATION_H

#include "gateway/http/server.h"

enum MHD_Result gw_occupation_begin (gw_request *request);
enum MHD_Result gw_occupation_finish (gw_request *request);

#endif
