/* probe.h - tests an endpoint with a plain connection.
 *
 * ZeroMQ connects in the background and never reports that nothing answers. So a plain socket connects first, reads the
 * greeting, and disconnects. */
#ifndef SKS_PROBE_H
#define SKS_PROBE_H

#include "core/base/endpoint.h"
#include "deadline.h"

/* "tcp://", an address of 45 characters with a scope and brackets, a port; or
 * "ipc://" and a path of 107 bytes. */
#define SKS_PROBE_ADDRESS_BYTES 160

/* Of an endpoint that accepts a connection and closes it before its greeting. */
#define SKS_CLOSES_CONNECTIONS                                                                                         \
    "accepts connections and closes them: a daemon that is ending, or a balancer with no daemon that answers"

/* Connect to the endpoint, read its greeting and disconnect.
 *   with_keys the server must use keys; else it must not.
 *   address   receives the address that answered, with a numeric host, so that later steps do not choose another
 *             address of the same name.
 * Does not wait beyond the deadline, except for the look-up of a host name. Returns
 * 0; SKS_ECONNECT, whose text says what to start; SKS_EUNAVAILABLE when a
 * connection is accepted and closed; SKS_EDEADLINE when it
 * is accepted and no greeting comes; SKS_EAUTH when one side uses keys
 * and the other does not; or SKS_EIO (no descriptors). */
int sks_probe (const sks_endpoint *endpoint, bool with_keys, sks_deadline deadline,
               char address[SKS_PROBE_ADDRESS_BYTES], sks_error *err);

#endif
