/* check_encoder.c - files of sentence encoders: what is refused, how texts are split, and that vectors are the same
 * whatever instructions compute them. tests/system/encoder.py compares the numbers themselves with
 * another program. */
#include "core/index/encoded.h"
#include "core/index/pieces.h"
#include "tests/support/tiny_encoder.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_encoder (void);

static sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
static sks_encoder *encoder;
static sks_error err;

static void
make (void)
{
    encoder = tiny_encoder_make (&bytes, 1);
}

static void
clear (void)
{
    sks_encoder_close (&encoder);
    sks_buffer_free (&bytes);
}

/* The pieces of a text, with | after each, ? for unknown characters. */
static const char *
split (const char *text)
{
    static char out[4096];
    uint32_t pieces[SKS_MAX_PIECES];
    size_t count;
    ck_assert_msg (sks_pieces_split (encoder, text, strlen (text), pieces, &count, &err) == 0, "%s", err.text);
    char *at = out;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *starts = encoder->starts + pieces[i];
        at = pieces[i] ? mempcpy (at, encoder->text + starts[0], starts[1] - starts[0]) : stpcpy (at, "?");
        at = stpcpy (at, "|");
    }
    *at = '\0';
    return out;
}

START_TEST (splits_a_text_so_that_the_scores_are_highest)
{
    ck_assert_str_eq (split ("pump"), "\u2581pump|");
    ck_assert_str_eq (split ("apump"), "\u2581a|pump|");
    ck_assert_str_eq (split ("repair a pump"), "\u2581re|p|a|i|r|\u2581a|\u2581pump|");
    ck_assert_str_eq (split ("  pump"), "\u2581|\u2581|\u2581pump|");
    ck_assert_str_eq (split (""), "");
    /* Full-width letters and the no-break blank count as plain ones. */
    ck_assert_str_eq (split ("\uFF46\uFF49x\u00A0pump"), "\u2581|fi|x|\u2581pump|");
    ck_assert_str_eq (split ("\uFB01x"), "\u2581|fi|x|");
}
END_TEST

START_TEST (joins_adjacent_unknown_characters_to_one_piece)
{
    ck_assert_str_eq (split ("a!?\U0001F600pump"), "\u2581a|?|pump|");
    ck_assert_str_eq (split ("!"), "\u2581|?|");
    ck_assert_str_eq (split ("P"), "\u2581|?|");
}
END_TEST

START_TEST (keeps_the_first_pieces_of_a_long_text)
{
    char text[1000];
    uint32_t pieces[SKS_MAX_PIECES];
    size_t count;
    memset (text, 'x', sizeof text);
    text[0] = 'a';
    ck_assert_int_eq (sks_pieces_split (encoder, text, sizeof text, pieces, &count, &err), 0);
    ck_assert_uint_eq (count, SKS_MAX_PIECES);
    ck_assert_mem_eq (encoder->text + encoder->starts[pieces[0]], "\u2581a", 4);
    ck_assert_mem_eq (encoder->text + encoder->starts[pieces[SKS_MAX_PIECES - 1]], "x", 1);
}
END_TEST

START_TEST (refuses_a_text_that_is_not_utf_8)
{
    uint32_t pieces[SKS_MAX_PIECES];
    size_t count;
    ck_assert_int_eq (sks_pieces_split (encoder, "a\xFF", 2, pieces, &count, &err), SKS_EINVALID);
}
END_TEST

static void
encode (const sks_encoder_text *texts, size_t count, float *out)
{
    sks_transformer *transformer;
    ck_assert_int_eq (sks_transformer_make (&transformer, encoder, &err), 0);
    ck_assert_msg (sks_transformer_encode (transformer, texts, count, out, &err) == 0, "%s", err.text);
    sks_transformer_free (&transformer);
}

/* Texts of 0 to 150 pieces, more than one batch. */
enum { TEXTS = 20 };
static char written[TEXTS][160];

static void
write_texts (sks_encoder_text texts[TEXTS])
{
    static const char *const words[] = { "pump ", "repair ", "fix ", "a!\u00E9 ", "alter " };
    for (int i = 0; i < TEXTS; i++) {
        char *at = written[i];
        for (int k = 0; k < i; k++)
            at = stpcpy (at, words[(i * k + k) % 5]);
        texts[i] = (sks_encoder_text) { written[i], (size_t) (at - written[i]) };
    }
}

START_TEST (encodes_a_text_alone_as_in_a_batch)
{
    sks_encoder_text texts[TEXTS];
    float together[TEXTS * SKS_DENSE_PANEL], alone[SKS_DENSE_PANEL];
    write_texts (texts);
    encode (texts, TEXTS, together);
    for (int i = 0; i < TEXTS; i++) {
        encode (&texts[i], 1, alone);
        ck_assert_mem_eq (alone, together + i * SKS_DENSE_PANEL, sizeof alone);
    }
}
END_TEST

START_TEST (gives_vectors_of_length_1_and_zeros_for_an_empty_text)
{
    sks_encoder_text texts[TEXTS];
    float vectors[TEXTS * SKS_DENSE_PANEL];
    write_texts (texts);
    encode (texts, TEXTS, vectors);
    for (int i = 0; i < TEXTS; i++) {
        double square = 0;
        for (int k = 0; k < SKS_DENSE_PANEL; k++)
            square += pow ((double) vectors[i * SKS_DENSE_PANEL + k], 2);
        ck_assert_double_eq_tol (square, i ? 1 : 0, 1e-6);
    }
}
END_TEST

START_TEST (gives_the_same_bits_with_all_instructions)
{
    sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS];
    size_t count = sks_dense_kernels (kernels);
    sks_encoder_text texts[TEXTS];
    float first[TEXTS * SKS_DENSE_PANEL], vectors[TEXTS * SKS_DENSE_PANEL];
    write_texts (texts);
    ck_assert_uint_ge (count, 1);
    ck_assert (kernels[count - 1].usable);
    encoder->multiply = kernels[count - 1].multiply;
    encode (texts, TEXTS, first);
    for (size_t i = 0; i + 1 < count; i++) {
        if (!kernels[i].usable)
            continue;
        encoder->multiply = kernels[i].multiply;
        encode (texts, TEXTS, vectors);
        ck_assert_mem_eq (vectors, first, sizeof first);
    }
}
END_TEST

/* Compares every shape of rows and columns with the plain sum. */
START_TEST (multiplies_as_a_plain_loop_does)
{
    enum { ROWS = 19, INS = 7, OUTS = 3 * SKS_DENSE_PANEL };
    sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS];
    size_t count = sks_dense_kernels (kernels);
    float in[ROWS * INS], out[ROWS * OUTS], weights[SKS_DENSE_FLOATS (INS, OUTS)];
    unsigned seed = 7;
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        weights[i] = (float) ((seed = seed * 1664525u + 1013904223u) >> 8) / (1 << 24) - .5f;
    for (int i = 0; i < ROWS * INS; i++)
        in[i] = (float) ((seed = seed * 1664525u + 1013904223u) >> 8) / (1 << 24) - .5f;
    for (size_t kernel = 0; kernel < count; kernel++)
        for (size_t rows = 0; kernels[kernel].usable && rows <= ROWS; rows++) {
            memset (out, 0x7F, sizeof out);
            kernels[kernel].multiply (out, in, rows, weights, INS, OUTS);
            for (size_t r = 0; r < rows; r++)
                for (uint32_t o = 0; o < OUTS; o++) {
                    volatile float sum = weights[o];
                    for (uint32_t i = 0; i < INS; i++) {
                        volatile float product = in[r * INS + i] * weights[sks_dense_at (INS, OUTS, i, o)];
                        sum = sum + product;
                    }
                    ck_assert_msg (out[r * OUTS + o] == sum, "%s, row %zu of %zu, column %u", kernels[kernel].name, r,
                                   rows, o);
                }
            ck_assert_msg (rows == ROWS || memcmp (out + rows * OUTS, "\x7F\x7F\x7F\x7F", 4) == 0,
                           "%s writes after the last row", kernels[kernel].name);
        }
}
END_TEST

START_TEST (rounds_so_that_the_largest_number_is_127)
{
    sks_encoder_text texts[TEXTS];
    float vectors[TEXTS * SKS_DENSE_PANEL];
    int8_t rounded[TEXTS * SKS_ENCODER_OUTPUTS];
    sks_transformer *transformer;
    write_texts (texts);
    encode (texts, TEXTS, vectors);
    ck_assert_int_eq (sks_transformer_make (&transformer, encoder, &err), 0);
    sks_encoded_round (transformer, vectors, TEXTS, rounded);
    sks_transformer_free (&transformer);
    for (int i = 0; i < TEXTS; i++) {
        int largest = 0;
        for (int k = 0; k < SKS_ENCODER_OUTPUTS; k++)
            largest = abs (rounded[i * SKS_ENCODER_OUTPUTS + k]) > largest ? abs (rounded[i * SKS_ENCODER_OUTPUTS + k])
                                                                           : largest;
        ck_assert_int_eq (largest, i ? 127 : 0);
    }
}
END_TEST

/* ------------------------------------------------------------------- refusals */

/* Open the changed bytes; returns the code, with the reason in err. */
static int
open_changed (size_t size)
{
    sks_encoder *opened;
    int code = sks_encoder_map (&opened, bytes.bytes, size, "file", &err);
    ck_assert (code || opened);
    sks_encoder_close (&opened);
    return code;
}

START_TEST (refuses_a_file_that_is_cut_at_any_place)
{
    size_t whole = bytes.size;
    for (size_t size = 0; size < whole; size += size < 80 || size + 400 > whole ? 1 : 997)
        ck_assert_int_eq (open_changed (size), SKS_EINDEX);
    ck_assert_int_eq (open_changed (whole), 0);
}
END_TEST

START_TEST (refuses_a_changed_byte_by_the_hash)
{
    for (size_t at = 16; at < bytes.size; at += 1009) {
        bytes.bytes[at] ^= 1;
        ck_assert_int_eq (open_changed (bytes.size), SKS_EINDEX);
        bytes.bytes[at] ^= 1;
    }
}
END_TEST

/* A change with the hash corrected, and the reason that the error gives. */
static const struct change {
    size_t at; /* from the end if `back` */
    bool back;
    const char *put;
    size_t size;
    const char *said;
} changes[] = {
    { 0, false, "X", 1, "not a file of a sentence encoder" },
    { 16, false, "\2", 1, "version 2, this program reads 1" },
    { 20, false, "\1\0", 2, "1 pieces" },
    { 24, false, "\41", 1, "rows of 33, 32 and 32 numbers" },
    { 28, false, "\0", 1, "rows of 32, 0 and 32 numbers" },
    { 36, false, "\377", 1, "bytes where its head says" },
    { 63, false, "\1", 1, "byte 63 is not zero" },
    { 64, false, "\0\0\300\177", 4, "the weight at byte 64" },   /* not a number */
    { 64, false, "\0\0\200\177", 4, "the weight at byte 64" },   /* infinite */
    { 68, false, "\0\100\034\306", 4, "the weight at byte 68" }, /* -10000 */
    { 1, true, "\377", 1, "the order, the bytes or the score" }, /* not UTF-8 */
    { 5, true, "zz", 2, "the order, the bytes or the score" },
};

START_TEST (says_what_is_wrong_with_a_file)
{
    const struct change *change = &changes[_i];
    size_t at = change->back ? bytes.size - change->at : change->at;
    uint32_t version;
    memcpy (bytes.bytes + at, change->put, change->size);
    memcpy (&version, bytes.bytes + 16, sizeof version);
    tiny_encoder_seal (&bytes);
    memcpy (bytes.bytes + 16, &version, sizeof version);
    if (!at)
        bytes.bytes[0] = 'X';
    ck_assert_int_eq (open_changed (bytes.size), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, change->said) != NULL, "%s", err.text);
}
END_TEST

Suite *
suite_encoder (void)
{
    Suite *suite = suite_create ("encoder");
    TCase *tests = tcase_create ("encoder");
    tcase_add_checked_fixture (tests, make, clear);
    tcase_add_test (tests, splits_a_text_so_that_the_scores_are_highest);
    tcase_add_test (tests, joins_adjacent_unknown_characters_to_one_piece);
    tcase_add_test (tests, keeps_the_first_pieces_of_a_long_text);
    tcase_add_test (tests, refuses_a_text_that_is_not_utf_8);
    tcase_add_test (tests, encodes_a_text_alone_as_in_a_batch);
    tcase_add_test (tests, gives_vectors_of_length_1_and_zeros_for_an_empty_text);
    tcase_add_test (tests, gives_the_same_bits_with_all_instructions);
    tcase_add_test (tests, multiplies_as_a_plain_loop_does);
    tcase_add_test (tests, rounds_so_that_the_largest_number_is_127);
    tcase_add_test (tests, refuses_a_file_that_is_cut_at_any_place);
    tcase_add_test (tests, refuses_a_changed_byte_by_the_hash);
    tcase_add_loop_test (tests, says_what_is_wrong_with_a_file, 0, sizeof changes / sizeof *changes);
    suite_add_tcase (suite, tests);
    return suite;
}
