/* vectors.c - the file of word vectors, checked once and then read. */
#include "vectors.h"

#include "core/base/bisect.h"
#include "core/base/utf8.h"
#include "heading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Byte offsets in the head. */
enum { AT_DIMENSIONS = 20, AT_WORDS = 24, AT_RELATIONS = 28, AT_TEXT = 32, AT_THESAURUS = 36, AT_ZEROS = 40 };

#define NEAREST_LEAST .3  /* the lowest cosine of a near word */
#define WEIGHT_ALONE .8   /* of the vectors, if there is no thesaurus */
#define WEIGHT_VECTORS .6 /* of the vectors, if there is one */
#define WEIGHT_RELATION .6
#define SCANNED_ROWS 512 /* multiplied at a time: their products fit the fastest cache */

static const sks_heading heading = { SKS_VECTORS_MAGIC, "word vectors", SKS_VECTORS_VERSION, AT_ZEROS,
                                     SKS_VECTORS_HEAD };

/* Byte offsets of the parts after the rows, from the start of the file. */
struct places {
    size_t starts, first_relation, related, strengths, text, end;
};

static struct places
places_of (const sks_vectors *v, uint32_t text_size)
{
    struct places p = { .starts = SKS_VECTORS_HEAD + (size_t) v->words * SKS_VECTOR_BYTES };
    p.first_relation = p.starts + ((size_t) v->words + 1) * sizeof (uint32_t);
    p.related = p.first_relation + ((size_t) v->words + 1) * sizeof (uint32_t);
    p.strengths = p.related + (size_t) v->relations * sizeof (uint32_t);
    p.text = p.strengths + v->relations;
    p.end = p.text + text_size;
    return p;
}

/* Read the numbers of the head, and check that they fit each other and the file's size. No byte after the head is
 * read. */
static int
read_head (sks_vectors *v, const char *bytes, size_t size, const char *name, sks_error *err)
{
    int code = sks_heading_check (&heading, bytes, size, name, err);
    if (code)
        return code;
    uint32_t dimensions = sks_heading_number (bytes, AT_DIMENSIONS);
    uint32_t thesaurus = sks_heading_number (bytes, AT_THESAURUS);
    if (dimensions != SKS_VECTOR_DIMENSIONS)
        return sks_fail_at (err, SKS_EINDEX, AT_DIMENSIONS, "%s: vectors of %u dimensions, this program reads %d", name,
                            dimensions, SKS_VECTOR_DIMENSIONS);
    v->words = sks_heading_number (bytes, AT_WORDS);
    v->relations = sks_heading_number (bytes, AT_RELATIONS);
    if (!v->words || v->words > SKS_MAX_VECTORS || v->relations > SKS_MAX_RELATIONS)
        return sks_fail_at (err, SKS_EINDEX, AT_WORDS, "%s: damaged: %u words with %u relations", name, v->words,
                            v->relations);
    if (thesaurus >= SKS_THESAURI || (v->relations && thesaurus == SKS_THESAURUS_NONE))
        return sks_fail_at (err, SKS_EINDEX, AT_THESAURUS, "%s: damaged: thesaurus %u", name, thesaurus);
    v->thesaurus = (int) thesaurus;
    size_t end = places_of (v, sks_heading_number (bytes, AT_TEXT)).end;
    return size == end ? 0
                       : sks_fail_at (err, SKS_EINDEX, (long) size, "%s: damaged: %zu bytes where its head says %zu",
                                      name, size, end);
}

static int
check_head (const char *bytes, size_t size, const char *name, sks_error *err)
{
    sks_vectors head;
    return read_head (&head, bytes, size, name, err);
}

/* Check the hash, and place the parts. */
static int
place_parts (sks_vectors *v, const char *bytes, size_t size, const char *name, sks_error *err)
{
    uint32_t text = sks_heading_number (bytes, AT_TEXT);
    struct places p = places_of (v, text);
    int code = sks_heading_check_hash (&v->hash, bytes, size, name, err);
    if (code)
        return code;
    v->rows = (const int8_t *) bytes + SKS_VECTORS_HEAD;
    v->starts = (const uint32_t *) (const void *) (bytes + p.starts);
    v->first_relation = (const uint32_t *) (const void *) (bytes + p.first_relation);
    v->related = (const uint32_t *) (const void *) (bytes + p.related);
    v->strengths = (const uint8_t *) bytes + p.strengths;
    v->text = bytes + p.text;
    return v->starts[v->words] == text && v->first_relation[v->words] == v->relations && !v->starts[0] &&
                   !v->first_relation[0]
               ? 0
               : sks_fail_at (err, SKS_EINDEX, (long) p.starts, "%s: damaged: words or relations do not match its head",
                              name);
}

static int
compare_words (const char *one, size_t one_size, const char *other, size_t other_size)
{
    int order = memcmp (one, other, one_size < other_size ? one_size : other_size);
    return order ? order : (one_size > other_size) - (one_size < other_size);
}

/* Check that words ascend by their bytes and are UTF-8. All starts are checked before any word is read, because a
 * word ends where the next one starts. */
static int
check_words (const sks_vectors *v, const char *name, sks_error *err)
{
    for (uint32_t w = 0; w < v->words; w++)
        if (v->starts[w] >= v->starts[w + 1] || v->starts[w + 1] > v->starts[v->words] ||
            v->starts[w + 1] - v->starts[w] > SKS_MAX_WORD_BYTES)
            return sks_fail (err, SKS_EINDEX, "%s: damaged: the place of word %u", name, w);
    for (uint32_t w = 0; w < v->words; w++) {
        size_t size, before_size;
        const char *word = sks_vectors_word (v, w, &size), *before = w ? sks_vectors_word (v, w - 1, &before_size) : "";
        if (!sks_utf8_valid (word, size, NULL) || (w && compare_words (before, before_size, word, size) >= 0))
            return sks_fail (err, SKS_EINDEX, "%s: damaged: the order or the bytes of word %u", name, w);
    }
    return 0;
}

/* Check that the relations follow each other in the order of words, and that those of a word ascend and name existing
 * words other than itself. */
static int
check_relations (const sks_vectors *v, const char *name, sks_error *err)
{
    for (uint32_t w = 0; w < v->words; w++) {
        uint32_t from = v->first_relation[w], end = v->first_relation[w + 1];
        if (from > end || end > v->relations || end - from > SKS_MAX_RELATED)
            return sks_fail (err, SKS_EINDEX, "%s: damaged: the relations of word %u", name, w);
        for (uint32_t r = from; r < end; r++)
            if (v->related[r] >= v->words || v->related[r] == w || !v->strengths[r] ||
                (r > from && v->related[r - 1] >= v->related[r]))
                return sks_fail (err, SKS_EINDEX, "%s: damaged: relation %u of word %u", name, r - from, w);
    }
    return 0;
}

/* Check that no row is zero, contains -128, or has numbers other than 0 after its dimensions; make the scales. */
static int
check_rows (sks_vectors *v, const char *name, sks_error *err)
{
    v->scales = malloc (v->words * sizeof *v->scales);
    if (!v->scales)
        return sks_fail_memory (err);
    for (uint32_t w = 0; w < v->words; w++) {
        const int8_t *row = v->rows + (size_t) w * SKS_VECTOR_BYTES;
        int32_t square = 0, least = 0, rest = 0;
        for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            square += row[i] * row[i];
            least = row[i] < least ? row[i] : least;
        }
        for (int i = SKS_VECTOR_DIMENSIONS; i < SKS_VECTOR_BYTES; i++)
            rest |= row[i];
        if (!square || least < -127 || rest)
            return sks_fail_at (err, SKS_EINDEX, (long) (SKS_VECTORS_HEAD + (size_t) w * SKS_VECTOR_BYTES),
                                "%s: damaged: the vector of word %u", name, w);
        v->scales[w] = 1 / sqrtf ((float) square);
    }
    return 0;
}

int
sks_vectors_map (sks_vectors **out, const void *bytes, size_t size, const char *name, sks_error *err)
{
    sks_vectors *v = *out = calloc (1, sizeof *v);
    if (!v)
        return sks_fail_memory (err);
    v->multiply = sks_product_kernel_of_processor ();
    int code = read_head (v, bytes, size, name, err);
    if (!code)
        code = place_parts (v, bytes, size, name, err);
    if (!code)
        code = check_words (v, name, err);
    if (!code)
        code = check_relations (v, name, err);
    if (!code)
        code = check_rows (v, name, err);
    if (code)
        sks_vectors_close (out);
    return code;
}

int
sks_vectors_open (sks_vectors **out, const char *path, sks_error *err)
{
    sks_image image;
    *out = NULL;
    int code = sks_heading_read (&image, path, SKS_VECTORS_HEAD, check_head, err);
    if (!code)
        code = sks_vectors_map (out, image.bytes, image.size, path, err);
    if (code)
        sks_image_drop (&image);
    else
        (*out)->image = image;
    return code;
}

void
sks_vectors_close (sks_vectors **vectors_p)
{
    sks_vectors *v = *vectors_p;
    if (!v)
        return;
    sks_image_drop (&v->image);
    free (v->scales);
    free (v);
    *vectors_p = NULL;
}

const char *
sks_vectors_word (const sks_vectors *vectors, uint32_t number, size_t *size)
{
    *size = vectors->starts[number + 1] - vectors->starts[number];
    return vectors->text + vectors->starts[number];
}

static int
compare_at (const sks_vectors *vectors, uint32_t number, const char *word, size_t size)
{
    size_t found_size;
    const char *found = sks_vectors_word (vectors, number, &found_size);
    return compare_words (found, found_size, word, size);
}

uint32_t
sks_vectors_find (const sks_vectors *vectors, const char *word, size_t size)
{
    uint32_t low = 0, high = vectors->words;
    SKS_BISECT (low, high, at, compare_at (vectors, at, word, size) < 0)
    return low < vectors->words && compare_at (vectors, low, word, size) == 0 ? low : SKS_NO_VECTOR;
}

/* ------------------------------------------------------------------ near words */
/* The product of two scales is exact in a double, so the cosine is the same in both directions. */
static double
cosine_of (int32_t product, float one, float other)
{
    return product * ((double) one * (double) other);
}

double
sks_vectors_cosine (const sks_vectors *vectors, uint32_t one, uint32_t other)
{
    int32_t product;
    vectors->multiply (vectors->rows + (size_t) one * SKS_VECTOR_BYTES, 1,
                       vectors->rows + (size_t) other * SKS_VECTOR_BYTES, &product);
    return cosine_of (product, vectors->scales[one], vectors->scales[other]);
}

size_t
sks_vectors_nearest (const sks_vectors *vectors, const sks_vector_rows *rows, const int8_t *vector, float scale,
                     uint32_t skip, sks_alike nearest[SKS_NEAREST])
{
    int32_t products[SCANNED_ROWS];
    size_t count = 0;
    /* A row below this is skipped after one multiplication. The limit is slightly low, so that rounding skips no row
     * that qualifies. */
    float least = (float) (NEAREST_LEAST / (double) scale) * .9999f;
    for (uint32_t from = 0; from < rows->count; from += SCANNED_ROWS) {
        uint32_t some = rows->count - from < SCANNED_ROWS ? rows->count - from : SCANNED_ROWS;
        vectors->multiply (rows->rows + (size_t) from * SKS_VECTOR_BYTES, some, vector, products);
        for (uint32_t r = 0; r < some; r++) {
            if ((float) products[r] * rows->scales[from + r] < least || from + r == skip)
                continue;
            double cosine = cosine_of (products[r], scale, rows->scales[from + r]);
            if (cosine < NEAREST_LEAST || (count == SKS_NEAREST && cosine <= nearest[count - 1].cosine))
                continue;
            size_t at = count < SKS_NEAREST ? count++ : count - 1;
            for (; at && nearest[at - 1].cosine < cosine; at--)
                nearest[at] = nearest[at - 1];
            nearest[at] = (sks_alike) { from + r, 0, cosine, 0 };
            if (count == SKS_NEAREST)
                least = (float) (nearest[count - 1].cosine / (double) scale) * .9999f;
        }
    }
    return count;
}

/* Keep a near word if it is among the nearest so far. Returns how many are kept. */
static size_t
keep (sks_alike *out, size_t count, sks_alike one)
{
    if (one.weight < SKS_NEAR_LEAST)
        return count;
    size_t at = count < SKS_MAX_NEAR ? count : SKS_MAX_NEAR;
    while (at && (out[at - 1].weight < one.weight || (out[at - 1].weight == one.weight && out[at - 1].word > one.word)))
        at--;
    if (at == SKS_MAX_NEAR)
        return count;
    size_t moved = (count < SKS_MAX_NEAR ? count : SKS_MAX_NEAR - 1) - at;
    memmove (out + at + 1, out + at, moved * sizeof *out);
    out[at] = one;
    return count < SKS_MAX_NEAR ? count + 1 : count;
}

size_t
sks_vectors_join (const sks_vectors *vectors, sks_alike *nearest, size_t near, const sks_alike *related,
                  size_t relations, sks_alike *out)
{
    bool alone = vectors->thesaurus == SKS_THESAURUS_NONE;
    size_t count = 0;
    for (size_t r = 0; r < relations; r++) {
        sks_alike one = related[r];
        size_t i = 0;
        while (i < near && nearest[i].word != one.word)
            i++;
        if (i < near) {
            nearest[i].relation = one.relation;
            continue;
        }
        one.weight = WEIGHT_RELATION * one.relation;
        count = keep (out, count, one);
    }
    for (size_t i = 0; i < near; i++) {
        double square = nearest[i].cosine * nearest[i].cosine;
        double vector_part = (alone ? WEIGHT_ALONE : WEIGHT_VECTORS) * square;
        double relation_part = WEIGHT_RELATION * nearest[i].relation;
        nearest[i].weight = vector_part + relation_part;
        count = keep (out, count, nearest[i]);
    }
    return count;
}

size_t
sks_vectors_near (const sks_vectors *vectors, uint32_t word, sks_alike *out)
{
    sks_alike nearest[SKS_NEAREST], related[SKS_MAX_RELATED];
    sks_vector_rows rows = { vectors->rows, vectors->scales, vectors->words };
    size_t relations = 0;
    for (uint32_t r = vectors->first_relation[word]; r < vectors->first_relation[word + 1]; r++) {
        uint32_t other = vectors->related[r];
        related[relations++] =
            (sks_alike) { other, 0, sks_vectors_cosine (vectors, word, other), vectors->strengths[r] / 255. };
    }
    size_t near = sks_vectors_nearest (vectors, &rows, vectors->rows + (size_t) word * SKS_VECTOR_BYTES,
                                       vectors->scales[word], word, nearest);
    return sks_vectors_join (vectors, nearest, near, related, relations, out);
}
