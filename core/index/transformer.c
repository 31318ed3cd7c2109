/* transformer.c - batches of texts through two layers.
 *
 * Loops over the numbers of a row keep LANES sums, which the compiler may compute at once. The order of additions
 * does not depend on the width of its vectors. */
#include "transformer.h"

#include "pieces.h"
#include "product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LANES 8
#define BATCH 256 /* pieces encoded together; a text has at most half of this */

struct sks_transformer {
    const sks_encoder *encoder;
    uint32_t pieces[BATCH];
    size_t lengths[BATCH];             /* pieces of each text of the batch */
    size_t texts, used;                /* of the batch */
    float *rows, *normal, *wide, *out; /* BATCH rows each */
    float weights[SKS_MAX_PIECES];     /* of one row's attention */
};

/* ----------------------------------------------------------------- functions */

/* e to the power of x, at most 1 ulp off; 0 below -700. */
static double
exponential (double x)
{
    static const double inverse[] = {
        1,         1,          1. / 2,      1. / 6,       1. / 24,       1. / 120,      1. / 720,
        1. / 5040, 1. / 40320, 1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600
    };
    enum { TERMS = sizeof inverse / sizeof *inverse };
    if (x < -700)
        return 0;
    x = x < 700 ? x : 700;
    int power = (int) (x * M_LOG2E + (x < 0 ? -.5 : .5));
    /* ln 2 in two parts: the first times any such power is exact. */
    double rest = x - power * 0x1.62e42feep-1 - power * 0x1.a39ef35793c76p-33, sum = inverse[TERMS - 1];
    for (int i = TERMS - 2; i >= 0; i--)
        sum = sum * rest + inverse[i];
    return ldexp (sum, power);
}

static double
hyperbolic_tangent (double x)
{
    return 1 - 2 / (exponential (2 * x) + 1);
}

static inline float
sum_lanes (const float sums[LANES])
{
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

SKS_VECTORISED static float
multiply (const float *one, const float *other, uint32_t count)
{
    float sums[LANES];
    memset (sums, 0, sizeof sums);
    for (uint32_t i = 0; i < count; i += LANES)
        for (uint32_t k = 0; k < LANES; k++)
            sums[k] += one[i + k] * other[i + k];
    return sum_lanes (sums);
}

SKS_VECTORISED static float
sum_of (const float *row, uint32_t count)
{
    float sums[LANES];
    memset (sums, 0, sizeof sums);
    for (uint32_t i = 0; i < count; i += LANES)
        for (uint32_t k = 0; k < LANES; k++)
            sums[k] += row[i + k];
    return sum_lanes (sums);
}

SKS_VECTORISED static void
add_scaled (float *restrict sum, const float *restrict row, float scale, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        sum[i] += row[i] * scale;
}

/* Bring each row to mean 0 and variance 1; `scales` has count scales, then count numbers to add. */
SKS_VECTORISED static void
normalise (float *restrict out, const float *restrict in, size_t rows, uint32_t count, const float *restrict scales)
{
    for (size_t r = 0; r < rows; r++, in += count, out += count) {
        float mean = sum_of (in, count) / (float) count;
        for (uint32_t i = 0; i < count; i++)
            out[i] = in[i] - mean;
        float deviation = sqrtf (multiply (out, out, count) / (float) count + 1e-6f);
        for (uint32_t i = 0; i < count; i++)
            out[i] = out[i] / deviation * scales[i] + scales[count + i];
    }
}

/* -------------------------------------------------------------------- layers */

/* The attention of one head for one row: the values of all rows, weighted by how well their keys match the query. */
static void
attend_row (sks_transformer *t, const float *asks, const float *rows, size_t length, uint32_t ins, float *out)
{
    uint32_t size = ins / SKS_ENCODER_HEADS;
    float scale = 1 / sqrtf ((float) size), most = 0;
    double sum = 0;
    for (size_t i = 0; i < length; i++) {
        t->weights[i] = multiply (asks, rows + i * 3 * ins + ins, size) * scale;
        most = i && most > t->weights[i] ? most : t->weights[i];
    }
    for (size_t i = 0; i < length; i++) {
        double weight = exponential ((double) (t->weights[i] - most));
        t->weights[i] = (float) weight;
        sum += weight;
    }
    memset (out, 0, size * sizeof *out);
    for (size_t i = 0; i < length; i++)
        add_scaled (out, rows + i * 3 * ins + (size_t) 2 * ins, (float) ((double) t->weights[i] / sum), size);
}

/* `wide` has 3 * ins numbers for each row: the queries, the keys and the values of all heads. */
static void
attend (sks_transformer *t, uint32_t ins)
{
    uint32_t size = ins / SKS_ENCODER_HEADS;
    const float *rows = t->wide;
    float *out = t->normal;
    for (size_t text = 0; text < t->texts; rows += t->lengths[text] * 3 * ins, text++)
        for (size_t row = 0; row < t->lengths[text]; row++, out += ins)
            for (uint32_t head = 0; head < SKS_ENCODER_HEADS; head++)
                attend_row (t, rows + row * 3 * ins + head * size, rows + head * size, t->lengths[text], ins,
                            out + head * size);
}

static void
run_layer (sks_transformer *t, const sks_encoder_layer *layer)
{
    const sks_encoder *e = t->encoder;
    size_t numbers = t->used * e->wide;
    normalise (t->normal, t->rows, t->used, layer->ins, layer->attention_norm);
    e->multiply (t->wide, t->normal, t->used, layer->attention, layer->ins, 3 * layer->ins);
    attend (t, layer->ins);
    e->multiply (t->out, t->normal, t->used, layer->output, layer->ins, e->wide);
    if (layer->adjust) {
        e->multiply (t->wide, t->rows, t->used, layer->adjust, layer->ins, e->wide);
        memcpy (t->rows, t->wide, numbers * sizeof *t->rows);
    }
    for (size_t i = 0; i < numbers; i++)
        t->rows[i] += t->out[i];
    normalise (t->normal, t->rows, t->used, e->wide, layer->norm);
    e->multiply (t->wide, t->normal, t->used, layer->expand, e->wide, e->hidden);
    for (size_t i = 0; i < t->used * e->hidden; i++)
        t->wide[i] = t->wide[i] > 0 ? t->wide[i] : 0;
    e->multiply (t->out, t->wide, t->used, layer->contract, e->hidden, e->wide);
    for (size_t i = 0; i < numbers; i++)
        t->rows[i] += t->out[i];
}

/* ------------------------------------------------------------------- batches */

static void
embed (sks_transformer *t)
{
    const sks_encoder *e = t->encoder;
    float *out = t->rows;
    size_t piece = 0;
    for (size_t text = 0; text < t->texts; text++)
        for (size_t place = 0; place < t->lengths[text]; place++, piece++, out += e->narrow)
            for (uint32_t i = 0; i < e->narrow; i++)
                out[i] = 2 * e->embedding[(size_t) t->pieces[piece] * e->narrow + i] + e->timing[place * e->narrow + i];
}

/* Bring a vector to length 1, unless it is zeros. */
static void
scale_to_unit (float *vector, uint32_t count)
{
    float length = sqrtf (multiply (vector, vector, count));
    for (uint32_t i = 0; i < count && length > 0; i++)
        vector[i] /= length;
}

/* Run the batch, write the vectors of its texts, and empty it. A text without pieces gets zeros. */
static void
run_batch (sks_transformer *t, float *out)
{
    const sks_encoder *e = t->encoder;
    const float *row = t->rows;
    embed (t);
    for (int i = 0; i < SKS_ENCODER_LAYERS; i++)
        run_layer (t, &e->layer[i]);
    memset (t->normal, 0, t->texts * e->wide * sizeof *t->normal);
    for (size_t text = 0; text < t->texts; text++) {
        float *mean = t->normal + text * e->wide;
        for (size_t i = 0; i < t->lengths[text]; i++, row += e->wide)
            add_scaled (mean, row, 1, e->wide);
        for (uint32_t i = 0; t->lengths[text] && i < e->wide; i++)
            mean[i] /= (float) t->lengths[text];
    }
    e->multiply (out, t->normal, t->texts, e->last, e->wide, e->wide);
    for (size_t text = 0; text < t->texts; text++, out += e->wide) {
        for (uint32_t i = 0; i < e->wide; i++)
            out[i] = t->lengths[text] ? (float) hyperbolic_tangent ((double) out[i]) : 0;
        scale_to_unit (out, e->wide);
    }
    t->texts = t->used = 0;
}

int
sks_transformer_encode (sks_transformer *t, const sks_encoder_text *texts, size_t count, float *out, sks_error *err)
{
    size_t done = 0;
    t->texts = t->used = 0;
    for (size_t i = 0; i < count; i++) {
        if (t->used > BATCH - SKS_MAX_PIECES || t->texts == BATCH) {
            run_batch (t, out + done * t->encoder->wide);
            done = i;
        }
        int code = sks_pieces_split (t->encoder, texts[i].bytes, texts[i].size, t->pieces + t->used,
                                     &t->lengths[t->texts], err);
        if (code)
            return code;
        t->used += t->lengths[t->texts++];
    }
    run_batch (t, out + done * t->encoder->wide);
    return 0;
}

uint32_t
sks_transformer_width (const sks_transformer *t)
{
    return t->encoder->wide;
}

void
sks_transformer_project (const sks_transformer *t, const float *vectors, size_t count, float *out)
{
    const sks_encoder *e = t->encoder;
    e->multiply (out, vectors, count, e->projection, e->wide, SKS_ENCODER_OUTPUTS);
    for (size_t i = 0; i < count; i++)
        if (multiply (vectors + i * e->wide, vectors + i * e->wide, e->wide) <= 0)
            memset (out + i * SKS_ENCODER_OUTPUTS, 0, SKS_ENCODER_OUTPUTS * sizeof *out);
}

int
sks_transformer_make (sks_transformer **out, const sks_encoder *encoder, sks_error *err)
{
    sks_transformer *t = *out = calloc (1, sizeof *t);
    if (!t)
        return sks_fail_memory (err);
    size_t row = encoder->wide > encoder->narrow ? encoder->wide : encoder->narrow;
    size_t widest = 3 * row > encoder->hidden ? 3 * row : encoder->hidden;
    t->encoder = encoder;
    t->rows = malloc (BATCH * row * sizeof *t->rows);
    t->normal = malloc (BATCH * row * sizeof *t->normal);
    t->out = malloc (BATCH * row * sizeof *t->out);
    t->wide = malloc (BATCH * widest * sizeof *t->wide);
    if (t->rows && t->normal && t->out && t->wide)
        return 0;
    sks_transformer_free (out);
    return sks_fail_memory (err);
}

void
sks_transformer_free (sks_transformer **transformer_p)
{
    sks_transformer *t = *transformer_p;
    if (!t)
        return;
    free (t->rows);
    free (t->normal);
    free (t->out);
    free (t->wide);
    free (t);
    *transformer_p = NULL;
}
