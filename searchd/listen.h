/* listen.h - is this an endpoint that we bind?
 *
 * tcp://ADDRESS:PORT and ipc://PATH. Asked before any socket exists, so that
 * a wrong or dangerous one is refused by name. */
#ifndef SKS_LISTEN_H
#define SKS_LISTEN_H

#include "core/base/error.h"

#include <stdbool.h>

/* Check an endpoint. A tcp address that is not a loopback one is refused
 * unless it is open to others on purpose: because keys keep strangers out, or
 * because somebody said so. Returns 0 or SKS_EINVALID. */
int sks_listen_check (const char *endpoint, bool open, sks_error *err);

/* The path of an ipc endpoint, NULL for any other. Borrowed: valid as long as
 * endpoint. */
const char *sks_listen_path (const char *endpoint);

/* Whether only this machine reaches it: ipc, or a tcp loopback address. */
bool sks_listen_is_local (const char *endpoint);

#endif
