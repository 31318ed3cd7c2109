/* connections.h - what becomes of connections, seen where libzmq asks the kernel.
 *
 * libzmq 4.3 leaves three things open that a daemon must not:
 *
 *   descriptors   it aborts the process when an ipc connection finds none, and
 *                 spins on a tcp one for as long as none is free. A connection
 *                 that would leave fewer than a reserve free is closed at once.
 *   messages      it keeps one whose last frame has not come, of however many
 *                 frames. A connection that sends SKS_MAX_UNTAKEN_BYTES without a
 *                 message that can be taken is ended.
 *   reasons       it ends connections (a frame that is too large, bytes that
 *                 are no ZeroMQ, a handshake or heartbeat that does not come)
 *                 and tells nobody. All that our side ends are counted.
 *
 * So this room takes the places of accept4(2), recv(2) and close(2) in the
 * program. It knows descriptors and bytes, never what they mean. */
#ifndef SKS_CONNECTIONS_H
#define SKS_CONNECTIONS_H

#include "searchd.h"

/* Raise the soft limit of descriptors as far as allowed and keep a part of it
 * for what is no connection. Before the first thread.
 *   counters   borrowed as long as the process lives. */
void sks_connections_guard (sks_counters *counters);

/* A message that came by that descriptor was taken; -1 for none. */
void sks_connections_taken (int descriptor);

/* The daemon ends: connections that end from now on are no longer counted. */
void sks_connections_release (void);

#endif
