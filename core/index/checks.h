/* checks.h - whether what a statements file says can be true.
 *
 * Checksums tell that a file is as it was written, not that it was written by an
 * indexer. Everything that readers use without a look is looked at once, when the
 * file is opened: each offset and row is inside what it points at, what is searched
 * by halves is in order, ranges follow each other, texts are UTF-8, and the token
 * stream has whole tokens, of entries that are there, and no statement of more
 * words or bytes than readers have room for. What is in the Xapian files is checked
 * when a list is decoded (lists.h). */
#ifndef SKS_CHECKS_H
#define SKS_CHECKS_H

#include "rows.h"

/* Whether the token stream's numbers that end in the bytes from `from` to `end` are
 * those of entries. What is before `from` holds already. Only `tokens`, `tokens_size` and
 * `entries` are read: the stream, half of the file, is checked while it is read. */
bool sks_checks_numbers (const sks_store *store, size_t from, size_t end);

/* All else, once the numbers hold.
 * Returns 0, or SKS_EINDEX with a text that begins with path. */
int sks_checks_store (const sks_store *store, const char *path, sks_error *err);

#endif
