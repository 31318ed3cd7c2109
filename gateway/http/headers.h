/* headers.h - requests that are refused before their body is read.
 *
 * libmicrohttpd 0.9.75 accepts headers that another server in the chain may read
 * differently: several Host or Content-Length, unknown codings, a blank before the
 * colon, "%00" that truncates values. */
#ifndef GW_HEADERS_H
#define GW_HEADERS_H

#include "problem.h"
#include "server.h"

/* Check the headers. Returns NULL if they are good, else the problem.
 *   *detail   a message for it, static */
const gw_problem *gw_headers_check (gw_request *request, const char **detail);

#endif
