/* word_vectors.h - makes files of word vectors from a few lines of text, in memory. */
#ifndef SKS_TEST_WORD_VECTORS_H
#define SKS_TEST_WORD_VECTORS_H

#include "core/base/buffer.h"
#include "core/index/vectors.h"

/* Make a file of lines "word number number ...", the numbers from -20 to 20; those left out are 0.
 * Fails the test by itself.
 *   bytes  gets the file; lives as long as the vectors
 * Caller owns the vectors; close with sks_vectors_close. */
sks_vectors *word_vectors_make (sks_buffer *bytes, const char *lines);

#endif
