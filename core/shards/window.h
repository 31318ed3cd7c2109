/* window.h - some statements of an index in shards as a small store, so that the engine runs over them as over an
 * index.
 *
 * The store has the dictionary, the occupations and the statistics of the whole index, but only these statements,
 * numbered from 0 in the order of the index. What the engine computes for one of them is then the same as in an index
 * without shards: its score, its spans, its text. */
#ifndef SKS_WINDOW_H
#define SKS_WINDOW_H

#include "core/engine/generation.h"
#include "core/index/shard_statement.h"
#include "core/index/shards.h"

typedef struct sks_window {
    sks_generation *generation; /* borrowed */
    sks_snapshot snapshot;      /* that of the generation, with this store */
    sks_store store;
    sks_cache cache; /* gives the postings of these statements */
    uint32_t *cells, *offsets, *numbers;
    uint32_t *starts; /* of occupations, in place of those of the generation */
    uint16_t *positions;
    uint8_t *lengths;
    uint8_t *tokens;
    uint32_t room; /* of the columns, in statements */
    size_t tokens_room;
    float *weights; /* by position in a statement */
    uint32_t *slots;
    struct sks_window_posting {
        uint32_t stem, statement;
        uint16_t wdf;
    } * postings;
    uint32_t posting_count, posting_room;
    uint32_t *first, *count; /* by stem: its postings in the next two */
    uint32_t *statements;
    uint32_t *packed; /* by posting, as in packed.h */
    sks_shard_statement statement;
    uint32_t wrong; /* the shard whose statement was refused last */
} sks_window;

/* An empty window on a generation in shards.
 *   *out   caller owns it; free with sks_window_close. It borrows the generation. NULL on failure. */
int sks_window_open (sks_window **out, sks_generation *generation, sks_error *err);
void sks_window_close (sks_window **window_p);

/* Fill it with the statements of hits whose key is the content (core/index/shard.h), in any order, each once. Nothing
 * of what the shards sent is trusted. Returns 0, SKS_EINDEX (window->wrong is the shard) or SKS_ENOMEM. */
int sks_window_fill (sks_window *window, const sks_shards_hit *hits, size_t count, sks_error *err);

/* For qsort: hits by the number that their content begins with. */
int sks_window_by_number (const void *left, const void *right);

#endif
