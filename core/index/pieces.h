/* pieces.h - splits a text into pieces of words, as a sentence encoder reads them.
 *
 * The text in Unicode's form NFKC, with U+2581 before it and in place of each space, is split so that the sum of the
 * pieces' scores is highest (Kudo, Subword Regularization, 2018). A character at which no piece starts is piece 0,
 * with a score of 0; several in a row are one. The split is exactly that of the tokenizer that the encoder was
 * published with: a sum of 0 counts as no split, and of equal sums the one found last wins. */
#ifndef SKS_PIECES_H
#define SKS_PIECES_H

#include "encoder.h"

/* Split valid UTF-8.
 *   out     the first SKS_MAX_PIECES pieces
 *   *count  their number; 0 for an empty text
 * Returns 0; SKS_ENOMEM; SKS_EINVALID when the text is not UTF-8, or cannot be brought to NFKC without memory. */
int sks_pieces_split (const sks_encoder *encoder, const char *text, size_t size, uint32_t out[SKS_MAX_PIECES],
                      size_t *count, sks_error *err);

#endif
