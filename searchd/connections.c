/* connections.c - the kernel assigns the lowest free descriptor. So a number near the limit means that nearly all are
 * in use, and a table indexed by descriptor is enough. A row belongs to libzmq's thread, except atomic members. */
#include "connections.h"

#include "log.h"
#include "counters.h"
#include "zmtp.h"

#include <inttypes.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define RESERVE 64          /* files of a new generation, sockets between threads */
#define HEARTBEAT_BYTES 256 /* per second that do not count: the receiver never gets heartbeats */
#define MAX_YOUNGER (UINT64_C (1) << 31)
#define FIRST_REST_US 20000
#define LONGEST_REST_US (SKS_MAX_REST_MS * 1000)
#define SUSPECT (SKS_MAX_REFUSALS / 4) /* of invalid requests; further ones count before they are read */
#define LOOK_US 1000000                /* interval between checks of all connections */
#define FORGIVEN_US 1000000            /* time since the last rest after which the next one is short again */
#define FORGIVEN_BYTES 4               /* of large requests, per microsecond; see sks_connections_rest */
#define FIRST_PAUSE_US 1000
#define LONGEST_PAUSE_US 16000

enum reason { FEW_DESCRIPTORS = SKS_ZMTP_VERDICTS, UNTAKEN, OLD, MANY_FRAMES, NO_HANDSHAKE, NO_KEY, DEAF, REASONS };

static const char *const reasons[REASONS] = {
    [SKS_ZMTP_NAMED] = "a name in a handshake of ZMTP 1.0 or 2.0",
    [SKS_ZMTP_FRAMES] = "a message with too many frames",
    [SKS_ZMTP_BROKEN] = "not ZMTP",
    [FEW_DESCRIPTORS] = "few descriptors are left",
    [UNTAKEN] = "too many bytes without a message",
    [OLD] = "too old",
    [MANY_FRAMES] = "a message with too many frames",
    [NO_HANDSHAKE] = "no handshake in time",
    [NO_KEY] = "its key was removed",
    [DEAF] = "its peer does not read",
};

struct connection {
    _Atomic uint64_t serial; /* in the order of acceptance, from 1; 0: not open */
    _Atomic uint64_t doomed; /* serial of the connection that must be ended */
    _Atomic uint64_t keyed;  /* serial of the connection to which `key` belongs */
    _Atomic uint64_t key[SKS_PUBLIC_KEY_BYTES / sizeof (uint64_t)]; /* in words, because another thread reads it */
    _Atomic uint64_t revoked;                                       /* serial of the connection whose key was removed */
    _Atomic uint32_t untaken;                                       /* bytes received since a message was taken */
    _Atomic uint32_t refused;      /* messages refused since the last rest; large ones count several times */
    _Atomic uint32_t wrong;        /* the same for invalid requests, since a valid one was read */
    _Atomic uint32_t ahead;        /* bytes of large requests since a valid one was read; some are forgiven */
    uint64_t forgiven_us;          /* when bytes of them were forgiven last */
    uint64_t pause_end_us;         /* nothing is read until then, because of them */
    uint64_t pause_us;             /* how long that pause is; 0: none */
    _Atomic uint64_t owing_end_us; /* until then large requests are refused unread; 0: read them */
    uint64_t rest_end_us;          /* sks_clock_us; 0: it never rested */
    uint64_t rest_us;              /* how long the last rest was */
    bool left;                     /* the peer ended it */
    bool ended;                    /* the daemon ended it */
    bool sent;                     /* bytes were sent since the last look, or are still in the kernel */
    int unsent;                    /* bytes that the peer had not read at the last look */
    uint64_t heard_us;             /* when the last bytes came */
    uint64_t begin_us;             /* when it was accepted, by sks_clock_us without missed_us */
    uint64_t taken_us;             /* last look at which the peer had read bytes, or had none to read; likewise */
    sks_zmtp stream;
};

static struct {
    _Atomic int end; /* connections must have lower descriptors; 0: no limit */
    _Atomic bool counting;
    _Atomic uint64_t accepted;
    _Atomic uint64_t ended[REASONS];
    sks_counters *counters;
    _Atomic int highest; /* no connection has a higher descriptor */
    uint64_t look_us;    /* the next look; this, `missed_us` and `receiving` are used only by libzmq's thread */
    uint64_t missed_us;  /* by which looks were late: the daemon had no processor, and what peers sent waited */
    int receiving;       /* descriptor of the connection that received last */
    struct connection lines[SKS_MAX_DESCRIPTORS];
} book;

void
sks_connections_guard (sks_counters *counters)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit))
        return;
    if (limit.rlim_cur < SKS_MAX_DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max < SKS_MAX_DESCRIPTORS ? limit.rlim_max : SKS_MAX_DESCRIPTORS;
        setrlimit (RLIMIT_NOFILE, &limit);
        getrlimit (RLIMIT_NOFILE, &limit);
    }
    int max = limit.rlim_cur < SKS_MAX_DESCRIPTORS ? (int) limit.rlim_cur : SKS_MAX_DESCRIPTORS;
    book.counters = counters;
    atomic_store (&book.counting, true);
    atomic_store (&book.end, max > 2 * RESERVE ? max - RESERVE : max / 2);
}

void
sks_connections_release (void)
{
    atomic_store (&book.counting, false);
}

/* The row of a descriptor; NULL if it is not a connection. */
static struct connection *
find (int descriptor)
{
    if (descriptor < 0 || descriptor >= SKS_MAX_DESCRIPTORS)
        return NULL;
    struct connection *connection = &book.lines[descriptor];
    return atomic_load_explicit (&connection->serial, memory_order_relaxed) ? connection : NULL;
}

/* Log a reason the 1st, 2nd, 4th, 8th time and so on. */
static void
report (int reason)
{
    uint64_t total = 1 + atomic_fetch_add_explicit (&book.ended[reason], 1, memory_order_relaxed);
    if ((total & (total - 1)) == 0)
        sks_log (SKS_LOG_WARN, reason == FEW_DESCRIPTORS ? "connection_refused" : "connection_ended",
                 "reason=\"%s\" total=%" PRIu64, reasons[reason], total);
}

/* ---------------------------------------------------------------- begin, end */
/* End a connection. libzmq then reads the end of the stream and closes the descriptor. */
static void
end (int descriptor, int reason)
{
    struct connection *connection = &book.lines[descriptor];
    if (connection->ended)
        return;
    connection->ended = true;
    shutdown (descriptor, SHUT_RDWR);
    report (reason);
}

/* End a connection that is too old. Each new connection checks one row, so all rows are checked once per
 * SKS_MAX_DESCRIPTORS connections. */
static void
end_old (uint64_t newest)
{
    int descriptor = (int) (newest % SKS_MAX_DESCRIPTORS);
    uint64_t serial = atomic_load_explicit (&book.lines[descriptor].serial, memory_order_relaxed);
    if (serial && newest - serial >= MAX_YOUNGER)
        end (descriptor, OLD);
}

bool
sks_connections_accept (int descriptor)
{
    int end = atomic_load_explicit (&book.end, memory_order_relaxed);
    if (!end)
        return true;
    if (descriptor >= end) {
        sks_counters_drop (book.counters, SKS_DROPPED_CONNECTIONS);
        report (FEW_DESCRIPTORS);
        return false;
    }
    struct connection *connection = &book.lines[descriptor];
    uint64_t serial = 1 + atomic_fetch_add_explicit (&book.accepted, 1, memory_order_relaxed);
    connection->left = connection->ended = connection->sent = false;
    connection->unsent = 0;
    connection->heard_us = sks_clock_us ();
    connection->begin_us = connection->taken_us = connection->heard_us - book.missed_us;
    if (!book.look_us)
        book.look_us = connection->heard_us + LOOK_US;
    if (descriptor > atomic_load_explicit (&book.highest, memory_order_relaxed))
        atomic_store_explicit (&book.highest, descriptor, memory_order_relaxed);
    connection->stream = (sks_zmtp) { 0 };
    connection->rest_end_us = connection->pause_end_us = connection->pause_us = 0;
    atomic_store_explicit (&connection->refused, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->wrong, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->ahead, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->owing_end_us, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->untaken, 0, memory_order_release);
    atomic_store_explicit (&connection->serial, serial, memory_order_relaxed);
    end_old (serial);
    return true;
}

bool
sks_connections_has (int descriptor)
{
    return find (descriptor) != NULL;
}

void
sks_connections_leave (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (connection && !connection->ended)
        connection->left = true;
}

void
sks_connections_close (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (!connection)
        return;
    atomic_store_explicit (&connection->serial, 0, memory_order_relaxed);
    if (!connection->left && atomic_load_explicit (&book.counting, memory_order_relaxed))
        sks_counters_drop (book.counters, SKS_DROPPED_CUT);
}

uint64_t
sks_connections_count (void)
{
    return atomic_load_explicit (&book.accepted, memory_order_relaxed);
}

void
sks_connections_skip (uint64_t count)
{
    atomic_fetch_add_explicit (&book.accepted, count, memory_order_relaxed);
}

void
sks_connections_end (int descriptor, uint64_t count)
{
    struct connection *connection = find (descriptor);
    uint64_t serial = connection ? atomic_load_explicit (&connection->serial, memory_order_relaxed) : 0;
    if (serial && serial <= count)
        atomic_store_explicit (&connection->doomed, serial, memory_order_relaxed);
}

/* --------------------------------------------------------------------- look */
/* libzmq can check connections itself, with timers. But it searches all timers to cancel one, so 10,000 connections
 * that end at once keep it busy for 5 to 20 seconds. */
uint64_t
sks_connections_look_us (void)
{
    return book.look_us;
}

void
sks_connections_sent (int descriptor, const unsigned char *bytes, size_t size)
{
    struct connection *connection = find (descriptor);
    if (!connection)
        return;
    sks_zmtp_answer (&connection->stream, bytes, size);
    connection->sent = true;
    connection->unsent = 0;
}

/* Whether the peer has read bytes since the last look, or has none to read. It has read some if the kernel accepted
 * more bytes, or if fewer bytes are waiting. */
static bool
is_reading (struct connection *connection, int descriptor)
{
    int before = connection->unsent;
    if (!connection->sent)
        return true;
    if (ioctl (descriptor, SIOCOUTQ, &connection->unsent))
        connection->unsent = 0;
    connection->sent = connection->unsent > 0;
    return !connection->sent || connection->unsent != before;
}

/* Signed: a connection that was accepted before a late look begins after it, in time of looks. */
static int
judge (struct connection *connection, int descriptor, uint64_t now_us)
{
    if (atomic_load_explicit (&connection->revoked, memory_order_relaxed) ==
        atomic_load_explicit (&connection->serial, memory_order_relaxed))
        return NO_KEY;
    if (!sks_zmtp_handshake_done (&connection->stream))
        return (int64_t) (now_us - connection->begin_us) >= SKS_MAX_HANDSHAKE_MS * 1000 ? NO_HANDSHAKE : 0;
    if (is_reading (connection, descriptor))
        connection->taken_us = now_us;
    return (int64_t) (now_us - connection->taken_us) >= SKS_MAX_SILENCE_MS * 1000 ? DEAF : 0;
}

void
sks_connections_look (uint64_t now_us)
{
    int highest = 0, end_at = atomic_load_explicit (&book.highest, memory_order_relaxed);
    if (!book.look_us || now_us < book.look_us)
        return;
    book.missed_us += now_us - book.look_us;
    for (int descriptor = 0; descriptor <= end_at; descriptor++) {
        struct connection *connection = find (descriptor);
        if (!connection)
            continue;
        highest = descriptor;
        int reason = judge (connection, descriptor, now_us - book.missed_us);
        if (reason)
            end (descriptor, reason);
    }
    atomic_store_explicit (&book.highest, highest, memory_order_relaxed);
    book.look_us = highest ? now_us + LOOK_US : 0;
}

/* --------------------------------------------------------------------- keys */
void
sks_connections_name_key (const unsigned char key[SKS_PUBLIC_KEY_BYTES])
{
    struct connection *connection = find (book.receiving);
    uint64_t words[SKS_PUBLIC_KEY_BYTES / sizeof (uint64_t)];
    if (!connection)
        return;
    memcpy (words, key, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        atomic_store_explicit (&connection->key[i], words[i], memory_order_relaxed);
    uint64_t serial = atomic_load_explicit (&connection->serial, memory_order_relaxed);
    atomic_store_explicit (&connection->keyed, serial, memory_order_release);
}

/* Another connection may reuse the row at any time; the stored serial then does not match it. */
void
sks_connections_check_keys (bool (*accepts) (const void *context, const unsigned char key[SKS_PUBLIC_KEY_BYTES]),
                            const void *context)
{
    int highest = atomic_load_explicit (&book.highest, memory_order_relaxed);
    for (int descriptor = 0; descriptor <= highest; descriptor++) {
        struct connection *connection = find (descriptor);
        uint64_t words[SKS_PUBLIC_KEY_BYTES / sizeof (uint64_t)];
        unsigned char key[sizeof words];
        uint64_t serial = connection ? atomic_load_explicit (&connection->keyed, memory_order_acquire) : 0;
        if (!serial)
            continue;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            words[i] = atomic_load_explicit (&connection->key[i], memory_order_relaxed);
        memcpy (key, words, sizeof key);
        atomic_store_explicit (&connection->revoked, accepts (context, key) ? 0 : serial, memory_order_relaxed);
    }
}

/* --------------------------------------------------------------------- rest */
void
sks_connections_refused (int descriptor, size_t size)
{
    struct connection *connection = find (descriptor);
    uint32_t weight = 1 + (uint32_t) (size / SKS_REFUSAL_BYTES);
    if (connection)
        atomic_fetch_add_explicit (&connection->refused, weight, memory_order_relaxed);
}

void
sks_connections_judged (int descriptor, size_t wrong)
{
    struct connection *connection = find (descriptor);
    if (connection && !wrong) {
        atomic_store_explicit (&connection->wrong, 0, memory_order_relaxed);
        atomic_store_explicit (&connection->ahead, 0, memory_order_relaxed);
        atomic_store_explicit (&connection->owing_end_us, 0, memory_order_relaxed);
    } else if (connection)
        atomic_fetch_add_explicit (&connection->wrong, (uint32_t) (wrong / SKS_WRONG_BYTES), memory_order_relaxed);
}

bool
sks_connections_suspect (int descriptor, size_t size)
{
    struct connection *connection = find (descriptor);
    bool counts = connection && atomic_load_explicit (&connection->wrong, memory_order_relaxed) >= SUSPECT;
    if (counts)
        atomic_fetch_add_explicit (&connection->wrong, (uint32_t) (size / SKS_WRONG_BYTES), memory_order_relaxed);
    return counts;
}

bool
sks_connections_owes (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (!connection)
        return false;
    uint64_t end_us = atomic_load_explicit (&connection->owing_end_us, memory_order_relaxed);
    return atomic_load_explicit (&connection->wrong, memory_order_relaxed) >= SKS_MAX_REFUSALS ||
           (end_us && sks_clock_us () < end_us);
}

/* A rest pays for SKS_MAX_REFUSALS; the remainder counts toward the next rest. When the limit is reached, the large
 * requests under way may already cause several times its work. */
static void
pay (struct connection *c)
{
    uint32_t refused = atomic_exchange_explicit (&c->refused, 0, memory_order_relaxed);
    uint32_t wrong = atomic_exchange_explicit (&c->wrong, 0, memory_order_relaxed);
    uint32_t paid = refused < SKS_MAX_REFUSALS ? refused : SKS_MAX_REFUSALS;
    uint32_t left = SKS_MAX_REFUSALS - paid;
    atomic_fetch_add_explicit (&c->refused, refused - paid, memory_order_relaxed);
    atomic_fetch_add_explicit (&c->wrong, wrong > left ? wrong - left : 0, memory_order_relaxed);
    if (wrong >= SKS_MAX_REFUSALS)
        atomic_store_explicit (&c->owing_end_us, c->rest_end_us + FORGIVEN_US, memory_order_relaxed);
}

/* Add bytes of large requests that arrived, and subtract what is forgiven. Returns the sum. */
static uint32_t
add_ahead (struct connection *c, uint64_t now_us, size_t more)
{
    uint64_t forgiven = (now_us - c->forgiven_us) * FORGIVEN_BYTES;
    uint32_t before = atomic_load_explicit (&c->ahead, memory_order_relaxed), now;
    do
        now = (uint32_t) ((before > forgiven ? before - forgiven : 0) + more);
    while (
        !atomic_compare_exchange_weak_explicit (&c->ahead, &before, now, memory_order_relaxed, memory_order_relaxed));
    c->forgiven_us = now_us;
    return now;
}

/* Until when nothing is read because of large requests that no worker has read; 0: read now. A short pause is enough
 * if the workers read them soon. */
static uint64_t
pause_end (struct connection *c)
{
    if (!c->pause_end_us && atomic_load_explicit (&c->ahead, memory_order_relaxed) <= SKS_MAX_AHEAD_BYTES)
        return 0;
    uint64_t now_us = sks_clock_us ();
    if (now_us < c->pause_end_us)
        return c->pause_end_us;
    if (add_ahead (c, now_us, 0) <= SKS_MAX_AHEAD_BYTES)
        return c->pause_end_us = c->pause_us = 0;
    c->pause_us = !c->pause_us                         ? FIRST_PAUSE_US
                  : 2 * c->pause_us < LONGEST_PAUSE_US ? 2 * c->pause_us
                                                       : LONGEST_PAUSE_US;
    return c->pause_end_us = now_us + c->pause_us;
}

uint64_t
sks_connections_rest (int descriptor)
{
    struct connection *c = find (descriptor);
    if (!c)
        return 0;
    bool enough = atomic_load_explicit (&c->refused, memory_order_relaxed) +
                      atomic_load_explicit (&c->wrong, memory_order_relaxed) >=
                  SKS_MAX_REFUSALS;
    if (!enough && !c->rest_end_us)
        return pause_end (c);
    uint64_t now_us = sks_clock_us ();
    if (now_us < c->rest_end_us)
        return c->rest_end_us;
    if (!enough)
        return pause_end (c);
    bool first = !c->rest_end_us || now_us - c->rest_end_us > FORGIVEN_US;
    c->rest_us = first ? FIRST_REST_US : 2 * c->rest_us < LONGEST_REST_US ? 2 * c->rest_us : LONGEST_REST_US;
    c->rest_end_us = now_us + c->rest_us;
    pay (c);
    return c->rest_end_us;
}

void
sks_connections_wake (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (!connection || (!connection->rest_end_us && !connection->pause_end_us))
        return;
    connection->rest_end_us = sks_clock_us ();
    connection->pause_end_us = 0;
    atomic_store_explicit (&connection->refused, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->wrong, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->ahead, 0, memory_order_relaxed);
}

/* --------------------------------------------------------------------- bytes */
void
sks_connections_taken (int descriptor)
{
    /* Also for a closed connection: this acquires the bytes that within_limit released. libzmq orders them as well,
     * but it is not built for ThreadSanitizer. */
    if (descriptor >= 0 && descriptor < SKS_MAX_DESCRIPTORS)
        atomic_exchange_explicit (&book.lines[descriptor].untaken, 0, memory_order_acq_rel);
}

/* Count `more` bytes. False if they exceed the limit. */
static bool
within_limit (struct connection *connection, size_t more)
{
    uint64_t now_us = sks_clock_us (), spared = (now_us - connection->heard_us) * HEARTBEAT_BYTES / 1000000;
    uint32_t before = atomic_load_explicit (&connection->untaken, memory_order_relaxed);
    uint64_t now;
    do
        now = (before > spared ? before - spared : 0) + more;
    while (!atomic_compare_exchange_weak_explicit (&connection->untaken, &before, (uint32_t) now, memory_order_release,
                                                   memory_order_relaxed));
    connection->heard_us = now_us;
    return now <= SKS_MAX_UNTAKEN_BYTES;
}

bool
sks_connections_receive (int descriptor, unsigned char *bytes, size_t size)
{
    struct connection *connection = find (descriptor);
    if (!connection)
        return true;
    book.receiving = descriptor;
    int reason = sks_zmtp_follow (&connection->stream, bytes, size);
    if (!reason && !within_limit (connection, size))
        reason = UNTAKEN;
    if (sks_zmtp_frame_bytes (&connection->stream) > SKS_SMALL_REQUEST_BYTES)
        add_ahead (connection, connection->heard_us, size);
    if (!reason && atomic_load_explicit (&connection->doomed, memory_order_relaxed) ==
                       atomic_load_explicit (&connection->serial, memory_order_relaxed))
        reason = MANY_FRAMES;
    if (reason)
        report (reason);
    return !reason;
}
