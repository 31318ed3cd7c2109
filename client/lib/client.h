/* client.h - how a blocking call asks: request -> reply -> answer. */
#ifndef SKS_CLIENT_H
#define SKS_CLIENT_H

#include "core/wire/wire.h"

/* Reads a reply into out, which is what the call hands to its caller. */
typedef int sks_client_decoder (void *out, const char *bytes, size_t size, sks_error *err);

/* Every call begins here: no pointer that it needs may be NULL, and a child of fork
 * has no thread of ZeroMQ that could answer it. Returns 0 or SKS_EINVALID. */
int sks_client_check (const sks_client *client, const void *argument, const void *out, sks_error *err);

/* The caller's query in the version that is used here; NULL: the defaults of `op`.
 * Members that a caller with an older header does not have are not read. */
sks_query sks_client_copy_query (const sks_query *query, int op);

/* Encode a request, ask, and decode the reply. A daemon that is too busy or about to
 * stop is no reason to fail while another one may answer. */
int sks_client_ask (sks_client *client, const sks_request *request, sks_client_decoder *decode, void *out,
                    sks_error *err);

#endif
