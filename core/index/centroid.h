/* centroid.h - vectors of an index's words and statements, computed from a file of word vectors.
 *
 * The vector of a stem is the mean of the vectors of its forms, weighted by how many statements contain each. The
 * vector of a statement is the sum over its words of
 *
 *     (1 + p)^-.6 * .01 / (.01 + share of the stem among all words) * vector of the stem
 *
 * with p the number of words before it: early words show what a statement is about, and common ones show little
 * (Arora et al., A Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017). Stop words do not count.
 * Statements keep the first SKS_CENTROID_DIMENSIONS of the numbers, which make up most of every cosine
 * (vectors/axes.h).
 *
 * Only the frequency of words is learned from the statements, so a small index gets vectors as good as a large one.
 * All sums are sums of whole numbers, so the vectors are the same on every machine. */
#ifndef SKS_CENTROID_H
#define SKS_CENTROID_H

#include "rows.h"
#include "vectors.h"

#define SKS_CENTROID_DIMENSIONS 64

/* The contribution of one word to a vector, in which SKS_CENTROID_UNIT stands for 1. */
typedef struct sks_centroid_part {
    int16_t number[SKS_CENTROID_DIMENSIONS];
} sks_centroid_part;
#define SKS_CENTROID_UNIT (1 << 14)

/* A sum of parts. For comparisons with statements it is scaled so that its largest number is SKS_CENTROID_MOST. */
typedef struct sks_centroid_sum {
    int32_t number[SKS_CENTROID_DIMENSIONS];
} sks_centroid_sum;
#define SKS_CENTROID_MOST 4095

typedef struct sks_centroids {
    const sks_vectors *vectors; /* borrowed */
    uint32_t stems;
    int8_t *rows;             /* stems x SKS_VECTOR_BYTES, from -127 to 127; zeros: no vector */
    float *scales;            /* a row times its scale has length 1; 0: no vector */
    sks_centroid_part *parts; /* by stem; zeros: no vector */
} sks_centroids;

/* Make the vectors of all stems in statements. Uses the forms, stems and strings of the store.
 *   *out   caller owns it; free with sks_centroids_free. Borrows the vectors.
 * Returns 0 or SKS_ENOMEM. Any number of threads may then read. */
int sks_centroids_make (sks_centroids **out, const sks_vectors *vectors, const sks_store *store, sks_error *err);
void sks_centroids_free (sks_centroids **centroids_p);

/* The part of a word that no statement contains. */
sks_centroid_part sks_centroid_part_of_word (const sks_vectors *vectors, uint32_t word);

/* Add a part with a weight, at most SKS_CENTROID_WEIGHT. A sum of SKS_MAX_STATEMENT_WORDS parts does not overflow
 * if weights decrease as the position weights do. */
#define SKS_CENTROID_WEIGHT (1 << 10)
void sks_centroid_add (sks_centroid_sum *sum, const sks_centroid_part *part, int weight);

/* Round a sum; false if it is zero. */
bool sks_centroid_round (sks_centroid_part *out, const sks_centroid_sum *sum);

/* Make the vectors of the statements [first, end): SKS_CENTROID_DIMENSIONS numbers from -127 to 127 each; zeros if
 * no word of a statement has a vector. Threads may share the centroids. */
void sks_centroids_of_statements (const sks_centroids *centroids, const sks_store *store, uint32_t first, uint32_t end,
                                  int8_t *out);

/* The cosine of a rounded sum and a statement's vector; 0 if that vector is zero. */
double sks_centroid_cosine (const sks_centroid_part *sum, const int8_t *statement);

/* The product of two statements' vectors. */
int32_t sks_centroid_product (const int8_t *left, const int8_t *right);

#endif
