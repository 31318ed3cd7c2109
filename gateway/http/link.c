/* link.c - a list of connections with a deadline each. */
#include "link.h"

#include "clock.h"
#include "linger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

gw_link *
gw_link_of (struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void
gw_link_notify (void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
    gw_server *server = cls;
    gw_link *link = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        link = *context = calloc (1, sizeof *link);
        if (!link)
            return;
        *link =
            (gw_link) { .next = server->links, .back = &server->links, .until = gw_clock_ms () + GW_MAX_REQUEST_MS };
        link->fd = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        if (server->links)
            server->links->back = &link->next;
        server->links = link;
        server->metrics.connections++;
    } else if (link) {
        gw_linger_begin (server, link);
        *link->back = link->next;
        if (link->next)
            link->next->back = link->back;
        free (link);
        *context = NULL;
    }
}

void
gw_link_begun (gw_request *request)
{
    gw_link *link = request->link;
    if (!link)
        return;
    link->request = request;
    if (link->answered)
        link->until = gw_clock_ms () + GW_MAX_REQUEST_MS;
}

void
gw_link_answering (gw_request *request)
{
    if (!request->link)
        return;
    request->link->answering = true;
    request->link->until = gw_clock_ms () + GW_MAX_ANSWER_MS;
}

void
gw_link_answered (gw_request *request)
{
    if (!request->link)
        return;
    request->link->request = NULL;
    request->link->answering = false;
    request->link->until = gw_clock_ms () + (int64_t) GW_MAX_IDLE_S * 1000;
    request->link->answered++;
}

bool
gw_link_has_unread (const gw_server *server)
{
    int size;
    for (const gw_link *link = server->links; link; link = link->next)
        if (!link->ended && ioctl (link->fd, FIONREAD, &size) == 0 && size > 0)
            return true;
    return false;
}

#define SLOW                                                                                                           \
    "{\"type\":\"/problems#slow\",\"title\":\"The request did not arrive in time\",\"status\":408,"                    \
    "\"detail\":\"a request must arrive within 10 seconds\",\"code\":\"slow\"}\n"

/* Whether a connection waits for a further request, of which no complete line has arrived. */
static bool
is_idle (const gw_link *link)
{
    return link->answered > 0 && !link->request;
}

/* Answer 408. The answer fits into the empty buffer of the socket; if not, the client sees only the end of the
 * connection. A reset could discard the answer if the client is still sending, so its bytes are read as for a
 * lingering connection. */
static void
end_slow (gw_link *link, int64_t now)
{
    char slow[512];
    int size = snprintf (slow, sizeof slow,
                         "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                         "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                         sizeof SLOW - 1, SLOW);
    if (send (link->fd, slow, (size_t) size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        errno = 0;
    shutdown (link->fd, SHUT_WR);
    link->ended = true;
    link->until = now + GW_MAX_LINGER_MS;
}

void
gw_link_reap_all (gw_server *server)
{
    int64_t now = gw_clock_ms ();
    if (now < server->reap_at)
        return;
    server->reap_at = now + GW_REAP_EVERY_MS;
    for (gw_link *link = server->links; link; link = link->next) {
        if (now <= link->until)
            continue;
        if (!link->ended && !is_idle (link))
            server->metrics.reaped[link->answering ? GW_REAPED_ANSWER : GW_REAPED_REQUEST]++;
        if (!link->answering && !is_idle (link) && !link->ended) {
            end_slow (link, now);
        } else {
            shutdown (link->fd, SHUT_RDWR);
            link->until = INT64_MAX;
        }
    }
}
