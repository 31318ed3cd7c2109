/* accepted.c - connects to a listener of this process. */
#include "accepted.h"

#include <check.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

sks_counters counters;
int client, ours;
char accepted_bytes[SKS_MAX_UNTAKEN_BYTES / 40];

void
accepted_open_silent (void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    socklen_t size = sizeof address;
    int listener = socket (AF_UNIX, SOCK_STREAM, 0);
    sks_connections_guard (&counters);
    /* The kernel chooses a name. */
    ck_assert_int_eq (bind (listener, (struct sockaddr *) &address, sizeof address.sun_family), 0);
    ck_assert_int_eq (getsockname (listener, (struct sockaddr *) &address, &size), 0);
    ck_assert_int_eq (listen (listener, 1), 0);
    client = socket (AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq (connect (client, (struct sockaddr *) &address, size), 0);
    ours = accept4 (listener, NULL, NULL, SOCK_NONBLOCK);
    ck_assert_int_ge (ours, 0);
    close (listener);
}

void
accepted_open (void)
{
    char handshake[] = { [0] = '\xff', [9] = 0x7f, [10] = 3, [64] = 4, [66] = 0 };
    accepted_open_silent ();
    ck_assert_int_eq (send (client, handshake, 66, 0), 66);
    ck_assert_int_eq (recv (ours, handshake, sizeof handshake, 0), 66);
}

int
accepted_watch (void)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &counters };
    int set = epoll_create1 (0);
    accepted_open ();
    ck_assert_int_eq (epoll_ctl (set, EPOLL_CTL_ADD, ours, &event), 0);
    return set;
}

bool
accepted_bears (int times)
{
    /* With a variable size, FORTIFY calls another function than libzmq does. */
    ssize_t (*volatile receive) (int, void *, size_t, int) = recv;
    for (int i = 0; i < times; i++)
        for (size_t left = sizeof accepted_bytes; left;) {
            ck_assert_int_gt (send (client, accepted_bytes, left, MSG_DONTWAIT), 0);
            ssize_t got = receive (ours, accepted_bytes, left, 0);
            if (got < 0)
                return false;
            left -= (size_t) got;
        }
    return true;
}
