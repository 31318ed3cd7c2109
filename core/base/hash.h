/* hash.h - hashes of bytes: those that are stored, and those of tables in memory.
 *
 * What is stored in a file or is part of an id is plain XXH3-64: the same for all,
 * for ever. Anyone can make texts whose plain hashes collide. So no table in memory
 * uses it for keys that the input chooses: sks_table_hash is keyed with random
 * bytes that each process draws anew, and no order that anyone sees may depend on
 * it. xxHash is included by hash.c alone. */
#ifndef SKS_HASH_H
#define SKS_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hash of any bytes: the whole of XXH3-64. */
uint64_t sks_bytes_hash (const void *bytes, size_t size);

/* The same of bytes that come piece by piece.
 *   sks_hash_begin   NULL: no memory. Caller owns it; sks_hash_end frees it, NULL too. */
typedef struct sks_hash sks_hash;
sks_hash *sks_hash_begin (void);
void sks_hash_add (sks_hash *hash, const void *bytes, size_t size);
uint64_t sks_hash_end (sks_hash *hash);

/* Hash of a key in a table of this process; another one in every process. Any
 * thread may call it. */
uint64_t sks_table_hash (const void *bytes, size_t size);

#endif
