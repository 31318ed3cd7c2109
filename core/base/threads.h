/* threads.h - runs work in several threads for the duration of a call. */
#ifndef SKS_THREADS_H
#define SKS_THREADS_H

#include "error.h"

#include <stdbool.h>

#define SKS_MAX_THREADS 16
#define SKS_MAX_TASKS 32

/* Call work on each of `count` (1..SKS_MAX_THREADS) runs of `size` bytes each, the first in the calling thread, and
 * wait for all. Returns 0, or the first failure in the order of runs; SKS_EINTERNAL when a thread cannot be
 * started: the first run was then not processed. */
int sks_threads_work (int (*work) (void *run, sks_error *err), void *runs, size_t count, size_t size, sks_error *err);

/* Call work on each of `count` (at most SKS_MAX_TASKS) tasks of `size` bytes each: the calling thread begins with the
 * first one, a second thread with the last one, until they meet. So the two tasks that take longest belong at the
 * ends. The second thread blocks all signals; if it cannot be started the caller does all the work. Every task is
 * done, whether another one failed or not.
 *   alone   the caller does all the work: the tasks take less time than to start a thread
 * Returns 0, or the first failure in the order of tasks. */
int sks_threads_meet (int (*work) (void *task, sks_error *err), void *tasks, size_t count, size_t size, bool alone,
                      sks_error *err);

#endif
