/* generation.h - one published generation, opened for reading and shared by threads:
 * a snapshot, which does not change, and a cache of decoded data. The last reference closes both. */
#ifndef SKS_GENERATION_H
#define SKS_GENERATION_H

#include "cache.h"
#include "core/base/error.h"
#include "snapshot.h"

typedef struct sks_generation sks_generation;

/* Open the generation that DIR/current points at. The link is resolved once; a generation published later needs
 * another call.
 *   *out   caller owns one reference; give it back with sks_generation_release.
 * Returns 0, SKS_EINDEX (none, damaged, other format), SKS_EIO or SKS_ENOMEM. */
int sks_generation_open (sks_generation **out, const char *index_dir, sks_error *err);

/* Whether the folder has generations or a link to one. If it has, an index that does not open is damaged or of another
 * format.
 *   *cause   an errno if the folder exists but cannot be read, else 0 */
bool sks_generation_is_there (const char *index_dir, int *cause);

/* Keep at most `bytes` of decoded lists; what does not fit is decoded again for each request. All lists together
 * take up to 180 bytes per statement; without this call all are kept. Call it before the generation is shared with
 * other threads. */
void sks_generation_limit (sks_generation *generation, size_t bytes);

/* Decode the lists, then the places, of all stems in at least `least` statements, the most frequent ones first, until
 * one no longer fits in the limit. The lists of all other stems are decoded too if this saves memory, because the
 * encoded lists are released when all are decoded. Other threads may search meanwhile.
 *   stop   ends the call, with SKS_ESHUTTINGDOWN. Borrowed: valid until the call returns.
 * Returns 0, a failure of sks_lists_open or sks_lists_read, or SKS_ENOMEM. */
int sks_generation_fill (sks_generation *generation, uint32_t least, const sks_stop *stop, sks_error *err);

/* Announce that sks_generation_fill will be called with `least`; SKS_NONE: that it will not. Until it returns, no
 * phrase reads the places of all statements of such a frequent stem; it reads the statements that could contain the
 * phrase. */
void sks_generation_expect_fill (sks_generation *generation, uint32_t least);

/* Bytes of decoded lists. */
size_t sks_generation_decoded (sks_generation *generation);

/* Use these near words for ranking. Call it before the generation is shared with other threads. Takes ownership;
 * sets *thesaurus_p to NULL, even after a failure (SKS_ENOMEM). */
int sks_generation_relate (sks_generation *generation, sks_near_words **thesaurus_p, sks_error *err);

/* Use word vectors for ranking, as sks_snapshot_use_vectors does. Call it before the generation is shared with
 * other threads. */
int sks_generation_use_vectors (sks_generation *generation, sks_vectors **vectors_p, sks_error *err);

/* Use a sentence encoder for ranking, as sks_snapshot_use_encoder does. Call it before the generation is shared with
 * other threads. */
int sks_generation_use_encoder (sks_generation *generation, sks_encoder **encoder_p, sks_error *err);

/* Whether its statements have vectors, and whether they are used. */
bool sks_generation_has_vectors (const sks_generation *generation);
bool sks_generation_uses_vectors (const sks_generation *generation);

/* Whether ranking uses a sentence encoder. */
bool sks_generation_uses_encoder (const sks_generation *generation);

/* Add a reference; any thread that has one may call it. */
sks_generation *sks_generation_share (sks_generation *generation);

/* Release a reference; the last one closes the generation. Sets *generation_p to NULL. */
void sks_generation_release (sks_generation **generation_p);

/* Its parts. Borrowed: valid while the generation is open. */
const sks_snapshot *sks_generation_snapshot (const sks_generation *generation);
sks_cache *sks_generation_cache (sks_generation *generation);

/* How many shards it is split into; 0 for none. */
uint32_t sks_generation_shards (const sks_generation *generation);

uint64_t sks_generation_number (const sks_generation *generation);
uint64_t sks_generation_statements (const sks_generation *generation);
uint64_t sks_generation_occupations (const sks_generation *generation);

#endif
