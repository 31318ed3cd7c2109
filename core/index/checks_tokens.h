/* checks_tokens.h - checks the token stream of a statements file, also in parts, as half of the file are tokens. */
#ifndef SKS_CHECKS_TOKENS_H
#define SKS_CHECKS_TOKENS_H

#include "rows.h"

/* Whether all numbers of the token stream that end in the bytes from `from` to `end` are entry numbers. The bytes
 * before `from` were checked already. Only `tokens`, `tokens_size` and `entries` are read: the stream is checked while
 * it is read from the file. */
bool sks_checks_numbers (const sks_store *store, size_t from, size_t end);

/* Whether a statement, whose tokens are valid, fits the buffers of its readers. */
bool sks_checks_statement (const sks_store *store, uint32_t statement);

#endif
