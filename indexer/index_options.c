/* index_options.c - one table of options. */
#include "index_options.h"

#include "core/base/arguments.h"
#include "core/index/place.h"
#include "bulk.h"
#include "core/index/rows.h"
#include "core/index/vectors.h"
#include "folder.h"
#include "core/base/threads.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The value of --shards for an index without shards. */
#define SKS_WITHOUT_SHARDS "none"

/* The most generations that --keep takes. */
#define MOST_KEPT 1000

enum option_code {
    OPTION_INDEX,
    OPTION_ONLY,
    OPTION_REMOVE,
    OPTION_ALLOW_EMPTY,
    OPTION_ALLOW_SHRINK,
    OPTION_LEVEL_FROM,
    OPTION_KEEP,
    OPTION_THREADS,
    OPTION_CHECK,
    OPTION_STRICT,
    OPTION_JSON,
    OPTION_TSV,
    OPTION_LIST,
    OPTION_ROLLBACK,
    OPTION_PUBLISH,
    OPTION_PUBLISH_TO,
    OPTION_REBUILD,
    OPTION_DIFF,
    OPTION_EXPORT_BULK,
    OPTION_REPLACE,
    OPTION_VECTORS,
    OPTION_ENCODER,
    OPTION_SHARDS,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_OPTIONS,
    OPTION_HELP,
    OPTION_VERSION
};

#define OPTION(name, letter, value, code, help)                                                                        \
    {                                                                                                                  \
        { name, letter, value, NULL, help }, code, 0, 0                                                                \
    }
#define NUMBER(name, code, least, most, help)                                                                          \
    {                                                                                                                  \
        { name, 0, "N", NULL, help }, code, least, most                                                                \
    }

static const struct row {
    sks_argument argument;
    enum option_code code;
    unsigned least, most; /* of a number; 0 and 0: no number is taken */
} rows[] = {
    OPTION ("index", 0, "DIR", OPTION_INDEX,
            "the index folder; else $SKILLSEARCH_INDEX, else $XDG_DATA_HOME/skillsearch"),
    OPTION ("only", 0, NULL, OPTION_ONLY, "drop what came from other sources in earlier runs"),
    OPTION ("remove", 0, "PATH", OPTION_REMOVE,
            "remove what came from PATH, which may no longer exist; once for each path"),
    OPTION ("allow-empty", 0, NULL, OPTION_ALLOW_EMPTY,
            "remove what came from a source that has no export now, or is lost in a rebuild"),
    OPTION ("allow-shrink", 0, NULL, OPTION_ALLOW_SHRINK, "allow the removal of more than half of a source"),
    OPTION ("check", 0, NULL, OPTION_CHECK, "validate and report; publish nothing"),
    OPTION ("strict", 0, NULL, OPTION_STRICT, "publish nothing if any input is rejected"),
    OPTION ("json", 0, NULL, OPTION_JSON, "write the report, diff or list to standard output as one JSON object"),
    OPTION ("tsv", 0, NULL, OPTION_TSV, "with --diff: one change per line, separated by tabs"),
    { { "level-from", 0, "MEMBER", "CFItemType",
        "of CASE packages without levels: this member of an item is its level" },
      OPTION_LEVEL_FROM,
      0,
      0 },
    NUMBER ("keep", OPTION_KEEP, 1, MOST_KEPT, "generations to keep, the new one included (default 2)"),
    NUMBER ("threads", OPTION_THREADS, 1, SKS_MAX_THREADS, "threads that read and build (default: one per core)"),
    OPTION ("vectors", 0, "FILE", OPTION_VECTORS,
            "word vectors for the order of answers; none: without; else the installed file, if any"),
    OPTION ("encoder", 0, "FILE", OPTION_ENCODER, "also encode statements by their meaning, after publishing"),
    NUMBER ("shards", OPTION_SHARDS, 1, SKS_MAX_SHARDS,
            "split the index into N databases for as many machines, 1 to 64; none: one again"),
    OPTION ("list", 0, NULL, OPTION_LIST,
            "list the generations of the index; with -v, also the sources of the current one"),
    OPTION ("rollback", 0, NULL, OPTION_ROLLBACK, "go back to the generation before the current one"),
    NUMBER ("publish", OPTION_PUBLISH, 1, UINT_MAX, "make generation N current"),
    OPTION ("publish-to", 0, "DIR", OPTION_PUBLISH_TO,
            "copy the current generation to this folder, and to the others that are named, and make it current there"),
    OPTION ("rebuild", 0, NULL, OPTION_REBUILD, "read all sources of the index again and publish the result"),
    OPTION ("diff", 0, NULL, OPTION_DIFF,
            "list the changes from generation A to B, or those that indexing SOURCE would make"),
    { { "export-bulk", 0, "FORMAT", SKS_BULK_FORMATS, "write the index to the new folder DIR for another engine" },
      OPTION_EXPORT_BULK,
      0,
      0 },
    OPTION ("replace", 0, NULL, OPTION_REPLACE, "with --export-bulk: replace an earlier export in DIR"),
    OPTION ("quiet", 'q', NULL, OPTION_QUIET, "no summary and no progress bar"),
    OPTION ("verbose", 'v', NULL, OPTION_VERBOSE,
            "also list warnings and skipped files; report progress without a terminal"),
    OPTION ("list-options", 0, NULL, OPTION_OPTIONS, "options and what they take, for programs"),
    OPTION ("help", 'h', NULL, OPTION_HELP, "this text"),
    OPTION ("version", 0, NULL, OPTION_VERSION, "the version"),
};
#define ROWS (sizeof rows / sizeof *rows)

static const sks_argument_table table = SKS_ARGUMENT_TABLE (rows);

static void
print_help (void)
{
    puts ("Usage: skillsearch-index [OPTIONS] SOURCE...\n\n"
          "Update the index from the given framework exports. A SOURCE is a file,\n"
          "a folder (walked), or \"-\" (exports on standard input, for example one per line).\n\n"
          "  skillsearch-index exports/          index a folder, or update the index\n"
          "  skillsearch-index --check new.json  validate a file, change nothing\n"
          "  skillsearch-index --rollback        go back to the previous generation\n"
          "  skillsearch-index --rebuild         read all sources of the index again\n"
          "  skillsearch-index --publish-to DIR  copy the index to where other daemons serve it\n"
          "  skillsearch-index --diff [A [B]]    show the changes between generations\n"
          "  skillsearch-index --diff exports/   show what indexing a folder would change\n"
          "  skillsearch-index --export-bulk postgresql DIR\n"
          "                                      write the index for another engine\n");
    for (size_t i = 0; i < ROWS; i++) {
        const sks_argument *argument = &rows[i].argument;
        char left[40];
        snprintf (left, sizeof left, "%c%c%s--%s%s%s", argument->letter ? '-' : ' ',
                  argument->letter ? argument->letter : ' ', argument->letter ? ", " : "  ", argument->name,
                  argument->value ? " " : "", argument->value ? argument->value : "");
        printf ("  %-20s %s\n", left, argument->help);
    }
    puts ("\nExit: 0 published or unchanged, 1 failed, 2 usage, 3 published but some input\n"
          "was rejected, 5 another indexer holds the index.");
}

static bool
read_number (const struct row *row, const char *text, unsigned *out)
{
    char *end;
    unsigned long value = strtoul (text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value < row->least || value > row->most)
        return false;
    *out = (unsigned) value;
    return true;
}

/* Whether an option changes how sources are read, reported or published. --keep, --json, --remove and --tsv have rules of
 * their own. */
static bool
is_of_indexing (enum option_code code)
{
    switch (code) {
    case OPTION_ONLY:
    case OPTION_SHARDS:
    case OPTION_ALLOW_EMPTY:
    case OPTION_ALLOW_SHRINK:
    case OPTION_CHECK:
    case OPTION_STRICT:
    case OPTION_VECTORS:
    case OPTION_ENCODER:
    case OPTION_LEVEL_FROM:
    case OPTION_THREADS:
        return true;
    default:
        return false;
    }
}

/* Apply one option; false if its value is wrong. Ends the program for what is answered here. */
static bool
apply (sks_index_options *o, const struct row *row, const char *argument)
{
    switch (row->code) {
    case OPTION_INDEX:
        o->index = argument;
        o->index_given = true;
        return true;
    case OPTION_ONLY:
        o->only = true;
        return true;
    case OPTION_REMOVE:
        o->removed[o->removed_count++] = argument;
        return true;
    case OPTION_ALLOW_EMPTY:
        o->allow_empty = true;
        return true;
    case OPTION_ALLOW_SHRINK:
        o->allow_shrink = true;
        return true;
    case OPTION_CHECK:
        o->check = true;
        return true;
    case OPTION_STRICT:
        o->strict = true;
        return true;
    case OPTION_JSON:
        o->json = true;
        return true;
    case OPTION_LIST:
        o->list = true;
        return true;
    case OPTION_ROLLBACK:
        o->rollback = true;
        return true;
    case OPTION_PUBLISH:
        return read_number (row, argument, &o->publish);
    case OPTION_PUBLISH_TO:
        o->publish_to = true;
        return true;
    case OPTION_REBUILD:
        o->rebuild = true;
        return true;
    case OPTION_VECTORS:
        o->without_vectors = strcmp (argument, SKS_WITHOUT_VECTORS) == 0;
        o->vectors = o->without_vectors ? NULL : argument;
        return true;
    case OPTION_ENCODER:
        o->encoder = argument;
        return true;
    case OPTION_SHARDS:
        o->shards_given = true;
        return strcmp (argument, SKS_WITHOUT_SHARDS) == 0 || read_number (row, argument, &o->shards);
    case OPTION_DIFF:
        o->diff = true;
        return true;
    case OPTION_EXPORT_BULK:
        o->export_bulk = argument;
        return sks_bulk_has_format (argument);
    case OPTION_REPLACE:
        o->replace = true;
        return true;
    case OPTION_TSV:
        o->tsv = true;
        return true;
    case OPTION_LEVEL_FROM:
        o->level_from_type = strcmp (argument, "CFItemType") == 0;
        return o->level_from_type;
    case OPTION_KEEP:
        return read_number (row, argument, &o->keep);
    case OPTION_THREADS:
        return read_number (row, argument, &o->threads);
    case OPTION_QUIET:
        o->quiet = true;
        return true;
    case OPTION_VERBOSE:
        o->verbose = true;
        return true;
    case OPTION_OPTIONS:
        sks_arguments_list (&table, stdout);
        exit (SKS_INDEXER_EXIT_PUBLISHED);
    case OPTION_HELP:
        print_help ();
        exit (SKS_INDEXER_EXIT_PUBLISHED);
    case OPTION_VERSION:
        puts ("skillsearch-index " SKS_VERSION);
        exit (SKS_INDEXER_EXIT_PUBLISHED);
    }
    return false;
}

static bool
misuse (const char *name, const char *reason)
{
    sks_error err;
    sks_fail (&err, SKS_EINVALID, "%s%s%s", name, *name ? ": " : "", reason);
    sks_arguments_complain ("skillsearch-index", &err);
    return false;
}

static bool
is_number (const char *name)
{
    return *name >= '1' && *name <= '9' && strspn (name, "0123456789") == strlen (name);
}

/* Whether --diff compares generations or sources; reports misuse if it is neither. */
static bool
separate_generations_from_sources (sks_index_options *o)
{
    size_t numbers = 0;
    for (size_t i = 0; i < o->source_count; i++)
        numbers += is_number (o->sources[i]);
    o->generations = numbers == o->source_count && !o->removed_count;
    if (o->generations && numbers > 2)
        return misuse (o->sources[2], "--diff compares two generations");
    if (!o->generations && numbers)
        return misuse (o->sources[0], "--diff takes generation numbers or sources, not both; "
                                      "write ./7 for a file named 7");
    return true;
}

/* Whether a path is empty, as when a variable of the shell is not set. It would be the current folder. */
static bool
has_empty (const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (paths[i] && !*paths[i])
            return true;
    return false;
}

/* The option that names a command which neither indexes nor compares; NULL: there is none. */
static const char *
other_command (const sks_index_options *o)
{
    return o->list          ? "list"
           : o->rollback    ? "rollback"
           : o->publish     ? "publish"
           : o->publish_to  ? "publish-to"
           : o->export_bulk ? "export-bulk"
                            : NULL;
}

/* Whether the rest of the command line fits the command; reports misuse if not. */
static bool
takes_arguments (sks_index_options *o)
{
    if (has_empty (o->sources, o->source_count))
        return misuse ("", "the path of a source is empty");
    if (has_empty (o->removed, o->removed_count))
        return misuse ("", "the path of --remove is empty");
    if (o->tsv && !o->diff)
        return misuse ("", "--tsv applies only to --diff");
    if (o->list + o->rollback + o->diff + !!o->publish + o->publish_to + o->rebuild + !!o->export_bulk > 1)
        return misuse (
            "", "use only one of --list, --rollback, --publish, --publish-to, --rebuild, --diff and --export-bulk");
    if (o->replace && !o->export_bulk)
        return misuse ("", "--replace applies only to --export-bulk");
    if (o->export_bulk && o->source_count != 1)
        return misuse ("", "--export-bulk takes one folder, which it creates");
    if ((o->list || o->rollback || o->publish) && o->source_count)
        return misuse (o->sources[0], "--list, --rollback and --publish do not take a source; "
                                      "--index DIR names the folder of the index");
    const char *command = other_command (o);
    if (o->removed_count && command)
        return misuse ("", "--remove applies only to indexing");
    if (o->shards && (o->encoder || o->vectors))
        return misuse ("", o->encoder ? "an index in shards is not encoded: use --shards or --encoder"
                                      : "an index in shards has no vectors: use --shards or --vectors");
    if (o->keep && !o->publish_to && !o->of_indexing)
        o->of_indexing = "keep";
    if (o->json && !o->list && !o->of_indexing)
        o->of_indexing = "json";
    if (o->of_indexing && command) {
        char reason[80];
        snprintf (reason, sizeof reason, "--%s does not apply to --%s", o->of_indexing, command);
        return misuse ("", reason);
    }
    if (o->rebuild && o->only)
        return misuse ("", "--rebuild reads all sources; it does not take --only");
    if (!o->list && !o->rollback && !o->publish && !o->rebuild && !o->diff && !o->source_count &&
        (!o->removed_count || o->only))
        return misuse ("", o->shards_given ? "--shards builds the index again: name a folder or file of exports, or "
                                             "--rebuild to read all sources of the index"
                                           : "name a folder or file of exports");
    return !o->diff || separate_generations_from_sources (o);
}

/* Determine the index folder; reports misuse if there is none. */
static bool
find_index (sks_index_options *o)
{
    static char place[PATH_MAX];
    sks_error err;
    if (o->index)
        return true;
    o->index = place;
    if (sks_place_find (place, sizeof place, &err) == 0)
        return true;
    return misuse ("", err.text);
}

/* Say which values an option takes. */
static int
fail_value (const struct row *row, const char *value, sks_error *err)
{
    const sks_argument *argument = &row->argument;
    if (argument->choices)
        return sks_fail (err, SKS_EINVALID, "%s: not a value that --%s takes: %s", value, argument->name,
                         argument->choices);
    return sks_fail (err, SKS_EINVALID, "--%s: '%s' is not a number from %u to %u%s", argument->name, value, row->least,
                     row->most, row->code == OPTION_SHARDS ? ", or " SKS_WITHOUT_SHARDS : "");
}

/* words: space for the words of the command line. */
static void
read_line (sks_index_options *o, const char **words, char *const *argv)
{
    sks_arguments arguments;
    const sks_argument *found;
    const char *value;
    sks_error err;
    int more;
    sks_arguments_begin (&arguments, &table, argv + (*argv != NULL));
    while ((more = sks_arguments_next (&arguments, &found, &value, &err)) > 0) {
        const struct row *row = (const struct row *) (const void *) found;
        if (row && is_of_indexing (row->code))
            o->of_indexing = found->name;
        if (!row || row->code == OPTION_PUBLISH_TO)
            words[o->source_count++] = value;
        if (row && !apply (o, row, value)) {
            more = fail_value (row, value, &err);
            break;
        }
    }
    if (more < 0) {
        sks_arguments_complain ("skillsearch-index", &err);
        exit (SKS_INDEXER_EXIT_USAGE);
    }
}

void
sks_index_options_read (sks_index_options *o, int argc, char *const *argv)
{
    long cores = sysconf (_SC_NPROCESSORS_ONLN);
    *o = (sks_index_options) { .threads = cores < 1 ? 1 : (unsigned) cores };
    o->threads = o->threads > SKS_MAX_THREADS ? SKS_MAX_THREADS : o->threads;
    o->removed = calloc (2 * ((size_t) argc + 1), sizeof *o->removed);
    if (!o->removed) {
        fputs ("skillsearch-index: out of memory\n", stderr);
        exit (SKS_INDEXER_EXIT_FAILED);
    }
    const char **words = o->removed + argc + 1;
    o->sources = (const char *const *) words;
    read_line (o, words, argv);
    if (!find_index (o) || !takes_arguments (o))
        exit (SKS_INDEXER_EXIT_USAGE);
    o->keep = o->keep ? o->keep : SKS_DEFAULT_KEEP;
}
