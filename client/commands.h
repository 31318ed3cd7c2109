/* commands.h - what each command does: ask the daemon, print the answer. */
#ifndef SKS_COMMANDS_H
#define SKS_COMMANDS_H

#include "options.h"

/* Run the command that the options name; answers go to stdout, failures to
 * stderr, and with --json also to stdout. Returns an exit status of session.h. */
int sks_command_run (const sks_options *options);

#endif
