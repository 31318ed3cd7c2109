/* completion.c - finds what is at the cursor: an option, its value, or a word of a command. */
#include "completion.h"

#include "candidates.h"
#include "option_values.h"
#include "program_options.h"
#include "recent.h"
#include "settings.h"
#include "shell_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_MS 300 /* the default; longer delays disturb typing */
#define PROGRAM "skillsearch"
#define MOST_NUMBERS 100 /* of the last answer */
#define COMPARED 2       /* generations that --diff compares */
#define DIGITS "0123456789"

/* The command line before the cursor. */
struct place {
    sks_candidates candidates;
    sks_options *options;     /* as its options set them */
    sks_argument_table table; /* of the program */
    bool own;                 /* the program is this one, which has commands */
    bool has_command, wants_help, words_only;
    const char *program;      /* as typed */
    char *index;              /* its --index; NULL: not named */
    bool diff;                /* it has --diff, */
    bool sources;             /* and a word that is not the number of a generation */
    const sks_argument *open; /* the option whose value is being typed; NULL: none */
    size_t words;             /* before the cursor, without the command */
};

/* ------------------------------------------------------------ before it */
static void
pass_word (struct place *place, const char *word)
{
    int command = place->has_command || place->words_only ? -1 : sks_option_command_of (word);
    place->sources |= word[strspn (word, DIGITS)] != '\0';
    if (!place->own || place->has_command || place->words_only || (command < 0 && strcmp (word, "help") != 0))
        place->words++;
    else if (command < 0)
        place->wants_help = true;
    else
        place->options->command = command;
    place->has_command = true;
}

/* Failures are ignored: an error in one part of the line does not prevent completion in another. */
static void
pass (struct place *place, char *const *words)
{
    sks_arguments arguments;
    const sks_argument *found;
    const char *value;
    int more;
    sks_arguments_begin (&arguments, &place->table, words);
    while ((more = sks_arguments_next (&arguments, &found, &value, NULL)) != 0) {
        const sks_option *option = place->own ? (const sks_option *) (const void *) found : NULL;
        if (more > 0 && option)
            option->apply (place->options, option, value, NULL);
        else if (more > 0 && found && strcmp (found->name, "index") == 0)
            place->index = sks_arena_copy (place->options->memory, value, strlen (value));
        else if (more > 0 && found && strcmp (found->name, "diff") == 0)
            place->diff = true;
        else if (more > 0 && !found) {
            place->words_only = arguments.words_only;
            pass_word (place, value);
        }
    }
    place->words_only = arguments.words_only;
    place->open = arguments.open;
}

/* ------------------------------------------------------------- an option */
/* Numbers of generations, as skillsearch-index lists them: "2\tcurrent\t2026-11-27T15:22:16Z\t560 statements...". */
static void
complete_generation (struct place *place)
{
    static char name[] = PROGRAM "-index", list[] = "--list", index[] = "--index";
    sks_candidates *candidates = &place->candidates;
    char *arguments[] = { name, list, place->index ? index : NULL, place->index, NULL };
    char *text = sks_program_options_run (place->options->memory, place->program, arguments);
    for (char *line; text && (line = strsep (&text, "\n")) && *line;) {
        const char *number = strsep (&line, "\t");
        for (char *at = line ? strchr (line, '\t') : NULL; at; at = strchr (at, '\t'))
            *at = ' ';
        if (strncmp (number, candidates->open, strlen (candidates->open)) == 0)
            sks_candidates_put (candidates, number, line ? line + strspn (line, " ") : NULL);
    }
}

/* The values before the last comma are kept. In a label, a blank follows a comma. */
static void
keep_values (sks_candidates *candidates)
{
    const char *last = NULL;
    for (const char *at = strchr (candidates->open, ','); at; at = strchr (at + 1, ','))
        if (at[1] != ' ')
            last = at;
    if (last)
        sks_candidates_keep (candidates, (size_t) (last + 1 - candidates->open));
}

static void
complete_value (struct place *place, const sks_argument *argument)
{
    sks_candidates *candidates = &place->candidates;
    const sks_option *option = place->own ? (const sks_option *) (const void *) argument : NULL;
    bool filter = option && (option->apply == sks_option_add_filter || option->apply == sks_option_add_zones);
    const char *value = argument->value;
    if (filter || (option && (option->apply == sks_option_add_exclude || option->apply == sks_option_add_columns)))
        keep_values (candidates);
    if (argument->choices)
        sks_candidates_put_list (candidates, argument->choices);
    else if (filter)
        sks_candidates_put_values (candidates, option->detail);
    else if (!place->own && strcmp (argument->name, "publish") == 0)
        complete_generation (place);
    else if (strcmp (value, "FILE") == 0 || strcmp (value, "PATH") == 0)
        sks_buffer_puts (&candidates->session->out, ":files\n");
    else if (strcmp (value, "DIR") == 0 || strcmp (value, "FOLDER") == 0)
        sks_buffer_puts (&candidates->session->out, ":folders\n");
}

/* Names of options; for this program only those that its command takes. */
static void
complete_option (struct place *place)
{
    sks_candidates *candidates = &place->candidates;
    for (size_t i = 0; i < place->table.count; i++) {
        const char *row = (const char *) place->table.rows + i * place->table.row_size;
        const sks_argument *argument = (const sks_argument *) (const void *) row;
        const sks_option *option = (const sks_option *) (const void *) row;
        char name[64];
        if (place->own && !(option->commands & 1u << place->options->command))
            continue;
        snprintf (name, sizeof name, "--%s", argument->name);
        if (strncmp (name, candidates->open, strlen (candidates->open)) == 0)
            sks_candidates_put (candidates, name,
                                place->own ? sks_option_help (option, place->options->command) : argument->help);
    }
}

/* A word that begins with "-". */
static void
complete_dash (struct place *place)
{
    sks_candidates *candidates = &place->candidates;
    const char *word = candidates->open;
    size_t size = strcspn (word, "=");
    const sks_argument *argument =
        strncmp (word, "--", 2) == 0 && word[size] ? sks_arguments_find (&place->table, word + 2, size - 2) : NULL;
    if (argument && argument->value) {
        sks_candidates_keep (candidates, size + 1);
        complete_value (place, argument);
    } else if (!word[size])
        complete_option (place);
}

/* ---------------------------------------------------------------- a word */
/* The facet of a field such as "sector:", size bytes without the colon; -1 if values of the field are words. */
static int
facet_of (const char *field, size_t size)
{
    const sks_argument *argument = sks_arguments_find (&sks_option_arguments, field, size);
    const sks_option *option = (const sks_option *) (const void *) argument;
    bool filter = option && (option->apply == sks_option_add_filter || option->apply == sks_option_add_zones);
    return filter ? option->detail : -1;
}

/* Part of a query: a word, or the value of a field. */
static void
complete_query (struct place *place)
{
    sks_candidates *candidates = &place->candidates;
    size_t marks = 0;
    for (const char *at = candidates->open; (at = strpbrk (at, " ()\"=")); at++)
        marks = (size_t) (at + 1 - candidates->open);
    sks_candidates_keep (candidates, marks);
    size_t size = strcspn (candidates->open, ":");
    int facet = candidates->open[size] ? facet_of (candidates->open, size) : -1;
    if (candidates->open[size])
        sks_candidates_keep (candidates, size + 1);
    candidates->quoted = true;
    if (facet == SKS_FACET_LEVEL)
        sks_candidates_put_list (candidates, "emerging developing proficient advanced");
    else if (facet >= 0)
        sks_candidates_put_values (candidates, facet);
    else
        sks_candidates_put_words (candidates);
}

/* A word of skillsearch-index: a file; after --diff also a generation, unless a file was named. Files are offered when
 * no generation begins with what was typed. */
static void
complete_source (struct place *place)
{
    bool generations = place->diff && !place->sources;
    if (generations && place->words < COMPARED)
        complete_generation (place);
    if (!generations || (place->words == 0 && place->candidates.count == 0))
        sks_buffer_puts (&place->candidates.session->out, ":files\n");
}

static void
complete_number (struct place *place)
{
    for (int i = 1; i <= MOST_NUMBERS; i++) {
        char number[8];
        const char *id;
        snprintf (number, sizeof number, "%d", i);
        if (sks_recent_find (place->options->memory, number, &id, NULL) != 0)
            return;
        if (strncmp (number, place->candidates.open, strlen (place->candidates.open)) == 0)
            sks_candidates_put (&place->candidates, number, id);
    }
}

static void
complete_word (struct place *place)
{
    sks_candidates *candidates = &place->candidates;
    const unsigned with_query = 1u << SKS_COMMAND_SEARCH | 1u << SKS_COMMAND_FACETS | 1u << SKS_COMMAND_ANALYZE |
                                1u << SKS_COMMAND_EXPORT | 1u << SKS_COMMAND_BROWSE | 1u << SKS_COMMAND_SUGGEST |
                                1u << SKS_COMMAND_COMPARE;
    const unsigned with_code = 1u << SKS_COMMAND_OCCUPATION | 1u << SKS_COMMAND_COMPARE | 1u << SKS_COMMAND_CROSSWALK;
    int command = place->options->command;
    size_t codes = command == SKS_COMMAND_CROSSWALK ? 2 : 1;
    if (place->wants_help || (!place->has_command && !place->words_only))
        sks_candidates_put_list (candidates, sks_option_command_names ());
    if (place->wants_help)
        return;
    if (!place->has_command && !place->words_only)
        sks_candidates_put_list (candidates, "help");
    if (with_code & 1u << command && place->words < codes)
        sks_candidates_put_values (candidates, SKS_FACET_OCCUPATION);
    else if (with_query & 1u << command)
        complete_query (place);
    else if (command == SKS_COMMAND_GET || command == SKS_COMMAND_SIMILAR) {
        complete_number (place);
        sks_candidates_put_ids (candidates);
    } else if (command == SKS_COMMAND_KEYGEN || command == SKS_COMMAND_TRY)
        sks_buffer_puts (&candidates->session->out, ":files\n");
}

/* ------------------------------------------------------------------- all */
/* program: its name without the folder. */
static void
complete (struct place *place, const char *program)
{
    sks_candidates *candidates = &place->candidates;
    const char *word = candidates->open;
    if (place->open)
        complete_value (place, place->open);
    else if (*word == '-' && !place->words_only)
        complete_dash (place);
    else if (place->own)
        complete_word (place);
    else if (strcmp (program, PROGRAM "-index") == 0)
        complete_source (place);
    else if (strcmp (program, PROGRAM "-vectors") == 0)
        sks_buffer_puts (&candidates->session->out, ":files\n");
}

/* The bytes of the word before the part that bash replaces: bash also splits words at "=" and ":". */
static size_t
find_skipped (sks_arena *memory, const char *word, const char *replaced)
{
    char **parts;
    size_t count = sks_shell_line_split (memory, replaced, &parts);
    size_t size = strlen (word), end = count ? strlen (parts[count - 1]) : 0;
    return count == 1 && end <= size && strcmp (word + size - end, parts[0]) == 0 ? size - end : 0;
}

/* Read the words of the command line to complete, ended by NULL. With fewer than 2 there is nothing to complete. */
static size_t
read_words (const sks_options *given, char ***words)
{
    sks_arena *memory = given->memory;
    if (given->line_typed)
        return sks_shell_line_split (memory, given->line_typed, words);
    *words = sks_arena_array (memory, given->word_count + 1, sizeof **words);
    for (size_t i = 0; *words && i < given->word_count; i++)
        if (!((*words)[i] = sks_arena_copy (memory, given->words[i], strlen (given->words[i]))))
            return 0;
    return *words ? given->word_count : 0;
}

/* A path without its folder. */
static const char *
base_name (const char *path)
{
    const char *slash = strrchr (path, '/');
    return slash ? slash + 1 : path;
}

/* Complete the last of `count` words; `options` become those of the command line. */
static void
complete_line (sks_session *session, sks_options *options, char **words, size_t count)
{
    const sks_options *given = session->options;
    const char *word = words[count - 1], *program = base_name (words[0]);
    struct place place = { .options = options, .program = words[0], .own = strcmp (program, PROGRAM) == 0 };
    sks_options asking;
    sks_error err;
    place.candidates = (sks_candidates) { .session = session, .kept = word, .open = word };
    if (given->line_typed)
        place.candidates.skipped = find_skipped (given->memory, word, given->words[0]);
    if (place.own)
        place.table = sks_option_arguments;
    else
        sks_program_options_read (given->memory, words[0], &place.table);
    words[count - 1] = NULL;
    pass (&place, words + 1);
    sks_settings_read (options, NULL);
    asking = *options;
    asking.command = SKS_COMMAND_COMPLETE;
    asking.timeout_ms = USUAL_MS;
    if (sks_settings_time ("SKILLSEARCH_COMPLETION_MS", &asking.timeout_ms, &err) != 0)
        fprintf (stderr, "skillsearch: %s\n", err.text); /* the shells discard it */
    session->options = &asking;
    complete (&place, program);
    session->options = given;
}

int
sks_completion_run (sks_session *session)
{
    char program[] = PROGRAM, *none[] = { program, NULL }, **words;
    sks_options *options;
    size_t count = read_words (session->options, &words);
    if (count > 0 && strncmp (base_name (words[0]), PROGRAM, sizeof PROGRAM - 1) != 0) {
        sks_fail (&session->err, SKS_EINVALID,
                  "complete is for command lines of " PROGRAM " and its other programs, not of %s", words[0]);
        return sks_session_fail (session);
    }
    if (count < 2 || sks_options_parse (&options, 1, none, &session->err) != 0)
        return SKS_EXIT_NOTHING;
    complete_line (session, options, words, count);
    sks_options_destroy (&options);
    return sks_session_finish (session, session->out.size > 0);
}
