/* check_inflection.c - which forms of a stem are inflections of one word, and what a single word finds first. */
#include "core/engine/inflection.h"
#include "tests/support/engine.h"

#include <check.h>
#include <string.h>

Suite *suite_inflection (void);

/* The stemmer has one stem for "organ", "organs", "organize" and "organic". */
static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "29-1141.00",
          .title = "Nurses",
          .levels = { "Organize games\nOrganize rooms\nOrganize trips\nOrganizing teams\nOrganized tours",
                      "Pack and label with care, in clean bags and at low heat, each donated organ\n"
                      "Pack and label with care, in clean bags and at low heat, donated organs",
                      "Organic soap\nHeat case\nHeat cases\nCasing of pipes",
                      "Advertise games\nAdvertise rooms\nAdvertising trips\n"
                      "In far towns and at low cost, for games, trips and tours, advertise and pay each advertisement\n"
                      "In-service days\nIn-service hours\nHold talks, games, tours, trips and in-services" } },
        { .soc = "33-9032.00", .title = "Guards", .levels = { "Tiptoed past guards\nGo by canoe", "Her news" } }
    };
    engine_small_open (occupations, COUNT (occupations));
}

static bool
are_one_word (const char *a, const char *b)
{
    char bases[2][SKS_MAX_WORD_BYTES];
    size_t size = sks_inflection_base (a, strlen (a), bases[0]);
    return size == sks_inflection_base (b, strlen (b), bases[1]) && memcmp (bases[0], bases[1], size) == 0;
}

START_TEST (inflections_are_one_word)
{
    static const char *const pairs[][2] = {
        { "organ", "organs" },      { "organize", "organizing" },   { "organise", "organized" },
        { "carry", "carried" },     { "carry", "carries" },         { "case", "casing" },
        { "fit", "fitted" },        { "press", "presses" },         { "business", "businesses" },
        { "child", "children" },    { "authority", "authorities" }, { "box", "boxes" },
        { "wrote", "writing" },     { "colour", "colors" },         { "bus", "buses" },
        { "analysis", "analyses" },
    };
    for
        EACH (i, pairs)
    ck_assert_msg (are_one_word (pairs[i][0], pairs[i][1]), "%s, %s", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST (derivations_are_other_words)
{
    static const char *const pairs[][2] = {
        { "organ", "organize" },        { "organ", "organic" },       { "animal", "animation" },
        { "positive", "position" },     { "author", "authority" },    { "collect", "collectibles" },
        { "form", "informal" },         { "lubricant", "lubricate" }, { "operator", "operation" },
        { "organize", "organization" },
    };
    for
        EACH (i, pairs)
    ck_assert_msg (!are_one_word (pairs[i][0], pairs[i][1]), "%s, %s", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST (only_participles_are_related_to_unknown_words)
{
    static const char *const related[][2] = {
        { "experience", "experienced" }, { "experiencing", "experiences" },
        { "tiptoed", "tiptoe" },         { "fit", "fitted" },
        { "carried", "carry" },          { "egg", "egged" },
    };
    static const char *const others[][2] = {
        { "maill", "mail" }, { "parcells", "parcel" }, { "sete", "set" }, { "sete", "setting" },
        { "fil", "fill" },   { "organ", "organize" },  { "new", "news" }, { "mail", "mails" },
    };
    for
        EACH (i, related)
    for (int turn = 0; turn < 2; turn++) {
        const char *a = related[i][turn], *b = related[i][!turn];
        ck_assert_msg (sks_inflection_related (a, strlen (a), b, strlen (b)), "%s, %s", a, b);
    }
    for
        EACH (i, others)
    for (int turn = 0; turn < 2; turn++) {
        const char *a = others[i][turn], *b = others[i][!turn];
        ck_assert_msg (!sks_inflection_related (a, strlen (a), b, strlen (b)), "%s, %s", a, b);
    }
}
END_TEST

/* Each of these inflections has another stem than the one in the index. */
START_TEST (an_inflection_with_another_stem_is_found_if_the_word_occurs_nowhere)
{
    static const struct {
        const char *text;
        unsigned total;
    } table[] = {
        { "tiptoe", 1 },          { "tiptoeing", 1 }, { "canoed", 1 },   { "\"past guards tiptoe\"", 0 },
        { "\"tiptoe past\"", 1 }, { "=tiptoe", 0 },   { "herrings", 0 }, { "new", 0 },
    };
    for
        EACH (i, table)
        {
            sks_result *result = engine_ask (&small, table[i].text);
            ck_assert_msg (result->total == table[i].total, "%s: %u", table[i].text, (unsigned) result->total);
            ck_assert_ptr_null (result->suggestion.word);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (short_words_stay_words)
{
    static const char *const words[] = { "", "s", "e", "y", "ed", "ing", "red", "ring", "is", "ss", "thing" };
    char base[SKS_MAX_WORD_BYTES];
    for
        EACH (i, words)
    ck_assert_uint_le (sks_inflection_base (words[i], strlen (words[i]), base), strlen (words[i]));
    ck_assert (!are_one_word ("ring", "red"));
}
END_TEST

/* The endings of the texts of a query's first hits. */
static void
assert_first (const char *text, const char *const *expected, size_t count)
{
    sks_result *result = engine_ask (&small, text);
    ck_assert_uint_ge (result->hit_count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg (strstr (result->hits[i].text, expected[i]), "%s: %zu is \"%s\"", text, i, result->hits[i].text);
    sks_result_destroy (&result);
}

START_TEST (the_form_ranks_first_then_its_inflections_then_other_words)
{
    assert_first ("organ", (const char *const[]) { "donated organ", "donated organs" }, 2);
    assert_first ("organs", (const char *const[]) { "donated organs", "donated organ" }, 2);
    assert_first ("the organs?", (const char *const[]) { "donated organs", "donated organ" }, 2);
    assert_first ("casing", (const char *const[]) { "Casing" }, 1);
    assert_first ("case", (const char *const[]) { "Heat case", "Heat cases" }, 2);
    assert_first ("organic", (const char *const[]) { "Organic soap" }, 1);
}
END_TEST

START_TEST (the_form_counts_after_another_form_of_its_stem)
{
    assert_first ("advertisement", (const char *const[]) { "pay each advertisement" }, 1);
    assert_first ("advertisements", (const char *const[]) { "Advertis" }, 1);
}
END_TEST

START_TEST (a_compound_alone_finds_its_form_first)
{
    assert_first ("in-services", (const char *const[]) { "and in-services", "In-service", "In-service" }, 3);
    assert_first ("in-service", (const char *const[]) { "In-service", "In-service", "and in-services" }, 3);
}
END_TEST

START_TEST (a_form_that_no_statement_has_prefers_its_inflections)
{
    assert_first ("organics", (const char *const[]) { "Organic soap" }, 1);
    assert_first ("ORGANIZES", (const char *const[]) { "Organiz", "Organiz", "Organiz", "Organiz", "Organiz" }, 5);
}
END_TEST

Suite *
suite_inflection (void)
{
    Suite *suite = suite_create ("inflection");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_test (core, inflections_are_one_word);
    tcase_add_test (core, derivations_are_other_words);
    tcase_add_test (core, the_form_ranks_first_then_its_inflections_then_other_words);
    tcase_add_test (core, the_form_counts_after_another_form_of_its_stem);
    tcase_add_test (core, a_compound_alone_finds_its_form_first);
    tcase_add_test (core, a_form_that_no_statement_has_prefers_its_inflections);
    tcase_add_test (core, only_participles_are_related_to_unknown_words);
    tcase_add_test (core, an_inflection_with_another_stem_is_found_if_the_word_occurs_nowhere);
    tcase_add_test (limits, short_words_stay_words);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
