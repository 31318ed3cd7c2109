/* searcher.h - one thread's access to a generation: its own Xapian handle and its own
 * scratch memory. What a searcher answers is in search.h and operations.h. */
#ifndef SKS_SEARCHER_H
#define SKS_SEARCHER_H

#include "core/base/budget.h"
#include "generation.h"
#include "match.h"

typedef struct sks_searcher sks_searcher;

/* A searcher on a generation; it takes its own reference.
 *   *out   caller owns it; free with sks_searcher_close. NULL on failure. */
int sks_searcher_open (sks_searcher **out, sks_generation *generation, sks_error *err);

/* A searcher on a part of a generation: `snapshot` and `cache` are used in place of those of the generation. They are
 * borrowed: valid until the searcher is closed. */
int sks_searcher_open_part (sks_searcher **out, sks_generation *generation, const sks_snapshot *snapshot,
                            sks_cache *cache, sks_error *err);

/* Close, and release the reference to the generation. Sets *searcher_p to NULL. */
void sks_searcher_close (sks_searcher **searcher_p);

/* The time limit of calls; borrowed. When it is over, every call fails with SKS_EDEADLINE or SKS_ESHUTTINGDOWN, and
 * its results are useless. Begin the budget for each request; otherwise calls have no time limit. */
sks_budget *sks_searcher_budget (sks_searcher *searcher);

/* The generation that answers. Borrowed: valid until the searcher is closed. */
sks_generation *sks_searcher_generation (sks_searcher *searcher);

/* Prepare a matching for one call. Clears the scratch arena of previous calls; failures go to err. */
sks_matching sks_searcher_matching (sks_searcher *searcher, sks_error *err);

#endif
