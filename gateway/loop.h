/* loop.h - the server runs: one thread, one loop. */
#ifndef GW_LOOP_H
#define GW_LOOP_H

#include "gateway/http/server.h"

/* Serve with server->options until SIGTERM or SIGINT. All other members must be 0.
 * Returns the exit code; errors were written to standard error. */
int gw_loop_run (gw_server *server);

#endif
