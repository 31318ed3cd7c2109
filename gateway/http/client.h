/* client.h - the client that a request belongs to, by its address.
 *
 * Behind a trusted proxy it is the last address of the last X-Forwarded-For. An IPv6
 * client is its /64. */
#ifndef GW_CLIENT_H
#define GW_CLIENT_H

#include "server.h"

/* Set request->client; a second call changes nothing. False if there are more
 * clients than connections are allowed. */
bool gw_client_enter (gw_request *request);

/* Release request->client. */
void gw_client_leave (gw_request *request);

/* Set how many bytes the answer keeps in memory until the client has taken them. */
void gw_client_hold (gw_request *request, size_t size);

#endif
