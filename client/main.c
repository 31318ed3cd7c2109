/* main.c - the program skillsearch: reads the command line, answers --help and
 * --version itself, and leaves the rest to the commands. */
#include "commands.h"

#include "core/base/streams.h"
#include "pager.h"
#include "session.h"
#include "settings.h"

#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT_BYTES 65536

static const char usage[] = "Usage: skillsearch [OPTIONS] [COMMAND] [WORDS...]\n"
                            "       Run 'skillsearch --help' for all options.\n";

static const char examples[] = "Find occupational skill statements.\n"
                               "\n"
                               "Examples:\n"
                               "  skillsearch route incoming mail           statements that have these words\n"
                               "  skillsearch '\"incoming mail\" route'       two of them side by side\n"
                               "  skillsearch --level advanced budget       only in one level\n"
                               "  skillsearch --soc 43- --sort level mail   in some occupations, emerging first\n"
                               "  skillsearch facets weld                   count matches by level, sector, group\n"
                               "  skillsearch facets --facet occupation:20:nurse\n"
                               "                                            occupations with this word in the title\n"
                               "  skillsearch --tsv mail | cut -f6          only the texts\n"
                               "  skillsearch occupation 43-9051            an occupation and all its statements\n"
                               "  skillsearch crosswalk 43-9051.00 43-4051.00\n"
                               "                                            what two occupations have in common\n"
                               "  skillsearch map --file vacancy.txt        statements that match each sentence\n"
                               "  skillsearch export --format csv > all.csv every statement, as a table\n"
                               "  skillsearch search stats                  a word that is also a command\n";

static const char notes[] = "\n"
                            "Query:\n"
                            "  \"a b\"    side by side           a OR b, a AND b, NOT a, -a, ( )\n"
                            "  =a       exactly this form      a NEAR b, a NEAR/5 b\n"
                            "  rout*    any word with this beginning\n"
                            "  title:clerk  duty:mail  level:advanced  soc:43-  sector:55  group:43  zone:3\n"
                            "  A query that begins with \"-\" goes after \"--\".\n"
                            "\n"
                            "Configuration file:\n"
                            "  ~/.config/skillsearch/config, lines NAME = VALUE, for endpoint, server-key,\n"
                            "  client-key, color, pager and limit; options and variables come before it.\n"
                            "\n"
                            "Exit status:\n"
                            "  0 found   1 nothing found   2 wrong usage   3 cannot connect\n"
                            "  4 too late or busy   5 other failure   6 query refused   7 not authorised\n"
                            "  8 the index was replaced during an export\n";

static int
show (const sks_options *options)
{
    int ask = options->ask, about = options->about;
    if (ask == SKS_ASK_LIST) {
        sks_arguments_list (&sks_option_arguments, stdout);
        return SKS_EXIT_FOUND;
    }
    sks_buffer text = SKS_BUFFER_INIT (TEXT_BYTES);
    sks_terminal terminal;
    if (ask == SKS_ASK_VERSION) {
        sks_buffer_printf (&text, "skillsearch %s\n", sks_version ());
    } else if (about >= 0) {
        sks_options_describe_command (&text, about);
    } else {
        sks_buffer_puts (&text, examples);
        sks_options_describe (&text);
        sks_buffer_puts (&text, notes);
    }
    sks_terminal_detect (&terminal, STDOUT_FILENO, options->color);
    if (ask == SKS_ASK_HELP)
        sks_session_page (options, &terminal);
    int status = sks_session_write (&text) ? SKS_EXIT_FOUND : SKS_EXIT_FAILED;
    if (!sks_pager_close ())
        sks_session_write (&text);
    sks_buffer_free (&text);
    return status;
}

/* advice: printed after the message when the command line was wrong. */
static int
complain (const sks_error *err, const char *advice)
{
    sks_buffer text = SKS_BUFFER_INIT (TEXT_BYTES);
    sks_buffer_puts (&text, "skillsearch: ");
    sks_terminal_puts (&text, err->text);
    sks_buffer_putc (&text, '\n');
    if (err->code == SKS_EINVALID)
        sks_buffer_puts (&text, advice);
    sks_session_complain (&text);
    sks_buffer_free (&text);
    return sks_session_exit_of (err->code);
}

int
main (int argc, char **argv)
{
    sks_options *options;
    sks_error err;
    sks_streams_open ("skillsearch", SKS_EXIT_FAILED);
    setlocale (LC_CTYPE, "");
    if (argc < 2) {
        fputs (usage, stderr);
        return SKS_EXIT_USAGE;
    }
    if (sks_options_parse (&options, argc, argv, &err) != 0)
        return complain (&err, "Run 'skillsearch --help' for all options.\n");
    if (options->ask == SKS_ASK_NOTHING && sks_settings_read (options, &err) != 0) {
        sks_options_destroy (&options);
        return complain (
            &err, "skillsearch(1) describes the configuration file under FILES, and variables under ENVIRONMENT.\n");
    }
    int status = options->ask != SKS_ASK_NOTHING ? show (options) : sks_command_run (options);
    sks_options_destroy (&options);
    return status;
}
