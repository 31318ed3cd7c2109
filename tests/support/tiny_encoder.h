/* tiny_encoder.h - files of sentence encoders with a few pieces and random weights, in memory. */
#ifndef SKS_TEST_TINY_ENCODER_H
#define SKS_TEST_TINY_ENCODER_H

#include "core/base/buffer.h"
#include "core/index/encoder.h"

/* A piece and its score. */
typedef struct tiny_piece {
    const char *text; /* in the order of their bytes */
    double score;
} tiny_piece;

/* Write a file whose rows have SKS_DENSE_PANEL numbers, or as many as given.
 *   bytes  receives the file */
void tiny_encoder_write (sks_buffer *bytes, const tiny_piece *pieces, size_t count, uint32_t width, unsigned seed);

/* Correct the hash after bytes were changed. */
void tiny_encoder_seal (sks_buffer *bytes);

/* The same with letters, some syllables and U+2581 as pieces, opened; aborts if that fails. Caller owns it; close with
 * sks_encoder_close. */
sks_encoder *tiny_encoder_make (sks_buffer *bytes, unsigned seed);

#endif
