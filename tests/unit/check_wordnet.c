/* check_wordnet.c - relations of words, computed from the files of WordNet; and errors
 * in these files. */
#include "tests/support/sample.h"
#include "tests/support/word_source.h"
#include "vectors/table.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_wordnet (void);

/* Write files of WordNet: kid, child (senses counted 3 times and once); a child is a person; "kids" has the lemma kid,
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
    sample_write (word_source.folder, "data.noun", data);
    snprintf (index, sizeof index,
              "  1 head\nchild n 1 1 @ 1 1 %08d  \nkid n 2 1 @ 2 1 %08d %08d  \nkidskin n 1 0 1 0 %08d  \n"
              "person n 1 0 1 0 %08d  \n",
              child, child, goat, goat, person);
    sample_write (word_source.folder, "index.noun", index);
    sample_write (word_source.folder, "noun.exc", "children child\nmen man\n");
    sample_write (word_source.folder, "cntlist.rev", "kid%1:18:00:: 1 3\nkid%1:18:01:: 2 1\n");
    for (int p = 0; p < 9; p++) {
        static const char *const names[] = { "data.verb", "index.verb", "verb.exc",  "data.adj", "index.adj",
                                             "adj.exc",   "data.adv",   "index.adv", "adv.exc" };
        sample_write (word_source.folder, names[p], "");
    }
}

/* All words have nearly equal vectors, so that relations keep their strengths: a large common part, and words outside
 * the index that move the mean away from it. */
static void
put_alike (void)
{
    static const char *const alike[] = { "kid", "kids", "child", "children", "person", "kidskin" };
    word_source_put_head ();
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        word_source_put (alike[i], "9,1");
    for (int i = 0; i < 60; i++)
        word_source_put (",", "-1,0");
    word_source_put_tail ();
}

static double
relation (const char *one, const char *other)
{
    uint32_t from = word_source_find_one (one), to = word_source_find_one (other);
    for (uint32_t r = word_source.vectors->first_relation[from]; r < word_source.vectors->first_relation[from + 1]; r++)
        if (word_source.vectors->related[r] == to)
            return word_source.vectors->strengths[r] / 255.;
    return 0;
}

START_TEST (wordnet_relates_words_by_their_counted_senses)
{
    sks_wordnet wordnet;
    put_wordnet ();
    put_alike ();
    ck_assert_msg (sks_wordnet_open (&wordnet, word_source.folder, &word_source.err) == 0, "%s", word_source.err.text);
    word_source_make (100, &wordnet);
    sks_wordnet_close (&wordnet);
    ck_assert_int_eq (word_source.vectors->thesaurus, SKS_THESAURUS_WORDNET);
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

START_TEST (words_with_different_use_have_no_relation)
{
    sks_wordnet wordnet;
    put_wordnet ();
    word_source_put_head ();
    word_source_put ("kid", "1,0");
    word_source_put ("child", "-1,0");
    word_source_put_tail ();
    ck_assert_int_eq (sks_wordnet_open (&wordnet, word_source.folder, &word_source.err), 0);
    word_source_make (100, &wordnet);
    sks_wordnet_close (&wordnet);
    ck_assert_uint_eq (word_source.vectors->relations, 0);
}
END_TEST

START_TEST (names_the_line_of_an_error_in_wordnet)
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
        sample_write (word_source.folder, changes[i].file, changes[i].text);
        sks_buffer_clear (&word_source.text);
        put_alike ();
        ck_assert_int_eq (word_source_read (&embeddings, 100), 0);
        ck_assert_int_eq (sks_wordnet_open (&wordnet, word_source.folder, &word_source.err), 0);
        ck_assert_int_eq (sks_table_build (&word_source.file, &embeddings, &wordnet, &word_source.err), SKS_EINVALID);
        ck_assert_msg (strstr (word_source.err.text, changes[i].said) != NULL, "%s: %s", changes[i].text,
                       word_source.err.text);
        sks_wordnet_close (&wordnet);
        sks_embeddings_free (&embeddings);
    }
}
END_TEST

START_TEST (names_the_missing_file_of_wordnet)
{
    sks_wordnet wordnet;
    put_wordnet ();
    char *path = sample_path (word_source.folder, "adv.exc");
    unlink (path);
    ck_assert_int_eq (sks_wordnet_open (&wordnet, word_source.folder, &word_source.err), SKS_EIO);
    ck_assert_ptr_nonnull (strstr (word_source.err.text, "adv.exc"));
    sks_wordnet_close (&wordnet);
    free (path);
}
END_TEST

Suite *
suite_wordnet (void)
{
    Suite *suite = suite_create ("wordnet");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, word_source_begin, word_source_end);
    tcase_add_checked_fixture (limits, word_source_begin, word_source_end);
    tcase_add_test (core, wordnet_relates_words_by_their_counted_senses);
    tcase_add_test (core, words_with_different_use_have_no_relation);
    tcase_add_test (limits, names_the_line_of_an_error_in_wordnet);
    tcase_add_test (limits, names_the_missing_file_of_wordnet);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
