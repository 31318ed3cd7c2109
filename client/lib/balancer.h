/* balancer.h - requests under way without waiting, on one endpoint or several.
 *
 * With one endpoint, its channel does everything. With several there is a channel to each: if the client spreads its
 * requests, the next request goes to the next endpoint that is connected, else to the first endpoint until that fails.
 * attempt.h says when a request goes to another one. */
#ifndef SKS_BALANCER_H
#define SKS_BALANCER_H

#include "channel.h"

typedef struct sks_balancer sks_balancer;

/* Begin to connect.
 *   connection   must outlive the balancer.
 *   spread       each request begins at the next endpoint.
 *   *out         caller owns it; free with sks_balancer_close. NULL on failure.
 * Returns as sks_channel_open. */
int sks_balancer_open (sks_balancer **out, const sks_connection *connection, bool spread, sks_error *err);

/* Takes ownership; sets *balancer_p to NULL. Safe on NULL. In a child of fork `abandon` is true: see channel.h. */
void sks_balancer_close (sks_balancer **balancer_p, bool abandon);

/* The calls of skillsearch.h without their checks of arguments. Of one endpoint the memory of a call must stay valid
 * until its reply; of several it is copied. */
int sks_balancer_send (sks_balancer *balancer, const sks_call *call, sks_error *err);
int sks_balancer_receive (sks_balancer *balancer, sks_reply **out, sks_error *err);
void sks_balancer_cancel (sks_balancer *balancer, uint64_t ticket);
int sks_balancer_fd (const sks_balancer *balancer);
int sks_balancer_next_timeout (const sks_balancer *balancer);

#endif
