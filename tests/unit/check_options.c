/* check_options.c - the command line of skillsearch: how it is read, and the advice for a wrong one. Lines are written
 * with "|" between arguments. */
#include <check.h>

#include "client/options.h"
#include "client/settings.h"
#include "core/base/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_options (void);

static int
parse (sks_options **options, sks_error *err, const char *line)
{
    static char words[512];
    char *arguments[32] = { NULL }, *rest = strcpy (words, line);
    int count = 0;
    while ((arguments[count] = strsep (&rest, "|")))
        count++;
    return sks_options_parse (options, count, arguments, err);
}

static sks_options *
options_of (const char *line)
{
    sks_options *options;
    sks_error err;
    ck_assert_msg (parse (&options, &err, line) == 0, "%s: %s", line, err.text);
    return options;
}

START_TEST (words_become_one_query)
{
    sks_options *options = options_of ("skillsearch|\"incoming mail\" route|--limit|5|-n7|NEAR/3|desk");
    ck_assert_int_eq (options->command, SKS_COMMAND_SEARCH);
    ck_assert_str_eq (options->query.text, "\"incoming mail\" route NEAR/3 desk");
    ck_assert_uint_eq (options->query.limit, 7);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--|-mail|stats");
    ck_assert_str_eq (options->query.text, "-mail stats");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--|stats");
    ck_assert_int_eq (options->command, SKS_COMMAND_SEARCH);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|search|stats");
    ck_assert_int_eq (options->command, SKS_COMMAND_SEARCH);
    ck_assert_str_eq (options->query.text, "stats");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--json|facets|mail");
    ck_assert_int_eq (options->command, SKS_COMMAND_FACETS);
    ck_assert_int_eq (options->output, SKS_OUTPUT_JSON);
    sks_options_destroy (&options);
}
END_TEST

START_TEST (each_option_sets_its_own_member)
{
    sks_options *options =
        options_of ("skillsearch|--fix|--no-facets|--format|csv|--bom|--excel-safe|--long|--no-pager|mail");
    ck_assert (options->fix && options->no_facets && options->bom && options->excel_safe && options->full &&
               options->no_pager && !options->changes && !options->null && !options->server);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--words|compare|mail");
    ck_assert (options->changes && !options->full);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--null|browse");
    ck_assert (options->null && !options->server);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--server|--name|alice|keygen|keys");
    ck_assert (options->server && !options->null);
    ck_assert_str_eq (options->name, "alice");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|--connect|tcp://h:1|--server-key|s|--client-key|c|--file|f|map");
    ck_assert_str_eq (options->endpoint, "tcp://h:1");
    ck_assert_str_eq (options->server_key, "s");
    ck_assert_str_eq (options->client_key, "c");
    ck_assert_str_eq (options->file, "f");
    sks_options_destroy (&options);
    sks_error err;
    ck_assert_int_eq (parse (&options, &err, "skillsearch|--server-key=|ping"), SKS_EINVALID);
    ck_assert_str_eq (err.text, "--server-key: no FILE is given");
}
END_TEST

START_TEST (a_zone_has_a_label)
{
    sks_options *options = options_of ("skillsearch|--zone|Job Zone 2: some preparation,1-2,nine");
    const sks_filter *zones = &options->query.filter[SKS_FACET_ZONE];
    ck_assert_uint_eq (zones->count, 4);
    ck_assert_str_eq (zones->values[0], "Job Zone 2: some preparation");
    ck_assert_str_eq (zones->values[2], "2");
    ck_assert_str_eq (zones->values[3], "nine");
    sks_options_destroy (&options);
}
END_TEST

START_TEST (filters_are_repeated_and_listed)
{
    sks_options *options = options_of ("skillsearch|--level|emerging,ADV|--level=emerg|--soc|43-"
                                       "|--occupation|17-2051.00|--zone|2-4,none,3|--sort|-level"
                                       "|--timeout|700");
    const sks_query *query = &options->query;
    ck_assert_uint_eq (query->filter[SKS_FACET_LEVEL].count, 2);
    ck_assert_str_eq (query->filter[SKS_FACET_LEVEL].values[0], "emerging");
    ck_assert_str_eq (query->filter[SKS_FACET_LEVEL].values[1], "advanced");
    ck_assert_uint_eq (query->filter[SKS_FACET_OCCUPATION].count, 2);
    ck_assert_str_eq (query->filter[SKS_FACET_OCCUPATION].values[0], "43-");
    ck_assert_uint_eq (query->filter[SKS_FACET_ZONE].count, 4);
    ck_assert_str_eq (query->filter[SKS_FACET_ZONE].values[2], "4");
    ck_assert_str_eq (query->filter[SKS_FACET_ZONE].values[3], "none");
    ck_assert_int_eq (query->sort, SKS_SORT_LEVEL);
    ck_assert_int_ne (query->reverse, 0);
    ck_assert_uint_eq (query->deadline_ms, 700);
    sks_options_destroy (&options);
}
END_TEST

START_TEST (the_environment_sets_the_timeout_unless_an_option_does)
{
    static const struct {
        const char *line, *value;
        unsigned timeout_ms;
    } cases[] = { { "skillsearch|mail", "700", 700 },     { "skillsearch|mail|--timeout|5", "700", 5 },
                  { "skillsearch|mail", "60000", 60000 }, { "skillsearch|mail", "0000700", 700 },
                  { "skillsearch|mail", "", 0 },          { "skillsearch|mail|--timeout|5", "7s", 5 },
                  { "skillsearch|keygen|key", "7s", 0 } };
    setenv ("XDG_CONFIG_HOME", "/nonexistent", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_options *options = options_of (cases[i].line);
        sks_error err;
        setenv ("SKILLSEARCH_TIMEOUT_MS", cases[i].value, 1);
        ck_assert_int_eq (sks_settings_read (options, &err), 0);
        ck_assert_uint_eq (options->timeout_ms, cases[i].timeout_ms);
        ck_assert_uint_eq (options->query.deadline_ms, cases[i].timeout_ms);
        sks_options_destroy (&options);
    }
    unsetenv ("SKILLSEARCH_TIMEOUT_MS");
    unsetenv ("XDG_CONFIG_HOME");
}
END_TEST

START_TEST (an_invalid_timeout_of_the_environment_is_named)
{
    setenv ("XDG_CONFIG_HOME", "/nonexistent", 1);
    for (const char *const *value =
             (const char *const[]) { "abc", "7s", "0", "60001", "-1", "00000000000000000001", NULL };
         *value; value++) {
        sks_options *options = options_of ("skillsearch|mail");
        sks_error err;
        char expected[100];
        setenv ("SKILLSEARCH_TIMEOUT_MS", *value, 1);
        ck_assert_int_eq (sks_settings_read (options, &err), SKS_EINVALID);
        snprintf (expected, sizeof expected, "SKILLSEARCH_TIMEOUT_MS: '%s' is not a number from 1 to 60000", *value);
        ck_assert_str_eq (err.text, expected);
        sks_options_destroy (&options);
    }
    unsetenv ("SKILLSEARCH_TIMEOUT_MS");
    unsetenv ("XDG_CONFIG_HOME");
}
END_TEST

START_TEST (tree_requests_occupations_with_or_without_their_facet)
{
    static const char *const lines[] = { "skillsearch|facets|--tree", "skillsearch|facets|--facet|occupation:3|--tree",
                                         "skillsearch|facets|--tree|--facet|occupation:3" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        sks_options *options = options_of (lines[i]);
        const sks_query *query = &options->query;
        ck_assert_uint_eq (query->facet_count, 1);
        ck_assert_int_eq (query->facets[0].facet, SKS_FACET_OCCUPATION);
        ck_assert_uint_eq (query->facets[0].limit, i ? 3 : SKS_DEFAULT_FACET_LIMIT);
        ck_assert_int_eq (query->facets[0].tree, 1);
        sks_options_destroy (&options);
    }
}
END_TEST

START_TEST (a_facet_has_a_limit_and_a_word_to_find)
{
    sks_options *options = options_of ("skillsearch|facets|--facet|level|--facet|occupation:20:chief of|"
                                       "--facet|group::office|--facet|level:3");
    const sks_query *query = &options->query;
    ck_assert_uint_eq (query->facet_count, 3);
    ck_assert_int_eq (query->facets[0].facet, SKS_FACET_LEVEL);
    ck_assert_uint_eq (query->facets[0].limit, 3);
    ck_assert_uint_eq (query->facets[1].limit, 20);
    ck_assert_str_eq (query->facets[1].find, "chief of");
    ck_assert_uint_eq (query->facets[2].limit, SKS_DEFAULT_FACET_LIMIT);
    ck_assert_str_eq (query->facets[2].find, "office");
    sks_options_destroy (&options);
}
END_TEST

START_TEST (commands_have_options_of_their_own)
{
    sks_options *options = options_of ("skillsearch|compare|43-9061.00|incoming|mail");
    ck_assert_int_eq (options->command, SKS_COMMAND_COMPARE);
    ck_assert_str_eq (options->words[0], "43-9061.00");
    ck_assert_str_eq (options->query.text, "incoming mail");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|similar|x|--exclude|occupation,level");
    ck_assert_uint_eq (options->exclude, 3);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|map|--file|-");
    ck_assert_str_eq (options->file, "-");
    ck_assert_uint_eq (options->query.limit, SKS_DEFAULT_MAP_LIMIT);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|suggest|ma|-n|10");
    ck_assert_uint_eq (options->query.limit, 10);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|export|--format|tsv");
    ck_assert_int_eq (options->output, SKS_OUTPUT_TSV);
    sks_options_destroy (&options);
    options = options_of ("skillsearch|export|--format|csv|--columns|id,text|--columns|zone|-o|all.csv");
    ck_assert_uint_eq (options->column_count, 3);
    ck_assert_str_eq (options->columns[1], "text");
    ck_assert_str_eq (options->columns[2], "zone");
    ck_assert_str_eq (options->output_file, "all.csv");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|export|--format|CTDL|--publisher|https://r/|--output-dir|d");
    ck_assert_int_eq (options->output, SKS_OUTPUT_CTDL);
    ck_assert_str_eq (options->output_folder, "d");
    sks_options_destroy (&options);
    options = options_of ("skillsearch|mail|--collapse|2|--fix");
    ck_assert_uint_eq (options->query.collapse, 2);
    ck_assert (options->fix);
    sks_options_destroy (&options);
}
END_TEST

START_TEST (help_has_examples_of_every_command)
{
    for (int command = 0; command < SKS_COMMANDS; command++) {
        sks_buffer help = SKS_BUFFER_INIT (65536);
        char begin[64];
        sks_options_describe_command (&help, command);
        snprintf (begin, sizeof begin, "  skillsearch %s", command ? sks_option_command_name (command) : "");
        ck_assert_ptr_eq (strstr (sks_buffer_text (&help), begin), help.bytes);
        sks_buffer_free (&help);
    }
}
END_TEST

START_TEST (help_knows_every_option)
{
    sks_buffer help = SKS_BUFFER_INIT (65536);
    sks_options_describe (&help);
    ck_assert_uint_gt (sks_option_arguments.count, 25);
    for (size_t i = 0; i < sks_option_arguments.count; i++) {
        char name[64];
        snprintf (name, sizeof name, " --%s", sks_option_table[i].argument.name);
        ck_assert_msg (strstr (sks_buffer_text (&help), name) != NULL, "%s", name);
    }
    sks_buffer_free (&help);
}
END_TEST

/* ----------------------------------------------------------------- limits */

START_TEST (an_invalid_command_line_is_refused_with_advice)
{
    static const struct {
        const char *line, *advice;
    } cases[] = {
        { "skillsearch|--lvel|x", "unknown option --lvel; did you mean --level?" },
        { "skillsearch|--limt=3", "unknown option --limt; did you mean --limit?" },
        { "skillsearch|--frobnicate", "unknown option --frobnicate" },
        { "skillsearch|-clerk", "unknown option -clerk; to leave a word out, write NOT before it" },
        { "skillsearch|--level|emerging!", "--level: unknown value 'emerging!'; did you mean emerging?" },
        { "skillsearch|--level|a", "--level: unknown value 'a'; use emerging, developing, proficient or advanced" },
        { "skillsearch|--match|zzz", "--match: unknown value 'zzz'; use auto, all, any or meaning" },
        { "skillsearch|--level|emerging,,advanced", "--level: a value is empty" },
        { "skillsearch|--limit", "--limit needs a value: --limit N" },
        { "skillsearch|--limit|101", "--limit: '101' is not a number from 0 to 100" },
        { "skillsearch|--limit|-1", "--limit: '-1' is not a number from 0 to 100" },
        { "skillsearch|--offset|9999999999", "--offset: '9999999999' is not a number from 0 to 10000" },
        { "skillsearch|--offset|10000", "--offset and --limit: at most 10000 together" },
        { "skillsearch|--zone|2-9", "--zone: '2-9' is not a zone or range from 1 to 5" },
        { "skillsearch|--zone|4-2", "--zone: '4-2' is not a zone or range from 1 to 5" },
        { "skillsearch|--zone|2,,3", "--zone: '' is not 1 to 5, a range as in 2-3, none or a label" },
        { "skillsearch|--zone|2:3", "--zone: '2:3' is not 1 to 5, a range as in 2-3, none or a label" },
        { "skillsearch|--facet|levels", "--facet: unknown value 'levels'; did you mean level?" },
        { "skillsearch|--facet|level:0", "--facet: '0' is not a number from 1 to 1000" },
        { "skillsearch|--json|--tsv", "--format, --json, --tsv, --prometheus: one format only" },
        { "skillsearch|--all=yes", "--all takes no value" },
        { "skillsearch|get", "get needs statements: numbers of the last answer, ids, or \"-\" for the standard input" },
        { "skillsearch|mail|--bom", "--bom needs --format csv or tsv" },
        { "skillsearch|mail|--words", "--words does not apply to 'search'" },
        { "skillsearch|get|--any|x",
          "--any does not apply to 'get'; to search for the words: skillsearch search get --any x" },
        { "skillsearch|get|x|--file|y", "--file does not apply to 'get'" },
        { "skillsearch|similar|a|b",
          "similar needs one statement: its number in the last answer, its id, or \"-\" for the "
          "standard input; to search for the words: skillsearch search similar a b" },
        { "skillsearch|similar|a|--exclude|zone", "--exclude: unknown value 'zone'; use occupation or level" },
        { "skillsearch|compare", "compare needs the SOC code of an occupation, as in 43-9061, or its title in quotes" },
        { "skillsearch|crosswalk|43-1", "crosswalk needs the SOC codes of two occupations, as in "
                                        "43-9061, or their titles in quotes" },
        { "skillsearch|crosswalk|a|b|--level|emerging,advanced", "--level of crosswalk is one level, or none for all" },
        { "skillsearch|map", "map needs a text: words, --file FILE, or \"-\" for the standard input" },
        { "skillsearch|map|x|--file|y", "map takes words or --file, not both" },
        { "skillsearch|suggest|x|-n|21", "--limit of suggest is from 1 to 20" },
        { "skillsearch|map|x|-n|0", "--limit of map is from 1 to 100" },
        { "skillsearch|mail|--collapse|11", "--collapse: '11' is not a number from 1 to 10" },
        { "skillsearch|browse|--json", "--json does not apply to 'browse'" },
        { "skillsearch|export|--format|xml",
          "--format: unknown value 'xml'; use text, json, ndjson, csv, tsv, markdown, case1.0, case1.1, ctdl, rsd or md" },
        { "skillsearch|export|--format|case1.1|--sort|level",
          "--sort needs --format csv, tsv or ndjson; the others have an order of their own" },
        { "skillsearch|export|--creator|x", "--creator needs --format case1.0, case1.1, ctdl or rsd" },
        { "skillsearch|export|--format|md|--output|a|--output-dir|b", "--output and --output-dir cannot be combined" },
        { "skillsearch|export|--columns|id,,text", "--columns: a name is empty" },
        { "skillsearch|export|--columns|id,txt", "--columns: unknown value 'txt'; did you mean text?" },
        { "skillsearch|mail|--format|ctdl", "only export has this format" },
        { "skillsearch|ping|x", "ping takes no words; to search for the words: skillsearch search ping x" },
        { "skillsearch|top|two words|--color|never|\"it\"",
          "top takes no words; to search for the words: skillsearch search top 'two words' --color never '\"it\"'" },
        { "skillsearch|help|desk|-n|2|--offset|3|lamps",
          "no command desk; to search for the words: skillsearch search help desk -n 2 lamps" },
        { "skillsearch|--level=advanced|compare|prices",
          "--level does not apply to 'compare'; to search for the words: skillsearch search --level=advanced compare prices" },
        { "skillsearch|help|desk|--words", "no command desk" },
        { "skillsearch|help|comapre",
          "no command comapre (did you mean compare?); to search for the words: skillsearch search help comapre" },
        { "skillsearch|help|24/7|desk", "no command 24/7" },
        { "skillsearch|crosswalk|safety",
          "crosswalk needs the SOC codes of two occupations, as in 43-9061, or their "
          "titles in quotes; to search for the words: skillsearch search crosswalk safety" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sks_options *options;
        sks_error err = { 0 };
        ck_assert_msg (parse (&options, &err, cases[i].line) == SKS_EINVALID, "%s", cases[i].line);
        ck_assert_str_eq (err.text, cases[i].advice);
        ck_assert_ptr_null (options);
    }
}
END_TEST

START_TEST (the_number_of_values_in_a_filter_is_limited)
{
    char *line = malloc (SKS_MAX_FILTER_VALUES * 8 + 64), *end;
    char program[] = "skillsearch", option[] = "--sector";
    char *arguments[] = { program, option, line, NULL };
    sks_options *options;
    sks_error err;
    end = line + sprintf (line, "0");
    for (int i = 1; i < SKS_MAX_FILTER_VALUES; i++)
        end += sprintf (end, ",%d", i);
    ck_assert_int_eq (sks_options_parse (&options, 3, arguments, &err), 0);
    ck_assert_uint_eq (options->query.filter[SKS_FACET_SECTOR].count, SKS_MAX_FILTER_VALUES);
    sks_options_destroy (&options);
    strcpy (end, ",too many");
    ck_assert_int_eq (sks_options_parse (&options, 3, arguments, &err), SKS_EINVALID);
    free (line);
}
END_TEST

START_TEST (a_typing_error_is_near_and_another_word_is_not)
{
    size_t size = 0;
    const char *list = "level limit list-options";
    ck_assert_ptr_eq (sks_nearest_find ("leve", list, &size), list);
    ck_assert_uint_eq (size, 5);
    ck_assert_ptr_eq (sks_nearest_find ("limti", list, &size), list + 6);
    ck_assert_ptr_eq (sks_nearest_find ("list", list, &size), list + 12);
    ck_assert_ptr_null (sks_nearest_find ("occupation", list, &size));
    ck_assert_ptr_null (sks_nearest_find ("", list, &size));
    ck_assert_ptr_null (sks_nearest_find ("averylongwordthatisnearnothingatall", list, &size));
}
END_TEST

Suite *
suite_options (void)
{
    Suite *suite = suite_create ("options");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_test (core, words_become_one_query);
    tcase_add_test (core, each_option_sets_its_own_member);
    tcase_add_test (core, filters_are_repeated_and_listed);
    tcase_add_test (core, a_zone_has_a_label);
    tcase_add_test (core, the_environment_sets_the_timeout_unless_an_option_does);
    tcase_add_test (core, an_invalid_timeout_of_the_environment_is_named);
    tcase_add_test (core, tree_requests_occupations_with_or_without_their_facet);
    tcase_add_test (core, a_facet_has_a_limit_and_a_word_to_find);
    tcase_add_test (core, commands_have_options_of_their_own);
    tcase_add_test (core, help_has_examples_of_every_command);
    tcase_add_test (core, help_knows_every_option);
    suite_add_tcase (suite, core);
    tcase_add_test (limits, an_invalid_command_line_is_refused_with_advice);
    tcase_add_test (limits, the_number_of_values_in_a_filter_is_limited);
    tcase_add_test (limits, a_typing_error_is_near_and_another_word_is_not);
    suite_add_tcase (suite, limits);
    return suite;
}
