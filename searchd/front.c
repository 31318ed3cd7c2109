/* front.c - binds, receives, sends; handles frames, not their content.
 *
 * Three traps of libzmq shape this file. A second bind to an ipc path succeeds
 * and takes the clients away, so the path is locked first. Replies to peers
 * that left or do not read vanish silently unless ZMQ_ROUTER_MANDATORY is set,
 * and then block unless sent with ZMQ_DONTWAIT. And closing with the default
 * linger waits for ever for a peer that does not read. */
#include "front.h"

#include "core/base/buffer.h"
#include "connections.h"
#include "guard.h"
#include "libc_hooks.h"
#include "log.h"
#include "counters.h"
#include "signals.h"
#include "zmtp.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINGER_MS 1000                     /* for the last replies at the end */
#define KEEPALIVE_S 5                      /* before the kernel's first probe of a silent peer, and between probes */
#define PROBES 2                           /* this many without an answer end a connection: SKS_MAX_SILENCE_MS */
#define BACKLOG 1024                       /* connections waiting to be accepted */
#define SMALL_BYTES 65536                  /* larger replies are limited by their bytes, too */
#define ACCOUNTS (SKS_MAX_DESCRIPTORS + 1) /* of unread bytes, one per connection; the first is for unknown ones */
#define SKIPPED_FRAMES 1000                /* frames of an overlong message that one call discards */
#define LOCK_SUFFIX ".lock"
/* libzmq notices in groups of half its limit that replies were read; until then it counts those of the last group as
 * unread. With this limit SKS_MAX_UNREAD_REPLIES still fit. */
#define REPLIES_HWM (2 * SKS_MAX_UNREAD_REPLIES - 1)
#define NARROW_UMASK 0117 /* ipc files are 0660 at most, and less if the process has a narrower one */

/* One bound endpoint. */
struct listener {
    char bound[SKS_MAX_ENDPOINT_BYTES]; /* with its real port */
    const char *path;                   /* of an ipc endpoint, in bound; NULL for tcp */
    int lock;                           /* descriptor that holds the path's lock, -1 for tcp */
};

struct sks_front {
    void *context, *socket;
    sks_guard *guard; /* NULL: everybody is accepted */
    sks_counters *counters;
    struct listener listeners[SKS_MAX_LISTEN];
    size_t count;
    sks_buffer endpoints;
    unsigned char hash_key[crypto_shorthash_KEYBYTES]; /* random: clients' numbers must be unpredictable */
    bool skipping;                                     /* the rest of a message must be discarded */
    int frames;                                        /* of the current message that were received */
    bool unhooked;                                     /* it was logged that libc_hooks.c is bypassed */
    uint64_t settled;                                  /* connections accepted when no message was left to receive */
    _Atomic uint64_t unread[ACCOUNTS];                 /* bytes of replies that are not small and not sent yet */
};

/* A reply that is not small, until it is sent or discarded. */
struct debt {
    zmq_msg_t reply;
    size_t size;
    _Atomic uint64_t *account;
};

static int
set_options (void *socket, sks_error *err)
{
    static const struct {
        int name, value;
    } options[] = {
        { ZMQ_LINGER, 0 }, /* for connections that end, because it needs a timer; see sks_front_close */
        { ZMQ_SNDHWM, REPLIES_HWM },
        { ZMQ_RCVHWM, SKS_MAX_UNTAKEN_REQUESTS },
        { ZMQ_HANDSHAKE_IVL, 0 }, /* no timers of libzmq for connections: see connections.h */
        { ZMQ_TCP_KEEPALIVE, 1 },
        { ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_S },
        { ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_S },
        { ZMQ_TCP_KEEPALIVE_CNT, PROBES },
        { ZMQ_ROUTER_MANDATORY, 1 },
        { ZMQ_BACKLOG, BACKLOG },
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (zmq_setsockopt (socket, options[i].name, &options[i].value, sizeof options[i].value))
            return sks_fail_errno (err, "socket option %d", options[i].name);
    /* More than a request may have, so that one slightly over the limit gets an error. */
    int64_t max = SKS_MAX_FRAME_BYTES;
    if (zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &max, sizeof max))
        return sks_fail_errno (err, "socket option %d", ZMQ_MAXMSGSIZE);
    return 0;
}

/* ---------------------------------------------------------------- binding */
/* Lock PATH.lock until the process ends. The lock file is not removed: otherwise two daemons could lock two files of
 * the same name. */
static int
lock_path (struct listener *listener, const char *path, sks_error *err)
{
    struct stat there;
    char name[SKS_MAX_IPC_PATH_BYTES + sizeof LOCK_SUFFIX];
    snprintf (name, sizeof name, "%s%s", path, LOCK_SUFFIX);
    listener->lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (listener->lock < 0)
        return sks_fail_errno (err, "%s", name);
    if (flock (listener->lock, LOCK_EX | LOCK_NB)) {
        if (errno == EWOULDBLOCK)
            return sks_fail (err, SKS_ELOCKED, "ipc://%s is locked: another daemon listens there", path);
        return sks_fail_errno (err, "%s", name);
    }
    /* libzmq removes whatever has that name before it binds. */
    if (lstat (path, &there) == 0 && !S_ISSOCK (there.st_mode))
        return sks_fail (err, SKS_EIO, "%s exists and is not a socket", path);
    return 0;
}

static int
bind_listener (sks_front *front, struct listener *listener, const char *endpoint, sks_error *err)
{
    const char *path = sks_endpoint_path (endpoint);
    int code = path ? lock_path (listener, path, err) : 0;
    if (code)
        return code;
    int six = strchr (endpoint, '[') != NULL;
    zmq_setsockopt (front->socket, ZMQ_IPV6, &six, sizeof six);
    mode_t before = umask (NARROW_UMASK);
    umask (before | NARROW_UMASK);
    int failed = zmq_bind (front->socket, endpoint);
    int cause = errno;
    umask (before);
    errno = cause;
    if (failed && cause == EADDRINUSE)
        return sks_fail (err, SKS_EIO, "cannot listen at %s: %s; --listen tcp://ADDRESS:PORT chooses another", endpoint,
                         strerrordesc_np (cause));
    if (failed)
        return sks_fail_errno (err, "cannot listen at %s", endpoint);
    size_t size = sizeof listener->bound;
    if (zmq_getsockopt (front->socket, ZMQ_LAST_ENDPOINT, listener->bound, &size))
        return sks_fail_errno (err, "cannot determine the endpoint of %s", endpoint);
    listener->path = sks_endpoint_path (listener->bound);
    return 0;
}

static int
bind_all (sks_front *front, const sks_config *config, sks_error *err)
{
    for (size_t i = 0; i < config->listen_count; i++) {
        struct listener *listener = &front->listeners[front->count++];
        listener->lock = -1;
        int code = bind_listener (front, listener, config->listen[i], err);
        if (code)
            return code;
        if (i > 0)
            sks_buffer_putc (&front->endpoints, ' ');
        sks_buffer_puts (&front->endpoints, listener->bound);
    }
    return sks_buffer_text (&front->endpoints) ? 0 : sks_fail_memory (err);
}

/* The guard must be active before the first connection, so this comes before binding. */
static int
post_guard (sks_front *front, const sks_config *config, sks_error *err)
{
    if (!*config->curve_keys)
        return 0;
    int code = sks_guard_open (&front->guard, front->context, config->curve_keys, front->counters, err);
    return code ? code : sks_guard_protect (front->guard, front->socket, err);
}

int
sks_front_open (sks_front **out, const sks_config *config, sks_counters *counters, sks_error *err)
{
    *out = NULL;
    sks_front *front = calloc (1, sizeof *front);
    if (!front)
        return sks_fail_memory (err);
    front->counters = counters;
    randombytes_buf (front->hash_key, sizeof front->hash_key);
    front->endpoints = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_LISTEN * SKS_MAX_ENDPOINT_BYTES);
    int code = 0;
    sks_signals_begin ();
    if (!(front->context = zmq_ctx_new ()) || !(front->socket = zmq_socket (front->context, ZMQ_ROUTER)))
        code = sks_fail_errno (err, "cannot make a socket");
    if (!code)
        code = set_options (front->socket, err);
    if (!code)
        code = post_guard (front, config, err);
    if (!code)
        code = bind_all (front, config, err);
    if (code)
        sks_front_close (&front);
    *out = front;
    return code;
}

void *
sks_front_context (sks_front *front)
{
    return front->context;
}

int
sks_front_descriptor (sks_front *front)
{
    int descriptor = -1;
    size_t size = sizeof descriptor;
    zmq_getsockopt (front->socket, ZMQ_FD, &descriptor, &size);
    return descriptor;
}

const char *
sks_front_endpoints (const sks_front *front)
{
    return front->endpoints.bytes;
}

/* ---------------------------------------------------------------- messages */
/* The message's next frame. It was received already: libzmq delivers only whole messages. */
static bool
next_frame (sks_front *front, zmq_msg_t *frame)
{
    front->frames++;
    return zmq_msg_recv (frame, front->socket, ZMQ_DONTWAIT) >= 0;
}

/* Discard the current message up to its frame number `end`, the rest in later calls. */
static void
skip_frames (sks_front *front, zmq_msg_t *frame, int end)
{
    while (zmq_msg_more (frame) && front->frames < end && next_frame (front, frame))
        ;
    front->skipping = zmq_msg_more (frame);
}

/* Discard a message with invalid frames. As many frames as a request may have count as one refusal. With keys, frames
 * are encrypted, so libc_hooks.c cannot count them, and a connection with too many is ended here. */
static int
drop (sks_front *front, const sks_envelope *envelope, zmq_msg_t *frame)
{
    size_t size = zmq_msg_size (frame);
    skip_frames (front, frame, SKS_ZMTP_MAX_FRAMES);
    sks_connections_refused (envelope->connection,
                             size + (size_t) front->frames * (SKS_REFUSAL_BYTES / SKS_MAX_FRAMES));
    if (front->skipping) {
        sks_connections_end (envelope->connection, front->settled);
        skip_frames (front, frame, SKIPPED_FRAMES);
    }
    sks_counters_drop (front->counters, SKS_DROPPED_SHAPE);
    return SKS_ARRIVAL_DROPPED;
}

/* A number that cannot be predicted for these bytes. */
static uint32_t
number_of (const sks_front *front, const void *bytes, size_t size)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint32_t number;
    crypto_shorthash (hash, bytes, size, front->hash_key);
    memcpy (&number, hash, sizeof number);
    return number;
}

/* Whether the key of a message is accepted, if there are keys. Sets the client: with keys, all connections with one
 * key are one client; without keys, each connection is one. Its source is its first address, which the proxy that is
 * connected here has given to it; a client could make up the others. */
static bool
admit (sks_front *front, sks_envelope *envelope, zmq_msg_t *frame)
{
    const char *key = front->guard ? sks_guard_admits (front->guard, frame) : NULL;
    envelope->client =
        key ? number_of (front, key, strlen (key)) : number_of (front, envelope->peer, sizeof envelope->peer);
    envelope->source = envelope->address_count ? number_of (front, envelope->addresses, 1u + *envelope->addresses) : 0;
    return key || !front->guard;
}

/* Log once if libzmq does not call the functions in libc_hooks.c: then it is not protected. */
static void
check_hooks (sks_front *front)
{
    if (front->unhooked || sks_libc_hooks_accepted ())
        return;
    front->unhooked = true;
    sks_log (SKS_LOG_ERROR, "unhooked", "hint=\"this libzmq does not call accept4: hostile peers can end the daemon\"");
}

static bool
add_address (sks_envelope *envelope, zmq_msg_t *frame)
{
    size_t size = zmq_msg_size (frame), used = envelope->address_bytes;
    if (envelope->address_count == SKS_MAX_ADDRESSES || size > UINT8_MAX ||
        used + 1 + size > sizeof envelope->addresses)
        return false;
    envelope->addresses[used] = (unsigned char) size;
    memcpy (envelope->addresses + used + 1, zmq_msg_data (frame), size);
    envelope->address_bytes += (uint16_t) (1 + size);
    envelope->address_count++;
    return true;
}

/* Whether the addresses are routing ids that ROUTER sockets made. Only those begin with a zero byte; a request never
 * does. */
static bool
are_made (const sks_envelope *envelope)
{
    const unsigned char *addresses = envelope->addresses;
    for (size_t at = 0; at < envelope->address_bytes; at += 1 + addresses[at])
        if (addresses[at + 1] != 0)
            return false;
    return true;
}

/* Receive the frames before the request: none, or any addresses and then an empty frame. A client that sends no empty
 * frame has none after proxies either: then the addresses must be ones that ROUTER sockets made, or it is not clear
 * which frame is the request. */
static bool
receive_envelope (sks_front *front, sks_envelope *envelope, zmq_msg_t *frame)
{
    envelope->address_bytes = envelope->address_count = 0;
    envelope->delimited = false;
    while (next_frame (front, frame) && zmq_msg_more (frame)) {
        if (zmq_msg_size (frame) == 0) {
            envelope->delimited = true;
            return next_frame (front, frame);
        }
        if (!add_address (envelope, frame))
            return false;
    }
    return are_made (envelope);
}

int
sks_front_receive (sks_front *front, sks_envelope *envelope, zmq_msg_t *payload)
{
    uint64_t connections = sks_connections_count ();
    if (!next_frame (front, payload)) {
        front->settled = connections;
        return SKS_ARRIVAL_NONE;
    }
    front->frames = 0;
    if (front->skipping) {
        skip_frames (front, payload, SKIPPED_FRAMES);
        return SKS_ARRIVAL_DROPPED;
    }
    check_hooks (front);
    envelope->connection = zmq_msg_get (payload, ZMQ_SRCFD);
    sks_connections_taken (envelope->connection);
    if (zmq_msg_size (payload) != sizeof envelope->peer || !zmq_msg_more (payload))
        return drop (front, envelope, payload);
    memcpy (envelope->peer, zmq_msg_data (payload), sizeof envelope->peer);
    if (!receive_envelope (front, envelope, payload))
        return drop (front, envelope, payload);
    bool whole = !zmq_msg_more (payload), known = admit (front, envelope, payload);
    skip_frames (front, payload, SKS_MAX_FRAMES);
    if (front->skipping)
        return drop (front, envelope, payload);
    if (!known || !whole || zmq_msg_size (payload) == 0)
        sks_connections_refused (envelope->connection, zmq_msg_size (payload));
    return !known ? SKS_ARRIVAL_STRANGER : whole ? SKS_ARRIVAL_REQUEST : SKS_ARRIVAL_ODD;
}

bool
sks_front_has_more (sks_front *front)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt (front->socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLIN;
}

/* Called by libzmq, in any thread, when the reply was sent or discarded. */
static void
settle (void *bytes, void *hint)
{
    struct debt *debt = hint;
    (void) bytes;
    atomic_fetch_sub_explicit (debt->account, debt->size, memory_order_relaxed);
    zmq_msg_close (&debt->reply);
    free (debt);
}

/* The account of a connection. A connection that reuses a descriptor begins with the replies of the earlier one that
 * libzmq has not freed yet. */
static _Atomic uint64_t *
account_of (sks_front *front, int connection)
{
    return &front->unread[connection >= 0 && connection < SKS_MAX_DESCRIPTORS ? connection + 1 : 0];
}

/* Charge a reply that is not small to its connection's account. Returns -1, or why it must be dropped: one of enum
 * sks_dropped. */
static int
charge (sks_front *front, const sks_envelope *envelope, zmq_msg_t *reply)
{
    _Atomic uint64_t *account = account_of (front, envelope->connection);
    size_t size = zmq_msg_size (reply);
    if (size <= SMALL_BYTES)
        return -1;
    if (atomic_load_explicit (account, memory_order_relaxed) + size > SKS_MAX_UNREAD_BYTES)
        return SKS_DROPPED_FULL;
    struct debt *debt = malloc (sizeof *debt);
    zmq_msg_t charged;
    if (!debt || zmq_msg_init_data (&charged, zmq_msg_data (reply), size, settle, debt)) {
        free (debt);
        return SKS_DROPPED_MEMORY;
    }
    debt->size = size;
    debt->account = account;
    zmq_msg_init (&debt->reply);
    zmq_msg_move (&debt->reply, reply);
    atomic_fetch_add_explicit (account, size, memory_order_relaxed);
    zmq_msg_move (reply, &charged);
    return -1;
}

void
sks_front_send (sks_front *front, const sks_envelope *envelope, zmq_msg_t *reply)
{
    static const int more = ZMQ_SNDMORE | ZMQ_DONTWAIT;
    int dropped = charge (front, envelope, reply);
    if (dropped < 0 && zmq_send (front->socket, envelope->peer, sizeof envelope->peer, more) < 0)
        dropped = errno == EAGAIN ? SKS_DROPPED_FULL : SKS_DROPPED_GONE;
    if (dropped >= 0) {
        sks_counters_drop (front->counters, dropped);
        zmq_msg_close (reply);
        return;
    }
    for (size_t at = 0; at < envelope->address_bytes; at += 1 + envelope->addresses[at])
        zmq_send (front->socket, envelope->addresses + at + 1, envelope->addresses[at], more);
    if (envelope->delimited)
        zmq_send (front->socket, "", 0, more);
    if (zmq_msg_send (reply, front->socket, ZMQ_DONTWAIT) < 0)
        zmq_msg_close (reply);
}

/* ------------------------------------------------------------------ ending */
void
sks_front_abandon (sks_front *front)
{
    for (size_t i = 0; i < front->count; i++)
        if (front->listeners[i].path)
            unlink (front->listeners[i].path);
}

void
sks_front_close (sks_front **front_p)
{
    if (!front_p || !*front_p)
        return;
    sks_front *front = *front_p;
    *front_p = NULL;
    sks_guard_close (&front->guard);
    if (front->socket) {
        int linger_ms = LINGER_MS;
        zmq_setsockopt (front->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_close (front->socket);
    }
    while (front->context && zmq_ctx_term (front->context) && errno == EINTR)
        ;
    sks_front_abandon (front);
    for (size_t i = 0; i < front->count; i++)
        if (front->listeners[i].lock >= 0)
            close (front->listeners[i].lock);
    sks_buffer_free (&front->endpoints);
    free (front);
}
