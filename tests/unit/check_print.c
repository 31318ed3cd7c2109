/* check_print.c - results as text: heading, how the query was read, notes, how to continue; statistics. */
#include <check.h>

#include "client/invocation.h"
#include "client/print.h"
#include "tests/support/printed.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

Suite *suite_print (void);

static const char *const command[] = { "skillsearch", "in mail", "-n2", NULL };
static const sks_print_how full = { .full = true, .bars = true };
static const sks_print_how usual = { .bars = true, .command = command };

static sks_query
some_query (const char *text)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    return query;
}

START_TEST (a_result_is_plain_in_a_pipe)
{
    sks_result result = sample_result ();
    sks_query query = some_query ("incoming mail");
    result.read_as = "ALL(incoming mail)";
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_str_eq (printed_text (), "1-2 of 37 statements, all words\n"
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
    sks_result result = sample_result ();
    sks_query query = some_query ("mail");
    sks_print_result (&printed, &plain_terminal, &query, &result, &full);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, " place 5\n   2.50 \u00b7 43-9061.00/emerging/0123456789ab\n"));
    ck_assert_ptr_nonnull (strstr (text, "\nMore: --offset 2\n"));
}
END_TEST

START_TEST (a_page_ends_with_the_screen)
{
    sks_terminal terminal = narrow_terminal;
    sks_query query = some_query ("mail");
    sks_result whole = sample_result ();
    sks_print_result (&printed, &terminal, &query, &whole, &(sks_print_how) { .command = command });
    unsigned needed = sks_terminal_lines (&terminal, printed.bytes, printed.size);
    sks_buffer_clear (&printed);
    for (unsigned lines = needed - 4; lines < needed + 3; lines++) {
        sks_result result = sample_result ();
        size_t shown = sks_print_result (&printed, &terminal, &query, &result,
                                         &(sks_print_how) { .lines = lines, .command = command });
        unsigned taken = sks_terminal_lines (&terminal, printed.bytes, printed.size);
        const char *text = printed_text ();
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
        same[i] = sample_hits[i % 2];
    same[11].soc = "43-1";
    same[11].text = sample_hits[0].text;
    sks_query query = some_query ("mail");
    sks_result result = { .total = 12, .hits = same, .hit_count = 12 };
    size_t shown = sks_print_result (&printed, &plain_terminal, &query, &result,
                                     &(sks_print_how) { .lines = 9, .command = command });
    const char *text = printed_text ();
    ck_assert_uint_eq (shown, 2);
    ck_assert_ptr_null (strstr (text, "also in"));
    ck_assert_msg (strstr (text, "\n1. Incoming") != NULL, "numbers are as wide as those of this page: %s", text);
}
END_TEST

START_TEST (a_command_is_quoted_for_the_shell)
{
    static const char *const words[] = { "./sks", "it's \"a b\"", "", "a\tb\n$c", "--level=advanced", "\033", NULL };
    sks_invocation_put (&printed, words, 7);
    ck_assert_str_eq (printed_text (), "./sks --offset 7 'it'\\''s \"a b\"' '' 'a b $c' --level=advanced '\\x1b'");
}
END_TEST

START_TEST (what_was_relaxed_ignored_and_suggested_is_shown)
{
    static const char *const ignored[] = { "the", "of" };
    sks_query query = some_query ("the mial of rout");
    sks_result result = sample_result ();
    result.relaxed = 1;
    result.matched_all = 0;
    result.read_as = "SHARE(mial rout)";
    result.ignored = ignored;
    result.ignored_count = 2;
    result.suggestion = (sks_suggestion) { "mial", "mail", "the mail of rout", 1200 };
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    static const char begin[] =
        "1-2 of 37 statements; none contains all words, only some of them or similar ones\n"
        "Ignored common words: the, of\n"
        "Did you mean the mail of rout? It finds 1,200 statements; --fix searches for it.\n\n1. ";
    ck_assert_int_eq (strncmp (printed_text (), begin, strlen (begin)), 0);
    result.matched_all = 1;
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_ptr_nonnull (
        strstr (printed_text (), "; 1 contains all words, the others some of them or similar ones\n"));
    query.plain = 1;
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (printed_text (), "; 1 contains all words, the others some of them\n"));
    result.read_as = "mial";
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (printed_text (), "; 1 contains the word itself, the others similar ones\n"));
}
END_TEST

START_TEST (how_many_statements_have_all_words_is_said_of_one_of_some_and_of_all)
{
    static const struct {
        uint64_t total, all;
        const char *read_as, *heading;
    } cases[] = {
        { 1, 0, "SHARE(mial rout)", "1 statement; it does not contain all words, only some of them or similar ones\n" },
        { 1, 0, "mial", "1 statement; it does not contain the word itself, only similar ones\n" },
        { 2, 0, "SHARE(mial rout)", "2 statements; none contains all words, only some of them or similar ones\n" },
        { 2, 1, "SHARE(mial rout)", "2 statements; 1 contains all words, the other some of them or similar ones\n" },
        { 3, 2, "mial", "3 statements; 2 contain the word itself, the other similar ones\n" },
        { 3, 1, "SHARE(mial rout)", "3 statements; 1 contains all words, the others some of them or similar ones\n" },
        { 1, 1, "SHARE(mial rout)", "1 statement, all words\n" },
        { 2, 2, "SHARE(mial rout)", "2 statements, all words\n" },
        { 2, 2, "mial", "2 statements\n" },
    };
    sks_query query = some_query ("mial rout");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_result result = sample_result ();
        result.total = cases[i].total;
        result.matched_all = cases[i].all;
        result.hit_count = cases[i].total < 2 ? 1 : 2;
        result.relaxed = 1;
        result.read_as = cases[i].read_as;
        query.limit = (uint32_t) cases[i].total;
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        const char *text = printed_text (), *expected = cases[i].heading;
        bool cut = cases[i].total > result.hit_count; /* "1-2 of 3 statements" */
        ck_assert_msg (strncmp (text + (cut ? strlen ("1-2 of ") : 0), expected, strlen (expected)) == 0,
                       "case %zu: %.*s", i, (int) strcspn (text, "\n"), text);
    }
}
END_TEST

START_TEST (an_empty_result_says_what_to_try)
{
    static const char *const values[] = { "2" };
    sks_result result = { .total = 0 };
    sks_query query = some_query ("zzz yyy");
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_str_eq (printed_text (), "Nothing found\nTry fewer or other words.\n");
    query.filter[SKS_FACET_ZONE] = (sks_filter) { values, 1, 0, 0 };
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_str_eq (printed_text (), "Nothing found\nTry fewer or other words, or fewer filters.\n");
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
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        snprintf (expected, sizeof expected,
                  "Nothing found\nDid you mean %s? It finds 1 statement; --fix searches for it.\n", queries[i][1]);
        ck_assert_str_eq (printed_text (), expected);
    }
}
END_TEST

START_TEST (a_single_word_has_no_other_words)
{
    static const char *const queries[] = { "mail -", " mail", "the mail", "level: advanced", " " };
    static const char *const readings[] = { "mail", "mail", "mail", "level:advanced", "*" };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        sks_result result = sample_result ();
        sks_query query = some_query (queries[i]);
        result.read_as = readings[i];
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        ck_assert_ptr_nonnull (strstr (printed_text (), "1-2 of 37 statements\n"));
        result = (sks_result) { .read_as = readings[i] };
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        ck_assert_str_eq (printed_text (), "Nothing found\nTry other words.\n");
    }
    sks_result result = sample_result ();
    sks_query query = some_query ("\"incoming mail\"");
    result.read_as = "\"incoming mail\"";
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_ptr_nonnull (strstr (printed_text (), "1-2 of 37 statements, all words\n"));
}
END_TEST

START_TEST (a_query_without_words_is_said_to_find_all)
{
    static const char said[] = "The query has no words: these are all statements\n";
    static const char *const texts[] = { "", " \n", NULL };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sks_result result = sample_result ();
        sks_query query = some_query (texts[i]);
        result.read_as = "*";
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        ck_assert_ptr_nonnull (strstr (printed_text (), said));
        query.filter[SKS_FACET_LEVEL].count = 1; /* the filter says what is wanted */
        sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
        ck_assert_ptr_null (strstr (printed_text (), said));
    }
    sks_result result = sample_result ();
    sks_query query = some_query ("mail");
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_ptr_null (strstr (printed_text (), said));
}
END_TEST

START_TEST (notes_that_say_the_same_are_one_line)
{
    static const sks_note notes[] = { { "bracket", 0, "a sign" },  { "other", 4, "a word" },
                                      { "bracket", 4, "a sign" },  { "absent", 0, "a sign" },
                                      { "bracket", 8, "a sign" },  { "bracket", 12, "a sign" },
                                      { "bracket", 16, "a sign" }, { "other", 99, "the end" } };
    sks_print_notes (&printed, &plain_terminal, "(a) (b) (c) (d) (e)", notes, sizeof notes / sizeof *notes);
    ck_assert_str_eq (printed_text (), "Note, \"(a)\", \"(b)\", \"(c)\" and 2 more: a sign\n"
                                       "Note, \"(b)\": a word\n"
                                       "Note: the end\n");
    static const sks_note bullets[] = { { "bullet", 0, "a bullet" }, { "bullet", 4, "a bullet" } };
    sks_print_notes (&printed, &plain_terminal, "- a\n- b", bullets, 2);
    ck_assert_str_eq (printed_text (), "Note, \"-\": a bullet\n");
    static const sks_note quotes[] = { { "quote", 0, "a mark" }, { "quote", 8, "a mark" } };
    sks_print_notes (&printed, &plain_terminal, "\"sort 3 5\" x", quotes, 2);
    ck_assert_str_eq (printed_text (), "Note, '\"sort', '5\"': a mark\n");
}
END_TEST

/* Each note is compared with all others, and a hostile server can send many. */
START_TEST (no_more_notes_are_shown_than_a_daemon_sends)
{
    static sks_note notes[SKS_MAX_QUERY_NOTES + 1];
    static char texts[SKS_MAX_QUERY_NOTES + 1][4];
    for (size_t i = 0; i <= SKS_MAX_QUERY_NOTES; i++) {
        snprintf (texts[i], sizeof texts[i], "%zu", i + 1);
        notes[i] = (sks_note) { "other", 99, texts[i] };
    }
    sks_print_notes (&printed, &plain_terminal, "", notes, SKS_MAX_QUERY_NOTES + 1);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "Note: 32\n"));
    ck_assert_ptr_null (strstr (text, "Note: 33\n"));
}
END_TEST

START_TEST (a_text_without_sentences_has_no_share)
{
    sks_mapping mapping = { .sentence_count = 0 };
    ck_assert (!sks_print_mapping (&printed, &plain_terminal, &mapping, "..."));
    ck_assert_str_eq (printed_text (), "The text has no sentences\n");
}
END_TEST

START_TEST (pages_are_counted_from_the_first_statement)
{
    sks_result result = sample_result ();
    sks_query query = some_query ("");
    query.offset = 35;
    query.limit = 2;
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "36-37 of 37 statements\n\n36. Incoming"));
    ck_assert_ptr_nonnull (strstr (text, "\n37. Pr"));
    ck_assert_ptr_null (strstr (text, "More"));
    result.hit_count = 0;
    query.offset = 50;
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    ck_assert_str_eq (printed_text (), "37 statements\n"
                                       "No results at this offset; use a smaller --offset.\n");
}
END_TEST

START_TEST (an_explanation_shows_reading_and_shares)
{
    static const sks_share shares[] = { { "stem", "incom", 1.5, NULL },
                                        { "occupation", "mail", 1.25, NULL },
                                        { "group", "mail", -0.25, NULL } };
    sks_hit hits[2] = { sample_hits[0], sample_hits[1] };
    sks_result result = sample_result ();
    sks_query query = some_query ("mail");
    query.want = SKS_WANT_EXPLAIN;
    result.hits = hits;
    hits[0].shares = shares;
    hits[0].share_count = 3;
    sks_print_result (&printed, &plain_terminal, &query, &result, &usual);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "\nRead as: mail\n"));
    ck_assert_ptr_nonnull (strstr (text, "\n   2.50 = 1.50 stem incom + 1.25 occupation mail - 0.25 group mail\n2."));
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
    sks_print_stats (&printed, &stats);
    ck_assert_str_eq (printed_text (), "version                   9\\x1b[2J\n"
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

Suite *
suite_print (void)
{
    Suite *suite = suite_create ("print");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, NULL, printed_forget);
    tcase_add_test (core, a_result_is_plain_in_a_pipe);
    tcase_add_test (core, score_and_id_are_shown_when_asked_for);
    tcase_add_test (core, a_page_ends_with_the_screen);
    tcase_add_test (core, a_page_names_no_hit_of_the_next_one);
    tcase_add_test (core, a_command_is_quoted_for_the_shell);
    tcase_add_test (core, what_was_relaxed_ignored_and_suggested_is_shown);
    tcase_add_test (core, how_many_statements_have_all_words_is_said_of_one_of_some_and_of_all);
    tcase_add_test (core, an_empty_result_says_what_to_try);
    tcase_add_test (core, a_suggestion_can_be_pasted_into_a_shell_and_is_the_only_advice);
    tcase_add_test (core, a_single_word_has_no_other_words);
    tcase_add_test (core, no_more_notes_are_shown_than_a_daemon_sends);
    tcase_add_test (core, a_query_without_words_is_said_to_find_all);
    tcase_add_test (core, notes_that_say_the_same_are_one_line);
    tcase_add_test (core, a_text_without_sentences_has_no_share);
    tcase_add_test (core, pages_are_counted_from_the_first_statement);
    tcase_add_test (core, an_explanation_shows_reading_and_shares);
    tcase_add_test (core, statistics_are_readable);
    suite_add_tcase (suite, core);
    return suite;
}
