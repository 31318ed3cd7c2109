/* client.c - libskillsearch: asks a daemon, and the only door to ZeroMQ here.
 *
 * A client has one DEALER socket, connected to one endpoint of its list. Every
 * request carries an id of ours; a reply with another id belongs to a request
 * that was given up and is skipped. All operations only read, so a request
 * whose connection broke is sent again, once.
 *
 * A socket is put away after a time-out: what still comes for it finds nobody,
 * and the next call starts at the next endpoint. As long as a socket lives,
 * reconnecting is ZeroMQ's. Nothing here touches signals, prints or logs. */
#include "../core/wire.h"
#include "credentials.h"
#include "endpoint.h"
#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define DEFAULT_TIMEOUT_MS 5000
#define PROBE_MS 2000      /* one endpoint, to see who answers */
#define HANDSHAKE_MS 2000  /* then, until ZeroMQ is connected to it */
#define SPARE_DESCRIPTORS 32
#define SENDS 2            /* of one request, when its connection breaks */

#define MONITORED_EVENTS                                                                          \
    (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL                         \
     | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED)

struct sks_client {
    sks_endpoints endpoints;
    sks_credentials keys;
    size_t current;        /* the endpoint in use, or the first to try */
    void *context;
    void *socket;          /* NULL: not connected */
    uint32_t timeout_ms;
    uint64_t requests;     /* the last one's id */
    unsigned greetings;    /* sockets that were connected so far */
    sks_buffer request;    /* bytes of the request under way */
};

/* ------------------------------------------------------------- connection */

/* libzmq aborts the whole process when it finds no descriptor for its own use.
 * So take what it may need, and give it back. */
static int
check_descriptors (sks_error *err)
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
detach (sks_client *client)
{
    if (client->socket)
        zmq_close (client->socket);
    client->socket = NULL;
}

/* The next attach starts at the next endpoint. */
static void
move_on (sks_client *client)
{
    detach (client);
    client->current = (client->current + 1) % client->endpoints.count;
}

static bool
has_keys (const sks_client *client)
{
    return *client->keys.server_key;
}

/* The option that comes first makes the socket a CURVE client. */
static int
use_keys (sks_client *client, sks_error *err)
{
    const sks_credentials *keys = &client->keys;
    const struct {
        int option;
        const char *key;
    } options[] = {
        { ZMQ_CURVE_SERVERKEY, keys->server_key },
        { ZMQ_CURVE_PUBLICKEY, keys->own.public_key },
        { ZMQ_CURVE_SECRETKEY, keys->own.secret_key },
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (zmq_setsockopt (client->socket, options[i].option, options[i].key,
                            SKS_CERTIFICATE_KEY_BYTES) != 0)
            return sks_fail (err, SKS_EINVALID, "the keys cannot be used: %s", zmq_strerror (zmq_errno ()));
    return 0;
}

static int
create_socket (sks_client *client, const char *address, sks_error *err)
{
    static const struct {
        int option, value;
    } options[] = {
        { ZMQ_LINGER, 0 },
        { ZMQ_IMMEDIATE, 1 },
        { ZMQ_RECONNECT_IVL_MAX, 5000 },
        { ZMQ_TCP_KEEPALIVE, 1 },
        { ZMQ_TCP_KEEPALIVE_IDLE, 60 },
    };
    int64_t most = SKS_MAX_REPLY_BYTES;
    int six = strchr (address, '[') != NULL;
    client->socket = zmq_socket (client->context, ZMQ_DEALER);
    if (!client->socket)
        return fail_zmq (err, "cannot make a socket");
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (zmq_setsockopt (client->socket, options[i].option, &options[i].value, sizeof (int)) != 0)
            return fail_zmq (err, "cannot prepare a socket");
    if (zmq_setsockopt (client->socket, ZMQ_MAXMSGSIZE, &most, sizeof most) != 0
        || zmq_setsockopt (client->socket, ZMQ_IPV6, &six, sizeof six) != 0)
        return fail_zmq (err, "cannot prepare a socket");
    return has_keys (client) ? use_keys (client, err) : 0;
}

/* The next event of a monitor; 0 when the time is over. */
static int
next_event (void *monitor, sks_deadline deadline)
{
    zmq_pollitem_t item = { .socket = monitor, .events = ZMQ_POLLIN };
    unsigned char bytes[6];
    char address[256];
    while (sks_deadline_left (deadline) > 0) {
        if (zmq_poll (&item, 1, sks_deadline_left (deadline)) <= 0)
            continue;
        if (zmq_recv (monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != (int) sizeof bytes
            || zmq_recv (monitor, address, sizeof address, ZMQ_DONTWAIT) < 0)
            continue;
        uint16_t event;
        memcpy (&event, bytes, sizeof event);
        return event;
    }
    return 0;
}

/* The probe has seen who answers; now ZeroMQ has to agree with him. */
static int
await_handshake (void *monitor, bool keys, const char *endpoint, sks_deadline deadline, sks_error *err)
{
    int event = next_event (monitor, deadline);
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        return 0;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        return sks_fail (err, SKS_EAUTH, "%s does not know our key", endpoint);
    if (event && keys)
        return sks_fail (err, SKS_EAUTH,
                         "%s hung up over the keys: it has another key than the server key given", endpoint);
    return sks_fail (err, SKS_ECONNECT, "%s %s before it could be asked", endpoint,
                     event ? "hung up" : "fell silent");
}

/* Connect the new socket, watched by a monitor that lives only as long. */
static int
greet (sks_client *client, const char *endpoint, const char *address, sks_deadline deadline, sks_error *err)
{
    int rc;
    char name[40];
    void *monitor = zmq_socket (client->context, ZMQ_PAIR);
    if (!monitor)
        return fail_zmq (err, "cannot make a socket");
    /* A name that was used is free again only when ZeroMQ gets around to it. */
    snprintf (name, sizeof name, "inproc://greeting-%u", ++client->greetings);
    if (zmq_socket_monitor (client->socket, name, MONITORED_EVENTS) != 0 || zmq_connect (monitor, name) != 0)
        rc = fail_zmq (err, "cannot watch a socket");
    else if (zmq_connect (client->socket, address) != 0)
        rc = sks_fail (err, SKS_ECONNECT, "cannot connect to %s: %s", endpoint, zmq_strerror (zmq_errno ()));
    else
        rc = await_handshake (monitor, has_keys (client), endpoint, deadline, err);
    zmq_socket_monitor (client->socket, NULL, 0);
    zmq_close (monitor);
    return rc;
}

static int
attach_to (sks_client *client, const sks_endpoint *endpoint, sks_deadline deadline, sks_error *err)
{
    char address[SKS_ENDPOINT_BYTES];
    if (sks_deadline_left (deadline) == 0)
        return sks_fail (err, SKS_EDEADLINE, "no time left to connect to %s", endpoint->text);
    int rc = check_descriptors (err);
    if (rc == 0)
        rc = sks_endpoint_probe (endpoint, has_keys (client), sks_deadline_within (deadline, PROBE_MS),
                                 address, err);
    if (rc == 0)
        rc = create_socket (client, address, err);
    if (rc == 0)
        rc = greet (client, endpoint->text, address, sks_deadline_within (deadline, HANDSHAKE_MS), err);
    if (rc)
        detach (client);
    return rc;
}

/* Connect to the first endpoint that answers, from the current one on. The
 * failure told is that of the first one tried. */
static int
attach (sks_client *client, sks_deadline deadline, sks_error *err)
{
    size_t count = client->endpoints.count, first = client->current;
    int rc = 0;
    for (size_t i = 0; i < count; i++) {
        client->current = (first + i) % count;
        int failed = attach_to (client, &client->endpoints.items[client->current], deadline, i ? NULL : err);
        if (failed == 0)
            return 0;
        rc = i ? rc : failed;
    }
    client->current = first;
    if (err && count > 1) {
        sks_error cause = *err;
        sks_fail (err, rc, "none of %zu endpoints can be used; the first: %s", count, cause.text);
    }
    return rc;
}

/* --------------------------------------------------------------- exchange */

enum outcome { READY, LATE, BROKEN };

/* ZMQ_POLLIN and ZMQ_POLLOUT as they stand now. */
static int
socket_events (sks_client *client)
{
    int events = 0;
    size_t size = sizeof events;
    while (zmq_getsockopt (client->socket, ZMQ_EVENTS, &events, &size) != 0 && zmq_errno () == EINTR)
        size = sizeof events;
    return events;
}

/* Sleep until something happens to the socket. Its descriptor tells changes
 * only, so socket_events is asked again after each. */
static void
await_change (sks_client *client, sks_deadline deadline)
{
    int fd = -1;
    size_t size = sizeof fd;
    if (zmq_getsockopt (client->socket, ZMQ_FD, &fd, &size) != 0)
        return;
    struct pollfd item = { .fd = fd, .events = POLLIN };
    poll (&item, 1, sks_deadline_left (deadline));
}

static enum outcome
send_request (sks_client *client, sks_deadline deadline)
{
    const sks_buffer *request = &client->request;
    while (!(socket_events (client) & ZMQ_POLLOUT)) {
        if (sks_deadline_left (deadline) == 0)
            return LATE;
        await_change (client, deadline);
    }
    int sent;
    do
        sent = zmq_send (client->socket, request->bytes, request->size, ZMQ_DONTWAIT);
    while (sent < 0 && zmq_errno () == EINTR);
    return sent < 0 ? BROKEN : READY;
}

/* One whole message into *reply; its last part if it has several, which
 * no daemon of ours sends and no decoder of ours takes for more than it is. */
static bool
receive (sks_client *client, zmq_msg_t *reply)
{
    for (;;) {
        int size = zmq_msg_recv (reply, client->socket, ZMQ_DONTWAIT);
        if (size < 0 && zmq_errno () == EINTR)
            continue;
        if (size < 0 || !zmq_msg_more (reply))
            return size >= 0;
    }
}

/* Wait for the reply to the request that was sent. A connection that broke no
 * longer takes anything, and took our request with it. */
static enum outcome
await_reply (sks_client *client, sks_identity id, sks_deadline deadline, zmq_msg_t *reply)
{
    for (;;) {
        int events = socket_events (client);
        if (events & ZMQ_POLLIN) {
            if (!receive (client, reply))
                continue;
            if (!sks_identity_is_stale (id, zmq_msg_data (reply), zmq_msg_size (reply)))
                return READY;
            continue;
        }
        if (!(events & ZMQ_POLLOUT))
            return BROKEN;
        if (sks_deadline_left (deadline) == 0)
            return LATE;
        await_change (client, deadline);
    }
}

static int
fail_outcome (sks_client *client, enum outcome outcome, sks_error *err)
{
    const char *endpoint = client->endpoints.items[client->current].text;
    move_on (client);
    if (outcome == LATE)
        return sks_fail (err, SKS_EDEADLINE, "no answer from %s within %" PRIu32 " ms", endpoint,
                         client->timeout_ms);
    return sks_fail (err, SKS_ECONNECT, "%s hung up before it answered", endpoint);
}

/* Send client->request and wait for its reply.
 *   *reply   is initialised by the caller, who closes it in any case. */
static int
exchange (sks_client *client, sks_identity id, sks_deadline deadline, zmq_msg_t *reply, sks_error *err)
{
    enum outcome outcome = BROKEN;
    for (int sends = 0; outcome == BROKEN && sends < SENDS; sends++) {
        if (client->socket && !(socket_events (client) & ZMQ_POLLOUT))
            detach (client);
        int rc = client->socket ? 0 : attach (client, deadline, err);
        if (rc)
            return rc;
        outcome = send_request (client, deadline);
        if (outcome == READY)
            outcome = await_reply (client, id, deadline, reply);
        if (outcome == BROKEN && sends + 1 < SENDS)
            detach (client);
    }
    return outcome == READY ? 0 : fail_outcome (client, outcome, err);
}

static int
decode (zmq_msg_t *reply, sks_result **out, sks_error *err)
{
    const char *bytes = zmq_msg_data (reply);
    size_t size = zmq_msg_size (reply);
    return out ? sks_reply_decode_result (out, bytes, size, err) : sks_reply_decode_status (bytes, size, err);
}

/* Encode the request, send it, decode its reply. A daemon that is too busy or
 * about to stop is no reason to fail while another one may answer.
 *   out   NULL when only the status is wanted. */
static int
ask (sks_client *client, sks_request *request, sks_result **out, sks_error *err)
{
    char id[24];
    sks_deadline deadline = sks_deadline_after (client->timeout_ms);
    snprintf (id, sizeof id, "%" PRIu64, ++client->requests);
    request->id = id;
    sks_buffer_clear (&client->request);
    int rc = sks_request_encode (request, &client->request, err);
    for (size_t tries = 1; rc == 0; tries++) {
        zmq_msg_t reply;
        zmq_msg_init (&reply);
        rc = exchange (client, (sks_identity) { id, strlen (id) }, deadline, &reply, err);
        if (rc == 0)
            rc = decode (&reply, out, err);
        zmq_msg_close (&reply);
        if ((rc != SKS_EBUSY && rc != SKS_ESHUTTINGDOWN) || tries >= client->endpoints.count)
            return rc;
        move_on (client);
        rc = 0;
    }
    return rc;
}

/* ------------------------------------------------------------ public calls */

int
sks_client_open (sks_client **out, const char *endpoint, sks_error *err)
{
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    options.endpoint = endpoint;
    return sks_client_open_with (out, &options, err);
}

int
sks_client_open_with (sks_client **out, const sks_client_options *options, sks_error *err)
{
    const char *endpoint = options->endpoint;
    *out = NULL;
    if (!endpoint)
        endpoint = getenv ("SKILLSEARCH_ENDPOINT");
    if (!endpoint || !*endpoint)
        endpoint = SKS_DEFAULT_ENDPOINT;
    sks_client *client = calloc (1, sizeof *client);
    if (!client)
        return sks_fail_memory (err);
    client->timeout_ms = DEFAULT_TIMEOUT_MS;
    client->request = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    int rc = sks_endpoints_parse (&client->endpoints, endpoint, err);
    if (rc == 0)
        rc = sks_credentials_read (&client->keys, options->server_key, options->client_key, err);
    if (rc == 0 && !(client->context = zmq_ctx_new ()))
        rc = fail_zmq (err, "cannot start ZeroMQ");
    if (rc == 0)
        rc = attach (client, sks_deadline_after (DEFAULT_TIMEOUT_MS), err);
    if (rc)
        sks_client_close (&client);
    *out = client;
    return rc;
}

void
sks_client_close (sks_client **client_p)
{
    if (!client_p || !*client_p)
        return;
    sks_client *client = *client_p;
    *client_p = NULL;
    detach (client);
    while (client->context && zmq_ctx_term (client->context) != 0 && zmq_errno () == EINTR)
        ;
    sks_buffer_free (&client->request);
    sks_endpoints_free (&client->endpoints);
    explicit_bzero (&client->keys, sizeof client->keys);
    free (client);
}

void
sks_client_set_timeout (sks_client *client, uint32_t timeout_ms)
{
    client->timeout_ms = timeout_ms;
}

int
sks_client_search (sks_client *client, const sks_query *query, sks_result **out, sks_error *err)
{
    *out = NULL;
    sks_request request = { .op = SKS_OP_SEARCH, .query = *query, .deadline_ms = query->deadline_ms };
    return ask (client, &request, out, err);
}

int
sks_client_get (sks_client *client, const char *const *ids, size_t count, sks_result **out, sks_error *err)
{
    *out = NULL;
    if (count < 1 || count > SKS_MAX_IDS)
        return sks_fail (err, SKS_ELIMIT, "1 to %d ids at a time", SKS_MAX_IDS);
    sks_request request = { .op = SKS_OP_GET, .query = SKS_QUERY_INIT, .ids = ids, .id_count = count };
    return ask (client, &request, out, err);
}

int
sks_client_ping (sks_client *client, uint64_t *took_us, sks_error *err)
{
    struct timespec before, after;
    sks_request request = { .op = SKS_OP_HEALTH, .query = SKS_QUERY_INIT };
    clock_gettime (CLOCK_MONOTONIC, &before);
    int rc = ask (client, &request, NULL, err);
    clock_gettime (CLOCK_MONOTONIC, &after);
    if (took_us)
        *took_us = (uint64_t) (after.tv_sec - before.tv_sec) * 1000000
                   + (uint64_t) ((after.tv_nsec - before.tv_nsec) / 1000);
    return rc;
}

/* Copies the reply, with a NUL at its end. */
static int
copy_reply (zmq_msg_t *message, char **out, sks_error *err)
{
    sks_error refusal;
    int rc = decode (message, NULL, &refusal);
    if (rc == SKS_EPROTOCOL || rc == SKS_ENOMEM)
        return sks_fail (err, rc, "%s", refusal.text);
    size_t size = zmq_msg_size (message);
    *out = malloc (size + 1);
    if (!*out)
        return sks_fail_memory (err);
    memcpy (*out, zmq_msg_data (message), size);
    (*out)[size] = '\0';
    return 0;
}

int
sks_client_call (sks_client *client, const char *request, char **reply, sks_error *err)
{
    *reply = NULL;
    size_t size = strlen (request);
    if (size > SKS_MAX_REQUEST_BYTES)
        return sks_fail (err, SKS_ELIMIT, "the request has %zu bytes; at most %d", size,
                         SKS_MAX_REQUEST_BYTES);
    sks_buffer_clear (&client->request);
    sks_buffer_add (&client->request, request, size);
    int rc = sks_buffer_status (&client->request, err);
    if (rc)
        return rc;
    zmq_msg_t message;
    zmq_msg_init (&message);
    sks_identity id = sks_identity_find (request, size);
    rc = exchange (client, id, sks_deadline_after (client->timeout_ms), &message, err);
    if (rc == 0)
        rc = copy_reply (&message, reply, err);
    zmq_msg_close (&message);
    return rc;
}

void
sks_free (void *memory)
{
    free (memory);
}

const char *
sks_version (void)
{
    return SKS_VERSION;
}
