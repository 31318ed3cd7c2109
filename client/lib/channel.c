/* channel.c - one DEALER socket, its monitor, and the tickets that wait.
 *
 * ZeroMQ's descriptors show changes only, so both sockets are read until they are
 * empty at each look. A lost connection takes its requests with it: they fail at
 * once, and are not sent again, as their caller may have other plans by then. */
#include "channel.h"

#include "core/wire/wire.h"
#include "inflow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

#define RECONNECT_MS 100
#define WATCHED_EVENTS                                                                                                 \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |                      \
     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED |                  \
     ZMQ_EVENT_CLOSED)

struct ticket {
    uint64_t number;
    sks_deadline deadline;
    long ahead; /* see sks_channel_send */
};

struct sks_channel {
    const sks_connection *connection;
    size_t current; /* the endpoint in use */
    unsigned dials;
    void *socket, *monitor;
    int poll_fd; /* an epoll of both */
    bool connected;
    sks_inflow inflow;
    sks_deadline redial; /* without sockets: when to make new ones */
    int lost;            /* why the connection is not there: a code */
    sks_error reason;    /* its text */
    struct ticket waiting[SKS_MAX_UNDER_WAY];
    size_t count;
};

/* What an sks_reply owns. */
struct held_reply {
    sks_reply reply;
    zmq_msg_t message;
};

/* -------------------------------------------------------------- connecting */
static int
socket_fd (void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    return zmq_getsockopt (socket, ZMQ_FD, &fd, &size) == 0 ? fd : -1;
}

static void
hang_up (sks_channel *channel)
{
    if (channel->socket) {
        zmq_socket_monitor (channel->socket, NULL, 0);
        epoll_ctl (channel->poll_fd, EPOLL_CTL_DEL, socket_fd (channel->socket), NULL);
        zmq_close (channel->socket);
    }
    if (channel->monitor) {
        epoll_ctl (channel->poll_fd, EPOLL_CTL_DEL, socket_fd (channel->monitor), NULL);
        zmq_close (channel->monitor);
    }
    channel->socket = channel->monitor = NULL;
    channel->connected = false;
    sks_inflow_close (&channel->inflow);
}

static int
watch_socket (sks_channel *channel, void *socket, sks_error *err)
{
    struct epoll_event event = { .events = EPOLLIN };
    if (epoll_ctl (channel->poll_fd, EPOLL_CTL_ADD, socket_fd (socket), &event) != 0)
        return sks_fail_errno (err, "cannot watch a socket");
    return 0;
}

static int
start_monitor (sks_channel *channel, sks_error *err)
{
    char name[64];
    snprintf (name, sizeof name, "inproc://channel-%p-%u", (void *) channel, ++channel->dials);
    channel->monitor = zmq_socket (sks_connection_context (channel->connection), ZMQ_PAIR);
    if (!channel->monitor || zmq_socket_monitor (channel->socket, name, WATCHED_EVENTS) != 0 ||
        zmq_connect (channel->monitor, name) != 0)
        return sks_fail (err, SKS_EIO, "cannot watch a socket: %s", zmq_strerror (zmq_errno ()));
    return 0;
}

/* Begin to connect to the current endpoint with new sockets. */
static int
dial (sks_channel *channel, sks_error *err)
{
    const char *endpoint = sks_connection_endpoint (channel->connection, channel->current);
    int reconnect = RECONNECT_MS, unread = SKS_MAX_UNDER_WAY;
    int rc = sks_connection_check_descriptors (err);
    if (rc == 0)
        rc = sks_connection_socket (channel->connection, endpoint, &channel->socket, err);
    if (rc == 0 && (zmq_setsockopt (channel->socket, ZMQ_RECONNECT_IVL, &reconnect, sizeof reconnect) != 0 ||
                    zmq_setsockopt (channel->socket, ZMQ_RECONNECT_IVL_MAX, &reconnect, sizeof reconnect) != 0 ||
                    zmq_setsockopt (channel->socket, ZMQ_RCVHWM, &unread, sizeof unread) != 0))
        rc = sks_fail (err, SKS_EIO, "cannot prepare a socket: %s", zmq_strerror (zmq_errno ()));
    if (rc == 0)
        rc = start_monitor (channel, err);
    if (rc == 0)
        rc = watch_socket (channel, channel->socket, err);
    if (rc == 0)
        rc = watch_socket (channel, channel->monitor, err);
    if (rc == 0 && zmq_connect (channel->socket, endpoint) != 0)
        rc = sks_fail (err, SKS_ECONNECT, "cannot connect to %s: %s", endpoint, zmq_strerror (zmq_errno ()));
    if (rc)
        hang_up (channel);
    return rc;
}

int
sks_channel_open (sks_channel **out, const sks_connection *connection, sks_error *err)
{
    *out = NULL;
    sks_channel *channel = calloc (1, sizeof *channel);
    if (!channel)
        return sks_fail_memory (err);
    channel->connection = connection;
    channel->poll_fd = -1;
    channel->inflow = (sks_inflow) SKS_INFLOW_INIT;
    channel->lost =
        sks_fail (&channel->reason, SKS_ECONNECT, "not connected to %s yet", sks_connection_endpoint (connection, 0));
    channel->poll_fd = epoll_create1 (EPOLL_CLOEXEC);
    int rc = channel->poll_fd < 0 ? sks_fail_errno (err, "cannot watch sockets") : dial (channel, err);
    if (rc)
        sks_channel_close (&channel);
    *out = channel;
    return rc;
}

void
sks_channel_close (sks_channel **channel_p)
{
    if (!channel_p || !*channel_p)
        return;
    hang_up (*channel_p);
    if ((*channel_p)->poll_fd >= 0)
        close ((*channel_p)->poll_fd);
    free (*channel_p);
    *channel_p = NULL;
}

/* ------------------------------------------------------------ the monitor */

/* The connection is gone or was refused. With several endpoints the next one is
 * tried a moment later; with one, ZeroMQ goes on trying. */
static void
lose (sks_channel *channel, int code, const char *how)
{
    channel->connected = false;
    sks_inflow_close (&channel->inflow);
    const char *endpoint = sks_connection_endpoint (channel->connection, channel->current);
    channel->lost = sks_fail (&channel->reason, code, "%s %s", endpoint, how);
    size_t count = sks_connection_endpoints (channel->connection);
    if (count == 1 && code == SKS_ECONNECT)
        return;
    channel->current = (channel->current + 1) % count;
    hang_up (channel);
    channel->redial = sks_deadline_after (RECONNECT_MS);
}

static void
redial (sks_channel *channel)
{
    sks_error err;
    if (channel->socket || sks_deadline_left (channel->redial) > 0)
        return;
    if (dial (channel, &err) != 0)
        channel->lost = sks_fail (&channel->reason, err.code, "%s", err.text);
    channel->redial = sks_deadline_after (RECONNECT_MS);
}

/* One event, with its number in *value. False when there is none. */
static bool
read_event (sks_channel *channel, int *event, int32_t *value)
{
    unsigned char bytes[6];
    char address[256];
    if (!channel->monitor || zmq_recv (channel->monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != (int) sizeof bytes)
        return false;
    zmq_recv (channel->monitor, address, sizeof address, ZMQ_DONTWAIT);
    uint16_t number;
    memcpy (&number, bytes, sizeof number);
    memcpy (value, bytes + sizeof number, sizeof *value);
    *event = number;
    return true;
}

static void
take_events (sks_channel *channel)
{
    int event;
    int32_t value;
    redial (channel);
    while (read_event (channel, &event, &value)) {
        if (event == ZMQ_EVENT_CONNECTED)
            sks_inflow_open (&channel->inflow, value);
        else if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            channel->connected = true;
        else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            lose (channel, SKS_EAUTH, "does not know our key");
        else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
            lose (channel, SKS_EAUTH, "hung up over the keys, or speaks another protocol");
        else if (channel->connected)
            lose (channel, SKS_ECONNECT, "hung up before it answered");
        else if (channel->lost != SKS_EAUTH)
            lose (channel, SKS_ECONNECT, "does not answer: is skillsearchd running there?");
    }
}

/* ------------------------------------------------------------------ tickets */
static const struct ticket *
find_ticket (const sks_channel *channel, uint64_t number)
{
    for (size_t i = 0; i < channel->count; i++)
        if (channel->waiting[i].number == number)
            return &channel->waiting[i];
    return NULL;
}

static void
remove_ticket (sks_channel *channel, const struct ticket *ticket)
{
    channel->waiting[ticket - channel->waiting] = channel->waiting[--channel->count];
}

static const struct ticket *
first_ticket (const sks_channel *channel)
{
    const struct ticket *first = channel->count ? channel->waiting : NULL;
    for (size_t i = 1; i < channel->count; i++)
        if (channel->waiting[i].deadline < first->deadline)
            first = &channel->waiting[i];
    return first;
}

void
sks_channel_cancel (sks_channel *channel, uint64_t number)
{
    const struct ticket *ticket = find_ticket (channel, number);
    if (ticket)
        remove_ticket (channel, ticket);
}

/* --------------------------------------------------------------------- send */
int
sks_channel_send (sks_channel *channel, uint64_t ticket, const char *bytes, size_t size, long ahead,
                  sks_deadline deadline, sks_error *err)
{
    int sent;
    take_events (channel);
    if (channel->count == SKS_MAX_UNDER_WAY)
        return sks_fail (err, SKS_EBUSY, "%d requests are under way", SKS_MAX_UNDER_WAY);
    if (!channel->connected)
        return sks_fail (err, channel->lost, "%s", channel->reason.text);
    do
        sent = zmq_send (channel->socket, bytes, size, ZMQ_DONTWAIT);
    while (sent < 0 && zmq_errno () == EINTR);
    if (sent < 0 && zmq_errno () == EAGAIN)
        return sks_fail (err, SKS_EBUSY, "%s does not take requests",
                         sks_connection_endpoint (channel->connection, channel->current));
    if (sent < 0)
        return sks_fail (err, SKS_EIO, "cannot send: %s", zmq_strerror (zmq_errno ()));
    channel->waiting[channel->count++] = (struct ticket) { ticket, deadline, ahead };
    return 0;
}

/* ------------------------------------------------------------------ receive */

/* A reply without bytes that fails a ticket. */
static int
fail_ticket (sks_channel *channel, const struct ticket *ticket, const sks_error *reason, sks_reply **out,
             sks_error *err)
{
    struct held_reply *held = calloc (1, sizeof *held);
    if (!held)
        return sks_fail_memory (err);
    zmq_msg_init (&held->message);
    held->reply.ticket = ticket->number;
    held->reply.code = reason->code;
    held->reply.error = *reason;
    held->reply.memory = held;
    remove_ticket (channel, ticket);
    *out = &held->reply;
    return 0;
}

/* The number between the quotes of our ids; 0 for other ids. */
static uint64_t
read_number (sks_identity id)
{
    uint64_t number = 0;
    for (size_t i = 0; i < id.size && i < 19; i++) {
        if (id.bytes[i] < '0' || id.bytes[i] > '9')
            return 0;
        number = number * 10 + (uint64_t) (id.bytes[i] - '0');
    }
    return number;
}

/* Where the members after "v" and "id" begin: the comma in front of them; NULL
 * when a reply does not begin as the daemon writes it. */
static char *
skip_frame (char *bytes, size_t size, sks_identity id)
{
    static const char head[] = "{\"v\":1,\"id\":\"";
    size_t length = sizeof head - 1;
    const char *end = id.bytes + id.size + 1;
    if (size < length || memcmp (bytes, head, length) != 0 || id.bytes != bytes + length ||
        (size_t) (end - bytes) >= size || *end != ',')
        return NULL;
    return bytes + (end - bytes);
}

/* The place of an error in the bytes that were sent becomes one in those that the caller
 * gave. Other places are in a member, which the text names with a pointer, or in q. */
static void
move_place (sks_error *error, long ahead)
{
    if ((error->code == SKS_EBADREQUEST || error->code == SKS_ELIMIT) && *error->text != '/' && error->at >= 0)
        error->at = error->at > ahead ? error->at - ahead : 0;
}

/* Read what a reply says of itself; most begin with "ok":true and are not parsed. */
static void
judge (sks_reply *reply, char *bytes, size_t size, sks_identity id)
{
    static const char fine[] = ",\"ok\":true";
    char *rest = skip_frame (bytes, size, id);
    if (!rest) {
        reply->code = sks_fail (&reply->error, SKS_EPROTOCOL, "a reply does not begin with v and id");
        return;
    }
    size_t left = size - (size_t) (rest - bytes);
    if (left < sizeof fine || memcmp (rest, fine, sizeof fine - 1) != 0)
        reply->code = sks_reply_decode_status (bytes, size, &reply->error);
    *rest = '{';
    reply->json = rest;
    reply->size = left;
}

/* Make a reply of the message, which becomes empty. *out stays NULL when nobody
 * waits for it. */
static int
deliver (sks_channel *channel, zmq_msg_t *message, sks_reply **out, sks_error *err)
{
    char *bytes = zmq_msg_data (message);
    size_t size = zmq_msg_size (message);
    sks_identity id = sks_identity_find (bytes, size);
    if (!id.bytes) {
        int code = sks_reply_decode_status (bytes, size, NULL);
        if (code == SKS_EAUTH)
            lose (channel, code, "does not know our key any more");
        return 0;
    }
    const struct ticket *ticket = find_ticket (channel, read_number (id));
    if (!ticket)
        return 0;
    struct held_reply *held = calloc (1, sizeof *held);
    if (!held)
        return sks_fail_memory (err);
    zmq_msg_init (&held->message);
    zmq_msg_move (&held->message, message);
    /* Small messages lie inside zmq_msg_t, so look again. */
    char *moved = zmq_msg_data (&held->message);
    if (moved != bytes)
        id.bytes = moved + (id.bytes - bytes);
    held->reply.ticket = ticket->number;
    held->reply.memory = held;
    judge (&held->reply, moved, size, id);
    move_place (&held->reply.error, ticket->ahead);
    remove_ticket (channel, ticket);
    *out = &held->reply;
    return 0;
}

int
sks_channel_receive (sks_channel *channel, sks_reply **out, sks_error *err)
{
    int rc = 0;
    *out = NULL;
    while (rc == 0 && !*out && channel->socket) {
        zmq_msg_t message;
        zmq_msg_init (&message);
        int size = zmq_msg_recv (&message, channel->socket, ZMQ_DONTWAIT);
        int failure = zmq_errno ();
        if (size >= 0) {
            sks_inflow_take (&channel->inflow, (size_t) size);
            rc = deliver (channel, &message, out, err);
        }
        zmq_msg_close (&message);
        if (size < 0 && failure != EINTR)
            break;
    }
    if (rc || *out)
        return rc;
    take_events (channel);
    if (channel->connected && sks_inflow_is_over (&channel->inflow))
        lose (channel, SKS_EPROTOCOL, "sends more than a reply may have");
    const struct ticket *first = first_ticket (channel);
    if (!first)
        return 0;
    if (!channel->connected)
        return fail_ticket (channel, first, &channel->reason, out, err);
    if (sks_deadline_left (first->deadline) > 0)
        return 0;
    sks_error late;
    sks_fail (&late, SKS_EDEADLINE, "no answer from %s in time",
              sks_connection_endpoint (channel->connection, channel->current));
    return fail_ticket (channel, first, &late, out, err);
}

int
sks_channel_fd (const sks_channel *channel)
{
    return channel->poll_fd;
}

int
sks_channel_next_timeout (const sks_channel *channel)
{
    const struct ticket *first = first_ticket (channel);
    int left = first ? sks_deadline_left (first->deadline) : -1;
    int until = channel->socket ? left : sks_deadline_left (channel->redial);
    return left < 0 || until < left ? until : left;
}

/* ---------------------------------------------------------------- the reply */
void
sks_reply_destroy (sks_reply **reply_p)
{
    if (!reply_p || !*reply_p)
        return;
    struct held_reply *held = (*reply_p)->memory;
    *reply_p = NULL;
    zmq_msg_close (&held->message);
    free (held);
}
