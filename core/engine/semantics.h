/* semantics.h - word vectors of an index: near words of any word, and the closeness in meaning of a statement and a
 * query.
 *
 * A generation has this if its statements have vectors and the daemon has the file from which they were made. Any
 * number of threads share it. The near words of a form are computed when a query first contains it, and kept in an
 * atomic slot, one list per form. Nothing is kept for words that are not in the index. */
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
    uint32_t stem; /* in the index; SKS_NONE if it has none */
    float weight;  /* in the query: q of rank.h */
} sks_semantic_word;

/* A stem that means nearly the same as a word. */
typedef struct sks_relative {
    uint32_t stem;
    float weight; /* above 0, at most 1: no near word counts more than the word itself */
} sks_relative;

/* The stems of the index that are near a word (see sks_vectors_near), nearest first, without the word's own stem.
 *   out    has space for SKS_MAX_NEAR; *count is their number
 * Returns 0 or the stemmer's failure. */
int sks_semantics_near (sks_semantics *semantics, sks_stemmer *stemmer, const sks_semantic_word *word,
                        sks_relative out[SKS_MAX_NEAR], size_t *count, sks_error *err);

/* The vector of a query's words; false if none of them has a vector. */
bool sks_semantics_sum (const sks_semantics *semantics, const sks_semantic_word *words, size_t count,
                        sks_centroid_part *out);

/* The cosine of the query's vector and a statement's. */
double sks_semantics_cosine (const sks_semantics *semantics, const sks_centroid_part *query, uint32_t statement);

/* Prefetch a statement's vector into the processor's cache. */
void sks_semantics_prefetch (const sks_semantics *semantics, uint32_t statement);

/* A statement's vector of SKS_CENTROID_DIMENSIONS numbers; times *scale it has length 1. NULL if none of its words
 * has a vector. Borrowed from the index. */
const int8_t *sks_semantics_vector (const sks_semantics *semantics, uint32_t statement, double *scale);

/* The words of a statement in the form of a query's words, weighted by their places as in its vector: at most the first
 * `most` that have a vector. Their texts are borrowed from the index.
 *   forms   by word: its form
 * Returns how many. */
size_t sks_semantics_words (const sks_semantics *semantics, uint32_t statement, sks_semantic_word *words,
                            uint32_t *forms, size_t most);

/* The word of the query and the word of the statement that contribute most to the cosine: the index of the first
 * and the form of the second. False if no pair contributes. */
bool sks_semantics_pair (const sks_semantics *semantics, const sks_semantic_word *words, size_t count,
                         uint32_t statement, size_t *word, uint32_t *form);

/* The same for the words of two statements: the indexes of two words of different stems, or of one stem if no others
 * contribute. */
bool sks_semantics_nearest (const sks_semantics *semantics, const sks_semantic_word *left, size_t left_count,
                            const sks_semantic_word *right, size_t right_count, size_t *one, size_t *other);

#endif
