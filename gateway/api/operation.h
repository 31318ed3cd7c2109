/* operation.h - runs the daemon's operation that the route names. */
#ifndef GW_OPERATION_H
#define GW_OPERATION_H

#include "gateway/http/server.h"

enum MHD_Result gw_operation_begin (gw_request *request);

#endif
