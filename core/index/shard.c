/* shard.c - the names of shards and of their terms. */
#include "shard.h"

#include "core/base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint32_t
sks_shard_of (const char *soc, uint32_t shards)
{
    return (uint32_t) (sks_hash_bytes (soc, strlen (soc)) % shards);
}

void
sks_shard_label (const sks_store *store, uint32_t shard, char out[SKS_SHARD_LABEL_BYTES])
{
    snprintf (out, SKS_SHARD_LABEL_BYTES, "%d %" PRIu64 " %016" PRIx64 " %u %u", SKS_INDEX_FORMAT, store->generation,
              store->set, shard, store->shards);
}

size_t
sks_shard_version_term (const char *version, char *out, size_t size)
{
    return (size_t) snprintf (out, size, "XV%016" PRIx64, sks_hash_bytes (version, strlen (version)));
}
