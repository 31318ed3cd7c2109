/* connections.h - the book of connections, one line a descriptor.
 *
 * libzmq 4.3 leaves things open that a daemon must not:
 *
 *   descriptors   it aborts the process when an ipc connection finds none, and
 *                 spins on a tcp one for as long as none is free. A connection
 *                 that would leave fewer than a reserve free is closed at once.
 *   messages      it keeps one whose last frame has not come, of however many
 *                 frames. A connection that sends SKS_MAX_UNTAKEN_BYTES without a
 *                 message that can be taken is ended, and so is one that sends
 *                 a message of more than SKS_MAX_FRAMES.
 *   refusals      it reads on from a connection whose messages are refused all the
 *                 time, and takes the processor for it. Such a connection rests:
 *                 for a while nothing is read from it.
 *   names         see zmtp.h.
 *   ids           it numbers peers with 32 bits, and aborts when a number comes
 *                 again that is taken still. A connection that is older than the
 *                 last 2^31 is ended.
 *   timers        it has one for each handshake and two for each heartbeat, and searches
 *                 all of them to cancel one: ten thousand connections that end at once
 *                 keep it busy for seconds. So it has none: connections without a
 *                 handshake, those whose key was refused, and those whose peer takes
 *                 nothing, are ended here.
 *   reasons       it ends connections (a frame that is too large, bytes that
 *                 are no ZeroMQ)
 *                 and reports it nowhere. All that our side ends are counted.
 *
 * libc_hooks.c reports here what libzmq asks of the kernel: those calls belong to
 * libzmq's thread, and leave a descriptor alone that is no connection. */
#ifndef SKS_CONNECTIONS_H
#define SKS_CONNECTIONS_H

#include "searchd.h"

#define SKS_MAX_DESCRIPTORS 65536 /* the daemon uses at most */
#define SKS_REFUSAL_BYTES 4096    /* of a refused message; full ones count as refusals of their own */

/* Raise the soft limit of descriptors as far as allowed and keep a part of it
 * for what is no connection. Before the first thread.
 *   counters   borrowed as long as the process lives. */
void sks_connections_guard (sks_counters *counters);

/* The daemon ends: connections that end from now on are no longer counted. */
void sks_connections_release (void);

/* ------------------------------------------------------- from libc_hooks.c */
/* A connection was accepted; false when it is to be closed again. */
bool sks_connections_accept (int descriptor);

/* Whether it was accepted and is not closed. */
bool sks_connections_has (int descriptor);

/* Its peer ended it. */
void sks_connections_leave (int descriptor);

/* Bytes came, and may be changed; false when the connection is to be ended. */
bool sks_connections_receive (int descriptor, unsigned char *bytes, size_t size);

/* Until when (sks_clock_us) nothing is to be read from it; 0: read now. */
uint64_t sks_connections_rest (int descriptor);

/* The kernel accepted some of these bytes for its peer, one at least. */
void sks_connections_sent (int descriptor, const unsigned char *bytes, size_t size);

/* When (sks_clock_us) sks_connections_look is due; 0: there are no connections. */
uint64_t sks_connections_look_us (void);

/* When that time has come: end connections that have no handshake after SKS_MAX_HANDSHAKE_MS, or
 * had one that was refused, and those whose peer takes nothing of what was sent for SKS_MAX_SILENCE_MS. */
void sks_connections_look (uint64_t now_us);

/* Its rest ends now. */
void sks_connections_wake (int descriptor);

/* It is about to be closed. */
void sks_connections_close (int descriptor);

/* ------------------------------------------- from the one who takes messages */
/* A message that came by that descriptor was taken; -1 for none. */
void sks_connections_taken (int descriptor);

/* A message of it was refused because too many wait, because of its frames or its key,
 * or it was thrown away. Any thread. After SKS_MAX_REFUSALS of them it rests: 20 ms, then
 * twice as long each time up to SKS_MAX_REST_MS. After a second without a rest it begins
 * with 20 ms again.
 *   size   of the message in bytes: each full SKS_REFUSAL_BYTES count as another refusal,
 *          since they take as long to receive and to scan for an id as a small message. */
void sks_connections_refused (int descriptor, size_t size);

/* A request of it was read, or was wrong inside. Any thread. Many users may share a connection, as those of the HTTP
 * server do: so wrong ones count as refusals only until one is read, and small ones never.
 *   wrong   bytes of a wrong request, of which each full SKS_REFUSAL_BYTES count; 0: it was read. */
void sks_connections_judged (int descriptor, size_t wrong);

/* How many connections were accepted so far. */
uint64_t sks_connections_count (void);

/* End the connection with that descriptor, if it is one of the first `count`. A
 * descriptor may belong to another connection than the one whose message is
 * looked at; it does not when no message was left at a time when that number had
 * been accepted. */
void sks_connections_end (int descriptor, uint64_t count);

/* As if `count` more had been accepted and closed; for tests. */
void sks_connections_skip (uint64_t count);

#endif
