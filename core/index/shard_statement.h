/* shard_statement.h - the words of a statement as a shard has them (shard.h). */
#ifndef SKS_SHARD_STATEMENT_H
#define SKS_SHARD_STATEMENT_H

#include "store.h"

#include <stdbool.h>

typedef struct sks_shard_statement {
    uint32_t word_count, duty; /* duty: the number of its first words that are in the duty */
    uint32_t length;           /* its words without stop words */
    uint32_t stem_count, compound_count;
    struct sks_shard_word {
        uint32_t form;
        bool capitals; /* a stop word in capitals */
    } words[SKS_MAX_STATEMENT_WORDS];
    struct sks_shard_stem {
        uint32_t stem, form; /* form: the first one */
        float weight;        /* posting.h */
    } stems[2 * SKS_MAX_STATEMENT_WORDS];
    struct sks_shard_compound {
        uint32_t form, at, span; /* the joined form; its first word, from 0; its words */
    } compounds[SKS_MAX_STATEMENT_WORDS];
} sks_shard_statement;

/* Read a statement.
 *   weights   of positions, SKS_MAX_STATEMENT_WORDS + 1
 *   slots     by stem, all 0; they are all 0 again afterwards */
void sks_shard_statement_read (sks_shard_statement *out, const sks_store *store, uint32_t statement,
                               const float *weights, uint32_t *slots);

#endif
