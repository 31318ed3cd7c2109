/* values.h - all values of a facet, with a box to search among them. */
#ifndef GW_VALUES_H
#define GW_VALUES_H

#include "gateway/http/server.h"

enum MHD_Result gw_values_begin (gw_request *request);
enum MHD_Result gw_values_finish (gw_request *request);

#endif
