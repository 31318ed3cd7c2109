/* channel.h - requests under way on one connection.
 *
 * It handles tickets, bytes and deadlines, not the content of requests. A channel for a single call at a time is
 * connected by its owner, with sks_channel_connect. Any other channel connects in the background, again and again; its
 * calls never wait. */
#ifndef SKS_CHANNEL_H
#define SKS_CHANNEL_H

#include "connection.h"
#include "tickets.h"

typedef struct sks_channel sks_channel;

/* Begin to connect to an endpoint of a connection, which must outlive the channel.
 *   single   one call at a time: connects later, and returns replies as they came
 *   *out     caller owns it; free with sks_channel_close. NULL on failure.
 * Returns 0, SKS_EINVALID (keys), SKS_EIO or SKS_ENOMEM. */
int sks_channel_open (sks_channel **out, const sks_connection *connection, size_t endpoint, bool single,
                      sks_error *err);

/* Takes ownership; sets *channel_p to NULL. Safe on NULL. */
void sks_channel_close (sks_channel **channel_p);

/* The same in a child of fork: leaves ZeroMQ's sockets, which belong to the parent, untouched. */
void sks_channel_abandon (sks_channel **channel_p);

/* Connect a channel for single calls, once; `address` is the resolved address of its endpoint. Waits for the
 * handshake. Returns 0, SKS_EAUTH, SKS_ECONNECT, SKS_EDEADLINE, or as sks_channel_open. */
int sks_channel_connect (sks_channel *channel, const char *address, sks_deadline deadline, sks_error *err);

/* Close the connection. Requests under way are given up. */
void sks_channel_hang_up (sks_channel *channel);

/* Process what happened to the connection. Whether it is there. */
bool sks_channel_is_connected (sks_channel *channel);

/* Whether it was not there at the last look, and an attempt to connect had failed. */
bool sks_channel_has_failed (const sks_channel *channel);

/* Why it is not connected; 0 if it is. */
int sks_channel_failure (const sks_channel *channel, sks_error *err);

/* Sleep until something happens, but only briefly. */
void sks_channel_wait (const sks_channel *channel, sks_deadline deadline);

/* The calls of skillsearch.h without their checks of arguments. The memory that a call points to must stay valid
 * until its reply. */
int sks_channel_send (sks_channel *channel, const sks_call *call, sks_error *err);
int sks_channel_receive (sks_channel *channel, sks_reply **out, sks_error *err);
void sks_channel_cancel (sks_channel *channel, uint64_t ticket);
int sks_channel_fd (const sks_channel *channel);
int sks_channel_next_timeout (const sks_channel *channel);

#endif
