/* session.c - connects, asks, writes, and says how it went. */
#include "session.h"

#include "core/base/printable_put.h"
#include "core/base/streams.h"
#include "print.h"

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
sks_session_exit_of (int code)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].code == code)
            return statuses[i].status;
    return SKS_EXIT_FAILED;
}

bool
sks_session_write (sks_buffer *buffer)
{
    sks_error err;
    if (sks_buffer_status (buffer, &err) != 0) {
        fprintf (stderr, "skillsearch: cannot write the output: %s\n", err.text);
        return false;
    }
    return sks_streams_write (buffer->bytes, buffer->size);
}

void
sks_session_complain (const sks_buffer *buffer)
{
    if (buffer->size)
        fwrite (buffer->bytes, 1, buffer->size, stderr);
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
    how.later = options->command == SKS_COMMAND_BROWSE; /* its screen waits for nobody */
    return sks_client_open_with (&session->client, &how, &session->err);
}

void
sks_session_end (sks_session *session)
{
    sks_client_close (&session->client);
    sks_buffer_free (&session->out);
}

/* The byte of a text at which a place in other units is. */
static size_t
find_byte (const char *text, int units, size_t place)
{
    size_t byte = 0;
    if (units == SKS_UNITS_BYTES)
        return place;
    for (size_t size = strlen (text); byte < size && place > 0;) {
        unsigned columns;
        size_t length = sks_terminal_character (text + byte, size - byte, &columns);
        size_t width = units == SKS_UNITS_UTF16 && length == 4 ? 2 : 1;
        place -= width < place ? width : place;
        byte += length;
    }
    return byte;
}

int
sks_session_fail (sks_session *session)
{
    sks_terminal terminal;
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    const sks_query *query = &session->options->query;
    sks_error shown = session->err;
    if (query->text && shown.at >= 0)
        shown.at = (long) find_byte (query->text, query->units, (size_t) shown.at);
    sks_terminal_detect (&terminal, STDERR_FILENO, session->options->color);
    sks_print_failure (&text, &terminal, query->text, &shown);
    sks_session_complain (&text);
    sks_buffer_free (&text);
    if (session->options->output == SKS_OUTPUT_JSON) {
        sks_print_failure_json (&session->out, &session->err);
        sks_session_write (&session->out);
    }
    return sks_session_exit_of (session->err.code);
}

int
sks_session_finish (sks_session *session, bool found)
{
    if (!sks_session_write (&session->out))
        return SKS_EXIT_FAILED;
    return found ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}

void
sks_session_put (sks_session *session, const char *reply)
{
    sks_printable_put_json (&session->out, reply, strlen (reply));
    sks_buffer_putc (&session->out, '\n');
}
