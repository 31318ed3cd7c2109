/* vectors.h - a file of word vectors: which words have similar meanings.
 *
 * A word has a vector of SKS_VECTOR_DIMENSIONS numbers of 8 bits; the cosine of two vectors shows how similarly the
 * words are used. For some pairs of words the file also has the strength of their relation in a thesaurus.
 * skillsearch-vectors makes the file; it is optional. docs/vectors.md describes every byte.
 *
 * Opening reads the complete file into memory and checks everything that readers rely on: sizes, hash, the order of
 * the words, every range. It is immutable afterwards: any number of threads may read.
 *
 * Products of vectors are whole numbers (product.h), followed only by single multiplications of doubles, so the
 * near words of a word are the same on every machine. */
#ifndef SKS_VECTORS_H
#define SKS_VECTORS_H

#include "image.h"
#include "product.h"

#define SKS_VECTORS_FILE "words.vectors" /* the name of the installed file */
#define SKS_WITHOUT_VECTORS "none"       /* instead of a path: use no file */
#define SKS_VECTORS_MAGIC "SKSVECT\n"
#define SKS_VECTORS_VERSION 1
#define SKS_VECTORS_HEAD 64        /* bytes before the rows */
#define SKS_MAX_VECTORS 1000000    /* words of a file */
#define SKS_MAX_RELATIONS 16000000 /* pairs of words of a file */
#define SKS_MAX_NEAR 16            /* near words of a word */
#define SKS_MAX_RELATED 32         /* words that a thesaurus relates to a word */
#define SKS_NEAREST 40             /* words by cosine that may become near words */

/* Where near words come from. */
enum sks_vectors_thesaurus { SKS_THESAURUS_NONE, SKS_THESAURUS_WORDNET, SKS_THESAURI };

/* All pointers but `scales` point into the file's bytes. */
typedef struct sks_vectors {
    const int8_t *rows; /* words x SKS_VECTOR_BYTES, in the order of the words' bytes; from -127 to 127 */
    float *scales;      /* a row times its scale has length 1 */
    uint32_t words;
    int thesaurus;                  /* enum sks_vectors_thesaurus */
    uint64_t hash;                  /* of the file; stored in generations that were made with it */
    const uint32_t *starts;         /* words + 1: where in `text` a word begins */
    const uint32_t *first_relation; /* words + 1: where a word's relations begin */
    const uint32_t *related;        /* by relation: the other word; ascending per word */
    const uint8_t *strengths;       /* by relation: 255 is 1.0; never 0 */
    uint32_t relations;
    const char *text;
    sks_product *multiply;
    sks_image image; /* the file; none for sks_vectors_map */
} sks_vectors;

/* Open a file.
 *   *out  caller owns it; free with sks_vectors_close. NULL on failure.
 * Returns 0; SKS_EINDEX when there is no such file, or when it is truncated, damaged, of another version, or
 * inconsistent (the text says what is wrong and at which byte); SKS_EIO; SKS_ENOMEM. */
int sks_vectors_open (sks_vectors **out, const char *path, sks_error *err);

/* The same for bytes in memory, aligned to 8 bytes; borrowed until it is closed. `name` begins the texts of errors. */
int sks_vectors_map (sks_vectors **out, const void *bytes, size_t size, const char *name, sks_error *err);

/* Free it; sets *vectors_p to NULL, accepts NULL. */
void sks_vectors_close (sks_vectors **vectors_p);

/* The number of a folded word; SKS_NO_VECTOR if the file does not have it. */
#define SKS_NO_VECTOR UINT32_MAX
uint32_t sks_vectors_find (const sks_vectors *vectors, const char *word, size_t size);

/* The word of a number. Borrowed: valid until the file is closed; no NUL. */
const char *sks_vectors_word (const sks_vectors *vectors, uint32_t number, size_t *size);

/* The cosine of two words, from -1 to 1. */
double sks_vectors_cosine (const sks_vectors *vectors, uint32_t one, uint32_t other);

/* A word with nearly the same use as another one. */
typedef struct sks_alike {
    uint32_t word;
    double weight; /* from SKS_NEAR_LEAST up to 1.2 */
    double cosine;
    double relation; /* by the thesaurus: 0 to 1 */
} sks_alike;

#define SKS_NEAR_LEAST .05 /* near words with a lower weight are left out */

/* The near words of a word, nearest first, ties by lower number. With g the square of the cosine, for the
 * SKS_NEAREST words by cosine that have .3 or more, and w the relation by the thesaurus, the weight is .6 g + .6 w;
 * without a thesaurus it is .8 g. Reads every row once; docs/vectors.md has the time it takes.
 *   out   room for SKS_MAX_NEAR
 * Returns how many. */
size_t sks_vectors_near (const sks_vectors *vectors, uint32_t word, sks_alike *out);

/* The same for rows of any origin, in two steps; `word` is then the number of a row. */
typedef struct sks_vector_rows {
    const int8_t *rows;  /* count x SKS_VECTOR_BYTES */
    const float *scales; /* a row times its scale has length 1; 0: it has no vector */
    uint32_t count;
} sks_vector_rows;

/* The rows whose cosine with a vector of this scale is highest, and at least .3; highest first, ties by lower
 * number; never row `skip`. Returns how many, at most SKS_NEAREST. */
size_t sks_vectors_nearest (const sks_vectors *vectors, const sks_vector_rows *rows, const int8_t *vector, float scale,
                            uint32_t skip, sks_alike nearest[SKS_NEAREST]);

/* Weigh the nearest rows and the related ones, each once with its cosine and relation, and keep
 * the best SKS_MAX_NEAR. */
size_t sks_vectors_join (const sks_vectors *vectors, sks_alike *nearest, size_t near, const sks_alike *related,
                         size_t relations, sks_alike *out);

#endif
