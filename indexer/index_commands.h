/* index_commands.h - what skillsearch-index does besides indexing: --list, --rollback, --publish, --diff,
 * --export-bulk. */
#ifndef SKS_INDEX_COMMANDS_H
#define SKS_INDEX_COMMANDS_H

#include "index_options.h"

/* Do the command of the options; returns the exit code. */
int sks_index_command_run (const sks_index_options *options);

#endif
