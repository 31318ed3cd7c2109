/* asker.h - what the queries of ask.h are made with. */
#ifndef SKS_ASKER_H
#define SKS_ASKER_H

#include "core/engine/search.h"
#include "core/index/shards.h"

/* Nodes of a query for a share of the weight of a bag. */
#define SKS_ASK_MAX_SETS 4000

/* The ways in which the words of one phrase may be parts of compounds. */
#define SKS_ASK_MAX_READINGS 64

typedef struct sks_asker {
    sks_shards *shards; /* borrowed */
    struct sks_asker_compound {
        uint32_t form, span;
    } * compounds; /* the joined forms of a generation with the numbers of words that they stand for; each once */
    size_t compound_count;
} sks_asker;

/* List the compounds of a store. `shards` stays as it is.
 *   *asker   free it with sks_asker_free, even after a failure. */
int sks_asker_make (sks_asker *asker, const sks_store *store, sks_error *err);
void sks_asker_free (sks_asker *asker);

#endif
