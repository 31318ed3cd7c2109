/* shard_state.c - relaxed atomics: a thread that sees an old state tries once more, or once less. */
#include "shard_state.h"

#include "core/base/clock.h"

/* The pause after the n-th failure in a row. */
static uint64_t
pause_us (uint32_t failures)
{
    uint64_t us = SKS_SHARD_FIRST_RETRY_US;
    for (uint32_t i = 1; i < failures && us < SKS_SHARD_LAST_RETRY_US; i++)
        us *= 2;
    return us < SKS_SHARD_LAST_RETRY_US ? us : SKS_SHARD_LAST_RETRY_US;
}

bool
sks_shard_state_tries (sks_shard_state *state)
{
    uint64_t now_us = sks_clock_us (), due_us = atomic_load_explicit (&state->retry_us, memory_order_relaxed);
    if (atomic_load_explicit (&state->condition, memory_order_relaxed) == SKS_SHARD_UP)
        return true;
    return due_us <= now_us &&
           atomic_compare_exchange_strong_explicit (&state->retry_us, &due_us, now_us + SKS_SHARD_LAST_RETRY_US,
                                                    memory_order_relaxed, memory_order_relaxed);
}

static void
change (sks_shard_states *states, uint32_t shard, enum sks_shard_condition condition, const char *cause)
{
    int before = atomic_exchange_explicit (&states->of[shard].condition, (int) condition, memory_order_relaxed);
    if (before != (int) condition && states->changed)
        states->changed (shard, condition, cause);
}

void
sks_shard_state_failed (sks_shard_states *states, uint32_t shard, enum sks_shard_failing how, const char *cause)
{
    sks_shard_state *state = &states->of[shard];
    uint32_t failures = atomic_fetch_add_explicit (&state->failures, 1, memory_order_relaxed) + 1;
    bool up = atomic_load_explicit (&state->condition, memory_order_relaxed) == SKS_SHARD_UP;
    bool timed_out = how == SKS_SHARD_TIMED_OUT;
    if (timed_out && failures < SKS_SHARD_TIMEOUTS && up)
        return;
    uint64_t pause = timed_out ? SKS_SHARD_LAST_RETRY_US : pause_us (failures);
    atomic_store_explicit (&state->retry_us, sks_clock_us () + pause, memory_order_relaxed);
    change (states, shard, how == SKS_SHARD_MISMATCHED ? SKS_SHARD_MISMATCH : SKS_SHARD_DOWN, cause);
}

void
sks_shard_state_answered (sks_shard_states *states, uint32_t shard)
{
    sks_shard_state *state = &states->of[shard];
    if (!atomic_load_explicit (&state->failures, memory_order_relaxed))
        return;
    atomic_store_explicit (&state->failures, 0, memory_order_relaxed);
    change (states, shard, SKS_SHARD_UP, NULL);
}

void
sks_shard_state_begin (sks_shard_states *states, uint64_t generation)
{
    for (uint32_t i = 0; i < SKS_MAX_SHARDS; i++) {
        atomic_store_explicit (&states->of[i].generation, generation, memory_order_relaxed);
        sks_shard_state_answered (states, i);
    }
}
