/* semantics.h - what an index knows by word vectors: near words of any word, and how close a
 * statement is to a query in meaning.
 *
 * A generation has one where its statements have vectors and the daemon has the file they were
 * made with. Any number of threads share it. The near words of a form are found when a query
 * first has it, and kept: one list a form, in an atomic slot. Nothing is kept of words that the
 * index does not have. */
#ifndef SKS_SEMANTICS_H
#define SKS_SEMANTICS_H

#include "core/base/arena.h"
#include "core/index/index.h"
#include "core/index/centroid.h"
#include "core/index/store.h"

typedef struct sks_semantics sks_semantics;

/* Prepare an index for these vectors.
 *   vectors_p  takes ownership and sets *vectors_p to NULL, after a failure too
 *   store      borrowed
 *   *out       caller owns it; free with sks_semantics_free. NULL on failure.
 * Returns 0; SKS_EINVALID: the statements have no vectors, or those of another file; SKS_ENOMEM. */
int sks_semantics_make (sks_semantics **out, sks_vectors **vectors_p, const sks_store *store, sks_error *err);
void sks_semantics_free (sks_semantics **semantics_p);

/* A folded word of a query. */
typedef struct sks_semantic_word {
    const char *form;
    size_t size;
    uint32_t stem; /* in the index; SKS_NONE: it has none */
    float weight;  /* in the query: q of rank.h */
} sks_semantic_word;

/* A stem that means much the same as a word. */
typedef struct sks_relative {
    uint32_t stem;
    float weight; /* above 0, at most 1: no near word counts more than the word itself */
} sks_relative;

/* The stems of the index that are near a word, as sks_vectors_near says, the nearest first; not
 * the word's own stem.
 *   out    has space for SKS_MAX_NEAR; *count says how many
 * Returns 0 or the stemmer's failure. */
int sks_semantics_near (sks_semantics *semantics, sks_stemmer *stemmer, const sks_semantic_word *word,
                        sks_relative out[SKS_MAX_NEAR], size_t *count, sks_error *err);

/* The vector of a query's words; false: none of them has one. */
bool sks_semantics_sum (const sks_semantics *semantics, const sks_semantic_word *words, size_t count,
                        sks_centroid_part *out);

/* Cosines of the query's vector with statements. */
double sks_semantics_cosine (const sks_semantics *semantics, const sks_centroid_part *query, uint32_t statement);

/* Have a statement's vector in the cache soon. */
void sks_semantics_prefetch (const sks_semantics *semantics, uint32_t statement);

/* The pair of a query's word and a statement's word that adds most to the cosine of both: the
 * number of the first, and the form of the second. False: nothing adds to it. */
bool sks_semantics_pair (const sks_semantics *semantics, const sks_semantic_word *words, size_t count,
                         uint32_t statement, size_t *word, uint32_t *form);

#endif
