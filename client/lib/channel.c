/* channel.c - one DEALER socket, its monitor, and the tickets that wait.
 *
 * ZeroMQ's descriptors are edge-triggered, so both sockets are read until they are empty each time. When a
 * connection is lost, its requests fail at once. The caller decides whether to send them again. */
#include "channel.h"

#include "core/wire/wire.h"
#include "inflow.h"
#include "probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

#define RECONNECT_MS 100
#define UNREAD_REPLIES 4 /* that ZeroMQ may queue for single calls; each may have SKS_MAX_REPLY_BYTES */
#define WATCHED_EVENTS                                                                                                 \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |                      \
     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED |                  \
     ZMQ_EVENT_CLOSED)

struct sks_channel {
    const sks_connection *connection;
    size_t endpoint;
    bool single; /* see sks_channel_open */
    unsigned dials, losses;
    void *socket, *monitor;
    int poll_fd; /* an epoll of both */
    bool connected;
    bool happened; /* an event was read and not used yet: */
    int event;
    int32_t value;
    sks_inflow inflow;
    bool idle;           /* a connection ended; ZeroMQ may make no new one */
    sks_deadline redial; /* when to create new sockets, if there are none or `idle` */
    int lost;            /* why there is no connection: a code */
    sks_error reason;    /* its text */
    sks_tickets tickets; /* that wait; their losses are those of the channel when they were sent */
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

static const char *
endpoint_text (const sks_channel *channel)
{
    return sks_connection_endpoint (channel->connection, channel->endpoint)->text;
}

void
sks_channel_hang_up (sks_channel *channel)
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
    channel->connected = channel->happened = channel->idle = false;
    if (channel->single) {
        channel->tickets.count = 0;
        channel->lost = sks_fail (&channel->reason, SKS_ECONNECT, "not connected to %s", endpoint_text (channel));
    }
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

/* Begin to connect with new sockets. For single calls ZeroMQ does not reconnect: their owner does, which has checked
 * for free descriptors before its probe, and has a deadline for the handshake. */
static int
dial (sks_channel *channel, const char *address, sks_error *err)
{
    int reconnect = channel->single ? -1 : RECONNECT_MS, unread = channel->single ? UNREAD_REPLIES : SKS_MAX_UNDER_WAY;
    int none = 0;
    int rc = channel->single ? 0 : sks_connection_check_descriptors (err);
    if (rc == 0)
        rc = sks_connection_socket (channel->connection, address, &channel->socket, err);
    if (rc == 0 && (zmq_setsockopt (channel->socket, ZMQ_RECONNECT_IVL, &reconnect, sizeof reconnect) != 0 ||
                    zmq_setsockopt (channel->socket, ZMQ_RCVHWM, &unread, sizeof unread) != 0 ||
                    (channel->single && zmq_setsockopt (channel->socket, ZMQ_HANDSHAKE_IVL, &none, sizeof none) != 0)))
        rc = sks_fail (err, SKS_EIO, "cannot prepare a socket: %s", zmq_strerror (zmq_errno ()));
    if (rc == 0)
        rc = start_monitor (channel, err);
    if (rc == 0)
        rc = watch_socket (channel, channel->socket, err);
    if (rc == 0)
        rc = watch_socket (channel, channel->monitor, err);
    if (rc == 0 && zmq_connect (channel->socket, address) != 0)
        rc = sks_fail (err, SKS_ECONNECT, "cannot connect to %s: %s", endpoint_text (channel),
                       zmq_strerror (zmq_errno ()));
    if (rc)
        sks_channel_hang_up (channel);
    return rc;
}

int
sks_channel_open (sks_channel **out, const sks_connection *connection, size_t endpoint, bool single, sks_error *err)
{
    *out = NULL;
    sks_channel *channel = calloc (1, sizeof *channel);
    if (!channel)
        return sks_fail_memory (err);
    channel->connection = connection;
    channel->endpoint = endpoint;
    channel->single = single;
    channel->poll_fd = -1;
    channel->inflow = (sks_inflow) SKS_INFLOW_INIT;
    channel->lost = sks_fail (&channel->reason, SKS_ECONNECT, "not connected to %s yet", endpoint_text (channel));
    channel->poll_fd = epoll_create1 (EPOLL_CLOEXEC);
    int rc = channel->poll_fd < 0 ? sks_fail_errno (err, "cannot watch sockets") : 0;
    if (rc == 0 && !single)
        rc = dial (channel, endpoint_text (channel), err);
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
    sks_channel_hang_up (*channel_p);
    sks_channel_abandon (channel_p);
}

void
sks_channel_abandon (sks_channel **channel_p)
{
    if (!*channel_p)
        return;
    sks_inflow_close (&(*channel_p)->inflow);
    if ((*channel_p)->poll_fd >= 0)
        close ((*channel_p)->poll_fd);
    free (*channel_p);
    *channel_p = NULL;
}

/* ------------------------------------------------------------ the monitor */

/* The connection is lost or was refused; a refused key stays the reason until there is a connection. ZeroMQ keeps
 * trying, except after a refused key or an error of the protocol, such as a message that is too large. For a single
 * call, its caller tries again. */
static void
lose (sks_channel *channel, int code, const char *how)
{
    bool refused = !channel->single && channel->lost == SKS_EAUTH && code == SKS_ECONNECT;
    channel->connected = false;
    channel->losses++;
    sks_inflow_close (&channel->inflow);
    if (!refused)
        channel->lost = sks_fail (&channel->reason, code, "%s %s", endpoint_text (channel), how);
    channel->redial = sks_deadline_after (RECONNECT_MS);
    if (!channel->single && code != SKS_ECONNECT)
        sks_channel_hang_up (channel);
}

/* Whether new sockets are needed, now or soon. */
static bool
wants_sockets (const sks_channel *channel)
{
    return !channel->single && (!channel->socket || channel->idle);
}

static void
redial (sks_channel *channel)
{
    sks_error err;
    if (!wants_sockets (channel) || sks_deadline_left (channel->redial) > 0)
        return;
    sks_channel_hang_up (channel);
    if (dial (channel, endpoint_text (channel), &err) != 0)
        channel->lost = sks_fail (&channel->reason, err.code, "%s", err.text);
    channel->redial = sks_deadline_after (RECONNECT_MS);
}

/* Read an event, unless there is one already. */
static bool
read_event (sks_channel *channel)
{
    unsigned char bytes[6];
    char address[256];
    if (channel->happened)
        return true;
    redial (channel);
    if (!channel->monitor || zmq_recv (channel->monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != (int) sizeof bytes)
        return false;
    zmq_recv (channel->monitor, address, sizeof address, ZMQ_DONTWAIT);
    uint16_t number;
    memcpy (&number, bytes, sizeof number);
    memcpy (&channel->value, bytes + sizeof number, sizeof channel->value);
    channel->event = number;
    return channel->happened = true;
}

static void
use_event (sks_channel *channel)
{
    int event = channel->event;
    channel->happened = false;
    channel->idle = event != ZMQ_EVENT_CONNECTED && event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED && event != ZMQ_EVENT_CLOSED;
    if (event == ZMQ_EVENT_CONNECTED)
        sks_inflow_open (&channel->inflow, channel->value);
    else if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
        channel->connected = true;
        channel->lost = 0;
    } else if (channel->single && channel->lost)
        return; /* the first cause counts */
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        lose (channel, SKS_EAUTH, "does not know our key");
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL && !channel->single)
        lose (channel, SKS_EAUTH, "closed the connection: the keys do not match, or it is not a ZeroMQ server");
    else if (channel->connected)
        lose (channel, SKS_ECONNECT, "closed the connection before it answered");
    else if (channel->single && event != ZMQ_EVENT_CLOSED && sks_connection_has_keys (channel->connection))
        lose (channel, SKS_EAUTH, "closed the connection: the server key given is not this daemon's key");
    else if (channel->single)
        lose (channel, SKS_ECONNECT, "closed the connection before the request was sent");
    else if (event != ZMQ_EVENT_CLOSED && !sks_connection_has_keys (channel->connection))
        lose (channel, SKS_ECONNECT, SKS_CLOSES_CONNECTIONS);
    else
        lose (channel, SKS_ECONNECT, "does not answer: is skillsearchd running there?");
}

static void
use_events (sks_channel *channel)
{
    while (read_event (channel))
        use_event (channel);
}

int
sks_channel_connect (sks_channel *channel, const char *address, sks_deadline deadline, sks_error *err)
{
    sks_channel_hang_up (channel);
    channel->lost = 0;
    int rc = dial (channel, address, err);
    while (rc == 0 && (use_events (channel), !channel->connected)) {
        if (channel->lost)
            rc = sks_fail (err, channel->lost, "%s", channel->reason.text);
        else if (sks_deadline_left (deadline) == 0)
            rc = sks_fail (err, SKS_EDEADLINE,
                           "%s accepts connections but does not answer; it is overloaded, stopped, or no skillsearchd",
                           endpoint_text (channel));
        else
            sks_channel_wait (channel, deadline);
    }
    if (rc)
        sks_channel_hang_up (channel);
    return rc;
}

bool
sks_channel_is_connected (sks_channel *channel)
{
    use_events (channel);
    return channel->connected;
}

bool
sks_channel_has_failed (const sks_channel *channel)
{
    return !channel->connected && channel->losses;
}

int
sks_channel_failure (const sks_channel *channel, sks_error *err)
{
    return channel->connected ? 0 : sks_fail (err, channel->lost, "%s", channel->reason.text);
}

void
sks_channel_wait (const sks_channel *channel, sks_deadline deadline)
{
    struct epoll_event event;
    epoll_wait (channel->poll_fd, &event, 1, sks_deadline_left (sks_deadline_within (deadline, SKS_INFLOW_LOOK_MS)));
}

/* ------------------------------------------------------------------ tickets */
void
sks_channel_cancel (sks_channel *channel, uint64_t number)
{
    const sks_ticket *ticket = sks_tickets_find (&channel->tickets, number);
    if (ticket)
        sks_tickets_remove (&channel->tickets, ticket);
}

/* --------------------------------------------------------------------- send */
/* Whether the socket accepts a message. Reading ZMQ_EVENTS processes its pending commands first. */
static bool
takes_message (void *socket)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt (socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLOUT;
}

int
sks_channel_send (sks_channel *channel, const sks_call *call, sks_error *err)
{
    use_events (channel);
    if (channel->tickets.count == SKS_MAX_UNDER_WAY)
        return sks_fail (err, SKS_EBUSY, "%d requests are under way", SKS_MAX_UNDER_WAY);
    if (!channel->connected)
        return sks_channel_failure (channel, err);
    while (zmq_send (channel->socket, call->bytes, call->size, ZMQ_DONTWAIT) < 0) {
        int cause = zmq_errno ();
        if (cause == EAGAIN && !takes_message (channel->socket))
            return sks_fail (err, SKS_EBUSY, "%s does not accept requests", endpoint_text (channel));
        if (cause != EAGAIN && cause != EINTR)
            return sks_fail (err, SKS_EIO, "cannot send: %s", zmq_strerror (cause));
    }
    sks_tickets_add (&channel->tickets, call, channel->losses);
    return 0;
}

/* ------------------------------------------------------------------ receive */

/* A reply without bytes that fails a ticket. */
static int
fail_ticket (sks_channel *channel, const sks_ticket *ticket, const sks_error *reason, sks_reply **out, sks_error *err)
{
    struct held_reply *held = calloc (1, sizeof *held);
    if (!held)
        return sks_fail_memory (err);
    zmq_msg_init (&held->message);
    held->reply.ticket = ticket->call.ticket;
    held->reply.code = reason->code;
    held->reply.error = *reason;
    held->reply.memory = held;
    sks_tickets_remove (&channel->tickets, ticket);
    *out = &held->reply;
    return 0;
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

/* Convert the place of an error in the bytes that were sent to one in the bytes that the caller gave. Places in a
 * member, whose pointer begins the text, or in q stay as they are. */
static void
move_place (sks_error *error, long ahead)
{
    if ((error->code == SKS_EBADREQUEST || error->code == SKS_ELIMIT) && *error->text != '/' && error->at >= 0)
        error->at = error->at > ahead ? error->at - ahead : 0;
}

/* Read the status of a reply; most begin with "ok":true and are not parsed. */
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

/* Make a reply of the message, which becomes empty. *out stays NULL when nothing
 * waits for it. */
static int
deliver (sks_channel *channel, zmq_msg_t *message, sks_reply **out, sks_error *err)
{
    char *bytes = zmq_msg_data (message);
    size_t size = zmq_msg_size (message);
    sks_identity id = channel->single ? (sks_identity) { NULL, 0 } : sks_identity_find (bytes, size);
    if (!channel->single && !id.bytes) {
        int code = sks_reply_decode_status (bytes, size, NULL);
        if (code == SKS_EAUTH)
            lose (channel, code, "no longer accepts our key");
        return 0;
    }
    const sks_ticket *ticket = channel->single ? sks_tickets_match (&channel->tickets, bytes, size)
                                               : sks_tickets_find_id (&channel->tickets, id);
    if (!ticket)
        return 0;
    struct held_reply *held = calloc (1, sizeof *held);
    if (!held)
        return sks_fail_memory (err);
    zmq_msg_init (&held->message);
    zmq_msg_move (&held->message, message);
    /* Small messages lie inside zmq_msg_t: their address has changed. */
    char *moved = zmq_msg_data (&held->message);
    held->reply = (sks_reply) { .ticket = ticket->call.ticket, .json = moved, .size = size, .memory = held };
    if (!channel->single) {
        id.bytes = moved + (id.bytes - bytes);
        judge (&held->reply, moved, size, id);
        move_place (&held->reply.error, ticket->call.ahead);
    }
    sks_tickets_remove (&channel->tickets, ticket);
    *out = &held->reply;
    return 0;
}

/* Read messages until one is a reply, or there is none. Of a message in several parts the last one counts; our daemon
 * sends none. */
static int
take_reply (sks_channel *channel, sks_reply **out, sks_error *err)
{
    int rc = 0;
    while (rc == 0 && !*out && channel->socket) {
        zmq_msg_t message;
        zmq_msg_init (&message);
        int size = zmq_msg_recv (&message, channel->socket, ZMQ_DONTWAIT);
        int failure = zmq_errno ();
        if (size >= 0) {
            sks_inflow_take (&channel->inflow, (size_t) size);
            if (!zmq_msg_more (&message)) /* a reply is one frame */
                rc = deliver (channel, &message, out, err);
        }
        zmq_msg_close (&message);
        if (size < 0 && failure != EINTR)
            break;
    }
    return rc;
}

int
sks_channel_receive (sks_channel *channel, sks_reply **out, sks_error *err)
{
    bool happened;
    *out = NULL;
    /* Replies that came before the connection ended are read before the end is processed. */
    do {
        happened = read_event (channel);
        int rc = take_reply (channel, out, err);
        if (rc || *out)
            return rc;
        if (channel->happened)
            use_event (channel);
    } while (happened);
    if (channel->connected && sks_inflow_is_over (&channel->inflow))
        lose (channel, SKS_EPROTOCOL, "sends more than the maximum size of a reply");
    const sks_ticket *first = sks_tickets_lost (&channel->tickets, channel->losses);
    if (first)
        return fail_ticket (channel, first, &channel->reason, out, err);
    first = sks_tickets_first (&channel->tickets);
    if (!first || sks_deadline_left (first->call.deadline) > 0)
        return 0;
    sks_error late;
    sks_fail (&late, SKS_EDEADLINE, "no answer from %s within %" PRIu32 " ms", endpoint_text (channel),
              first->call.timeout_ms);
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
    const sks_ticket *first = sks_tickets_first (&channel->tickets);
    int left = first ? sks_deadline_left (first->call.deadline) : -1;
    int until = wants_sockets (channel) ? sks_deadline_left (channel->redial) : left;
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
