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
    budget->cut = 0;
    budget->late = 0;
}

/* A budget that is cut has no units left, so each call comes here. */
bool
sks_budget_look (sks_budget *budget)
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
    budget->left = budget->cut ? 0 : budget->every;
    return budget->cut;
}

int
sks_budget_status (const sks_budget *budget, sks_error *err)
{
    if (budget->cut == SKS_ESHUTTINGDOWN)
        return sks_fail (err, budget->cut, "the daemon is ending");
    return budget->cut ? sks_fail (err, budget->cut, "not done in time") : 0;
}
