/* checks.h - checks a statements file for consistency.
 *
 * Checksums show that a file is unchanged, not that an indexer wrote it. Everything that readers use without a check
 * is checked once, when the file is opened: each offset and row is within its section, tables for binary search are
 * sorted, ranges are consecutive, texts are UTF-8, and the token stream has whole tokens of existing entries and no
 * statement with more words or bytes than readers have space for. The content of the Xapian files is checked when a
 * list is decoded (lists.h). */
#ifndef SKS_CHECKS_H
#define SKS_CHECKS_H

#include "rows.h"

/* Check everything else, after the token stream (checks_tokens.h).
 * Returns 0, or SKS_EINDEX with a text that begins with path. */
int sks_checks_store (const sks_store *store, const char *path, sks_error *err);

#endif
