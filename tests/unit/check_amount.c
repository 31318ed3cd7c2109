/* check_amount.c - how many of its words a bag requires: all, any, or a quarter of their weight; in examples, and on
 * the sample exports compared with a naive reference. */
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "tests/support/corpus.h"
#include "tests/support/tagged.h"

#include "core/engine/filler.h"
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_amount (void);

/* ----------------------------------------------------------------- by hand */

START_TEST (stop_words_never_make_a_statement_fail)
{
    static const tagged_finding stops[] = {
        { "the gasket of this", "c1 c2" }, { "gasket NOT the", "c1 c2" },   { "the AND gasket", "c1 c2" },
        { "(of the) gasket", "c1 c2" },    { "how do I gasket?", "c1 c2" }, { "gasket you will need", "c1 c2" },
    };
    tagged_finds (stops, COUNT (stops));
    tagged_finds_by ("the gasket", SKS_MATCH_ANY, "c1 c2");
}
END_TEST

START_TEST (any_requires_one_word_of_each_bag)
{
    tagged_finds_by ("incoming slips", SKS_MATCH_ANY, "a1 a2 a3 a4");
    tagged_finds_by ("incoming slips \"set aside\"", SKS_MATCH_ANY, "a4");
    tagged_finds_by ("incoming slips -late", SKS_MATCH_ANY, "a1 a2 a3");
    tagged_finds_by ("zeppelin gasket", SKS_MATCH_ANY, "c1 c2");
    tagged_finds_by ("incoming AND slips", SKS_MATCH_ANY, "");
}
END_TEST

START_TEST (auto_equals_all_when_ten_statements_have_all_words)
{
    sks_result *result = tagged_ask ("red blue", SKS_MATCH_AUTO);
    ck_assert_str_eq (tagged_list (result), "d01 d02 d03 d04 d05 d06 d07 d08 d09 d10");
    ck_assert (!result->relaxed);
    ck_assert_uint_eq (result->matched_all, 10);
    ck_assert_str_eq (result->read_as, "ALL(red blue)");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (auto_requires_a_quarter_of_the_weight_when_nine_statements_have_all_words)
{
    sks_result *result = tagged_ask ("gold jade", SKS_MATCH_AUTO);
    ck_assert_str_eq (tagged_list (result), "d11 d12 d13 d14 d15 d16 d17 d18 d19 d20 d22");
    ck_assert (result->relaxed);
    ck_assert_uint_eq (result->matched_all, 9);
    ck_assert_uint_eq (result->total, 11);
    ck_assert_str_eq (result->read_as, "QUARTER(gold jade)");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (a_word_of_four_equally_rare_ones_is_a_quarter)
{
    tagged_finds_by ("onyx agate slips meters", SKS_MATCH_AUTO, "a3 a7 d23 d24");
    /* A word that occurs nowhere is not part of the sum. */
    tagged_finds_by ("onyx agate slips meters zeppelin", SKS_MATCH_AUTO, "a3 a7 d23 d24");
    tagged_finds_by ("zorbing zeppelin onyx", SKS_MATCH_AUTO, "d23");
    tagged_finds_by ("zorbing zeppelin", SKS_MATCH_AUTO, "");
    tagged_finds_by ("onyx opal agate slips ruby", SKS_MATCH_AUTO, "d23");
    tagged_finds_by ("onyx onyx agate agate agate slips meters meters", SKS_MATCH_AUTO, "a3 a7 d23 d24");
}
END_TEST

START_TEST (a_common_word_beside_a_rare_one_is_less_than_a_quarter)
{
    /* "mail" weighs ln (1 + 44.5 / 4.5) = 2.39, the others 3.49 each. */
    tagged_finds_by ("mail onyx agate", SKS_MATCH_AUTO, "a1 a2 a3 a4 d23 d24");
    tagged_finds_by ("mail onyx agate slips", SKS_MATCH_AUTO, "a3 d23 d24");
}
END_TEST

START_TEST (phrases_operators_and_fields_are_not_relaxed)
{
    static const char *const strict[] = {
        "\"gold jade\"",
        "gold AND jade",
        "gold OR jade",
        "gold NEAR jade",
        "gold -jade",
        "NOT gold",
        "=gold =jade",
        "gol* jad*",
        "title:software title:zeppelin",
        "duty:gold duty:jade",
        "level:advanced zone:2",
        "gold AND (jade OR red)",
        "gold",
        "",
        "the of",
    };
    for
        EACH (i, strict)
    tagged_relaxes (strict[i], false);
    tagged_relaxes ("gold jade", true);
    tagged_relaxes ("gold jade \"no such phrase\"", true);
}
END_TEST

START_TEST (keeps_phrases_operators_and_fields_when_it_relaxes)
{
    static const tagged_finding relaxed[] = {
        { "gold jade -d22", "d11 d12 d13 d14 d15 d16 d17 d18 d19 d20" },
        { "onyx slips \"opal ruby\"", "d23" },
        { "onyx slips level:emerging", "a3" },
        { "onyx slips title:clerk", "a3" },
        { "onyx slips =mail", "a3" },
        { "onyx slips opal*", "d23" },
        { "onyx slips (opal AND agate)", "" },
        { "onyx slips (opal AND ruby)", "d23" },
        { "onyx slips (opal AND agate ruby)", "" },
        { "onyx slips (\"opal ruby\" AND agate mail)", "" },
    };
    for
        EACH (i, relaxed)
        {
            tagged_finds_by (relaxed[i].text, SKS_MATCH_AUTO, relaxed[i].expected);
            tagged_relaxes (relaxed[i].text, true);
        }
}
END_TEST

START_TEST (filters_and_pages_do_not_change_whether_a_query_is_relaxed)
{
    static const char *const advanced[] = { "advanced" }, *const developing[] = { "developing" };
    const struct {
        const char *text;
        const char *const *level;
        bool relaxed;
        uint64_t total, matched_all;
    } cases[] = {
        { "red blue", advanced, false, 0, 0 },   { "red blue", developing, false, 0, 0 },
        { "gold jade", developing, true, 9, 9 }, { "gold jade", advanced, true, 0, 0 },
        { "onyx slips", advanced, true, 1, 0 },
    };
    for
        EACH (i, cases)
        {
            sks_query query = SKS_QUERY_INIT;
            query.text = cases[i].text;
            query.filter[SKS_FACET_LEVEL] = (sks_filter) { cases[i].level, 1, 0, 0 };
            for (query.limit = 0; query.limit < 3; query.limit++) {
                query.offset = query.limit * 2;
                sks_result *result = engine_search (&tagged, &query);
                ck_assert_msg (result->relaxed == cases[i].relaxed, "case %zu", i);
                ck_assert_uint_eq (result->total, cases[i].total);
                ck_assert_uint_eq (result->matched_all, cases[i].matched_all);
                sks_result_destroy (&result);
            }
        }
}
END_TEST

/* ------------------------------------------------------- a naive reference */

/* The stems of the sample exports, a set per statement. */
struct words {
    char *stems; /* "\nstem\nstem\n": each stem of the statement */
};

static struct words *reference;

static void
append_stems (char *out, const char *text)
{
    size_t size = strlen (text);
    char folded[SKS_MAX_WORD_BYTES], both[2 * SKS_MAX_WORD_BYTES], stem[2 * SKS_MAX_WORD_BYTES + 1];
    size_t before = 0; /* bytes of the previous word, at the start of `both` */
    sks_word word = { 0, 0 };
    strcpy (out, "\n");
    out++;
    while (sks_text_word (text, size, word.end, &word)) {
        size_t form = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (!form || sks_text_stop_word (folded, form)) {
            before = 0;
            continue;
        }
        corpus_stem (folded, form, stem);
        out += sprintf (out, "%s\n", stem);
        memcpy (both + before, folded, form);
        if (before > 1 && form > 1 && before + form <= SKS_MAX_WORD_BYTES) {
            corpus_stem (both, before + form, stem); /* "hand over" also counts as "handover" */
            out += sprintf (out, "%s\n", stem);
        }
        memmove (both, folded, form);
        before = form;
    }
}

static void
make_reference (void)
{
    corpus_open ();
    reference = calloc (corpus.count, sizeof *reference);
    for (size_t i = 0; i < corpus.count; i++) {
        reference[i].stems = malloc (6 * strlen (corpus.statements[i].text) + 64);
        append_stems (reference[i].stems, corpus.statements[i].text);
    }
}

static void
drop_reference (void)
{
    for (size_t i = 0; i < corpus.count; i++)
        free (reference[i].stems);
    free (reference);
    corpus_close ();
}

/* A bag of words, evaluated naively. */
struct bag {
    char stems[8][SKS_MAX_WORD_BYTES + 4]; /* "\nstem\n" */
    double weight[8], total;
    size_t count, said; /* distinct words; all words of the text */
};

static bool
holds (size_t statement, const struct bag *bag, size_t word)
{
    return strstr (reference[statement].stems, bag->stems[word]) != NULL;
}

static bool
is_filler (const char *word)
{
    char folded[SKS_MAX_WORD_BYTES];
    return sks_filler (folded, sks_text_fold (word, strlen (word), folded));
}

static void
add_to_bag (struct bag *bag, const char *word)
{
    char stem[SKS_MAX_WORD_BYTES * 4];
    size_t holding = 0;
    append_stems (stem, word);
    if (!stem[1] || is_filler (word))
        return; /* a stop word, or a filler */
    bag->said++;
    for (size_t i = 0; i < bag->count; i++)
        if (strcmp (bag->stems[i], stem) == 0)
            return;
    strcpy (bag->stems[bag->count++], stem);
    for (size_t i = 0; i < corpus.count; i++)
        holding += holds (i, bag, bag->count - 1);
    double n = (double) holding;
    if (!holding)
        return;
    bag->weight[bag->count - 1] = log (1 + ((double) corpus.count - n + 0.5) / (n + 0.5));
    bag->total += bag->weight[bag->count - 1];
}

static double
weight_in (const struct bag *bag, size_t statement, size_t *held)
{
    double weight = 0;
    *held = 0;
    for (size_t i = 0; i < bag->count; i++)
        if (holds (statement, bag, i)) {
            weight += bag->weight[i];
            ++*held;
        }
    return weight;
}

/* A text of 1 to 6 words from a random statement and its neighbours, sometimes with an unknown word; as a text and as a
 * bag. */
static void
draw_bag (unsigned *state, char *text, struct bag *bag)
{
    *text = '\0';
    *bag = (struct bag) { .count = 0 };
    size_t statement = engine_draw (state, (unsigned) corpus.count);
    for (unsigned left = 1 + engine_draw (state, 6); left; left--) {
        char bytes[128] = "zeppelin";
        if (engine_draw (state, 12))
            engine_draw_word (state, corpus.statements[statement].text, bytes, sizeof bytes);
        strcat (strcat (text, bytes), " ");
        add_to_bag (bag, bytes);
        if (!engine_draw (state, 3))
            statement = (statement + 1) % corpus.count;
    }
}

/* Check that the result contains exactly the expected statements. */
static void
assert_bag (const char *text, const struct bag *bag, int match)
{
    static bool found[CORPUS_MOST];
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    sks_result *result = corpus_find (&query, found);
    uint64_t total = result->total, all = result->matched_all;
    bool words_again = result->note_count > 0 || !bag->said; /* names; stop words alone */
    if (words_again) {
        sks_result_destroy (&result);
        return;
    }
    bool relaxed = result->relaxed;
    sks_result_destroy (&result);
    uint64_t expected_all = 0, count = 0;
    size_t held;
    for (size_t i = 0; i < corpus.count; i++) {
        weight_in (bag, i, &held);
        expected_all += held == bag->count;
        count += found[i];
    }
    bool expect_relaxed = match == SKS_MATCH_AUTO && bag->said > 1 && expected_all < 10;
    if (relaxed != expect_relaxed || all != expected_all || count != total)
        ck_abort_msg ("%s: relaxed %d, all %d instead of %d, total %d, found %d", text, relaxed, (int) all,
                      (int) expected_all, (int) total, (int) count);
    for (size_t i = 0; i < corpus.count; i++) {
        double weight = weight_in (bag, i, &held), least = bag->total / 4;
        bool in = expect_relaxed           ? weight > least * 1.002
                  : match == SKS_MATCH_ANY ? held > 0 || !bag->count
                                           : held == bag->count;
        bool may = expect_relaxed ? weight > least * 0.998 : in;
        if ((in && !found[i]) || (found[i] && !may))
            ck_abort_msg ("\"%s\" %s \"%s\" (%f of %f)", text, found[i] ? "finds" : "does not find",
                          corpus.statements[i].text, weight, bag->total);
    }
}

START_TEST (bags_find_what_a_naive_reference_finds)
{
    unsigned state = 4711;
    char text[1024];
    struct bag bag;
    for (int i = 0; i < 600; i++) {
        draw_bag (&state, text, &bag);
        assert_bag (text, &bag, SKS_MATCH_ALL);
        assert_bag (text, &bag, SKS_MATCH_ANY);
        assert_bag (text, &bag, SKS_MATCH_AUTO);
    }
}
END_TEST

Suite *
suite_amount (void)
{
    Suite *suite = suite_create ("amount");
    TCase *core = tcase_create ("Core");
    tcase_add_unchecked_fixture (core, tagged_open, tagged_close);
    tcase_add_unchecked_fixture (core, make_reference, drop_reference);
    tcase_set_timeout (core, 120);
    tcase_add_test (core, stop_words_never_make_a_statement_fail);
    tcase_add_test (core, any_requires_one_word_of_each_bag);
    tcase_add_test (core, auto_equals_all_when_ten_statements_have_all_words);
    tcase_add_test (core, auto_requires_a_quarter_of_the_weight_when_nine_statements_have_all_words);
    tcase_add_test (core, a_word_of_four_equally_rare_ones_is_a_quarter);
    tcase_add_test (core, a_common_word_beside_a_rare_one_is_less_than_a_quarter);
    tcase_add_test (core, phrases_operators_and_fields_are_not_relaxed);
    tcase_add_test (core, keeps_phrases_operators_and_fields_when_it_relaxes);
    tcase_add_test (core, filters_and_pages_do_not_change_whether_a_query_is_relaxed);
    tcase_add_test (core, bags_find_what_a_naive_reference_finds);
    suite_add_tcase (suite, core);
    return suite;
}
