/* standin.h - fixture for the tests of the client library: a daemon controlled by the test, and a port without a
 * daemon.
 *
 * The daemon is a thread with a ROUTER on a port that stays ours until the process ends, also when the daemon is
 * stopped. It decodes each request
 * with the real decoder and then behaves as the test requests: it answers, answers wrongly, keeps silent or hangs up.
 * All calls fail the test by themselves. */
#ifndef SKS_TEST_STANDIN_H
#define SKS_TEST_STANDIN_H

#include "core/wire/wire.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

enum standin_manner {
    ANSWER,
    REFUSE,
    BUSY,
    STOPPING,
    UNAVAILABLE,
    UNKNOWN, /* refuses with not_found */
    STALE_FIRST,
    WITHOUT_ID,
    SILENT_ONCE,
    HANG_UP,
    NO_JSON,
    TOO_LARGE,
    TOO_LARGE_ONCE
};

/* Start from { 0 }. */
typedef struct standin {
    enum standin_manner manner;
    const char *bind; /* NULL: a port that we choose */
    bool wants_key;
    void *context, *router;
    char endpoint[128];
    pthread_t thread;
    sks_request *last;  /* read it after standin_stop only; free it with sks_request_destroy */
    char bytes[4096];   /* of that request */
    atomic_uint served; /* requests; may be read at any time */
} standin;

void standin_start (standin *daemon, enum standin_manner manner);
void standin_stop (standin *daemon);

/* A client of an endpoint, or of several in the order of the list; NULL: the environment's. Caller owns it; free
 * with sks_client_close. */
sks_client *standin_client (const char *endpoint);

/* A port that is ours and on which nothing listens. Returns its socket; until that is closed, the kernel assigns the
 * port to nobody else, but a socket with SO_REUSEADDR, such as those of libzmq, can listen on it. */
int standin_closed_port (char endpoint[64]);

double standin_seconds_since (const struct timespec *start);

#endif
