/* budget.h - the time limit for the work of one request.
 *
 * Every loop that grows with the index or the request reports its work with sks_budget_spend. A unit is work of a
 * few nanoseconds: a posting, a token, a byte of a reply. The clock is read once every `every` units, so a call
 * costs a subtraction. When the time is over, the budget is cut for good: every later call returns true at once.
 * Loops then end early and their results are useless; the outermost caller checks sks_budget_status and fails.
 *
 * A budget may also have a quota of units. It is cut when they are spent, before the work that would exceed them, so
 * that a caller can try a request and leave it to another thread if it is a large one.
 *
 * Single passes over bits, cells or rows are not interrupted: each takes less than 10 ms at a million statements.
 *
 * A budget belongs to one thread. */
#ifndef SKS_BUDGET_H
#define SKS_BUDGET_H

#include "clock.h"
#include "error.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Units of work between two readings of the clock: 0.1 to 0.5 ms. */
#define SKS_BUDGET_EVERY 65536

/* A common end for the work of many budgets, in microseconds of sks_clock_us; 0 for never. Any thread may set it. */
typedef struct sks_stop {
    uint64_t at_us;
} sks_stop;

void sks_budget_set_stop (sks_stop *stop, uint64_t at_us);

typedef struct sks_budget {
    uint64_t end_us;          /* when the work ends; 0 for never */
    const sks_stop *stop;     /* when all work ends; NULL for never. Borrowed */
    uint64_t (*clock) (void); /* sks_clock_us */
    uint64_t every, left;     /* units between two readings, and until the next one */
    uint64_t quota;           /* units that may be spent after `left`, plus one; 0 for any number */
    int cut;                  /* 0, SKS_EDEADLINE or SKS_ESHUTTINGDOWN */
    bool over;                /* cut because of the quota; then cut is SKS_EDEADLINE */
    uint64_t late;            /* calls after the cut: loops that continued */
} sks_budget;

#define SKS_BUDGET_INIT                                                                                                \
    {                                                                                                                  \
        0, NULL, sks_clock_us, SKS_BUDGET_EVERY, 0, 0, 0, false, 0                                                     \
    }

/* Begin new work, which must end at end_us; 0 for never. The first call of sks_budget_spend reads the clock. */
void sks_budget_begin (sks_budget *budget, uint64_t end_us);

/* Cut the work before it spends more than `units`. To be called directly after sks_budget_begin, which removes the
 * quota of earlier work. */
void sks_budget_limit (sks_budget *budget, uint64_t units);

/* Read the clock, and count `units` of work. True when the work must end. */
bool sks_budget_renew (sks_budget *budget, uint64_t units);

/* Read the clock. True when the work must end. */
static inline bool
sks_budget_look (sks_budget *budget)
{
    return sks_budget_renew (budget, 0);
}

/* Count `units` of work. True when the work must end. */
static inline bool
sks_budget_spend (sks_budget *budget, uint64_t units)
{
    if (__builtin_expect (units < budget->left, 1)) {
        budget->left -= units;
        return false;
    }
    return sks_budget_renew (budget, units);
}

/* 0, or the failure that ended the work. Does not read the clock. */
int sks_budget_status (const sks_budget *budget, sks_error *err);

/* Count `units` of work. 0 when the work may go on, else the failure that ended it. */
static inline int
sks_budget_check (sks_budget *budget, uint64_t units, sks_error *err)
{
    return sks_budget_spend (budget, units) ? sks_budget_status (budget, err) : 0;
}

#ifdef __cplusplus
}
#endif

#endif
