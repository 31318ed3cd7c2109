/* likeness.c - the likeness of pairs of statements, for judging and for measuring it.
 *
 * usage: likeness judged VECTORS ENCODER FILE INDEX...
 *        likeness list VECTORS ENCODER INDEX...
 *
 * `judged` reads lines "kind<TAB>judgment<TAB>left id<TAB>right id<TAB>..." and writes each with its likeness:
 *
 *     kind  judgment  words  cosine  likeness  left id  right id  left text  right text  sentences
 *
 * `words` is the likeness without word vectors, `cosine` that of the statements' vectors, `sentences` the cosine of
 * their vectors by the encoder. A pair is looked up in the
 * first INDEX that has both statements. `list` writes candidates in the same form, without a judgment: for each
 * statement the best partner by words, and the best by the vectors, in another level of its occupation (kind compare)
 * and in the same level of another occupation (kind crosswalk). Each index was made with the files VECTORS
 * and ENCODER; "none": they are not used. */
#include "core/engine/generation.h"
#include "core/engine/likeness.h"
#include "core/engine/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_INDEXES 8
#define LINE_BYTES 4096

struct index {
    sks_generation *generation;
    sks_searcher *searcher;
};

static void
die (const char *why)
{
    fprintf (stderr, "likeness: %s\n", why);
    exit (1);
}

static void
open_index (struct index *index, const char *path, const char *vectors_path, const char *encoder_path)
{
    bool used = strcmp (vectors_path, SKS_WITHOUT_VECTORS) != 0;
    bool encodes = strcmp (encoder_path, SKS_WITHOUT_ENCODER) != 0;
    sks_vectors *vectors;
    sks_encoder *encoder;
    sks_error err;
    if (sks_generation_open (&index->generation, path, &err) ||
        (used && (sks_vectors_open (&vectors, vectors_path, &err) ||
                  sks_generation_use_vectors (index->generation, &vectors, &err))) ||
        (encodes && (sks_encoder_open (&encoder, encoder_path, &err) ||
                     sks_generation_use_encoder (index->generation, &encoder, &err))) ||
        sks_searcher_open (&index->searcher, index->generation, &err))
        die (err.text);
}

/* The cosine of the vectors of two statements; 0 if one has none. */
static double
cosine_of (const int8_t *left, const int8_t *right, double scale)
{
    return left && right ? sks_centroid_product (left, right) * scale : 0;
}

/* The likeness of the words alone. */
static double
words_of (const sks_profile *left, const sks_profile *right)
{
    sks_profile plain = *left;
    plain.vector = plain.sentence = NULL;
    return sks_likeness (&plain, right);
}

static void
put_pair (const char *kind, const char *judgment, const sks_store *store, const sks_profile *left,
          const sks_profile *right)
{
    char ids[2][SKS_STATEMENT_ID_BYTES];
    sks_store_id (store, left->statement, ids[0]);
    sks_store_id (store, right->statement, ids[1]);
    printf ("%s\t%s\t%.4f\t%.4f\t%.4f\t%s\t%s", kind, judgment, words_of (left, right),
            cosine_of (left->vector, right->vector, left->scale * right->scale), sks_likeness (left, right), ids[0],
            ids[1]);
    for (int i = 0; i < 2; i++) {
        char text[SKS_MAX_STATEMENT_BYTES];
        size_t size = sks_store_put_text (store, (i ? right : left)->statement, text);
        printf ("\t%.*s", (int) size, text);
    }
    printf ("\t%.4f\n", cosine_of (left->sentence, right->sentence, left->sentence_scale * right->sentence_scale));
}

/* ------------------------------------------------------------------- judged */

static bool
put_judged (struct index *index, const char *kind, const char *judgment, const char *left, const char *right)
{
    sks_error err;
    sks_matching m = sks_searcher_matching (index->searcher, &err);
    uint32_t numbers[2] = { sks_store_find (m.store, left), sks_store_find (m.store, right) };
    sks_profile profiles[2];
    if (numbers[0] == SKS_NONE || numbers[1] == SKS_NONE)
        return false;
    for (int i = 0; i < 2; i++)
        if (sks_profile_read (&profiles[i], &m, numbers[i]))
            die (err.text);
    put_pair (kind, judgment, m.store, &profiles[0], &profiles[1]);
    return true;
}

/* Returns the number of pairs that are in no index. */
static int
put_all_judged (const char *path, struct index *indexes, int count)
{
    char line[LINE_BYTES];
    FILE *file = fopen (path, "r");
    int missing = 0;
    if (!file)
        die (path);
    while (fgets (line, sizeof line, file)) {
        char *save, *kind = strtok_r (line, "\t\n", &save), *judgment = strtok_r (NULL, "\t\n", &save);
        char *left = strtok_r (NULL, "\t\n", &save), *right = strtok_r (NULL, "\t\n", &save);
        int i = 0;
        if (*line == '#' || !right)
            continue;
        while (i < count && !put_judged (&indexes[i], kind, judgment, left, right))
            i++;
        missing += i == count;
    }
    fclose (file);
    return missing;
}

/* --------------------------------------------------------------------- list */

static double
value_of (const sks_profile *left, const sks_profile *right, bool by_vectors)
{
    return by_vectors ? cosine_of (left->vector, right->vector, left->scale * right->scale) : words_of (left, right);
}

static void
list_partners (const char *kind, sks_matching *m, uint32_t left_cell, uint32_t right_cell)
{
    sks_profile *left, *right;
    uint32_t left_count, right_count;
    if (sks_profile_list (&left, &left_count, m, left_cell) || sks_profile_list (&right, &right_count, m, right_cell))
        die (m->err->text);
    for (uint32_t i = 0; right_count && i < left_count; i++)
        for (int by_vectors = 0; by_vectors < 2; by_vectors++) {
            uint32_t best = 0;
            for (uint32_t k = 1; k < right_count; k++)
                if (value_of (&left[i], &right[k], by_vectors) > value_of (&left[i], &right[best], by_vectors))
                    best = k;
            put_pair (kind, by_vectors ? "vectors" : "words", m->store, &left[i], &right[best]);
        }
}

static void
list_candidates (struct index *index)
{
    sks_error err;
    sks_matching m = sks_searcher_matching (index->searcher, &err);
    uint32_t occupations = m.store->occupations;
    for (uint32_t i = 0; i < occupations; i++)
        for (int level = 0; level < SKS_LEVELS; level++) {
            m = sks_searcher_matching (index->searcher, &err);
            for (int next = level + 1; next < SKS_LEVELS; next++)
                list_partners ("compare", &m, sks_cell (i, level), sks_cell (i, next));
            for (uint32_t step = 1; step < occupations && step < 64; step *= 4)
                list_partners ("crosswalk", &m, sks_cell (i, level), sks_cell ((i + step) % occupations, level));
        }
}

int
main (int argc, char **argv)
{
    struct index indexes[MOST_INDEXES] = { { NULL, NULL } };
    bool judged = argc > 1 && strcmp (argv[1], "judged") == 0;
    int first = judged ? 5 : 4, count = argc - first, missing = 0;
    if (count < 1 || count > MOST_INDEXES || (!judged && strcmp (argv[1], "list") != 0)) {
        fputs ("usage: likeness judged VECTORS ENCODER FILE INDEX...\n       likeness list VECTORS ENCODER INDEX...\n",
               stderr);
        return 2;
    }
    for (int i = 0; i < count; i++)
        open_index (&indexes[i], argv[first + i], argv[2], argv[3]);
    if (judged)
        missing = put_all_judged (argv[4], indexes, count);
    else
        for (int i = 0; i < count; i++)
            list_candidates (&indexes[i]);
    for (int i = 0; i < count; i++) {
        sks_searcher_close (&indexes[i].searcher);
        sks_generation_release (&indexes[i].generation);
    }
    if (missing)
        fprintf (stderr, "likeness: %d pairs are in no index\n", missing);
    return missing ? 1 : 0;
}
