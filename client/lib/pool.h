/* pool.h - requests under way without waiting, on one endpoint or several.
 *
 * With one endpoint, its channel does everything. With several there is a channel to each: if the client spreads its
 * requests, the next request goes to the next endpoint that is connected, else to the first endpoint until that fails.
 * attempt.h says when a request goes to another one. */
#ifndef SKS_POOL_H
#define SKS_POOL_H

#include "channel.h"

typedef struct sks_pool sks_pool;

/* Begin to connect.
 *   connection   must outlive the pool.
 *   spread       each request begins at the next endpoint.
 *   *out         caller owns it; free with sks_pool_close. NULL on failure.
 * Returns as sks_channel_open. */
int sks_pool_open (sks_pool **out, const sks_connection *connection, bool spread, sks_error *err);

/* Takes ownership; sets *pool_p to NULL. Safe on NULL. In a child of fork `abandon` is true: see channel.h. */
void sks_pool_close (sks_pool **pool_p, bool abandon);

/* The calls of skillsearch.h without their checks of arguments. Of one endpoint the memory of a call must stay valid
 * until its reply; of several it is copied. */
int sks_pool_send (sks_pool *pool, const sks_call *call, sks_error *err);
int sks_pool_receive (sks_pool *pool, sks_reply **out, sks_error *err);
void sks_pool_cancel (sks_pool *pool, uint64_t ticket);
int sks_pool_fd (const sks_pool *pool);
int sks_pool_next_timeout (const sks_pool *pool);

#endif
