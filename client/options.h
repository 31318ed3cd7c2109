/* options.h - the command line of skillsearch. */
#ifndef SKS_OPTIONS_H
#define SKS_OPTIONS_H

#include "option.h"

/* Read a command line. Strings of argv are borrowed.
 *   *out   caller owns it; free with sks_options_destroy. NULL on failure.
 * Returns 0, SKS_EINVALID, whose text suggests what may have been meant, or
 * SKS_ENOMEM. */
int sks_options_parse (sks_options **out, int argc, char **argv, sks_error *err);
void sks_options_destroy (sks_options **options_p);

#endif
