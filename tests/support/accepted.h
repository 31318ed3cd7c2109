/* accepted.h - fixture for the tests of the table of connections: a client, and the daemon's end of its connection.
 *
 * This program uses the daemon's accept4, send, recv, close, epoll and crypto_box_open. Each test runs in its own
 * process, and its variables begin at 0. All calls fail the test by themselves. */
#ifndef SKS_TEST_ACCEPTED_H
#define SKS_TEST_ACCEPTED_H

#include "searchd/connections.h"

#include <stdbool.h>

extern sks_counters counters;
extern int client, ours;                                /* descriptors: `ours` is the end of the daemon */
extern char accepted_bytes[SKS_MAX_UNTAKEN_BYTES / 40]; /* to send and receive */

#define SECOND_US UINT64_C (1000000)

/* Connect, and guard the daemon's end; the second function after the handshake. Further bytes are then empty frames. */
void accepted_open_silent (void);
void accepted_open (void);

/* The same, and add the daemon's end to a new epoll set for its input, with the address of `counters` as its data. Returns
 * the set; close it. */
int accepted_watch (void);

/* Send and receive accepted_bytes this many times; false when the connection is closed earlier. */
bool accepted_bears (int times);

#endif
