/* libc_hooks.c - the functions, and nothing but the call of what they stand for
 * and of connections.h. They are visible although the program is built with
 * hidden symbols.
 *
 * A client with keys sends its metadata encrypted. libzmq decrypts it in one
 * piece, the box of the command INITIATE (RFC 26): the client's key, a nonce and
 * a vouch, then the metadata, in which a name may stand. */
#include "libc_hooks.h"

#include "connections.h"
#include "zmtp.h"

#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOOK __attribute__ ((visibility ("default")))
#define INITIATE "CurveZMQINITIATE" /* its nonce begins so */
#define METADATA (crypto_box_ZEROBYTES + 32 + 16 + 80)

#define CONNECTION UINT64_C (0xffffffff00000000) /* no address: the lower half is a descriptor */

#define LOST (EPOLLERR | EPOLLHUP)

static _Atomic bool accepted, opened;
static struct epoll_event asked[SKS_MAX_DESCRIPTORS]; /* for connections; libzmq's thread's alone */

bool
sks_hooks_accepted (void)
{
    return atomic_load_explicit (&accepted, memory_order_relaxed);
}

bool
sks_hooks_opened (void)
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

HOOK int
close (int descriptor)
{
    sks_connections_close (descriptor);
    return (int) syscall (SYS_close, descriptor);
}

HOOK ssize_t
recv (int descriptor, void *bytes, size_t size, int flags)
{
    ssize_t got = syscall (SYS_recvfrom, descriptor, bytes, size, flags, NULL, NULL);
    if (got <= 0 && (got == 0 || (errno != EAGAIN && errno != EINTR)))
        sks_connections_leave (descriptor);
    if (got <= 0 || sks_connections_receive (descriptor, bytes, (size_t) got))
        return got;
    errno = ECONNRESET;
    return -1;
}

HOOK int
epoll_ctl (int set, int operation, int descriptor, struct epoll_event *event)
{
    struct epoll_event ours;
    if (operation != EPOLL_CTL_DEL && sks_connections_has (descriptor)) {
        asked[descriptor] = ours = *event;
        /* Once, or it would be reported without end. */
        if (!ours.events)
            ours.events = EPOLLET;
        ours.data.u64 = CONNECTION | (uint32_t) descriptor;
        event = &ours;
    }
    return (int) syscall (SYS_epoll_ctl, set, operation, descriptor, event);
}

HOOK int
epoll_wait (int set, struct epoll_event *events, int most, int timeout)
{
    int count = (int) syscall (SYS_epoll_wait, set, events, most, timeout);
    for (struct epoll_event *event = events; event < events + count; event++) {
        if ((event->data.u64 & CONNECTION) != CONNECTION)
            continue;
        const struct epoll_event *wanted = &asked[(uint32_t) event->data.u64];
        if (event->events & LOST)
            event->events = (event->events & ~(uint32_t) LOST) | (wanted->events & EPOLLIN);
        event->data = wanted->data;
    }
    return count;
}

HOOK int
crypto_box_open (unsigned char *plain, const unsigned char *box, unsigned long long size, const unsigned char *nonce,
                 const unsigned char *public_key, const unsigned char *secret_key)
{
    int failed = crypto_box_curve25519xsalsa20poly1305_open (plain, box, size, nonce, public_key, secret_key);
    if (failed || memcmp (nonce, INITIATE, strlen (INITIATE)) != 0 || size < METADATA)
        return failed;
    atomic_store_explicit (&opened, true, memory_order_relaxed);
    sks_zmtp_hide_names (plain + METADATA, (size_t) size - METADATA, 0);
    return 0;
}
