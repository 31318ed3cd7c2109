/* connections.c - accept4(2), recv(2) and close(2) with a book of connections.
 *
 * A dynamic library's call finds the program's function first, so these are what
 * libzmq calls. The kernel gives the lowest free number: one near the limit tells
 * that nearly all are taken, and a table by number is enough. A line of it belongs
 * to libzmq's thread, but for the bytes, which the taker of messages sets to 0. */
#include "connections.h"

#include "log.h"
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WANTED_DESCRIPTORS 65536
#define RESERVE 64          /* files of a new generation, sockets between threads */
#define HEARTBEAT_BYTES 256 /* a second, not held against a connection: they are never taken */

struct connection {
    _Atomic bool open;        /* it was accepted, and not closed since */
    bool left;                /* its peer ended it */
    _Atomic uint32_t untaken; /* bytes since a message was taken */
    uint64_t heard_us;        /* sks_clock_us of the last ones */
};

static struct {
    _Atomic int end; /* connections have numbers below; 0: any */
    _Atomic bool counting;
    sks_counters *counters;
    struct connection book[WANTED_DESCRIPTORS];
} guard;

void
sks_connections_guard (sks_counters *counters)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit))
        return;
    if (limit.rlim_cur < WANTED_DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max < WANTED_DESCRIPTORS ? limit.rlim_max : WANTED_DESCRIPTORS;
        setrlimit (RLIMIT_NOFILE, &limit);
        getrlimit (RLIMIT_NOFILE, &limit);
    }
    int most = limit.rlim_cur < WANTED_DESCRIPTORS ? (int) limit.rlim_cur : WANTED_DESCRIPTORS;
    guard.counters = counters;
    atomic_store (&guard.counting, true);
    atomic_store (&guard.end, most > 2 * RESERVE ? most - RESERVE : most / 2);
}

void
sks_connections_release (void)
{
    atomic_store (&guard.counting, false);
}

/* Its line in the book; NULL when the descriptor is no connection of ours. */
static struct connection *
find (int descriptor)
{
    if (descriptor < 0 || descriptor >= WANTED_DESCRIPTORS)
        return NULL;
    struct connection *connection = &guard.book[descriptor];
    return atomic_load_explicit (&connection->open, memory_order_relaxed) ? connection : NULL;
}

/* Count, and log it once in a while: the 1st, 2nd, 4th, 8th time and so on. */
static void
tell (void)
{
    sks_counters_drop (guard.counters, SKS_DROPPED_CONNECTIONS);
    uint64_t many = atomic_load (&guard.counters->dropped[SKS_DROPPED_CONNECTIONS]);
    if ((many & (many - 1)) == 0)
        sks_log (SKS_LOG_WARN, "connection_refused", "reason=\"few descriptors are left\" total=%" PRIu64, many);
}

/* ---------------------------------------------------------------- begin, end */
static void
enter (int descriptor)
{
    struct connection *connection = &guard.book[descriptor];
    connection->left = false;
    connection->heard_us = sks_clock_us ();
    atomic_store_explicit (&connection->untaken, 0, memory_order_relaxed);
    atomic_store_explicit (&connection->open, true, memory_order_relaxed);
}

/* Visible although the program is built with hidden symbols. */
__attribute__ ((visibility ("default"))) int
accept4 (int listener, struct sockaddr *address, socklen_t *size, int flags)
{
    int end = atomic_load_explicit (&guard.end, memory_order_relaxed);
    int connection = (int) syscall (SYS_accept4, listener, address, size, flags);
    if (connection < 0 || !end)
        return connection;
    if (connection < end) {
        enter (connection);
        return connection;
    }
    close (connection);
    tell ();
    errno = ECONNABORTED;
    return -1;
}

__attribute__ ((visibility ("default"))) int
close (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (connection)
        atomic_store_explicit (&connection->open, false, memory_order_relaxed);
    if (connection && !connection->left && atomic_load_explicit (&guard.counting, memory_order_relaxed))
        sks_counters_drop (guard.counters, SKS_DROPPED_CUT);
    return (int) syscall (SYS_close, descriptor);
}

/* --------------------------------------------------------------------- bytes */
void
sks_connections_taken (int descriptor)
{
    struct connection *connection = find (descriptor);
    if (connection)
        atomic_store_explicit (&connection->untaken, 0, memory_order_relaxed);
}

/* Whether so many bytes more are not too many. */
static bool
bears (struct connection *connection, size_t more)
{
    uint64_t now_us = sks_clock_us (), spared = (now_us - connection->heard_us) * HEARTBEAT_BYTES / 1000000;
    uint32_t before = atomic_load_explicit (&connection->untaken, memory_order_relaxed);
    uint64_t now;
    do
        now = (before > spared ? before - spared : 0) + more;
    while (!atomic_compare_exchange_weak_explicit (&connection->untaken, &before, (uint32_t) now, memory_order_relaxed,
                                                   memory_order_relaxed));
    connection->heard_us = now_us;
    return now <= SKS_MAX_UNTAKEN_BYTES;
}

__attribute__ ((visibility ("default"))) ssize_t
recv (int descriptor, void *bytes, size_t size, int flags)
{
    ssize_t got = syscall (SYS_recvfrom, descriptor, bytes, size, flags, NULL, NULL);
    struct connection *connection = find (descriptor);
    if (!connection)
        return got;
    if (got <= 0) {
        connection->left = got == 0 || (errno != EAGAIN && errno != EINTR);
        return got;
    }
    if (bears (connection, (size_t) got))
        return got;
    errno = ECONNRESET;
    return -1;
}
