/* result.h - an empty sks_result and its arena, which owns everything in it.
 *
 * The engine fills one from a search, the wire fills one from a reply; both
 * allocate from the result's own arena, so freeing is one call. */
#ifndef SKS_RESULT_H
#define SKS_RESULT_H

#include "arena.h"
#include <skillsearch.h>

/* An empty result, NULL when out of memory. Caller owns it; free with
 * sks_result_destroy. */
sks_result *sks_result_create (void);

/* Where the parts of a result are allocated. Borrowed: valid until the result
 * is destroyed. */
sks_arena *sks_result_arena (sks_result *result);

#endif
