/* linger.c - an array of sockets, the oldest first. */
#include "linger.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STEP_BYTES 65536 /* discarded per socket in each turn of the loop */

/* Drop bytes that have arrived: with MSG_TRUNC the kernel copies nothing. Returns as
 * recv does: 0 is the end of what the client sends. */
static ssize_t
drop (int fd)
{
    static char unused[STEP_BYTES];
    return recv (fd, unused, sizeof unused, MSG_TRUNC | MSG_DONTWAIT);
}

static void
close_at (gw_server *server, size_t place)
{
    gw_linger *lingering = server->lingering;
    close (lingering[place].fd);
    server->lingering_count--;
    memmove (&lingering[place], &lingering[place + 1], (server->lingering_count - place) * sizeof *lingering);
}

void
gw_linger_begin (gw_server *server, const gw_link *link)
{
    char byte;
    ssize_t size = recv (link->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        return;
    int fd = fcntl (link->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return;
    shutdown (fd, SHUT_WR);
    if (server->lingering_count == GW_MAX_LINGERING)
        close_at (server, 0);
    server->lingering[server->lingering_count++] =
        (gw_linger) { .fd = fd, .until = gw_clock_ms () + GW_MAX_LINGER_MS, .left = GW_MAX_LINGER_BYTES };
}

size_t
gw_linger_poll (const gw_server *server, struct pollfd *items)
{
    for (size_t i = 0; i < server->lingering_count; i++)
        items[i] = (struct pollfd) { server->lingering[i].fd, POLLIN, 0 };
    return server->lingering_count;
}

void
gw_linger_step (gw_server *server, const struct pollfd *items)
{
    int64_t now = server->lingering_count ? gw_clock_ms () : 0;
    for (size_t i = server->lingering_count; i-- > 0;) {
        gw_linger *one = &server->lingering[i];
        ssize_t size = items[i].revents ? drop (one->fd) : 0;
        bool ended = items[i].revents && (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR));
        one->left -= size > 0 ? size : 0;
        if (ended || one->left <= 0 || one->until <= now)
            close_at (server, i);
    }
}

void
gw_linger_end (gw_server *server, int64_t end)
{
    struct pollfd items[GW_MAX_LINGERING];
    int64_t left;
    while (server->lingering_count && (left = end - gw_clock_ms ()) > 0) {
        poll (items, gw_linger_poll (server, items), (int) left);
        gw_linger_step (server, items);
    }
    while (server->lingering_count)
        close_at (server, server->lingering_count - 1);
}
