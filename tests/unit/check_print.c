/* check_print.c - the text that people and line tools get: results, bars, errors and numbers. */
#include <check.h>
#include <math.h>

#include "client/invocation.h"
#include "client/print.h"
#include "client/sheet.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

Suite *suite_print (void);

static const sks_terminal plain = { .utf8 = true };
static const sks_terminal colored = { .person = true, .color = true, .utf8 = true, .width = 200 };
static const sks_terminal narrow = { .person = true, .utf8 = true, .width = 40 };
static const sks_terminal ascii = { .width = 80 };

static sks_buffer out = SKS_BUFFER_INIT (1 << 20);

static const char *const command[] = { "skillsearch", "in mail", "-n2", NULL };
static const sks_print_how full = { .full = true, .bars = true };
static const sks_print_how usual = { .bars = true, .command = command };

static void
print_tsv (const sks_result *result, bool facets)
{
    sks_table table = { .out = &out, .format = SKS_TABLE_TSV, .flags = SKS_TABLE_BARE };
    (facets ? sks_sheet_facets : sks_sheet_hits) (&table, result);
}

/* What was written since the last time. */
static const char *
written (void)
{
    static char text[8192];
    ck_assert_uint_lt (out.size, sizeof text);
    memcpy (text, sks_buffer_text (&out), out.size + 1);
    sks_buffer_clear (&out);
    return text;
}

static void
forget (void)
{
    sks_buffer_free (&out);
}

/* --------------------------------------------------------- a fixed result */

static const sks_span first_spans[] = { { 0, 8 }, { 9, 13 }, { 34, 39 } };
static const sks_share first_shares[] = { { "stem", "incom", 1.5, NULL },
                                          { "occupation", "mail", 1.25, NULL },
                                          { "group", "mail", -0.25, NULL } };
static const sks_span second_spans[] = { { 4, 10 } };

static sks_hit hits[] = {
    { .id = "43-9061.00/emerging/0123456789ab",
      .text = "Incoming mail \u2014 open, sort, and route it to the right desk",
      .soc = "43-9061.00",
      .occupation = "Office Clerks, General",
      .group = "Office",
      .sector = "55",
      .level = SKS_EMERGING,
      .zone = 2,
      .position = 5,
      .score = 2.5,
      .spans = first_spans,
      .span_count = 3 },
    { .id = "17-2051.00/advanced/ba9876543210",
      .text = "Pr\u00fcf Stra\u00dfen",
      .soc = "17-2051.00",
      .occupation = "Civil Engineers",
      .group = "Engineering",
      .level = SKS_ADVANCED,
      .position = 1,
      .score = 1.25,
      .spans = second_spans,
      .span_count = 1 },
};

static const sks_facet_value levels[] = {
    { "emerging", "Emerging", 1234, 1, NULL, 0, 0 },
    { "advanced", "Advanced", 600, 0, NULL, 0, 0 },
    { "proficient", "Proficient", 0, 0, NULL, 0, 0 },
};
static const sks_facet_value groups[] = {
    { "43", "Office & Administrative Support", 40, 0, NULL, 0, 0 },
    { "17", "Architecture & Engineering", 1, 0, NULL, 0, 0 },
};
static const sks_facet_counts facets[] = {
    { SKS_FACET_LEVEL, levels, 3, 2 },
    { SKS_FACET_GROUP, groups, 2, 20 },
};

static sks_result
some_result (void)
{
    return (sks_result) { .total = 37, .matched_all = 37, .hits = hits, .hit_count = 2, .read_as = "mail" };
}

static sks_query
some_query (const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    return query;
}

/* ------------------------------------------------------------------- core */

START_TEST (a_result_is_plain_in_a_pipe)
{
    sks_result result = some_result ();
    sks_query query = some_query ("incoming mail");
    result.read_as = "ALL(incoming mail)";
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_str_eq (written (), "1-2 of 37 statements, all words\n"
                                  "\n"
                                  "1. Incoming mail \u2014 open, sort, and route it to the right desk\n"
                                  "   emerging \u00b7 Office Clerks, General (43-9061.00) \u00b7 place 5\n"
                                  "2. Pr\u00fcf Stra\u00dfen\n"
                                  "   advanced \u00b7 Civil Engineers (17-2051.00) \u00b7 place 1\n"
                                  "\n"
                                  "More: skillsearch --offset 2 'in mail' -n2\n");
}
END_TEST

START_TEST (score_and_id_are_shown_when_asked_for)
{
    sks_result result = some_result ();
    sks_query query = some_query ("mail");
    sks_print_result (&out, &plain, &query, &result, &full);
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, " place 5\n   2.50 \u00b7 43-9061.00/emerging/0123456789ab\n"));
    ck_assert_ptr_nonnull (strstr (text, "\nMore: --offset 2\n"));
}
END_TEST

START_TEST (the_line_below_a_text_is_one_line)
{
    sks_terminal terminal = narrow;
    terminal.width = 56;
    sks_result result = some_result ();
    sks_print_hits (&out, &terminal, &result, 1, false);
    ck_assert_ptr_nonnull (
        strstr (written (), "   emerging \u00b7 Office Clerks, Gen\u2026 (43-9061.00) \u00b7 place 5\n"));
}
END_TEST

START_TEST (one_text_of_several_occupations_is_shown_once)
{
    sks_hit same[4] = { hits[0], hits[1], hits[0], hits[0] };
    same[2].soc = "43-1";
    same[2].occupation = "Others";
    same[3].level = SKS_ADVANCED; /* of the first occupation again: it is shown separately */
    sks_result result = { .total = 4, .hits = same, .hit_count = 4 };
    sks_print_hits (&out, &plain, &result, 1, false);
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, "place 5\n   also in 1 occupation: 3. Others (43-1)\n2. Pr"));
    ck_assert_ptr_null (strstr (text, "\n3. "));
    ck_assert_ptr_nonnull (strstr (text, "\n4. Incoming"));
}
END_TEST

START_TEST (a_page_ends_with_the_screen)
{
    sks_terminal terminal = narrow;
    sks_query query = some_query ("mail");
    sks_result whole = some_result ();
    sks_print_result (&out, &terminal, &query, &whole, &(sks_print_how) { .command = command });
    unsigned needed = sks_terminal_lines (&terminal, out.bytes, out.size);
    sks_buffer_clear (&out);
    for (unsigned lines = needed - 4; lines < needed + 3; lines++) {
        sks_result result = some_result ();
        size_t shown = sks_print_result (&out, &terminal, &query, &result,
                                         &(sks_print_how) { .lines = lines, .command = command });
        unsigned taken = sks_terminal_lines (&terminal, out.bytes, out.size);
        const char *text = written ();
        ck_assert_uint_eq (shown, lines < needed ? 1 : 2);
        ck_assert (shown == 1 || taken <= lines);
        ck_assert_ptr_nonnull (strstr (text, shown == 1 ? "Statement 1 of 37\n" : "1-2 of 37 statements"));
        ck_assert_ptr_nonnull (strstr (text, shown == 1 ? "--offset 1 " : "--offset 2 "));
    }
}
END_TEST

START_TEST (a_page_names_no_hit_of_the_next_one)
{
    sks_hit same[12];
    for (int i = 0; i < 12; i++)
        same[i] = hits[i % 2];
    same[11].soc = "43-1";
    same[11].text = hits[0].text;
    sks_query query = some_query ("mail");
    sks_result result = { .total = 12, .hits = same, .hit_count = 12 };
    size_t shown =
        sks_print_result (&out, &plain, &query, &result, &(sks_print_how) { .lines = 9, .command = command });
    const char *text = written ();
    ck_assert_uint_eq (shown, 2);
    ck_assert_ptr_null (strstr (text, "also in"));
    ck_assert_msg (strstr (text, "\n1. Incoming") != NULL, "numbers are as wide as those of this page: %s", text);
}
END_TEST

START_TEST (counts_are_shown_as_options_to_type_next)
{
    sks_result result = { .facets = facets, .facet_count = 2 };
    sks_print_facets_narrow (&out, &ascii, &result, true);
    ck_assert_str_eq (written (), "\n--level emerging (1,234, chosen), advanced (600)\n"
                                  "--group 43 (40, Office & Administrative Support), ...\n");
    sks_print_facets_narrow (&out, &plain, &result, false);
    ck_assert_ptr_nonnull (strstr (written (), "), 17 (1, Architecture & Engineering)\n"));
}
END_TEST

START_TEST (a_command_is_quoted_for_the_shell)
{
    static const char *const words[] = { "./sks", "it's \"a b\"", "", "a\tb\n$c", "--level=advanced", "\033", NULL };
    sks_invocation_put (&out, words, 7);
    ck_assert_str_eq (written (), "./sks --offset 7 'it'\\''s \"a b\"' '' 'a b $c' --level=advanced '\\x1b'");
}
END_TEST

START_TEST (matches_are_coloured)
{
    sks_result result = some_result ();
    sks_print_hits (&out, &colored, &result, 1, false);
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, "1. \033[1;31mIncoming\033[0m \033[1;31mmail\033[0m \u2014 open"));
    ck_assert_ptr_nonnull (strstr (text, "and \033[1;31mroute\033[0m it"));
    ck_assert_ptr_nonnull (strstr (text, "2. Pr\u00fc\033[1;31mf Stra\033[0m\u00dfen\n"));
    ck_assert_ptr_nonnull (strstr (text, "   \033[2memerging"));
}
END_TEST

START_TEST (a_narrow_terminal_gets_short_lines)
{
    sks_result result = some_result ();
    sks_print_hits (&out, &narrow, &result, 1, false);
    char *text = strdup (written ()), *rest = text, *line;
    static const char begin[] = "1. Incoming mail \u2014 open, sort, and route\n   it to the right desk\n";
    ck_assert_ptr_eq (strstr (text, begin), text);
    while ((line = strsep (&rest, "\n")))
        ck_assert_msg (sks_terminal_columns (line, strlen (line)) <= narrow.width, "%s", line);
    free (text);
}
END_TEST

START_TEST (a_match_may_continue_on_the_next_line)
{
    static const sks_span whole[] = { { 0, 55 } };
    sks_hit hit = hits[0];
    hit.spans = whole;
    hit.span_count = 1;
    sks_terminal terminal = colored;
    terminal.width = 40;
    sks_result result = { .hits = &hit, .hit_count = 1 };
    sks_print_hits (&out, &terminal, &result, 1, false);
    ck_assert_ptr_nonnull (strstr (written (), "route\033[0m\n   \033[1;31mit to"));
}
END_TEST

START_TEST (what_was_relaxed_ignored_and_suggested_is_shown)
{
    static const char *const ignored[] = { "the", "of" };
    sks_query query = some_query ("the mial of rout");
    sks_result result = some_result ();
    result.relaxed = 1;
    result.matched_all = 0;
    result.read_as = "SHARE(mial rout)";
    result.ignored = ignored;
    result.ignored_count = 2;
    result.suggestion = (sks_suggestion) { "mial", "mail", "the mail of rout", 1200 };
    sks_print_result (&out, &plain, &query, &result, &usual);
    static const char begin[] =
        "1-2 of 37 statements; none contains all words, only some of them or similar ones\n"
        "Ignored common words: the, of\n"
        "Did you mean the mail of rout? It finds 1,200 statements; --fix searches for it.\n\n1. ";
    ck_assert_int_eq (strncmp (written (), begin, strlen (begin)), 0);
    result.matched_all = 1;
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (written (), "; 1 contains all words, the others some of them or similar ones\n"));
    query.plain = 1;
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (written (), "; 1 contains all words, the others some of them\n"));
    result.read_as = "mial";
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (written (), "; 1 contains the word itself, the others similar ones\n"));
}
END_TEST

START_TEST (an_empty_result_says_what_to_try)
{
    static const char *const values[] = { "2" };
    sks_result result = { .total = 0 };
    sks_query query = some_query ("zzz yyy");
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_str_eq (written (), "Nothing found\nTry fewer or other words.\n");
    query.filter[SKS_FACET_ZONE] = (sks_filter) { values, 1, 0, 0 };
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_str_eq (written (), "Nothing found\nTry fewer or other words, or fewer filters.\n");
}
END_TEST

START_TEST (a_suggestion_can_be_pasted_into_a_shell_and_is_the_only_advice)
{
    static const char *const queries[][2] = {
        { "nurse", "nurse" },
        { "dose and rate", "dose and rate" },
        { "o'connor mail", "'o'\\''connor mail'" },
        { "\"incoming mail\" route", "'\"incoming mail\" route'" },
        { "mail*", "'mail*'" },
    };
    sks_query query = some_query ("nurze");
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        char expected[200];
        sks_result result = { .total = 0, .suggestion = { "nurze", "nurse", queries[i][0], 1 } };
        sks_print_result (&out, &plain, &query, &result, &usual);
        snprintf (expected, sizeof expected,
                  "Nothing found\nDid you mean %s? It finds 1 statement; --fix searches for it.\n", queries[i][1]);
        ck_assert_str_eq (written (), expected);
    }
}
END_TEST

START_TEST (a_single_word_has_no_other_words)
{
    static const char *const queries[] = { "mail -", " mail", "the mail", "level: advanced", " " };
    static const char *const readings[] = { "mail", "mail", "mail", "level:advanced", "*" };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        sks_result result = some_result ();
        sks_query query = some_query (queries[i]);
        result.read_as = readings[i];
        sks_print_result (&out, &plain, &query, &result, &usual);
        ck_assert_ptr_nonnull (strstr (written (), "1-2 of 37 statements\n"));
        result = (sks_result) { .read_as = readings[i] };
        sks_print_result (&out, &plain, &query, &result, &usual);
        ck_assert_str_eq (written (), "Nothing found\nTry other words.\n");
    }
    sks_result result = some_result ();
    sks_query query = some_query ("\"incoming mail\"");
    result.read_as = "\"incoming mail\"";
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (written (), "1-2 of 37 statements, all words\n"));
}
END_TEST

START_TEST (a_query_without_words_is_said_to_find_all)
{
    static const char said[] = "The query has no words: these are all statements\n";
    static const char *const texts[] = { "", " \n", NULL };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sks_result result = some_result ();
        sks_query query = some_query (texts[i]);
        result.read_as = "*";
        sks_print_result (&out, &plain, &query, &result, &usual);
        ck_assert_ptr_nonnull (strstr (written (), said));
        query.filter[SKS_FACET_LEVEL].count = 1; /* the filter says what is wanted */
        sks_print_result (&out, &plain, &query, &result, &usual);
        ck_assert_ptr_null (strstr (written (), said));
    }
    sks_result result = some_result ();
    sks_query query = some_query ("mail");
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_ptr_null (strstr (written (), said));
}
END_TEST

START_TEST (notes_that_say_the_same_are_one_line)
{
    static const sks_note notes[] = { { "bracket", 0, "a sign" },  { "other", 4, "a word" },
                                      { "bracket", 4, "a sign" },  { "absent", 0, "a sign" },
                                      { "bracket", 8, "a sign" },  { "bracket", 12, "a sign" },
                                      { "bracket", 16, "a sign" }, { "other", 99, "the end" } };
    sks_print_notes (&out, &plain, "(a) (b) (c) (d) (e)", notes, sizeof notes / sizeof *notes);
    ck_assert_str_eq (written (), "Note, \"(a)\", \"(b)\", \"(c)\" and 2 more: a sign\n"
                                  "Note, \"(b)\": a word\n"
                                  "Note: the end\n");
    static const sks_note bullets[] = { { "bullet", 0, "a bullet" }, { "bullet", 4, "a bullet" } };
    sks_print_notes (&out, &plain, "- a\n- b", bullets, 2);
    ck_assert_str_eq (written (), "Note, \"-\": a bullet\n");
    static const sks_note quotes[] = { { "quote", 0, "a mark" }, { "quote", 8, "a mark" } };
    sks_print_notes (&out, &plain, "\"sort 3 5\" x", quotes, 2);
    ck_assert_str_eq (written (), "Note, '\"sort', '5\"': a mark\n");
}
END_TEST

START_TEST (a_text_without_sentences_has_no_share)
{
    sks_mapping mapping = { .sentence_count = 0 };
    ck_assert (!sks_print_mapping (&out, &plain, &mapping, "..."));
    ck_assert_str_eq (written (), "The text has no sentences\n");
}
END_TEST

START_TEST (a_facet_without_values_has_no_heading_when_nothing_is_found)
{
    static const sks_facet_counts none[] = { { .facet = SKS_FACET_LEVEL } };
    sks_result result = { .facets = none, .facet_count = 1 };
    sks_print_facets (&out, &plain, &result);
    ck_assert_str_eq (written (), "");
    result.total = 1;
    sks_print_facets (&out, &plain, &result);
    ck_assert_str_eq (written (), "\nlevel\n  no value\n");
}
END_TEST

START_TEST (pages_are_counted_from_the_first_statement)
{
    sks_result result = some_result ();
    sks_query query = some_query ("");
    query.offset = 35;
    query.limit = 2;
    sks_print_result (&out, &plain, &query, &result, &usual);
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, "36-37 of 37 statements\n\n36. Incoming"));
    ck_assert_ptr_nonnull (strstr (text, "\n37. Pr"));
    ck_assert_ptr_null (strstr (text, "More"));
    result.hit_count = 0;
    query.offset = 50;
    sks_print_result (&out, &plain, &query, &result, &usual);
    ck_assert_str_eq (written (), "37 statements\n"
                                  "No results at this offset; use a smaller --offset.\n");
}
END_TEST

START_TEST (an_explanation_shows_reading_and_shares)
{
    sks_result result = some_result ();
    sks_query query = some_query ("mail");
    query.want = SKS_WANT_EXPLAIN;
    hits[0].shares = first_shares;
    hits[0].share_count = 3;
    sks_print_result (&out, &plain, &query, &result, &usual);
    hits[0].share_count = 0;
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, "\nRead as: mail\n"));
    ck_assert_ptr_nonnull (strstr (text, "\n   2.50 = 1.50 stem incom + 1.25 occupation mail - 0.25 group mail\n2."));
}
END_TEST

START_TEST (facets_are_bars)
{
    sks_result result = { .facets = facets, .facet_count = 2 };
    sks_print_facets (&out, &ascii, &result);
    ck_assert_str_eq (written (), "\n"
                                  "level\n"
                                  "* emerging    1,234  ####################\n"
                                  "  advanced      600  ##########\n"
                                  "  proficient      0\n"
                                  "\n"
                                  "group\n"
                                  "  43  Office & Administrative Support  40  ####################\n"
                                  "  17  Architecture & Engineering        1  #\n"
                                  "  and 18 more: --facet group:20\n");
    sks_print_facets (&out, &narrow, &result);
    const char *text = written ();
    ck_assert_ptr_nonnull (strstr (text, "  43  Office & Administ\u2026  40  \u2588"));
    ck_assert_ptr_nonnull (strstr (text, "   1  \u258e\n"));
}
END_TEST

static const sks_facet_value clerks[] = { { "43-9061.00", "Office Clerks, General", 30, 1, NULL, 0, 0 },
                                          { "43-3099.00", "Auditing", 10, 0, NULL, 0, 0 } };
static const sks_facet_value tree[] = { { "43-", "Office", 40, 0, clerks, 2, 5 }, { "99-", "99-", 0, 1, NULL, 0, 0 } };
static const sks_facet_counts tree_counts = { SKS_FACET_OCCUPATION, tree, 2, 1 };

START_TEST (occupations_of_a_tree_are_below_their_group)
{
    sks_result result = { .facets = &tree_counts, .facet_count = 1 };
    sks_print_facets (&out, &ascii, &result);
    ck_assert_str_eq (written (), "\n"
                                  "occupation\n"
                                  "  43-           Office                  40  ####################\n"
                                  "*   43-9061.00  Office Clerks, General  30  ###############\n"
                                  "    43-3099.00  Auditing                10  #####\n"
                                  "    and 3 more: --facet occupation:5\n"
                                  "* 99-                                    0\n");
    print_tsv (&result, true);
    ck_assert_str_eq (written (), "occupation\t43-\tOffice\t40\t\n"
                                  "occupation\t43-9061.00\tOffice Clerks, General\t30\tselected\n"
                                  "occupation\t43-3099.00\tAuditing\t10\t\n"
                                  "occupation\t99-\t99-\t0\tselected\n");
}
END_TEST

START_TEST (tsv_has_one_line_of_six_values_per_hit)
{
    sks_result result = some_result ();
    print_tsv (&result, false);
    ck_assert_str_eq (written (), "43-9061.00/emerging/0123456789ab\t2.5000\temerging\t43-9061.00\t"
                                  "Office Clerks, General\t"
                                  "Incoming mail \u2014 open, sort, and route it to the right desk\n"
                                  "17-2051.00/advanced/ba9876543210\t1.2500\tadvanced\t17-2051.00\t"
                                  "Civil Engineers\tPr\u00fcf Stra\u00dfen\n");
    result.facets = facets;
    result.facet_count = 1;
    print_tsv (&result, true);
    ck_assert_str_eq (written (), "level\temerging\tEmerging\t1234\tselected\n"
                                  "level\tadvanced\tAdvanced\t600\t\n"
                                  "level\tproficient\tProficient\t0\t\n");
}
END_TEST

static const char *
refusal (const sks_terminal *terminal, const char *query, int code, long at)
{
    sks_error err = { .code = code, .at = at, .text = "AND needs a word after it" };
    sks_print_failure (&out, terminal, query, &err, NULL);
    return written ();
}

START_TEST (a_caret_is_below_the_byte)
{
    ck_assert_str_eq (refusal (&plain, "mail AND", SKS_EQUERYSYNTAX, 8),
                      "skillsearch: AND needs a word after it\n"
                      "  mail AND\n"
                      "          ^\n"
                      "Correct the query at the mark. Between quotation marks, everything is a word.\n");
    ck_assert_ptr_nonnull (
        strstr (refusal (&plain, "gr\u00f6\u00dfe ) x", SKS_EQUERYSYNTAX, 8), "\n  gr\u00f6\u00dfe ) x\n        ^\n"));
    ck_assert_ptr_nonnull (
        strstr (refusal (&plain, "\u90e8\u9577 )", SKS_EQUERYSYNTAX, 7), "\n  \u90e8\u9577 )\n       ^\n"));
    ck_assert_ptr_nonnull (strstr (refusal (&plain, "a\tb )", SKS_EQUERYSYNTAX, 4), "\n  a\\x09b )\n         ^\n"));
}
END_TEST

START_TEST (only_a_refused_query_is_shown)
{
    ck_assert_ptr_null (strchr (refusal (&plain, "mail", SKS_ECONNECT, -1), '^'));
    ck_assert_ptr_null (strchr (refusal (&plain, "mail", SKS_EBADREQUEST, 3), '^'));
    ck_assert_ptr_null (strchr (refusal (&plain, NULL, SKS_EQUERYSYNTAX, 3), '^'));
    ck_assert_ptr_nonnull (strstr (refusal (&plain, "mail", SKS_EDEADLINE, -1), "--timeout"));
}
END_TEST

START_TEST (no_json_pointer_is_shown)
{
    static const char *const cases[][2] = {
        { "/filter/sector/0: no sector is called \"x\"", "skillsearch: --sector: no sector is called \"x\"\n" },
        { "/filter/occupation/12: x", "skillsearch: --occupation: x\n" },
        { "/filter/version: x", "skillsearch: --framework-version: x\n" },
        { "/limit: at most 100", "skillsearch: limit: at most 100\n" },
        { "/hits/0/id: missing", "skillsearch: hits 0 id: missing\n" },
        { "/keys is not there", "skillsearch: /keys is not there\n" },
        { "no place: /a", "skillsearch: no place: /a\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_error err = { .code = SKS_EPROTOCOL, .at = -1 };
        snprintf (err.text, sizeof err.text, "%s", cases[i][0]);
        sks_print_failure (&out, &plain, NULL, &err, NULL);
        ck_assert_int_eq (strncmp (written (), cases[i][1], strlen (cases[i][1])), 0);
    }
}
END_TEST

START_TEST (a_path_is_not_mistaken_for_a_json_pointer)
{
    static const int codes[] = { SKS_EINVALID, SKS_EIO, SKS_EAUTH };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sks_error err = { .code = codes[i], .at = -1, .text = "/filter/keys/x_secret: No such file or directory" };
        sks_print_failure (&out, &plain, NULL, &err, NULL);
        ck_assert_ptr_nonnull (strstr (written (), "skillsearch: /filter/keys/x_secret: No such file or directory\n"));
    }
}
END_TEST

START_TEST (statistics_are_readable)
{
    static const sks_figure figures[] = {
        { "", "generation", 12 },         { "index", "statements", 40640 },
        { "process", "uptime_s", 93784 }, { "process", "resident_bytes", 1572864 },
        { "new", "share", 0.25 },         { "process", "open_descriptors", 21 },
    };
    static const sks_named_count replies[] = { { "ok", 3 }, { "busy", 0 } };
    static const double bounds[] = { 1, 512, 2048, HUGE_VAL };
    static const uint64_t counts[] = { 0, 90, 8, 2 };
    const sks_daemon_stats stats = {
        .version = "9\033[2J",
        .figures = figures,
        .figure_count = sizeof figures / sizeof *figures,
        .all = { .replies = replies, .reply_count = 2, .counts = counts },
        .bounds_us = bounds,
        .bound_count = 4,
    };
    sks_print_stats (&out, &stats);
    ck_assert_str_eq (written (), "version                   9\\x1b[2J\n"
                                  "generation                12\n"
                                  "index statements          40,640\n"
                                  "process uptime            1 d 2 h 3 min 4 s\n"
                                  "process resident          1.5 MiB\n"
                                  "new share                 0.25\n"
                                  "process open_descriptors  21\n"
                                  "replies ok                3\n"
                                  "latency of 50 %           under 0.512 ms\n"
                                  "latency of 95 %           under 2.0 ms\n"
                                  "latency of 99 %           above the measured range\n");
}
END_TEST

/* ----------------------------------------------------------------- limits */

START_TEST (control_characters_are_escaped)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        { "\033[31mred", "\\x1b[31mred" },
        { "a\tb\nc\r", "a\\x09b\\x0ac\\x0d" },
        { "\177", "\\x7f" },
        { "\xc2\x9b"
          "1m",
          "\\u009b1m" },
        { "\u202e right to left", "\\u202e right to left" },
        { "\u2028", "\\u2028" },
        { "\xff\xc3", "\\xff\\xc3" },
        { "\xed\xa0\x80", "\\xed\\xa0\\x80" },
        { "\xc0\xaf", "\\xc0\\xaf" },
        { "caf\u00e9 \u2014 \u90e8", "caf\u00e9 \u2014 \u90e8" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_terminal_puts (&out, cases[i].text);
        ck_assert_uint_eq (sks_terminal_columns (cases[i].text, strlen (cases[i].text)),
                           sks_terminal_columns (cases[i].shown, strlen (cases[i].shown)));
        ck_assert_str_eq (written (), cases[i].shown);
    }
}
END_TEST

START_TEST (hostile_values_do_not_break_lines_or_columns)
{
    sks_hit hit = hits[0];
    hit.text = "a\tb\nc\033[2J";
    hit.occupation = "x\ty";
    hit.span_count = 0;
    sks_result result = { .hits = &hit, .hit_count = 1 };
    print_tsv (&result, false);
    const char *text = written ();
    ck_assert_ptr_eq (strchr (text, '\n'), text + strlen (text) - 1);
    int tabs = 0;
    for (const char *c = text; *c; c++)
        tabs += *c == '\t';
    ck_assert_int_eq (tabs, 5);
    sks_print_hits (&out, &plain, &result, 1, false);
    ck_assert_ptr_null (strchr (written (), '\033'));
}
END_TEST

START_TEST (a_long_query_is_shown_around_the_caret)
{
    char query[2049];
    memset (query, 'x', sizeof query - 1);
    query[sizeof query - 1] = '\0';
    for (long at = 0; at <= 2048; at += 64) {
        char *text = strdup (refusal (&narrow, query, SKS_EQUERYSYNTAX, at)), *rest = text, *line;
        strsep (&rest, "\n");
        size_t columns = sks_terminal_columns (rest, strcspn (rest, "\n"));
        ck_assert_uint_le (columns, narrow.width);
        strsep (&rest, "\n");
        line = strsep (&rest, "\n");
        ck_assert_uint_le (strlen (line), columns + 1);
        ck_assert_int_eq (line[strlen (line) - 1], '^');
        free (text);
    }
}
END_TEST

START_TEST (a_position_beyond_the_query_is_its_end)
{
    ck_assert_ptr_nonnull (strstr (refusal (&plain, "mail", SKS_ETOOCOMPLEX, 4000), "\n  mail\n      ^\n"));
    ck_assert_ptr_nonnull (strstr (refusal (&plain, "", SKS_EQUERYSYNTAX, 0), "\n  \n  ^\n"));
}
END_TEST

Suite *
suite_print (void)
{
    Suite *suite = suite_create ("print");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, NULL, forget);
    tcase_add_checked_fixture (limits, NULL, forget);
    tcase_add_test (core, a_result_is_plain_in_a_pipe);
    tcase_add_test (core, score_and_id_are_shown_when_asked_for);
    tcase_add_test (core, the_line_below_a_text_is_one_line);
    tcase_add_test (core, one_text_of_several_occupations_is_shown_once);
    tcase_add_test (core, a_page_ends_with_the_screen);
    tcase_add_test (core, a_page_names_no_hit_of_the_next_one);
    tcase_add_test (core, counts_are_shown_as_options_to_type_next);
    tcase_add_test (core, a_command_is_quoted_for_the_shell);
    tcase_add_test (core, matches_are_coloured);
    tcase_add_test (core, a_narrow_terminal_gets_short_lines);
    tcase_add_test (core, a_match_may_continue_on_the_next_line);
    tcase_add_test (core, what_was_relaxed_ignored_and_suggested_is_shown);
    tcase_add_test (core, an_empty_result_says_what_to_try);
    tcase_add_test (core, a_suggestion_can_be_pasted_into_a_shell_and_is_the_only_advice);
    tcase_add_test (core, a_single_word_has_no_other_words);
    tcase_add_test (core, notes_that_say_the_same_are_one_line);
    tcase_add_test (core, a_query_without_words_is_said_to_find_all);
    tcase_add_test (core, a_text_without_sentences_has_no_share);
    tcase_add_test (core, a_facet_without_values_has_no_heading_when_nothing_is_found);
    tcase_add_test (core, pages_are_counted_from_the_first_statement);
    tcase_add_test (core, an_explanation_shows_reading_and_shares);
    tcase_add_test (core, facets_are_bars);
    tcase_add_test (core, occupations_of_a_tree_are_below_their_group);
    tcase_add_test (core, tsv_has_one_line_of_six_values_per_hit);
    tcase_add_test (core, a_caret_is_below_the_byte);
    tcase_add_test (core, only_a_refused_query_is_shown);
    tcase_add_test (core, no_json_pointer_is_shown);
    tcase_add_test (core, a_path_is_not_mistaken_for_a_json_pointer);
    tcase_add_test (core, statistics_are_readable);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, control_characters_are_escaped);
    tcase_add_test (limits, hostile_values_do_not_break_lines_or_columns);
    tcase_add_test (limits, a_long_query_is_shown_around_the_caret);
    tcase_add_test (limits, a_position_beyond_the_query_is_its_end);
    suite_add_tcase (suite, limits);
    return suite;
}
