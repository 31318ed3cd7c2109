/* similar.h - the statements most similar to one. */
#ifndef GW_SIMILAR_H
#define GW_SIMILAR_H

#include "gateway/http/server.h"

enum MHD_Result gw_similar_begin (gw_request *request);
enum MHD_Result gw_similar_finish (gw_request *request);

#endif
