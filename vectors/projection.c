/* projection.c - principal directions by subspace iteration: multiply some directions by the covariances and make
 * them orthogonal again, ROUNDS times, so that they approach those that grow fastest. */
#include "projection.h"

#include "core/index/heading.h"
#include "core/index/product.h"
#include "core/index/transformer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An axis with at most this share of its square left, without the parts along earlier axes, is only rounding error. */
#define NOTHING 1e-12

enum { AXES = SKS_ENCODER_OUTPUTS, ROUNDS = 60 };

struct sample {
    uint32_t wide;
    size_t count;
    float *vectors;      /* count x wide */
    double *mean;        /* wide */
    double *covariances; /* wide x wide */
    double *axes, *next; /* AXES x wide each */
};

/* The vectors of statements at even distances. */
static int
encode_sample (struct sample *s, const sks_encoder *encoder, const sks_store *store, sks_error *err)
{
    sks_transformer *transformer = NULL;
    int code = sks_transformer_make (&transformer, encoder, err);
    for (size_t i = 0; !code && i < s->count; i++) {
        char bytes[SKS_MAX_STATEMENT_BYTES];
        uint32_t statement = (uint32_t) (store->statements * (uint64_t) i / s->count);
        sks_encoder_text text = { bytes, sks_store_put_text (store, statement, bytes) };
        code = sks_transformer_encode (transformer, &text, 1, s->vectors + i * s->wide, err);
    }
    sks_transformer_free (&transformer);
    return code;
}

SKS_VECTORISED static void
add_scaled (double *restrict sum, const double *restrict row, double scale, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        sum[i] += row[i] * scale;
}

static void
sum_covariances (struct sample *s)
{
    double *difference = s->next; /* not in use yet */
    for (size_t i = 0; i < s->count; i++)
        for (uint32_t k = 0; k < s->wide; k++)
            s->mean[k] += (double) s->vectors[i * s->wide + k] / (double) s->count;
    for (size_t i = 0; i < s->count; i++) {
        for (uint32_t k = 0; k < s->wide; k++)
            difference[k] = (double) s->vectors[i * s->wide + k] - s->mean[k];
        for (uint32_t k = 0; k < s->wide; k++)
            add_scaled (s->covariances + (size_t) k * s->wide, difference, difference[k], s->wide);
    }
}

/* Make the axes orthogonal and of length 1 (Gram and Schmidt); zeros where the sample has no more directions. */
static void
make_orthogonal (double *axes, uint32_t wide)
{
    for (int a = 0; a < AXES; a++) {
        double *axis = axes + (size_t) a * wide, before = 0, square = 0;
        for (uint32_t k = 0; k < wide; k++)
            before += axis[k] * axis[k];
        for (int b = 0; b < a; b++) {
            const double *other = axes + (size_t) b * wide;
            double product = 0;
            for (uint32_t k = 0; k < wide; k++)
                product += axis[k] * other[k];
            add_scaled (axis, other, -product, wide);
        }
        for (uint32_t k = 0; k < wide; k++)
            square += axis[k] * axis[k];
        for (uint32_t k = 0; k < wide; k++)
            axis[k] = square > NOTHING * before ? axis[k] / sqrt (square) : 0;
    }
}

static void
find_axes (struct sample *s)
{
    uint32_t state = 1;
    for (size_t i = 0; i < (size_t) AXES * s->wide; i++) {
        state = state * 1664525u + 1013904223u;
        s->axes[i] = (double) (state >> 8) / (1 << 24) - .5;
    }
    make_orthogonal (s->axes, s->wide);
    for (int round = 0; round < ROUNDS; round++) {
        memset (s->next, 0, (size_t) AXES * s->wide * sizeof *s->next);
        for (int a = 0; a < AXES; a++)
            for (uint32_t k = 0; k < s->wide; k++)
                add_scaled (s->next + (size_t) a * s->wide, s->covariances + (size_t) k * s->wide,
                            s->axes[(size_t) a * s->wide + k], s->wide);
        make_orthogonal (s->next, s->wide);
        double *swap = s->axes;
        s->axes = s->next;
        s->next = swap;
    }
}

/* Write the projection as a matrix whose biases subtract the mean. */
static void
write_projection (const struct sample *s, float *to)
{
    for (uint32_t a = 0; a < AXES; a++) {
        double bias = 0;
        for (uint32_t k = 0; k < s->wide; k++) {
            double number = s->axes[(size_t) a * s->wide + k];
            to[sks_dense_at (s->wide, AXES, k, a)] = (float) number;
            bias -= number * s->mean[k];
        }
        to[a] = (float) bias;
    }
}

int
sks_projection_learn (sks_buffer *file, const sks_store *store, sks_error *err)
{
    static const sks_heading heading = { SKS_ENCODER_MAGIC, "", SKS_ENCODER_VERSION, 0, 0 };
    struct sample s = { .count = store->statements < SKS_MAX_SAMPLE ? store->statements : SKS_MAX_SAMPLE };
    sks_encoder *encoder = NULL;
    if (store->statements < SKS_LEAST_SAMPLE)
        return sks_fail (err, SKS_EINVALID, "the sample has %u statements; at least %d are needed", store->statements,
                         SKS_LEAST_SAMPLE);
    int code = sks_encoder_map (&encoder, file->bytes, file->size, "the encoder", err);
    if (code)
        return code;
    s.wide = encoder->wide;
    s.vectors = calloc (s.count * s.wide, sizeof *s.vectors);
    s.mean = calloc (s.wide, sizeof *s.mean);
    s.covariances = calloc ((size_t) s.wide * s.wide, sizeof *s.covariances);
    s.axes = calloc ((size_t) AXES * s.wide, sizeof *s.axes);
    s.next = calloc ((size_t) AXES * s.wide, sizeof *s.next);
    code = s.vectors && s.mean && s.covariances && s.axes && s.next ? 0 : sks_fail_memory (err);
    if (!code)
        code = encode_sample (&s, encoder, store, err);
    if (!code) {
        sum_covariances (&s);
        find_axes (&s);
        float *weights = (float *) (void *) (file->bytes + SKS_ENCODER_HEAD);
        write_projection (&s, weights + (encoder->projection - weights));
        sks_heading_write (&heading, file->bytes, file->size);
    }
    sks_encoder_close (&encoder);
    free (s.vectors);
    free (s.mean);
    free (s.covariances);
    free (s.axes);
    free (s.next);
    return code;
}
