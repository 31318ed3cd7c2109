/* inflow.c - reads the kernel's byte counter. */
#include "inflow.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <skillsearch.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_LEVEL 6                           /* IPPROTO_TCP; <netinet/in.h> is not needed for it alone */
#define FRAME_BYTES 64                        /* more than ZeroMQ adds to a message, with keys too */
#define MOST_BYTES (4u * SKS_MAX_REPLY_BYTES) /* a queue of replies to cancelled requests, and our own reply */

/* Bytes received since the connection began; 0 where they are not counted. */
static uint64_t
count_received (const sks_inflow *inflow)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    memset (&info, 0, sizeof info);
    bool counted = inflow->fd >= 0 && getsockopt (inflow->fd, TCP_LEVEL, TCP_INFO, &info, &size) == 0;
    return counted ? info.tcpi_bytes_received : 0;
}

void
sks_inflow_open (sks_inflow *inflow, int fd)
{
    sks_inflow_close (inflow);
    inflow->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
    inflow->taken = 0;
}

void
sks_inflow_close (sks_inflow *inflow)
{
    if (inflow->fd >= 0)
        close (inflow->fd);
    inflow->fd = -1;
}

/* FRAME_BYTES is more than small messages use, so the sum is capped at what was received: unused bytes do not add
 * up. */
void
sks_inflow_take (sks_inflow *inflow, size_t size)
{
    uint64_t received = count_received (inflow), taken = inflow->taken + size + FRAME_BYTES;
    inflow->taken = taken < received ? taken : received;
}

bool
sks_inflow_is_over (const sks_inflow *inflow)
{
    return count_received (inflow) > inflow->taken + MOST_BYTES;
}
