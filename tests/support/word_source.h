/* word_source.h - fixture for the tests of skillsearch-vectors: a source of a few words, and the file of word vectors
 * that is made from it. All calls fail the test by themselves, except word_source_read. */
#ifndef SKS_TEST_WORD_SOURCE_H
#define SKS_TEST_WORD_SOURCE_H

#include "core/base/buffer.h"
#include "core/index/vectors.h"
#include "vectors/embeddings.h"
#include "vectors/wordnet.h"

extern struct word_source {
    char *folder;
    sks_buffer text, file; /* the source, as JSON; what was made from it */
    sks_vectors *vectors;  /* `file`, mapped; NULL until word_source_make */
    sks_error err;         /* of the last call that failed */
} word_source;

/* The checked fixture of a test case: begins with an empty source, and closes the vectors. */
void word_source_begin (void);
void word_source_end (void);

/* Write the source: first the head, then words, then the tail. */
void word_source_put_head (void);
void word_source_put_tail (void);

/* Write a word whose vector begins with some numbers, given as JSON; the rest are zeros. */
void word_source_put (const char *word, const char *numbers);

/* Write a whole source of random words with random numbers. */
void word_source_put_random (unsigned count);

/* Read at most `most` words of the source. Returns 0 or a code, with word_source.err.
 * Caller frees out in both cases, with sks_embeddings_free. */
int word_source_read (sks_embeddings *out, uint32_t most);

/* Make the file and map it. wordnet may be NULL. */
void word_source_make (uint32_t most, const sks_wordnet *wordnet);

/* The number of a word; SKS_NO_VECTOR if it has no vector. The second function fails the test then. */
uint32_t word_source_find (const char *word);
uint32_t word_source_find_one (const char *word);

/* The numbers of a word. Borrowed from the vectors. */
const int8_t *word_source_row (uint32_t number);

#endif
