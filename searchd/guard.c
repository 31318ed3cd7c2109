/* guard.c - a thread that waits for three things: libzmq's requests about keys (ZAP), results of handshakes (the
 * socket's monitor), and the order to end.
 *
 * The thread reads the key folder and hands each new ring to the broker in a
 * slot of one atomic pointer: the writer frees a ring that was not fetched, the reader owns the one it takes. */
#include "guard.h"

#include "log.h"
#include "auth.h"
#include "connections.h"
#include "libc_hooks.h"
#include "counters.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ZAP "inproc://zeromq.zap.01" /* libzmq's endpoint for requests, RFC 27 */
#define MONITOR "inproc://guard-monitor"
#define ORDERS "inproc://guard-orders"
#define DOMAIN_NAME "skillsearch"
#define LOOK_SHARE 10       /* checks triggered by handshakes take at most a tenth of the time */
#define COMPLAIN_US 1000000 /* minimum interval between logged denials */

/* The frames of a ZAP request. */
enum { VERSION, SEQUENCE, DOMAIN_FRAME, ADDRESS, ROUTING_ID, MECHANISM, CREDENTIALS, FRAMES };

struct sks_guard {
    sks_counters *counters;
    char folder[SKS_MAX_PATH_BYTES];
    sks_certificate server;
    void *protected;              /* the socket that is watched; NULL: none yet */
    void *zap, *monitor, *orders; /* used only by the thread once it runs */
    void *order_end;              /* the caller's end of orders */
    _Atomic (sks_keyring *) mail; /* from the thread to the caller */
    sks_keyring *admitted;        /* used only by the caller, to check messages */
    pthread_t thread;
    bool running;
    /* Used only by the thread. */
    sks_keyring *known;          /* to check handshakes */
    uint64_t mark;               /* of the folder when it was read */
    uint64_t looked_us, look_us; /* when it was checked last, and how long that took */
    bool failing;                /* it could not be checked then */
    uint64_t complained_us;      /* when a denial was logged last */
    uint64_t silent;             /* denials since then */
};

/* -------------------------------------------------------------- key folder */
/* Log the names that are in one ring but not in the other. */
static void
log_difference (const sks_keyring *ring, const sks_keyring *other, const char *what)
{
    char name[2 * SKS_KEY_NAME_BYTES];
    for (size_t i = 0; ring && i < sks_keyring_count (ring); i++)
        if (!other || !sks_keyring_find (other, sks_keyring_key (ring, i)))
            sks_log (SKS_LOG_INFO, "key", "%s=%s", what, sks_log_quote (name, sizeof name, sks_keyring_name (ring, i)));
}

static void
post (sks_guard *guard, sks_keyring *ring)
{
    sks_keyring *unfetched = atomic_exchange_explicit (&guard->mail, ring, memory_order_acq_rel);
    sks_keyring_destroy (&unfetched);
}

static bool
accepts (const void *ring, const unsigned char key[SKS_PUBLIC_KEY_BYTES])
{
    char text[SKS_KEY_BYTES];
    return zmq_z85_encode (text, key, SKS_PUBLIC_KEY_BYTES) && sks_keyring_find (ring, text);
}

/* Read the folder if it changed. The mark is taken first: changes during reading cause another read. */
static int
read_keys (sks_guard *guard, sks_error *err)
{
    uint64_t mark;
    sks_keyring *mine;
    int code = sks_auth_mark (&mark, guard->folder, err);
    if (code || (guard->known && mark == guard->mark))
        return code;
    code = sks_auth_read_clients (&mine, guard->folder, err);
    sks_keyring *theirs = code ? NULL : sks_keyring_copy (mine);
    if (!theirs) {
        sks_keyring_destroy (&mine);
        return code ? code : sks_fail_memory (err);
    }
    guard->mark = mark;
    log_difference (mine, guard->known, "added");
    log_difference (guard->known, mine, "removed");
    sks_keyring_destroy (&guard->known);
    guard->known = mine;
    atomic_store_explicit (&guard->counters->keys_known, sks_keyring_count (mine), memory_order_relaxed);
    post (guard, theirs);
    sks_connections_check_keys (accepts, mine);
    return 0;
}

static void
look (sks_guard *guard)
{
    sks_error err;
    char reason[2 * SKS_ERROR_TEXT_BYTES];
    uint64_t begun_us = sks_clock_us ();
    bool failed = read_keys (guard, &err) != 0;
    guard->looked_us = sks_clock_us ();
    guard->look_us = guard->looked_us - begun_us;
    if (failed && !guard->failing)
        sks_log (SKS_LOG_ERROR, "keys_failed", "reason=%s", sks_log_quote (reason, sizeof reason, err.text));
    guard->failing = failed;
}

static void
look_when_due (sks_guard *guard, uint64_t age_us)
{
    if (sks_clock_us () - guard->looked_us >= age_us)
        look (guard);
}

/* ------------------------------------------------------------ ZAP requests */
/* Receive a message into at most FRAMES frames; further frames are dropped. Returns how many frames it had. */
static int
receive_frames (void *socket, zmq_msg_t frames[FRAMES])
{
    int count = 0;
    bool more = true;
    while (more) {
        zmq_msg_t spare, *frame = count < FRAMES ? &frames[count] : &spare;
        zmq_msg_init (&spare);
        more = zmq_msg_recv (frame, socket, 0) >= 0 && zmq_msg_more (frame);
        zmq_msg_close (&spare);
        count++;
    }
    return count;
}

static bool
holds (zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size (frame) == strlen (text) && memcmp (zmq_msg_data (frame), text, strlen (text)) == 0;
}

/* The key of a request, as text; false without one. */
static bool
find_key (zmq_msg_t frames[FRAMES], int count, char key[SKS_KEY_BYTES])
{
    return count == FRAMES && holds (&frames[VERSION], "1.0") && holds (&frames[MECHANISM], "CURVE") &&
           zmq_msg_size (&frames[CREDENTIALS]) == SKS_PUBLIC_KEY_BYTES &&
           zmq_z85_encode (key, zmq_msg_data (&frames[CREDENTIALS]), SKS_PUBLIC_KEY_BYTES) != NULL;
}

static void
complain (sks_guard *guard, zmq_msg_t *address, const char *key)
{
    uint64_t now_us = sks_clock_us ();
    char where[64], quoted[128];
    if (guard->complained_us && now_us - guard->complained_us < COMPLAIN_US) {
        guard->silent++;
        return;
    }
    snprintf (where, sizeof where, "%.*s", (int) zmq_msg_size (address), (const char *) zmq_msg_data (address));
    sks_log (SKS_LOG_INFO, "denied", "key=\"%s\" address=%s more=%" PRIu64, key,
             sks_log_quote (quoted, sizeof quoted, where), guard->silent);
    guard->complained_us = now_us;
    guard->silent = 0;
}

/* libzmq attaches the user id of the answer to every message of the connection. */
static void
send_answer (sks_guard *guard, zmq_msg_t *sequence, const char *key)
{
    const char *parts[] = { key ? "200" : "400", key ? "OK" : "unknown key", key ? key : "" };
    zmq_send (guard->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send (guard->zap, zmq_msg_data (sequence), zmq_msg_size (sequence), ZMQ_SNDMORE);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        zmq_send (guard->zap, parts[i], strlen (parts[i]), ZMQ_SNDMORE);
    zmq_send (guard->zap, "", 0, 0);
}

static void
answer (sks_guard *guard)
{
    char key[SKS_KEY_BYTES] = "";
    zmq_msg_t frames[FRAMES];
    for (int i = 0; i < FRAMES; i++)
        zmq_msg_init (&frames[i]);
    int count = receive_frames (guard->zap, frames);
    look_when_due (guard, LOOK_SHARE * guard->look_us);
    bool known = find_key (frames, count, key) && sks_keyring_find (guard->known, key);
    if (known && !sks_libc_hooks_opened ()) {
        sks_log (SKS_LOG_ERROR, "unhooked", "hint=\"this libzmq does not call crypto_box_open: no key is accepted\"");
        known = false;
    }
    sks_counters_add (known ? &guard->counters->keys_accepted : &guard->counters->keys_denied);
    if (!known)
        complain (guard, &frames[ADDRESS], key);
    send_answer (guard, &frames[SEQUENCE], known ? key : NULL);
    for (int i = 0; i < FRAMES; i++)
        zmq_msg_close (&frames[i]);
}

/* --------------------------------------------------------------- the thread */
/* Count handshakes that end before the key is requested: another mechanism, or a client with a wrong server key. */
static void
take_event (sks_guard *guard)
{
    unsigned char event[6], address[SKS_MAX_ENDPOINT_BYTES];
    if (zmq_recv (guard->monitor, event, sizeof event, ZMQ_DONTWAIT) < 0)
        return;
    zmq_recv (guard->monitor, address, sizeof address, ZMQ_DONTWAIT);
    sks_counters_add (&guard->counters->keys_broken);
}

static void *
run (void *argument)
{
    sks_guard *guard = argument;
    zmq_pollitem_t items[] = {
        { guard->orders, 0, ZMQ_POLLIN, 0 },
        { guard->zap, 0, ZMQ_POLLIN, 0 },
        { guard->monitor, 0, ZMQ_POLLIN, 0 },
    };
    for (;;) {
        if (zmq_poll (items, 3, SKS_KEYS_LOOK_MS) < 0 && errno == EINTR)
            continue;
        if (items[0].revents)
            return NULL;
        if (items[1].revents)
            answer (guard);
        if (items[2].revents)
            take_event (guard);
        look_when_due (guard, (uint64_t) SKS_KEYS_LOOK_MS * 1000);
    }
}

static void *
open_socket (void *context, int type)
{
    static const int no_linger = 0;
    void *socket = zmq_socket (context, type);
    if (socket)
        zmq_setsockopt (socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    return socket;
}

static int
start (sks_guard *guard, void *context, sks_error *err)
{
    guard->zap = open_socket (context, ZMQ_REP);
    guard->monitor = open_socket (context, ZMQ_PAIR);
    guard->orders = open_socket (context, ZMQ_PAIR);
    guard->order_end = open_socket (context, ZMQ_PAIR);
    if (!guard->zap || !guard->monitor || !guard->orders || !guard->order_end)
        return sks_fail_errno (err, "cannot make a socket");
    if (zmq_bind (guard->zap, ZAP))
        return sks_fail_errno (err, "cannot answer for keys at " ZAP);
    if (zmq_bind (guard->orders, ORDERS) || zmq_connect (guard->order_end, ORDERS) ||
        zmq_connect (guard->monitor, MONITOR))
        return sks_fail_errno (err, "cannot connect the guard");
    if ((errno = pthread_create (&guard->thread, NULL, run, guard)))
        return sks_fail_errno (err, "cannot start the guard");
    guard->running = true;
    return 0;
}

/* ------------------------------------------------------------ caller's end */
int
sks_guard_open (sks_guard **out, void *context, const char *folder, sks_counters *counters, sks_error *err)
{
    *out = NULL;
    if (!zmq_has ("curve"))
        return sks_fail (err, SKS_EIO, "libzmq was built without CURVE: keys cannot be used");
    sks_guard *guard = calloc (1, sizeof *guard);
    if (!guard)
        return sks_fail_memory (err);
    snprintf (guard->folder, sizeof guard->folder, "%s", folder);
    guard->counters = counters;
    int code = sks_auth_read_server (&guard->server, folder, err);
    if (!code)
        code = sks_auth_check_clients (folder, err);
    if (!code)
        code = read_keys (guard, err);
    if (!code && sks_keyring_count (guard->known) == 0)
        sks_log (SKS_LOG_WARN, "no_keys", "hint=\"put public certificates into the folder clients\"");
    if (!code)
        code = start (guard, context, err);
    if (code)
        sks_guard_close (&guard);
    *out = guard;
    return code;
}

int
sks_guard_protect (sks_guard *guard, void *socket, sks_error *err)
{
    static const int yes = 1;
    if (zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &yes, sizeof yes) ||
        zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, guard->server.secret_key, SKS_KEY_BYTES) ||
        zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, DOMAIN_NAME, strlen (DOMAIN_NAME)))
        return sks_fail_errno (err, "cannot use the keys");
    explicit_bzero (guard->server.secret_key, SKS_KEY_BYTES);
    if (zmq_socket_monitor (socket, MONITOR, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL))
        return sks_fail_errno (err, "cannot watch the socket");
    guard->protected = socket;
    return 0;
}

/* Take what the thread has posted. */
static void
fetch (sks_guard *guard)
{
    sks_keyring *fresh = NULL;
    if (atomic_load_explicit (&guard->mail, memory_order_relaxed))
        fresh = atomic_exchange_explicit (&guard->mail, NULL, memory_order_acq_rel);
    if (!fresh)
        return;
    sks_keyring_destroy (&guard->admitted);
    guard->admitted = fresh;
}

const char *
sks_guard_admits (sks_guard *guard, zmq_msg_t *frame)
{
    fetch (guard);
    const char *key = zmq_msg_gets (frame, "User-Id");
    if (key && guard->admitted && sks_keyring_find (guard->admitted, key))
        return key;
    sks_counters_add (&guard->counters->keys_refused);
    return NULL;
}

void
sks_guard_close (sks_guard **guard_p)
{
    if (!guard_p || !*guard_p)
        return;
    sks_guard *guard = *guard_p;
    *guard_p = NULL;
    /* This must happen while the thread still reads the monitor, because libzmq waits for the reader of its
     * events. */
    if (guard->protected)
        zmq_socket_monitor (guard->protected, NULL, 0);
    if (guard->running) {
        zmq_send (guard->order_end, "", 0, ZMQ_DONTWAIT);
        pthread_join (guard->thread, NULL);
    }
    void *sockets[] = { guard->zap, guard->monitor, guard->orders, guard->order_end };
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
        if (sockets[i])
            zmq_close (sockets[i]);
    post (guard, NULL);
    sks_keyring_destroy (&guard->admitted);
    sks_keyring_destroy (&guard->known);
    explicit_bzero (&guard->server, sizeof guard->server);
    free (guard);
}
