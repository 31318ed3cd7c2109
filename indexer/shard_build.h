/* shard_build.h - the parts of a generation that an index in shards has in place of postings. */
#ifndef SKS_SHARD_BUILD_H
#define SKS_SHARD_BUILD_H

#include "core/index/store.h"

/* How an index is split. */
typedef struct sks_sharding {
    uint32_t shards;
    const char *const *hosts; /* "HOST:PORT" of each shard; NULL: all are in the folder of the generation */
} sks_sharding;

/* The tables of usages; free with sks_shard_usages_free. */
typedef struct sks_shard_usages {
    sks_usage *usage;
    sks_holding *holding;
    uint64_t *group_words;
} sks_shard_usages;

/* Count how stems are used, of a complete store, and set its pointers and numbers for that. It borrows them. */
int sks_shard_usages_make (sks_shard_usages *out, sks_store *store, sks_error *err);
void sks_shard_usages_free (sks_shard_usages *usages);

/* A number for a new set of shards; never 0. */
int sks_shard_set (uint64_t *out, sks_error *err);

/* Write the databases of all shards of a complete store into `folder`, and the file that lists them by their hosts or
 * as files of the folder. All are synced. */
int sks_shard_build (const sks_store *store, const char *folder, const char *const *hosts, unsigned threads,
                     sks_error *err);

#endif
