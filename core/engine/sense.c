/* sense.c - a query's text -> its vector, cached by the hash of the text; cosines with statements. */
#include "sense.h"

#include "core/base/hash.h"

#include <math.h>
#include <stdlib.h>

_Static_assert(SKS_ENCODER_OUTPUTS == SKS_CENTROID_DIMENSIONS, "cosines are those of centroids");

struct sks_sense {
    sks_encoder *encoder;
    sks_encoded statements;
};

struct kept {
    uint64_t hash; /* of the text */
    bool is_set, means;
    sks_centroid_part vector;
};

struct sks_sense_reader {
    const sks_sense *sense;
    sks_transformer *transformer;
    float *vector;                    /* scratch */
    struct kept kept[SKS_SENSE_KEPT]; /* each at its hash's place; a later one replaces it */
};

int
sks_sense_make (sks_sense **out, sks_encoder **encoder_p, const char *folder, const sks_store *store, sks_error *err)
{
    sks_sense *s = *out = calloc (1, sizeof *s);
    if (!s) {
        sks_encoder_close (encoder_p);
        return sks_fail_memory (err);
    }
    s->encoder = *encoder_p;
    *encoder_p = NULL;
    int code = sks_encoded_open (&s->statements, folder, err);
    if (!code && s->statements.encoder != s->encoder->hash)
        code = sks_fail (err, SKS_EINVALID, "the statements were encoded with another file");
    if (!code && !sks_encoded_fits (&s->statements, store))
        code = sks_fail (err, SKS_EINVALID, "%s/" SKS_ENCODED_FILE " is of other statements", folder);
    if (code)
        sks_sense_free (out);
    return code;
}

void
sks_sense_free (sks_sense **sense_p)
{
    sks_sense *s = *sense_p;
    if (!s)
        return;
    sks_encoded_close (&s->statements);
    sks_encoder_close (&s->encoder);
    free (s);
    *sense_p = NULL;
}

int
sks_sense_reader_make (sks_sense_reader **out, const sks_sense *sense, sks_error *err)
{
    sks_sense_reader *r = *out = calloc (1, sizeof *r);
    if (!r)
        return sks_fail_memory (err);
    r->sense = sense;
    r->vector = malloc (sense->encoder->wide * sizeof *r->vector);
    int code = r->vector ? sks_transformer_make (&r->transformer, sense->encoder, err) : sks_fail_memory (err);
    if (code)
        sks_sense_reader_free (out);
    return code;
}

void
sks_sense_reader_free (sks_sense_reader **reader_p)
{
    sks_sense_reader *r = *reader_p;
    if (!r)
        return;
    sks_transformer_free (&r->transformer);
    free (r->vector);
    free (r);
    *reader_p = NULL;
}

/* Round so that the largest number is SKS_CENTROID_MOST; false: all are 0. */
static bool
round_vector (const float *projected, sks_centroid_part *out)
{
    float largest = 0;
    for (int i = 0; i < SKS_ENCODER_OUTPUTS; i++)
        largest = fmaxf (largest, fabsf (projected[i]));
    for (int i = 0; i < SKS_ENCODER_OUTPUTS; i++)
        out->number[i] = (int16_t) (largest > 0 ? lrintf (projected[i] / largest * SKS_CENTROID_MOST) : 0);
    return largest > 0;
}

int
sks_sense_read (sks_sense_reader *r, const char *text, size_t size, sks_centroid_part *out, bool *means, sks_error *err)
{
    uint64_t hash = sks_hash_key (text, size);
    struct kept *kept = &r->kept[hash % SKS_SENSE_KEPT];
    const sks_encoder_text texts[] = { { text, size } };
    float projected[SKS_ENCODER_OUTPUTS];
    if (!kept->is_set || kept->hash != hash) {
        int code = sks_transformer_encode (r->transformer, texts, 1, r->vector, err);
        if (code)
            return code;
        sks_transformer_project (r->transformer, r->vector, 1, projected);
        kept->means = round_vector (projected, &kept->vector);
        kept->hash = hash;
        kept->is_set = true;
    }
    *out = kept->vector;
    *means = kept->means;
    return 0;
}

const int8_t *
sks_sense_vector (const sks_sense *s, uint32_t statement, double *scale)
{
    const int8_t *vector = s->statements.vectors + (size_t) statement * SKS_ENCODER_OUTPUTS;
    int32_t square = sks_centroid_product (vector, vector);
    *scale = square ? 1 / sqrt (square) : 0;
    return square ? vector : NULL;
}

double
sks_sense_cosine (const sks_sense *s, const sks_centroid_part *query, uint32_t statement)
{
    return sks_centroid_cosine (query, s->statements.vectors + (size_t) statement * SKS_ENCODER_OUTPUTS);
}

void
sks_sense_prefetch (const sks_sense *s, uint32_t statement)
{
    const int8_t *vector = s->statements.vectors + (size_t) statement * SKS_ENCODER_OUTPUTS;
    __builtin_prefetch (vector);
    __builtin_prefetch (vector + SKS_ENCODER_OUTPUTS - 1);
}
