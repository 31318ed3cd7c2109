/* results.h - replies that a worker keeps for equal requests.
 *
 * A key is the request as the protocol writes it, without its id and deadline, so requests that differ only in the
 * order of their members or in members with their default have one key. Only complete answers are kept, never
 * failures. Like the searcher, the results belong to whichever thread does the worker's job, and to one generation:
 * they are cleared when the searcher is opened on another one. */
#ifndef SKS_RESULTS_H
#define SKS_RESULTS_H

#include "counters.h"

#define SKS_MAX_KEPT_REPLY_BYTES 65536 /* larger ones are not kept */

typedef struct sks_results sks_results;

/* Results of at most max_bytes, their keys and the table included. counters is borrowed. NULL when out of memory.
 * Caller owns it; free with sks_results_destroy. */
sks_results *sks_results_create (size_t max_bytes, sks_counters *counters);

/* Free all. Sets *results_p to NULL. Safe on NULL. */
void sks_results_destroy (sks_results **results_p);

/* Forget all. Safe on NULL. */
void sks_results_clear (sks_results *results);

/* Set the key for the next find and keep. False if the request's reply is not to be kept: it does not depend on the
 * request and the generation alone, or it is a page of a scan or a multi, whose parts are kept. */
bool sks_results_begin (sks_results *results, const sks_request *request);

/* Write the kept reply at the end of `out`, with the id of `request`, and count a hit; else return false. The caller
 * ends the reply with sks_reply_close_kept. */
bool sks_results_find (sks_results *results, const sks_request *request, sks_buffer *out);

/* Keep a complete reply. The results that were used longest ago are dropped for it. */
void sks_results_keep (sks_results *results, const char *reply, size_t size);

#endif
