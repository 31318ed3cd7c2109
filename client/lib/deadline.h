/* deadline.h - the end of a wait, in milliseconds of the monotonic clock. */
#ifndef SKS_DEADLINE_H
#define SKS_DEADLINE_H

#include <stdint.h>
#include <time.h>

typedef int64_t sks_deadline;

static inline sks_deadline
sks_deadline_after (uint32_t wait_ms)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (sks_deadline) now.tv_sec * 1000 + now.tv_nsec / 1000000 + wait_ms;
}

/* The remaining milliseconds, in the form that poll(2) takes; never below 0. */
static inline int
sks_deadline_left (sks_deadline deadline)
{
    int64_t left = deadline - sks_deadline_after (0);
    return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int) left;
}

/* The earlier of a deadline and the time in wait_ms from now. */
static inline sks_deadline
sks_deadline_within (sks_deadline deadline, uint32_t wait_ms)
{
    sks_deadline other = sks_deadline_after (wait_ms);
    return deadline < other ? deadline : other;
}

/* Two fifths of the time until a deadline, so that two such waits leave time for more; but at least least_ms, and not
 * beyond the deadline. */
static inline sks_deadline
sks_deadline_share (sks_deadline deadline, uint32_t least_ms)
{
    uint32_t share_ms = (uint32_t) ((int64_t) sks_deadline_left (deadline) * 2 / 5);
    return sks_deadline_within (deadline, share_ms > least_ms ? share_ms : least_ms);
}

#endif
