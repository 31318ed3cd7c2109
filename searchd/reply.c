/* reply.c - refusals, hello, stats and health. */
#include "reply.h"

#include "log.h"
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A buffer of up to this size is kept for the next reply. */
#define KEPT_BYTES 262144

typedef int (*encode_status) (sks_buffer *, const sks_request *, const sks_stats *, sks_error *);

static const encode_status status_encoders[SKS_OPS] = {
    [SKS_OP_HELLO] = sks_reply_encode_hello,
    [SKS_OP_STATS] = sks_reply_encode_stats,
    [SKS_OP_HEALTH] = sks_reply_encode_health,
};

bool
sks_reply_is_status (int op)
{
    return status_encoders[op] != NULL;
}

int
sks_reply_status (sks_buffer *out, const sks_request *request, sks_counters *counters, sks_error *err)
{
    sks_stats stats;
    sks_stats_fill (&stats, counters);
    return status_encoders[request->op](out, request, &stats, err);
}

const char *
sks_reply_log_whose (char *out, const sks_request *request, uint32_t client)
{
    char id[4 * SKS_MAX_REQUEST_ID_BYTES + 3];
    const char *op = request && request->op < SKS_OPS ? sks_op_name (request->op) : "none";
    sks_log_quote (id, sizeof id, request && request->id ? request->id : "");
    snprintf (out, SKS_LOG_WHOSE_BYTES, "op=%s client=%08" PRIx32 " id=%s", op, client, id);
    return out;
}

/* The part of a failure that a client may see: internal paths and causes are only for the operator. */
static void
make_public (sks_error *shown, const sks_request *request, uint32_t client, const sks_error *err)
{
    *shown = *err;
    if (err->code == SKS_EINDEX)
        sks_fail (shown, SKS_EINDEX, "the index cannot be read; see the daemon's log");
    else if (err->code == SKS_ENOMEM)
        sks_fail (shown, SKS_EINTERNAL, "out of memory");
    else if (err->code == SKS_EINTERNAL || err->code <= -SKS_PROTOCOL_CODES || err->code >= 0)
        sks_fail (shown, SKS_EINTERNAL, "internal error; see the daemon's log");
    else
        return;
    char reason[2 * SKS_ERROR_TEXT_BYTES], whose[SKS_LOG_WHOSE_BYTES];
    sks_log (SKS_LOG_ERROR, "failed", "%s code=%s reason=%s", sks_reply_log_whose (whose, request, client),
             sks_code_name (err->code), sks_log_quote (reason, sizeof reason, err->text));
}

int
sks_reply_refuse_within (sks_buffer *out, const sks_request *request, uint32_t client, const sks_error *err)
{
    sks_error shown;
    make_public (&shown, request, client, err);
    sks_reply_encode_error (out, request, &shown, NULL);
    return shown.code;
}

int
sks_reply_refuse (sks_buffer *out, const sks_request *request, uint32_t client, const sks_error *err)
{
    sks_buffer_clear (out);
    int code = sks_reply_refuse_within (out, request, client, err);
    if (sks_buffer_status (out, NULL))
        sks_buffer_clear (out);
    return code;
}

static void
free_bytes (void *bytes, void *hint)
{
    (void) hint;
    free (bytes);
}

int
sks_reply_message (zmq_msg_t *message, sks_buffer *buffer)
{
    int result;
    if (buffer->capacity <= KEPT_BYTES) {
        result = zmq_msg_init_size (message, buffer->size);
        if (result == 0 && buffer->size)
            memcpy (zmq_msg_data (message), buffer->bytes, buffer->size);
        sks_buffer_clear (buffer);
    } else {
        result = zmq_msg_init_data (message, buffer->bytes, buffer->size, free_bytes, NULL);
        if (result == 0)
            *buffer = (sks_buffer) SKS_BUFFER_INIT (buffer->maximum);
        else
            sks_buffer_free (buffer);
    }
    if (result == 0)
        return 0;
    zmq_msg_init (message);
    return SKS_ENOMEM;
}
