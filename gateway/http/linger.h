/* linger.h - closed connections whose client may still be sending.
 *
 * Closing a socket before all that has arrived was read resets the connection, and the
 * client may lose an answer that it has not read yet. A refusal is sent before the body
 * has arrived. So the server closes its own direction only, and drops what arrives until
 * the client closes the other one, for at most GW_MAX_LINGER_MS and
 * GW_MAX_LINGER_BYTES. One more than GW_MAX_LINGERING such sockets closes the oldest. */
#ifndef GW_LINGER_H
#define GW_LINGER_H

#include "server.h"

#include <poll.h>

/* Keep the socket of a link open that libmicrohttpd is about to close. Does nothing if
 * the client has closed its direction. */
void gw_linger_begin (gw_server *server, const gw_link *link);

/* Write the items for poll, at most GW_MAX_LINGERING. Returns their number. */
size_t gw_linger_poll (const gw_server *server, struct pollfd *items);

/* Drop what has arrived, and close the sockets that are finished.
 *   items   those of gw_linger_poll, after poll and before the next gw_linger_begin */
void gw_linger_step (gw_server *server, const struct pollfd *items);

/* Wait until all are finished, or until the clock shows `end`; then close them. */
void gw_linger_end (gw_server *server, int64_t end);

#endif
