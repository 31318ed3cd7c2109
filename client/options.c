/* options.c - reads a command line by the table of options. Options may stand
 * anywhere; the first word may be a command; "--" ends both. */
#include "options.h"

#include "nearest.h"
#include "option.h"

#include <stdlib.h>
#include <string.h>

/* The command line on its way through. */
struct reading {
    sks_options *options;
    char **rest;                  /* the arguments behind the current one, up to NULL */
    bool used[SKS_OPTION_COUNT];  /* options that were given */
    bool words_only;              /* "--" was seen */
    bool has_command;
};

/* argument: at least a dash and something else, size bytes up to its value. */
static int
fail_unknown (const char *argument, size_t size, sks_error *err)
{
    char names[512] = "", word[SKS_NEAREST_BYTES + 1] = "";
    char *end = names;
    for (size_t i = 0; i < SKS_OPTION_COUNT; i++)
        end = stpcpy (stpcpy (end, sks_option_table[i].name), " ");
    size_t dashes = strspn (argument, "-"), found = 0;
    if (size - dashes < sizeof word)
        memcpy (word, argument + dashes, size - dashes);
    const char *nearest = sks_nearest_find (word, names, &found);
    if (nearest)
        return sks_fail (err, SKS_EINVALID, "unknown option %.*s; did you mean --%.*s?", (int) size, argument,
                         (int) found, nearest);
    if (dashes == 1)
        return sks_fail (err, SKS_EINVALID, "unknown option %.*s; to leave a word out, write NOT before it",
                         (int) size, argument);
    return sks_fail (err, SKS_EINVALID, "unknown option %.*s", (int) size, argument);
}

static const sks_option *
find_long (const char *name, size_t size)
{
    for (size_t i = 0; i < SKS_OPTION_COUNT; i++)
        if (strlen (sks_option_table[i].name) == size && memcmp (sks_option_table[i].name, name, size) == 0)
            return &sks_option_table[i];
    return NULL;
}

static const sks_option *
find_letter (char letter)
{
    for (size_t i = 0; i < SKS_OPTION_COUNT; i++)
        if (sks_option_table[i].letter && sks_option_table[i].letter == letter)
            return &sks_option_table[i];
    return NULL;
}

/* The option of an argument that begins with "-", and its value if it stands
 * in the same argument ("--limit=5", "-n5"). *size: bytes without the value. */
static const sks_option *
split_option (const char *argument, const char **value, size_t *size)
{
    *value = NULL;
    if (argument[1] != '-') {
        const sks_option *option = find_letter (argument[1]);
        *size = strlen (argument);
        if (!argument[2])
            return option;
        *value = argument + 2;
        return option && option->value ? option : NULL;
    }
    *size = strcspn (argument, "=");
    if (argument[*size] == '=')
        *value = argument + *size + 1;
    return find_long (argument + 2, *size - 2);
}

static int
read_option (struct reading *reading, const char *argument, sks_error *err)
{
    size_t size;
    const char *value;
    const sks_option *option = split_option (argument, &value, &size);
    if (!option)
        return fail_unknown (argument, size, err);
    if (!option->value && value)
        return sks_fail (err, SKS_EINVALID, "--%s takes no value", option->name);
    if (option->value && !value) {
        value = *reading->rest;
        if (!value)
            return sks_fail (err, SKS_EINVALID, "--%s needs a value: --%s %s", option->name, option->name,
                             option->value);
        reading->rest++;
    }
    reading->used[option - sks_option_table] = true;
    return option->apply (reading->options, option, value, err);
}

static int
read_argument (struct reading *reading, const char *argument, sks_error *err)
{
    sks_options *options = reading->options;
    if (!reading->words_only && strcmp (argument, "--") == 0) {
        reading->words_only = reading->has_command = true;
        return 0;
    }
    if (!reading->words_only && argument[0] == '-' && argument[1])
        return read_option (reading, argument, err);
    int command = reading->has_command ? -1 : sks_command_of (argument);
    reading->has_command = true;
    if (command >= 0)
        options->command = command;
    else
        options->words[options->word_count++] = argument;
    return 0;
}

/* An option that its command would not look at was a mistake. */
static int
check_command (const struct reading *reading, sks_error *err)
{
    const sks_options *options = reading->options;
    const char *name = sks_command_name (options->command);
    for (size_t i = 0; i < SKS_OPTION_COUNT; i++)
        if (reading->used[i] && !(sks_option_table[i].commands & (1u << options->command)))
            return sks_fail (err, SKS_EINVALID, "--%s means nothing to '%s'", sks_option_table[i].name, name);
    if (options->query.limit + options->query.offset > SKS_MAX_WINDOW)
        return sks_fail (err, SKS_EINVALID, "--offset and --limit: at most %d together", SKS_MAX_WINDOW);
    if (options->command == SKS_COMMAND_GET && options->word_count == 0)
        return sks_fail (err, SKS_EINVALID, "get needs the id of a statement, as a search shows it");
    bool no_words = options->command == SKS_COMMAND_STATS || options->command == SKS_COMMAND_PING;
    if (no_words && options->word_count)
        return sks_fail (err, SKS_EINVALID, "%s takes no words; to search for it: skillsearch search %s %s",
                         name, name, options->words[0]);
    return 0;
}

static int
join_words (sks_options *options, sks_error *err)
{
    size_t size = 1;
    for (size_t i = 0; i < options->word_count; i++)
        size += strlen (options->words[i]) + 1;
    char *text = sks_arena_alloc (options->memory, size), *end = text;
    if (!text)
        return sks_fail_memory (err);
    for (size_t i = 0; i < options->word_count; i++) {
        if (i > 0)
            *end++ = ' ';
        end = stpcpy (end, options->words[i]);
    }
    options->query.text = text;
    return 0;
}

int
sks_options_parse (sks_options **out, int argc, char **argv, sks_error *err)
{
    *out = NULL;
    sks_options *options = calloc (1, sizeof *options);
    if (!options)
        return sks_fail_memory (err);
    options->query = (sks_query) SKS_QUERY_INIT;
    options->memory = sks_arena_create ();
    if (options->memory)
        options->words = sks_arena_array (options->memory, (size_t) argc + 1, sizeof *options->words);
    struct reading reading = { .options = options, .rest = argv + (argc > 0) };
    int rc = options->words ? 0 : sks_fail_memory (err);
    while (rc == 0 && *reading.rest)
        rc = read_argument (&reading, *reading.rest++, err);
    if (rc == 0 && options->ask == SKS_ASK_NOTHING)
        rc = check_command (&reading, err);
    if (rc == 0)
        rc = join_words (options, err);
    if (rc)
        sks_options_destroy (&options);
    *out = options;
    return rc;
}

void
sks_options_destroy (sks_options **options_p)
{
    if (!options_p || !*options_p)
        return;
    sks_arena_destroy (&(*options_p)->memory);
    free (*options_p);
    *options_p = NULL;
}
