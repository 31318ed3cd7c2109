/* connections.h - a table of connections, one row per descriptor.
 *
 * This file covers what libzmq 4.3 leaves unprotected:
 *
 *   descriptors   it aborts the process when an ipc connection finds none, and busy-waits on a tcp connection while
 *                 none is free. A connection that would use up the reserve is closed at once.
 *   messages      it keeps an unfinished message with any number of frames. A connection that sends
 *                 SKS_MAX_UNTAKEN_BYTES without a message that can be taken is ended, and so is one that sends a
 *                 message of more than SKS_ZMTP_MAX_FRAMES.
 *   refusals      it keeps reading from a connection whose messages are all refused, which uses up the processor.
 *                 Such a connection rests: for a while nothing is read from it.
 *   names         see zmtp.h.
 *   ids           it numbers peers with 32 bits, and aborts when it reaches a number that is still in use. A
 *                 connection that is older than the last 2^31 is ended.
 *   timers        it has one for each handshake and two for each heartbeat, and searches all of them to cancel one:
 *                 ten thousand connections that end at once keep it busy for seconds. So it has none: connections
 *                 without a handshake, those whose key was refused, and those whose peer does not read, are ended
 *                 here.
 *   keys          it cannot end a connection whose key was removed, which keeps a descriptor as long as its peer
 *                 wants. Such a connection is ended here.
 *   reasons       it ends connections (a frame that is too large, bytes that are not ZeroMQ) without reporting it.
 *                 All that the daemon ends are counted.
 *
 * libc_hooks.c reports libzmq's system calls here. These functions run in libzmq's thread, and ignore descriptors
 * that are not connections. */
#ifndef SKS_CONNECTIONS_H
#define SKS_CONNECTIONS_H

#include "searchd.h"

#define SKS_MAX_DESCRIPTORS 65536 /* maximum that the daemon uses */
#define SKS_PUBLIC_KEY_BYTES 32   /* of a key in binary form */

/* A refused message counts as one refusal, and each full SKS_REFUSAL_BYTES of it as another one. Of an invalid request,
 * only each full SKS_WRONG_BYTES count: a worker reads as many bytes in the time that a small message takes. */
#define SKS_REFUSAL_BYTES 4096
#define SKS_WRONG_BYTES 1024

/* Only a worker decodes a larger request: with thousands of values this takes a millisecond, in which the broker
 * could not answer anyone. */
#define SKS_SMALL_REQUEST_BYTES 4096

/* Bytes of larger requests that one connection may send before a worker has read them: two of the maximum size. */
#define SKS_MAX_AHEAD_BYTES 131072

/* Raise the soft limit of descriptors as far as allowed, and reserve a part for other uses than connections. Call
 * before the first thread starts.
 *   counters   borrowed as long as the process lives. */
void sks_connections_guard (sks_counters *counters);

/* The daemon is stopping: ended connections are no longer counted. */
void sks_connections_release (void);

/* ------------------------------------------------------- from libc_hooks.c */
/* A connection was accepted; false if it must be closed again. */
bool sks_connections_accept (int descriptor);

/* Whether it was accepted and is not closed. */
bool sks_connections_has (int descriptor);

/* Its peer ended it. */
void sks_connections_leave (int descriptor);

/* Bytes were received, and may be changed; false if the connection must be ended. */
bool sks_connections_receive (int descriptor, unsigned char *bytes, size_t size);

/* The time (sks_clock_us) until which nothing may be read from it; 0: read now. It rests because of refusals, as
 * below, or pauses for 1 to 16 ms at a time while it has sent more than SKS_MAX_AHEAD_BYTES of large requests since a
 * valid request was read. Each microsecond, 4 of these bytes are forgiven, because some requests are never read. */
uint64_t sks_connections_rest (int descriptor);

/* The kernel accepted at least one of these bytes for its peer. */
void sks_connections_sent (int descriptor, const unsigned char *bytes, size_t size);

/* When (sks_clock_us) sks_connections_look is due; 0: there are no connections. */
uint64_t sks_connections_look_us (void);

/* When that time has come: end connections that have no handshake after SKS_MAX_HANDSHAKE_MS, or
 * had one that was refused, those whose key was removed, and those whose peer has not read for SKS_MAX_SILENCE_MS
 * although bytes wait for it. Time by which the call is late does not count. */
void sks_connections_look (uint64_t now_us);

/* End its rest now. */
void sks_connections_wake (int descriptor);

/* The connection that received last names its public key in its handshake. */
void sks_connections_name_key (const unsigned char key[SKS_PUBLIC_KEY_BYTES]);

/* It is about to be closed. */
void sks_connections_close (int descriptor);

/* ------------------------------------------- from the receiver of messages */
/* A message from that descriptor was received; -1 for none. */
void sks_connections_taken (int descriptor);

/* A message of it was refused because too many wait, because of its frames or its key, or it was dropped. Any thread.
 * After SKS_MAX_REFUSALS of them it rests: 20 ms, then twice as long each time up to SKS_MAX_REST_MS. After a second
 * without a rest it begins with 20 ms again.
 *   size   of the message in bytes: each full SKS_REFUSAL_BYTES count as another refusal,
 *          since they take as long to receive and to scan for an id as a small message. */
void sks_connections_refused (int descriptor, size_t size);

/* A request of it was valid or invalid. Any thread. Many users may share a connection, as those of the HTTP
 * server do, so invalid requests count as refusals only until a valid one is read, and small ones never count.
 *   wrong   bytes of an invalid request, of which each full SKS_WRONG_BYTES count; 0: it was read. */
void sks_connections_judged (int descriptor, size_t wrong);

/* A large request of the connection was received. If its invalid requests have reached a quarter of the limit for a
 * pause, this one counts as invalid at once, because dozens may be under way before the first of them is read. If it
 * counts, do not report later that it was invalid; a valid one ends the count as before. Any thread.
 *   size   of the request in bytes
 * Returns whether it counts. */
bool sks_connections_suspect (int descriptor, size_t size);

/* Whether its invalid requests alone are enough for a rest, or were until a second ago: then no worker should read its
 * other large requests. A valid request ends this. Any thread. */
bool sks_connections_owes (int descriptor);

/* How many connections were accepted so far. */
uint64_t sks_connections_count (void);

/* End the connection with that descriptor, if it is one of the first `count`. A descriptor may have been reused
 * since the message was sent. It was not reused if no message was pending when `count` connections had been
 * accepted. */
void sks_connections_end (int descriptor, uint64_t count);

/* Check the key of each connection. Connections whose key is not accepted end at the next look, unless it is accepted
 * again by then. Any thread, but one at a time. */
void sks_connections_check_keys (bool (*accepts) (const void *context, const unsigned char key[SKS_PUBLIC_KEY_BYTES]),
                                 const void *context);

/* As if `count` more had been accepted and closed; for tests. */
void sks_connections_skip (uint64_t count);

#endif
