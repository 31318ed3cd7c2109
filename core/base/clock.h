/* clock.h - the clock for deadlines and durations: it never goes back, and all threads and processes of a machine
 * share it. */
#ifndef SKS_CLOCK_H
#define SKS_CLOCK_H

#include <stdint.h>

/* Microseconds of CLOCK_MONOTONIC. */
uint64_t sks_clock_us (void);

#endif
