/* reply.h - replies that need no index: refusals, and the daemon's own state. It also turns any reply into a message.
 *
 * Workers and broker both make them: a request that is refused before it has a
 * worker must still name its id, and "health" must be answered when every
 * worker is busy. */
#ifndef SKS_REPLY_H
#define SKS_REPLY_H

#include "searchd.h"

#include <zmq.h>

/* Whether an operation is one of "hello", "stats" and "health". */
bool sks_reply_is_status (int op);

/* Write the reply to such a request at the end of the buffer. Returns 0,
 * SKS_ELIMIT or SKS_ENOMEM. */
int sks_reply_status (sks_buffer *out, const sks_request *request, sks_counters *counters, sks_error *err);

/* Write the refusal `err` into the buffer, replacing its content. A failure
 * inside the daemon is worded generally; its own text goes to the log.
 * request may be NULL;
 * client is a number for the log. Returns the code of the protocol that was written; the
 * buffer is empty if there was no memory for a reply. */
int sks_reply_refuse (sks_buffer *out, const sks_request *request, uint32_t client, const sks_error *err);

/* The same at the end of the buffer, for a reply inside another one. */
int sks_reply_refuse_within (sks_buffer *out, const sks_request *request, uint32_t client, const sks_error *err);

/* The common part of log lines about a request: op=search client=0badcafe id="7". The id comes from the client and is
 * quoted. Returns out, of SKS_LOG_WHOSE_BYTES. */
#define SKS_LOG_WHOSE_BYTES (64 + 4 * SKS_MAX_REQUEST_ID_BYTES)
const char *sks_reply_log_whose (char *out, const sks_request *request, uint32_t client);

/* Make the buffer's bytes a message; the buffer is empty afterwards. Small replies are copied, and the buffer keeps
 * its memory; the memory of a large one moves to the message. The caller sends or closes the message. Returns 0 or
 * SKS_ENOMEM, which leaves an empty message. */
int sks_reply_message (zmq_msg_t *message, sks_buffer *buffer);

#endif
