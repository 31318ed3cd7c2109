/* keygen.h - the command keygen: new keys for a client, or for a daemon. */
#ifndef SKS_KEYGEN_H
#define SKS_KEYGEN_H

#include "core/base/table.h"
#include "options.h"

/* Make the files that the options name, and write to out what to do with them.
 *   table   receives this as rows (file, advice); NULL: it is written as text.
 * Returns 0, SKS_EINVALID (a file already exists, an invalid name) or SKS_EIO. */
int sks_keygen_run (const sks_options *options, sks_table *table, sks_buffer *out, sks_error *err);

#endif
