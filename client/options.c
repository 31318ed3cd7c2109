/* options.c - reads a command line with the table of options. Options may be anywhere; the first word may be a
 * command; "--" ends both. */
#include "options.h"
#include "invocation.h"
#include "option_values.h"

#include "core/base/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_MARGIN 4 /* what may be added to a command: "--", a query, the end */

/* The state of reading a command line. */
struct reading {
    sks_options *options;
    sks_arguments arguments;
    bool used[SKS_MAX_OPTIONS]; /* options that were given */
    bool has_command;
    bool wants_help; /* the first word was "help" */
};

static void
keep (sks_options *options, char *const *from, char *const *end)
{
    while (from < end)
        options->line[options->line_count++] = *from++;
}

/* A first word that is the name of a command may have been meant as a word to search for. */
static void
find_search (const struct reading *reading)
{
    sks_options *options = reading->options;
    sks_buffer search = SKS_BUFFER_INIT (SKS_ERROR_TEXT_BYTES);
    bool named = options->command != SKS_COMMAND_SEARCH || reading->wants_help;
    for (size_t i = 0; i < sks_option_arguments.count; i++)
        named &= !reading->used[i] || sks_option_table[i].commands & 1u << SKS_COMMAND_SEARCH;
    if (named)
        sks_invocation_put_search (&search, options);
    if (search.size && !search.failed)
        options->search = sks_arena_copy (options->memory, search.bytes, search.size);
    sks_buffer_free (&search);
}

/* Refuse a command, and name the search for all words if they may be a query. */
static int
refuse_command (const sks_options *options, const char *why, sks_error *err)
{
    return options->search ? sks_fail (err, SKS_EINVALID, "%s; to search for the words: %s", why, options->search)
                           : sks_fail (err, SKS_EINVALID, "%s", why);
}

/* Find the command that the word after "help" names. */
static int
read_help (sks_options *options, sks_error *err)
{
    const char *name = options->word_count ? options->words[0] : "help";
    char why[SKS_ERROR_TEXT_BYTES];
    size_t found = 0;
    if (options->about >= 0 || strcmp (name, "help") == 0)
        return 0;
    const char *nearest = sks_nearest_find (name, sks_option_command_names (), &found);
    snprintf (why, sizeof why, "no command %s%s%.*s%s", name, nearest ? " (did you mean " : "", (int) found,
              nearest ? nearest : "", nearest ? "?)" : "");
    return refuse_command (options, why, err);
}

/* words_only: "--" is before it. */
static void
read_word (struct reading *reading, const char *word, bool words_only)
{
    sks_options *options = reading->options;
    if (words_only && !reading->has_command) {
        options->about = options->command; /* "--" shows that the first word is not a mistyped command */
        reading->has_command = true;
    }
    if (reading->wants_help && options->about < 0 && !words_only && !options->word_count)
        options->about = sks_option_command_of (word);
    if (reading->wants_help && options->about >= 0)
        return;
    bool first = !reading->has_command;
    int command = first ? sks_option_command_of (word) : -1;
    reading->has_command = true;
    if (command >= 0)
        options->command = options->about = command;
    else if (first && strcmp (word, "help") == 0) {
        reading->wants_help = true;
        options->ask = SKS_ASK_HELP;
    } else
        options->words[options->word_count++] = word;
}

static int
read_line (struct reading *reading, sks_error *err)
{
    sks_arguments *arguments = &reading->arguments;
    for (;;) {
        const sks_argument *found;
        const char *value;
        char *const *from = arguments->rest;
        int rc = sks_arguments_next (arguments, &found, &value, err);
        if (rc <= 0)
            return rc;
        const sks_option *option = (const sks_option *) (const void *) found;
        if (!option || option->apply != sks_option_set_offset)
            keep (reading->options, from, arguments->rest);
        if (option)
            reading->used[option - sks_option_table] = true;
        if (!option)
            read_word (reading, value, arguments->words_only);
        else if ((rc = option->apply (reading->options, option, value, err)) != 0)
            return rc;
    }
}

#define ANY_COUNT SIZE_MAX

/* The number of words that a command accepts. */
static const struct {
    size_t least, most;
    const char *wanted; /* shown when there are fewer or more */
} word_counts[SKS_COMMANDS] = {
    [SKS_COMMAND_SEARCH] = { 0, ANY_COUNT, NULL },
    [SKS_COMMAND_FACETS] = { 0, ANY_COUNT, NULL },
    [SKS_COMMAND_GET] = { 1, ANY_COUNT,
                          "get needs statements: numbers of the last answer, ids, or \"-\" for the standard input" },
    [SKS_COMMAND_SIMILAR] = { 1, 1,
                              "similar needs one statement: its number in the last answer, its id, or \"-\" for the "
                              "standard input" },
    [SKS_COMMAND_OCCUPATION] = { 1, ANY_COUNT, "occupation needs a SOC code, as in 43-9061, or a title" },
    [SKS_COMMAND_COMPARE] = { 1, ANY_COUNT,
                              "compare needs the SOC code of an occupation, as in 43-9061, or its title in quotes" },
    [SKS_COMMAND_CROSSWALK] = { 2, 2,
                                "crosswalk needs the SOC codes of two occupations, as in 43-9061, or their titles in "
                                "quotes" },
    [SKS_COMMAND_MAP] = { 1, ANY_COUNT,
                          "map needs a text: words, --file FILE, or \"-\" for the standard "
                          "input" },
    [SKS_COMMAND_SUGGEST] = { 1, ANY_COUNT, "suggest needs the beginning of a word, a duty or a title" },
    [SKS_COMMAND_ANALYZE] = { 0, ANY_COUNT, NULL },
    [SKS_COMMAND_BROWSE] = { 0, ANY_COUNT, NULL },
    [SKS_COMMAND_EXPORT] = { 0, ANY_COUNT, NULL },
    [SKS_COMMAND_KEYGEN] = { 1, 1, "keygen needs the name of a file for the keys, or --server and a folder" },
    [SKS_COMMAND_TRY] = { 1, ANY_COUNT, "try needs folders or files with exports" },
    [SKS_COMMAND_COMPLETE] = { 1, ANY_COUNT, "complete needs a command line: a program and its words" },
};

static int
check_words (const sks_options *options, sks_error *err)
{
    size_t count = options->word_count;
    char takes_none[SKS_ERROR_TEXT_BYTES];
    snprintf (takes_none, sizeof takes_none, "%s takes no words", sks_option_command_name (options->command));
    if (options->command == SKS_COMMAND_MAP && options->file)
        return count ? sks_fail (err, SKS_EINVALID, "map takes words or --file, not both") : 0;
    size_t least = word_counts[options->command].least, most = word_counts[options->command].most;
    const char *wanted = most ? word_counts[options->command].wanted : takes_none;
    return count < least || count > most ? refuse_command (options, wanted, err) : 0;
}

static bool
is_used (const struct reading *reading, const char *name)
{
    const sks_argument *found = sks_arguments_find (&sks_option_arguments, name, strlen (name));
    return reading->used[(const sks_option *) (const void *) found - sks_option_table];
}

/* The limit means something else to some commands. */
static int
settle_limit (const struct reading *reading, sks_error *err)
{
    static const struct {
        int command;
        uint32_t least, most, usual;
    } limits[] = {
        { SKS_COMMAND_MAP, 1, SKS_MAX_LIMIT, SKS_DEFAULT_MAP_LIMIT },
        { SKS_COMMAND_SUGGEST, 1, SKS_MAX_SUGGESTIONS, SKS_DEFAULT_SUGGESTIONS },
    };
    sks_options *options = reading->options;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].command != options->command)
            continue;
        if (!is_used (reading, "limit"))
            options->query.limit = limits[i].usual;
        if (options->query.limit < limits[i].least || options->query.limit > limits[i].most)
            return sks_fail (err, SKS_EINVALID, "--limit of %s is from %u to %u",
                             sks_option_command_name (options->command), limits[i].least, limits[i].most);
    }
    return 0;
}

static bool
is_package (const sks_options *options)
{
    return options->output >= SKS_OUTPUT_CASE_1_0 && options->output <= SKS_OUTPUT_PACKAGE_MARKDOWN;
}

/* Marks and units are for programs that read the answer. */
static int
check_output (const sks_options *options, sks_error *err)
{
    bool export = options->command == SKS_COMMAND_EXPORT;
    bool json = options->output == SKS_OUTPUT_JSON || (export && options->output == SKS_OUTPUT_NDJSON);
    bool table =
        options->output == SKS_OUTPUT_CSV || options->output == SKS_OUTPUT_TSV || options->output == SKS_OUTPUT_RSD;
    if (options->query.units != SKS_UNITS_BYTES && !json)
        return sks_fail (err, SKS_EINVALID, "--units needs %s", export ? "--format ndjson" : "--json");
    if (options->query.want & SKS_WANT_MARKED && (export ? !json : options->output == SKS_OUTPUT_TEXT))
        return sks_fail (err, SKS_EINVALID, "--marked, --tags and --escape need %s",
                         export ? "--format ndjson" : "--json or a table, as --tsv");
    if (options->bom && !table)
        return sks_fail (err, SKS_EINVALID, "--bom needs --format csv or tsv");
    if (is_package (options) && !export)
        return sks_fail (err, SKS_EINVALID, "only export has this format");
    return 0;
}

/* Options that only some formats of an export have. */
static int
check_export (const struct reading *reading, sks_error *err)
{
    static const struct {
        const char *name;
        unsigned formats; /* bits of enum sks_output */
        const char *wanted;
    } rules[] = {
#define AS(format) (1u << SKS_OUTPUT_##format)
#define CASE (AS (CASE_1_0) | AS (CASE_1_1))
#define ROWS (AS (TEXT) | AS (JSON) | AS (NDJSON) | AS (CSV) | AS (TSV) | AS (MARKDOWN))
        { "columns", AS (JSON) | AS (NDJSON) | AS (CSV) | AS (TSV) | AS (MARKDOWN), "csv, tsv or ndjson" },
        { "output-dir", CASE | AS (CTDL) | AS (RSD) | AS (PACKAGE_MARKDOWN), "case1.0, case1.1, ctdl, rsd or md" },
        { "base-uri", CASE | AS (CTDL) | AS (RSD), "case1.0, case1.1, ctdl or rsd" },
        { "creator", CASE | AS (CTDL) | AS (RSD), "case1.0, case1.1, ctdl or rsd" },
        { "publisher", AS (CTDL), "ctdl" },
        { "provenance", ROWS, "csv, tsv or ndjson; the others always have what it adds" },
        { "sort", ROWS, "csv, tsv or ndjson; the others have an order of their own" },
    };
    const sks_options *options = reading->options;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (is_used (reading, rules[i].name) && !(rules[i].formats & 1u << options->output))
            return sks_fail (err, SKS_EINVALID, "--%s needs --format %s", rules[i].name, rules[i].wanted);
    if (options->output_file && options->output_folder)
        return sks_fail (err, SKS_EINVALID, "--output and --output-dir cannot be combined");
    if (options->columns && options->query.want & SKS_WANT_MARKED)
        return sks_fail (err, SKS_EINVALID, "--marked, --tags and --escape cannot be combined with --columns");
    return 0;
}

/* An option that the command would ignore is refused: it must be a mistake. */
static int
check_applicable (const struct reading *reading, sks_error *err)
{
    const sks_options *options = reading->options;
    char why[SKS_ERROR_TEXT_BYTES];
    for (size_t i = 0; i < sks_option_arguments.count; i++) {
        if (!reading->used[i] || sks_option_table[i].commands & 1u << options->command)
            continue;
        snprintf (why, sizeof why, "--%s does not apply to '%s'", sks_option_table[i].argument.name,
                  sks_option_command_name (options->command));
        return refuse_command (options, why, err);
    }
    return 0;
}

static int
check_command (const struct reading *reading, sks_error *err)
{
    const sks_options *options = reading->options;
    if (check_applicable (reading, err) != 0)
        return SKS_EINVALID;
    if (options->query.limit + options->query.offset > SKS_MAX_WINDOW)
        return sks_fail (err, SKS_EINVALID, "--offset and --limit: at most %d together", SKS_MAX_WINDOW);
    if (options->command == SKS_COMMAND_CROSSWALK && options->query.filter[SKS_FACET_LEVEL].count > 1)
        return sks_fail (err, SKS_EINVALID, "--level of crosswalk is one level, or none for all");
    if (options->command == SKS_COMMAND_EXPORT && is_used (reading, "sort") &&
        options->query.sort == SKS_SORT_RELEVANCE)
        return sks_fail (err, SKS_EINVALID, "--sort of export is level, occupation or id");
    if (options->index && (options->endpoint || options->server_key || options->client_key))
        return sks_fail (err, SKS_EINVALID, "--index searches without a daemon, so it cannot be combined with --%s",
                         options->endpoint     ? "connect"
                         : options->server_key ? "server-key"
                                               : "client-key");
    int rc = settle_limit (reading, err);
    if (options->command == SKS_COMMAND_EXPORT && !options->has_output)
        reading->options->output = SKS_OUTPUT_NDJSON;
    if (rc == 0)
        rc = check_output (options, err);
    if (rc == 0 && options->command == SKS_COMMAND_EXPORT)
        rc = check_export (reading, err);
    return rc ? rc : check_words (options, err);
}

static int
join_words (sks_options *options, sks_error *err)
{
    size_t size = 1, first = options->command == SKS_COMMAND_COMPARE;
    for (size_t i = first; i < options->word_count; i++)
        size += strlen (options->words[i]) + 1;
    char *text = sks_arena_alloc (options->memory, size), *end = text;
    if (!text)
        return sks_fail_memory (err);
    for (size_t i = first; i < options->word_count; i++) {
        if (i > first)
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
    options->query.resolve = 1;
    options->interval_s = 2;
    options->about = -1;
    options->memory = sks_arena_create ();
    if (options->memory) {
        options->words = sks_arena_array (options->memory, (size_t) argc + 1, sizeof *options->words);
        options->line = sks_arena_array (options->memory, (size_t) argc + COMMAND_MARGIN, sizeof *options->line);
    }
    struct reading reading = { .options = options };
    sks_arguments_begin (&reading.arguments, &sks_option_arguments, argv + (argc > 0));
    int rc = options->words && options->line ? 0 : sks_fail_memory (err);
    if (rc == 0 && argc > 0)
        keep (options, argv, argv + 1);
    if (rc == 0)
        rc = read_line (&reading, err);
    if (rc == 0)
        find_search (&reading);
    if (rc == 0 && reading.wants_help)
        rc = read_help (options, err);
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
