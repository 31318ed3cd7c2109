/* posting_kinds.h - the different kinds of a list's postings: position weight, form and length of the statement.
 *
 * A posting's share of a score depends on its kind and the query. A frequent stem has few kinds, so a query computes
 * their shares once and reads them by posting. */
#ifndef SKS_POSTING_KINDS_H
#define SKS_POSTING_KINDS_H

#include "core/base/arena.h"
#include "core/index/store.h"

typedef uint32_t sks_posting_kind; /* wdf << 8 | length */

static inline sks_posting_kind
sks_posting_kind_of (uint32_t wdf, uint8_t length)
{
    return wdf << 8 | length;
}

/* The most kinds of a list of `count` postings; with more, and in a short list, kinds do not pay. */
uint32_t sks_posting_kinds_most (size_t count);

/* Find the kinds of a list.
 *   statements   of the postings
 *   loads        their wdf; replaced by the index of their kind
 *   kinds        has sks_posting_kinds_most
 * *count_p is set to their number; 0, and nothing is replaced, if there are too many. False when out of memory. */
bool sks_posting_kinds_find (const sks_store *store, const uint32_t *statements, uint32_t *loads, size_t count,
                             sks_posting_kind *kinds, uint32_t *count_p, sks_arena *scratch);

#endif
