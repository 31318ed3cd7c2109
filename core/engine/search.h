/* search.h - request -> result: the engine's face. It knows no socket.
 *
 * A searcher is one thread's way into a generation: its own Xapian handle and
 * its own scratch memory. Tests, the bench and the relevance runs link this
 * room alone. */
#ifndef SKS_SEARCH_H
#define SKS_SEARCH_H

#include "generation.h"

typedef struct sks_searcher sks_searcher;

/* A searcher on generation, of which it takes a reference of its own.
 *   *out   caller owns it; free with sks_searcher_close. NULL on failure. */
int sks_searcher_open (sks_searcher **out, sks_generation *generation, sks_error *err);

/* Close, and give the generation's reference back. Sets *searcher_p to NULL. */
void sks_searcher_close (sks_searcher **searcher_p);

/* When to stop: operations that may take long look at the clock between their
 * parts, and from at_us on (sks_clock_us) fail with SKS_EDEADLINE. Holds for all
 * calls that follow; 0 for never, as it is at first. */
void sks_searcher_set_deadline (sks_searcher *searcher, uint64_t at_us);

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
