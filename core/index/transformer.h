/* transformer.h - runs the network of a sentence encoder: texts -> vectors.
 *
 * Each piece of a text is a row: its embedding, doubled, plus a signal for its place. Each layer adds to each row the
 * result of its attention over all rows of the text, then the result of two matrices applied to the row alone; before
 * each of these the row is brought to mean 0 and variance 1 (Vaswani et al., Attention Is All You Need, 2017). The
 * vector of a text is tanh of a matrix times the mean of its rows, scaled to length 1.
 *
 * All sums have a fixed order, and exp and tanh are computed here, so vectors are the same on every machine, bit for
 * bit. */
#ifndef SKS_TRANSFORMER_H
#define SKS_TRANSFORMER_H

#include "encoder.h"

/* The memory of one thread. */
typedef struct sks_transformer sks_transformer;

/* *out: caller owns it; free with sks_transformer_free. Borrows the encoder. Returns 0 or SKS_ENOMEM. */
int sks_transformer_make (sks_transformer **out, const sks_encoder *encoder, sks_error *err);
void sks_transformer_free (sks_transformer **transformer_p);

/* The numbers of a vector. */
uint32_t sks_transformer_width (const sks_transformer *transformer);

typedef struct sks_encoder_text {
    const char *bytes; /* valid UTF-8, as written */
    size_t size;
} sks_encoder_text;

/* Encode texts; several at once take less time than one by one, and the vectors are the same.
 *   out  count x encoder->wide numbers; zeros for an empty text
 * Returns 0, or as sks_pieces_split. */
int sks_transformer_encode (sks_transformer *transformer, const sks_encoder_text *texts, size_t count, float *out,
                            sks_error *err);

/* Project vectors to SKS_ENCODER_OUTPUTS numbers each; zeros remain zeros. */
void sks_transformer_project (const sks_transformer *transformer, const float *vectors, size_t count, float *out);

#endif
