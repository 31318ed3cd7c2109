/* loop.h - the server runs: one thread, one loop. */
#ifndef GW_LOOP_H
#define GW_LOOP_H

#include "gateway/http/server.h"

/* Serve as server->options say until SIGTERM or SIGINT; all else of the server is 0
 * before. Returns the exit code; what is wrong was written to standard error. */
int gw_loop_run (gw_server *server);

#endif
