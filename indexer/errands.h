/* errands.h - what skillsearch-index does besides indexing: --list, --rollback, --publish, --diff. */
#ifndef SKS_ERRANDS_H
#define SKS_ERRANDS_H

#include "index_options.h"

/* Do the errand of the options; returns the exit code. */
int sks_errand_run (const sks_index_options *options);

#endif
