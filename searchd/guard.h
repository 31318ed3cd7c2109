/* guard.h - access control: the keys of connections, and of each message.
 *
 * There are two checks, because libzmq cannot end an accepted connection. A thread answers libzmq when a connection
 * begins (ZAP, RFC 27), and every message has the key of its connection, which the broker's thread checks against the
 * current keys. So a removed key is refused after at most SKS_KEYS_LOOK_MS, also on open connections; connections.h
 * ends these within another second. No request is
 * accepted when the thread has ended: libzmq then lets everybody connect, but their messages have no key.
 *
 * The calls belong to the thread of the socket. */
#ifndef SKS_GUARD_H
#define SKS_GUARD_H

#include "searchd.h"

#include <zmq.h>

#define SKS_KEYS_LOOK_MS 500 /* interval between checks of the key folder */

typedef struct sks_guard sks_guard;

/* Read the keys and start the thread; before anything is bound.
 *   context   ZeroMQ context of the socket; borrowed until the guard is closed.
 *   folder    of the keys, see auth.h.
 *   *out      caller owns it; free with sks_guard_close. NULL on failure.
 * Returns 0, SKS_EIO (the keys cannot be used, or libzmq has no CURVE) or
 * SKS_ENOMEM. */
int sks_guard_open (sks_guard **out, void *context, const char *folder, sks_counters *counters, sks_error *err);

/* Make the socket a CURVE server, before it is bound; once. Borrowed: until the
 * guard is closed. */
int sks_guard_protect (sks_guard *guard, void *socket, sks_error *err);

/* The key of the connection that a frame came from; NULL when the key is not accepted now, which is counted.
 * Borrowed: valid until the frame is closed. */
const char *sks_guard_admits (sks_guard *guard, zmq_msg_t *frame);

/* End the thread. The protected socket is still open, and nothing is received
 * from it any more. Takes ownership; sets *guard_p to NULL. Safe on NULL. */
void sks_guard_close (sks_guard **guard_p);

#endif
