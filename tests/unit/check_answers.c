/* check_answers.c - how the command shows the answers of the operations other than search and get. */
#include <check.h>

#include "client/print.h"

#include <string.h>

Suite *suite_answers (void);

static const sks_terminal plain = { .utf8 = true };
static const sks_terminal colored = { .color = true, .utf8 = true };
static const sks_terminal wide = { .utf8 = true, .width = 130 };

static sks_buffer out = SKS_BUFFER_INIT (1 << 20);

static const sks_hit sort_mail = {
    .id = "x", .text = "Sort mail", .soc = "1", .occupation = "A", .level = SKS_EMERGING
};
static const sks_hit send_mail = { .text = "Send mail", .level = SKS_EMERGING };
static const sks_hit weld = { .text = "Weld", .level = SKS_ADVANCED };

/* --------------------------------------------------------------- compare */
static const char *const gained[] = { "plan" }, *const lost[] = { "sort" };
static const sks_hit plan_mail = { .text = "Plan mail", .level = SKS_ADVANCED };
static const sks_compare_row rows[] = {
    { "Mail", { { .hit = &sort_mail }, { 0 }, { 0 }, { &plan_mail, gained, lost, 1, 1, 0.5, 0, NULL, 0 } } },
};
static const sks_comparison comparison = { .soc = "43-1", .occupation = "Clerks", .rows = rows, .row_count = 1 };

/* The output for a comparison. */
static const char *
compare (const sks_terminal *terminal, const sks_comparison *what)
{
    sks_buffer_clear (&out);
    ck_assert (sks_print_comparison (&out, terminal, what, NULL, true) == (what->row_count > 0));
    return sks_buffer_text (&out);
}

START_TEST (levels_are_below_each_other_in_a_pipe)
{
    ck_assert_str_eq (compare (&plain, &comparison),
                      "Clerks (43-1)\n\nMail\n"
                      "emerging    Sort mail\n"
                      "advanced    Plan mail\n            0.50 alike\n            + plan\n            - sort\n");
    sks_buffer_clear (&out);
    sks_print_comparison (&out, &plain, &comparison, NULL, false);
    ck_assert_ptr_null (strchr (sks_buffer_text (&out), '+'));
    sks_buffer_clear (&out);
    sks_print_comparison (&out, &plain, &comparison, "mail\n", false); /* "registered nurses" is a title and a word */
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&out), "Clerks (43-1)\nDuties with mail\\x0a\n\nMail\n"));
}
END_TEST

START_TEST (levels_are_side_by_side_when_the_width_allows)
{
    const char *text = compare (&wide, &comparison);
    const char *line = strstr (text, "\nSort mail ") + 1, *plan = strstr (line, "Plan mail");
    ck_assert_ptr_nonnull (plan);
    ck_assert_int_eq (plan - line, 66);
    ck_assert_ptr_nonnull (strstr (text, "\nemerging ")); /* it has its own heading */
    ck_assert_ptr_nonnull (strstr (text, "advanced, 0.50 alike\n"));
    ck_assert_ptr_eq (memchr (line, '\n', (size_t) (plan - line)), NULL);
    ck_assert_ptr_nonnull (strstr (plan, "Plan mail\n"));
    ck_assert_ptr_nonnull (strstr (plan, " + plan\n"));
    ck_assert_ptr_nonnull (strstr (plan, " - sort\n"));
}
END_TEST

START_TEST (meaning_is_shown_with_the_words_that_explain_it)
{
    static const sks_share shares[] = { { "meaning", "sort", .2, "plan" }, { "form", "mail", .3, NULL } };
    sks_compare_row near = rows[0];
    near.cells[SKS_ADVANCED].shares = shares;
    near.cells[SKS_ADVANCED].share_count = 2;
    const sks_comparison meant = {
        .soc = "43-1", .occupation = "Clerks", .rows = &near, .row_count = 1, .compared_by = SKS_BY_MEANING
    };
    ck_assert_ptr_nonnull (strstr (compare (&plain, &meant), "            0.50 alike\n            = sort ~ plan\n"
                                                             "            + plan\n            - sort\n"
                                                             "\nCompared by words and by meaning.\n"));
    ck_assert_ptr_nonnull (strstr (compare (&wide, &meant), " = sort ~ plan\n"));
}
END_TEST

START_TEST (a_row_ends_before_a_statement_of_little_likeness)
{
    sks_compare_row weak = rows[0];
    weak.cells[SKS_ADVANCED].loose = 1;
    const sks_comparison split = { .soc = "43-1", .occupation = "Clerks", .rows = &weak, .row_count = 1 };
    ck_assert_str_eq (compare (&plain, &split),
                      "Clerks (43-1)\n\nMail\nemerging    Sort mail\n\nMail\nadvanced    Plan mail\n");
    ck_assert_ptr_null (strstr (compare (&wide, &split), "+ plan")); /* gained since a statement of another row */
}
END_TEST

START_TEST (a_row_without_a_duty_has_no_title)
{
    const sks_hit plan = { .id = "p", .text = "Plan", .level = SKS_ADVANCED };
    const sks_compare_row row = { .cells[SKS_ADVANCED] = { .hit = &plan } };
    const sks_comparison bare = { .soc = "43-1", .occupation = "Clerks", .rows = &row, .row_count = 1 };
    ck_assert_str_eq (compare (&plain, &bare), "Clerks (43-1)\n\nadvanced    Plan\n");
}
END_TEST

START_TEST (columns_are_as_many_as_fit)
{
    sks_compare_row row = rows[0];
    for (int level = 0; level < SKS_LEVELS; level++)
        row.cells[level] = (sks_compare_cell) { .hit = &plan_mail, .likeness = 0.5 };
    const sks_comparison four = { .soc = "43-1", .occupation = "Clerks", .rows = &row, .row_count = 1 };
    const unsigned widths[] = { 40, 80, 100, 120 };
    const int lines[] = { 7, 4, 4, 2 }; /* of texts, headings, and likeness */
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const sks_terminal terminal = { .utf8 = true, .width = widths[i] };
        int count = 0;
        for (const char *at = strchr (compare (&terminal, &four), '\n') + 1; *at; at = strchr (at, '\n') + 1) {
            unsigned columns = sks_terminal_columns (at, strcspn (at, "\n"));
            ck_assert_uint_le (columns, widths[i]);
            count += columns > 4;
        }
        ck_assert_int_eq (count, lines[i]);
    }
}
END_TEST

START_TEST (a_partial_comparison_says_so)
{
    sks_comparison partial = { .soc = "43-1", .occupation = "Clerks", .partial = 1 };
    ck_assert_ptr_nonnull (strstr (compare (&plain, &partial),
                                   "\nStatements with very many words were compared by the words that weigh most.\n"));
    partial.partial = 0;
    ck_assert_str_eq (compare (&plain, &partial), "Clerks (43-1): no duty has these words\n");
}
END_TEST

/* -------------------------------------------------------------- the others */
START_TEST (pairs_show_why_they_are_alike)
{
    static const sks_share shares[] = { { "", "mail", 0.5, NULL } };
    const sks_crosswalk_pair pair = { &sort_mail, &send_mail, 0.5, shares, 1 };
    const sks_crosswalk crosswalk = { .left_soc = "1",
                                      .left_title = "A",
                                      .right_soc = "2",
                                      .right_title = "B",
                                      .pairs = &pair,
                                      .pair_count = 1,
                                      .right_only = &weld,
                                      .right_count = 1 };
    sks_buffer_clear (&out);
    ck_assert (sks_print_crosswalk (&out, &plain, &crosswalk));
    ck_assert_str_eq (sks_buffer_text (&out), "A (1) and B (2)\n1 pair; 0 only in the first, 1 only in the second\n\n"
                                              "0.50  Sort mail\n      Send mail\n      emerging: mail 0.50\n\n"
                                              "Only B (2)\nadvanced    Weld\n");
}
END_TEST

START_TEST (headings_of_a_crosswalk_are_wrapped)
{
    const sks_terminal terminal = { .utf8 = true, .width = 60 };
    static const char title[] = "Mail Clerks and Mail Machine Operators, Except Postal Service";
    const sks_crosswalk crosswalk = { .left_soc = "43-9051.00",
                                      .left_title = title,
                                      .right_soc = "43-4051.00",
                                      .right_title = title,
                                      .right_only = &weld,
                                      .right_count = 1 };
    sks_buffer_clear (&out);
    sks_print_crosswalk (&out, &terminal, &crosswalk);
    for (const char *at = sks_buffer_text (&out); *at; at = strchr (at, '\n') + 1)
        ck_assert_msg (sks_terminal_columns (at, strcspn (at, "\n")) <= terminal.width, "%s", at);
}
END_TEST

START_TEST (evidence_is_marked_in_the_sentence)
{
    static const sks_span span = { 5, 9 }, evidence = { 10, 14 };
    sks_hit hit = sort_mail;
    hit.spans = &span;
    hit.span_count = 1;
    const sks_map_match match = { &hit, &evidence, 1, 0.5 };
    const sks_map_sentence sentence = { 5, 15, &match, 1, 1 };
    const sks_mapping mapping = { .sentences = &sentence, .sentence_count = 1, .coverage = 0.5, .levels = { 1 } };
    sks_buffer_clear (&out);
    ck_assert (sks_print_mapping (&out, &colored, &mapping, "Hey. Send mail."));
    const char *text = sks_buffer_text (&out);
    ck_assert_ptr_nonnull (strstr (text, "\nSend \033[1;31mmail\033[0m.\n"));
    ck_assert_ptr_nonnull (strstr (text, "50% Sort \033[1;31mmail\033[0m\n"));
}
END_TEST

START_TEST (completions_are_grouped_by_kind)
{
    const sks_completion word = { "mail", NULL, 1234 }, occupation = { "Clerks", "43-1", 4 };
    const sks_completions some = { .words = &word, .word_count = 1, .occupations = &occupation, .occupation_count = 1 };
    const sks_completions none = { .words = NULL };
    sks_buffer_clear (&out);
    ck_assert (sks_print_completions (&out, &plain, &some));
    ck_assert_str_eq (sks_buffer_text (&out), "words\n  mail  1,234\noccupations\n  43-1  Clerks  4\n");
    ck_assert (!sks_print_completions (&out, &plain, &none));
}
END_TEST

START_TEST (an_analysis_shows_words_and_tree)
{
    static const char *const expansions[] = { "route" };
    static const uint32_t second = 1;
    const sks_read_word words[] = {
        { 0, 3, "the", NULL, 1, 1, 5, NULL, 0 },
        { 4, 8, "rout", "rout", 0, 1, 9, expansions, 1 },
    };
    const sks_reading_node children[] = {
        { .kind = "word", .words = &second, .word_count = 1 },
        { .kind = "value", .field = "level", .value = "advanced" },
    };
    const sks_note note = { .at = 4, .code = "sign", .text = "a sign" };
    const sks_analysis analysis = {
        .read_as = "AND(rout* mail)",
        .words = words,
        .word_count = 2,
        .tree = { .kind = "and", .children = children, .child_count = 2 },
        .notes = &note,
        .note_count = 1,
    };
    sks_buffer_clear (&out);
    sks_print_analysis (&out, &plain, &analysis, "the (rout* mail");
    const char *text = sks_buffer_text (&out);
    ck_assert_ptr_nonnull (strstr (text, "Read as: AND(rout* mail)\nNote, \"(rout*\": a sign\n"));
    ck_assert_ptr_nonnull (strstr (text, "ignored as too common\n"));
    ck_assert_ptr_nonnull (strstr (text, "stands for route\n"));
    ck_assert_ptr_nonnull (strstr (text, "\n  and\n    word rout\n    value level:advanced\n"));
}
END_TEST

START_TEST (an_analysis_shows_what_a_statement_may_have_instead)
{
    const sks_other_word email[] = { { "e", "e" }, { "mail", "mail" } }, care[] = { { "health", "health" } };
    const sks_other_words other[] = { { 0, 6, email, 2 }, { 7, 999, care, 1 }, { 50, 60, care, 1 } };
    const sks_analysis analysis = { .read_as = "", .tree = { .kind = "all" }, .other = other, .other_count = 3 };
    sks_buffer_clear (&out);
    sks_print_analysis (&out, &plain, &analysis, "E-mail healthy");
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&out), "\nInstead: E-mail ~ \"e mail\"\n"
                                                           "         healthy ~ \"health\"\n"
                                                           "          ~ \"health\"\n"));
}
END_TEST

/* ------------------------------------------------------------------ limits */
START_TEST (control_characters_of_an_answer_are_escaped)
{
    const sks_completion word = { "a\033[2J", NULL, 1 };
    const sks_completions some = { .words = &word, .word_count = 1 };
    sks_buffer_clear (&out);
    sks_print_completions (&out, &plain, &some);
    ck_assert_ptr_null (strchr (sks_buffer_text (&out), '\033'));
    ck_assert_ptr_nonnull (strstr (out.bytes, "a\\x1b[2J"));
}
END_TEST

Suite *
suite_answers (void)
{
    Suite *suite = suite_create ("answers");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, levels_are_below_each_other_in_a_pipe);
    tcase_add_test (core, levels_are_side_by_side_when_the_width_allows);
    tcase_add_test (core, pairs_show_why_they_are_alike);
    tcase_add_test (core, headings_of_a_crosswalk_are_wrapped);
    tcase_add_test (core, meaning_is_shown_with_the_words_that_explain_it);
    tcase_add_test (core, a_row_ends_before_a_statement_of_little_likeness);
    tcase_add_test (core, columns_are_as_many_as_fit);
    tcase_add_test (core, a_row_without_a_duty_has_no_title);
    tcase_add_test (core, a_partial_comparison_says_so);
    tcase_add_test (core, evidence_is_marked_in_the_sentence);
    tcase_add_test (core, completions_are_grouped_by_kind);
    tcase_add_test (core, an_analysis_shows_words_and_tree);
    tcase_add_test (core, an_analysis_shows_what_a_statement_may_have_instead);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, control_characters_of_an_answer_are_escaped);
    suite_add_tcase (suite, limits);
    return suite;
}
