/* clock.h - the clock for deadlines and durations: it never goes back, and is the same for all threads and processes
 * of a machine. */
#ifndef SKS_CLOCK_H
#define SKS_CLOCK_H

#include <stdint.h>

/* Microseconds of CLOCK_MONOTONIC. */
uint64_t sks_clock_us (void);

#endif
