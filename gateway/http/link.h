/* link.h - connections with deadlines.
 *
 * libmicrohttpd's own limit counts idle time only: a client that sends a byte now
 * and then would stay connected for ever. */
#ifndef GW_LINK_H
#define GW_LINK_H

#include "server.h"

/* The link of a connection; NULL when there was no memory for it. */
gw_link *gw_link_of (struct MHD_Connection *connection);

/* A connection began or ended; cls is the server. */
void gw_link_notify (void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode code);

/* The first line of a request has arrived. The first request of a connection must be complete GW_MAX_REQUEST_MS after
 * the connection began, a later one GW_MAX_REQUEST_MS after this call. */
void gw_link_begun (gw_request *request);

/* Bytes of an answer are ready: the client must take them within GW_MAX_ANSWER_MS. */
void gw_link_answering (gw_request *request);

/* The answer was sent or given up: the next request must begin within GW_MAX_IDLE_S. */
void gw_link_answered (gw_request *request);

/* Whether a client has sent bytes that were not read yet. It costs a system call for each connection, so it is used
 * only when the server stops. */
bool gw_link_has_unread (const gw_server *server);

/* End connections whose request has not arrived in time, with 408; those whose answer was not taken; and idle ones. */
void gw_link_reap_all (gw_server *server);

#endif
