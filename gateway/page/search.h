/* search.h - the first page: statements found, with filters, pages and coverage. */
#ifndef GW_SEARCH_H
#define GW_SEARCH_H

#include "gateway/http/server.h"

enum MHD_Result gw_search_begin (gw_request *request);
enum MHD_Result gw_search_finish (gw_request *request);

#endif
