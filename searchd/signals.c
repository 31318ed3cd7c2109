/* signals.c - a sender adds to the count, then looks whether the receiver sleeps. A receiver announces that it sleeps,
 * then looks at the counts. Both do so in this order for all threads, so one of them sees the other. */
#include "signals.h"

#include "connections.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zmq.h>

/* Marks event data that has an eventfd in its lower half; no address has this upper half. */
#define SIGNAL UINT64_C (0xfffffffe00000000)
#define HALF UINT64_C (0xffffffff00000000)

/* glibc's functions under other names, because libc_hooks.c replaces them. */
ssize_t __write (int descriptor, const void *bytes, size_t size);
ssize_t __read (int descriptor, void *bytes, size_t size);

/* A descriptor, which may be an eventfd or an epoll set. What is not atomic belongs to the thread that waits for the
 * set. */
struct line {
    _Atomic bool known;     /* an eventfd whose count is kept */
    _Atomic uint64_t count; /* of signals that were not taken yet */
    _Atomic int set;        /* the set to which it was added last; 0: none */
    struct epoll_event wanted;
    int next;            /* the next eventfd of the set; 0: none */
    _Atomic int first;   /* of a set: its first eventfd; 0: none. Atomic as any thread may reuse the descriptor */
    bool passed;         /* of a set: the last wait did not ask the kernel */
    _Atomic bool asleep; /* of a set: its thread needs the kernel to wake it */
};

static struct line lines[SKS_MAX_DESCRIPTORS];

enum { WRITES = 1, READS = 2, POLLS = 4, ALL = WRITES | READS | POLLS };
static _Atomic bool begun;
static _Atomic int seen; /* functions that libzmq called for an eventfd */

static bool
is_within (int descriptor)
{
    return descriptor >= 0 && descriptor < SKS_MAX_DESCRIPTORS;
}

static struct line *
find (int descriptor)
{
    struct line *line = is_within (descriptor) ? &lines[descriptor] : NULL;
    return line && atomic_load_explicit (&line->known, memory_order_relaxed) ? line : NULL;
}

static int
first_of (int set)
{
    return atomic_load_explicit (&lines[set].first, memory_order_relaxed);
}

static void
see (int function)
{
    if (atomic_load_explicit (&seen, memory_order_relaxed) != ALL)
        atomic_fetch_or (&seen, function);
}

/* ------------------------------------------------------------------ begin */
/* Send a message inside the process. */
static void
try_libzmq (void)
{
    void *context = zmq_ctx_new (), *ends[2] = { NULL, NULL };
    char byte = 0;
    zmq_ctx_set (context, ZMQ_IO_THREADS, 0);
    for (size_t i = 0; i < 2; i++)
        ends[i] = zmq_socket (context, ZMQ_PAIR);
    if (ends[0] && ends[1] && zmq_bind (ends[0], "inproc://signals") == 0 &&
        zmq_connect (ends[1], "inproc://signals") == 0 && zmq_send (ends[0], &byte, 1, ZMQ_DONTWAIT) == 1)
        zmq_recv (ends[1], &byte, 1, ZMQ_DONTWAIT);
    for (size_t i = 0; i < 2; i++)
        if (ends[i])
            zmq_close (ends[i]);
    while (context && zmq_ctx_term (context) && errno == EINTR)
        ;
}

void
sks_signals_begin (void)
{
    atomic_store (&begun, true);
    try_libzmq ();
    atomic_store (&begun, atomic_load (&seen) == ALL);
}

void
sks_signals_create (int descriptor, unsigned count)
{
    if (!is_within (descriptor) || !atomic_load_explicit (&begun, memory_order_relaxed))
        return;
    struct line *line = &lines[descriptor];
    atomic_store_explicit (&line->count, count, memory_order_relaxed);
    atomic_store_explicit (&line->set, 0, memory_order_relaxed);
    atomic_store (&line->known, true);
}

void
sks_signals_close (int descriptor)
{
    if (!is_within (descriptor))
        return;
    if (first_of (descriptor))
        atomic_store_explicit (&lines[descriptor].first, 0, memory_order_relaxed);
    atomic_store_explicit (&lines[descriptor].known, false, memory_order_relaxed);
}

bool
sks_signals_has (int descriptor)
{
    return find (descriptor) != NULL;
}

/* ------------------------------------------------------------------ counts */
ssize_t
sks_signals_write (int descriptor, const void *bytes, size_t size)
{
    struct line *line = find (descriptor);
    uint64_t more;
    if (!line || size != sizeof more)
        return __write (descriptor, bytes, size);
    memcpy (&more, bytes, sizeof more);
    see (WRITES);
    atomic_fetch_add (&line->count, more);
    int set = atomic_load (&line->set);
    if (!set || (atomic_load (&lines[set].asleep) && atomic_exchange (&lines[set].asleep, false)))
        return __write (descriptor, bytes, size);
    return (ssize_t) size;
}

ssize_t
sks_signals_read (int descriptor, void *bytes, size_t size)
{
    struct line *line = find (descriptor);
    uint64_t count;
    if (!line || size != sizeof count)
        return __read (descriptor, bytes, size);
    see (READS);
    if (!atomic_load_explicit (&line->set, memory_order_relaxed)) {
        ssize_t got = __read (descriptor, &count, sizeof count);
        if (got == sizeof count)
            atomic_fetch_sub (&line->count, count);
        memcpy (bytes, &count, sizeof count);
        return got;
    }
    count = atomic_exchange (&line->count, 0);
    memcpy (bytes, &count, sizeof count);
    if (count)
        return sizeof count;
    errno = EAGAIN;
    return -1;
}

bool
sks_signals_poll (int descriptor, bool *readable)
{
    struct line *line = find (descriptor);
    if (!line)
        return false;
    see (POLLS);
    *readable = atomic_load (&line->count) > 0;
    return atomic_load_explicit (&line->set, memory_order_relaxed) != 0;
}

/* -------------------------------------------------------------------- sets */
/* Remove an eventfd from the list of a set; false if it is not there. */
static bool
unlink_line (int set, int descriptor)
{
    int before = 0, i = first_of (set);
    for (; i && i != descriptor; i = lines[i].next)
        before = i;
    if (i && before)
        lines[before].next = lines[i].next;
    else if (i)
        atomic_store_explicit (&lines[set].first, lines[i].next, memory_order_relaxed);
    return i != 0;
}

/* Put an eventfd at the front of the list of a set, which may have an earlier one of the same number that was closed. */
static void
link_line (int set, int descriptor)
{
    unlink_line (set, descriptor);
    lines[descriptor].next = first_of (set);
    atomic_store_explicit (&lines[set].first, descriptor, memory_order_relaxed);
    atomic_store (&lines[descriptor].set, set);
}

/* The kernel reports each write once, so the eventfd need not be read. What is wanted of it stays here. */
int
sks_signals_control (int set, int operation, int descriptor, struct epoll_event *event)
{
    if (!is_within (set))
        return (int) syscall (SYS_epoll_ctl, set, operation, descriptor, event);
    struct epoll_event ours = { .events = EPOLLIN | EPOLLET, .data.u64 = SIGNAL | (uint32_t) descriptor };
    if (syscall (SYS_epoll_ctl, set, operation, descriptor, &ours))
        return -1;
    if (operation == EPOLL_CTL_DEL)
        unlink_line (set, descriptor);
    else
        lines[descriptor].wanted = *event;
    if (operation == EPOLL_CTL_ADD)
        link_line (set, descriptor);
    return 0;
}

/* Whether an eventfd of a set has a signal that its receiver asked for. */
static bool
has_count (int descriptor)
{
    return lines[descriptor].wanted.events & EPOLLIN && atomic_load (&lines[descriptor].count);
}

static bool
has_signal (int set)
{
    int i = first_of (set);
    while (i && !has_count (i))
        i = lines[i].next;
    return i != 0;
}

/* Remove what only woke the thread. Returns the number of other events. */
static int
drop_wakes (struct epoll_event *events, int count)
{
    int left = 0;
    for (int i = 0; i < count; i++)
        if ((events[i].data.u64 & HALF) != SIGNAL)
            events[left++] = events[i];
    return left;
}

/* Add the signals to the events. Returns their number; -1 if there is none and the kernel reported a failure. */
static int
add_signals (int set, struct epoll_event *events, int count, int max)
{
    for (int i = first_of (set); i && count < max; i = lines[i].next)
        if (has_count (i)) {
            count = count < 0 ? 0 : count;
            events[count++] = (struct epoll_event) { .events = EPOLLIN, .data = lines[i].wanted.data };
        }
    return count;
}

/* Every second wait asks the kernel even if there is a signal, so that other descriptors have their turn. */
int
sks_signals_wait (int set, struct epoll_event *events, int max, int timeout)
{
    struct line *own = is_within (set) ? &lines[set] : NULL;
    if (!own || !first_of (set))
        return (int) syscall (SYS_epoll_wait, set, events, max, timeout);
    int count = 0;
    atomic_store (&own->asleep, true);
    bool ready = has_signal (set);
    own->passed = ready && !own->passed;
    if (!own->passed)
        count = (int) syscall (SYS_epoll_wait, set, events, max, ready ? 0 : timeout);
    atomic_store (&own->asleep, false);
    if (count > 0)
        count = drop_wakes (events, count);
    return add_signals (set, events, count, max);
}
