/* check_arguments.c - the command line of every program: whole names, joined letters, words, and errors; and the
 * unfinished command line of a shell. Lines are written with "|" between arguments. */
#include <check.h>

#include "client/shell_line.h"
#include "core/base/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_arguments (void);

static const struct row {
    sks_argument argument;
    int code;
} rows[] = {
    { { "index", 0, "DIR", NULL, "a\nfolder" }, 1 },
    { { "quiet", 'q', NULL, NULL, "quiet" }, 2 },
    { { "verbose", 'v', NULL, NULL, "not quiet" }, 3 },
    { { "number", 'n', "N", "1 2", "a number" }, 4 },
};
static const sks_argument_table table = SKS_ARGUMENT_TABLE (rows);

/* The options and words read from a line: "index=x quiet word". A failure ends the list with its text in "<>". */
static const char *
read_as (const char *line)
{
    static char words[256], out[512];
    char *arguments[16] = { NULL }, *rest = strcpy (words, line), *end = out;
    const sks_argument *option;
    const char *value;
    sks_arguments reading;
    sks_error err;
    int more;
    for (int i = 0; rest && (arguments[i] = strsep (&rest, "|")); i++)
        continue;
    *out = '\0';
    sks_arguments_begin (&reading, &table, arguments);
    while ((more = sks_arguments_next (&reading, &option, &value, &err)) > 0)
        end += sprintf (end, "%s%s%s%s", end > out ? " " : "", option ? option->name : value,
                        option && value ? "=" : "", option && value ? value : "");
    if (more < 0)
        sprintf (end, "%s<%s>", end > out ? " " : "", err.text);
    return out;
}

START_TEST (options_and_words_are_read_in_their_order)
{
    static const char *const lines[][2] = {
        { "a|--index|x|b", "a index=x b" },
        { "--index=x=y", "index=x=y" },
        { "--index=", "index=" },
        { "--index|--quiet", "index=--quiet" },
        { "-qv", "quiet verbose" },
        { "-qn5|-n|6|-vn|7", "quiet number=5 number=6 verbose number=7" },
        { "-|--|--quiet|-q|--", "- --quiet -q --" },
        { "-q|", "quiet " },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_str_eq (read_as (lines[i][0]), lines[i][1]);
}
END_TEST

START_TEST (pasted_text_is_a_word)
{
    static const char *const texts[] = {
        "- Work well with others",
        "-\tSort mail",
        "-- Sort mail",
        "--- Duties ---",
        "- Sort mail\n- Carry mail",
        "-\nSort mail",
        "-Sort mail",
        "-queue the mail",
        "--Duties and tasks",
        "--quietly sort mail",
        "---quiet or not",
        "- ",
        "--\n",
        "-Sort = put in an order",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_str_eq (read_as (texts[i]), texts[i]);
    ck_assert_str_eq (read_as ("-q|- a b|-v"), "quiet - a b verbose");
    ck_assert_str_eq (read_as ("--index|- a b"), "index=- a b");
}
END_TEST

START_TEST (a_blank_in_a_value_leaves_its_option_an_option)
{
    static const char *const lines[][2] = {
        { "--index=a b", "index=a b" },
        { "-qna b", "quiet number=a b" },
        { "-n 5", "number= 5" },
        { "--index a", "<unknown option --index a; did you mean --index?>" },
        { "--quiet --verbose", "<unknown option --quiet --verbose; did you mean --quiet?>" },
        { "-q a", "quiet <unknown option -q a>" },
        { "--quiet=a b", "<--quiet takes no value>" },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_str_eq (read_as (lines[i][0]), lines[i][1]);
}
END_TEST

START_TEST (a_name_is_never_shortened)
{
    static const char *const lines[][2] = {
        { "--quie", "<unknown option --quie; did you mean --quiet?>" },
        { "--inde=x", "<unknown option --inde; did you mean --index?>" },
        { "--Index|x", "<unknown option --Index; did you mean --index?>" },
        { "--frobnicate", "<unknown option --frobnicate>" },
        { "--db=x", "<unknown option --db; did you mean --index?>" },
        { "-silent", "<unknown option -silent; did you mean --quiet?>" },
        { "--bind", "<unknown option --bind>" },
        { "--loglevel", "<unknown option --loglevel; did you mean --verbose?>" },
        { "a|-qx", "a quiet <unknown option -qx>" },
        { "--quiet=1", "<--quiet takes no value>" },
        { "--number", "<--number needs a value: --number N>" },
        { "-qn", "quiet <--number needs a value: --number N>" },
        { "---", "<unknown option --->" },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_str_eq (read_as (lines[i][0]), lines[i][1]);
}
END_TEST

START_TEST (the_option_that_lacks_its_value_is_named)
{
    char index[] = "--index", *arguments[] = { index, NULL };
    const sks_argument *option;
    const char *value;
    sks_arguments reading;
    sks_arguments_begin (&reading, &table, arguments);
    ck_assert_ptr_null (reading.open);
    ck_assert_int_eq (sks_arguments_next (&reading, &option, &value, NULL), SKS_EINVALID);
    ck_assert_ptr_eq (reading.open, &rows[0].argument);
    ck_assert_int_eq (sks_arguments_next (&reading, &option, &value, NULL), 0);
}
END_TEST

START_TEST (a_list_has_a_line_for_each_option)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_arguments_list (&table, out);
    fclose (out);
    ck_assert_str_eq (text, "index\t\tDIR\t\ta folder\nquiet\tq\t\t\tquiet\nverbose\tv\t\t\tnot quiet\n"
                            "number\tn\tN\t1 2\ta number\n");
    free (text);
}
END_TEST

START_TEST (a_command_line_is_split_as_by_the_shell)
{
    static const struct {
        const char *line, *words;
    } lines[] = {
        { "", "" },
        { "a", "a" },
        { "a ", "a|" },
        { "  a \t b", "a|b" },
        { "a 'b c' \"d 'e\" f\\ g", "a|b c|d 'e|f g" },
        { "a 'b c", "a|b c" },
        { "a \"b \\\" c", "a|b \" c" },
        { "a '\\' \\", "a|\\|\\" },
        { "a --b='c d'e", "a|--b=c de" },
        { "a \"\" b", "a||b" },
        { "a '", "a|" },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        sks_arena *memory = sks_arena_create ();
        char **words, joined[128] = "";
        size_t count = sks_shell_line_split (memory, lines[i].line, &words);
        for (size_t k = 0; k < count; k++)
            strcat (strcat (joined, k ? "|" : ""), words[k]);
        ck_assert_str_eq (joined, lines[i].words);
        ck_assert_ptr_null (words[count]);
        sks_arena_destroy (&memory);
    }
}
END_TEST

Suite *
suite_arguments (void)
{
    Suite *suite = suite_create ("arguments");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, options_and_words_are_read_in_their_order);
    tcase_add_test (core, the_option_that_lacks_its_value_is_named);
    tcase_add_test (core, a_list_has_a_line_for_each_option);
    tcase_add_test (core, a_command_line_is_split_as_by_the_shell);
    tcase_add_test (core, pasted_text_is_a_word);
    tcase_add_test (core, a_blank_in_a_value_leaves_its_option_an_option);
    tcase_add_test (limits, a_name_is_never_shortened);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
