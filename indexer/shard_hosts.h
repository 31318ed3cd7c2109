/* shard_hosts.h - the file DIR/shards.conf: where the servers of an index in shards are.
 *
 * One "HOST:PORT" per line, the first for shard 0, with an IPv6 address in brackets; lines that begin with "#" and
 * empty ones do not count. */
#ifndef SKS_SHARD_HOSTS_H
#define SKS_SHARD_HOSTS_H

#include "core/base/error.h"
#include "core/index/rows.h"

#define SKS_SHARD_HOSTS_FILE "shards.conf"
#define SKS_SHARD_HOST_BYTES 256

typedef struct sks_shard_hosts {
    uint32_t count; /* 0: there is no such file */
    char text[SKS_MAX_SHARDS][SKS_SHARD_HOST_BYTES];
    const char *list[SKS_MAX_SHARDS];
} sks_shard_hosts;

/* Read the file of the index folder, if it exists. It must name one server per shard, each once.
 * Returns 0, SKS_EINVALID (the text names the file, and the line if one is wrong) or SKS_EIO. */
int sks_shard_hosts_read (sks_shard_hosts *out, const char *index_dir, uint32_t shards, sks_error *err);

#endif
