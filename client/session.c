/* session.c - connects, writes answers, and reports failures. */
#include "session.h"

#include "ambiguity.h"
#include "core/base/printable_put.h"
#include "core/base/streams.h"
#include "pager.h"
#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define PROBE_MS 200 /* to find out whether something listens; browse waits no longer before its screen appears */

static const struct {
    int code, status;
} statuses[] = {
    { SKS_OK, SKS_EXIT_FOUND }, /* a code that is not here: SKS_EXIT_FAILED */
    { SKS_EINVALID, SKS_EXIT_USAGE },
    { SKS_ECONNECT, SKS_EXIT_CONNECT },
    { SKS_EDEADLINE, SKS_EXIT_LATE },
    { SKS_EBUSY, SKS_EXIT_LATE },
    { SKS_ESHUTTINGDOWN, SKS_EXIT_LATE },
    { SKS_EUNAVAILABLE, SKS_EXIT_LATE },
    { SKS_EQUERYSYNTAX, SKS_EXIT_REFUSED },
    { SKS_ETOOCOMPLEX, SKS_EXIT_REFUSED },
    { SKS_ELIMIT, SKS_EXIT_REFUSED },
    { SKS_EBADREQUEST, SKS_EXIT_REFUSED },
    { SKS_EUNSUPPORTED, SKS_EXIT_REFUSED },
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
    if (!sks_pager_is_open ())
        return sks_streams_write (buffer->bytes, buffer->size);
    sks_pager_write (buffer->bytes, buffer->size);
    return true;
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
    sks_session_restart (session);
    sks_terminal_detect (&session->terminal, STDOUT_FILENO, options->color);
}

void
sks_session_restart (sks_session *session)
{
    sks_buffer_clear (&session->out);
    if (session->options->bom)
        sks_buffer_puts (&session->out, BYTE_ORDER_MARK);
}

static int
open_client (sks_session *session, uint32_t timeout_ms, bool later)
{
    const sks_options *options = session->options;
    sks_client_options how = SKS_CLIENT_OPTIONS_INIT;
    how.endpoint = session->local ? sks_local_endpoint (session->local) : options->endpoint;
    how.server_key = session->local ? "" : options->server_key; /* "": no keys, whatever the environment has */
    how.client_key = session->local ? "" : options->client_key;
    how.timeout_ms = timeout_ms;
    how.later = later;
    how.spread = options->command != SKS_COMMAND_TOP; /* its figures are those of one daemon */
    int rc = sks_client_open_with (&session->client, &how, &session->err);
    if (rc == SKS_EDEADLINE) /* the library keeps a part of the time-out for the answer */
        session->advice = "Try again in a moment. If it listens elsewhere: skillsearch --connect ENDPOINT ...\n";
    return rc;
}

static int
open_index (sks_session *session, const char *index)
{
    uint32_t timeout_ms = session->options->timeout_ms;
    int rc = sks_local_open (&session->local, index, timeout_ms, &session->err);
    return rc ? rc : open_client (session, timeout_ms, false);
}

/* Open an index that the user named. If it is missing, that is a failure of the index, not an empty result. */
static int
open_named_index (sks_session *session, const char *index)
{
    int rc = open_index (session, index);
    if (rc != SKS_ENOTFOUND)
        return rc;
    session->advice = "To index exports and search them at once: skillsearch try FOLDER\n";
    return session->err.code = SKS_EINDEX;
}

/* Open the default index when no daemon answers, or it is ending. If there is no index either, the failure is that of
 * the daemon. */
static int
open_default_index (sks_session *session)
{
    sks_error missing = session->err;
    int rc = open_index (session, NULL);
    if (rc == 0 || session->local || rc == SKS_EDEADLINE || rc == SKS_EINDEX)
        return rc;
    sks_error found = session->err;
    session->err = missing;
    if (rc != SKS_ENOTFOUND || missing.code != SKS_ECONNECT)
        return missing.code;
    session->advice = "To make an index of your exports: skillsearch-index FOLDER\n"
                      "To index exports and search them at once: skillsearch try FOLDER\n"
                      "If a daemon listens elsewhere: skillsearch --connect ENDPOINT ...\n";
    const char *end = strstr (found.text, SKS_LOCAL_NO_INDEX);
    return sks_fail (&session->err, missing.code, "%.*s, and there is no index in %.*s",
                     (int) strcspn (missing.text, ";"), missing.text, end ? (int) (end - found.text) : 0, found.text);
}

static const char *
find_variable (const char *name)
{
    const char *value = getenv (name);
    return value && *value ? value : NULL;
}

int
sks_session_connect (sks_session *session)
{
    const sks_options *options = session->options;
    bool screen = options->command == SKS_COMMAND_BROWSE; /* it uses only calls that do not wait */
    bool daemon = options->command == SKS_COMMAND_TOP || options->endpoint || options->server_key ||
                  options->client_key || find_variable ("SKILLSEARCH_ENDPOINT");
    const char *index = options->index || daemon ? options->index : find_variable ("SKILLSEARCH_INDEX");
    if (index)
        return open_named_index (session, index);
    if (daemon)
        return open_client (session, options->timeout_ms, screen);
    int rc = open_client (session, screen ? PROBE_MS : options->timeout_ms, false);
    if (rc == 0) /* a daemon that is ending accepts connections, and refuses requests */
        rc = sks_client_ping (session->client, NULL, &session->err);
    if (rc == SKS_ECONNECT || rc == SKS_EUNAVAILABLE || rc == SKS_ESHUTTINGDOWN) {
        sks_client_close (&session->client);
        rc = open_default_index (session);
    }
    bool lost = rc == SKS_ECONNECT || rc == SKS_EUNAVAILABLE;
    bool nothing = lost && session->advice; /* neither a daemon nor an index */
    bool waits = rc == 0 || lost || rc == SKS_EDEADLINE || rc == SKS_ESHUTTINGDOWN;
    if (!screen || session->local || nothing || !waits)
        return rc;
    session->advice = NULL;
    sks_client_close (&session->client);
    return open_client (session, options->timeout_ms, true);
}

void
sks_session_end (sks_session *session)
{
    sks_pager_close ();
    sks_client_close (&session->client);
    sks_local_close (&session->local);
    sks_buffer_free (&session->out);
}

/* The byte offset in a text of a place that is counted in other units. */
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
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES), labels = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    const sks_query *query = &session->options->query;
    /* Its endpoint is in a folder that only this command uses. */
    bool lost = session->local && session->err.code == SKS_ECONNECT;
    if (lost)
        sks_fail (&session->err, SKS_ECONNECT, "the skillsearchd that read the index for this command has ended");
    sks_error shown = session->err;
    if (query->text && shown.at >= 0)
        shown.at = (long) find_byte (query->text, query->units, (size_t) shown.at);
    sks_terminal_detect (&terminal, STDERR_FILENO, session->options->color);
    bool several = sks_ambiguity_list (session->client, session->options, &shown, &labels);
    sks_print_failure (&text, &terminal, query->text, &shown,
                       several ? sks_buffer_text (&labels)
                       : lost  ? "Run the command again.\n"
                               : session->advice);
    sks_session_complain (&text);
    sks_buffer_free (&labels);
    sks_buffer_free (&text);
    if (session->options->output == SKS_OUTPUT_JSON) {
        sks_print_failure_json (&session->out, &session->err);
        sks_session_write (&session->out);
    }
    return sks_session_exit_of (session->err.code);
}

void
sks_session_page (const sks_options *options, const sks_terminal *terminal)
{
    const unsigned without = 1u << SKS_COMMAND_BROWSE | 1u << SKS_COMMAND_TOP | 1u << SKS_COMMAND_KEYGEN;
    if (terminal->person && !options->no_pager && !sks_pager_is_open () && !(without & 1u << options->command))
        sks_pager_open (options->pager);
}

bool
sks_session_send (sks_session *session)
{
    sks_session_page (session->options, &session->terminal);
    bool sent = sks_session_write (&session->out);
    sks_buffer_clear (&session->out);
    return sent;
}

int
sks_session_finish (sks_session *session, bool found)
{
    sks_table_end (&session->table);
    sks_session_page (session->options, &session->terminal);
    bool sent = sks_session_write (&session->out);
    if (!sks_pager_close ())
        sent = sks_session_write (&session->out);
    return !sent ? SKS_EXIT_FAILED : found ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}

bool
sks_session_put (sks_session *session, const char *reply)
{
    if (session->options->output != SKS_OUTPUT_JSON)
        return false;
    sks_printable_put_json (&session->out, reply, strlen (reply));
    sks_buffer_putc (&session->out, '\n');
    return true;
}

sks_table *
sks_session_table (sks_session *session)
{
    static const int formats[] = { [SKS_OUTPUT_JSON] = SKS_TABLE_JSON,
                                   [SKS_OUTPUT_NDJSON] = SKS_TABLE_NDJSON,
                                   [SKS_OUTPUT_CSV] = SKS_TABLE_CSV,
                                   [SKS_OUTPUT_TSV] = SKS_TABLE_TSV,
                                   [SKS_OUTPUT_MARKDOWN] = SKS_TABLE_MARKDOWN };
    const sks_options *options = session->options;
    if (options->output == SKS_OUTPUT_TEXT || options->output == SKS_OUTPUT_PROMETHEUS)
        return NULL;
    if (!session->table.out)
        session->table =
            (sks_table) { .out = &session->out,
                          .format = formats[options->output],
                          .flags = (options->excel_safe ? SKS_TABLE_SAFE : 0) | (options->bare ? SKS_TABLE_BARE : 0) };
    return &session->table;
}
