/* reply_writer.c - what all replies have, multis and errors -> bytes, for the daemon. They are written directly into
 * the buffer, so a page of hits needs no other allocation. Every reply begins with v, id, ok. */
#include "reply.h"

#include <string.h>

void
sks_reply_open (sks_buffer *out, const sks_request *request, bool ok)
{
    sks_json_open_item (out);
    sks_json_put_count (out, "v", SKS_PROTOCOL_VERSION);
    if (request && request->id)
        sks_json_put_text (out, "id", request->id);
    sks_json_put_flag (out, "ok", ok);
}

int
sks_reply_close (sks_buffer *out, sks_error *err)
{
    sks_buffer_putc (out, '}');
    return sks_buffer_status (out, err);
}

void
sks_reply_open_answer (sks_buffer *out, const sks_request *request, const sks_answered *answered, sks_offset *text)
{
    const char *of = request->op == SKS_OP_MAP       ? request->text
                     : request->op == SKS_OP_ANALYZE ? request->query.text
                                                     : NULL;
    *text = (sks_offset) { of, request->query.units, 0, 0 };
    sks_reply_open (out, request, true);
    sks_json_put_count (out, "generation", answered->generation);
}

int
sks_reply_close_answer (sks_buffer *out, const sks_answered *answered, sks_error *err)
{
    sks_json_put_count (out, "took_us", answered->took_us);
    return sks_reply_close (out, err);
}

int
sks_reply_encode_answer (sks_buffer *out, const sks_request *request, const sks_member_type *type, const void *what,
                         const sks_answered *answered, sks_error *err)
{
    sks_offset text;
    sks_reply_open_answer (out, request, answered, &text);
    sks_members_put (out, type, what, &text);
    return sks_reply_close_answer (out, answered, err);
}

/* ------------------------------------------------------------------- kept */

/* The id precedes "ok" and the time is last. An id cannot contain the bytes searched for, since its quotes are
 * escaped. */
const char *
sks_reply_find_body (const char *reply, size_t size, size_t *body_size)
{
    static const char ok[] = "\"ok\":true,", took[] = ",\"took_us\":";
    const char *head = memmem (reply, size, ok, sizeof ok - 1), *end = reply + size - 1;
    if (!head || *end != '}')
        return NULL;
    const char *body = head + sizeof ok - 2;
    while (end > body && end[-1] >= '0' && end[-1] <= '9')
        end--;
    end -= sizeof took - 1;
    if (end < body || memcmp (end, took, sizeof took - 1) != 0)
        return NULL;
    *body_size = (size_t) (end - body);
    return body;
}

void
sks_reply_open_kept (sks_buffer *out, const sks_request *request, const char *body, size_t size)
{
    sks_reply_open (out, request, true);
    sks_buffer_add (out, body, size);
}

int
sks_reply_close_kept (sks_buffer *out, uint64_t took_us, sks_error *err)
{
    sks_json_put_count (out, "took_us", took_us);
    return sks_reply_close (out, err);
}

/* ------------------------------------------------------------------ multi */

void
sks_reply_open_multi (sks_buffer *out, const sks_request *request, uint64_t generation)
{
    sks_reply_open (out, request, true);
    sks_json_put_count (out, "generation", generation);
    sks_json_open_list (out, "replies");
}

int
sks_reply_close_multi (sks_buffer *out, uint64_t took_us, sks_error *err)
{
    sks_buffer_putc (out, ']');
    return sks_reply_close_kept (out, took_us, err);
}

/* ----------------------------------------------------------------- errors */

/* The text in which what->at is a position; NULL if it is a position in the request itself. */
static const char *
find_text (const sks_request *request, const sks_error *what)
{
    if (!request)
        return NULL;
    if (what->code == SKS_EQUERYSYNTAX || what->code == SKS_ETOOCOMPLEX)
        return request->query.text;
    return request->op == SKS_OP_MAP ? request->text : NULL;
}

int
sks_reply_encode_error (sks_buffer *out, const sks_request *request, const sks_error *what, sks_error *err)
{
    /* Codes outside the protocol mean nothing to a client. */
    bool protocol = what->code < 0 && what->code > -SKS_PROTOCOL_CODES;
    sks_reply_open (out, request, false);
    sks_json_open_object (out, "error");
    sks_json_put_text (out, "code", sks_code_name (protocol ? what->code : SKS_EINTERNAL));
    sks_json_put_text (out, "message", what->text);
    if (what->at >= 0) {
        sks_offset text = { find_text (request, what), request ? request->query.units : 0, 0, 0 };
        sks_json_put_count (out, "at", sks_offset_of (&text, (size_t) what->at));
    }
    sks_buffer_putc (out, '}');
    return sks_reply_close (out, err);
}
