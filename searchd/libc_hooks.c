/* libc_hooks.c - each function calls only the one that it replaces, and those of connections.h and signals.h. They are
 * visible although the program is built with hidden symbols.
 *
 * A client with keys sends its metadata encrypted. libzmq decrypts it in one piece, the box of the command INITIATE
 * (RFC 26): the client's key, a nonce and a vouch, then the metadata, which may contain a name. */
#include "libc_hooks.h"

#include "connections.h"
#include "core/base/clock.h"
#include "signals.h"
#include "zmtp.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOOK __attribute__ ((visibility ("default")))
#define INITIATE "CurveZMQINITIATE" /* the beginning of its nonce */
#define METADATA (crypto_box_ZEROBYTES + 32 + 16 + 80)

/* Marks event data that has a descriptor in its lower half; no address has this upper half. */
#define CONNECTION UINT64_C (0xffffffff00000000)

#define COMMAND 2 /* a flag inside a CURVE message */
#define LOST (EPOLLERR | EPOLLHUP)

static _Atomic bool accepted, opened;
/* The events that libzmq requested for connections, and those that the kernel was asked for. Used only by its
 * thread. */
static struct epoll_event asked[SKS_MAX_DESCRIPTORS];
static uint32_t watched[SKS_MAX_DESCRIPTORS];

/* Connections that libzmq has begun to write to. It requests output for each message, writes the message, and withdraws
 * the request when the next output event finds nothing left, which takes three system calls. So the first such event is
 * reported without asking the kernel, which is asked only if the request is still there. Used only by libzmq's
 * thread. */
static struct {
    int descriptors[SKS_MAX_DESCRIPTORS];
    size_t count;
    bool listed[SKS_MAX_DESCRIPTORS];
    enum { NO_OUTPUT, WANTED, REPORTED } state[SKS_MAX_DESCRIPTORS];
} writes;

/* Connections that rest: their input is not reported. Used only by libzmq's thread, the only one that waits for
 * `set`. */
static struct {
    _Atomic int set; /* the epoll descriptor with the connections; 0: none yet */
    int descriptors[SKS_MAX_DESCRIPTORS];
    size_t count;
    bool listed[SKS_MAX_DESCRIPTORS];
    uint64_t next_us; /* when the first rest ends */
} rests;

bool
sks_libc_hooks_accepted (void)
{
    return atomic_load_explicit (&accepted, memory_order_relaxed);
}

bool
sks_libc_hooks_opened (void)
{
    return atomic_load_explicit (&opened, memory_order_relaxed);
}

HOOK int
accept4 (int listener, struct sockaddr *address, socklen_t *size, int flags)
{
    int connection = (int) syscall (SYS_accept4, listener, address, size, flags);
    if (connection < 0)
        return connection;
    atomic_store_explicit (&accepted, true, memory_order_relaxed);
    if (sks_connections_accept (connection))
        return connection;
    close (connection);
    errno = ECONNABORTED;
    return -1;
}

/* glibc's close under another name. A direct system call would hide the end of the descriptor from
 * ThreadSanitizer. */
int __close (int descriptor);
int __poll (struct pollfd *descriptors, nfds_t count, int timeout);

HOOK int
close (int descriptor)
{
    sks_connections_close (descriptor);
    sks_signals_close (descriptor);
    return __close (descriptor);
}

HOOK ssize_t
send (int descriptor, const void *bytes, size_t size, int flags)
{
    ssize_t sent = syscall (SYS_sendto, descriptor, bytes, size, flags, NULL, 0);
    if (sent > 0)
        sks_connections_sent (descriptor, bytes, size);
    return sent;
}

HOOK ssize_t
recv (int descriptor, void *bytes, size_t size, int flags)
{
    if (sks_connections_rest (descriptor)) {
        errno = EAGAIN;
        return -1;
    }
    ssize_t got = syscall (SYS_recvfrom, descriptor, bytes, size, flags, NULL, NULL);
    if (got <= 0 && (got == 0 || (errno != EAGAIN && errno != EINTR)))
        sks_connections_leave (descriptor);
    if (got <= 0 || sks_connections_receive (descriptor, bytes, (size_t) got))
        return got;
    errno = ECONNRESET;
    return -1;
}

/* Request the events that libzmq requested, except input from a connection that rests. */
static int
ask (int set, int operation, int descriptor)
{
    struct epoll_event ours = { .events = asked[descriptor].events, .data.u64 = CONNECTION | (uint32_t) descriptor };
    uint64_t end_us = sks_connections_rest (descriptor);
    if (end_us) {
        ours.events &= ~(uint32_t) EPOLLIN;
        if (!rests.count || end_us < rests.next_us)
            rests.next_us = end_us;
        if (!rests.listed[descriptor])
            rests.descriptors[rests.count++] = descriptor;
        rests.listed[descriptor] = true;
    }
    /* The kernel reports errors even if no event is requested. With EPOLLET it reports them once instead of without
     * end. */
    if (!ours.events)
        ours.events = EPOLLET;
    watched[descriptor] = ours.events;
    writes.state[descriptor] = NO_OUTPUT;
    return (int) syscall (SYS_epoll_ctl, set, operation, descriptor, &ours);
}

/* Whether a change of the request for output need not be known to the kernel yet. */
static bool
defer (int descriptor)
{
    uint32_t wanted = asked[descriptor].events;
    if ((wanted & ~(uint32_t) EPOLLOUT) != watched[descriptor])
        return false;
    if (!(wanted & EPOLLOUT)) {
        writes.state[descriptor] = NO_OUTPUT;
        return true;
    }
    if (writes.state[descriptor] == NO_OUTPUT)
        writes.state[descriptor] = WANTED;
    if (!writes.listed[descriptor])
        writes.descriptors[writes.count++] = descriptor;
    writes.listed[descriptor] = true;
    return true;
}

/* Report output for the connections that wait for the first such event, and ask the kernel for those that had it and
 * still have bytes to write. Returns the number of events. */
static int
report_writes (int set, struct epoll_event *events, int max)
{
    int count = 0;
    size_t left = 0;
    for (size_t i = 0; i < writes.count; i++) {
        int descriptor = writes.descriptors[i];
        bool first = writes.state[descriptor] == WANTED;
        if (first && count < max) {
            events[count++] = (struct epoll_event) { .events = EPOLLOUT, .data = asked[descriptor].data };
            writes.state[descriptor] = REPORTED;
        } else if (writes.state[descriptor] == REPORTED) {
            ask (set, EPOLL_CTL_MOD, descriptor);
        }
        writes.listed[descriptor] = first;
        if (first)
            writes.descriptors[left++] = descriptor;
    }
    writes.count = left;
    return count;
}

HOOK int
epoll_ctl (int set, int operation, int descriptor, struct epoll_event *event)
{
    if (sks_signals_has (descriptor))
        return sks_signals_control (set, operation, descriptor, event);
    bool known = sks_connections_has (descriptor);
    if (known && operation == EPOLL_CTL_DEL)
        writes.state[descriptor] = NO_OUTPUT;
    if (!known || operation == EPOLL_CTL_DEL)
        return (int) syscall (SYS_epoll_ctl, set, operation, descriptor, event);
    atomic_store_explicit (&rests.set, set, memory_order_relaxed);
    asked[descriptor] = *event;
    return operation == EPOLL_CTL_MOD && defer (descriptor) ? 0 : ask (set, operation, descriptor);
}

/* Milliseconds until a rest ends or a check of all connections is due, or the timeout if that is earlier. */
static int
shorten (int timeout)
{
    uint64_t due_us = sks_connections_look_us ();
    if (rests.count && (!due_us || rests.next_us < due_us))
        due_us = rests.next_us;
    if (!due_us)
        return timeout;
    uint64_t now_us = sks_clock_us ();
    int left = due_us > now_us ? (int) ((due_us - now_us + 999) / 1000) : 0;
    return timeout < 0 || left < timeout ? left : timeout;
}

/* Request input again from connections whose rest is over. Connections that are closed, or no longer rest, leave the
 * list. */
static void
end_rests (int set)
{
    size_t count = rests.count;
    if (!count || sks_clock_us () < rests.next_us)
        return;
    rests.count = 0;
    for (size_t i = 0; i < count; i++) {
        int descriptor = rests.descriptors[i];
        rests.listed[descriptor] = false;
        if (sks_connections_has (descriptor))
            ask (set, EPOLL_CTL_MOD, descriptor);
    }
}

/* Change an event of a connection into one that libzmq requested. */
static void
translate (int set, struct epoll_event *event)
{
    int descriptor = (int) (uint32_t) event->data.u64;
    const struct epoll_event *wanted = &asked[descriptor];
    if (event->events & LOST) {
        sks_connections_wake (descriptor);
        event->events = (event->events & ~(uint32_t) LOST) | (wanted->events & EPOLLIN);
    } else if (event->events & EPOLLIN && sks_connections_rest (descriptor)) {
        ask (set, EPOLL_CTL_MOD, descriptor);
        event->events &= ~(uint32_t) EPOLLIN;
    }
    event->data = wanted->data;
}

HOOK int
epoll_wait (int set, struct epoll_event *events, int max, int timeout)
{
    bool ours = set == atomic_load_explicit (&rests.set, memory_order_relaxed);
    int writable = ours && writes.count ? report_writes (set, events, max) : 0;
    if (writable)
        return writable;
    int count = sks_signals_wait (set, events, max, ours ? shorten (timeout) : timeout);
    if (ours) {
        int cause = errno;
        end_rests (set);
        sks_connections_look (sks_clock_us ());
        errno = cause;
    }
    for (struct epoll_event *event = events; event < events + count; event++)
        if ((event->data.u64 & CONNECTION) == CONNECTION)
            translate (set, event);
    return count;
}

/* ------------------------------------------------------------------ signals */
HOOK int
eventfd (unsigned count, int flags)
{
    int descriptor = (int) syscall (SYS_eventfd2, count, flags);
    sks_signals_create (descriptor, count);
    return descriptor;
}

HOOK ssize_t
write (int descriptor, const void *bytes, size_t size)
{
    return sks_signals_write (descriptor, bytes, size);
}

HOOK ssize_t
read (int descriptor, void *bytes, size_t size)
{
    return sks_signals_read (descriptor, bytes, size);
}

/* glibc declares that poll does not read the descriptors. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
HOOK int
poll (struct pollfd *descriptors, nfds_t count, int timeout)
{
    bool readable = false;
    if (count != 1 || timeout || !sks_signals_poll (descriptors->fd, &readable))
        return __poll (descriptors, count, timeout);
    descriptors->revents = readable ? POLLIN : 0;
    return readable;
}
#pragma GCC diagnostic pop

/* ------------------------------------------------------------------ process */
static _Atomic pid_t process;

static void
forget_process (void)
{
    atomic_store_explicit (&process, 0, memory_order_relaxed);
}

/* libzmq compares the number with an earlier one for each signal between its threads, ten times for a request. */
HOOK pid_t
getpid (void)
{
    static _Atomic bool forgets;
    pid_t number = atomic_load_explicit (&process, memory_order_relaxed);
    if (number)
        return number;
    if (!atomic_exchange (&forgets, true))
        pthread_atfork (NULL, NULL, forget_process);
    number = (pid_t) syscall (SYS_getpid);
    atomic_store_explicit (&process, number, memory_order_relaxed);
    return number;
}

/* -------------------------------------------------------------------- boxes */
HOOK int
crypto_box_open (unsigned char *plain, const unsigned char *box, unsigned long long size, const unsigned char *nonce,
                 const unsigned char *public_key, const unsigned char *secret_key)
{
    int failed = crypto_box_curve25519xsalsa20poly1305_open (plain, box, size, nonce, public_key, secret_key);
    if (failed || memcmp (nonce, INITIATE, strlen (INITIATE)) != 0 || size < METADATA)
        return failed;
    atomic_store_explicit (&opened, true, memory_order_relaxed);
    sks_connections_name_key (plain + crypto_box_ZEROBYTES);
    sks_zmtp_hide_names (plain + METADATA, (size_t) size - METADATA, 0);
    return 0;
}

/* Decrypts all later commands and messages of such a client: flags, then the content. */
HOOK int
crypto_box_open_afternm (unsigned char *plain, const unsigned char *box, unsigned long long size,
                         const unsigned char *nonce, const unsigned char *key)
{
    int failed = crypto_box_curve25519xsalsa20poly1305_open_afternm (plain, box, size, nonce, key);
    if (!failed && size > crypto_box_ZEROBYTES && plain[crypto_box_ZEROBYTES] & COMMAND)
        sks_zmtp_hide_ttl (plain + crypto_box_ZEROBYTES + 1, (size_t) size - crypto_box_ZEROBYTES - 1);
    return failed;
}
