/* searcher.h - one thread's access to a generation: its own Xapian handle and its own
 * scratch memory. What a searcher answers is in search.h and operations.h. */
#ifndef SKS_SEARCHER_H
#define SKS_SEARCHER_H

#include "core/base/budget.h"
#include "generation.h"
#include "match.h"

typedef struct sks_searcher sks_searcher;

/* A searcher on generation, of which it takes a reference of its own.
 *   *out   caller owns it; free with sks_searcher_close. NULL on failure. */
int sks_searcher_open (sks_searcher **out, sks_generation *generation, sks_error *err);

/* Close, and give the generation's reference back. Sets *searcher_p to NULL. */
void sks_searcher_close (sks_searcher **searcher_p);

/* The time that calls have; borrowed. Every call fails with SKS_EDEADLINE or
 * SKS_ESHUTTINGDOWN when it is over, and leaves nothing of use. Begin it for each
 * request; without that calls take the time that they need. */
sks_budget *sks_searcher_budget (sks_searcher *searcher);

/* Which generation answers. Borrowed: valid until the searcher is closed. */
sks_generation *sks_searcher_generation (sks_searcher *searcher);

/* The searcher's tools for one call. What the calls before it left in the scratch
 * arena is forgotten; failures go to err. */
sks_matching sks_searcher_matching (sks_searcher *searcher, sks_error *err);

#endif
