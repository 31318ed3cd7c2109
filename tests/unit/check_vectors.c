/* check_vectors.c - files of word vectors: made from a source, read back, compared; and which files are refused. Near
 * words are compared with a plain search over the rows. */
#include "core/base/hash.h"
#include "tests/support/sample.h"
#include "tests/support/skip.h"
#include "tests/support/word_source.h"
#include "vectors/table.h"

#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_vectors (void);

#define THREADS 4
#define RANDOM_WORDS 1300 /* more than one scan processes at a time, and more than one block of a file */

START_TEST (subtracts_the_mean_and_rounds_to_eight_bits)
{
    word_source_put_head ();
    word_source_put ("left", "-3,1");
    word_source_put ("right", "5,1.5");
    word_source_put ("middle", "1,0.5");
    word_source_put_tail ();
    word_source_make (100, NULL);
    /* The mean is 1, 1. */
    ck_assert_uint_eq (word_source.vectors->words, 3);
    ck_assert_int_eq (word_source_row (word_source_find_one ("left"))[0], -127);
    ck_assert_int_eq (word_source_row (word_source_find_one ("right"))[0], 127);
    ck_assert_int_eq (abs (word_source_row (word_source_find_one ("middle"))[1]), 127);
    ck_assert_double_eq_tol (
        sks_vectors_cosine (word_source.vectors, word_source_find ("right"), word_source_find ("right")), 1, 1e-6);
    ck_assert_double_eq_tol (
        sks_vectors_cosine (word_source.vectors, word_source_find ("left"), word_source_find ("middle")), 0, .01);
    ck_assert_double_eq_tol (
        sks_vectors_cosine (word_source.vectors, word_source_find ("left"), word_source_find ("right")),
        -4 / sqrt (16.25), .01);
    ck_assert_uint_eq (word_source_find ("lef"), SKS_NO_VECTOR);
    ck_assert_uint_eq (word_source_find ("leftt"), SKS_NO_VECTOR);
    ck_assert_uint_eq (word_source_find (""), SKS_NO_VECTOR);
}
END_TEST

/* Along the axes the first numbers carry most of the information, and cosines equal those of the source. */
START_TEST (rotates_vectors_to_their_principal_axes)
{
    sks_embeddings e;
    double squares[SKS_VECTOR_DIMENSIONS] = { 0 };
    word_source_put_random (RANDOM_WORDS);
    word_source_make (RANDOM_WORDS, NULL);
    ck_assert_int_eq (word_source_read (&e, RANDOM_WORDS), 0);
    for (uint32_t w = 0; w < word_source.vectors->words; w++)
        for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            double number = (double) word_source_row (w)[i] * (double) word_source.vectors->scales[w];
            squares[i] += number * number;
        }
    for (int i = 1; i < SKS_VECTOR_DIMENSIONS; i++)
        ck_assert_double_ge (squares[i - 1] * 1.02, squares[i]);
    ck_assert_double_gt (squares[0], 4 * squares[SKS_VECTOR_DIMENSIONS - 1]);
    for (uint32_t w = 1; w < e.count; w++) {
        double product = 0, left = 0, right = 0;
        for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            double one = (double) (e.numbers[i] - e.mean[i]);
            double other = (double) (e.numbers[(size_t) w * SKS_VECTOR_DIMENSIONS + (size_t) i] - e.mean[i]);
            product += one * other;
            left += one * one;
            right += other * other;
        }
        uint32_t first = sks_vectors_find (word_source.vectors, e.text.bytes, e.starts[1]);
        uint32_t second =
            sks_vectors_find (word_source.vectors, e.text.bytes + e.starts[w], e.starts[w + 1] - e.starts[w]);
        ck_assert_double_eq_tol (sks_vectors_cosine (word_source.vectors, first, second), product / sqrt (left * right),
                                 .01);
    }
    sks_embeddings_free (&e);
}
END_TEST

START_TEST (writes_the_same_bytes_every_time_and_opens_them)
{
    word_source_put_random (RANDOM_WORDS);
    word_source_make (RANDOM_WORDS, NULL);
    ck_assert_uint_eq (word_source.vectors->words, RANDOM_WORDS);
    sks_embeddings embeddings;
    sks_buffer again = SKS_BUFFER_INIT (1 << 24);
    ck_assert_int_eq (word_source_read (&embeddings, RANDOM_WORDS), 0);
    ck_assert_int_eq (sks_table_build (&again, &embeddings, NULL, &word_source.err), 0);
    sks_embeddings_free (&embeddings);
    ck_assert_uint_eq (again.size, word_source.file.size);
    ck_assert_mem_eq (again.bytes, word_source.file.bytes, word_source.file.size);
    sks_buffer_free (&again);

    sks_vectors *opened;
    sample_write_bytes (word_source.folder, "vectors", word_source.file.bytes, word_source.file.size);
    char *path = sample_path (word_source.folder, "vectors");
    ck_assert_msg (sks_vectors_open (&opened, path, &word_source.err) == 0, "%s", word_source.err.text);
    ck_assert_uint_eq (opened->hash, word_source.vectors->hash);
    for (uint32_t w = 0; w < word_source.vectors->words; w++) {
        size_t size;
        const char *word = sks_vectors_word (word_source.vectors, w, &size);
        ck_assert_uint_eq (sks_vectors_find (opened, word, size), w);
    }
    sks_vectors_close (&opened);
    unlink (path);
    ck_assert_int_eq (sks_vectors_open (&opened, path, &word_source.err), SKS_EINDEX);
    ck_assert_ptr_null (opened);
    free (path);
}
END_TEST

/* A file of three words with relations, and the offsets of its parts. */
enum {
    ROWS = SKS_VECTORS_HEAD,
    STARTS = ROWS + 3 * SKS_VECTOR_BYTES,
    FIRST = STARTS + 4 * 4,
    RELATED = FIRST + 4 * 4,
    STRENGTHS = RELATED + 3 * 4,
    TEXT = STRENGTHS + 3,
    WHOLE = TEXT + 9
};

/* bat ~ cat (1.0), ant (.2); cat ~ ant (.4). */
static void
make_small (void)
{
    static const uint32_t head[] = { SKS_VECTORS_VERSION, SKS_VECTOR_DIMENSIONS, 3, 3, 9, SKS_THESAURUS_WORDNET };
    static const uint32_t numbers[] = { 0, 3, 6, 9, 0, 0, 2, 3, 0, 2, 0 };
    static const uint8_t strengths[] = { 51, 255, 102 };
    char *bytes = sks_buffer_reserve (&word_source.file, WHOLE);
    memset (bytes, 0, WHOLE);
    memcpy (bytes, SKS_VECTORS_MAGIC, 8);
    memcpy (bytes + 16, head, sizeof head);
    for (int w = 0; w < 3; w++)
        bytes[ROWS + w * SKS_VECTOR_BYTES + w] = 127;
    memcpy (bytes + STARTS, numbers, sizeof numbers);
    memcpy (bytes + STRENGTHS, strengths, sizeof strengths);
    memcpy (bytes + TEXT, "antbatcat", 9);
    word_source.file.size = WHOLE;
}

static void
correct_hash (void)
{
    uint64_t hash = sks_hash_bytes (word_source.file.bytes + 16, word_source.file.size - 16);
    memcpy (word_source.file.bytes + 8, &hash, sizeof hash);
}

START_TEST (refuses_a_file_with_any_byte_changed_or_missing)
{
    make_small ();
    correct_hash ();
    ck_assert_msg (sks_vectors_map (&word_source.vectors, word_source.file.bytes, word_source.file.size, "small",
                                    &word_source.err) == 0,
                   "%s", word_source.err.text);
    sks_vectors_close (&word_source.vectors);
    for (size_t at = 0; at < WHOLE; at++) {
        word_source.file.bytes[at] ^= 4;
        ck_assert_msg (sks_vectors_map (&word_source.vectors, word_source.file.bytes, word_source.file.size, "small",
                                        &word_source.err) == SKS_EINDEX,
                       "byte %zu was changed", at);
        ck_assert_ptr_null (word_source.vectors);
        word_source.file.bytes[at] ^= 4;
    }
    for (size_t size = 0; size < WHOLE; size++)
        ck_assert_int_eq (
            sks_vectors_map (&word_source.vectors, word_source.file.bytes, size, "small", &word_source.err),
            SKS_EINDEX);
    ck_assert_int_eq (
        sks_vectors_map (&word_source.vectors, word_source.file.bytes, WHOLE + 1, "small", &word_source.err),
        SKS_EINDEX);
}
END_TEST

/* Bytes that this process has read from files. */
static unsigned long long
bytes_read (void)
{
    unsigned long long read = 0;
    FILE *file = fopen ("/proc/self/io", "re");
    ck_assert_ptr_nonnull (file);
    ck_assert_int_eq (fscanf (file, "rchar: %llu", &read), 1);
    fclose (file);
    return read;
}

/* One with a wrong magic, and one whose size differs from its header. */
START_TEST (reads_only_the_header_of_an_invalid_file)
{
    sks_vectors *opened;
    word_source_put_random (4);
    word_source_make (4, NULL);
    char *path = sample_path (word_source.folder, "vectors");
    for (int kind = 0; kind < 2; kind++) {
        word_source.file.bytes[0] = kind ? SKS_VECTORS_MAGIC[0] : 'x';
        sample_write_bytes (word_source.folder, "vectors", word_source.file.bytes, word_source.file.size);
        ck_assert_int_eq (truncate (path, 256 << 20), 0);
        unsigned long long before = bytes_read ();
        ck_assert_int_eq (sks_vectors_open (&opened, path, &word_source.err), SKS_EINDEX);
        ck_assert_ptr_nonnull (
            strstr (word_source.err.text, kind ? "where its head says" : "not a file of word vectors"));
        ck_assert_ptr_null (opened);
        ck_assert_uint_lt (bytes_read () - before, 4096);
    }
    free (path);
}
END_TEST

START_TEST (refuses_impossible_values_with_a_valid_checksum)
{
    static const struct {
        size_t at, size;
        uint32_t value;
        const char *what;
    } changes[] = {
        { 16, 4, 2, "version" },
        { 20, 4, 99, "dimensions" },
        { 24, 4, 0, "words" },
        { 24, 4, 4, "4 words" },
        { 24, 4, UINT32_MAX, "words" },
        { 28, 4, UINT32_MAX, "relations" },
        { 32, 4, UINT32_MAX, "bytes of text" },
        { 36, 4, 0, "relations without a thesaurus" },
        { 36, 4, 2, "an unknown thesaurus" },
        { 63, 1, 1, "a byte after the head" },
        { ROWS, 1, 0, "an empty vector" },
        { ROWS + 5, 1, 0x80, "-128" },
        { ROWS + 111, 1, 1, "a number after the last one" },
        { STARTS, 4, 1, "a start" },
        { STARTS + 4, 4, 0, "an empty word" },
        { STARTS + 4, 4, 7, "descending starts" },
        { STARTS + 8, 4, UINT32_MAX, "a start outside" },
        { STARTS + 12, 4, 8, "the end of the words" },
        { FIRST, 4, 1, "a relation of a missing word" },
        { FIRST + 4, 4, 3, "descending relations" },
        { FIRST + 8, 4, UINT32_MAX, "relations outside" },
        { FIRST + 12, 4, 2, "the end of the relations" },
        { RELATED, 4, 3, "a relation outside" },
        { RELATED, 4, 1, "a relation with itself" },
        { RELATED, 4, 2, "a relation twice" },
        { STRENGTHS, 1, 0, "a strength of zero" },
        { TEXT, 1, 'c', "words out of order" },
        { TEXT + 4, 1, 0xFF, "no UTF-8" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sks_buffer_clear (&word_source.file);
        make_small ();
        memcpy (word_source.file.bytes + changes[i].at, &changes[i].value, changes[i].size);
        correct_hash ();
        ck_assert_msg (sks_vectors_map (&word_source.vectors, word_source.file.bytes, word_source.file.size, "small",
                                        &word_source.err) == SKS_EINDEX,
                       "%s", changes[i].what);
        ck_assert_ptr_nonnull (strstr (word_source.err.text, "small"));
    }
}
END_TEST

static int
nearer_first (const void *one, const void *other)
{
    const sks_alike *a = one, *b = other;
    return a->weight != b->weight ? (a->weight < b->weight ? 1 : -1) : (a->word > b->word) - (a->word < b->word);
}

START_TEST (near_words_equal_those_of_a_search_over_all_rows)
{
    word_source_put_random (RANDOM_WORDS);
    word_source_make (RANDOM_WORDS, NULL);
    sks_alike *all = malloc (word_source.vectors->words * sizeof *all), near[SKS_MAX_NEAR];
    ck_assert_ptr_nonnull (all);
    for (uint32_t word = 0; word < word_source.vectors->words; word += 61) {
        size_t count = 0;
        for (uint32_t other = 0; other < word_source.vectors->words; other++) {
            int32_t product = 0, square = 0, other_square = 0;
            for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
                product += word_source_row (word)[i] * word_source_row (other)[i];
                square += word_source_row (word)[i] * word_source_row (word)[i];
                other_square += word_source_row (other)[i] * word_source_row (other)[i];
            }
            double cosine = product / (sqrt (square) * sqrt (other_square));
            ck_assert_double_eq_tol (sks_vectors_cosine (word_source.vectors, word, other), cosine, 1e-6);
            ck_assert_double_eq (sks_vectors_cosine (word_source.vectors, word, other),
                                 sks_vectors_cosine (word_source.vectors, other, word));
            cosine = sks_vectors_cosine (word_source.vectors, word, other);
            if (other != word && cosine >= .3)
                all[count++] = (sks_alike) { other, .8 * (cosine * cosine), cosine, 0 };
        }
        ck_assert_uint_gt (count, SKS_NEAREST);
        qsort (all, count, sizeof *all, nearer_first);
        ck_assert_uint_eq (sks_vectors_near (word_source.vectors, word, near), SKS_MAX_NEAR);
        for (size_t i = 0; i < SKS_MAX_NEAR; i++) {
            ck_assert_uint_eq (near[i].word, all[i].word);
            ck_assert_double_eq (near[i].weight, all[i].weight);
        }
    }
    free (all);
}
END_TEST

START_TEST (a_relation_alone_makes_a_near_word)
{
    sks_alike near[SKS_MAX_NEAR];
    make_small ();
    correct_hash ();
    ck_assert_int_eq (sks_vectors_map (&word_source.vectors, word_source.file.bytes, word_source.file.size, "small",
                                       &word_source.err),
                      0);
    ck_assert_uint_eq (sks_vectors_near (word_source.vectors, word_source_find_one ("bat"), near), 2);
    ck_assert_uint_eq (near[0].word, word_source_find_one ("cat"));
    ck_assert_double_eq_tol (near[0].weight, .6, 1e-9);
    ck_assert_uint_eq (near[1].word, word_source_find_one ("ant"));
    ck_assert_double_eq_tol (near[1].weight, .12, 1e-9);
    ck_assert_uint_eq (sks_vectors_near (word_source.vectors, word_source_find_one ("ant"), near), 0);
    ck_assert_uint_eq (sks_vectors_near (word_source.vectors, word_source_find_one ("cat"), near), 1);
}
END_TEST

struct part {
    pthread_t thread;
    uint64_t hash;
};

static void *
hash_near_words (void *context)
{
    struct part *part = context;
    for (uint32_t word = 0; word < word_source.vectors->words; word += 7) {
        sks_alike near[SKS_MAX_NEAR];
        size_t count = sks_vectors_near (word_source.vectors, word, near);
        for (size_t i = 0; i < count; i++)
            part->hash = part->hash * 31 + near[i].word;
    }
    return NULL;
}

START_TEST (threads_find_the_same_near_words)
{
    struct part parts[THREADS] = { 0 }, alone = { 0 };
    word_source_put_random (RANDOM_WORDS);
    word_source_make (RANDOM_WORDS, NULL);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&parts[i].thread, NULL, hash_near_words, &parts[i]), 0);
    hash_near_words (&alone);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq (pthread_join (parts[i].thread, NULL), 0);
        ck_assert_uint_eq (parts[i].hash, alone.hash);
    }
}
END_TEST

/* Each kernel with random rows, and with rows of minimum and maximum numbers, at an odd address. */
START_TEST (each_kernel_has_the_sums_of_a_plain_loop)
{
    enum { COUNT = 67 };
    static int8_t bytes[COUNT * SKS_VECTOR_BYTES + 1], vector[SKS_VECTOR_BYTES];
    sks_product_kernel kernels[SKS_MAX_KERNELS];
    int32_t products[COUNT + 1];
    size_t count = sks_product_kernels (kernels);
    ck_assert (kernels[count - 1].usable);
    if ((size_t) _i >= count)
        return;
    if (!kernels[_i].usable)
        SKIP ("this processor has no such instructions");
    const int8_t *rows = bytes + 1;
    unsigned state = 3;
    for (size_t i = 0; i < sizeof bytes; i++) {
        state = state * 1103515245 + 12345;
        bytes[i] = i % 3 ? (int8_t) ((int) (state >> 16) % 255 - 127) : state >> 31 ? 127 : -127;
    }
    for (size_t i = 0; i < SKS_VECTOR_BYTES; i++)
        vector[i] = i % 2 ? 127 : -127;
    products[COUNT] = 77;
    kernels[_i].multiply (rows, COUNT, vector, products);
    for (size_t r = 0; r < COUNT; r++) {
        int32_t sum = 0;
        for (size_t i = 0; i < SKS_VECTOR_BYTES; i++)
            sum += rows[r * SKS_VECTOR_BYTES + i] * vector[i];
        ck_assert_int_eq (products[r], sum);
    }
    ck_assert_int_eq (products[COUNT], 77);
}
END_TEST

START_TEST (every_kernel_finds_the_same_near_words)
{
    sks_product_kernel kernels[SKS_MAX_KERNELS];
    size_t count = sks_product_kernels (kernels);
    struct part first = { 0 };
    word_source_put_random (RANDOM_WORDS);
    word_source_make (RANDOM_WORDS, NULL);
    hash_near_words (&first);
    for (size_t k = 0; k < count; k++) {
        struct part part = { 0 };
        if (!kernels[k].usable)
            continue;
        word_source.vectors->multiply = kernels[k].multiply;
        hash_near_words (&part);
        ck_assert_uint_eq (part.hash, first.hash);
    }
}
END_TEST

Suite *
suite_vectors (void)
{
    Suite *suite = suite_create ("vectors");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, word_source_begin, word_source_end);
    tcase_add_checked_fixture (limits, word_source_begin, word_source_end);
    tcase_add_test (core, subtracts_the_mean_and_rounds_to_eight_bits);
    tcase_add_test (core, rotates_vectors_to_their_principal_axes);
    tcase_add_test (core, writes_the_same_bytes_every_time_and_opens_them);
    tcase_add_test (core, near_words_equal_those_of_a_search_over_all_rows);
    tcase_add_test (core, a_relation_alone_makes_a_near_word);
    tcase_add_test (core, threads_find_the_same_near_words);
    tcase_add_loop_test (core, each_kernel_has_the_sums_of_a_plain_loop, 0, SKS_MAX_KERNELS);
    tcase_add_test (core, every_kernel_finds_the_same_near_words);
    tcase_add_test (limits, refuses_a_file_with_any_byte_changed_or_missing);
    tcase_add_test (limits, reads_only_the_header_of_an_invalid_file);
    tcase_add_test (limits, refuses_impossible_values_with_a_valid_checksum);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
