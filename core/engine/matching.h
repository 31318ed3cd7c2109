/* matching.h - the data that a thread uses to answer one query. */
#ifndef SKS_MATCHING_H
#define SKS_MATCHING_H

#include "core/base/budget.h"
#include "core/index/index.h"
#include "core/index/words.h"
#include <skillsearch.h>
#include "cache.h"
#include "query_tree.h"
#include "sense.h"
#include "set.h"

typedef struct sks_matching {
    const sks_snapshot *snapshot;
    sks_cache *cache;
    const sks_store *store;
    sks_semantics *semantics; /* word vectors; NULL: there are none, or the request does not use them */
    sks_lists *lists;
    sks_stemmer *stemmer;
    sks_sense_reader *reader;        /* NULL: no sentence encoder is used */
    sks_arena *arena;                /* lives as long as the query */
    sks_words *words;                /* scratch */
    const struct sks_titles *titles; /* NULL until a leaf needs them */
    sks_error *err;
    sks_budget *budget;
    int (*split) (struct sks_matching *m, sks_node *word); /* gives a plain word a second reading; NULL: not used */
    sks_notes *notes;                                      /* of the query; NULL: none are collected */
    int (*find) (struct sks_matching *m, sks_node *root);  /* in place of sks_leaf_find; NULL: not used */
    int (*in_duty) (struct sks_matching *m, uint32_t form, bool *out); /* whether a form is in the duty of a statement;
                                                                          in place of reading statements, or NULL */
    void *finder;                                                      /* what `find` and `in_duty` need */
} sks_matching;

/* The set of all statements. Returns 0 or SKS_ENOMEM. */
static inline int
sks_matching_all (const sks_matching *m, sks_set *out)
{
    return sks_set_range (out, m->arena, m->store->statements, 0, m->store->statements) ? 0 : sks_fail_memory (m->err);
}

/* Apply options->plain, which turns all vectors off; options may be NULL. Returns what statements are compared by:
 * SKS_BY_WORDS, or with word vectors or a sentence encoder SKS_BY_MEANING. */
static inline const char *
sks_matching_compares_by (sks_matching *m, const sks_query *options)
{
    if (options && options->plain) {
        m->semantics = NULL;
        m->reader = NULL;
    }
    return m->semantics || m->reader ? SKS_BY_MEANING : SKS_BY_WORDS;
}

#endif
