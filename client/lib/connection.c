/* connection.c - a DEALER socket that is made again when it is of no use any more,
 * and the only interface to ZeroMQ here.
 *
 * All operations only read, so a request whose connection broke is sent again,
 * once. A socket is put away after a time-out: what still comes for it finds
 * nobody, and the next exchange starts at the next endpoint. Reconnecting is ours
 * too, with a new socket, so that each connection is counted from its beginning. */
#include "connection.h"

#include "credentials.h"
#include "inflow.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define PROBE_MS 2000     /* one endpoint, to see who answers */
#define HANDSHAKE_MS 2000 /* then, until ZeroMQ is connected to it */
#define SPARE_DESCRIPTORS 32
#define UNREAD_REPLIES 4 /* that ZeroMQ holds for us; each may have SKS_MAX_REPLY_BYTES */
#define SENDS 2          /* of one request, when its connection breaks */

#define MONITORED_EVENTS                                                                                               \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |                      \
     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED)

struct sks_connection {
    sks_endpoints endpoints;
    sks_credentials keys;
    size_t current; /* the endpoint in use, or the first to try */
    void *context;
    void *socket;       /* NULL: not connected */
    sks_inflow inflow;  /* of the socket's connection */
    unsigned greetings; /* sockets that were connected so far */
    zmq_msg_t reply;    /* the last one */
};

/* -------------------------------------------------------------- connecting */

/* libzmq aborts the whole process when it finds no descriptor for its own use.
 * So take what it may need, and give it back. */
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

static void
detach (sks_connection *connection)
{
    if (connection->socket)
        zmq_close (connection->socket);
    connection->socket = NULL;
    sks_inflow_close (&connection->inflow);
}

void
sks_connection_move_on (sks_connection *connection)
{
    detach (connection);
    connection->current = (connection->current + 1) % connection->endpoints.count;
}

static bool
has_keys (const sks_connection *connection)
{
    return *connection->keys.server_key;
}

/* The option that comes first makes the socket a CURVE client. */
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
        { ZMQ_RCVHWM, UNREAD_REPLIES },  { ZMQ_LINGER, 0 },        { ZMQ_IMMEDIATE, 1 },
        { ZMQ_RECONNECT_IVL_MAX, 5000 }, { ZMQ_TCP_KEEPALIVE, 1 }, { ZMQ_TCP_KEEPALIVE_IDLE, 60 },
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
    return has_keys (connection) ? use_keys (connection, socket, err) : 0;
}

/* The next event of a monitor that reports how a handshake goes; 0 when the time is
 * over. What the connection receives is counted from its beginning. */
static int
next_event (void *monitor, sks_inflow *inflow, sks_deadline deadline)
{
    zmq_pollitem_t item = { .socket = monitor, .events = ZMQ_POLLIN };
    unsigned char bytes[6];
    char address[256];
    while (sks_deadline_left (deadline) > 0) {
        if (zmq_poll (&item, 1, sks_deadline_left (deadline)) <= 0)
            continue;
        if (zmq_recv (monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != (int) sizeof bytes ||
            zmq_recv (monitor, address, sizeof address, ZMQ_DONTWAIT) < 0)
            continue;
        uint16_t event;
        memcpy (&event, bytes, sizeof event);
        if (event != ZMQ_EVENT_CONNECTED)
            return event;
        int32_t fd;
        memcpy (&fd, bytes + sizeof event, sizeof fd);
        sks_inflow_open (inflow, fd);
    }
    return 0;
}

/* The probe has seen who answers; now ZeroMQ has to agree with him. */
static int
await_handshake (sks_connection *connection, void *monitor, const char *endpoint, sks_deadline deadline, sks_error *err)
{
    int event = next_event (monitor, &connection->inflow, deadline);
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        return 0;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        return sks_fail (err, SKS_EAUTH, "%s does not know our key", endpoint);
    if (event && has_keys (connection))
        return sks_fail (err, SKS_EAUTH, "%s hung up over the keys: it has another key than the server key given",
                         endpoint);
    if (event)
        return sks_fail (err, SKS_ECONNECT, "%s hung up before it could be asked", endpoint);
    return sks_fail (err, SKS_EDEADLINE, "%s takes connections but does not answer", endpoint);
}

/* Connect the new socket, watched by a monitor that lives only as long. */
static int
greet (sks_connection *connection, const char *endpoint, const char *address, sks_deadline deadline, sks_error *err)
{
    int rc;
    char name[40];
    void *monitor = zmq_socket (connection->context, ZMQ_PAIR);
    if (!monitor)
        return fail_zmq (err, "cannot make a socket");
    /* A name that was used is free again only when ZeroMQ gets around to it. */
    snprintf (name, sizeof name, "inproc://greeting-%u", ++connection->greetings);
    if (zmq_socket_monitor (connection->socket, name, MONITORED_EVENTS) != 0 || zmq_connect (monitor, name) != 0)
        rc = fail_zmq (err, "cannot watch a socket");
    else if (zmq_connect (connection->socket, address) != 0)
        rc = sks_fail (err, SKS_ECONNECT, "cannot connect to %s: %s", endpoint, zmq_strerror (zmq_errno ()));
    else
        rc = await_handshake (connection, monitor, endpoint, deadline, err);
    zmq_socket_monitor (connection->socket, NULL, 0);
    zmq_close (monitor);
    return rc;
}

static int
attach_to (sks_connection *connection, const sks_endpoint *endpoint, sks_deadline deadline, sks_error *err)
{
    char address[SKS_PROBE_ADDRESS_BYTES];
    if (sks_deadline_left (deadline) == 0)
        return sks_fail (err, SKS_EDEADLINE, "no time left to connect to %s", endpoint->text);
    int rc = sks_connection_check_descriptors (err);
    if (rc == 0)
        rc = sks_probe (endpoint, has_keys (connection), sks_deadline_within (deadline, PROBE_MS), address, err);
    if (rc == 0)
        rc = sks_connection_socket (connection, address, &connection->socket, err);
    if (rc == 0)
        rc = greet (connection, endpoint->text, address, sks_deadline_within (deadline, HANDSHAKE_MS), err);
    if (rc)
        detach (connection);
    return rc;
}

/* Connect to the first endpoint that answers, from the current one on. The
 * failure reported is that of the first one tried. */
static int
attach (sks_connection *connection, sks_deadline deadline, sks_error *err)
{
    size_t count = connection->endpoints.count, first = connection->current;
    int rc = 0;
    for (size_t i = 0; i < count; i++) {
        connection->current = (first + i) % count;
        const sks_endpoint *endpoint = &connection->endpoints.items[connection->current];
        int failed = attach_to (connection, endpoint, deadline, i ? NULL : err);
        if (failed == 0)
            return 0;
        rc = i ? rc : failed;
    }
    connection->current = first;
    if (err && count > 1) {
        sks_error cause = *err;
        sks_fail (err, rc, "none of %zu endpoints can be used; the first: %s", count, cause.text);
    }
    return rc;
}

/* --------------------------------------------------------------- exchange */

enum outcome { READY, LATE, BROKEN, FLOODED };

/* ZMQ_POLLIN and ZMQ_POLLOUT as they stand now. */
static int
socket_events (sks_connection *connection)
{
    int events = 0;
    size_t size = sizeof events;
    while (zmq_getsockopt (connection->socket, ZMQ_EVENTS, &events, &size) != 0 && zmq_errno () == EINTR)
        size = sizeof events;
    return events;
}

/* Sleep until something happens to the socket, or a moment, to look at the
 * inflow. Its descriptor shows changes only, so socket_events is asked again after
 * each. */
static void
await_change (sks_connection *connection, sks_deadline deadline)
{
    int fd = -1;
    size_t size = sizeof fd;
    if (zmq_getsockopt (connection->socket, ZMQ_FD, &fd, &size) != 0)
        return;
    struct pollfd item = { .fd = fd, .events = POLLIN };
    poll (&item, 1, sks_deadline_left (sks_deadline_within (deadline, SKS_INFLOW_LOOK_MS)));
}

static enum outcome
send_request (sks_connection *connection, const sks_call *call)
{
    while (!(socket_events (connection) & ZMQ_POLLOUT)) {
        if (sks_deadline_left (call->deadline) == 0)
            return LATE;
        await_change (connection, call->deadline);
    }
    int sent;
    do
        sent = zmq_send (connection->socket, call->bytes, call->size, ZMQ_DONTWAIT);
    while (sent < 0 && zmq_errno () == EINTR);
    return sent < 0 ? BROKEN : READY;
}

/* One whole message into connection->reply; its last part if it has several, which
 * no daemon of ours sends and no decoder of ours takes for more than it is. */
static bool
receive (sks_connection *connection)
{
    for (;;) {
        int size = zmq_msg_recv (&connection->reply, connection->socket, ZMQ_DONTWAIT);
        if (size < 0 && zmq_errno () == EINTR)
            continue;
        if (size >= 0)
            sks_inflow_take (&connection->inflow, (size_t) size);
        if (size < 0 || !zmq_msg_more (&connection->reply))
            return size >= 0;
    }
}

/* Wait for the reply to the request that was sent. A connection that broke no
 * longer takes anything, and took our request with it. */
static enum outcome
await_reply (sks_connection *connection, const sks_call *call)
{
    zmq_msg_t *reply = &connection->reply;
    for (;;) {
        int events = socket_events (connection);
        bool arrived = events & ZMQ_POLLIN && receive (connection);
        if (arrived && !sks_identity_is_stale (call->id, zmq_msg_data (reply), zmq_msg_size (reply)))
            return READY;
        if (!(events & (ZMQ_POLLIN | ZMQ_POLLOUT)))
            return BROKEN;
        if (sks_inflow_is_over (&connection->inflow))
            return FLOODED;
        if (sks_deadline_left (call->deadline) == 0)
            return LATE;
        if (!(events & ZMQ_POLLIN))
            await_change (connection, call->deadline);
    }
}

static int
fail_outcome (sks_connection *connection, enum outcome outcome, uint32_t timeout_ms, sks_error *err)
{
    const char *endpoint = connection->endpoints.items[connection->current].text;
    sks_connection_move_on (connection);
    if (outcome == LATE)
        return sks_fail (err, SKS_EDEADLINE, "no answer from %s within %" PRIu32 " ms", endpoint, timeout_ms);
    if (outcome == FLOODED)
        return sks_fail (err, SKS_EPROTOCOL, "%s sends more than a reply may have", endpoint);
    return sks_fail (err, SKS_ECONNECT, "%s hung up before it answered", endpoint);
}

int
sks_connection_exchange (sks_connection *connection, const sks_call *call, const char **reply, size_t *size,
                         sks_error *err)
{
    enum outcome outcome = BROKEN;
    for (int sends = 0; outcome == BROKEN && sends < SENDS; sends++) {
        if (connection->socket &&
            (!(socket_events (connection) & ZMQ_POLLOUT) || sks_inflow_has_ended (&connection->inflow)))
            detach (connection);
        int rc = connection->socket ? 0 : attach (connection, call->deadline, err);
        if (rc)
            return rc;
        outcome = send_request (connection, call);
        if (outcome == READY)
            outcome = await_reply (connection, call);
        if (outcome == BROKEN && sends + 1 < SENDS)
            detach (connection);
    }
    if (outcome != READY)
        return fail_outcome (connection, outcome, call->timeout_ms, err);
    *reply = zmq_msg_data (&connection->reply);
    *size = zmq_msg_size (&connection->reply);
    return 0;
}

void
sks_connection_forget (sks_connection *connection)
{
    zmq_msg_close (&connection->reply);
    zmq_msg_init (&connection->reply);
}

/* ------------------------------------------------------------- open, close */
int
sks_connection_open (sks_connection **out, const char *endpoints, const char *server_key, const char *client_key,
                     const sks_deadline *deadline, sks_error *err)
{
    *out = NULL;
    sks_connection *connection = calloc (1, sizeof *connection);
    if (!connection)
        return sks_fail_memory (err);
    zmq_msg_init (&connection->reply);
    connection->inflow = (sks_inflow) SKS_INFLOW_INIT;
    int rc = sks_endpoints_parse (&connection->endpoints, endpoints, err);
    if (rc == 0)
        rc = sks_credentials_read (&connection->keys, server_key, client_key, err);
    if (rc == 0 && !(connection->context = zmq_ctx_new ()))
        rc = fail_zmq (err, "cannot start ZeroMQ");
    if (rc == 0 && deadline)
        rc = attach (connection, *deadline, err);
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
    detach (connection);
    zmq_msg_close (&connection->reply);
    while (connection->context && zmq_ctx_term (connection->context) != 0 && zmq_errno () == EINTR)
        ;
    sks_connection_abandon (connection_p);
}

void
sks_connection_abandon (sks_connection **connection_p)
{
    sks_connection *connection = *connection_p;
    *connection_p = NULL;
    sks_inflow_close (&connection->inflow);
    sks_endpoints_free (&connection->endpoints);
    explicit_bzero (&connection->keys, sizeof connection->keys);
    free (connection);
}

const char *
sks_connection_endpoint (const sks_connection *connection, size_t index)
{
    return connection->endpoints.items[index].text;
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
