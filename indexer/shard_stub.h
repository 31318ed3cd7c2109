/* shard_stub.h - the file that lists the shards of a generation, which is a stub database of Xapian.
 *
 * Its first line names the generation. Then each shard has a line "remote HOST:PORT" or "auto shard-I", and a line
 * "# shard-I SIZE HASH", as Xapian's own files have no checksums; Xapian skips lines that begin with "#". */
#ifndef SKS_SHARD_STUB_H
#define SKS_SHARD_STUB_H

#include "core/index/store.h"

/* Write the file into the folder of a generation, whose shards are complete.
 *   hosts   "HOST:PORT" of each; NULL: all are in the folder
 * Returns 0, SKS_EINDEX, SKS_EIO or SKS_ENOMEM. */
int sks_shard_stub_write (const sks_store *store, const char *folder, const char *const *hosts, sks_error *err);

/* Whether the file in the folder of a generation names these hosts. */
bool sks_shard_stub_has_hosts (const sks_store *store, const char *folder, const char *const *hosts);

/* Check that the file in the folder of a generation belongs to the store, and that the files of the shards are as they
 * were written. One may be missing if it has a host. Reads all their bytes.
 * Returns 0, SKS_EINDEX (the text names the file), SKS_EIO or SKS_ENOMEM. */
int sks_shard_stub_check (const sks_store *store, const char *folder, sks_error *err);

#endif
