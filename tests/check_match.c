/* check_match.c - which statements a query finds, on a small index made by hand
 * and, for bags of words, against a naive reference on the sample exports.
 *
 * Each statement of the small index ends in a word of its own, its tag; what a
 * query finds is told as the sorted list of tags. */
#include "../core/index.h"
#include "../core/text.h"
#include "engine.h"
#include "sample.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_match (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)

static engine small, corpus;

/* ------------------------------------------------------------------ exports */
static const sample_occupation occupations[] = {
    { .soc = "43-9051.00", .title = "Mail Clerks and Mail Machine Operators, Except Postal Service",
      .group = "Office & Administrative Support", .sector = "55", .zone = 2,
      .levels = { "Incoming mail — open, sort, and route to staff a1\n"
                  "Route the incoming mail by hand a2\n"
                  "Routing slips — attach to each parcel of mail a3\n"
                  "Mail that is incoming late — set aside a4",
                  "Routed letters — sort papers such as notes a5\n"
                  "Track notes as such papers move a6",
                  "Postage meters — calibrate — then seal a7",
                  "Café menus and naïve façades a8" } },
    { .soc = "47-2221.00", .title = "Crane Riggers", .group = "Construction & Extraction", .sector = "23",
      .zone = 3,
      .levels = { "Crane hook b1\nCrane alpha hook b2\nHook alpha beta crane b3\nCrane of the hook b4",
                  "Crane one two three four five six seven eight nine hook b5\n"
                  "Crane one two three four five six seven eight nine ten hook b6",
                  "Tower crane alpha hook b7\nHook alpha tower crane b8\nTower hook alpha crane b9",
                  "Winch winch b10\nWinch b11\nRope ropes sling b12\nSling rope ropes b13" } },
    { .soc = "49-9099.00", .title = "Repair Workers, All Other",
      .group = "Installation, Maintenance & Repair",
      .levels = { "Replace worn gaskets c1", "Gasket — inspect, e.g. for cracks c2",
                  "Don't overtighten bolts c3" } },
    { .soc = "15-1252.00", .title = "Software Developers", .group = "Computer & Mathematical", .sector = "54",
      .zone = 4,
      .levels = { "Red blue d01\nRed blue d02\nRed blue d03\nRed blue d04\nRed blue d05\nRed blue d06\n"
                  "Red blue d07\nRed blue d08\nRed blue d09\nRed blue d10",
                  "Gold jade d11\nGold jade d12\nGold jade d13\nGold jade d14\nGold jade d15\nGold jade d16\n"
                  "Gold jade d17\nGold jade d18\nGold jade d19",
                  "Gold d20\nRed d21\nJade blue d22", "Onyx opal ruby d23\nAgate d24" } },
};

static void
open_small (void)
{
    char *exports = sample_folder ();
    for EACH (i, occupations) {
        char name[32];
        snprintf (name, sizeof name, "%s.json", occupations[i].soc);
        sample_put (exports, name, &occupations[i]);
    }
    engine_open (&small, exports);
    sample_remove (exports);
    ck_assert_uint_eq (small.count, 48);
}

static void
close_small (void)
{
    engine_close (&small);
}

static void
open_corpus (void)
{
    engine_open (&corpus, sample_corpus ());
}

static void
close_corpus (void)
{
    engine_close (&corpus);
}

/* ------------------------------------------------------------------ helpers */
static int
compare_tags (const void *left, const void *right)
{
    const char *a = *(const char *const *) left, *b = *(const char *const *) right;
    size_t a_size = strlen (a), b_size = strlen (b);
    return a_size == b_size || *a != *b ? strcmp (a, b) : a_size < b_size ? -1 : 1;
}

/* The tags of a result's hits. Borrowed: valid until the next call. */
static const char *
tags_of (const sks_result *result)
{
    static char list[1024];
    const char *tags[SKS_MAX_LIMIT];
    *list = '\0';
    for (size_t i = 0; i < result->hit_count; i++)
        tags[i] = strrchr (result->hits[i].text, ' ') + 1;
    qsort (tags, result->hit_count, sizeof *tags, compare_tags);
    for (size_t i = 0; i < result->hit_count; i++)
        strcat (strcat (list, i ? " " : ""), tags[i]);
    return list;
}

static sks_result *
ask_small (const char *text, int match)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    query.limit = SKS_MAX_LIMIT;
    return engine_search (&small, &query);
}

static void
assert_finds_by (const char *text, int match, const char *expected)
{
    sks_result *result = ask_small (text, match);
    const char *tags = tags_of (result);
    ck_assert_msg (strcmp (tags, expected) == 0, "%s finds %s, not %s", text, tags, expected);
    ck_assert_msg (result->total == result->hit_count, "%s: total", text);
    sks_result_destroy (&result);
}

struct finding {
    const char *text, *expected;
};

/* What texts find when all their words must occur. */
static void
assert_findings (const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_finds_by (findings[i].text, SKS_MATCH_ALL, findings[i].expected);
}

static void
assert_relaxed (const char *text, bool expected)
{
    sks_result *result = ask_small (text, SKS_MATCH_AUTO);
    ck_assert_msg (result->relaxed == expected, "%s is%s relaxed", text, expected ? " not" : "");
    ck_assert_msg (expected || result->matched_all == result->total, "%s: matched_all", text);
    sks_result_destroy (&result);
}

/* -------------------------------------------------------------------- words */
START_TEST (stems_words_in_any_letter_case)
{
    static const struct finding words[] = {
        { "route", "a1 a2 a3 a5" },  { "Routing", "a1 a2 a3 a5" }, { "ROUTED", "a1 a2 a3 a5" },
        { "gasket", "c1 c2" },       { "Gaskets", "c1 c2" },       { "routing mail", "a1 a2 a3" },
        { "Routed MAILS", "a1 a2 a3" },
    };
    assert_findings (words, COUNT (words));
}
END_TEST

START_TEST (folds_letters_alike_in_text_and_query)
{
    static const struct finding words[] = {
        { "cafe", "a8" }, { "CAFÉ", "a8" }, { "naive", "a8" }, { "=façades", "a8" }, { "dont", "c3" },
        { "don’t", "c3" }, { "DON'T", "c3" }, { "café's", "a8" },
    };
    assert_findings (words, COUNT (words));
}
END_TEST

START_TEST (finds_nothing_for_a_word_that_occurs_nowhere)
{
    static const struct finding words[] = {
        { "zeppelin", "" }, { "mail zeppelin", "" }, { "=route", "a1 a2" }, { "\"mail zeppelin\"", "" },
        { "zepp*", "" }, { "mail NEAR zeppelin", "" }, { "title:zeppelin", "" }, { "duty:zeppelin", "" },
        { "mail OR zeppelin", "a1 a2 a3 a4" }, { "incoming -zeppelin", "a1 a2 a4" },
    };
    assert_findings (words, COUNT (words));
}
END_TEST

START_TEST (takes_equals_for_this_very_form)
{
    static const struct finding exact[] = {
        { "=route", "a1 a2" }, { "=ROUTING", "a3" }, { "=gasket", "c2" }, { "=gaskets", "c1" },
        { "=mails", "" },
        { "=\"incoming mail\"", "a1 a2" }, { "=\"incoming mails\"", "" }, { "\"incoming mails\"", "a1 a2" },
        { "=the", "a2 b4" }, { "-=route mail", "a3 a4" },
    };
    assert_findings (exact, COUNT (exact));
}
END_TEST

START_TEST (finds_any_word_that_starts_so)
{
    static const struct finding prefixes[] = {
        { "rout*", "a1 a2 a3 a5" }, { "routi*", "a3" }, { "ROUTE*", "a1 a2 a5" }, { "gask*", "c1 c2" },
        { "routing*", "a3" }, { "th*", "a2 a4 a7 b4 b5 b6" }, { "ope* sor*", "a1" },
        { "duty:rout*", "a3 a5" },
    };
    assert_findings (prefixes, COUNT (prefixes));
}
END_TEST

/* ------------------------------------------------------------------ phrases */
START_TEST (finds_a_phrase_side_by_side_and_in_order_only)
{
    static const struct finding phrases[] = {
        { "\"incoming mail\"", "a1 a2" }, { "\"mail incoming\"", "" }, { "incoming mail", "a1 a2 a4" },
        { "\"route mail\"", "" },         { "\"routed letter\"", "a5" }, { "\"crane hooks\"", "b1" },
        { "\"mail open\"", "a1" },        { "\"open sort and route\"", "a1" }, { "\"open sort route\"", "" },
        { "\"mail\"", "a1 a2 a3 a4" },    { "\"winch winch\"", "b10" }, { "\"winch winch winch\"", "" },
        { "“Incoming MAIL”", "a1 a2" },
    };
    assert_findings (phrases, COUNT (phrases));
}
END_TEST

START_TEST (takes_stop_words_inside_a_phrase_at_their_word)
{
    static const struct finding phrases[] = {
        { "\"such as\"", "a5" }, { "\"as such\"", "a6" }, { "\"papers such as notes\"", "a5" },
        { "\"notes as such\"", "a6" }, { "\"the incoming\"", "a2" }, { "\"of the\"", "b4" },
        { "\"the of\"", "" },
        { "\"The\"", "a2 b4" }, { "\"that is\"", "a4" },
    };
    assert_findings (phrases, COUNT (phrases));
}
END_TEST

START_TEST (finds_a_phrase_as_long_as_a_statement)
{
    static const struct finding phrases[] = {
        { "\"Crane one two three four five six seven eight nine ten hook b6\"", "b6" },
        { "\"Incoming mail — open, sort, and route to staff a1\"", "a1" },
        { "\"Incoming mail — open, sort, and route to staff a1 a1\"", "" },
    };
    assert_findings (phrases, COUNT (phrases));
}
END_TEST

/* --------------------------------------------------------------------- near */
START_TEST (finds_near_words_in_either_order)
{
    static const struct finding nears[] = {
        { "crane NEAR/1 hook", "b1" },
        { "hook NEAR/1 crane", "b1" },
        { "crane NEAR/2 hook", "b1 b2 b7 b9" },
        { "crane NEAR/3 hook", "b1 b2 b3 b4 b7 b8 b9" },
        { "hook NEAR/3 crane", "b1 b2 b3 b4 b7 b8 b9" },
        { "crane NEAR hook", "b1 b2 b3 b4 b5 b7 b8 b9" },
        { "crane NEAR/11 hook", "b1 b2 b3 b4 b5 b6 b7 b8 b9" },
        { "Cranes NEAR/1 HOOKING", "b1" },
    };
    assert_findings (nears, COUNT (nears));
}
END_TEST

START_TEST (takes_phrases_exact_forms_and_prefixes_near_each_other)
{
    static const struct finding nears[] = {
        { "\"tower crane\" NEAR/1 hook", "" },
        { "\"tower crane\" NEAR/2 hook", "b7 b8" },
        { "hook NEAR/2 \"tower crane\"", "b7 b8" },
        { "\"tower crane\" NEAR/1 \"alpha hook\"", "b7" },
        { "=mail NEAR/1 =incoming", "a1 a2" },
        { "=mails NEAR/1 incoming", "" },
        { "incom* NEAR/1 mail", "a1 a2" },
        { "duty:mail NEAR/1 incoming", "a1" },
        { "\"the\" NEAR/1 hook", "b4" },
    };
    assert_findings (nears, COUNT (nears));
}
END_TEST

START_TEST (wants_a_place_of_its_own_for_each_side_of_near)
{
    static const struct finding nears[] = {
        { "winch NEAR winch", "b10" }, { "winch NEAR winch NEAR winch", "" },
        { "\"incoming mail\" NEAR mail", "" }, { "=rope NEAR/1 rope", "b12 b13" },
    };
    assert_findings (nears, COUNT (nears));
}
END_TEST

START_TEST (takes_a_chain_of_near_within_the_widest_distance)
{
    static const struct finding nears[] = {
        { "tower NEAR/3 crane NEAR/3 hook", "b7 b8 b9" }, { "tower NEAR/1 crane NEAR/2 hook", "" },
        { "tower NEAR/1 crane NEAR/3 alpha", "b7 b8 b9" }, { "tower NEAR/2 crane NEAR/1 alpha", "b7 b8" },
        { "hook NEAR/3 tower NEAR/3 crane", "b7 b8 b9" },
        /* "rope" and its plural stand for each other, "=rope" for itself only. */
        { "rope* NEAR =rope NEAR sling", "b12 b13" }, { "sling NEAR rope NEAR =ropes", "b12 b13" },
        { "=rope NEAR =rope NEAR sling", "" },
    };
    assert_findings (nears, COUNT (nears));
}
END_TEST

/* ---------------------------------------------------------------- operators */
START_TEST (combines_with_and_or_not)
{
    static const struct finding mixed[] = {
        { "incoming AND route", "a1 a2" }, { "slips OR staff", "a1 a3" }, { "incoming NOT route", "a4" },
        { "incoming -route", "a4" }, { "incoming -\"incoming mail\"", "a4" },
        { "mail -(staff OR slips)", "a2 a4" },
        { "(staff OR slips) AND (open OR late)", "a1" }, { "NOT NOT gasket", "c1 c2" },
        { "winch AND NOT \"winch winch\"", "b11" }, { "gasket OR winch AND NOT winch", "c1 c2" },
        { "-mail -crane -red -gold -jade -hook -winch -rope -gasket", "a5 a6 a7 a8 c3 d23 d24" },
    };
    assert_findings (mixed, COUNT (mixed));
}
END_TEST

START_TEST (not_alone_finds_all_others)
{
    ck_assert_uint_eq (engine_total (&small, "NOT mail"), small.count - 4);
    ck_assert_uint_eq (engine_total (&small, "-mail"), small.count - 4);
    ck_assert_uint_eq (engine_total (&small, "NOT zeppelin"), small.count);
    ck_assert_uint_eq (engine_total (&small, "mail OR NOT mail"), small.count);
    ck_assert_uint_eq (engine_total (&small, "mail AND NOT mail"), 0);
}
END_TEST

/* ------------------------------------------------------------------- fields */
START_TEST (looks_for_title_words_in_titles_only)
{
#define ALL_A "a1 a2 a3 a4 a5 a6 a7 a8"
    static const struct finding titles[] = {
        { "title:clerk", ALL_A }, { "title:=clerks", ALL_A }, { "title:=clerk", "" },
        { "title:operat*", ALL_A },
        { "title:\"mail machine operator\"", ALL_A }, { "title:\"clerks machine\"", "" },
        { "title:\"clerks and mail\"", ALL_A }, { "title:and", ALL_A },
        { "title:crane hook -alpha", "b1 b4 b5 b6" },
        { "title:software jade blue", "d22" }, { "title:gasket", "" }, { "title:mail title:crane", "" },
        { "title:other", "c1 c2 c3" }, { "-title:software -title:crane route", "a1 a2 a3 a5" },
    };
    assert_findings (titles, COUNT (titles));
}
END_TEST

START_TEST (looks_for_duty_words_before_the_dash_only)
{
    static const struct finding duties[] = {
        { "duty:mail", "a1 a4" }, { "duty:route", "a3 a5" }, { "duty:\"incoming mail\"", "a1" },
        { "duty:open", "" }, { "duty:gasket", "c2" }, { "duty:=gaskets", "" }, { "duty:calibrate", "" },
        { "duty:\"mail open\"", "" }, { "duty:is", "a4" }, { "duty:route -duty:slips", "a5" },
        { "duty:crane", "" },
    };
    assert_findings (duties, COUNT (duties));
}
END_TEST

START_TEST (takes_facet_values_as_fields)
{
    static const struct finding values[] = {
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
    assert_findings (values, COUNT (values));
}
END_TEST

/* -------------------------------------------------------------------- match */
START_TEST (stop_words_never_make_a_statement_fail)
{
    static const struct finding stops[] = {
        { "the gasket of this", "c1 c2" }, { "gasket NOT the", "c1 c2" }, { "the AND gasket", "c1 c2" },
        { "(of the) gasket", "c1 c2" },
    };
    assert_findings (stops, COUNT (stops));
    assert_finds_by ("the gasket", SKS_MATCH_ANY, "c1 c2");
    ck_assert_uint_eq (engine_total (&small, "the of"), small.count);
}
END_TEST

START_TEST (any_wants_one_word_of_each_bag)
{
    assert_finds_by ("incoming slips", SKS_MATCH_ANY, "a1 a2 a3 a4");
    assert_finds_by ("incoming slips \"set aside\"", SKS_MATCH_ANY, "a4");
    assert_finds_by ("incoming slips -late", SKS_MATCH_ANY, "a1 a2 a3");
    assert_finds_by ("zeppelin gasket", SKS_MATCH_ANY, "c1 c2");
    assert_finds_by ("incoming AND slips", SKS_MATCH_ANY, "");
}
END_TEST

START_TEST (auto_is_all_when_ten_statements_hold_all_words)
{
    sks_result *result = ask_small ("red blue", SKS_MATCH_AUTO);
    ck_assert_str_eq (tags_of (result), "d01 d02 d03 d04 d05 d06 d07 d08 d09 d10");
    ck_assert (!result->relaxed);
    ck_assert_uint_eq (result->matched_all, 10);
    ck_assert_str_eq (result->read_as, "ALL(red blue)");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (auto_takes_a_quarter_of_the_weight_when_nine_hold_all_words)
{
    sks_result *result = ask_small ("gold jade", SKS_MATCH_AUTO);
    ck_assert_str_eq (tags_of (result), "d11 d12 d13 d14 d15 d16 d17 d18 d19 d20 d22");
    ck_assert (result->relaxed);
    ck_assert_uint_eq (result->matched_all, 9);
    ck_assert_uint_eq (result->total, 11);
    ck_assert_str_eq (result->read_as, "QUARTER(gold jade)");
    sks_result_destroy (&result);
}
END_TEST

START_TEST (a_word_of_four_equally_rare_ones_is_a_quarter)
{
    assert_finds_by ("onyx agate slips meters", SKS_MATCH_AUTO, "a3 a7 d23 d24");
    assert_finds_by ("onyx agate slips meters zeppelin", SKS_MATCH_AUTO, "");
    assert_finds_by ("onyx opal agate slips zeppelin", SKS_MATCH_AUTO, "d23");
    assert_finds_by ("onyx onyx agate agate agate slips meters meters", SKS_MATCH_AUTO, "a3 a7 d23 d24");
}
END_TEST

START_TEST (a_common_word_beside_a_rare_one_is_no_quarter)
{
    /* "mail" weighs ln (1 + 44.5 / 4.5) = 2.39, the others 3.49 each. */
    assert_finds_by ("mail onyx agate", SKS_MATCH_AUTO, "a1 a2 a3 a4 d23 d24");
    assert_finds_by ("mail onyx agate slips", SKS_MATCH_AUTO, "a3 d23 d24");
}
END_TEST

START_TEST (relaxes_no_phrase_operator_or_field)
{
    static const char *const strict[] = {
        "\"gold jade\"", "gold AND jade", "gold OR jade", "gold NEAR jade", "gold -jade", "NOT gold",
        "=gold =jade",
        "gol* jad*", "title:software title:zeppelin", "duty:gold duty:jade", "level:advanced zone:2",
        "gold AND (jade OR red)", "gold", "", "the of",
    };
    for EACH (i, strict)
        assert_relaxed (strict[i], false);
    assert_relaxed ("gold jade", true);
    assert_relaxed ("gold jade \"no such phrase\"", true);
}
END_TEST

START_TEST (keeps_phrases_operators_and_fields_when_it_relaxes)
{
    static const struct finding relaxed[] = {
        { "gold jade -d22", "d11 d12 d13 d14 d15 d16 d17 d18 d19 d20" },
        { "onyx slips \"opal ruby\"", "d23" },
        { "onyx slips level:emerging", "a3" },
        { "onyx slips title:clerk", "a3" },
        { "onyx slips =mail", "a3" },
        { "onyx slips opal*", "d23" },
        { "onyx slips (opal agate)", "" },
        { "onyx slips (opal ruby)", "d23" },
        { "onyx slips (opal AND agate ruby)", "" },
        { "onyx slips (\"opal ruby\" agate mail)", "" },
    };
    for EACH (i, relaxed) {
        assert_finds_by (relaxed[i].text, SKS_MATCH_AUTO, relaxed[i].expected);
        assert_relaxed (relaxed[i].text, true);
    }
}
END_TEST

START_TEST (filters_and_pages_do_not_change_the_choice)
{
    static const char *const advanced[] = { "advanced" }, *const developing[] = { "developing" };
    const struct {
        const char *text;
        const char *const *level;
        bool relaxed;
        uint64_t total, matched_all;
    } cases[] = {
        { "red blue", advanced, false, 0, 0 },     { "red blue", developing, false, 0, 0 },
        { "gold jade", developing, true, 9, 9 },   { "gold jade", advanced, true, 0, 0 },
        { "onyx slips", advanced, true, 1, 0 },
    };
    for EACH (i, cases) {
        sks_query query = SKS_QUERY_INIT;
        query.text = cases[i].text;
        query.filter[SKS_FACET_LEVEL] = (sks_filter) { cases[i].level, 1, 0, 0 };
        for (query.limit = 0; query.limit < 3; query.limit++) {
            query.offset = query.limit * 2;
            sks_result *result = engine_search (&small, &query);
            ck_assert_msg (result->relaxed == cases[i].relaxed, "case %zu", i);
            ck_assert_uint_eq (result->total, cases[i].total);
            ck_assert_uint_eq (result->matched_all, cases[i].matched_all);
            sks_result_destroy (&result);
        }
    }
}
END_TEST

/* ---------------------------------------------- bags against a naive reference */

/* The stems of the sample exports, as each statement's set. */
struct words {
    char *stems;  /* "\nstem\nstem\n": each stem of the statement */
};

static struct words *reference;
static sks_stemmer *stemmer;

static void
append_stems (char *out, const char *text)
{
    size_t size = strlen (text), length;
    char folded[SKS_MAX_WORD_BYTES], stem[SKS_MAX_WORD_BYTES];
    sks_word word = { 0, 0 };
    strcpy (out, "\n");
    out++;
    while (sks_text_word (text, size, word.end, &word)) {
        size_t form = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (!form || sks_text_stop_word (folded, form))
            continue;
        ck_assert_int_eq (sks_stemmer_stem (stemmer, folded, form, stem, sizeof stem, &length, NULL), 0);
        out += sprintf (out, "%.*s\n", (int) length, stem);
    }
}

static void
make_reference (void)
{
    open_corpus ();
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
    reference = calloc (corpus.count, sizeof *reference);
    for (size_t i = 0; i < corpus.count; i++) {
        reference[i].stems = malloc (2 * strlen (corpus.statements[i].text) + 16);
        append_stems (reference[i].stems, corpus.statements[i].text);
    }
}

static void
drop_reference (void)
{
    for (size_t i = 0; i < corpus.count; i++)
        free (reference[i].stems);
    free (reference);
    sks_stemmer_destroy (&stemmer);
    close_corpus ();
}

/* What a bag of words means, worked out the slow way. */
struct bag {
    char stems[8][SKS_MAX_WORD_BYTES + 4];  /* "\nstem\n" */
    double weight[8], total;
    size_t count, said;  /* different words; words as they stand in the text */
};

static bool
holds (size_t statement, const struct bag *bag, size_t word)
{
    return strstr (reference[statement].stems, bag->stems[word]) != NULL;
}

static void
add_to_bag (struct bag *bag, const char *word)
{
    char stem[SKS_MAX_WORD_BYTES * 4];
    size_t holding = 0;
    append_stems (stem, word);
    if (!stem[1])
        return;  /* a stop word */
    bag->said++;
    for (size_t i = 0; i < bag->count; i++)
        if (strcmp (bag->stems[i], stem) == 0)
            return;
    strcpy (bag->stems[bag->count++], stem);
    for (size_t i = 0; i < corpus.count; i++)
        holding += holds (i, bag, bag->count - 1);
    double n = holding ? (double) holding : 1;
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

/* A text of 1 to 6 words of a drawn statement and its neighbours, one of them
 * unknown at times, as a text and as a bag. */
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

/* Mark the statements that a query finds, page by page. Returns the last page;
 * caller owns it; free with sks_result_destroy. */
static sks_result *
find_all (const char *text, int match, bool *found)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result = NULL;
    query.text = text;
    query.match = match;
    query.limit = SKS_MAX_LIMIT;
    memset (found, 0, corpus.count * sizeof *found);
    do {
        sks_result_destroy (&result);
        result = engine_search (&corpus, &query);
        for (size_t i = 0; i < result->hit_count; i++)
            found[engine_number (&corpus, result->hits[i].id)] = true;
        query.offset += query.limit;
    } while (query.offset < result->total);
    return result;
}

/* Whether each statement is in the result, and in it only if it may be. */
static void
assert_bag (const char *text, const struct bag *bag, int match)
{
    static bool found[10000];
    sks_result *result = find_all (text, match, found);
    uint64_t total = result->total, all = result->matched_all;
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
        bool in = expect_relaxed ? weight > least * 1.002 : match == SKS_MATCH_ANY ? held > 0 || !bag->count
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

/* ------------------------------------ places of words against a naive reference */

/* A text's words in order: stems, and stop words as they are. */
struct places {
    char words[600][SKS_MAX_WORD_BYTES + 1];
    size_t count;
};

static void
list_places (const char *text, struct places *out)
{
    size_t size = strlen (text), length;
    sks_word word = { 0, 0 };
    out->count = 0;
    while (sks_text_word (text, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES], *to = out->words[out->count];
        length = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (!length)
            continue;
        memcpy (to, folded, length);
        if (!sks_text_stop_word (folded, length)
            && sks_stemmer_stem (stemmer, folded, length, to, SKS_MAX_WORD_BYTES, &length, NULL))
            ck_abort_msg ("no stem of \"%.*s\"", (int) length, folded);
        to[length] = '\0';
        out->count++;
    }
}

static bool
stand_together (const struct places *text, const struct places *phrase)
{
    for (size_t at = 0; at + phrase->count <= text->count; at++) {
        size_t i = 0;
        while (i < phrase->count && strcmp (text->words[at + i], phrase->words[i]) == 0)
            i++;
        if (i == phrase->count)
            return true;
    }
    return false;
}

static bool
stand_near (const struct places *text, const struct places *pair, size_t distance)
{
    for (size_t i = 0; i < text->count; i++)
        for (size_t k = 0; k < text->count; k++)
            if (i != k && (i > k ? i - k : k - i) <= distance && strcmp (text->words[i], pair->words[0]) == 0
                && strcmp (text->words[k], pair->words[1]) == 0)
                return true;
    return false;
}

/* Draw two words of one statement, side by side or apart. */
static void
draw_pair (unsigned *state, bool together, char *one, char *two, size_t room)
{
    const char *from = corpus.statements[engine_draw (state, (unsigned) corpus.count)].text;
    sks_word word;
    engine_draw_word (state, from, one, room);
    engine_draw_word (state, from, two, room);
    const char *next = strstr (from, one) + strlen (one);
    if (together && sks_text_word (next, strlen (next), 0, &word))
        snprintf (two, room, "%.*s", (int) (word.end - word.start), next + word.start);
}

static void
assert_places (const char *text, const char *words, size_t distance)
{
    static bool found[10000];
    static struct places wanted, places;
    sks_result *result = find_all (text, SKS_MATCH_ALL, found);
    list_places (words, &wanted);
    for (size_t i = 0; i < corpus.count; i++) {
        list_places (corpus.statements[i].text, &places);
        bool expected = distance ? stand_near (&places, &wanted, distance)
            : stand_together (&places, &wanted);
        if (found[i] != expected)
            ck_abort_msg ("%s %s \"%s\"", text, expected ? "does not find" : "finds",
                          corpus.statements[i].text);
    }
    sks_result_destroy (&result);
}

START_TEST (phrases_and_nears_find_what_a_naive_reference_finds)
{
    unsigned state = 815;
    for (int i = 0; i < 150; i++) {
        char one[96], two[96], text[512], words[256];
        size_t distance = engine_draw (&state, 3) ? 1 + engine_draw (&state, 12) : 0;
        draw_pair (&state, !distance, one, two, sizeof one);
        snprintf (words, sizeof words, "%s %s", one, two);
        if (distance)
            snprintf (text, sizeof text, "\"%s\" NEAR/%zu \"%s\"", one, distance, two);
        else
            snprintf (text, sizeof text, "\"%s\"", words);
        assert_places (text, words, distance);
    }
}
END_TEST

/* ------------------------------------------------------------------- limits */
START_TEST (refuses_a_prefix_that_stands_for_too_many_words)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.text = "mail OR co*";
    ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), SKS_ETOOCOMPLEX);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (err.at, 8);
    ck_assert_ptr_nonnull (strstr (err.text, "100"));
    query.text = "contr*";
    ck_assert_int_eq (sks_searcher_search (corpus.searcher, &query, &result, &err), 0);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (refuses_a_text_that_is_not_utf_8)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    query.text = "mail \xFF";
    ck_assert_int_eq (sks_searcher_search (small.searcher, &query, &result, &err), SKS_EQUERYSYNTAX);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (err.at, 5);
}
END_TEST

START_TEST (takes_64_words_of_any_kind)
{
    static const char *const pieces[] = { "mail ", "=the ", "\"of the\" ", "-crane ", "duty:the ",
                                          "title:and ",
                                          "zone:2 ", "mail OR " };
    for EACH (i, pieces) {
        char text[SKS_MAX_QUERY_BYTES] = "";
        for (int k = 0; k < (strchr (pieces[i], '"') ? 31 : 63); k++)
            strcat (text, pieces[i]);
        strcat (text, "mail");
        sks_result *result = engine_ask (&small, text);
        sks_result_destroy (&result);
    }
}
END_TEST

Suite *
suite_match (void)
{
    Suite *suite = suite_create ("match");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, close_small);
    tcase_add_unchecked_fixture (core, make_reference, drop_reference);
    tcase_add_unchecked_fixture (limits, open_small, close_small);
    tcase_add_unchecked_fixture (limits, open_corpus, close_corpus);
    tcase_set_timeout (core, 120);
    tcase_add_test (core, stems_words_in_any_letter_case);
    tcase_add_test (core, folds_letters_alike_in_text_and_query);
    tcase_add_test (core, finds_nothing_for_a_word_that_occurs_nowhere);
    tcase_add_test (core, takes_equals_for_this_very_form);
    tcase_add_test (core, finds_any_word_that_starts_so);
    tcase_add_test (core, finds_a_phrase_side_by_side_and_in_order_only);
    tcase_add_test (core, takes_stop_words_inside_a_phrase_at_their_word);
    tcase_add_test (core, finds_a_phrase_as_long_as_a_statement);
    tcase_add_test (core, finds_near_words_in_either_order);
    tcase_add_test (core, takes_phrases_exact_forms_and_prefixes_near_each_other);
    tcase_add_test (core, wants_a_place_of_its_own_for_each_side_of_near);
    tcase_add_test (core, takes_a_chain_of_near_within_the_widest_distance);
    tcase_add_test (core, combines_with_and_or_not);
    tcase_add_test (core, not_alone_finds_all_others);
    tcase_add_test (core, looks_for_title_words_in_titles_only);
    tcase_add_test (core, looks_for_duty_words_before_the_dash_only);
    tcase_add_test (core, takes_facet_values_as_fields);
    tcase_add_test (core, stop_words_never_make_a_statement_fail);
    tcase_add_test (core, any_wants_one_word_of_each_bag);
    tcase_add_test (core, auto_is_all_when_ten_statements_hold_all_words);
    tcase_add_test (core, auto_takes_a_quarter_of_the_weight_when_nine_hold_all_words);
    tcase_add_test (core, a_word_of_four_equally_rare_ones_is_a_quarter);
    tcase_add_test (core, a_common_word_beside_a_rare_one_is_no_quarter);
    tcase_add_test (core, relaxes_no_phrase_operator_or_field);
    tcase_add_test (core, keeps_phrases_operators_and_fields_when_it_relaxes);
    tcase_add_test (core, filters_and_pages_do_not_change_the_choice);
    tcase_add_test (core, bags_find_what_a_naive_reference_finds);
    tcase_add_test (core, phrases_and_nears_find_what_a_naive_reference_finds);
    tcase_add_test (limits, refuses_a_prefix_that_stands_for_too_many_words);
    tcase_add_test (limits, refuses_a_text_that_is_not_utf_8);
    tcase_add_test (limits, takes_64_words_of_any_kind);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
