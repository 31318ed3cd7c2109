/* check_tokens.c - the examples of docs/query-language.md on words, and which queries find statements with unusual
 * characters. */
#include "core/base/forms.h"
#include "core/base/text_fold.h"
#include "core/index/index.h"
#include "tests/support/engine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_tokens (void);

/* The folded words of a text, or the joined forms of its compounds, separated by blanks. */
static void
list_forms (const char *text, size_t size, bool joined, char *out)
{
    sks_word word = { 0, 0 };
    *out = '\0';
    while (sks_text_word (text, size, word.end, &word)) {
        char form[SKS_MAX_WORD_BYTES];
        sks_compound compound;
        size_t length;
        if (joined) {
            sks_text_compound (text, size, word, &compound);
            word = compound.pieces[compound.count - 1];
            length = sks_text_join (text, &compound, form);
        } else
            length = sks_text_fold (text + word.start, word.end - word.start, form);
        if (length)
            sprintf (out + strlen (out), "%s%.*s", *out ? " " : "", (int) length, form);
    }
}

/* The n-th cell of a row of a table, without blanks and back quotes around it. */
static void
read_cell (const char *row, int n, char *out)
{
    const char *start = row, *end;
    while (n-- >= 0)
        start = strchr (start, '|') + 1;
    end = strchr (start, '|');
    while (start < end && strchr (" `", *start))
        start++;
    while (end > start && strchr (" `", end[-1]))
        end--;
    sprintf (out, "%.*s", (int) (end - start), start);
}

START_TEST (examples_of_the_documentation_hold)
{
    char *path = sample_path (sample_corpus (), "../docs/query-language.md");
    size_t size, rows = 0;
    char *page = sample_read (path, &size), *row = strstr (page, "| text | words | joined |\n");
    ck_assert_ptr_nonnull (row);
    row = strchr (strchr (row, '\n') + 1, '\n') + 1;
    for (; *row == '|'; row = strchr (row, '\n') + 1, rows++) {
        char text[256], wanted[256], found[256];
        read_cell (row, 0, text);
        for (int joined = 0; joined < 2; joined++) {
            read_cell (row, 1 + joined, wanted);
            list_forms (text, strlen (text), joined, found);
            ck_assert_msg (strcmp (found, wanted) == 0, "\"%s\" has %s \"%s\", not \"%s\"", text,
                           joined ? "the joined forms" : "the words", found, wanted);
        }
    }
    ck_assert_uint_ge (rows, 20);
    free (page);
    free (path);
}
END_TEST

START_TEST (irregular_and_british_forms_share_a_stem_with_the_others)
{
    static const char *const pairs[][2] = {
        { "children", "child" },
        { "buses", "bus" },
        { "gases", "gas" },
        { "indices", "index" },
        { "criteria", "criterion" },
        { "knives", "knife" },
        { "wrote", "write" },
        { "taught", "teach" },
        { "colourful", "colorful" },
        { "organised", "organized" },
        { "organisms", "organisms" },
        { "centre", "center" },
        { "defences", "defenses" },
        { "programmes", "program" },
        { "cheque", "check" },
        { "labourers", "laborers" },
        { "maintenance", "maintain" },
        { "supervise", "supervise" },
        { "advised", "advised" },
        { "salesmen", "salesman" },
        { "network+", "network" },
        { "c++", "c++" },
        { "business", "business" },
        { "left", "left" },
        { "adding", "add" },
        { "gluing", "glue" },
        { "experienced", "experience" },
        { "referencing", "reference" },
        { "apprenticed", "apprentice" },
        { "dicing", "dice" },
        { "dice", "dice" },
        { "icing", "icing" },
        { "menus", "menu" },
        { "womens", "woman" },
        { "heavier", "heavy" },
        { "bigger", "big" },
        { "lower", "lower" },
        { "pcs", "pc" },
        { "lbs", "lb" },
        { "css", "css" },
        { "bss", "bss" },
        { "yrs", "yrs" },
        { "cpus", "cpu" },
        { "mbas", "mba" },
        { "1990s", "1990" },
        { "plus", "plus" },
        { "thus", "thus" },
        { "gas", "gas" },
        { "ax", "axe" },
        { "storeys", "storys" },
    };
    for
        EACH (i, pairs)
        {
            char base[SKS_MAX_WORD_BYTES + 1];
            base[sks_forms_base (pairs[i][0], strlen (pairs[i][0]), base)] = '\0';
            ck_assert_str_eq (base, pairs[i][1]);
        }
}
END_TEST

START_TEST (words_of_another_meaning_have_their_own_stem)
{
    static const char *const groups[][3] = {
        { "organize", "organization", "organ" },
        { "embed", "embedding", "ember" },
        { "experience", "experienced", "experiment" },
        { "dice", "diced", "dies" },
        { "elevator", "elevators", "elevation" },
        { "minority", "minorities", "minor" },
        { "initial", "initially", "initiate" },
        { "radiator", "radiators", "radiation" },
        { "organizing", "organized", "organic" },
        { "organic", "organically", "organism" },
        { "customer", "customers", "custom" },
        { "officer", "officers", "office" },
        { "engineer", "engineering", "engine" },
        { "university", "universities", "universal" },
        { "emergency", "emergencies", "emerge" },
        { "facilitate", "facilitator", "facility" },
        { "utility", "utilities", "utilize" },
        { "severe", "severity", "several" },
        { "authority", "authorized", "author" },
        { "competent", "competence", "compete" },
        { "officer", "officers", "officerincharge" },
        { "clothes", "clothing", "cloth" },
        { "clothing", "clothes", "cloths" },
        { "internal", "internally", "interns" },
        { "international", "internationally", "internal" },
    };
    sks_stemmer *stemmer;
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
    for
        EACH (i, groups)
        {
            char stems[3][SKS_MAX_WORD_BYTES + 1];
            for (size_t k = 0; k < 3; k++) {
                size_t size;
                const char *word = groups[i][k];
                ck_assert_int_eq (
                    sks_stemmer_stem (stemmer, word, strlen (word), stems[k], SKS_MAX_WORD_BYTES, &size, NULL), 0);
                stems[k][size] = '\0';
            }
            ck_assert_str_eq (stems[0], stems[1]);
            ck_assert_str_ne (stems[0], stems[2]);
        }
    sks_stemmer_destroy (&stemmer);
}
END_TEST

/* -------------------------------------------------------------------- finding */

static engine odd;

/* One statement per line; findings name lines by letters from "a" on. */
static const char statements[] =
    "Sched\xC2\xADules of buses \xE2\x80\x93 draw\n"               /* a: soft hyphen; en dash */
    "Schedule the bus -- for \xE2\x80\x8Einspec\xE2\x80\x8Dtion\n" /* b: two hyphens; LRM, ZWJ */
    "Co-operate with off-site crews\n"                             /* c */
    "Cooperate with the site\n"                                    /* d */
    "Check-in guests at the Q&amp;A desk\n"                        /* e: HTML */
    "The guests check their coats; questions and answers\n"        /* f */
    "Node.js and J2EE+ tools; sales@shop.example.org\n"            /* g */
    "Sales at the shop by example of an organization\n"            /* h */
    "10,000 parts of 2.5 cm, section 501(c)(3)\n"                  /* i */
    "10000 parts of 5 cm\n"                                        /* j */
    "They\xCA\xBCll mend O\xE2\x80\x98"
    "Brien\xC2\xB4s bikes\n"                        /* k: odd apostrophes */
    "Timber yard work in N.Y. and \xC3\x98resund\n" /* l */
    "Timberyard guards in NY\n"                     /* m */
    "Work-\n"                                       /* n */
    "Harness ropes \xE2\x80\x94"
    "fit them\n"                           /* o: a blank on one side */
    "Harness belts\xE2\x80\x94 fit them\n" /* p: on the other */
    "Fit the harness \xE2\x80\x94\n"       /* q: nothing after the mark */
    "Mend PCs, e.g., of Ph.Ds\n"           /* r */
    "Lift 50lb bags of the 1990s\n"        /* s: a unit, a decade */
    "Carry 50 lbs for $2,500.00\n"         /* t */
    "Saw 2\xC3\x97"
    "4 lumber for 2500 CPUs\n"                   /* u */
    "Use it for parts of I.T. systems, not IT\n" /* v */
    "Serve caf\xC3\x83\xC2\xA9 drinks, clean the client\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s "
    "cups\n"                                                  /* w: UTF-8 read as Windows-1252 */
    "Audit to ISO9001 for 1 250 firms in ASP.NET\n"           /* x: a name with its number; a blank groups thousands */
    "Audit to ISO 9001 in asp.net\u00C2 for 1\u2019250 net\n" /* y: a mis-decoded no-break space */
    "Follow W.H.O. rules\n";                                  /* z */

static void
open_odd (void)
{
    static const sample_occupation occupation = { .soc = "11-1111.00",
                                                  .title = "Front-end Testers",
                                                  .levels = { statements } };
    engine_open_occupations (&odd, &occupation, 1);
}

static void
close_odd (void)
{
    engine_close (&odd);
}

/* The lines that a query finds when all its words must occur. */
static const char *
find_lines (const char *text)
{
    static char out[32];
    sks_query query = SKS_QUERY_INIT;
    char letters[27] = "";
    size_t used = 0;
    query.text = text;
    query.match = SKS_MATCH_ALL;
    query.limit = 100;
    sks_result *result = engine_search (&odd, &query);
    for (size_t i = 0; i < result->hit_count; i++)
        letters[result->hits[i].position - 1] = (char) ('a' + result->hits[i].position - 1);
    for (size_t i = 0; i < 26; i++)
        if (letters[i])
            out[used++] = letters[i];
    out[used] = '\0';
    sks_result_destroy (&result);
    return out;
}

START_TEST (finds_words_by_their_visible_characters)
{
    static const char *const findings[][2] = {
        { "schedules", "ab" },
        { "sche\xE2\x81\xA0"
          "dule bus",
          "ab" },
        { "inspection", "b" },
        { "duty:buses", "ab" },
        { "duty:harness", "op" },
        { "\"fit harness\" OR duty:fit", "" },
        { "PC", "r" },
        { "pcs", "r" },
        { "PhD", "r" },
        { "mend bikes (e.g., O'Brien's)", "k" },
        { "i.e. inspection", "b" },
        { "co-operate", "cd" },
        { "cooperate", "cd" },
        { "=cooperate", "d" },
        { "=co-operate", "c" },
        { "off-site", "c" },
        { "offsite", "c" },
        { "\"with offsite crews\"", "c" },
        { "check-in", "e" },
        { "checkin", "e" },
        { "Q&A", "e" },
        { "amp", "" },
        { "node.js", "g" },
        { "nodejs", "g" },
        { "sales@shop.example.org", "g" },
        { "10,000", "ij" },
        { "10000 parts", "ij" },
        { "2.5 cm", "i" },
        { "5 cm", "j" },
        { "501(c)(3)", "i" },
        { "obrien", "k" },
        { "theyll", "" },
        { "timberyard", "lm" },
        { "NY", "lm" },
        { "n.y.", "lm" },
        { "oresund", "l" },
        { "50 lbs", "st" },
        { "50lb", "st" },
        { "50-lb", "st" },
        { "1990's", "s" },
        { "$2,500", "tu" },
        { "2500.00", "tu" },
        { "=2500", "tu" },
        { "2x4", "u" },
        { "CPU", "u" },
        { "I.T. systems", "v" },
        { "caf\u00E9", "w" },
        { "client", "w" },
        { "I.T. lumber", "" },
        { "IT systems", "v" },
        { "IT lumber", "" },
        { "WHO rules", "z" },
        { "W.H.O. rules", "z" },
        { "WHO NOT IT", "z" },
        { "WHO guests", "" },
        { "ALL guests", "ef" }, /* no statement has it in capitals or as initials */
        { "ISO9001", "xy" },
        { "ISO 9001", "xy" },
        { "iso-9001", "xy" },
        { "9001", "xy" },
        { "1,250", "xy" },
        { "1250", "xy" },
        { "1\u00A0250", "xy" },
        { "1 250 firms", "x" },
        { "ASP.NET", "xy" },
        { "aspnet", "xy" },
        { ".NET", "x" },
        { "net", "y" },
        { "asp.net", "xy" },
        { "offsite NEAR/1 crews", "c" },
        { "offsite NEAR/1 with NEAR/1 crews", "c" },
    };
    for
        EACH (i, findings)
    ck_assert_msg (strcmp (find_lines (findings[i][0]), findings[i][1]) == 0, "%s finds \"%s\", not \"%s\"",
                   findings[i][0], find_lines (findings[i][0]), findings[i][1]);
}
END_TEST

START_TEST (marks_a_compound_as_a_whole)
{
    static const char *const marks[][2] = {
        { "offsite", "off-site" },       { "off-site", "off-site" },  { "501(c)(3)", "501(c)(3" },
        { "timberyard", "Timber yard" }, { "WHO OR zebra", "W.H.O" }, { "\"offsite crews\"", "off-site crews" },
    };
    for
        EACH (i, marks)
        {
            sks_result *result = engine_ask (&odd, marks[i][0]);
            bool met = false;
            for (size_t k = 0; k < result->hit_count; k++)
                for (size_t s = 0; s < result->hits[k].span_count; s++) {
                    sks_span span = result->hits[k].spans[s];
                    met |= strlen (marks[i][1]) == span.end - span.start &&
                           memcmp (result->hits[k].text + span.start, marks[i][1], span.end - span.start) == 0;
                }
            ck_assert_msg (met, "%s does not mark \"%s\"", marks[i][0], marks[i][1]);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (an_unknown_compound_is_searched_by_its_parts)
{
    ck_assert_str_eq (find_lines ("guests/coats"), "");
    sks_result *result = engine_ask (&odd, "guests/coats");
    ck_assert_uint_eq (result->total, 2);
    ck_assert (result->relaxed);
    sks_result_destroy (&result);
}
END_TEST

Suite *
suite_tokens (void)
{
    Suite *suite = suite_create ("tokens");
    TCase *rule = tcase_create ("rule"), *found = tcase_create ("found");
    tcase_add_test (rule, examples_of_the_documentation_hold);
    tcase_add_test (rule, irregular_and_british_forms_share_a_stem_with_the_others);
    tcase_add_test (rule, words_of_another_meaning_have_their_own_stem);
    suite_add_tcase (suite, rule);
    tcase_add_unchecked_fixture (found, open_odd, close_odd);
    tcase_add_test (found, finds_words_by_their_visible_characters);
    tcase_add_test (found, marks_a_compound_as_a_whole);
    tcase_add_test (found, an_unknown_compound_is_searched_by_its_parts);
    suite_add_tcase (suite, found);
    return suite;
}
