/* search.h - request -> result: the engine's face. It knows no socket.
 *
 * A searcher is one thread's way into a generation: its own Xapian handle and
 * its own scratch memory. Tests, the bench and the relevance runs link this
 * room alone. */
#ifndef SKS_SEARCH_H
#define SKS_SEARCH_H

#include "core/base/budget.h"
#include "generation.h"

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

/* Answer a query.
 *   *out   caller owns it; free with sks_result_destroy. NULL on failure. Its
 *          codes and titles are the generation's: valid while that is open.
 * Returns 0, SKS_EQUERYSYNTAX or SKS_ETOOCOMPLEX (err->at is the byte in the
 * query's text), SKS_ELIMIT, SKS_EBADREQUEST (a filter value that is none),
 * SKS_EINDEX or SKS_ENOMEM. */
int sks_searcher_search (sks_searcher *searcher, const sks_query *query, sks_result **out, sks_error *err);

/* Fetch statements by id, in the order asked; unknown ids become
 * result->missing. Returns and ownership as above. */
int sks_searcher_get (sks_searcher *searcher, const char *const *ids, size_t count, sks_result **out, sks_error *err);

#endif
