/* client.h - the steps of a blocking call: request, reply, answer. */
#ifndef SKS_CLIENT_H
#define SKS_CLIENT_H

#include "core/wire/wire.h"

/* Reads a reply into out, the caller's answer. */
typedef int sks_client_decoder (void *out, const char *bytes, size_t size, sks_error *err);

/* Check the arguments of a call: required pointers must not be NULL, and the process must not be a child of fork,
 * which lacks ZeroMQ's threads. Returns 0 or SKS_EINVALID. */
int sks_client_check (const sks_client *client, const void *argument, const void *out, sks_error *err);

/* The caller's query in the current version of the struct; if NULL, the defaults of `op`. Members missing from the
 * caller's older version are not read. */
sks_query sks_client_copy_query (const sks_query *query, int op);

/* The program was compiled for 0.1.0, and reads hits as layout.h describes. Safe on NULL. A query of another version
 * ends this. */
void sks_client_expect_layout_1 (sks_client *client);

/* Encode a request, ask, and decode the reply. exchange.h says which daemons are asked. */
int sks_client_ask (sks_client *client, const sks_request *request, sks_client_decoder *decode, void *out,
                    sks_error *err);

#endif
