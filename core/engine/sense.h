/* sense.h - the meaning of statements and queries as whole sentences, by a sentence encoder (core/index/encoder.h).
 *
 * A generation has this if its statements were encoded and the daemon has the file of the encoder. Any number of
 * threads share it; each has a reader of its own, which encodes queries and caches their vectors. */
#ifndef SKS_SENSE_H
#define SKS_SENSE_H

#include "core/index/centroid.h"
#include "core/index/encoded.h"

/* Vectors of queries that a reader caches; 144 bytes each. */
#define SKS_SENSE_KEPT 1024

typedef struct sks_sense sks_sense;
typedef struct sks_sense_reader sks_sense_reader;

/* Read the vectors of a generation.
 *   encoder_p  takes ownership and sets *encoder_p to NULL, after a failure too
 *   folder     of the generation; `store` is its statements file
 *   *out       caller owns it; free with sks_sense_free. NULL on failure.
 * Returns 0; SKS_ENOTFOUND: the statements are not encoded (yet); SKS_EINVALID: by another encoder, or the file is of
 * other statements; SKS_EINDEX: the file is damaged; SKS_EIO; SKS_ENOMEM. */
int sks_sense_make (sks_sense **out, sks_encoder **encoder_p, const char *folder, const sks_store *store,
                    sks_error *err);
void sks_sense_free (sks_sense **sense_p);

/* One thread's reader. *out: caller owns it; free with sks_sense_reader_free. Borrows the sense. */
int sks_sense_reader_make (sks_sense_reader **out, const sks_sense *sense, sks_error *err);
void sks_sense_reader_free (sks_sense_reader **reader_p);

/* The vector of a query, as written. *means is false if it has none. Returns 0, or as sks_transformer_encode. */
int sks_sense_read (sks_sense_reader *reader, const char *text, size_t size, sks_centroid_part *out, bool *means,
                    sks_error *err);

/* A statement's vector of SKS_ENCODER_OUTPUTS numbers; times *scale it has length 1. NULL if it is zeros. Borrowed. */
const int8_t *sks_sense_vector (const sks_sense *sense, uint32_t statement, double *scale);

/* The cosine of a query's vector and a statement's. */
double sks_sense_cosine (const sks_sense *sense, const sks_centroid_part *query, uint32_t statement);

/* Prefetch a statement's vector into the processor's cache. */
void sks_sense_prefetch (const sks_sense *sense, uint32_t statement);

#endif
