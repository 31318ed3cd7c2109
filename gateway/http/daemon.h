/* daemon.h - the only place that sends requests to skillsearchd.
 *
 * To the daemon the server is one client, so it schedules its own clients: at most
 * SKS_MAX_UNDER_WAY requests are under way in all, and --per-client per address.
 * Others wait, oldest first, with their deadline running. So do those of an address
 * that has not taken GW_MAX_CLIENT_HELD_BYTES of its answers. */
#ifndef GW_DAEMON_H
#define GW_DAEMON_H

#include "server.h"

/* Queue request->asked, a request of the protocol without v and id, and suspend the
 * connection until it has ended: then request->resume or the route's finish is
 * called. Returns 0; or a code, with request->failure filled, if it cannot wait
 * either: SKS_EBUSY, SKS_ELIMIT (too many of one client), SKS_ESHUTTINGDOWN. */
int gw_daemon_ask (gw_request *request);

/* Send requests that wait, take replies, fail requests that are late, ask for
 * health. */
void gw_daemon_step (gw_server *server);

/* Whether the daemon has answered within the last second. */
bool gw_daemon_is_ready (const gw_server *server);

/* Milliseconds until gw_daemon_step is to be called even if nothing arrives. */
int gw_daemon_timeout (const gw_server *server);

/* Drop the request, as its connection is closing. */
void gw_daemon_forget (gw_request *request);

/* Fail all requests that wait or are under way. */
void gw_daemon_fail_all (gw_server *server, int code, const char *text);

#endif
