/* export.h - all statements that a query finds, as a stream.
 *
 * Pages of "scan" are asked one by one, the next when the last one was taken, so
 * that a slow reader holds one page in memory. A page that does not come breaks
 * the chunked body: no client can take a part for the whole. The end of the path
 * names the format. */
#ifndef GW_EXPORT_H
#define GW_EXPORT_H

#include "gateway/http/server.h"

#define GW_EXPORT_PAGE SKS_MAX_SCAN

enum MHD_Result gw_export_begin (gw_request *request);
enum MHD_Result gw_export_finish (gw_request *request);

#endif
