/* queue.c - a list of requests for each client, and a list of the clients that
 * have any, in the order of their turns. All memory is allocated once, at the start.
 *
 * The requests of a client are in rounds: each source has at most one in a round.
 *
 * Turns are numbered. A returning client keeps the number of its last turn, if it is still remembered, so it comes
 * before clients that were served since.
 *
 * The earliest deadline is remembered as a lower bound, so the broker usually finds that nothing has expired without
 * a scan. */
#include "queue.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/queue.h>

struct entry {
    sks_waiting waiting;
    uint64_t round;
    TAILQ_ENTRY (entry) link;
};
TAILQ_HEAD (entries, entry);

/* A client that has requests in the queue. */
struct client {
    uint32_t number;
    uint64_t served;        /* its last turn, or the current one when it was added */
    struct entries entries; /* in the order of their rounds, in a round the oldest first */
    uint64_t round;         /* of the request that was taken last */
    size_t count;
    TAILQ_ENTRY (client) turn;
    LIST_ENTRY (client) link; /* with other clients of its bucket */
};
TAILQ_HEAD (clients, client);
LIST_HEAD (bucket, client);

#define REMEMBERED 4096 /* last turns that are remembered, by client number */

struct sks_queue {
    size_t limit, count;
    uint64_t turn; /* number of turns so far */
    struct {
        uint32_t number;
        uint64_t turn;
    } served[REMEMBERED];
    uint64_t next_deadline_us; /* at or before every deadline in the queue */
    struct clients turns;      /* in the order of their last turns, so the next client is first */
    struct entries free_entries;
    struct clients free_clients;
    struct entry *entries; /* `limit` entries and clients: every client has at least one request */
    struct client *clients;
    struct bucket *buckets; /* mask + 1 */
    size_t mask;
};

void
sks_queue_drop (sks_waiting *waiting)
{
    sks_request_destroy (&waiting->request);
    free (waiting->bytes);
    waiting->bytes = NULL;
}

sks_queue *
sks_queue_create (size_t limit)
{
    assert (limit > 0);
    sks_queue *queue = calloc (1, sizeof *queue);
    if (!queue)
        return NULL;
    while (queue->mask < limit)
        queue->mask = queue->mask * 2 + 1;
    queue->limit = limit;
    queue->next_deadline_us = UINT64_MAX;
    queue->entries = calloc (limit, sizeof *queue->entries);
    queue->clients = calloc (limit, sizeof *queue->clients);
    queue->buckets = calloc (queue->mask + 1, sizeof *queue->buckets);
    TAILQ_INIT (&queue->turns);
    TAILQ_INIT (&queue->free_entries);
    TAILQ_INIT (&queue->free_clients);
    if (!queue->entries || !queue->clients || !queue->buckets) {
        sks_queue_destroy (&queue);
        return NULL;
    }
    for (size_t i = 0; i < limit; i++) {
        TAILQ_INSERT_TAIL (&queue->free_entries, &queue->entries[i], link);
        TAILQ_INSERT_TAIL (&queue->free_clients, &queue->clients[i], turn);
    }
    return queue;
}

void
sks_queue_destroy (sks_queue **queue_p)
{
    if (!queue_p || !*queue_p)
        return;
    sks_queue *queue = *queue_p;
    sks_waiting waiting;
    while (sks_queue_pop (queue, &waiting))
        sks_queue_drop (&waiting);
    free (queue->entries);
    free (queue->clients);
    free (queue->buckets);
    free (queue);
    *queue_p = NULL;
}

size_t
sks_queue_count (const sks_queue *queue)
{
    return queue->count;
}

/* ---------------------------------------------------------------- clients */
static struct bucket *
bucket_of (const sks_queue *queue, uint32_t number)
{
    return &queue->buckets[number & queue->mask];
}

static struct client *
find_client (const sks_queue *queue, uint32_t number)
{
    struct client *client;
    LIST_FOREACH (client, bucket_of (queue, number), link)
    if (client->number == number)
        return client;
    return NULL;
}

/* Insert a client after those that were served earlier. */
static void
line_up (sks_queue *queue, struct client *client)
{
    struct client *before = TAILQ_LAST (&queue->turns, clients);
    while (before && before->served > client->served)
        before = TAILQ_PREV (before, clients, turn);
    if (before)
        TAILQ_INSERT_AFTER (&queue->turns, before, client, turn);
    else
        TAILQ_INSERT_HEAD (&queue->turns, client, turn);
}

static struct client *
add_client (sks_queue *queue, uint32_t number)
{
    struct client *client = TAILQ_FIRST (&queue->free_clients);
    TAILQ_REMOVE (&queue->free_clients, client, turn);
    TAILQ_INIT (&client->entries);
    client->number = number;
    client->round = 0;
    client->count = 0;
    bool known = queue->served[number % REMEMBERED].number == number;
    client->served = known ? queue->served[number % REMEMBERED].turn : queue->turn;
    LIST_INSERT_HEAD (bucket_of (queue, number), client, link);
    line_up (queue, client);
    return client;
}

static struct client *
find_greediest (const sks_queue *queue)
{
    struct client *client, *max = TAILQ_FIRST (&queue->turns);
    TAILQ_FOREACH (client, &queue->turns, turn)
    if (client->count > max->count)
        max = client;
    return max;
}

/* --------------------------------------------------------------- requests */
/* The round of a client's next request from a source: the one after its last request that waits. A source without one
 * begins in the round that follows, so new sources never delay a round for ever. */
static uint64_t
next_round (const struct client *client, uint32_t source)
{
    struct entry *entry;
    TAILQ_FOREACH_REVERSE (entry, &client->entries, entries, link)
    if (entry->waiting.envelope.source == source)
        return entry->round + 1;
    return client->round + 1;
}

static void
add_entry (sks_queue *queue, struct client *client, const sks_waiting *waiting, uint64_t round)
{
    struct entry *entry = TAILQ_FIRST (&queue->free_entries), *before = TAILQ_LAST (&client->entries, entries);
    TAILQ_REMOVE (&queue->free_entries, entry, link);
    entry->waiting = *waiting;
    entry->round = round;
    while (before && before->round > round)
        before = TAILQ_PREV (before, entries, link);
    if (before)
        TAILQ_INSERT_AFTER (&client->entries, before, entry, link);
    else
        TAILQ_INSERT_HEAD (&client->entries, entry, link);
    client->count++;
    queue->count++;
    if (waiting->deadline_us < queue->next_deadline_us)
        queue->next_deadline_us = waiting->deadline_us;
}

/* Remove a request, and its client with the last one. */
static void
remove_entry (sks_queue *queue, struct client *client, struct entry *entry, sks_waiting *out)
{
    *out = entry->waiting;
    TAILQ_REMOVE (&client->entries, entry, link);
    TAILQ_INSERT_HEAD (&queue->free_entries, entry, link);
    if (--client->count == 0) {
        LIST_REMOVE (client, link);
        TAILQ_REMOVE (&queue->turns, client, turn);
        TAILQ_INSERT_HEAD (&queue->free_clients, client, turn);
    }
    if (--queue->count == 0)
        queue->next_deadline_us = UINT64_MAX;
}

bool
sks_queue_push (sks_queue *queue, const sks_waiting *waiting, sks_waiting *displaced)
{
    struct client *client = find_client (queue, waiting->envelope.client);
    uint64_t round = client ? next_round (client, waiting->envelope.source) : 1;
    bool full = queue->count == queue->limit;
    if (full) {
        struct client *giver = find_greediest (queue);
        if (giver->count < (client ? client->count : 0) + 2)
            giver = client;
        struct entry *last = giver ? TAILQ_LAST (&giver->entries, entries) : NULL;
        if (!last || (giver == client && last->round <= round)) {
            *displaced = *waiting;
            return false;
        }
        remove_entry (queue, giver, last, displaced);
        /* It gave up its only request. */
        if (giver == client && !client->count)
            client = NULL;
    }
    add_entry (queue, client ? client : add_client (queue, waiting->envelope.client), waiting, round);
    return !full;
}

void
sks_queue_serve (sks_queue *queue, uint32_t number)
{
    queue->served[number % REMEMBERED].number = number;
    queue->served[number % REMEMBERED].turn = ++queue->turn;
}

bool
sks_queue_pop (sks_queue *queue, sks_waiting *out)
{
    struct client *client = TAILQ_FIRST (&queue->turns);
    if (!client)
        return false;
    sks_queue_serve (queue, client->number);
    TAILQ_REMOVE (&queue->turns, client, turn);
    client->served = queue->turn;
    TAILQ_INSERT_TAIL (&queue->turns, client, turn);
    client->round = TAILQ_FIRST (&client->entries)->round;
    remove_entry (queue, client, TAILQ_FIRST (&client->entries), out);
    return true;
}

/* --------------------------------------------------------------- deadlines */
static void
expire_client (sks_queue *queue, struct client *client, uint64_t now_us,
               void (*expired) (void *context, const sks_waiting *waiting), void *context)
{
    for (struct entry *entry = TAILQ_FIRST (&client->entries), *next; entry; entry = next) {
        sks_waiting waiting;
        next = TAILQ_NEXT (entry, link);
        if (entry->waiting.deadline_us > now_us) {
            if (entry->waiting.deadline_us < queue->next_deadline_us)
                queue->next_deadline_us = entry->waiting.deadline_us;
            continue;
        }
        remove_entry (queue, client, entry, &waiting);
        expired (context, &waiting);
    }
}

void
sks_queue_expire (sks_queue *queue, uint64_t now_us, void (*expired) (void *context, const sks_waiting *waiting),
                  void *context)
{
    if (now_us < queue->next_deadline_us)
        return;
    queue->next_deadline_us = UINT64_MAX;
    for (struct client *client = TAILQ_FIRST (&queue->turns), *next; client; client = next) {
        next = TAILQ_NEXT (client, turn);
        expire_client (queue, client, now_us, expired, context);
    }
}

uint64_t
sks_queue_next_deadline (const sks_queue *queue)
{
    return queue->next_deadline_us;
}
