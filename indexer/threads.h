/* threads.h - the same work on several runs at once, one thread each. */
#ifndef SKS_THREADS_H
#define SKS_THREADS_H

#include "core/base/error.h"

#define SKS_MAX_THREADS 16

/* Call work on each of `count` (1..SKS_MAX_THREADS) runs of `size` bytes each,
 * the first in the calling thread, and wait for all. Returns 0, or the first
 * failure in the order of runs; SKS_EINTERNAL when a thread cannot be started:
 * the first run has then not been worked on. */
int sks_threads_work (int (*work) (void *run, sks_error *err), void *runs, size_t count, size_t size, sks_error *err);

#endif
