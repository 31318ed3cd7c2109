/* session.c - connects, asks, writes, and says how it went. */
#include "session.h"

#include "core/base/printable.h"
#include "core/wire/offset.h"
#include "print.h"

#include "core/base/streams.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int code, status;
} statuses[] = {
    { SKS_OK, SKS_EXIT_FOUND },
    { SKS_EINVALID, SKS_EXIT_USAGE },
    { SKS_ECONNECT, SKS_EXIT_CONNECT },
    { SKS_EDEADLINE, SKS_EXIT_LATE },
    { SKS_EBUSY, SKS_EXIT_LATE },
    { SKS_ESHUTTINGDOWN, SKS_EXIT_LATE },
    { SKS_EQUERYSYNTAX, SKS_EXIT_REFUSED },
    { SKS_ETOOCOMPLEX, SKS_EXIT_REFUSED },
    { SKS_ELIMIT, SKS_EXIT_REFUSED },
    { SKS_EBADREQUEST, SKS_EXIT_REFUSED },
    { SKS_ENOTFOUND, SKS_EXIT_NOTHING },
    { SKS_EAUTH, SKS_EXIT_AUTH },
};

int
sks_exit_of (int code)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].code == code)
            return statuses[i].status;
    return SKS_EXIT_FAILED;
}

bool
sks_output_write (sks_buffer *buffer)
{
    sks_error err;
    if (sks_buffer_status (buffer, &err) != 0) {
        fprintf (stderr, "skillsearch: the answer cannot be written: %s\n", err.text);
        return false;
    }
    return sks_streams_write (buffer->bytes, buffer->size);
}

/* ------------------------------------------------------------ begin, end */
void
sks_session_begin (sks_session *session, const sks_options *options)
{
    *session = (sks_session) { .options = options, .out = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES) };
    sks_terminal_detect (&session->terminal, STDOUT_FILENO, options->color);
}

int
sks_session_connect (sks_session *session)
{
    const sks_options *options = session->options;
    sks_client_options how = SKS_CLIENT_OPTIONS_INIT;
    how.endpoint = options->endpoint;
    how.server_key = options->server_key;
    how.client_key = options->client_key;
    how.timeout_ms = options->timeout_ms;
    return sks_client_open_with (&session->client, &how, &session->err);
}

void
sks_session_end (sks_session *session)
{
    sks_client_close (&session->client);
    sks_buffer_free (&session->out);
}

int
sks_session_fail (sks_session *session)
{
    sks_terminal terminal;
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    const sks_query *query = &session->options->query;
    sks_error shown = session->err;
    if (query->text && shown.at >= 0)
        shown.at = (long) sks_offset_byte (query->text, query->units, (size_t) shown.at);
    sks_terminal_detect (&terminal, STDERR_FILENO, session->options->color);
    sks_print_failure (&text, &terminal, query->text, &shown);
    fwrite (text.bytes, 1, text.size, stderr);
    sks_buffer_free (&text);
    if (session->options->output == SKS_OUTPUT_JSON) {
        sks_print_failure_json (&session->out, &session->err);
        sks_output_write (&session->out);
    }
    return sks_exit_of (session->err.code);
}

int
sks_session_finish (sks_session *session, bool found)
{
    if (!sks_output_write (&session->out))
        return SKS_EXIT_FAILED;
    return found ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}

/* ------------------------------------------------------------------ asking */
void
sks_session_put (sks_session *session, const char *reply)
{
    sks_printable_put_json (&session->out, reply, strlen (reply));
    sks_buffer_putc (&session->out, '\n');
}

int
sks_session_call (sks_session *session, const char *request, char **reply)
{
    int rc = sks_client_call (session->client, request, reply, &session->err);
    if (rc == 0)
        rc = sks_reply_decode_status (*reply, strlen (*reply), &session->err);
    if (rc) {
        sks_free (*reply);
        *reply = NULL;
    }
    return rc;
}

int
sks_session_ask (sks_session *session, const sks_request *request, char **reply)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    sks_request named = *request;
    char id[24];
    *reply = NULL;
    snprintf (id, sizeof id, "%u", ++session->requests);
    named.id = id;
    int rc = sks_request_encode (&named, &text, &session->err);
    if (rc == 0 && !sks_buffer_text (&text))
        rc = sks_fail_memory (&session->err);
    if (rc == 0)
        rc = sks_session_call (session, text.bytes, reply);
    sks_buffer_free (&text);
    return rc;
}
