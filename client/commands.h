/* commands.h - what each command does: ask the daemon, print the answer. */
#ifndef SKS_COMMANDS_H
#define SKS_COMMANDS_H

#include "options.h"

/* How the program ends; scripts rely on the numbers. */
enum sks_exit {
    SKS_EXIT_FOUND = 0,
    SKS_EXIT_NOTHING = 1,  /* nothing was found */
    SKS_EXIT_USAGE = 2,    /* the command line is wrong */
    SKS_EXIT_CONNECT = 3,  /* nothing answers at the endpoint */
    SKS_EXIT_LATE = 4,     /* no answer in time, or the daemon is busy */
    SKS_EXIT_FAILED = 5,   /* anything else that failed */
    SKS_EXIT_REFUSED = 6,  /* the daemon refused the query */
    SKS_EXIT_AUTH = 7      /* the daemon does not know us */
};

/* The exit status of an error code. */
int sks_exit_of (int code);

/* Run the command that the options name; answers go to stdout, failures to
 * stderr, and with --json also to stdout. Returns an exit status. */
int sks_command_run (const sks_options *options);

/* Send a buffer out. False, with a message on stderr, if it cannot be written. */
bool sks_command_write (sks_buffer *buffer);

#endif
