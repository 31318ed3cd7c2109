/* check_print_hits.c - statements as text and as rows. */
#include <check.h>

#include "client/print.h"
#include "client/sheet.h"
#include "tests/support/printed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_print_hits (void);

static void
print_tsv (const sks_result *result)
{
    sks_table table = { .out = &printed, .format = SKS_TABLE_TSV, .flags = SKS_TABLE_BARE };
    sks_sheet_hits (&table, result);
}

START_TEST (the_line_below_a_text_is_one_line)
{
    sks_terminal terminal = narrow_terminal;
    terminal.width = 56;
    sks_result result = sample_result ();
    sks_print_hits (&printed, &terminal, &result, 1, false);
    ck_assert_ptr_nonnull (
        strstr (printed_text (), "   emerging \u00b7 Office Clerks, Gen\u2026 (43-9061.00) \u00b7 place 5\n"));
}
END_TEST

START_TEST (one_text_of_several_occupations_is_shown_once)
{
    sks_hit same[4] = { sample_hits[0], sample_hits[1], sample_hits[0], sample_hits[0] };
    same[2].soc = "43-1";
    same[2].occupation = "Others";
    same[3].level = SKS_ADVANCED; /* of the first occupation again: it is shown separately */
    sks_result result = { .total = 4, .hits = same, .hit_count = 4 };
    sks_print_hits (&printed, &plain_terminal, &result, 1, false);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "place 5\n   also in 1 occupation: 3. Others (43-1)\n2. Pr"));
    ck_assert_ptr_null (strstr (text, "\n3. "));
    ck_assert_ptr_nonnull (strstr (text, "\n4. Incoming"));
}
END_TEST

#define FEW_HITS 60
#define MANY_HITS 100000

/* The first hit with the text of this one. */
static size_t
find_first (const sks_hit *hits, size_t at)
{
    size_t i = 0;
    while (strcmp (hits[i].text, hits[at].text) != 0)
        i++;
    return i;
}

/* The same, compared hit by hit. */
static void
print_slowly (char *out, const sks_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp (hits[find_first (hits, i)].soc, hits[i].soc) != 0)
            continue;
        size_t under = 0;
        char list[4096] = "", *end = list;
        for (size_t k = i + 1; k < count; k++)
            if (find_first (hits, k) == i && strcmp (hits[i].soc, hits[k].soc) != 0)
                end += sprintf (end, "%s %zu. Title (%s)", under++ ? "," : "", k + 1, hits[k].soc);
        out += sprintf (out, "%2zu. %s\n    emerging \u00b7 Title (%s)\n", i + 1, hits[i].text, hits[i].soc);
        if (under)
            out += sprintf (out, "    also in %zu occupation%s:%s\n", under, under == 1 ? "" : "s", list);
    }
}

START_TEST (hits_are_grouped_as_if_each_was_compared_with_all_others)
{
    static const char *const texts[] = { "a", "b", "ab", "", "c" }, *const socs[] = { "11-1", "11-2", "43-1" };
    static char expected[65536];
    sks_hit hits[FEW_HITS];
    sks_result result = { .total = FEW_HITS, .hits = hits, .hit_count = FEW_HITS };
    srand (7);
    for (size_t i = 0; i < FEW_HITS; i++)
        hits[i] = (sks_hit) { .id = "",
                              .text = texts[rand () % 5],
                              .soc = socs[rand () % 3],
                              .occupation = "Title",
                              .group = "",
                              .level = SKS_EMERGING };
    print_slowly (expected, hits, FEW_HITS);
    sks_print_hits (&printed, &plain_terminal, &result, 1, false);
    ck_assert_str_eq (sks_buffer_text (&printed), expected);
}
END_TEST

/* Hits with a text each, which differ at their ends, or with one text; in a few occupations. Caller owns them. */
static sks_hit *
make_hits (char (*texts)[100], bool same)
{
    sks_hit *hits = calloc (MANY_HITS, sizeof *hits);
    ck_assert_ptr_nonnull (hits);
    for (size_t i = 0; i < MANY_HITS; i++) {
        snprintf (texts[i], sizeof texts[i], "%090zu", same ? 0 : i);
        hits[i] = sample_hits[i % 2];
        hits[i].text = texts[i];
        hits[i].span_count = 0;
    }
    return hits;
}

/* A hostile server may send 30,000 hits, however few were requested. If each was compared with all others, this test
 * would take minutes. */
START_TEST (every_hit_of_a_large_reply_is_shown)
{
    static char texts[MANY_HITS][100];
    for (int same = 0; same < 2; same++) {
        sks_hit *hits = make_hits (texts, same);
        sks_result result = { .total = MANY_HITS, .hits = hits, .hit_count = MANY_HITS };
        sks_print_hits (&printed, &plain_terminal, &result, 1, false);
        const char *text = sks_buffer_text (&printed);
        ck_assert_ptr_nonnull (text);
        ck_assert_ptr_nonnull (strstr (text, same ? "also in 50000 occupations: 2. Civil" : "\n100000. 00"));
        ck_assert (!strstr (text, "also in") == !same);
        sks_buffer_clear (&printed);
        free (hits);
    }
}
END_TEST

START_TEST (no_more_hits_are_written_than_fit)
{
    static char texts[MANY_HITS][100];
    sks_hit *hits = make_hits (texts, false);
    sks_result result = { .total = MANY_HITS, .hits = hits, .hit_count = MANY_HITS };
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, false, 11), 5);
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, false, 10), 5);
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, true, 10), 3);
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, false, 0), 1);
    result.hit_count = 4;
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, false, 11), 4);
    result.hit_count = 0;
    ck_assert_uint_eq (sks_print_hits_that_fit (&plain_terminal, &result, 1, false, 11), 0);
    free (hits);
}
END_TEST

START_TEST (matches_are_coloured)
{
    sks_result result = sample_result ();
    sks_print_hits (&printed, &colored_terminal, &result, 1, false);
    const char *text = printed_text ();
    ck_assert_ptr_nonnull (strstr (text, "1. \033[1;31mIncoming\033[0m \033[1;31mmail\033[0m \u2014 open"));
    ck_assert_ptr_nonnull (strstr (text, "and \033[1;31mroute\033[0m it"));
    ck_assert_ptr_nonnull (strstr (text, "2. Pr\u00fc\033[1;31mf Stra\033[0m\u00dfen\n"));
    ck_assert_ptr_nonnull (strstr (text, "   \033[2memerging"));
}
END_TEST

START_TEST (a_narrow_terminal_gets_short_lines)
{
    sks_result result = sample_result ();
    sks_print_hits (&printed, &narrow_terminal, &result, 1, false);
    char *text = strdup (printed_text ()), *rest = text, *line;
    static const char begin[] = "1. Incoming mail \u2014 open, sort, and route\n   it to the right desk\n";
    ck_assert_ptr_eq (strstr (text, begin), text);
    while ((line = strsep (&rest, "\n")))
        ck_assert_msg (sks_terminal_columns (line, strlen (line)) <= narrow_terminal.width, "%s", line);
    free (text);
}
END_TEST

START_TEST (a_match_may_continue_on_the_next_line)
{
    static const sks_span whole[] = { { 0, 55 } };
    sks_hit hit = sample_hits[0];
    hit.spans = whole;
    hit.span_count = 1;
    sks_terminal terminal = colored_terminal;
    terminal.width = 40;
    sks_result result = { .hits = &hit, .hit_count = 1 };
    sks_print_hits (&printed, &terminal, &result, 1, false);
    ck_assert_ptr_nonnull (strstr (printed_text (), "route\033[0m\n   \033[1;31mit to"));
}
END_TEST

START_TEST (tsv_has_one_line_of_six_values_per_hit)
{
    sks_result result = sample_result ();
    print_tsv (&result);
    ck_assert_str_eq (printed_text (), "43-9061.00/emerging/0123456789ab\t2.5000\temerging\t43-9061.00\t"
                                       "Office Clerks, General\t"
                                       "Incoming mail \u2014 open, sort, and route it to the right desk\n"
                                       "17-2051.00/advanced/ba9876543210\t1.2500\tadvanced\t17-2051.00\t"
                                       "Civil Engineers\tPr\u00fcf Stra\u00dfen\n");
}
END_TEST

START_TEST (hostile_values_do_not_break_lines_or_columns)
{
    sks_hit hit = sample_hits[0];
    hit.text = "a\tb\nc\033[2J";
    hit.occupation = "x\ty";
    hit.span_count = 0;
    sks_result result = { .hits = &hit, .hit_count = 1 };
    print_tsv (&result);
    const char *text = printed_text ();
    ck_assert_ptr_eq (strchr (text, '\n'), text + strlen (text) - 1);
    int tabs = 0;
    for (const char *c = text; *c; c++)
        tabs += *c == '\t';
    ck_assert_int_eq (tabs, 5);
    sks_print_hits (&printed, &plain_terminal, &result, 1, false);
    ck_assert_ptr_null (strchr (printed_text (), '\033'));
}
END_TEST

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
        sks_terminal_puts (&printed, cases[i].text);
        ck_assert_uint_eq (sks_terminal_columns (cases[i].text, strlen (cases[i].text)),
                           sks_terminal_columns (cases[i].shown, strlen (cases[i].shown)));
        ck_assert_str_eq (printed_text (), cases[i].shown);
    }
}
END_TEST

Suite *
suite_print_hits (void)
{
    Suite *suite = suite_create ("print_hits");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, NULL, printed_forget);
    tcase_add_checked_fixture (limits, NULL, printed_forget);
    tcase_add_test (core, the_line_below_a_text_is_one_line);
    tcase_add_test (core, one_text_of_several_occupations_is_shown_once);
    tcase_add_test (core, hits_are_grouped_as_if_each_was_compared_with_all_others);
    tcase_add_test (core, matches_are_coloured);
    tcase_add_test (core, a_narrow_terminal_gets_short_lines);
    tcase_add_test (core, a_match_may_continue_on_the_next_line);
    tcase_add_test (core, tsv_has_one_line_of_six_values_per_hit);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, hostile_values_do_not_break_lines_or_columns);
    tcase_add_test (limits, control_characters_are_escaped);
    tcase_add_test (limits, every_hit_of_a_large_reply_is_shown);
    tcase_add_test (limits, no_more_hits_are_written_than_fit);
    suite_add_tcase (suite, limits);
    return suite;
}
