/* front.h - one ROUTER socket on all endpoints.
 *
 * It owns the ZeroMQ context, because the file of an ipc endpoint may be unlocked only after the context, with its
 * last replies, has ended. All calls belong to the thread that opened it. */
#ifndef SKS_FRONT_H
#define SKS_FRONT_H

#include "searchd.h"

#include <zmq.h>

typedef struct sks_front sks_front;

/* Make the context and bind config->listen, with a guard if there are keys.
 *   *out   caller owns it; free with sks_front_close. NULL on failure.
 * Returns 0, SKS_ELOCKED (another daemon has the ipc path), SKS_EIO or
 * SKS_ENOMEM. */
int sks_front_open (sks_front **out, const sks_config *config, sks_counters *counters, sks_error *err);

/* For the sockets inside the process. Borrowed: valid until the front is closed. */
void *sks_front_context (sks_front *front);

/* For epoll(7). It is readable once after each event, which need not be a message: wait for it only when
 * sks_front_receive returned SKS_ARRIVAL_NONE and no other call was made since. */
int sks_front_descriptor (sks_front *front);

/* The bound endpoints, with real ports, separated by blanks.
 * Borrowed: valid until the front is closed. */
const char *sks_front_endpoints (const sks_front *front);

enum sks_arrival {
    SKS_ARRIVAL_NONE,     /* no message */
    SKS_ARRIVAL_REQUEST,  /* envelope and payload are set */
    SKS_ARRIVAL_STRANGER, /* its key was revoked: refuse without reading; envelope is set */
    SKS_ARRIVAL_ODD,      /* more than one payload frame: to be refused; envelope is set */
    SKS_ARRIVAL_DROPPED   /* invalid frames, dropped and counted; call again */
};

/* Take the next message without waiting.
 *   payload   initialised by the caller; set for SKS_ARRIVAL_REQUEST, to be
 *             sent on or closed. */
int sks_front_receive (sks_front *front, sks_envelope *envelope, zmq_msg_t *payload);

/* Whether sks_front_receive would return something else than SKS_ARRIVAL_NONE. */
bool sks_front_has_more (sks_front *front);

/* Send a reply without waiting. One whose peer has left, or does not read, is
 * dropped and counted. Takes ownership of the message's content. */
void sks_front_send (sks_front *front, const sks_envelope *envelope, zmq_msg_t *reply);

/* Send pending replies for at most a second, end the context, remove the ipc files and their locks. All other sockets
 * of the context must be closed. Takes ownership; sets *front_p to NULL. */
void sks_front_close (sks_front **front_p);

/* Remove only the ipc files, for an exit that cannot wait for the context. */
void sks_front_abandon (sks_front *front);

#endif
