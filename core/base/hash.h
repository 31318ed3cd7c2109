/* hash.h - hashes of bytes: for files and ids, and for tables in memory.
 *
 * A hash in a file or an id is plain XXH3-64, which never changes. Anyone can make texts with colliding plain
 * hashes, so tables in memory do not use plain hashes for keys from the input: sks_hash_key is keyed with random
 * bytes of the process. No visible order may depend on it. Only hash.c includes xxHash. */
#ifndef SKS_HASH_H
#define SKS_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hash of any bytes: plain XXH3-64. */
uint64_t sks_hash_bytes (const void *bytes, size_t size);

/* The same for bytes that come in pieces.
 *   sks_hash_begin   NULL when out of memory. Caller owns it; sks_hash_end frees it and accepts NULL. */
typedef struct sks_hash sks_hash;
sks_hash *sks_hash_begin (void);
void sks_hash_add (sks_hash *hash, const void *bytes, size_t size);
uint64_t sks_hash_end (sks_hash *hash);

/* Hash of a key in a table of this process; it differs between processes. Any thread may call it. */
uint64_t sks_hash_key (const void *bytes, size_t size);

#endif
