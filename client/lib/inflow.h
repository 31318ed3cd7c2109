/* inflow.h - counts bytes that a daemon has sent and that are not yet part of a delivered message.
 *
 * ZeroMQ bounds a frame and delivers whole messages only. A message of frames
 * without end never arrives, and its frames pile up in memory until the time
 * limit of the call. The kernel counts what a TCP connection received, so more
 * than any reply has is noticed. Connections of ipc are not counted. */
#ifndef SKS_INFLOW_H
#define SKS_INFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sks_inflow {
    int fd;         /* a duplicate of the connection's; -1: not counted */
    uint64_t taken; /* bytes of the connection that were delivered */
} sks_inflow;

#define SKS_INFLOW_INIT                                                                                                \
    {                                                                                                                  \
        -1, 0                                                                                                          \
    }
#define SKS_INFLOW_LOOK_MS 20 /* how often to look while nothing arrives */

/* Count the bytes of a connection, whose descriptor stays the caller's. */
void sks_inflow_open (sks_inflow *inflow, int fd);
void sks_inflow_close (sks_inflow *inflow);

/* A message of size bytes was delivered. */
void sks_inflow_take (sks_inflow *inflow, size_t size);

/* Whether more bytes are pending than a daemon may send. */
bool sks_inflow_is_over (const sks_inflow *inflow);

#endif
