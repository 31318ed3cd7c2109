/* check_embeddings.c - sources of word vectors: how words and numbers are read, and which sources are refused, at which
 * byte. */
#include "tests/support/word_source.h"

#include <check.h>
#include <string.h>

Suite *suite_embeddings (void);

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
        sks_buffer_clear (&word_source.text);
        word_source_put_head ();
        word_source_put ("word", forms[i].written);
        word_source_put_tail ();
        ck_assert_msg (word_source_read (&embeddings, 10) == 0, "%s: %s", forms[i].written, word_source.err.text);
        ck_assert_msg (embeddings.numbers[0] == forms[i].number, "%s: %d", forms[i].written, embeddings.numbers[0]);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (reads_single_words_and_the_first_word_of_each_form)
{
    word_source_put_head ();
    word_source_put ("the", "1");
    word_source_put (",", "2");
    word_source_put ("\\\"", "2");
    word_source_put ("Jos\xC3\xA9", "3");
    word_source_put ("jose", "-3");
    word_source_put ("follow-up", "4");
    word_source_put ("two words", "4");
    word_source_put ("'s", "4");
    word_source_put ("", "4");
    word_source_put ("last", "5");
    word_source_put_tail ();
    word_source_make (4, NULL);
    ck_assert_uint_eq (word_source.vectors->words, 4);
    ck_assert_int_eq (word_source_row (word_source_find_one ("jose"))[0], 127);
    word_source_find_one ("the");
    word_source_find_one ("followup");
    word_source_find_one ("last");
}
END_TEST

START_TEST (reads_at_most_the_requested_words_and_takes_the_mean_of_all)
{
    sks_embeddings embeddings;
    word_source_put_head ();
    word_source_put ("one", "1");
    word_source_put ("two", "2");
    word_source_put ("six", "6");
    word_source_put_tail ();
    ck_assert_int_eq (word_source_read (&embeddings, 2), 0);
    ck_assert_uint_eq (embeddings.count, 2);
    ck_assert_uint_eq (embeddings.averaged, 3);
    ck_assert_int_eq (embeddings.mean[0], 3 * SKS_EMBEDDING_UNITS);
    sks_embeddings_free (&embeddings);
}
END_TEST

START_TEST (names_the_byte_of_an_error)
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
        sks_buffer_clear (&word_source.text);
        sks_buffer_puts (&word_source.text, texts[i].text);
        ck_assert_int_eq (word_source_read (&embeddings, 10), SKS_EINVALID);
        ck_assert_msg (word_source.err.at == texts[i].at, "%s: %ld: %s", texts[i].text, word_source.err.at,
                       word_source.err.text);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (refuses_a_source_truncated_anywhere)
{
    word_source_put_head ();
    word_source_put ("left", "-3,1");
    word_source_put ("right", "5,1.5");
    size_t whole = word_source.text.size;
    sks_buffer_puts (&word_source.text, "}");
    for (size_t size = 0; size <= whole; size++) {
        sks_embeddings embeddings;
        word_source.text.size = size;
        ck_assert_msg (word_source_read (&embeddings, 10) == SKS_EINVALID, "a source of only %zu bytes was accepted",
                       size);
        ck_assert_int_eq (word_source.err.at, (long) size);
        ck_assert_ptr_nonnull (strstr (word_source.err.text, "the file ends too early"));
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (refuses_an_endless_word)
{
    sks_embeddings embeddings;
    word_source_put_head ();
    size_t start = word_source.text.size;
    sks_buffer_puts (&word_source.text, "\"");
    memset (sks_buffer_reserve (&word_source.text, 1 << 20), 'a', 1 << 20);
    word_source.text.size += 1 << 20;
    ck_assert_int_eq (word_source_read (&embeddings, 10), SKS_EINVALID);
    ck_assert_int_eq (word_source.err.at, (long) start);
    sks_embeddings_free (&embeddings);
}
END_TEST

Suite *
suite_embeddings (void)
{
    Suite *suite = suite_create ("embeddings");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, word_source_begin, word_source_end);
    tcase_add_checked_fixture (limits, word_source_begin, word_source_end);
    tcase_add_test (core, reads_numbers_in_every_form_of_json);
    tcase_add_test (core, reads_single_words_and_the_first_word_of_each_form);
    tcase_add_test (core, reads_at_most_the_requested_words_and_takes_the_mean_of_all);
    tcase_add_test (limits, names_the_byte_of_an_error);
    tcase_add_test (limits, refuses_a_source_truncated_anywhere);
    tcase_add_test (limits, refuses_an_endless_word);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
