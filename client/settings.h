/* settings.h - times from the environment, and the configuration file of the command,
 * $XDG_CONFIG_HOME/skillsearch/config (~/.config without the variable).
 *
 * Lines "NAME = VALUE"; empty lines and lines that begin with "#" are ignored. The names are endpoint, server-key,
 * client-key, color, pager and limit. An option overrides the environment, which overrides the file, which
 * overrides the default. */
#ifndef SKS_SETTINGS_H
#define SKS_SETTINGS_H

#include "options.h"

/* A time in milliseconds from the environment; *time_ms stays if the variable is not set or empty. Returns 0, or
 * SKS_EINVALID if it is not a number from 1 to SKS_MAX_DEADLINE_MS; the text names it. */
int sks_settings_time (const char *variable, uint32_t *time_ms, sks_error *err);

/* Fill in values that the options do not set: the timeout of the environment, for commands that use it, and values from
 * the file that the environment does not set either. A missing file sets nothing.
 * Returns 0, SKS_EINVALID (a line or a variable that is wrong; the text names it), SKS_EIO, SKS_ELIMIT or
 * SKS_ENOMEM. */
int sks_settings_read (sks_options *options, sks_error *err);

#endif
