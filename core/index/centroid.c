/* centroid.c - forms -> stems -> statements, in whole numbers. */
#include "centroid.h"

#include "posting.h"
#include "token.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = SKS_CENTROID_DIMENSIONS };

#define COMMON .01       /* a stem with this share of all words counts half */
#define LENGTH (1 << 20) /* length of a form's vector in a sum */
#define PLACES 2048      /* words after this many count as little as the last of them */

/* -------------------------------------------------------------------- stems */

/* Sum the vectors of a stem's forms, each weighted by the number of statements that contain it. False if no form has
 * a vector. */
static bool
sum_forms (const sks_centroids *m, const sks_store *s, uint32_t stem, int64_t sum[SKS_VECTOR_DIMENSIONS])
{
    bool found = false;
    memset (sum, 0, SKS_VECTOR_DIMENSIONS * sizeof *sum);
    for (uint32_t i = s->stem[stem].forms; i < s->stem[stem + 1].forms; i++) {
        const sks_form *form = &s->form[s->stem_forms[i]];
        uint32_t word =
            form->statements ? sks_vectors_find (m->vectors, s->strings + form->text, form->size) : SKS_NO_VECTOR;
        if (word == SKS_NO_VECTOR)
            continue;
        const int8_t *row = m->vectors->rows + (size_t) word * SKS_VECTOR_BYTES;
        int64_t weight = lrintf (m->vectors->scales[word] * LENGTH) * (int64_t) form->statements;
        for (int k = 0; k < SKS_VECTOR_DIMENSIONS; k++)
            sum[k] += row[k] * weight;
        found = true;
    }
    return found;
}

/* Round to 8 bits. Returns the scale of the rounded row, 0 if the sum is zero. */
static float
round_row (int8_t row[SKS_VECTOR_BYTES], const int64_t *sum)
{
    int64_t largest = 0;
    int32_t square = 0;
    for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
        largest = llabs (sum[i]) > largest ? llabs (sum[i]) : largest;
    for (int i = 0; largest && i < SKS_VECTOR_DIMENSIONS; i++) {
        /* Half a unit of the result, rounded up so that nothing overflows. Sums are large, so rounding it costs
         * little. */
        int64_t divisor = largest / 254 + 1;
        row[i] = (int8_t) ((sum[i] + (sum[i] < 0 ? -divisor : divisor)) / (2 * divisor));
        square += row[i] * row[i];
    }
    return square ? 1 / sqrtf ((float) square) : 0;
}

static sks_centroid_part
part_of (const int8_t *row, float scale, double weight)
{
    sks_centroid_part part;
    for (int i = 0; i < N; i++)
        part.number[i] = (int16_t) lrint (row[i] * (double) scale * weight * SKS_CENTROID_UNIT);
    return part;
}

static void
fill_stems (sks_centroids *m, const sks_store *s)
{
    int64_t sum[SKS_VECTOR_DIMENSIONS];
    uint64_t words = 0;
    for (uint32_t stem = 0; stem < m->stems; stem++)
        words += s->stem[stem].statements;
    for (uint32_t stem = 0; stem < m->stems; stem++) {
        int8_t *row = m->rows + (size_t) stem * SKS_VECTOR_BYTES;
        if (!s->stem[stem].statements || !sum_forms (m, s, stem, sum))
            continue;
        double share = (double) s->stem[stem].statements / (double) words;
        m->scales[stem] = round_row (row, sum);
        m->parts[stem] = part_of (row, m->scales[stem], COMMON / (COMMON + share));
    }
}

int
sks_centroids_make (sks_centroids **out, const sks_vectors *vectors, const sks_store *store, sks_error *err)
{
    sks_centroids *m = *out = calloc (1, sizeof *m);
    if (!m)
        return sks_fail_memory (err);
    m->vectors = vectors;
    m->stems = store->stems;
    m->rows = calloc (m->stems + (size_t) 1, SKS_VECTOR_BYTES);
    m->scales = calloc (m->stems + (size_t) 1, sizeof *m->scales);
    m->parts = calloc (m->stems + (size_t) 1, sizeof *m->parts);
    if (!m->rows || !m->scales || !m->parts) {
        sks_centroids_free (out);
        return sks_fail_memory (err);
    }
    fill_stems (m, store);
    return 0;
}

void
sks_centroids_free (sks_centroids **centroids_p)
{
    sks_centroids *m = *centroids_p;
    if (!m)
        return;
    free (m->rows);
    free (m->scales);
    free (m->parts);
    free (m);
    *centroids_p = NULL;
}

sks_centroid_part
sks_centroid_part_of_word (const sks_vectors *vectors, uint32_t word)
{
    return part_of (vectors->rows + (size_t) word * SKS_VECTOR_BYTES, vectors->scales[word], 1);
}

/* --------------------------------------------------------------------- sums */

SKS_VECTORISED void
sks_centroid_add (sks_centroid_sum *sum, const sks_centroid_part *part, int weight)
{
    int16_t factor = (int16_t) weight;
    for (int i = 0; i < N; i++)
        sum->number[i] += part->number[i] * factor;
}

/* Scale so that the largest number is `most`, and round halves away from zero. False if the sum is zero. */
static inline bool
round_sum (int16_t *out, const sks_centroid_sum *sum, int32_t most)
{
    int32_t largest = 0;
    for (int i = 0; i < N; i++)
        largest = abs (sum->number[i]) > largest ? abs (sum->number[i]) : largest;
    for (int i = 0; i < N; i++) {
        int64_t size = largest ? ((int64_t) abs (sum->number[i]) * 2 * most + largest) / (2 * (int64_t) largest) : 0;
        out[i] = (int16_t) (sum->number[i] < 0 ? -size : size);
    }
    return largest > 0;
}

bool
sks_centroid_round (sks_centroid_part *out, const sks_centroid_sum *sum)
{
    return round_sum (out->number, sum, SKS_CENTROID_MOST);
}

/* ---------------------------------------------------------------- statements */

void
sks_centroids_of_statements (const sks_centroids *m, const sks_store *s, uint32_t first, uint32_t end, int8_t *out)
{
    int weights[PLACES];
    for (uint32_t p = 0; p < PLACES; p++)
        weights[p] = (int) lrintf (sks_posting_position_weight (p) * SKS_CENTROID_WEIGHT);
    for (uint32_t i = first; i < end; i++) {
        const uint8_t *at = s->tokens + s->offsets[i], *stop = s->tokens + s->offsets[i + 1];
        sks_centroid_sum sum = { { 0 } };
        int16_t rounded[N];
        uint32_t before = 0;
        while (at < stop) {
            const sks_entry *entry = &s->entry[sks_token_next (&at)];
            bool joined = entry->word & SKS_ENTRY_JOINED;
            uint32_t form = joined ? entry->text : entry->form, stem = form == SKS_NONE ? SKS_NONE : s->form[form].stem;
            if (stem == SKS_NONE)
                continue;
            sks_centroid_add (&sum, &m->parts[stem], weights[before < PLACES ? before : PLACES - 1]);
            before += !joined;
        }
        round_sum (rounded, &sum, INT8_MAX);
        for (int k = 0; k < N; k++)
            out[(size_t) (i - first) * N + (size_t) k] = (int8_t) rounded[k];
    }
}

SKS_VECTORISED double
sks_centroid_cosine (const sks_centroid_part *sum, const int8_t *statement)
{
    int32_t product = 0, square = 0, own = 0;
    for (int i = 0; i < N; i++) {
        int16_t number = statement[i];
        product += number * sum->number[i];
        square += number * number;
        own += sum->number[i] * sum->number[i];
    }
    return product ? product / sqrt ((double) square * (double) own) : 0;
}

SKS_VECTORISED int32_t
sks_centroid_product (const int8_t *left, const int8_t *right)
{
    int32_t product = 0;
    for (int i = 0; i < N; i++)
        product += (int16_t) left[i] * (int16_t) right[i];
    return product;
}
