/* settings.h - the configuration file of the command, $XDG_CONFIG_HOME/skillsearch/config (~/.config without the
 * variable).
 *
 * Lines "NAME = VALUE"; empty lines, and lines that begin with "#", say nothing. The names are endpoint, server-key,
 * client-key, color, pager and limit. An option comes before the environment, that before the file, and the file before
 * the default. */
#ifndef SKS_SETTINGS_H
#define SKS_SETTINGS_H

#include "options.h"

/* Fill in what neither the options nor the environment say. A file that is not there says nothing.
 * Returns 0, SKS_EINVALID (a line that is wrong; the text names file and line), SKS_EIO, SKS_ELIMIT or SKS_ENOMEM. */
int sks_settings_read (sks_options *options, sks_error *err);

#endif
