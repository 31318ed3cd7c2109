/* config.h - the configuration: built-in values, file, command line.
 *
 * One table of options drives the command line, the configuration file,
 * --help and -n, so the four cannot differ. The command line beats the file,
 * the file beats the built-in values; an endpoint on the command line replaces
 * all of the file's. */
#ifndef SKS_CONFIG_H
#define SKS_CONFIG_H

#include "searchd.h"

#include <stdio.h>

/* Fill config from argv, which ends with NULL, from the file it names and from the environment.
 * Returns 0 or SKS_EINVALID; text names the option, or file and line. With --help, --version or --list-options only
 * config->action is set. */
int sks_config_read (sks_config *config, char *const *argv, sks_error *err);

/* The configuration in the form of its file. */
void sks_config_write (const sks_config *config, FILE *out);

/* The text of --help, and of --list-options. */
void sks_config_write_help (FILE *out);
void sks_config_write_list (FILE *out);

/* When the client of a request that came at arrived_us stops waiting: its own
 * deadline, or else the daemon's. */
uint64_t sks_config_deadline_us (const sks_config *config, const sks_request *request, uint64_t arrived_us);

#endif
