/* client.h - whose a request is: the address that it comes from.
 *
 * Behind a trusted proxy that is the last address of the last X-Forwarded-For. An IPv6
 * client is its /64. */
#ifndef GW_CLIENT_H
#define GW_CLIENT_H

#include "server.h"

/* Fill request->client; a second call changes nothing. False when there are more
 * clients than there may be connections. */
bool gw_client_enter (gw_request *request);

/* The request has ended. */
void gw_client_leave (gw_request *request);

/* The answer to the request holds `size` bytes until the client has taken them. */
void gw_client_hold (gw_request *request, size_t size);

#endif
