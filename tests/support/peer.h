/* peer.h - fixture for the tests of the running daemon: an index of the sample exports, a daemon, and a DEALER that is
 * connected to it.
 *
 * The sockets are libzmq's own, not the client library: invalid frames can be sent, and replies are compared byte by
 * byte. All calls fail the test by themselves; a reply that takes longer than PEER_REPLY_MS is a failure. */
#ifndef SKS_TEST_PEER_H
#define SKS_TEST_PEER_H

#include "daemon.h"

#include <check.h>
#include <stdbool.h>

#define PEER_REPLY_MS 60000
#define PEER_REPLY_BYTES (1 << 20)

/* It has its own deadline: some daemons here have a default of one millisecond. */
#define PEER_HEALTH "{\"v\":1,\"id\":\"h\",\"op\":\"health\",\"deadline_ms\":60000}"
#define PEER_STATS "{\"v\":1,\"id\":\"s\",\"op\":\"stats\"}"
#define PEER_BROWSE "{\"v\":1,\"id\":\"b\",\"op\":\"search\"}"

extern char peer_index[SKS_TEST_PATH_BYTES];
extern sks_test_daemon peer_daemon;
extern void *peer_context, *peer_socket;
extern char peer_reply[PEER_REPLY_BYTES]; /* the frame received last, with NUL */

/* The unchecked fixture of a test case: the index of all sample exports. */
void peer_index_build (void);
void peer_index_remove (void);

/* A test case of the suite with this fixture, and time for a machine under load. */
TCase *peer_case (Suite *suite, const char *name);

/* A connected socket. The caller closes it before peer_stop. */
void *peer_connect (int type, const char *endpoint);

/* Start a daemon with these options, and connect peer_socket to it. */
#define PEER_START(...) peer_start ((const char *[]) { __VA_ARGS__, NULL })
void peer_start (const char *const *options);
void peer_stop (void);

/* Close peer_socket and the context; the daemon keeps running. */
void peer_close (void);

void peer_send_bytes (void *socket, const void *bytes, size_t size, int flags);
void peer_send (void *socket, const char *text);

/* The next frame, in peer_reply. Returns whether more follow. */
bool peer_receive_frame (void *socket);

/* A reply of one frame. Borrowed: peer_reply. */
const char *peer_receive (void *socket);

/* Send a request by peer_socket and receive its reply; the second repeats this until the reply has `text`. */
const char *peer_ask (const char *request);
void peer_ask_until (const char *request, const char *text);

void peer_assert_silent (void *socket);

/* Numbers of replies by result. */
typedef struct peer_tally {
    int ok, busy, deadline, shutting_down, other;
} peer_tally;

/* Receive count replies; each id "0" .. must arrive once. */
peer_tally peer_take_replies (int count);

/* How many times a worker's thread began to run since the start of the daemon, of all workers together. Waits until
 * they sleep: no request may be under way. A request that another thread answers leaves this number as it is. */
unsigned long long peer_worker_runs (void);

/* Send count searches with these members while the daemon is stopped, so that it
 * finds them all at once after sks_test_daemon_thaw. */
void peer_send_while_frozen (int count, const char *members);

#endif
