/* connection.c - endpoints, keys and ZeroMQ's context, and sockets made with them. */
#include "connection.h"

#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <zmq.h>

#define SPARE_DESCRIPTORS 32

struct sks_connection {
    sks_endpoints endpoints;
    sks_credentials keys;
    void *context;
};

/* ----------------------------------------------------------------- sockets */

/* libzmq aborts the whole process when it finds no free descriptor. So open as many as it may need, and close them
 * again. */
int
sks_connection_check_descriptors (sks_error *err)
{
    int taken[SPARE_DESCRIPTORS], count = 0;
    taken[0] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    while (taken[count] >= 0 && ++count < SPARE_DESCRIPTORS)
        taken[count] = fcntl (taken[0], F_DUPFD_CLOEXEC, 0);
    bool enough = count == SPARE_DESCRIPTORS;
    while (count > 0)
        close (taken[--count]);
    if (enough)
        return 0;
    return sks_fail (err, SKS_EIO, "fewer than %d free file descriptors; raise the limit (ulimit -n)",
                     SPARE_DESCRIPTORS);
}

static int
fail_zmq (sks_error *err, const char *what)
{
    if (zmq_errno () == ENOMEM)
        return sks_fail_memory (err);
    return sks_fail (err, SKS_EIO, "%s: %s", what, zmq_strerror (zmq_errno ()));
}

bool
sks_connection_has_keys (const sks_connection *connection)
{
    return *connection->keys.server_key;
}

/* The first of these options makes the socket a CURVE client. */
static int
use_keys (const sks_connection *connection, void *socket, sks_error *err)
{
    const sks_credentials *keys = &connection->keys;
    const struct {
        int option;
        const char *key;
    } options[] = {
        { ZMQ_CURVE_SERVERKEY, keys->server_key },
        { ZMQ_CURVE_PUBLICKEY, keys->own.public_key },
        { ZMQ_CURVE_SECRETKEY, keys->own.secret_key },
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (zmq_setsockopt (socket, options[i].option, options[i].key, SKS_KEY_BYTES) != 0)
            return sks_fail (err, SKS_EINVALID, "the keys cannot be used: %s", zmq_strerror (zmq_errno ()));
    return 0;
}

int
sks_connection_socket (const sks_connection *connection, const char *address, void **out, sks_error *err)
{
    static const struct {
        int option, value;
    } options[] = {
        { ZMQ_LINGER, 0 },
        { ZMQ_IMMEDIATE, 1 },
        { ZMQ_TCP_KEEPALIVE, 1 },
        { ZMQ_TCP_KEEPALIVE_IDLE, 60 },
        /* libzmq would wait 30 s for a silent peer, and 2 minutes for a host that drops packets, before it tries again
         * or another endpoint is used. */
        { ZMQ_HANDSHAKE_IVL, SKS_MAX_HANDSHAKE_MS },
        { ZMQ_CONNECT_TIMEOUT, SKS_MAX_HANDSHAKE_MS },
    };
    int64_t most = SKS_MAX_REPLY_BYTES;
    int six = strchr (address, '[') != NULL;
    void *socket = *out = zmq_socket (connection->context, ZMQ_DEALER);
    if (!socket)
        return fail_zmq (err, "cannot make a socket");
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (zmq_setsockopt (socket, options[i].option, &options[i].value, sizeof (int)) != 0)
            return fail_zmq (err, "cannot prepare a socket");
    if (zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &most, sizeof most) != 0 ||
        zmq_setsockopt (socket, ZMQ_IPV6, &six, sizeof six) != 0)
        return fail_zmq (err, "cannot prepare a socket");
    return sks_connection_has_keys (connection) ? use_keys (connection, socket, err) : 0;
}

/* ------------------------------------------------------------- open, close */

/* Without random bytes, which the kernel lacks only while it starts, the order stays. */
static void
shuffle_endpoints (sks_endpoints *endpoints)
{
    unsigned char chance[SKS_MAX_ENDPOINTS] = { 0 };
    if (getrandom (chance, sizeof chance, GRND_NONBLOCK) != sizeof chance)
        return;
    for (size_t i = endpoints->count; i > 1; i--) {
        size_t other = chance[i - 1] % i;
        sks_endpoint kept = endpoints->items[i - 1];
        endpoints->items[i - 1] = endpoints->items[other];
        endpoints->items[other] = kept;
    }
}

int
sks_connection_open (sks_connection **out, const char *endpoints, bool shuffle, const char *server_key,
                     const char *client_key, sks_error *err)
{
    *out = NULL;
    sks_connection *connection = calloc (1, sizeof *connection);
    if (!connection)
        return sks_fail_memory (err);
    int rc = sks_endpoints_parse (&connection->endpoints, endpoints, err);
    if (rc == 0 && shuffle)
        shuffle_endpoints (&connection->endpoints);
    if (rc == 0)
        rc = sks_credentials_read (&connection->keys, server_key, client_key, err);
    if (rc == 0 && !(connection->context = zmq_ctx_new ()))
        rc = fail_zmq (err, "cannot start ZeroMQ");
    if (rc)
        sks_connection_close (&connection);
    *out = connection;
    return rc;
}

void
sks_connection_close (sks_connection **connection_p)
{
    if (!connection_p || !*connection_p)
        return;
    sks_connection *connection = *connection_p;
    while (connection->context && zmq_ctx_term (connection->context) != 0 && zmq_errno () == EINTR)
        ;
    sks_connection_abandon (connection_p);
}

void
sks_connection_abandon (sks_connection **connection_p)
{
    sks_connection *connection = *connection_p;
    *connection_p = NULL;
    sks_endpoints_free (&connection->endpoints);
    explicit_bzero (&connection->keys, sizeof connection->keys);
    free (connection);
}

const sks_endpoint *
sks_connection_endpoint (const sks_connection *connection, size_t index)
{
    return &connection->endpoints.items[index];
}

void *
sks_connection_context (const sks_connection *connection)
{
    return connection->context;
}

size_t
sks_connection_endpoints (const sks_connection *connection)
{
    return connection->endpoints.count;
}
