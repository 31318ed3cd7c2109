/* check_print_failure.c - failures as text: the caret below a query, names of options, advice. */
#include <check.h>

#include "client/print.h"
#include "tests/support/printed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_print_failure (void);

static const char *
refusal (const sks_terminal *terminal, const char *query, int code, long at)
{
    sks_error err = { .code = code, .at = at, .text = "AND needs a word after it" };
    sks_print_failure (&printed, terminal, query, &err, NULL);
    return printed_text ();
}

START_TEST (a_caret_is_below_the_byte)
{
    ck_assert_str_eq (refusal (&plain_terminal, "mail AND", SKS_EQUERYSYNTAX, 8),
                      "skillsearch: AND needs a word after it\n"
                      "  mail AND\n"
                      "          ^\n"
                      "Correct the query at the mark. Between quotation marks, everything is a word.\n");
    ck_assert_ptr_nonnull (strstr (refusal (&plain_terminal, "gr\u00f6\u00dfe ) x", SKS_EQUERYSYNTAX, 8),
                                   "\n  gr\u00f6\u00dfe ) x\n        ^\n"));
    ck_assert_ptr_nonnull (
        strstr (refusal (&plain_terminal, "\u90e8\u9577 )", SKS_EQUERYSYNTAX, 7), "\n  \u90e8\u9577 )\n       ^\n"));
    ck_assert_ptr_nonnull (
        strstr (refusal (&plain_terminal, "a\tb )", SKS_EQUERYSYNTAX, 4), "\n  a\\x09b )\n         ^\n"));
}
END_TEST

START_TEST (only_a_refused_query_is_shown)
{
    ck_assert_ptr_null (strchr (refusal (&plain_terminal, "mail", SKS_ECONNECT, -1), '^'));
    ck_assert_ptr_null (strchr (refusal (&plain_terminal, "mail", SKS_EBADREQUEST, 3), '^'));
    ck_assert_ptr_null (strchr (refusal (&plain_terminal, NULL, SKS_EQUERYSYNTAX, 3), '^'));
    ck_assert_ptr_nonnull (strstr (refusal (&plain_terminal, "mail", SKS_EDEADLINE, -1), "--timeout"));
}
END_TEST

START_TEST (no_json_pointer_is_shown)
{
    static const char *const cases[][2] = {
        { "/filter/sector/0: no sector is called \"x\"", "skillsearch: --sector: no sector is called \"x\"\n" },
        { "/filter/occupation/12: x", "skillsearch: --occupation: x\n" },
        { "/filter/version: x", "skillsearch: --framework-version: x\n" },
        { "/q: at most 2048 bytes", "skillsearch: the query: at most 2048 bytes\n" },
        { "/limit: at most 100", "skillsearch: limit: at most 100\n" },
        { "/hits/0/id: missing", "skillsearch: hits 0 id: missing\n" },
        { "/keys is not there", "skillsearch: /keys is not there\n" },
        { "no place: /a", "skillsearch: no place: /a\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_error err = { .code = SKS_EPROTOCOL, .at = -1 };
        snprintf (err.text, sizeof err.text, "%s", cases[i][0]);
        sks_print_failure (&printed, &plain_terminal, NULL, &err, NULL);
        ck_assert_int_eq (strncmp (printed_text (), cases[i][1], strlen (cases[i][1])), 0);
    }
}
END_TEST

START_TEST (a_path_is_not_mistaken_for_a_json_pointer)
{
    static const int codes[] = { SKS_EINVALID, SKS_EIO, SKS_EAUTH };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sks_error err = { .code = codes[i], .at = -1, .text = "/filter/keys/x_secret: No such file or directory" };
        sks_print_failure (&printed, &plain_terminal, NULL, &err, NULL);
        ck_assert_ptr_nonnull (
            strstr (printed_text (), "skillsearch: /filter/keys/x_secret: No such file or directory\n"));
    }
}
END_TEST

START_TEST (a_long_query_is_shown_around_the_caret)
{
    char query[2049];
    memset (query, 'x', sizeof query - 1);
    query[sizeof query - 1] = '\0';
    for (long at = 0; at <= 2048; at += 64) {
        char *text = strdup (refusal (&narrow_terminal, query, SKS_EQUERYSYNTAX, at)), *rest = text, *line;
        strsep (&rest, "\n");
        size_t columns = sks_terminal_columns (rest, strcspn (rest, "\n"));
        ck_assert_uint_le (columns, narrow_terminal.width);
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
    ck_assert_ptr_nonnull (strstr (refusal (&plain_terminal, "mail", SKS_ETOOCOMPLEX, 4000), "\n  mail\n      ^\n"));
    ck_assert_ptr_nonnull (strstr (refusal (&plain_terminal, "", SKS_EQUERYSYNTAX, 0), "\n  \n  ^\n"));
}
END_TEST

Suite *
suite_print_failure (void)
{
    Suite *suite = suite_create ("print_failure");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, NULL, printed_forget);
    tcase_add_checked_fixture (limits, NULL, printed_forget);
    tcase_add_test (core, a_caret_is_below_the_byte);
    tcase_add_test (core, only_a_refused_query_is_shown);
    tcase_add_test (core, no_json_pointer_is_shown);
    tcase_add_test (core, a_path_is_not_mistaken_for_a_json_pointer);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, a_long_query_is_shown_around_the_caret);
    tcase_add_test (limits, a_position_beyond_the_query_is_its_end);
    suite_add_tcase (suite, limits);
    return suite;
}
