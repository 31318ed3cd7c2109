/* budget.c - reads the clock. */
#include "budget.h"

void
sks_budget_set_stop (sks_stop *stop, uint64_t at_us)
{
    __atomic_store_n (&stop->at_us, at_us, __ATOMIC_RELAXED);
}

void
sks_budget_begin (sks_budget *budget, uint64_t end_us)
{
    budget->end_us = end_us;
    budget->left = 0;
    budget->quota = 0;
    budget->cut = 0;
    budget->over = false;
    budget->late = 0;
}

void
sks_budget_limit (sks_budget *budget, uint64_t units)
{
    budget->quota = units + 1;
}

/* Take units from the quota. False if it has fewer. */
static bool
spend_quota (sks_budget *budget, uint64_t units)
{
    uint64_t quota = budget->quota + budget->left;
    if (!budget->quota)
        return true;
    budget->quota = units < quota ? quota - units : 1;
    return units < quota;
}

/* A budget that is cut has no units left, so each call comes here. */
bool
sks_budget_renew (sks_budget *budget, uint64_t units)
{
    if (budget->cut) {
        budget->late++;
        return true;
    }
    uint64_t stop_us = budget->stop ? __atomic_load_n (&budget->stop->at_us, __ATOMIC_RELAXED) : 0;
    uint64_t now_us = budget->end_us || stop_us ? budget->clock () : 0;
    if (stop_us && now_us >= stop_us)
        budget->cut = SKS_ESHUTTINGDOWN;
    else if (budget->end_us && now_us >= budget->end_us)
        budget->cut = SKS_EDEADLINE;
    else if (!spend_quota (budget, units)) {
        budget->cut = SKS_EDEADLINE;
        budget->over = true;
    }
    budget->left = budget->cut ? 0 : budget->every;
    if (budget->quota && budget->left >= budget->quota)
        budget->left = budget->quota - 1;
    if (budget->quota)
        budget->quota -= budget->left;
    return budget->cut;
}

int
sks_budget_status (const sks_budget *budget, sks_error *err)
{
    if (budget->cut == SKS_ESHUTTINGDOWN)
        return sks_fail (err, budget->cut, "the daemon is ending");
    return budget->cut ? sks_fail (err, budget->cut, "not done in time") : 0;
}
