/* pool.c - a slot for each worker.
 *
 * A request that goes to an idle worker at once is not decoded here, because this one thread would then do all the work.
 * Its bytes are kept (libzmq shares them), and they are read for the id and the deadline only if the worker takes long;
 * most requests end before that. */
#include "pool.h"

#include "config.h"
#include "connections.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

/* The broker waits this long after a deadline, because the worker's own refusal has a better message. It also waits
 * this long before it reads kept bytes. */
#define GRACE_US 10000

struct slot {
    int job;             /* enum sks_job_kind it is busy with */
    uint64_t generation; /* number of the last generation it was given */
    sks_waiting waiting; /* the waiting client and its deadline; the request is not kept */
    uint64_t look_us;    /* when to check whether it is late; UINT64_MAX: never */
    bool known;          /* deadline and id are known; else they are in bytes */
    bool refused;        /* the client received the refusal */
    int op;              /* enum sks_op of the request */
    bool named;          /* it has an id */
    char id[SKS_MAX_REQUEST_ID_BYTES + 1];
    zmq_msg_t bytes; /* of a request that was not decoded here */
};

struct sks_pool {
    sks_daemon *daemon;
    uint64_t all, idle;
    struct slot slots[SKS_MAX_WORKERS];
};

sks_pool *
sks_pool_create (sks_daemon *daemon)
{
    sks_pool *pool = calloc (1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->daemon = daemon;
    pool->idle = pool->all = UINT64_MAX >> (SKS_MAX_WORKERS - daemon->config.workers);
    for (unsigned i = 0; i < SKS_MAX_WORKERS; i++)
        zmq_msg_init (&pool->slots[i].bytes);
    return pool;
}

void
sks_pool_destroy (sks_pool **pool_p)
{
    if (!pool_p || !*pool_p)
        return;
    for (unsigned i = 0; i < SKS_MAX_WORKERS; i++)
        zmq_msg_close (&(*pool_p)->slots[i].bytes);
    free (*pool_p);
    *pool_p = NULL;
}

uint64_t
sks_pool_all (const sks_pool *pool)
{
    return pool->all;
}

uint64_t
sks_pool_idle (const sks_pool *pool)
{
    return pool->idle;
}

int
sks_pool_count_busy (const sks_pool *pool)
{
    return __builtin_popcountll (pool->all & ~pool->idle);
}

/* ----------------------------------------------------------------- giving */
static bool
give (sks_pool *pool, unsigned number, sks_job *job, zmq_msg_t *payload, uint64_t units)
{
    struct slot *slot = &pool->slots[number];
    job->generation = sks_generation_share (pool->daemon->generation);
    slot->job = job->kind;
    slot->generation = sks_generation_number (job->generation);
    pool->idle &= ~(UINT64_C (1) << number);
    /* This comes before the worker begins, because its job may be to report this count. */
    atomic_store_explicit (&pool->daemon->counters.busy_workers, (uint64_t) sks_pool_count_busy (pool),
                           memory_order_relaxed);
    if (units)
        return sks_worker_try (pool->daemon->workers[number], job, payload, units);
    sks_worker_give (pool->daemon->workers[number], job, payload);
    return false;
}

static void
remember (struct slot *slot, const sks_request *request)
{
    slot->op = request ? request->op : SKS_OPS;
    slot->named = request && request->id;
    if (slot->named)
        snprintf (slot->id, sizeof slot->id, "%s", request->id);
}

bool
sks_pool_ask (sks_pool *pool, unsigned number, const sks_waiting *waiting, zmq_msg_t *payload, uint64_t units)
{
    struct slot *slot = &pool->slots[number];
    sks_request *undecoded = waiting->bytes ? waiting->request : NULL;
    sks_job job = { .kind = SKS_JOB_ANSWER,
                    .client = waiting->envelope.client,
                    .arrived_us = waiting->arrived_us,
                    .request = waiting->bytes ? NULL : waiting->request };
    slot->waiting = *waiting;
    slot->waiting.request = NULL;
    slot->waiting.bytes = NULL;
    slot->refused = false;
    slot->known = waiting->request != NULL;
    if (slot->known)
        remember (slot, waiting->request);
    else
        zmq_msg_copy (&slot->bytes, payload);
    slot->look_us = (slot->known ? waiting->deadline_us : waiting->arrived_us) + GRACE_US;
    sks_request_destroy (&undecoded);
    return give (pool, number, &job, payload, units);
}

void
sks_pool_refresh (sks_pool *pool, unsigned number)
{
    pool->slots[number].look_us = UINT64_MAX;
    give (pool, number, &(sks_job) { .kind = SKS_JOB_REFRESH }, NULL, 0);
}

bool
sks_pool_is_fresh (const sks_pool *pool, unsigned number)
{
    return pool->slots[number].generation == sks_generation_number (pool->daemon->generation);
}

/* ----------------------------------------------------------------- taking */
int
sks_pool_take (sks_pool *pool, unsigned number, sks_envelope *envelope, zmq_msg_t *answer, size_t *wrong)
{
    struct slot *slot = &pool->slots[number];
    if (!sks_worker_take (pool->daemon->workers[number], answer, wrong))
        return SKS_SENT_NOTHING;
    pool->idle |= UINT64_C (1) << number;
    if (slot->job == SKS_JOB_REFRESH)
        return SKS_SENT_REFRESHED;
    *envelope = slot->waiting.envelope;
    return slot->refused ? SKS_SENT_LATE : SKS_SENT_REPLY;
}

/* --------------------------------------------------------------- deadlines */
/* Read id and deadline from the kept bytes. A request that cannot be read has no deadline: its worker refuses it. */
static void
read_bytes (sks_pool *pool, struct slot *slot)
{
    sks_request *request;
    size_t size = zmq_msg_size (&slot->bytes);
    const char *bytes = zmq_msg_data (&slot->bytes);
    int code = 0;
    if (size <= SKS_SMALL_REQUEST_BYTES)
        code = sks_request_decode (&request, bytes, size, NULL);
    else
        sks_request_identify (&request, bytes, size);
    if (!request)
        code = SKS_ENOMEM;
    slot->known = true;
    remember (slot, request);
    slot->waiting.deadline_us = UINT64_MAX - GRACE_US;
    if (!code)
        slot->waiting.deadline_us = sks_config_deadline_us (&pool->daemon->config, request, slot->waiting.arrived_us);
    slot->look_us = slot->waiting.deadline_us + GRACE_US;
    sks_request_destroy (&request);
}

static void
look (sks_pool *pool, struct slot *slot, uint64_t now_us, void (*late) (void *context, const sks_waiting *waiting),
      void *context)
{
    if (now_us >= slot->look_us && !slot->known)
        read_bytes (pool, slot);
    if (now_us < slot->look_us)
        return;
    sks_request refused = { .op = slot->op, .id = slot->named ? slot->id : NULL };
    sks_waiting waiting = slot->waiting;
    waiting.request = &refused;
    slot->refused = true;
    slot->look_us = UINT64_MAX;
    late (context, &waiting);
}

void
sks_pool_find_late (sks_pool *pool, uint64_t now_us, void (*late) (void *context, const sks_waiting *waiting),
                    void *context)
{
    for (uint64_t busy = pool->all & ~pool->idle; busy; busy &= busy - 1)
        look (pool, &pool->slots[__builtin_ctzll (busy)], now_us, late, context);
}

uint64_t
sks_pool_next_look (const sks_pool *pool)
{
    uint64_t next_us = UINT64_MAX;
    for (uint64_t busy = pool->all & ~pool->idle; busy; busy &= busy - 1) {
        const struct slot *slot = &pool->slots[__builtin_ctzll (busy)];
        if (slot->look_us < next_us)
            next_us = slot->look_us;
    }
    return next_us;
}
