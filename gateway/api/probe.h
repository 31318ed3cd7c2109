/* probe.h - paths for monitoring: whether the server runs, whether the daemon
 * answers, counters; and the list of failures. */
#ifndef GW_PROBE_H
#define GW_PROBE_H

#include "gateway/http/server.h"

enum MHD_Result gw_probe_begin_healthz (gw_request *request);
enum MHD_Result gw_probe_begin_readyz (gw_request *request);
enum MHD_Result gw_probe_begin_problems (gw_request *request);

/* With ?daemon=1 the daemon's counters come after those of the server. */
enum MHD_Result gw_probe_begin_metrics (gw_request *request);
enum MHD_Result gw_probe_finish_metrics (gw_request *request);

#endif
