/* daemon.h - the one place that sends requests to skillsearchd.
 *
 * To the daemon the gateway is one client, so it shares out among its own:
 * SKS_MAX_UNDER_WAY requests are under way in all and --per-client of one address;
 * others wait, oldest first, with their deadline running. So do those of an address
 * that has not taken GW_MAX_CLIENT_HELD_BYTES of its answers. */
#ifndef GW_DAEMON_H
#define GW_DAEMON_H

#include "server.h"

/* Send request->asked, a request of the protocol without v and id, as soon as it is
 * its turn, and suspend the connection until it has ended: then request->resume or
 * the route's finish is called. Returns 0; or a code, with request->failure
 * filled, when it cannot even wait: SKS_EBUSY, SKS_ELIMIT (too many of one client),
 * SKS_ESHUTTINGDOWN. */
int gw_daemon_ask (gw_request *request);

/* Send what waits, take what has ended, fail what is late, ask for health. */
void gw_daemon_step (gw_server *server);

/* Whether the daemon has answered within the last second. */
bool gw_daemon_is_ready (const gw_server *server);

/* Milliseconds until gw_daemon_step is to be called even if nothing arrives. */
int gw_daemon_timeout (const gw_server *server);

/* The connection is closing: give the request up. */
void gw_daemon_forget (gw_request *request);

/* Fail all that wait or are under way. */
void gw_daemon_fail_all (gw_server *server, int code, const char *text);

#endif
