/* gather_link.h - the connections of a gather. */
#ifndef SKS_GATHER_LINK_H
#define SKS_GATHER_LINK_H

#include "gather_step.h"

/* Begin a request: no shard has failed it. */
void sks_gather_begin_request (sks_gather *gather);

/* Connect the shards that are not connected, and check that each is of the set of the generation. With `partial`, one
 * is enough; a shard that failed the current request is not tried again. Returns 0, SKS_EUNAVAILABLE (the text names
 * the shard), SKS_EDEADLINE or SKS_ESHUTTINGDOWN if the time of the request was over before a shard was tried,
 * SKS_EINDEX or SKS_ENOMEM. */
int sks_gather_connect (sks_gather *gather, bool partial, sks_error *err);

/* How many shards are connected. */
uint32_t sks_gather_count_open (const sks_gather *gather);

/* Whether to try a request again that ended with *code: once if a connection was lost, and with `partial` without each
 * shard that did not answer. *code becomes SKS_EDEADLINE or SKS_ESHUTTINGDOWN if the time of the request is over. */
bool sks_gather_again (sks_gather *gather, bool partial, int *code, sks_error *err);

#endif
