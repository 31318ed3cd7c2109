/* link.c - a list of connections with a deadline each. */
#include "link.h"

#include "clock.h"

#include <errno.h>
#include <stdlib.h>
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
        *link->back = link->next;
        if (link->next)
            link->next->back = link->back;
        free (link);
        *context = NULL;
    }
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
    request->link->answering = false;
    request->link->until = gw_clock_ms () + GW_MAX_REQUEST_MS;
    request->link->answered++;
}

/* The 408 fits into the empty buffer of the socket; if not, the client sees the end
 * only. */
void
gw_link_reap_all (gw_server *server)
{
    static const char slow[] = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                               "Content-Length: 98\r\nConnection: close\r\n\r\n"
                               "{\"type\":\"/problems#slow\",\"title\":\"The request did not arrive in time\","
                               "\"status\":408,\"code\":\"slow\"}\n";
    int64_t now = gw_clock_ms ();
    for (gw_link *link = server->links; link; link = link->next) {
        if (now <= link->until)
            continue;
        if (!link->answering && link->answered == 0 &&
            send (link->fd, slow, sizeof slow - 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            errno = 0;
        shutdown (link->fd, SHUT_RDWR);
        link->until = INT64_MAX;
        server->metrics.reaped[link->answering ? GW_REAPED_ANSWER : GW_REAPED_REQUEST]++;
    }
}
