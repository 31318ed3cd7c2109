/* clock.c - one call of the kernel's clock. */
#include "clock.h"

#include <time.h>

int64_t
gw_clock_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
