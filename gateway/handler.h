/* handler.h - a request from its first byte to its end: the functions that libmicrohttpd
 * calls. cls is the server. */
#ifndef GW_HANDLER_H
#define GW_HANDLER_H

#include "gateway/http/server.h"

/* For MHD_OPTION_URI_LOG_CALLBACK: called first, with the URL as received. Returns
 * the request, which the next two functions get as their state. */
void *gw_handler_url (void *cls, const char *url, struct MHD_Connection *connection);

/* For MHD_start_daemon: called for the headers, for each part of the body, after the
 * body, and after the connection was resumed. */
enum MHD_Result gw_handler_request (void *cls, struct MHD_Connection *connection, const char *path, const char *method,
                                    const char *version, const char *data, size_t *size, void **state);

/* For MHD_OPTION_NOTIFY_COMPLETED. */
void gw_handler_completed (void *cls, struct MHD_Connection *connection, void **state,
                           enum MHD_RequestTerminationCode why);

/* For MHD_OPTION_NOTIFY_CONNECTION: a connection began, or ended with its request. */
void gw_handler_connection (void *cls, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode code);

#endif
