/* check_match.c - which statements words, operators and fields find, in a small index written by hand. */
#include "tests/support/corpus.h"
#include "tests/support/tagged.h"

#include "core/engine/generation.h"
#include "core/engine/leaf.h"
#include "core/index/words.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_match (void);

/* ------------------------------------------------------------------- words */

START_TEST (stems_words_in_any_letter_case)
{
    static const tagged_finding words[] = {
        { "route", "a1 a2 a3 a5" },     { "Routing", "a1 a2 a3 a5" }, { "ROUTED", "a1 a2 a3 a5" },
        { "gasket", "c1 c2" },          { "Gaskets", "c1 c2" },       { "routing mail", "a1 a2 a3" },
        { "Routed MAILS", "a1 a2 a3" },
    };
    tagged_finds (words, COUNT (words));
}
END_TEST

START_TEST (folds_letters_alike_in_text_and_query)
{
    static const tagged_finding words[] = {
        { "cafe", "a8" }, { "CAFÉ", "a8" },  { "naive", "a8" }, { "=façades", "a8" },
        { "dont", "c3" }, { "don’t", "c3" }, { "DON'T", "c3" }, { "café's", "a8" },
    };
    tagged_finds (words, COUNT (words));
}
END_TEST

START_TEST (finds_nothing_for_a_word_that_occurs_nowhere)
{
    static const tagged_finding words[] = {
        { "zeppelin", "" },
        { "mail zeppelin", "" },
        { "=route", "a1 a2" },
        { "\"mail zeppelin\"", "" },
        { "zepp*", "" },
        { "mail NEAR zeppelin", "" },
        { "title:zeppelin", "" },
        { "duty:zeppelin", "" },
        { "mail OR zeppelin", "a1 a2 a3 a4" },
        { "incoming -zeppelin", "a1 a2 a4" },
    };
    tagged_finds (words, COUNT (words));
}
END_TEST

START_TEST (an_equals_sign_requires_the_exact_form)
{
    static const tagged_finding exact[] = {
        { "=route", "a1 a2" },
        { "=ROUTING", "a3" },
        { "=gasket", "c2" },
        { "=gaskets", "c1" },
        { "=mails", "" },
        { "=\"incoming mail\"", "a1 a2" },
        { "=\"incoming mails\"", "" },
        { "\"incoming mails\"", "a1 a2" },
        { "=the", "a2 b4" },
        { "-=route mail", "a3 a4" },
    };
    tagged_finds (exact, COUNT (exact));
}
END_TEST

START_TEST (a_prefix_finds_any_word_that_begins_with_it)
{
    static const tagged_finding prefixes[] = {
        { "rout*", "a1 a2 a3 a5" }, { "routi*", "a3" },        { "ROUTE*", "a1 a2 a5" },
        { "gask*", "c1 c2" },       { "routing*", "a3" },      { "th*", "a2 a4 a7 b4 b5 b6" },
        { "ope* sor*", "a1" },      { "duty:rout*", "a3 a5" },
    };
    tagged_finds (prefixes, COUNT (prefixes));
}
END_TEST

/* --------------------------------------------------------------- operators */

START_TEST (combines_with_and_or_not)
{
    static const tagged_finding mixed[] = {
        { "incoming AND route", "a1 a2" },
        { "slips OR staff", "a1 a3" },
        { "incoming NOT route", "a4" },
        { "incoming -route", "a4" },
        { "incoming -\"incoming mail\"", "a4" },
        { "mail -(staff OR slips)", "a2 a4" },
        { "(staff OR slips) AND (open OR late)", "a1" },
        { "NOT NOT gasket", "c1 c2" },
        { "winch AND NOT \"winch winch\"", "b11" },
        { "gasket OR winch AND NOT winch", "c1 c2" },
        { "-mail -crane -red -gold -jade -hook -winch -rope -gasket", "a5 a6 a7 a8 c3 d23 d24" },
    };
    tagged_finds (mixed, COUNT (mixed));
}
END_TEST

START_TEST (not_alone_finds_all_other_statements)
{
    ck_assert_uint_eq (engine_total (&tagged, "NOT mail"), tagged.count - 4);
    ck_assert_uint_eq (engine_total (&tagged, "-mail"), tagged.count - 4);
    ck_assert_uint_eq (engine_total (&tagged, "NOT zeppelin"), tagged.count);
    ck_assert_uint_eq (engine_total (&tagged, "mail OR NOT mail"), tagged.count);
    ck_assert_uint_eq (engine_total (&tagged, "mail AND NOT mail"), 0);
}
END_TEST

/* ------------------------------------------------------------------ fields */

START_TEST (finds_title_words_only_in_titles)
{
#define ALL_A "a1 a2 a3 a4 a5 a6 a7 a8"
    static const tagged_finding titles[] = {
        { "title:clerk", ALL_A },
        { "title:=clerks", ALL_A },
        { "title:=clerk", "" },
        { "title:operat*", ALL_A },
        { "title:\"mail machine operator\"", ALL_A },
        { "title:\"clerks machine\"", "" },
        { "title:\"clerks and mail\"", ALL_A },
        { "title:and", ALL_A },
        { "title:crane hook -alpha", "b1 b4 b5 b6" },
        { "title:software jade blue", "d22" },
        { "title:gasket", "" },
        { "title:mail title:crane", "" },
        { "title:other", "c1 c2 c3" },
        { "-title:software -title:crane route", "a1 a2 a3 a5" },
    };
    tagged_finds (titles, COUNT (titles));
}
END_TEST

START_TEST (finds_duty_words_only_before_the_dash)
{
    static const tagged_finding duties[] = {
        { "duty:mail", "a1 a4" },
        { "duty:route", "a3 a5" },
        { "duty:\"incoming mail\"", "a1" },
        { "duty:open", "" },
        { "duty:gasket", "c2" },
        { "duty:=gaskets", "" },
        { "duty:calibrate", "" },
        { "duty:\"mail open\"", "" },
        { "duty:is", "a4" },
        { "duty:route -duty:slips", "a5" },
        { "duty:crane", "" },
    };
    tagged_finds (duties, COUNT (duties));
}
END_TEST

START_TEST (accepts_facet_values_as_fields)
{
    static const tagged_finding values[] = {
        { "level:advanced title:clerk", "a8" },
        { "level:emerging route", "a1 a2 a3" },
        { "soc:43-9051.00 level:proficient", "a7" },
        { "soc:4 level:proficient", "a7 b7 b8 b9 c3" },
        { "soc:47- level:advanced", "b10 b11 b12 b13" },
        { "soc:43-9051.01", "" },
        { "soc:99-", "" },
        { "sector:54 level:advanced", "d23 d24" },
        { "sector:none", "c1 c2 c3" },
        { "sector:99", "" },
        { "group:49", "c1 c2 c3" },
        { "group:\"49\" -level:emerging", "c2 c3" },
        { "zone:none", "c1 c2 c3" },
        { "zone:2 route", "a1 a2 a3 a5" },
        { "zone:1", "" },
        { "zone:none OR duty:mail", "a1 a4 c1 c2 c3" },
    };
    tagged_finds (values, COUNT (values));
}
END_TEST

/* ------------------------------------------------------------------ limits */

/* How many statements contain one of the most frequent words with a prefix, and how many such words there are, read
 * from the store. */
static uint64_t
count_frequent (const sks_store *store, const char *beginning, uint32_t most, uint32_t *words)
{
    static uint32_t forms[4096];
    uint32_t first, end;
    sks_leaf_forms (store, beginning, strlen (beginning), &first, &end);
    *words = end - first;
    for (uint32_t taken = 0; taken < most && taken < *words; taken++) {
        uint32_t best = SKS_NONE;
        for (uint32_t form = first; form < end; form++) {
            bool used = false;
            for (uint32_t i = 0; i < taken; i++)
                used |= forms[i] == form;
            if (!used && (best == SKS_NONE || store->form[form].statements > store->form[best].statements))
                best = form;
        }
        forms[taken] = best;
    }
    uint64_t count = 0;
    for (uint32_t s = 0; s < store->statements; s++) {
        static sks_words held;
        bool holds = false;
        sks_words_read (&held, store, s);
        for (uint32_t k = 0; k < held.count && !holds; k++)
            for (uint32_t i = 0; i < most && i < *words && !holds; i++)
                holds = held.form[k] == forms[i];
        count += holds;
    }
    return count;
}

/* Statements of five words each: "co" and two letters, `words` of them, and the first
 * 300 twice. Caller owns it; free with free. */
static char *
make_wide (unsigned words)
{
    char *text = malloc ((words + 300) * 5 + 1), *at = text;
    ck_assert_ptr_nonnull (text);
    for (unsigned i = 0; i < words + 300; i++) {
        unsigned word = i % words;
        at += sprintf (at, "co%c%c%c", 'a' + word / 36 % 26, word % 36 < 26 ? 'a' + word % 36 : '0' + word % 36 - 26,
                       i % 5 == 4 ? '\n' : ' ');
    }
    at[-1] = '\0';
    return text;
}

START_TEST (a_wide_prefix_stands_for_its_most_frequent_words_and_the_answer_reports_it)
{
    static const unsigned sizes[] = { SKS_MAX_PREFIX_EXPANSIONS, SKS_MAX_PREFIX_EXPANSIONS + 100 };
    for
        EACH (i, sizes)
        {
            engine wide;
            uint32_t words;
            char *text = make_wide (sizes[i]);
            const sample_occupation occupation = { .soc = "43-9051.00", .title = "Clerks", .levels = { text } };
            engine_open_occupations (&wide, &occupation, 1);
            uint64_t expected = count_frequent (sks_generation_snapshot (wide.generation)->store, "co",
                                                SKS_MAX_PREFIX_EXPANSIONS, &words);
            ck_assert_uint_eq (words, sizes[i]);
            sks_result *result = engine_ask (&wide, "co*");
            ck_assert_uint_eq (result->total, expected);
            ck_assert_uint_eq (result->note_count, words > SKS_MAX_PREFIX_EXPANSIONS);
            if (result->note_count)
                ck_assert_str_eq (result->notes[0].code, "beginning");
            sks_result_destroy (&result);
            engine_close (&wide);
            free (text);
        }
}
END_TEST

START_TEST (refuses_a_text_that_is_not_utf_8)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.text = "mail \xFF";
    ck_assert_int_eq (sks_searcher_search (tagged.searcher, &query, &result, &err), SKS_EQUERYSYNTAX);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (err.at, 5);
}
END_TEST

START_TEST (accepts_64_words_of_any_kind)
{
    static const char *const pieces[] = { "mail ",     "=the ",      "\"of the\" ", "-crane ",
                                          "duty:the ", "title:and ", "zone:2 ",     "mail OR " };
    for
        EACH (i, pieces)
        {
            char text[SKS_MAX_QUERY_BYTES] = "";
            for (int k = 0; k < (strchr (pieces[i], '"') ? 31 : 63); k++)
                strcat (text, pieces[i]);
            strcat (text, "mail");
            sks_result *result = engine_ask (&tagged, text);
            sks_result_destroy (&result);
        }
}
END_TEST

Suite *
suite_match (void)
{
    Suite *suite = suite_create ("match");
    TCase *core = tcase_create ("Core"), *limits = corpus_case (suite, "Limits");
    tcase_add_unchecked_fixture (core, tagged_open, tagged_close);
    tcase_add_unchecked_fixture (limits, tagged_open, tagged_close);
    tcase_set_timeout (core, 120);
    tcase_add_test (core, stems_words_in_any_letter_case);
    tcase_add_test (core, folds_letters_alike_in_text_and_query);
    tcase_add_test (core, finds_nothing_for_a_word_that_occurs_nowhere);
    tcase_add_test (core, an_equals_sign_requires_the_exact_form);
    tcase_add_test (core, a_prefix_finds_any_word_that_begins_with_it);
    tcase_add_test (core, combines_with_and_or_not);
    tcase_add_test (core, not_alone_finds_all_other_statements);
    tcase_add_test (core, finds_title_words_only_in_titles);
    tcase_add_test (core, finds_duty_words_only_before_the_dash);
    tcase_add_test (core, accepts_facet_values_as_fields);
    tcase_add_test (limits, a_wide_prefix_stands_for_its_most_frequent_words_and_the_answer_reports_it);
    tcase_add_test (limits, refuses_a_text_that_is_not_utf_8);
    tcase_add_test (limits, accepts_64_words_of_any_kind);
    suite_add_tcase (suite, core);
    return suite;
}
