/* accept.c - accept4(2) with a reserve.
 *
 * A dynamic library's call finds the program's function first, so this one is
 * what libzmq calls. The kernel gives the lowest free number: one near the limit
 * tells that nearly all are taken. It knows no socket of libzmq's. */
#include "accept.h"

#include "../core/log.h"
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WANTED_DESCRIPTORS 65536
#define RESERVE 64  /* files of a new generation, sockets between threads */

static struct {
    _Atomic int end;  /* connections have numbers below; 0: any */
    sks_counters *counters;
} guard;

void
sks_accept_guard (sks_counters *counters)
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
    atomic_store (&guard.end, most > 2 * RESERVE ? most - RESERVE : most / 2);
}

/* Count, and log it once in a while: the 1st, 2nd, 4th, 8th time and so on. */
static void
tell (void)
{
    sks_counters_drop (guard.counters, SKS_DROPPED_CONNECTIONS);
    uint64_t many = atomic_load (&guard.counters->dropped[SKS_DROPPED_CONNECTIONS]);
    if ((many & (many - 1)) == 0)
        sks_log (SKS_LOG_WARN, "connection_refused", "reason=\"few descriptors are left\" total=%" PRIu64,
                 many);
}

/* Visible although the program is built with hidden symbols. */
__attribute__ ((visibility ("default"))) int
accept4 (int listener, struct sockaddr *address, socklen_t *size, int flags)
{
    int end = atomic_load_explicit (&guard.end, memory_order_relaxed);
    int connection = (int) syscall (SYS_accept4, listener, address, size, flags);
    if (connection < end || !end)
        return connection;
    close (connection);
    tell ();
    errno = ECONNABORTED;
    return -1;
}
