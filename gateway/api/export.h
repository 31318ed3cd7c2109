/* export.h - all statements that a query finds, as a stream.
 *
 * Pages of "scan" are requested one by one, each after the client has taken the one
 * before, so a slow reader holds one page in memory. If a page fails, the chunked
 * body ends without its last chunk, so no client mistakes a part for the whole. The
 * ending of the path selects the format. */
#ifndef GW_EXPORT_H
#define GW_EXPORT_H

#include "gateway/http/server.h"

#define GW_EXPORT_PAGE SKS_MAX_SCAN

enum MHD_Result gw_export_begin (gw_request *request);
enum MHD_Result gw_export_finish (gw_request *request);

#endif
