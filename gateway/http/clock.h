/* clock.h - the time for deadlines. */
#ifndef GW_CLOCK_H
#define GW_CLOCK_H

#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t gw_clock_ms (void);

#endif
