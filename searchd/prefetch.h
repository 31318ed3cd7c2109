/* prefetch.h - a thread that decodes the lists of frequent words before a request needs them.
 *
 * Without it the first requests after opening would wait for them. It works only while a core has nothing else to do.
 * The calls belong to one thread. */
#ifndef SKS_PREFETCH_H
#define SKS_PREFETCH_H

#include "core/engine/generation.h"

typedef struct sks_prefetch sks_prefetch;

/* Start on a generation, which may be shared with other threads already; it takes its own reference. A failure is
 * logged: then requests decode what they need.
 *   *out   caller owns it; free with sks_prefetch_stop. NULL on failure. */
void sks_prefetch_start (sks_prefetch **out, sks_generation *generation);

/* End the thread, which takes less than a millisecond or two, and free all. What it has decoded is kept. Sets
 * *prefetch_p to NULL. Safe on NULL. */
void sks_prefetch_stop (sks_prefetch **prefetch_p);

#endif
