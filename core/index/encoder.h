/* encoder.h - a file with a sentence encoder: a network that turns a text into a vector, so that texts of similar
 * meaning have vectors of similar direction.
 *
 * The network is the Universal Sentence Encoder, Lite (Cer et al., 2018): pieces of words (pieces.h), two
 * layers of a transformer (transformer.h), the mean over all pieces. skillsearch-vectors makes the file; it is
 * optional. docs/encoder.md describes every byte.
 *
 * Opening reads the complete file into memory and checks everything that readers rely on: sizes, hash, order of the
 * pieces, and that no weight is so large that a result could overflow. It is immutable afterwards: any number of
 * threads may read. */
#ifndef SKS_ENCODER_H
#define SKS_ENCODER_H

#include "dense.h"
#include "image.h"

#define SKS_ENCODER_FILE "sentence.encoder" /* the name of the installed file */
#define SKS_WITHOUT_ENCODER "none"          /* instead of a path: use no file */
#define SKS_ENCODER_MAGIC "SKSENCO\n"
#define SKS_ENCODER_VERSION 1
#define SKS_ENCODER_HEAD 64           /* bytes before the weights */
#define SKS_ENCODER_LAYERS 2          /* of the transformer */
#define SKS_ENCODER_HEADS 4           /* of each layer's attention */
#define SKS_ENCODER_OUTPUTS 64        /* numbers of a projected vector */
#define SKS_MAX_PIECES 128            /* of a text; those after them are left out */
#define SKS_MAX_PIECE_BYTES 64        /* of one piece */
#define SKS_MAX_VOCABULARY 65536      /* pieces of a file */
#define SKS_MAX_ENCODER_WIDTH 4096    /* numbers of a row anywhere in the network */
#define SKS_MAX_ENCODER_WEIGHT 1000.f /* absolute value of a weight */
#define SKS_MAX_PIECE_SCORE 1e6       /* absolute value of a piece's score */

/* One layer. Each matrix as sks_dense takes it. */
typedef struct sks_encoder_layer {
    uint32_t ins;                /* numbers of its rows: narrow for the first layer, wide for others */
    const float *attention_norm; /* scales of the rows' numbers, then what is added to them: ins each */
    const float *norm;           /* the same before `expand`: wide each */
    const float *attention;      /* ins -> 3 ins: queries, keys and values of all heads */
    const float *output;         /* ins -> wide */
    const float *expand;         /* wide -> hidden */
    const float *contract;       /* hidden -> wide */
    const float *adjust;         /* ins -> wide: widens the rows for the next layer; NULL: not needed */
} sks_encoder_layer;

/* All pointers point into the file's bytes. */
typedef struct sks_encoder {
    uint64_t hash;   /* of the file; stored beside vectors that were made with it */
    uint32_t pieces; /* of the vocabulary; piece 0 stands for unknown characters */
    uint32_t narrow, wide, hidden;
    const float *embedding; /* pieces x narrow */
    const float *timing;    /* SKS_MAX_PIECES x narrow: added by the place of a piece */
    sks_encoder_layer layer[SKS_ENCODER_LAYERS];
    const float *last;       /* wide -> wide */
    const float *projection; /* wide -> SKS_ENCODER_OUTPUTS */
    const double *scores;    /* by piece: the logarithm of its probability; higher ones are preferred */
    const uint32_t *starts;  /* pieces + 1: where in `text` a piece begins; in the order of their bytes */
    const char *text;
    uint32_t first[257]; /* by first byte: the first piece with it or a greater one */
    sks_dense *multiply;
    sks_image image; /* the file; none for sks_encoder_map */
} sks_encoder;

/* Open a file.
 *   *out  caller owns it; free with sks_encoder_close. NULL on failure.
 * Returns 0; SKS_EINDEX when there is no such file, or when it is truncated, damaged, of another version, or
 * inconsistent (the text says what is wrong and at which byte); SKS_EIO; SKS_ENOMEM. */
int sks_encoder_open (sks_encoder **out, const char *path, sks_error *err);

/* The same for bytes in memory, aligned to 8 bytes; borrowed until it is closed. `name` begins the texts of errors. */
int sks_encoder_map (sks_encoder **out, const void *bytes, size_t size, const char *name, sks_error *err);

/* Free it; sets *encoder_p to NULL, accepts NULL. */
void sks_encoder_close (sks_encoder **encoder_p);

/* Point the weights of an encoder, whose sizes are set, to floats in the order of the file. If `floats` is NULL they
 * are only counted. Returns their number. */
size_t sks_encoder_place (sks_encoder *encoder, const float *floats);

#endif
