/* results.c - a hash table, and a list of its entries in the order of their last use. */
#include "results.h"

#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define SHARE 8             /* no result takes more than this part of all bytes */
#define BYTES_OF_REPLY 4096 /* of a usual one: there are as many buckets as such replies fit */

struct result {
    LIST_ENTRY (result) link; /* with others of its bucket */
    TAILQ_ENTRY (result) use;
    uint64_t hash;
    size_t key_size, size;
    char bytes[]; /* the key, then the body of the reply */
};
LIST_HEAD (results_bucket, result);
TAILQ_HEAD (uses, result);

struct sks_results {
    sks_counters *counters;
    size_t bytes, max_bytes; /* of results */
    sks_buffer key;          /* of the current request */
    uint64_t hash;           /* of that key */
    struct uses uses;        /* the first one was used longest ago */
    size_t mask;
    struct results_bucket *buckets; /* mask + 1 */
};

sks_results *
sks_results_create (size_t max_bytes, sks_counters *counters)
{
    sks_results *results = calloc (1, sizeof *results);
    if (!results)
        return NULL;
    while (results->mask < max_bytes / BYTES_OF_REPLY)
        results->mask = results->mask * 2 + 1;
    size_t table_bytes = (results->mask + 1) * sizeof *results->buckets;
    results->max_bytes = table_bytes < max_bytes ? max_bytes - table_bytes : 0;
    results->counters = counters;
    results->key = (sks_buffer) SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    TAILQ_INIT (&results->uses);
    results->buckets = calloc (results->mask + 1, sizeof *results->buckets);
    if (!results->buckets)
        sks_results_destroy (&results);
    return results;
}

static size_t
bytes_of (const struct result *result)
{
    return sizeof *result + result->key_size + result->size;
}

static void
drop (sks_results *results, struct result *result)
{
    size_t bytes = bytes_of (result);
    LIST_REMOVE (result, link);
    TAILQ_REMOVE (&results->uses, result, use);
    results->bytes -= bytes;
    atomic_fetch_sub_explicit (&results->counters->results_bytes, bytes, memory_order_relaxed);
    free (result);
}

void
sks_results_clear (sks_results *results)
{
    while (results && !TAILQ_EMPTY (&results->uses))
        drop (results, TAILQ_FIRST (&results->uses));
}

void
sks_results_destroy (sks_results **results_p)
{
    if (!*results_p)
        return;
    sks_results_clear (*results_p);
    sks_buffer_free (&(*results_p)->key);
    free ((*results_p)->buckets);
    free (*results_p);
    *results_p = NULL;
}

bool
sks_results_begin (sks_results *results, const sks_request *request)
{
    static const bool kept[SKS_OPS] = {
        [SKS_OP_SEARCH] = true,    [SKS_OP_GET] = true,        [SKS_OP_SIMILAR] = true, [SKS_OP_COMPARE] = true,
        [SKS_OP_CROSSWALK] = true, [SKS_OP_MAP] = true,        [SKS_OP_SUGGEST] = true, [SKS_OP_FACET_VALUES] = true,
        [SKS_OP_ANALYZE] = true,   [SKS_OP_OCCUPATION] = true,
    };
    sks_request anonymous = *request;
    anonymous.id = NULL;
    anonymous.deadline_ms = anonymous.query.deadline_ms = 0;
    sks_buffer_clear (&results->key);
    if (!kept[request->op] || sks_request_encode (&anonymous, &results->key, NULL))
        return false;
    results->hash = sks_hash_key (results->key.bytes, results->key.size);
    return true;
}

static struct result *
find (const sks_results *results)
{
    const sks_buffer *key = &results->key;
    struct result *result;
    LIST_FOREACH (result, &results->buckets[results->hash & results->mask], link)
    if (result->hash == results->hash && result->key_size == key->size &&
        memcmp (result->bytes, key->bytes, key->size) == 0)
        return result;
    return NULL;
}

bool
sks_results_find (sks_results *results, const sks_request *request, sks_buffer *out)
{
    struct result *result = find (results);
    if (!result)
        return false;
    sks_counters_add (&results->counters->results_hits);
    TAILQ_REMOVE (&results->uses, result, use);
    TAILQ_INSERT_TAIL (&results->uses, result, use);
    sks_reply_open_kept (out, request, result->bytes + result->key_size, result->size);
    return true;
}

void
sks_results_keep (sks_results *results, const char *reply, size_t size)
{
    size_t body_size, key_size = results->key.size;
    const char *body = sks_reply_find_body (reply, size, &body_size);
    if (!body || body_size > SKS_MAX_KEPT_REPLY_BYTES)
        return;
    size_t bytes = sizeof (struct result) + key_size + body_size;
    struct result *result = bytes <= results->max_bytes / SHARE ? malloc (bytes) : NULL;
    if (!result)
        return;
    result->hash = results->hash;
    result->key_size = key_size;
    result->size = body_size;
    memcpy (result->bytes, results->key.bytes, key_size);
    memcpy (result->bytes + key_size, body, body_size);
    for (struct result *oldest = TAILQ_FIRST (&results->uses), *next;
         oldest && results->bytes + bytes > results->max_bytes; oldest = next) {
        next = TAILQ_NEXT (oldest, use);
        drop (results, oldest);
    }
    LIST_INSERT_HEAD (&results->buckets[result->hash & results->mask], result, link);
    TAILQ_INSERT_TAIL (&results->uses, result, use);
    results->bytes += bytes;
    atomic_fetch_add_explicit (&results->counters->results_bytes, bytes, memory_order_relaxed);
}
