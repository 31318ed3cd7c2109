/* shard_state.h - whether the servers of shards answer, as all threads of a daemon know it.
 *
 * A server that refuses connections, or did not answer in time SKS_SHARD_TIMEOUTS times in a row, is down; one that has
 * another shard or generation is a mismatch. Neither is used: one thread at a time tries to connect, after 0.25, 0.5,
 * 1 ... 5 s; the others do not wait for it. Any thread may call these functions; a structure of zeros is valid. */
#ifndef SKS_SHARD_STATE_H
#define SKS_SHARD_STATE_H

#include "core/base/schema.h"

#include <stdatomic.h>
#include <stdbool.h>

#define SKS_SHARD_TIMEOUTS 3
#define SKS_SHARD_FIRST_RETRY_US 250000
#define SKS_SHARD_LAST_RETRY_US 5000000

enum sks_shard_condition { SKS_SHARD_UP, SKS_SHARD_DOWN, SKS_SHARD_MISMATCH };

/* How a server failed. */
enum sks_shard_failing { SKS_SHARD_REFUSED, SKS_SHARD_TIMED_OUT, SKS_SHARD_MISMATCHED };

typedef struct sks_shard_state {
    _Atomic uint32_t failures;   /* in a row */
    _Atomic int condition;       /* enum sks_shard_condition; unless up, connections are tried only from retry_us on */
    _Atomic uint64_t retry_us;   /* sks_clock_us */
    _Atomic uint64_t generation; /* of the shard when it was last connected; 0: not known */
} sks_shard_state;

typedef struct sks_shard_states {
    sks_shard_state of[SKS_MAX_SHARDS];
    /* Called when the condition of a shard changes; NULL: not used. `cause` is the error's text, NULL if it is up. */
    void (*changed) (uint32_t shard, enum sks_shard_condition condition, const char *cause);
} sks_shard_states;

/* Whether to connect now. Unless it is up, this is true for one thread each time; that one must then call
 * sks_shard_state_failed or sks_shard_state_answered. */
bool sks_shard_state_tries (sks_shard_state *state);

/* A server failed. */
void sks_shard_state_failed (sks_shard_states *states, uint32_t shard, enum sks_shard_failing how, const char *cause);

/* A server answered. */
void sks_shard_state_answered (sks_shard_states *states, uint32_t shard);

/* All servers were connected, and have this generation. */
void sks_shard_state_begin (sks_shard_states *states, uint64_t generation);

#endif
