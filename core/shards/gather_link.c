/* gather_link.c - connects, checks labels, and decides what is tried again. */
#include "gather_link.h"

#include "core/index/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const sks_store *
store_of (const sks_gather *g)
{
    return sks_generation_snapshot (sks_searcher_generation (g->searcher))->store;
}

static uint64_t
bit_of (size_t shard)
{
    return UINT64_C (1) << shard;
}

void
sks_gather_begin_request (sks_gather *g)
{
    g->given_up = 0;
    g->lost = 0;
    g->connected = false;
}

uint32_t
sks_gather_count_open (const sks_gather *g)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < store_of (g)->shards; i++)
        count += sks_shards_is_open (g->shards, i);
    return count;
}

/*   *how   set to SKS_SHARD_MISMATCHED if it is another shard */
static int
check_label (sks_gather *g, uint32_t shard, enum sks_shard_failing *how, sks_error *err)
{
    char wanted[SKS_SHARD_LABEL_BYTES], found[SKS_SHARD_LABEL_BYTES];
    uint64_t generation = 0;
    sks_shard_label (store_of (g), shard, wanted);
    int code = sks_shards_note (g->shards, shard, SKS_SHARD_KEY, found, sizeof found, err);
    if (code)
        return code;
    if (sscanf (found, "%*d %" SCNu64, &generation) != 1)
        generation = 0;
    atomic_store_explicit (&g->states->of[shard].generation, generation, memory_order_relaxed);
    if (strcmp (wanted, found) == 0)
        return 0;
    *how = SKS_SHARD_MISMATCHED;
    sks_shards_disconnect (g->shards, shard);
    const char *name = sks_shards_name (g->shards, shard);
    if (!*found)
        return sks_fail (err, SKS_EUNAVAILABLE, "%s: it is no shard of skillsearch, instead of \"%s\"", name, wanted);
    return sks_fail (err, SKS_EUNAVAILABLE, "%s: it is \"%s\" instead of \"%s\"", name, found, wanted);
}

static int
connect_one (sks_gather *g, uint32_t shard, sks_error *err)
{
    if (!sks_shard_state_tries (&g->states->of[shard])) {
        if (g->causes[shard].code)
            return sks_fail (err, SKS_EUNAVAILABLE, "%s; it is tried again soon", g->causes[shard].text);
        return sks_fail (err, SKS_EUNAVAILABLE, "%s: it did not answer, and is tried again soon",
                         sks_shards_name (g->shards, shard));
    }
    enum sks_shard_failing how = SKS_SHARD_REFUSED;
    int code = sks_shards_connect (g->shards, shard, err);
    if (!code)
        code = check_label (g, shard, &how, err);
    if (!code) {
        sks_shard_state_answered (g->states, shard);
        return 0;
    }
    g->causes[shard] = *err;
    if (code == SKS_EUNAVAILABLE && sks_shards_failed (g->shards)->timed_out)
        how = SKS_SHARD_TIMED_OUT;
    sks_shard_state_failed (g->states, shard, how, err->text);
    return code;
}

int
sks_gather_connect (sks_gather *g, bool partial, sks_error *err)
{
    const sks_store *store = store_of (g);
    sks_budget *budget = sks_searcher_budget (g->searcher);
    sks_error another = { 0 }; /* only the first failure is reported */
    uint32_t open = 0;
    int first = 0;
    g->connected = false;
    for (uint32_t i = 0; i < store->shards; i++) {
        sks_error *why = first ? &another : err;
        bool given_up = (g->given_up & bit_of (i)) != 0;
        int code = 0;
        if (!sks_shards_is_open (g->shards, i) && sks_budget_look (budget))
            return sks_budget_status (budget, err);
        if (!sks_shards_is_open (g->shards, i))
            code = given_up ? SKS_EUNAVAILABLE : connect_one (g, i, why);
        open += !code;
        if (!code || given_up)
            continue;
        first = first ? first : code;
        g->given_up |= bit_of (i);
        if (!partial || code != SKS_EUNAVAILABLE)
            return code;
    }
    g->connected = open > 0;
    return open ? 0 : first ? first : SKS_EUNAVAILABLE;
}

bool
sks_gather_again (sks_gather *g, bool partial, int *code, sks_error *err)
{
    sks_budget *budget = sks_searcher_budget (g->searcher);
    if (*code != SKS_EUNAVAILABLE)
        return false;
    const sks_shards_failure *failure = sks_shards_failed (g->shards);
    bool again = g->connected && !(g->lost & bit_of (failure->shard)) && !failure->timed_out;
    if (g->connected && !again) {
        sks_shard_state_failed (g->states, (uint32_t) failure->shard,
                                failure->timed_out ? SKS_SHARD_TIMED_OUT : SKS_SHARD_REFUSED, err->text);
        g->causes[failure->shard] = *err;
        g->given_up |= bit_of (failure->shard);
    }
    g->lost |= bit_of (failure->shard);
    if (sks_budget_look (budget)) {
        *code = sks_budget_status (budget, err);
        return false;
    }
    return again || (partial && g->connected);
}
