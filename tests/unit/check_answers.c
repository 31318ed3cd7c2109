/* check_answers.c - how the command shows the replies of the operations beside
 * search and get. */
#include <check.h>

#include "client/lib/member.h"
#include "client/print.h"

#include <cjson/cJSON.h>
#include <string.h>

Suite *suite_answers (void);

static const sks_terminal plain = { .utf8 = true };
static const sks_terminal colored = { .color = true, .utf8 = true };
static const sks_terminal wide = { .utf8 = true, .width = 130 };

static sks_buffer out = SKS_BUFFER_INIT (1 << 20);

static cJSON *
parse (const char *text)
{
    cJSON *root;
    sks_error err;
    ck_assert_msg (sks_member_parse (&root, text, strlen (text), &err) == 0, "%s", err.text);
    return root;
}

/* Print a reply; what was written, and in *found what the printer said. */
static const char *
show (bool (*print) (sks_buffer *, const sks_terminal *, const cJSON *), const sks_terminal *terminal,
      const char *reply, bool *found)
{
    cJSON *root = parse (reply);
    sks_buffer_clear (&out);
    *found = print (&out, terminal, root);
    cJSON_Delete (root);
    return sks_buffer_text (&out);
}

static const char comparison[] =
    "{\"soc\":\"43-1\",\"occupation\":\"Clerks\",\"rows\":[{\"duty\":\"Mail\",\"levels\":{"
    "\"emerging\":{\"text\":\"Sort mail\",\"gained\":[],\"lost\":[]},\"developing\":null,\"proficient\":null,"
    "\"advanced\":{\"text\":\"Plan mail\",\"gained\":[\"plan\"],\"lost\":[\"sort\"]}}}]}";

START_TEST (levels_stand_below_each_other_in_a_pipe)
{
    bool found;
    const char *text = show (sks_print_comparison, &plain, comparison, &found);
    ck_assert (found);
    ck_assert_str_eq (text, "Clerks (43-1)\n\nMail\n"
                            "emerging    Sort mail\n"
                            "advanced    Plan mail\n            + plan\n            - sort\n");
}
END_TEST

START_TEST (levels_stand_side_by_side_when_there_is_room)
{
    bool found;
    const char *text = show (sks_print_comparison, &wide, comparison, &found);
    const char *line = strstr (text, "\nSort mail ") + 1, *plan = strstr (line, "Plan mail");
    ck_assert_ptr_nonnull (plan);
    ck_assert_int_eq (plan - line, 3 * 33);
    ck_assert_ptr_eq (memchr (line, '\n', (size_t) (plan - line)), NULL);
    ck_assert_ptr_nonnull (strstr (plan, "Plan mail\n"));
    ck_assert_ptr_nonnull (strstr (plan, " + plan\n"));
    ck_assert_ptr_nonnull (strstr (plan, " - sort\n"));
}
END_TEST

START_TEST (pairs_tell_why_they_are_alike)
{
    bool found;
    const char *text =
        show (sks_print_crosswalk, &plain,
              "{\"left\":{\"soc\":\"1\",\"title\":\"A\"},\"right\":{\"soc\":\"2\",\"title\":\"B\"},\"pairs\":[{"
              "\"left\":{\"text\":\"Sort mail\",\"level\":\"emerging\"},"
              "\"right\":{\"text\":\"Send mail\",\"level\":\"emerging\"},\"likeness\":0.5,"
              "\"explain\":[{\"term\":\"mail\",\"score\":0.5}]}],\"left_only\":[],"
              "\"right_only\":[{\"text\":\"Weld\",\"level\":\"advanced\"}]}",
              &found);
    ck_assert (found);
    ck_assert_str_eq (text, "A (1) and B (2)\n1 pair; 0 alone in the first, 1 alone in the second\n\n"
                            "0.50  Sort mail\n      Send mail\n      emerging: mail 0.50\n\n"
                            "Only B (2)\nadvanced    Weld\n");
}
END_TEST

START_TEST (a_partial_comparison_says_so)
{
    bool found;
    const char *text = show (sks_print_comparison, &plain,
                             "{\"soc\":\"43-1\",\"occupation\":\"Clerks\",\"rows\":[],\"partial\":true}", &found);
    ck_assert_ptr_nonnull (strstr (text, "\nStatements of very many words were compared by those that weigh most.\n"));
}
END_TEST

START_TEST (evidence_is_marked_in_the_sentence)
{
    static const char reply[] =
        "{\"sentences\":[{\"start\":5,\"end\":15,\"coverage\":1,\"matches\":[{\"text\":\"Sort mail\","
        "\"spans\":[[5,9]],\"level\":\"emerging\",\"occupation\":\"A\",\"soc\":\"1\",\"id\":\"x\","
        "\"evidence\":[[10,14]],\"share\":0.5}]}],\"coverage\":0.5,\"levels\":{\"emerging\":1}}";
    cJSON *root = parse (reply);
    sks_buffer_clear (&out);
    ck_assert (sks_print_mapping (&out, &colored, root, "Hey. Send mail."));
    const char *text = sks_buffer_text (&out);
    ck_assert_ptr_nonnull (strstr (text, "\nSend \033[1;31mmail\033[0m.\n"));
    ck_assert_ptr_nonnull (strstr (text, "50% Sort \033[1;31mmail\033[0m\n"));
    cJSON_Delete (root);
}
END_TEST

START_TEST (completions_come_by_kind)
{
    bool found;
    const char *text = show (sks_print_completions, &plain,
                             "{\"words\":[{\"text\":\"mail\",\"count\":1234}],\"duties\":[],"
                             "\"occupations\":[{\"text\":\"Clerks\",\"value\":\"43-1\",\"count\":4}]}",
                             &found);
    ck_assert (found);
    ck_assert_str_eq (text, "words\n  mail  1,234\noccupations\n  43-1  Clerks  4\n");
    show (sks_print_completions, &plain, "{\"words\":[],\"duties\":[],\"occupations\":[]}", &found);
    ck_assert (!found);
}
END_TEST

START_TEST (an_analysis_shows_words_and_tree)
{
    bool found;
    const char *text =
        show (sks_print_analysis, &plain,
              "{\"read_as\":\"AND(rout* mail)\",\"words\":["
              "{\"form\":\"the\",\"stem\":null,\"stop\":true,\"known\":true,\"count\":5,\"expansions\":[]},"
              "{\"form\":\"rout\",\"stem\":\"rout\",\"stop\":false,\"known\":true,\"count\":9,"
              "\"expansions\":[\"route\"]}],"
              "\"tree\":{\"kind\":\"and\",\"children\":[{\"kind\":\"word\",\"words\":[1]},"
              "{\"kind\":\"value\",\"field\":\"level\",\"value\":\"advanced\"}]}}",
              &found);
    ck_assert_ptr_nonnull (strstr (text, "Read as: AND(rout* mail)\n"));
    ck_assert_ptr_nonnull (strstr (text, "left out as too common\n"));
    ck_assert_ptr_nonnull (strstr (text, "stands for route\n"));
    ck_assert_ptr_nonnull (strstr (text, "\n  and\n    word rout\n    value level:advanced\n"));
}
END_TEST

/* ------------------------------------------------------------------ limits */

START_TEST (a_reply_that_lacks_everything_shows_nothing)
{
    bool found;
    show (sks_print_comparison, &plain, "{}", &found);
    ck_assert (!found);
    show (sks_print_comparison, &wide, "{\"rows\":[7,{\"levels\":{\"emerging\":[]}}]}", &found);
    show (sks_print_crosswalk, &plain, "{\"pairs\":[{}],\"left_only\":[1]}", &found);
    show (sks_print_completions, &plain, "{\"words\":7}", &found);
    ck_assert (!found);
    show (sks_print_analysis, &plain, "{\"tree\":{\"words\":[-1,9,\"x\"]}}", &found);
    ck_assert_int_eq (out.failed, 0);
}
END_TEST

START_TEST (a_sentence_beyond_the_text_is_left_out)
{
    cJSON *root = parse ("{\"sentences\":[{\"start\":2,\"end\":99,\"matches\":[{}]},{\"start\":3,"
                         "\"end\":1}]}");
    sks_buffer_clear (&out);
    ck_assert (!sks_print_mapping (&out, &plain, root, "short"));
    cJSON_Delete (root);
}
END_TEST

START_TEST (spans_beyond_their_text_are_left_out)
{
    sks_span spans[4];
    cJSON *root = parse ("{\"s\":[[0,2],[1,3],[4,9],[5,5],[6],\"x\",[7,8]]}");
    ck_assert_uint_eq (sks_member_spans (root, "s", 0, 8, spans, 4), 2);
    ck_assert_uint_eq (spans[1].start, 7);
    ck_assert_uint_eq (sks_member_spans (root, "s", 4, 9, spans, 4), 1);
    ck_assert_uint_eq (spans[0].start, 0);
    ck_assert_uint_eq (spans[0].end, 5);
    cJSON_Delete (root);
}
END_TEST

START_TEST (control_characters_of_an_answer_command_no_terminal)
{
    bool found;
    const char *text =
        show (sks_print_completions, &plain, "{\"words\":[{\"text\":\"a\\u001b[2J\",\"count\":1}]}", &found);
    ck_assert_ptr_null (strchr (text, '\033'));
    ck_assert_ptr_nonnull (strstr (text, "a\\x1b[2J"));
}
END_TEST

Suite *
suite_answers (void)
{
    Suite *suite = suite_create ("answers");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, levels_stand_below_each_other_in_a_pipe);
    tcase_add_test (core, levels_stand_side_by_side_when_there_is_room);
    tcase_add_test (core, pairs_tell_why_they_are_alike);
    tcase_add_test (core, a_partial_comparison_says_so);
    tcase_add_test (core, evidence_is_marked_in_the_sentence);
    tcase_add_test (core, completions_come_by_kind);
    tcase_add_test (core, an_analysis_shows_words_and_tree);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, a_reply_that_lacks_everything_shows_nothing);
    tcase_add_test (limits, a_sentence_beyond_the_text_is_left_out);
    tcase_add_test (limits, spans_beyond_their_text_are_left_out);
    tcase_add_test (limits, control_characters_of_an_answer_command_no_terminal);
    suite_add_tcase (suite, limits);
    return suite;
}
