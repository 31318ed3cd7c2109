/* check_vectors.c - word vectors: made from a source, read back, compared; and what is
 * refused.
 *
 * The files are made here by the code of skillsearch-vectors, from sources of a few
 * words. Near words are held against a plain search over the rows. */
#include "core/base/hash.h"
#include "core/index/vectors.h"
#include "tests/support/sample.h"
#include "tests/support/skip.h"
#include "vectors/table.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

Suite *suite_vectors (void);

#define THREADS 4
#define RANDOM_WORDS 1300 /* more than one scan takes at a time, and more than one piece of a file */

static char *folder;
static sks_buffer source = SKS_BUFFER_INIT (1 << 24), made = SKS_BUFFER_INIT (1 << 24);
static sks_vectors *vectors;
static sks_error err;

/* ------------------------------------------------------------------- fixture */
static void
begin (void)
{
    folder = sample_folder ();
    sks_buffer_clear (&source);
    sks_buffer_clear (&made);
    vectors = NULL;
}

static void
end (void)
{
    sks_vectors_close (&vectors);
    sample_remove (folder);
}

static void
put_head (void)
{
    sks_buffer_puts (&source, "{\"size\":3,\"dimensions\":100,\"words\":[\"a\",\"\\\"\",\"}],{\"],\"vectors\":{");
}

/* A word whose vector begins with some numbers, as JSON, and goes on with zeros. */
static void
put_word (const char *word, const char *numbers)
{
    size_t count = 1;
    for (const char *at = numbers; (at = strchr (at, ',')); at++)
        count++;
    sks_buffer_printf (&source, "%s\"%s\":[%s", source.bytes[source.size - 1] == '{' ? "" : ",", word, numbers);
    for (; count < SKS_VECTOR_DIMENSIONS; count++)
        sks_buffer_puts (&source, ",0");
    sks_buffer_puts (&source, ",2.5,0]");
}

static void
put_tail (void)
{
    sks_buffer_puts (&source, "},\"unkVector\":[0]}\n");
}

/* Words of chance, of letters, with numbers of chance. */
static void
put_random_words (unsigned count)
{
    unsigned state = 7;
    put_head ();
    for (unsigned w = 0; w < count; w++) {
        char word[8], numbers[2048];
        size_t used = 0;
        snprintf (word, sizeof word, "%c%c%cx", 'a' + w % 26, 'a' + w / 26 % 26, 'a' + w / 676 % 26);
        for (unsigned i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            state = state * 1103515245 + 12345;
            /* Five groups of words, so that there are cosines above the least. */
            double number = (state >> 16 & 1023) / 1024. + (i % 5 == w % 5 ? 1.5 : 0);
            used += (size_t) snprintf (numbers + used, sizeof numbers - used, "%s%.5f", i ? "," : "", number);
        }
        put_word (word, numbers);
    }
    put_tail ();
}

static int
read_source (sks_embeddings *out, uint32_t most)
{
    sample_write_bytes (folder, "source.json", source.bytes, source.size);
    char *path = sample_path (folder, "source.json");
    int fd = open (path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge (fd, 0);
    int code = sks_embeddings_read (out, fd, "source", most, &err);
    close (fd);
    free (path);
    return code;
}

/* Make a file in `made` and read it into `vectors`. */
static void
make_of (uint32_t most, const sks_wordnet *wordnet)
{
    sks_embeddings embeddings;
    ck_assert_msg (read_source (&embeddings, most) == 0, "%s", err.text);
    ck_assert_msg (sks_table_build (&made, &embeddings, wordnet, &err) == 0, "%s", err.text);
    sks_embeddings_free (&embeddings);
    ck_assert_msg (sks_vectors_map (&vectors, made.bytes, made.size, "made", &err) == 0, "%s", err.text);
}

static uint32_t
find (const char *word)
{
    return sks_vectors_find (vectors, word, strlen (word));
}

static uint32_t
find_one (const char *word)
{
    uint32_t number = find (word);
    ck_assert_msg (number != SKS_NO_VECTOR, "%s has no vector", word);
    return number;
}

static const int8_t *
row_of (uint32_t number)
{
    return vectors->rows + (size_t) number * SKS_VECTOR_BYTES;
}

/* -------------------------------------------------------------------- source */
START_TEST (takes_off_the_mean_and_rounds_to_eight_bits)
{
    put_head ();
    put_word ("left", "-3,1");
    put_word ("right", "5,1.5");
    put_word ("middle", "1,0.5");
    put_tail ();
    make_of (100, NULL);
    /* The mean is 1, 1. */
    ck_assert_uint_eq (vectors->words, 3);
    ck_assert_int_eq (row_of (find_one ("left"))[0], -127);
    ck_assert_int_eq (row_of (find_one ("right"))[0], 127);
    ck_assert_int_eq (abs (row_of (find_one ("middle"))[1]), 127);
    ck_assert_double_eq_tol (sks_vectors_cosine (vectors, find ("right"), find ("right")), 1, 1e-6);
    ck_assert_double_eq_tol (sks_vectors_cosine (vectors, find ("left"), find ("middle")), 0, .01);
    ck_assert_double_eq_tol (sks_vectors_cosine (vectors, find ("left"), find ("right")), -4 / sqrt (16.25), .01);
    ck_assert_uint_eq (find ("lef"), SKS_NO_VECTOR);
    ck_assert_uint_eq (find ("leftt"), SKS_NO_VECTOR);
    ck_assert_uint_eq (find (""), SKS_NO_VECTOR);
}
END_TEST

/* Along the axes the first numbers say most, and cosines are those of the source. */
START_TEST (turns_vectors_to_what_is_common_to_most)
{
    sks_embeddings e;
    double squares[SKS_VECTOR_DIMENSIONS] = { 0 };
    put_random_words (RANDOM_WORDS);
    make_of (RANDOM_WORDS, NULL);
    ck_assert_int_eq (read_source (&e, RANDOM_WORDS), 0);
    for (uint32_t w = 0; w < vectors->words; w++)
        for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            double number = (double) row_of (w)[i] * (double) vectors->scales[w];
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
        uint32_t first = sks_vectors_find (vectors, e.text.bytes, e.starts[1]);
        uint32_t second = sks_vectors_find (vectors, e.text.bytes + e.starts[w], e.starts[w + 1] - e.starts[w]);
        ck_assert_double_eq_tol (sks_vectors_cosine (vectors, first, second), product / sqrt (left * right), .01);
    }
    sks_embeddings_free (&e);
}
END_TEST

START_TEST (reads_numbers_in_every_form_of_json)
{
    static const struct {
        const char *written;
        int32_t number;
    } forms[] = {
        { "0.5", 50000000 },
        { "-0.5", -50000000 },
        { "5e-1", 50000000 },
        { "0.05E+1", 50000000 },
        { "1.5e1", 1500000000 },
        { "-0", 0 },
        { "0.0", 0 },
        { "1e-9", 0 },
        { "5e-9", 1 },
        { "0.000000014", 1 },
        { "0.0054697", 546970 },
        { "0.123456789012345678901234567890", 12345679 },
        { "0.00000000000000000000000000001", 0 },
        { "0e999999999999", 0 },
        { "1e-999999999999", 0 },
        { "19.99999999", 1999999999 },
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        sks_embeddings embeddings;
        sks_buffer_clear (&source);
        put_head ();
        put_word ("word", forms[i].written);
        put_tail ();
        ck_assert_msg (read_source (&embeddings, 10) == 0, "%s: %s", forms[i].written, err.text);
        ck_assert_msg (embeddings.numbers[0] == forms[i].number, "%s: %d", forms[i].written, embeddings.numbers[0]);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (takes_what_is_one_word_here_and_the_first_of_its_form)
{
    put_head ();
    put_word ("the", "1");
    put_word (",", "2");
    put_word ("\\\"", "2");
    put_word ("Jos\xC3\xA9", "3");
    put_word ("jose", "-3");
    put_word ("follow-up", "4");
    put_word ("two words", "4");
    put_word ("'s", "4");
    put_word ("", "4");
    put_word ("last", "5");
    put_tail ();
    make_of (4, NULL);
    ck_assert_uint_eq (vectors->words, 4);
    ck_assert_int_eq (row_of (find_one ("jose"))[0], 127);
    find_one ("the");
    find_one ("followup");
    find_one ("last");
}
END_TEST

START_TEST (takes_no_more_words_than_were_asked_for_and_the_mean_of_more)
{
    sks_embeddings embeddings;
    put_head ();
    put_word ("one", "1");
    put_word ("two", "2");
    put_word ("six", "6");
    put_tail ();
    ck_assert_int_eq (read_source (&embeddings, 2), 0);
    ck_assert_uint_eq (embeddings.count, 2);
    ck_assert_uint_eq (embeddings.averaged, 3);
    ck_assert_int_eq (embeddings.mean[0], 3 * SKS_EMBEDDING_UNITS);
    sks_embeddings_free (&embeddings);
}
END_TEST

START_TEST (names_the_byte_where_a_source_is_wrong)
{
    static const struct {
        const char *text;
        long at;
    } texts[] = {
        { "", 0 },
        { "[]", 0 },
        { "{", 1 },
        { "{}", 1 },
        { "{\"a\":1}", 6 },
        { "{\"a\":\"", 6 },
        { "{\"a\":[\"}\\\"", 10 },
        { "{\"vectors\":{", 11 },
        { "{\"dimensions\":50,\"vectors\":{", 27 },
        { "{\"dimensions\":x", 14 },
        { "{\"dimensions\":100,\"vectors\":[", 28 },
        { "{\"dimensions\":100,\"vectors\":{", 29 },
        { "{\"dimensions\":100,\"vectors\":{}", 29 },
        { "{\"dimensions\":100,\"vectors\":{\"a\"}", 32 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[1,2]", 37 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[01", 34 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[1.,", 36 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[1e,", 36 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[-,", 35 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[NaN", 34 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[20.00000001", 34 },
        { "{\"dimensions\":100,\"vectors\":{\"a\":[1e300", 34 },
        { "{\"dimensions\":100,\"vectors\":{\"\x01", 30 },
        { "{\"dimensions\":100,\"vectors\":{\"\xFF\":", 30 },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sks_embeddings embeddings;
        sks_buffer_clear (&source);
        sks_buffer_puts (&source, texts[i].text);
        ck_assert_int_eq (read_source (&embeddings, 10), SKS_EINVALID);
        ck_assert_msg (err.at == texts[i].at, "%s: %ld: %s", texts[i].text, err.at, err.text);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (refuses_a_source_that_was_cut_anywhere)
{
    put_head ();
    put_word ("left", "-3,1");
    put_word ("right", "5,1.5");
    size_t whole = source.size;
    sks_buffer_puts (&source, "}");
    for (size_t size = 0; size <= whole; size++) {
        sks_embeddings embeddings;
        source.size = size;
        ck_assert_msg (read_source (&embeddings, 10) == SKS_EINVALID, "%zu bytes of it were taken", size);
        ck_assert_int_eq (err.at, (long) size);
        ck_assert_ptr_nonnull (strstr (err.text, "the file ends too early"));
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (refuses_a_word_without_end)
{
    sks_embeddings embeddings;
    put_head ();
    size_t start = source.size;
    sks_buffer_puts (&source, "\"");
    memset (sks_buffer_reserve (&source, 1 << 20), 'a', 1 << 20);
    source.size += 1 << 20;
    ck_assert_int_eq (read_source (&embeddings, 10), SKS_EINVALID);
    ck_assert_int_eq (err.at, (long) start);
    sks_embeddings_free (&embeddings);
}
END_TEST

/* ---------------------------------------------------------------------- file */
START_TEST (gives_the_same_bytes_every_time_and_opens_them_from_a_file)
{
    put_random_words (RANDOM_WORDS);
    make_of (RANDOM_WORDS, NULL);
    ck_assert_uint_eq (vectors->words, RANDOM_WORDS);
    sks_embeddings embeddings;
    sks_buffer again = SKS_BUFFER_INIT (1 << 24);
    ck_assert_int_eq (read_source (&embeddings, RANDOM_WORDS), 0);
    ck_assert_int_eq (sks_table_build (&again, &embeddings, NULL, &err), 0);
    sks_embeddings_free (&embeddings);
    ck_assert_uint_eq (again.size, made.size);
    ck_assert_mem_eq (again.bytes, made.bytes, made.size);
    sks_buffer_free (&again);

    sks_vectors *opened;
    sample_write_bytes (folder, "vectors", made.bytes, made.size);
    char *path = sample_path (folder, "vectors");
    ck_assert_msg (sks_vectors_open (&opened, path, &err) == 0, "%s", err.text);
    ck_assert_uint_eq (opened->hash, vectors->hash);
    for (uint32_t w = 0; w < vectors->words; w++) {
        size_t size;
        const char *word = sks_vectors_word (vectors, w, &size);
        ck_assert_uint_eq (sks_vectors_find (opened, word, size), w);
    }
    sks_vectors_close (&opened);
    unlink (path);
    ck_assert_int_eq (sks_vectors_open (&opened, path, &err), SKS_EINDEX);
    ck_assert_ptr_null (opened);
    free (path);
}
END_TEST

/* A file of three words with relations: where its parts begin. */
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
    char *bytes = sks_buffer_reserve (&made, WHOLE);
    memset (bytes, 0, WHOLE);
    memcpy (bytes, SKS_VECTORS_MAGIC, 8);
    memcpy (bytes + 16, head, sizeof head);
    for (int w = 0; w < 3; w++)
        bytes[ROWS + w * SKS_VECTOR_BYTES + w] = 127;
    memcpy (bytes + STARTS, numbers, sizeof numbers);
    memcpy (bytes + STRENGTHS, strengths, sizeof strengths);
    memcpy (bytes + TEXT, "antbatcat", 9);
    made.size = WHOLE;
}

static void
correct_hash (void)
{
    uint64_t hash = sks_hash_bytes (made.bytes + 16, made.size - 16);
    memcpy (made.bytes + 8, &hash, sizeof hash);
}

START_TEST (refuses_a_file_with_any_byte_changed_or_cut)
{
    make_small ();
    correct_hash ();
    ck_assert_msg (sks_vectors_map (&vectors, made.bytes, made.size, "small", &err) == 0, "%s", err.text);
    sks_vectors_close (&vectors);
    for (size_t at = 0; at < WHOLE; at++) {
        made.bytes[at] ^= 4;
        ck_assert_msg (sks_vectors_map (&vectors, made.bytes, made.size, "small", &err) == SKS_EINDEX,
                       "byte %zu was changed", at);
        ck_assert_ptr_null (vectors);
        made.bytes[at] ^= 4;
    }
    for (size_t size = 0; size < WHOLE; size++)
        ck_assert_int_eq (sks_vectors_map (&vectors, made.bytes, size, "small", &err), SKS_EINDEX);
    ck_assert_int_eq (sks_vectors_map (&vectors, made.bytes, WHOLE + 1, "small", &err), SKS_EINDEX);
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

/* Of a magic that is wrong, and of a size that the head does not say. */
START_TEST (reads_no_more_than_the_head_of_a_file_that_is_none)
{
    sks_vectors *opened;
    put_random_words (4);
    make_of (4, NULL);
    char *path = sample_path (folder, "vectors");
    for (int kind = 0; kind < 2; kind++) {
        made.bytes[0] = kind ? SKS_VECTORS_MAGIC[0] : 'x';
        sample_write_bytes (folder, "vectors", made.bytes, made.size);
        ck_assert_int_eq (truncate (path, 256 << 20), 0);
        unsigned long long before = bytes_read ();
        ck_assert_int_eq (sks_vectors_open (&opened, path, &err), SKS_EINDEX);
        ck_assert_ptr_nonnull (strstr (err.text, kind ? "where its head says" : "not a file of word vectors"));
        ck_assert_ptr_null (opened);
        ck_assert_uint_lt (bytes_read () - before, 4096);
    }
    free (path);
}
END_TEST

START_TEST (refuses_what_cannot_be_although_the_checksum_is_right)
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
        { 36, 4, 0, "relations of no thesaurus" },
        { 36, 4, 2, "an unknown thesaurus" },
        { 63, 1, 1, "a byte after the head" },
        { ROWS, 1, 0, "an empty vector" },
        { ROWS + 5, 1, 0x80, "-128" },
        { ROWS + 111, 1, 1, "a number after the last one" },
        { STARTS, 4, 1, "a start" },
        { STARTS + 4, 4, 0, "an empty word" },
        { STARTS + 4, 4, 7, "starts that fall" },
        { STARTS + 8, 4, UINT32_MAX, "a start outside" },
        { STARTS + 12, 4, 8, "the end of the words" },
        { FIRST, 4, 1, "a relation of none" },
        { FIRST + 4, 4, 3, "relations that fall" },
        { FIRST + 8, 4, UINT32_MAX, "relations outside" },
        { FIRST + 12, 4, 2, "the end of the relations" },
        { RELATED, 4, 3, "a relation outside" },
        { RELATED, 4, 1, "a relation with itself" },
        { RELATED, 4, 2, "a relation twice" },
        { STRENGTHS, 1, 0, "a strength of nothing" },
        { TEXT, 1, 'c', "words out of order" },
        { TEXT + 4, 1, 0xFF, "no UTF-8" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sks_buffer_clear (&made);
        make_small ();
        memcpy (made.bytes + changes[i].at, &changes[i].value, changes[i].size);
        correct_hash ();
        ck_assert_msg (sks_vectors_map (&vectors, made.bytes, made.size, "small", &err) == SKS_EINDEX, "%s",
                       changes[i].what);
        ck_assert_ptr_nonnull (strstr (err.text, "small"));
    }
}
END_TEST

/* ---------------------------------------------------------------- near words */
static int
nearer_first (const void *one, const void *other)
{
    const sks_alike *a = one, *b = other;
    return a->weight != b->weight ? (a->weight < b->weight ? 1 : -1) : (a->word > b->word) - (a->word < b->word);
}

START_TEST (near_words_are_those_of_a_search_over_all_rows)
{
    put_random_words (RANDOM_WORDS);
    make_of (RANDOM_WORDS, NULL);
    sks_alike *all = malloc (vectors->words * sizeof *all), near[SKS_MAX_NEAR];
    ck_assert_ptr_nonnull (all);
    for (uint32_t word = 0; word < vectors->words; word += 61) {
        size_t count = 0;
        for (uint32_t other = 0; other < vectors->words; other++) {
            int32_t product = 0, square = 0, other_square = 0;
            for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
                product += row_of (word)[i] * row_of (other)[i];
                square += row_of (word)[i] * row_of (word)[i];
                other_square += row_of (other)[i] * row_of (other)[i];
            }
            double cosine = product / (sqrt (square) * sqrt (other_square));
            ck_assert_double_eq_tol (sks_vectors_cosine (vectors, word, other), cosine, 1e-6);
            ck_assert_double_eq (sks_vectors_cosine (vectors, word, other), sks_vectors_cosine (vectors, other, word));
            cosine = sks_vectors_cosine (vectors, word, other);
            if (other != word && cosine >= .3)
                all[count++] = (sks_alike) { other, .8 * (cosine * cosine), cosine, 0 };
        }
        ck_assert_uint_gt (count, SKS_NEAREST);
        qsort (all, count, sizeof *all, nearer_first);
        ck_assert_uint_eq (sks_vectors_near (vectors, word, near), SKS_MAX_NEAR);
        for (size_t i = 0; i < SKS_MAX_NEAR; i++) {
            ck_assert_uint_eq (near[i].word, all[i].word);
            ck_assert_double_eq (near[i].weight, all[i].weight);
        }
    }
    free (all);
}
END_TEST

START_TEST (a_relation_makes_a_near_word_of_its_own)
{
    sks_alike near[SKS_MAX_NEAR];
    make_small ();
    correct_hash ();
    ck_assert_int_eq (sks_vectors_map (&vectors, made.bytes, made.size, "small", &err), 0);
    ck_assert_uint_eq (sks_vectors_near (vectors, find_one ("bat"), near), 2);
    ck_assert_uint_eq (near[0].word, find_one ("cat"));
    ck_assert_double_eq_tol (near[0].weight, .6, 1e-9);
    ck_assert_uint_eq (near[1].word, find_one ("ant"));
    ck_assert_double_eq_tol (near[1].weight, .12, 1e-9);
    ck_assert_uint_eq (sks_vectors_near (vectors, find_one ("ant"), near), 0);
    ck_assert_uint_eq (sks_vectors_near (vectors, find_one ("cat"), near), 1);
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
    for (uint32_t word = 0; word < vectors->words; word += 7) {
        sks_alike near[SKS_MAX_NEAR];
        size_t count = sks_vectors_near (vectors, word, near);
        for (size_t i = 0; i < count; i++)
            part->hash = part->hash * 31 + near[i].word;
    }
    return NULL;
}

START_TEST (threads_read_the_same)
{
    struct part parts[THREADS] = { 0 }, alone = { 0 };
    put_random_words (RANDOM_WORDS);
    make_of (RANDOM_WORDS, NULL);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&parts[i].thread, NULL, hash_near_words, &parts[i]), 0);
    hash_near_words (&alone);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq (pthread_join (parts[i].thread, NULL), 0);
        ck_assert_uint_eq (parts[i].hash, alone.hash);
    }
}
END_TEST

/* ------------------------------------------------------------------- kernels */
/* Each kernel on rows of chance and of the ends of the range, from an odd address. */
START_TEST (a_kernel_gives_the_sums_of_a_plain_loop)
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

START_TEST (near_words_are_the_same_by_every_kernel)
{
    sks_product_kernel kernels[SKS_MAX_KERNELS];
    size_t count = sks_product_kernels (kernels);
    struct part first = { 0 };
    put_random_words (RANDOM_WORDS);
    make_of (RANDOM_WORDS, NULL);
    hash_near_words (&first);
    for (size_t k = 0; k < count; k++) {
        struct part part = { 0 };
        if (!kernels[k].usable)
            continue;
        vectors->multiply = kernels[k].multiply;
        hash_near_words (&part);
        ck_assert_uint_eq (part.hash, first.hash);
    }
}
END_TEST

/* ------------------------------------------------------------------- WordNet */
/* kid, child (senses met 3 and 1 times); a child is a person; "kids" has the lemma kid,
 * "children" is irregular; small_fry is two words. */
static void
put_wordnet (void)
{
    char data[512], index[512];
    int person = snprintf (data, sizeof data, "  1 head\n");
    int child =
        person + snprintf (data + person, sizeof data - (size_t) person, "%08d 18 n 01 person 0 000 | human\n", person);
    int goat = child + snprintf (data + child, sizeof data - (size_t) child,
                                 "%08d 18 n 03 kid 0 Child 0 small_fry 1 001 @ %08d n 0000 | young\n", child, person);
    snprintf (data + goat, sizeof data - (size_t) goat, "%08d 18 n 02 kid 1 kidskin 0 000 | leather\n", goat);
    sample_write (folder, "data.noun", data);
    snprintf (
        index, sizeof index,
        "  1 head\nchild n 1 1 @ 1 1 %08d  \nkid n 2 1 @ 2 1 %08d %08d  \nkidskin n 1 0 1 0 %08d  \nperson n 1 0 1 0 %08d  \n",
        child, child, goat, goat, person);
    sample_write (folder, "index.noun", index);
    sample_write (folder, "noun.exc", "children child\nmen man\n");
    sample_write (folder, "cntlist.rev", "kid%1:18:00:: 1 3\nkid%1:18:01:: 2 1\n");
    for (int p = 0; p < 9; p++) {
        static const char *const names[] = { "data.verb", "index.verb", "verb.exc",  "data.adj", "index.adj",
                                             "adj.exc",   "data.adv",   "index.adv", "adv.exc" };
        sample_write (folder, names[p], "");
    }
}

/* All words are used alike, so that relations keep their strengths: a large common
 * part, and words that are left out to carry the mean away from it. */
static void
put_alike (void)
{
    static const char *const words[] = { "kid", "kids", "child", "children", "person", "kidskin" };
    put_head ();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put_word (words[i], "9,1");
    for (int i = 0; i < 60; i++)
        put_word (",", "-1,0");
    put_tail ();
}

static double
relation (const char *one, const char *other)
{
    uint32_t from = find_one (one), to = find_one (other);
    for (uint32_t r = vectors->first_relation[from]; r < vectors->first_relation[from + 1]; r++)
        if (vectors->related[r] == to)
            return vectors->strengths[r] / 255.;
    return 0;
}

START_TEST (wordnet_relates_words_by_the_senses_that_were_met)
{
    sks_wordnet wordnet;
    put_wordnet ();
    put_alike ();
    ck_assert_msg (sks_wordnet_open (&wordnet, folder, &err) == 0, "%s", err.text);
    make_of (100, &wordnet);
    sks_wordnet_close (&wordnet);
    ck_assert_int_eq (vectors->thesaurus, SKS_THESAURUS_WORDNET);
    /* kid: 3 + 1 of 3 + 1 + 1 + 1/2 for its first sense, the rest for the second. */
    ck_assert_double_eq_tol (relation ("kid", "child"), sqrt (4 / 5.5), .003);
    ck_assert_double_eq_tol (relation ("kid", "kidskin"), sqrt (1.5 / 5.5), .003);
    ck_assert_double_eq_tol (relation ("kid", "person"), sqrt (.8 * 4 / 5.5), .003);
    ck_assert_double_eq_tol (relation ("child", "kid"), 1, .003);
    ck_assert_double_eq_tol (relation ("kids", "child"), sqrt (4 / 5.5), .003);
    ck_assert_double_eq_tol (relation ("kids", "kid"), 1, .003);
    ck_assert_double_eq_tol (relation ("children", "kid"), 1, .003);
    ck_assert_double_eq_tol (relation ("person", "child"), 0, 1e-9);
}
END_TEST

START_TEST (words_that_are_used_otherwise_have_no_relation)
{
    sks_wordnet wordnet;
    put_wordnet ();
    put_head ();
    put_word ("kid", "1,0");
    put_word ("child", "-1,0");
    put_tail ();
    ck_assert_int_eq (sks_wordnet_open (&wordnet, folder, &err), 0);
    make_of (100, &wordnet);
    sks_wordnet_close (&wordnet);
    ck_assert_uint_eq (vectors->relations, 0);
}
END_TEST

START_TEST (names_the_line_of_wordnet_that_is_wrong)
{
    static const struct {
        const char *file, *text, *said;
    } changes[] = {
        { "index.noun", "kid n x", "index.noun: byte 0" },
        { "index.noun", "ant n 1 0 1 0 00000000\nkid n 2 0 2 0 00000009", "index.noun: byte 23" },
        { "index.noun", "kid n 1 0 1 0 00000001", "data.noun: byte 1" },
        { "index.noun", "kid n 1 0 1 0 99999999", "data.noun: byte 99999999, to which another file" },
        { "cntlist.rev", "kid%1:18:00:: 1", "cntlist.rev: byte 0" },
        { "data.noun", "  1 head\n00000009 18 n 02 kid", "to which another file" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sks_wordnet wordnet;
        sks_embeddings embeddings;
        put_wordnet ();
        sample_write (folder, changes[i].file, changes[i].text);
        sks_buffer_clear (&source);
        put_alike ();
        ck_assert_int_eq (read_source (&embeddings, 100), 0);
        ck_assert_int_eq (sks_wordnet_open (&wordnet, folder, &err), 0);
        ck_assert_int_eq (sks_table_build (&made, &embeddings, &wordnet, &err), SKS_EINVALID);
        ck_assert_msg (strstr (err.text, changes[i].said) != NULL, "%s: %s", changes[i].text, err.text);
        sks_wordnet_close (&wordnet);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (names_the_file_of_wordnet_that_is_missing)
{
    sks_wordnet wordnet;
    put_wordnet ();
    char *path = sample_path (folder, "adv.exc");
    unlink (path);
    ck_assert_int_eq (sks_wordnet_open (&wordnet, folder, &err), SKS_EIO);
    ck_assert_ptr_nonnull (strstr (err.text, "adv.exc"));
    sks_wordnet_close (&wordnet);
    free (path);
}
END_TEST

Suite *
suite_vectors (void)
{
    Suite *suite = suite_create ("vectors");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, begin, end);
    tcase_add_checked_fixture (limits, begin, end);
    tcase_add_test (core, takes_off_the_mean_and_rounds_to_eight_bits);
    tcase_add_test (core, turns_vectors_to_what_is_common_to_most);
    tcase_add_test (core, reads_numbers_in_every_form_of_json);
    tcase_add_test (core, takes_what_is_one_word_here_and_the_first_of_its_form);
    tcase_add_test (core, takes_no_more_words_than_were_asked_for_and_the_mean_of_more);
    tcase_add_test (core, gives_the_same_bytes_every_time_and_opens_them_from_a_file);
    tcase_add_test (core, near_words_are_those_of_a_search_over_all_rows);
    tcase_add_test (core, a_relation_makes_a_near_word_of_its_own);
    tcase_add_test (core, threads_read_the_same);
    tcase_add_loop_test (core, a_kernel_gives_the_sums_of_a_plain_loop, 0, SKS_MAX_KERNELS);
    tcase_add_test (core, near_words_are_the_same_by_every_kernel);
    tcase_add_test (core, wordnet_relates_words_by_the_senses_that_were_met);
    tcase_add_test (core, words_that_are_used_otherwise_have_no_relation);
    tcase_add_test (limits, names_the_byte_where_a_source_is_wrong);
    tcase_add_test (limits, refuses_a_source_that_was_cut_anywhere);
    tcase_add_test (limits, refuses_a_word_without_end);
    tcase_add_test (limits, refuses_a_file_with_any_byte_changed_or_cut);
    tcase_add_test (limits, reads_no_more_than_the_head_of_a_file_that_is_none);
    tcase_add_test (limits, refuses_what_cannot_be_although_the_checksum_is_right);
    tcase_add_test (limits, names_the_line_of_wordnet_that_is_wrong);
    tcase_add_test (limits, names_the_file_of_wordnet_that_is_missing);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
