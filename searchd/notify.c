/* notify.c - one datagram per state. libsystemd does the same and would be
 * another shared object for 30 lines. */
#include "notify.h"

#include "log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
send_state (const char *name, const char *state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t size = strlen (name);
    if ((*name != '/' && *name != '@') || size >= sizeof address.sun_path) {
        errno = EINVAL;
        return -1;
    }
    memcpy (address.sun_path, name, size);
    if (*name == '@')
        address.sun_path[0] = '\0';
    int socket_ = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0)
        return -1;
    socklen_t length = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size);
    ssize_t sent = sendto (socket_, state, strlen (state), MSG_NOSIGNAL | MSG_DONTWAIT,
                           (const struct sockaddr *) &address, length);
    int cause = errno;
    close (socket_);
    errno = cause;
    return sent < 0 ? -1 : 0;
}

void
sks_notify (const char *state)
{
    const char *name = getenv ("NOTIFY_SOCKET");
    if (name && *name && send_state (name, state))
        sks_log (SKS_LOG_WARN, "notify_failed", "state=%s reason=\"%s\"", state, strerrordesc_np (errno));
}
