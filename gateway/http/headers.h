/* headers.h - requests that are refused before their body is read.
 *
 * libmicrohttpd 0.9.75 accepts headers that another server in the chain may read
 * differently: several Host or Content-Length, codings that it does not know, a
 * blank before the colon, "%00" that cuts values short. */
#ifndef GW_HEADERS_H
#define GW_HEADERS_H

#include "problem.h"
#include "server.h"

/* What is wrong with the headers; NULL if nothing is.
 *   detail   says what. */
const gw_problem *gw_headers_check (gw_request *request, const char **detail);

#endif
