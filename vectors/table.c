/* table.c - words sorted, vectors in 8 bits, relations of words that have vectors. */
#include "table.h"

#include "axes.h"
#include "core/base/hash.h"
#include "core/index/vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a file; words are numbered in their order, and relations word by word. */
struct parts {
    uint32_t words, thesaurus;
    int8_t *rows;
    uint32_t *starts, *first_relation; /* words + 1 */
    char *text;
    sks_buffer related, strengths;
};

static int
compare_words (const void *one, const void *other, void *context)
{
    const sks_embeddings *const *embeddings = context, *e = *embeddings;
    uint32_t a = *(const uint32_t *) one, b = *(const uint32_t *) other;
    size_t a_size = e->starts[a + 1] - e->starts[a], b_size = e->starts[b + 1] - e->starts[b];
    int order = memcmp (e->text.bytes + e->starts[a], e->text.bytes + e->starts[b], a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* Round a vector so that its largest number is `most`, halves away from zero. False if all are zero. */
static bool
round_vector (int16_t *out, const int64_t *numbers, int64_t most)
{
    int64_t largest = 0;
    for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
        largest = llabs (numbers[i]) > largest ? llabs (numbers[i]) : largest;
    for (int i = 0; largest && i < SKS_VECTOR_DIMENSIONS; i++) {
        int64_t size = (llabs (numbers[i]) * 2 * most + largest) / (2 * largest);
        out[i] = (int16_t) (numbers[i] < 0 ? -size : size);
    }
    return largest > 0;
}

/* Write a vector minus the mean, along the axes unless they are NULL, in 8 bits. False if nothing is left. */
static bool
fill_row (int8_t row[SKS_VECTOR_BYTES], const int32_t *numbers, const int64_t *mean, const sks_axes *axes)
{
    int64_t rest[SKS_VECTOR_DIMENSIONS];
    int16_t fine[SKS_VECTOR_DIMENSIONS], coarse[SKS_VECTOR_DIMENSIONS];
    int32_t turned[SKS_VECTOR_DIMENSIONS];
    for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
        rest[i] = numbers[i] - mean[i];
    if (!round_vector (fine, rest, SKS_AXES_MOST))
        return false;
    if (axes)
        sks_axes_turn (axes, fine, turned);
    for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
        rest[i] = axes ? turned[i] : fine[i];
    if (!round_vector (coarse, rest, INT8_MAX))
        return false;
    memset (row, 0, SKS_VECTOR_BYTES);
    for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
        row[i] = (int8_t) coarse[i];
    return true;
}

/* Find the principal axes of all vectors. */
static int
find_axes (sks_axes *axes, const sks_embeddings *e, int8_t *rows, sks_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < e->count; i++)
        count +=
            fill_row (rows + count * SKS_VECTOR_BYTES, e->numbers + (size_t) i * SKS_VECTOR_DIMENSIONS, e->mean, NULL);
    return count ? sks_axes_find (axes, rows, count, err) : sks_fail (err, SKS_EINVALID, "all vectors are the same");
}

static void
fill_sorted (struct parts *parts, const sks_embeddings *e, const sks_axes *axes, const uint32_t *order)
{
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t from = order[i], size = e->starts[from + 1] - e->starts[from];
        if (!fill_row (parts->rows + (size_t) parts->words * SKS_VECTOR_BYTES,
                       e->numbers + (size_t) from * SKS_VECTOR_DIMENSIONS, e->mean, axes))
            continue;
        memcpy (parts->text + parts->starts[parts->words], e->text.bytes + e->starts[from], size);
        parts->starts[parts->words + 1] = parts->starts[parts->words] + size;
        parts->words++;
    }
}

static int
fill_words (struct parts *parts, const sks_embeddings *e, sks_error *err)
{
    sks_axes axes;
    uint32_t *order = malloc (e->count * sizeof *order);
    parts->rows = malloc ((size_t) e->count * SKS_VECTOR_BYTES);
    parts->starts = calloc ((size_t) e->count + 1, sizeof *parts->starts);
    parts->first_relation = calloc ((size_t) e->count + 1, sizeof *parts->first_relation);
    parts->text = malloc (e->text.size);
    int code = 0;
    if (!order || !parts->rows || !parts->starts || !parts->first_relation || !parts->text)
        code = sks_fail_memory (err);
    if (!code)
        code = find_axes (&axes, e, parts->rows, err);
    for (uint32_t i = 0; !code && i < e->count; i++)
        order[i] = i;
    if (!code) {
        qsort_r (order, e->count, sizeof *order, compare_words, &e);
        fill_sorted (parts, e, &axes, order);
    }
    free (order);
    return code;
}

/* Write the head, then the parts one after the other. */
static int
put_parts (sks_buffer *out, const struct parts *parts, sks_error *err)
{
    size_t start = out->size, edges = ((size_t) parts->words + 1) * sizeof (uint32_t);
    const uint32_t head[] = {
        SKS_VECTORS_VERSION,         SKS_VECTOR_DIMENSIONS, parts->words, (uint32_t) parts->strengths.size,
        parts->starts[parts->words], parts->thesaurus
    };
    char bytes[SKS_VECTORS_HEAD] = SKS_VECTORS_MAGIC;
    memcpy (bytes + 16, head, sizeof head);
    sks_buffer_add (out, bytes, sizeof bytes);
    sks_buffer_add (out, parts->rows, (size_t) parts->words * SKS_VECTOR_BYTES);
    sks_buffer_add (out, parts->starts, edges);
    sks_buffer_add (out, parts->first_relation, edges);
    sks_buffer_add (out, parts->related.bytes, parts->related.size);
    sks_buffer_add (out, parts->strengths.bytes, parts->strengths.size);
    sks_buffer_add (out, parts->text, parts->starts[parts->words]);
    int code = sks_buffer_status (out, err);
    if (code)
        return code;
    uint64_t hash = sks_hash_bytes (out->bytes + start + 16, out->size - start - 16);
    memcpy (out->bytes + start + 8, &hash, sizeof hash);
    return 0;
}

/* ------------------------------------------------------------------- relations */
/* The strengths of a word's relations to another one in WordNet, by kind. */
struct found {
    uint32_t word;
    double strengths[SKS_RELATIONS];
};

struct finding {
    const sks_vectors *vectors;
    uint32_t word;
    struct found *found;
    size_t count, room;
    uint32_t *places; /* by word: its index in `found` + 1, or 0 */
    int code;
};

static void
note_relation (void *context, const char *word, size_t size, int relation, double strength)
{
    struct finding *f = context;
    char folded[SKS_MAX_WORD_BYTES];
    size_t folded_size = sks_embeddings_fold (word, size, folded);
    uint32_t other = folded_size ? sks_vectors_find (f->vectors, folded, folded_size) : SKS_NO_VECTOR;
    if (other == SKS_NO_VECTOR || other == f->word)
        return;
    if (!f->places[other]) {
        if (f->count == f->room) {
            size_t room = f->room ? 2 * f->room : 256;
            struct found *more = realloc (f->found, room * sizeof *more);
            if (!more) {
                f->code = SKS_ENOMEM;
                return;
            }
            f->found = more;
            f->room = room;
        }
        f->found[f->count++] = (struct found) { .word = other };
        f->places[other] = (uint32_t) f->count;
    }
    f->found[f->places[other] - 1].strengths[relation] += strength;
}

struct relation {
    uint32_t word;
    uint8_t strength;
};

static int
stronger_first (const void *one, const void *other)
{
    const struct relation *a = one, *b = other;
    return a->strength != b->strength ? b->strength - a->strength : (a->word > b->word) - (a->word < b->word);
}

static int
by_word (const void *one, const void *other)
{
    const struct relation *a = one, *b = other;
    return (a->word > b->word) - (a->word < b->word);
}

/* The strength of a relation: the square root of the strongest kind, reduced if the words are used differently.
 * WordNet alone treats rare senses like common ones. */
static double
weigh (const struct found *found, double cosine)
{
    static const double weights[SKS_RELATIONS] = { 1, 1, 1, .8, .8 };
    double best = 0;
    for (int r = 0; r < SKS_RELATIONS; r++)
        best = fmax (best, weights[r] * fmin (1, found->strengths[r]));
    double share = (cosine - SKS_RELATION_COSINE) / (SKS_RELATION_CERTAIN - SKS_RELATION_COSINE);
    return sqrt (best) * fmin (1, fmax (0, share));
}

static int
add_relations (struct parts *parts, struct finding *f, sks_error *err)
{
    struct relation *kept = malloc ((f->count + 1) * sizeof *kept);
    size_t count = 0;
    if (!kept)
        return sks_fail_memory (err);
    for (size_t i = 0; i < f->count; i++) {
        uint32_t other = f->found[i].word;
        double strength = weigh (&f->found[i], sks_vectors_cosine (f->vectors, f->word, other));
        f->places[other] = 0;
        if (strength >= SKS_RELATION_LEAST)
            kept[count++] = (struct relation) { other, (uint8_t) (strength * 255 + .5) };
    }
    qsort (kept, count, sizeof *kept, stronger_first);
    count = count < SKS_MAX_RELATED ? count : SKS_MAX_RELATED;
    qsort (kept, count, sizeof *kept, by_word);
    for (size_t i = 0; i < count; i++) {
        sks_buffer_add (&parts->related, &kept[i].word, sizeof kept[i].word);
        sks_buffer_add (&parts->strengths, &kept[i].strength, 1);
    }
    parts->first_relation[f->word + 1] = parts->first_relation[f->word] + (uint32_t) count;
    f->count = 0;
    free (kept);
    return 0;
}

static int
fill_relations (struct parts *parts, const sks_vectors *vectors, const sks_wordnet *wordnet, sks_error *err)
{
    struct finding f = { .vectors = vectors };
    f.places = calloc (vectors->words, sizeof *f.places);
    int code = f.places ? 0 : sks_fail_memory (err);
    for (f.word = 0; !code && f.word < vectors->words; f.word++) {
        size_t size;
        const char *word = sks_vectors_word (vectors, f.word, &size);
        code = sks_wordnet_relate (wordnet, word, size, note_relation, &f, err);
        if (!code && f.code)
            code = sks_fail_memory (err);
        if (!code)
            code = add_relations (parts, &f, err);
    }
    parts->thesaurus = SKS_THESAURUS_WORDNET;
    free (f.found);
    free (f.places);
    return code;
}

int
sks_table_build (sks_buffer *out, const sks_embeddings *embeddings, const sks_wordnet *wordnet, sks_error *err)
{
    struct parts parts = { .related = SKS_BUFFER_INIT (UINT32_MAX), .strengths = SKS_BUFFER_INIT (SKS_MAX_RELATIONS) };
    int code = fill_words (&parts, embeddings, err);
    if (!code && wordnet) {
        /* Relations are weighted by the vectors as readers will get them, rounded to 8 bits. */
        sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
        sks_vectors *vectors = NULL;
        code = put_parts (&bytes, &parts, err);
        if (!code)
            code = sks_vectors_map (&vectors, bytes.bytes, bytes.size, "vectors", err);
        if (!code)
            code = fill_relations (&parts, vectors, wordnet, err);
        sks_vectors_close (&vectors);
        sks_buffer_free (&bytes);
    }
    if (!code)
        code = sks_buffer_status (&parts.related, err);
    if (!code)
        code = sks_buffer_status (&parts.strengths, err);
    if (!code)
        code = put_parts (out, &parts, err);
    free (parts.rows);
    free (parts.starts);
    free (parts.first_relation);
    free (parts.text);
    sks_buffer_free (&parts.related);
    sks_buffer_free (&parts.strengths);
    return code;
}
