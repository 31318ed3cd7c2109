/* statement_vectors.h - the vectors of a generation's statements, made in several threads. */
#ifndef SKS_STATEMENT_VECTORS_H
#define SKS_STATEMENT_VECTORS_H

#include "core/index/centroid.h"

/* Make the vectors of all statements of a store that is otherwise complete, and set its vectors and vector.
 *   *out     caller owns it; free it when the store is written. NULL on failure.
 *   threads  1 or more
 * Returns 0, SKS_ENOMEM or SKS_EINTERNAL. */
int sks_statement_vectors_make (int8_t **out, sks_store *store, const sks_vectors *vectors, unsigned threads,
                                sks_error *err);

#endif
