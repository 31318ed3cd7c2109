/* listen.h - checks endpoints before they are bound.
 *
 * tcp://ADDRESS:PORT and ipc://PATH. Called before any socket exists, so that the message can name a wrong or
 * dangerous endpoint. */
#ifndef SKS_LISTEN_H
#define SKS_LISTEN_H

#include "core/base/error.h"

#include <stdbool.h>

/* Check an endpoint. A tcp address that is not a loopback one is refused
 * unless this is intended: there are keys, or --insecure was given. Returns 0 or SKS_EINVALID. */
int sks_listen_check (const char *endpoint, bool open, sks_error *err);

/* The path of an ipc endpoint, NULL for any other. Borrowed: valid as long as
 * endpoint. */
const char *sks_listen_path (const char *endpoint);

/* Whether only this machine reaches it: ipc, or a tcp loopback address. */
bool sks_listen_is_local (const char *endpoint);

#endif
