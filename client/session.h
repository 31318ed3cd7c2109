/* session.h - one run of a command: its connection, its output and its exit status. */
#ifndef SKS_SESSION_H
#define SKS_SESSION_H

#include "core/base/table.h"
#include "local.h"
#include "options.h"
#include "terminal.h"

/* How the program ends; scripts rely on the numbers. */
enum sks_exit {
    SKS_EXIT_FOUND = 0,
    SKS_EXIT_NOTHING = 1, /* nothing was found */
    SKS_EXIT_USAGE = 2,   /* the command line is wrong */
    SKS_EXIT_CONNECT = 3, /* nothing answers at the endpoint */
    SKS_EXIT_LATE = 4,    /* no answer in time, or the daemon is busy, stopping or unavailable */
    SKS_EXIT_FAILED = 5,  /* anything else that failed */
    SKS_EXIT_REFUSED = 6, /* the daemon refused the query */
    SKS_EXIT_AUTH = 7,    /* our key is not accepted, or keys are missing */
    SKS_EXIT_REPLACED = 8 /* the index was replaced during an export */
};

/* The most that is written at once. Styles may triple a reply; an answer is never cut. */
#define SKS_OUTPUT_BYTES (4u * SKS_MAX_REPLY_BYTES)

/* The exit status of an error code. */
int sks_session_exit_of (int code);

/* Send a buffer out. False if it cannot be written; the message may come at exit. */
bool sks_session_write (sks_buffer *buffer);

/* The same to standard error; failures are ignored. */
void sks_session_complain (const sks_buffer *buffer);

/* Everything a command works with. */
typedef struct sks_session {
    const sks_options *options;
    sks_terminal terminal; /* of stdout */
    sks_client *client;    /* NULL before sks_session_connect */
    sks_local *local;      /* what it is connected to; NULL: a daemon that was running */
    sks_buffer out;        /* the answer written so far */
    sks_table table;       /* the same as rows; see sks_session_table */
    sks_error err;
    const char *advice; /* about err, instead of the usual advice; NULL: none */
} sks_session;

/* Options are borrowed: valid until the end of the session. */
void sks_session_begin (sks_session *session, const sks_options *options);
void sks_session_end (sks_session *session);

/* Begin the answer again: empty, or with the byte order mark of the options. */
void sks_session_restart (sks_session *session);

/* Connect to what the options and the environment name: an index, or a daemon; else to a daemon at the default
 * endpoint, or to the default index when nothing listens there or that daemon is ending. */
int sks_session_connect (sks_session *session);

/* Report session->err on stderr, with --json on stdout as well; send the answer
 * out. Both return an exit status. */
int sks_session_fail (sks_session *session);
int sks_session_finish (sks_session *session, bool found);

/* Write the answer so far and empty it; on a terminal it goes to a pager. False if it cannot be written. */
bool sks_session_send (sks_session *session);

/* Start the pager if the output is for a person. */
void sks_session_page (const sks_options *options, const sks_terminal *terminal);

/* With --json, write a reply as received, on a separate line; control characters in its strings become escapes of
 * JSON. False with any other format. */
bool sks_session_put (sks_session *session, const char *reply);

/* Where rows go: to session->out. NULL when the answer is wanted as text. */
sks_table *sks_session_table (sks_session *session);

#endif
