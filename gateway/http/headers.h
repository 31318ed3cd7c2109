/* headers.h - requests that are refused before their body is read.
 *
 * libmicrohttpd 0.9.75 accepts headers that another server in the chain may read
 * differently: several Host or Content-Length, unknown codings, a blank before the
 * colon, a carriage return inside a value, "%00" that truncates values. */
#ifndef GW_HEADERS_H
#define GW_HEADERS_H

#include "problem.h"
#include "server.h"

/* Check the headers. Returns NULL if they are good, else the problem.
 *   url       as libmicrohttpd has it: decoded, without the query. In absolute form
 *             ("http://NAME/path") its name must be known like that of Host
 *   *detail   a message for the problem, static */
const gw_problem *gw_headers_check (gw_request *request, const char *url, const char **detail);

/* The path of a URL. In absolute form it follows the name; "/" if nothing follows. */
const char *gw_headers_path (const char *url);

#endif
