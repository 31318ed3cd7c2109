/* matching.h - the data that a thread uses to answer one query. */
#ifndef SKS_MATCHING_H
#define SKS_MATCHING_H

#include "core/base/budget.h"
#include "core/index/index.h"
#include "cache.h"
#include "query_tree.h"
#include "sense.h"
#include "set.h"
#include "words.h"

typedef struct sks_matching {
    const sks_snapshot *snapshot;
    sks_cache *cache;
    const sks_store *store;
    sks_lists *lists;
    sks_stemmer *stemmer;
    sks_sense_reader *reader;        /* NULL: no sentence encoder is used */
    sks_arena *arena;                /* lives as long as the query */
    sks_words *words;                /* scratch */
    const struct sks_titles *titles; /* NULL until a leaf needs them */
    sks_error *err;
    sks_budget *budget;
    int (*split) (struct sks_matching *m, sks_node *word); /* gives a plain word another reading; NULL: not used */
    sks_notes *notes;                                      /* of the query; NULL: none are collected */
} sks_matching;

#endif
