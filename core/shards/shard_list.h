/* shard_list.h - reads the file that lists the shards of a generation: a stub database of Xapian. */
#ifndef SKS_SHARD_LIST_H
#define SKS_SHARD_LIST_H

#include "core/index/rows.h"

#include <limits.h>

typedef struct sks_shard_list {
    size_t count;
    char text[SKS_MAX_SHARDS][PATH_MAX];
    const char *places[SKS_MAX_SHARDS]; /* a path, or HOST:PORT; as sks_shards_places */
} sks_shard_list;

/* Read FOLDER/shards, which must list `shards` of them. Returns 0, SKS_EINDEX (the text names the line) or SKS_EIO. */
int sks_shard_list_read (sks_shard_list *out, const char *folder, uint32_t shards, sks_error *err);

#endif
