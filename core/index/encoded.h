/* encoded.h - the file "encoded" of a generation: the vectors of its statements by a sentence encoder.
 *
 * The file is made after the generation was published, because it takes longer than all else; until then answers do not
 * use it. A generation without it is complete. Each statement has SKS_ENCODER_OUTPUTS numbers from -127 to 127,
 * and the hash of its text, so that the next generation can reuse the vectors of unchanged texts.
 * docs/encoder.md describes every byte. */
#ifndef SKS_ENCODED_H
#define SKS_ENCODED_H

#include "store.h"
#include "transformer.h"

#define SKS_ENCODED_FILE "encoded"
#define SKS_ENCODED_MAGIC "SKSENCD\n"
#define SKS_ENCODED_VERSION 1
#define SKS_ENCODED_HEAD 64

/* The pointers point into the file's bytes. */
typedef struct sks_encoded {
    uint64_t encoder; /* hash of the file of the encoder */
    uint64_t content; /* of the generation's statements file */
    uint32_t statements;
    const uint64_t *hashes; /* of the texts, by statement */
    const int8_t *vectors;  /* statements x SKS_ENCODER_OUTPUTS; zeros: no vector */
    sks_image image;
} sks_encoded;

/* Open FOLDER/encoded.
 *   *out   close with sks_encoded_close; { 0 } on failure
 * Returns 0; SKS_ENOTFOUND when there is no such file; SKS_EINDEX when it is damaged; SKS_EIO; SKS_ENOMEM. */
int sks_encoded_open (sks_encoded *out, const char *folder, sks_error *err);

/* The same for bytes in memory, aligned to 8 bytes; borrowed. `name` begins the texts of errors. */
int sks_encoded_map (sks_encoded *out, const void *bytes, size_t size, const char *name, sks_error *err);

void sks_encoded_close (sks_encoded *encoded);

/* Whether the vectors are those of these statements. */
bool sks_encoded_fits (const sks_encoded *encoded, const sks_store *store);

/* Write FOLDER/encoded atomically. */
int sks_encoded_write (const sks_encoded *encoded, const char *folder, sks_error *err);

/* Project vectors of texts, and round them so that the largest number is 127.
 *   out   count x SKS_ENCODER_OUTPUTS */
void sks_encoded_round (const sks_transformer *transformer, const float *vectors, size_t count, int8_t *out);

#endif
