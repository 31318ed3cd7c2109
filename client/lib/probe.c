/* probe.c - a plain socket that reads only ZeroMQ's greeting. */
#include "probe.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The first 12 bytes of a greeting of ZMTP 3: its signature and the version.
 * A peer that receives them sends its own greeting to its end and waits for the rest
 * of ours, so its security mechanism is known before either side can refuse the other. */
static const unsigned char our_greeting[12] = { 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0 };

#define MECHANISM_AT 12
#define MECHANISM_BYTES 20
#define GREETING_BYTES (MECHANISM_AT + MECHANISM_BYTES)

/* 0 or the errno of the failure. */
static int
await_events (int fd, short events, sks_deadline deadline)
{
    struct pollfd item = { .fd = fd, .events = events };
    int ready;
    do
        ready = poll (&item, 1, sks_deadline_left (deadline));
    while (ready < 0 && errno == EINTR);
    return ready > 0 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

static int
finish_connect (int fd, sks_deadline deadline)
{
    int cause = await_events (fd, POLLOUT, deadline);
    socklen_t size = sizeof cause;
    if (cause)
        return cause;
    return getsockopt (fd, SOL_SOCKET, SO_ERROR, &cause, &size) == 0 ? cause : errno;
}

/* Failures of a greeting, in addition to errno values. */
enum { NO_GREETING = -1, WANTS_KEY = -2, HAS_NO_KEY = -3, SILENT = -4, CLOSED = -5 };

/* 0 when both sides agree on whether keys are used, else a failure of the greeting. */
static int
read_greeting (int fd, bool with_keys, sks_deadline deadline)
{
    unsigned char theirs[GREETING_BYTES];
    size_t have = 0;
    if (send (fd, our_greeting, sizeof our_greeting, MSG_NOSIGNAL) != (ssize_t) sizeof our_greeting)
        return CLOSED;
    while (have < sizeof theirs) {
        int cause = await_events (fd, POLLIN, deadline);
        if (cause)
            return cause == ETIMEDOUT ? SILENT : NO_GREETING;
        ssize_t got = recv (fd, theirs + have, sizeof theirs - have, 0);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
            return have ? NO_GREETING : CLOSED;
        have += got > 0 ? (size_t) got : 0;
    }
    if (theirs[0] != 0xFF || theirs[9] != 0x7F || theirs[10] < 3)
        return NO_GREETING;
    const char *wanted = with_keys ? "CURVE" : "NULL";
    if (strncmp ((char *) theirs + MECHANISM_AT, wanted, MECHANISM_BYTES) == 0)
        return 0;
    return with_keys ? HAS_NO_KEY : WANTS_KEY;
}

/* Connect, check the greeting, disconnect: 0, an errno or a failure of the greeting. */
static int
knock (const struct sockaddr *address, socklen_t size, bool with_keys, sks_deadline deadline)
{
    int fd = socket (address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int cause = connect (fd, address, size) == 0 ? 0 : errno;
    if (cause == EINPROGRESS || cause == EINTR)
        cause = finish_connect (fd, deadline);
    if (cause == 0)
        cause = read_greeting (fd, with_keys, deadline);
    close (fd);
    /* A local socket whose queue is full: somebody listens there. */
    return cause == EAGAIN ? 0 : cause;
}

/* An address of this machine, or the name that means one. */
static bool
is_local (const sks_endpoint *endpoint)
{
    return sks_endpoint_is_local (endpoint) || strcmp (endpoint->host, "localhost") == 0;
}

static int
fail_probe (const sks_endpoint *endpoint, int cause, sks_error *err)
{
    if (cause == WANTS_KEY)
        return sks_fail (err, SKS_EAUTH, "%s takes only clients whose key it knows", endpoint->text);
    if (cause == HAS_NO_KEY)
        return sks_fail (err, SKS_EAUTH,
                         "%s uses no keys, so it cannot prove that it has the key that "
                         "was given; it can be asked without keys only",
                         endpoint->text);
    if (cause == NO_GREETING)
        return sks_fail (err, SKS_ECONNECT, "%s answers, but not like skillsearchd; is it another program?",
                         endpoint->text);
    if (cause == CLOSED)
        return sks_fail (err, SKS_EUNAVAILABLE, "%s " SKS_CLOSES_CONNECTIONS, endpoint->text);
    /* On this machine a connection waits only when the queue of the listener is full. */
    if (cause == SILENT || (cause == ETIMEDOUT && is_local (endpoint)))
        return sks_fail (err, SKS_EDEADLINE,
                         "%s accepts connections but does not answer; it is overloaded, stopped, or no skillsearchd",
                         endpoint->text);
    if (cause == EACCES || cause == EPERM)
        return sks_fail (err, SKS_ECONNECT, "%s: %s; ask for access to it", endpoint->text, strerrordesc_np (cause));
    if (cause == EMFILE || cause == ENFILE)
        return sks_fail (err, SKS_EIO, "no free file descriptors left to reach %s", endpoint->text);
    if (!is_local (endpoint))
        return sks_fail (err, SKS_ECONNECT, "nothing answers at %s (%s); is skillsearchd running there?",
                         endpoint->text, cause == ETIMEDOUT ? "no reply" : strerrordesc_np (cause));
    if (strcmp (endpoint->text, SKS_DEFAULT_ENDPOINT) == 0)
        return sks_fail (err, SKS_ECONNECT, "nothing answers at %s; start it with: skillsearchd", endpoint->text);
    return sks_fail (err, SKS_ECONNECT, "nothing answers at %s; start it with: skillsearchd --listen %s",
                     endpoint->text, endpoint->text);
}

static int
probe_ipc (const sks_endpoint *endpoint, bool with_keys, sks_deadline deadline, char address[SKS_PROBE_ADDRESS_BYTES],
           sks_error *err)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    size_t size = strlen (endpoint->path);
    memcpy (local.sun_path, endpoint->path, size);
    if (local.sun_path[0] == '@')
        local.sun_path[0] = '\0';
    else
        size++;
    socklen_t length = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size);
    int cause = knock ((struct sockaddr *) &local, length, with_keys, deadline);
    if (cause)
        return fail_probe (endpoint, cause, err);
    snprintf (address, SKS_PROBE_ADDRESS_BYTES, "ipc://%s", endpoint->path);
    return 0;
}

static bool
write_address (const struct addrinfo *found, char address[SKS_PROBE_ADDRESS_BYTES])
{
    char host[NI_MAXHOST], port[8];
    if (getnameinfo (found->ai_addr, found->ai_addrlen, host, sizeof host, port, sizeof port,
                     NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    bool six = found->ai_family == AF_INET6;
    snprintf (address, SKS_PROBE_ADDRESS_BYTES, "tcp://%s%.80s%s:%s", six ? "[" : "", host, six ? "]" : "", port);
    return true;
}

static int
probe_tcp (const sks_endpoint *endpoint, bool with_keys, sks_deadline deadline, char address[SKS_PROBE_ADDRESS_BYTES],
           sks_error *err)
{
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    int found = getaddrinfo (endpoint->host, endpoint->port, &wanted, &list);
    if (found)
        return sks_fail (err, SKS_ECONNECT, "cannot find the host of %s: %s", endpoint->text, gai_strerror (found));
    int cause = ECONNREFUSED;
    for (struct addrinfo *item = list; item && cause; item = item->ai_next) {
        cause = knock (item->ai_addr, item->ai_addrlen, with_keys, deadline);
        if (cause == 0 && !write_address (item, address))
            cause = EADDRNOTAVAIL;
    }
    freeaddrinfo (list);
    return cause ? fail_probe (endpoint, cause, err) : 0;
}

int
sks_probe (const sks_endpoint *endpoint, bool with_keys, sks_deadline deadline, char address[SKS_PROBE_ADDRESS_BYTES],
           sks_error *err)
{
    if (endpoint->path)
        return probe_ipc (endpoint, with_keys, deadline, address, err);
    return probe_tcp (endpoint, with_keys, deadline, address, err);
}
