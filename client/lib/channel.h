/* channel.h - many requests under way on one connection, without ever waiting.
 *
 * It knows tickets, bytes and when time is over, never what a request asks. One
 * endpoint is used at a time, and the next one after it was lost; ZeroMQ connects
 * in the background. */
#ifndef SKS_CHANNEL_H
#define SKS_CHANNEL_H

#include "connection.h"

typedef struct sks_channel sks_channel;

/* Begin to connect to the first endpoint of a connection, which must outlive the
 * channel and is not changed.
 *   *out   caller owns it; free with sks_channel_close. NULL on failure.
 * Returns 0, SKS_EINVALID (keys), SKS_EIO or SKS_ENOMEM. */
int sks_channel_open (sks_channel **out, const sks_connection *connection, sks_error *err);

/* Takes ownership; sets *channel_p to NULL. Safe on NULL. */
void sks_channel_close (sks_channel **channel_p);

/* The calls of skillsearch.h without their checks of arguments.
 *   ahead   bytes sent before the first one of the caller's request; negative when bytes
 *           of its beginning were left out */
int sks_channel_send (sks_channel *channel, uint64_t ticket, const char *bytes, size_t size, long ahead,
                      sks_deadline deadline, sks_error *err);
int sks_channel_receive (sks_channel *channel, sks_reply **out, sks_error *err);
void sks_channel_cancel (sks_channel *channel, uint64_t ticket);
int sks_channel_fd (const sks_channel *channel);
int sks_channel_next_timeout (const sks_channel *channel);

#endif
