/* semantics.c - words of a query -> their vectors, near stems, cosines with statements. */
#include "semantics.h"

#include "core/index/posting.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define QUERY_WEIGHT 256 /* weight in the query's vector of a word with q = 1 */

struct list {
    uint32_t count;
    sks_relative relatives[];
};

struct sks_semantics {
    const sks_store *store;
    sks_vectors *vectors;
    sks_centroids *centroids;
    struct list *_Atomic *near; /* by form; NULL: not requested yet */
};

int
sks_semantics_make (sks_semantics **out, sks_vectors **vectors_p, const sks_store *store, sks_error *err)
{
    sks_semantics *s = calloc (1, sizeof *s);
    *out = NULL;
    sks_vectors *vectors = *vectors_p;
    *vectors_p = NULL;
    if (!s) {
        sks_vectors_close (&vectors);
        return sks_fail_memory (err);
    }
    s->store = store;
    s->vectors = vectors;
    s->near = calloc (store->forms + (size_t) 1, sizeof *s->near);
    int code = s->near ? 0 : sks_fail_memory (err);
    if (!code && !store->vectors)
        code = sks_fail (err, SKS_EINVALID, "the index was made without word vectors");
    if (!code && store->vectors != vectors->hash)
        code = sks_fail (err, SKS_EINVALID, "the index was made with another file of word vectors");
    if (!code)
        code = sks_centroids_make (&s->centroids, vectors, store, err);
    if (code)
        sks_semantics_free (&s);
    *out = s;
    return code;
}

void
sks_semantics_free (sks_semantics **semantics_p)
{
    sks_semantics *s = *semantics_p;
    if (!s)
        return;
    for (uint32_t f = 0; s->near && f < s->store->forms; f++)
        free (atomic_load_explicit (&s->near[f], memory_order_relaxed));
    free (s->near);
    sks_centroids_free (&s->centroids);
    sks_vectors_close (&s->vectors);
    free (s);
    *semantics_p = NULL;
}

/* ------------------------------------------------------------------ near words */

/* List a word's relations as stems of the index, each once with its strongest relation. */
static int
list_related (const sks_semantics *s, sks_stemmer *stemmer, uint32_t word, const int8_t *row, float scale, uint32_t own,
              sks_alike out[SKS_MAX_RELATED], size_t *count, sks_error *err)
{
    const sks_vectors *v = s->vectors;
    char stem_text[SKS_MAX_TERM_BYTES];
    *count = 0;
    for (uint32_t r = v->first_relation[word]; r < v->first_relation[word + 1]; r++) {
        size_t size, stem_size, at = 0;
        const char *text = sks_vectors_word (v, v->related[r], &size);
        char copy[SKS_MAX_WORD_BYTES + 1];
        memcpy (copy, text, size);
        copy[size] = '\0';
        int code = sks_stemmer_stem (stemmer, copy, size, stem_text, sizeof stem_text, &stem_size, err);
        if (code)
            return code;
        uint32_t stem = sks_store_stem (s->store, stem_text, stem_size);
        if (stem == SKS_NONE || stem == own || s->centroids->scales[stem] == 0)
            continue;
        double relation = v->strengths[r] / 255.;
        while (at < *count && out[at].word != stem)
            at++;
        if (at == *count) {
            int32_t product;
            v->multiply (s->centroids->rows + (size_t) stem * SKS_VECTOR_BYTES, 1, row, &product);
            out[(*count)++] =
                (sks_alike) { stem, 0, product * ((double) scale * (double) s->centroids->scales[stem]), relation };
        } else if (out[at].relation < relation)
            out[at].relation = relation;
    }
    return 0;
}

/* Find the near stems of a word: by its own vector if there is one, else by that of its stem. */
static int
find_near (const sks_semantics *s, sks_stemmer *stemmer, const sks_semantic_word *word, sks_relative out[SKS_MAX_NEAR],
           size_t *count, sks_error *err)
{
    const sks_vectors *v = s->vectors;
    const sks_vector_rows rows = { s->centroids->rows, s->centroids->scales, s->centroids->stems };
    sks_alike nearest[SKS_NEAREST], related[SKS_MAX_RELATED], joined[SKS_MAX_NEAR];
    uint32_t number = sks_vectors_find (v, word->form, word->size);
    bool known = number != SKS_NO_VECTOR;
    if (!known && (word->stem == SKS_NONE || s->centroids->scales[word->stem] == 0))
        return 0;
    const int8_t *row = known ? v->rows + (size_t) number * SKS_VECTOR_BYTES
                              : s->centroids->rows + (size_t) word->stem * SKS_VECTOR_BYTES;
    float scale = known ? v->scales[number] : s->centroids->scales[word->stem];
    size_t relations = 0;
    int code = known ? list_related (s, stemmer, number, row, scale, word->stem, related, &relations, err) : 0;
    if (code)
        return code;
    size_t near = sks_vectors_nearest (v, &rows, row, scale, word->stem, nearest);
    *count = sks_vectors_join (v, nearest, near, related, relations, joined);
    for (size_t i = 0; i < *count; i++)
        out[i] = (sks_relative) { joined[i].word, fminf (1, (float) joined[i].weight) };
    return 0;
}

/* Keep a list for all threads. If another thread was first, its list, which is equal, stays. */
static void
keep (sks_semantics *s, uint32_t form, const sks_relative *relatives, size_t count)
{
    struct list *list = malloc (sizeof *list + count * sizeof *relatives), *expected = NULL;
    if (!list)
        return;
    list->count = (uint32_t) count;
    memcpy (list->relatives, relatives, count * sizeof *relatives);
    if (!atomic_compare_exchange_strong_explicit (&s->near[form], &expected, list, memory_order_acq_rel,
                                                  memory_order_acquire))
        free (list);
}

int
sks_semantics_near (sks_semantics *s, sks_stemmer *stemmer, const sks_semantic_word *word,
                    sks_relative out[SKS_MAX_NEAR], size_t *count, sks_error *err)
{
    uint32_t form = sks_store_form (s->store, word->form, word->size);
    struct list *list = form == SKS_NONE ? NULL : atomic_load_explicit (&s->near[form], memory_order_acquire);
    *count = 0;
    if (list) {
        *count = list->count;
        memcpy (out, list->relatives, list->count * sizeof *out);
        return 0;
    }
    int code = find_near (s, stemmer, word, out, count, err);
    if (!code && form != SKS_NONE)
        keep (s, form, out, *count);
    return code;
}

/* --------------------------------------------------------------------- meaning */

/* The part of a word in the query's vector; false if the word has no vector. */
static bool
part_of (const sks_semantics *s, const sks_semantic_word *word, sks_centroid_part *out)
{
    if (word->stem != SKS_NONE && s->centroids->scales[word->stem] > 0) {
        *out = s->centroids->parts[word->stem];
        return true;
    }
    uint32_t number = sks_vectors_find (s->vectors, word->form, word->size);
    if (number == SKS_NO_VECTOR)
        return false;
    *out = sks_centroid_part_of_word (s->vectors, number);
    return true;
}

bool
sks_semantics_sum (const sks_semantics *s, const sks_semantic_word *words, size_t count, sks_centroid_part *out)
{
    sks_centroid_sum sum = { { 0 } };
    sks_centroid_part part;
    for (size_t i = 0; i < count; i++)
        if (part_of (s, &words[i], &part))
            sks_centroid_add (&sum, &part, (int) (words[i].weight * QUERY_WEIGHT + .5f));
    return sks_centroid_round (out, &sum);
}

double
sks_semantics_cosine (const sks_semantics *s, const sks_centroid_part *query, uint32_t statement)
{
    return sks_centroid_cosine (query, s->store->vector + (size_t) statement * SKS_CENTROID_DIMENSIONS);
}

void
sks_semantics_prefetch (const sks_semantics *s, uint32_t statement)
{
    __builtin_prefetch (s->store->vector + (size_t) statement * SKS_CENTROID_DIMENSIONS);
}

static double
multiply (const sks_centroid_part *one, const sks_centroid_part *other)
{
    double product = 0;
    for (int i = 0; i < SKS_CENTROID_DIMENSIONS; i++)
        product += one->number[i] * (double) other->number[i];
    return product;
}

const int8_t *
sks_semantics_vector (const sks_semantics *s, uint32_t statement, double *scale)
{
    const int8_t *vector = s->store->vector + (size_t) statement * SKS_CENTROID_DIMENSIONS;
    int32_t square = sks_centroid_product (vector, vector);
    *scale = square ? 1 / sqrt (square) : 0;
    return square ? vector : NULL;
}

/* A walk over the words of a statement that have a stem. */
struct walk {
    const sks_store *store;
    const uint8_t *at, *end;
    uint32_t before, form, stem;
    double weight; /* of its place */
};

static struct walk
walk_begin (const sks_store *store, uint32_t statement)
{
    return (struct walk) { .store = store,
                           .at = store->tokens + store->offsets[statement],
                           .end = store->tokens + store->offsets[statement + 1] };
}

static bool
walk_next (struct walk *walk)
{
    const sks_store *store = walk->store;
    while (walk->at < walk->end) {
        const sks_entry *entry = &store->entry[sks_token_next (&walk->at)];
        bool joined = entry->word & SKS_ENTRY_JOINED;
        walk->form = joined ? entry->text : entry->form;
        walk->stem = walk->form == SKS_NONE ? SKS_NONE : store->form[walk->form].stem;
        if (walk->stem == SKS_NONE)
            continue;
        walk->weight = (double) sks_posting_position_weight (walk->before);
        walk->before += !joined;
        return true;
    }
    return false;
}

size_t
sks_semantics_words (const sks_semantics *s, uint32_t statement, sks_semantic_word *words, uint32_t *forms, size_t most)
{
    struct walk walk = walk_begin (s->store, statement);
    size_t count = 0;
    while (count < most && walk_next (&walk)) {
        const sks_form *form = &s->store->form[walk.form];
        if (s->centroids->scales[walk.stem] == 0)
            continue;
        words[count] =
            (sks_semantic_word) { s->store->strings + form->text, form->size, walk.stem, (float) walk.weight };
        forms[count++] = walk.form;
    }
    return count;
}

bool
sks_semantics_pair (const sks_semantics *s, const sks_semantic_word *words, size_t count, uint32_t statement,
                    size_t *word, uint32_t *form)
{
    struct walk walk = walk_begin (s->store, statement);
    double best = 0;
    while (walk_next (&walk)) {
        sks_centroid_part part;
        for (size_t i = 0; i < count && s->centroids->scales[walk.stem] > 0; i++) {
            if (!part_of (s, &words[i], &part))
                continue;
            double adds = walk.weight * (double) words[i].weight * multiply (&part, &s->centroids->parts[walk.stem]);
            if (adds > best) {
                best = adds;
                *word = i;
                *form = walk.form;
            }
        }
    }
    return best > 0;
}

bool
sks_semantics_nearest (const sks_semantics *s, const sks_semantic_word *left, size_t left_count,
                       const sks_semantic_word *right, size_t right_count, size_t *one, size_t *other)
{
    const sks_centroid_part *parts = s->centroids->parts;
    double best = 0;
    bool distinct = false;
    for (size_t i = 0; i < left_count; i++)
        for (size_t k = 0; k < right_count; k++) {
            bool differ = left[i].stem != right[k].stem;
            double adds = (double) left[i].weight * (double) right[k].weight *
                          multiply (&parts[left[i].stem], &parts[right[k].stem]);
            if (adds > 0 && differ >= distinct && (differ > distinct || adds > best)) {
                best = adds;
                distinct = differ;
                *one = i;
                *other = k;
            }
        }
    return best > 0;
}
