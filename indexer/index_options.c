/* index_options.c - one table of options. */
#include "index_options.h"

#include "core/index/place.h"
#include "core/index/vectors.h"
#include "folder.h"
#include "core/base/threads.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum option_code {
    OPTION_INDEX = 256,
    OPTION_ONLY,
    OPTION_REMOVE,
    OPTION_ALLOW_EMPTY,
    OPTION_ALLOW_SHRINK,
    OPTION_KEEP,
    OPTION_THREADS,
    OPTION_CHECK,
    OPTION_STRICT,
    OPTION_JSON,
    OPTION_TSV,
    OPTION_LIST,
    OPTION_ROLLBACK,
    OPTION_PUBLISH,
    OPTION_REBUILD,
    OPTION_DIFF,
    OPTION_VECTORS,
    OPTION_ENCODER,
    OPTION_VERSION
};

static const struct {
    const char *name, *argument, *help;
    int code, letter;
} option_table[] = {
    { "index", "DIR", "the index folder; else $SKILLSEARCH_INDEX, else $XDG_DATA_HOME/skillsearch", OPTION_INDEX, 0 },
    { "only", NULL, "drop what came from other sources in earlier runs", OPTION_ONLY, 0 },
    { "remove", "PATH", "remove what came from PATH, which may no longer exist", OPTION_REMOVE, 0 },
    { "allow-empty", NULL, "remove what came from a source that has no export now, or is lost in a rebuild",
      OPTION_ALLOW_EMPTY, 0 },
    { "allow-shrink", NULL, "allow the removal of more than half of a source", OPTION_ALLOW_SHRINK, 0 },
    { "check", NULL, "validate and report; publish nothing", OPTION_CHECK, 0 },
    { "strict", NULL, "publish nothing if any input is rejected", OPTION_STRICT, 0 },
    { "json", NULL, "write the report or diff to standard output as one JSON object", OPTION_JSON, 0 },
    { "tsv", NULL, "with --diff: one change per line, separated by tabs", OPTION_TSV, 0 },
    { "keep", "N", "generations to keep, the new one included (default 2)", OPTION_KEEP, 0 },
    { "threads", "N", "threads that read and build (default: one per core)", OPTION_THREADS, 0 },
    { "vectors", "FILE", "word vectors for the order of answers; none: without; else the installed file, if any",
      OPTION_VECTORS, 0 },
    { "encoder", "FILE", "also encode statements by their meaning, after publishing", OPTION_ENCODER, 0 },
    { "list", NULL, "list the generations of the index", OPTION_LIST, 0 },
    { "rollback", NULL, "go back to the generation before the current one", OPTION_ROLLBACK, 0 },
    { "publish", "N", "make generation N current", OPTION_PUBLISH, 0 },
    { "rebuild", NULL, "read all sources of the index again and publish the result", OPTION_REBUILD, 0 },
    { "diff", NULL, "list the changes from generation A to B, or those that indexing SOURCE would make", OPTION_DIFF,
      0 },
    { "quiet", NULL, "no summary and no progress bar", 'q', 'q' },
    { "verbose", NULL, "list warnings and skipped files, with --list sources; report progress without a terminal", 'v',
      'v' },
    { "help", NULL, "this text", 'h', 'h' },
    { "version", NULL, "the version", OPTION_VERSION, 0 },
};
#define OPTION_COUNT (sizeof option_table / sizeof *option_table)

static void
print_help (void)
{
    puts ("usage: skillsearch-index [OPTIONS] SOURCE...\n\n"
          "Update the index from the given framework exports. A SOURCE is a file,\n"
          "a folder (walked), or \"-\" (exports on standard input, for example one per line).\n\n"
          "  skillsearch-index exports/          index a folder, or update the index\n"
          "  skillsearch-index --check new.json  validate a file, change nothing\n"
          "  skillsearch-index --rollback        go back to the previous generation\n"
          "  skillsearch-index --rebuild         read all sources of the index again\n"
          "  skillsearch-index --diff [A [B]]    show the changes between generations\n"
          "  skillsearch-index --diff exports/   show what indexing a folder would change\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char left[40];
        snprintf (left, sizeof left, "%c%c%s--%s%s%s", option_table[i].letter ? '-' : ' ',
                  option_table[i].letter ? option_table[i].letter : ' ', option_table[i].letter ? ", " : "  ",
                  option_table[i].name, option_table[i].argument ? " " : "",
                  option_table[i].argument ? option_table[i].argument : "");
        printf ("  %-20s %s\n", left, option_table[i].help);
    }
    puts ("\nExit: 0 published or unchanged, 1 failed, 2 usage, 3 published but some input\n"
          "was rejected, 5 another indexer holds the index.");
}

static bool
read_number (const char *text, unsigned min, unsigned max, unsigned *out)
{
    char *end;
    unsigned long value = strtoul (text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value < min || value > max)
        return false;
    *out = (unsigned) value;
    return true;
}

/* Apply one option; false for one that is wrong. */
static bool
apply (sks_index_options *o, int code, const char *argument)
{
    switch (code) {
    case OPTION_INDEX:
        o->index = argument;
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
        return read_number (argument, 1, UINT_MAX, &o->publish);
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
    case OPTION_DIFF:
        o->diff = true;
        return true;
    case OPTION_TSV:
        o->tsv = true;
        return true;
    case OPTION_KEEP:
        return read_number (argument, 1, 1000, &o->keep);
    case OPTION_THREADS:
        return read_number (argument, 1, SKS_MAX_THREADS, &o->threads);
    case 'q':
        o->quiet = true;
        return true;
    case 'v':
        o->verbose = true;
        return true;
    default:
        return false;
    }
}

static bool
misuse (const char *name, const char *reason)
{
    sks_error err;
    sks_fail (&err, SKS_EINVALID, "%s%s%s", name, *name ? ": " : "", reason);
    fprintf (stderr, "skillsearch-index: %s\n", err.text);
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

/* Whether the rest of the command line fits the command; reports misuse if not. */
static bool
takes_arguments (sks_index_options *o)
{
    if (o->tsv && !o->diff)
        return misuse ("", "--tsv applies only to --diff");
    if (o->list + o->rollback + o->diff + !!o->publish + o->rebuild > 1)
        return misuse ("", "use only one of --list, --rollback, --publish, --rebuild and --diff");
    if ((o->list || o->rollback || o->publish) && o->source_count)
        return misuse (o->sources[0], "--list, --rollback and --publish do not take a source");
    if (o->removed_count && (o->list || o->rollback || o->publish))
        return misuse ("", "--remove applies only to indexing");
    if (o->rebuild && o->only)
        return misuse ("", "--rebuild reads all sources; it does not take --only");
    if (!o->list && !o->rollback && !o->publish && !o->rebuild && !o->diff && !o->source_count &&
        (!o->removed_count || o->only))
        return misuse ("", "name a folder or file of exports");
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

/* Whether the argument that was read last has the full name of its option. getopt_long accepts abbreviated names; they
 * are refused here, because an option that changes an index should be spelt out.
 *   value   of the option; NULL for none. */
static bool
is_whole (char **argv, const char *name, const char *value)
{
    const char *given = argv[optind - 1];
    if (value && value == given) /* the value is a separate argument */
        given = argv[optind - 2];
    return strcspn (given + 2, "=") == strlen (name);
}

void
sks_index_options_read (sks_index_options *o, int argc, char **argv)
{
    struct option longs[OPTION_COUNT + 1] = { 0 };
    for (size_t i = 0; i < OPTION_COUNT; i++)
        longs[i] = (struct option) { option_table[i].name, option_table[i].argument ? required_argument : no_argument,
                                     NULL, option_table[i].code };
    long cores = sysconf (_SC_NPROCESSORS_ONLN);
    *o = (sks_index_options) { .keep = SKS_DEFAULT_KEEP, .threads = cores < 1 ? 1 : (unsigned) cores };
    o->removed = calloc ((size_t) argc, sizeof *o->removed);
    if (!o->removed) {
        fputs ("skillsearch-index: out of memory\n", stderr);
        exit (SKS_INDEXER_EXIT_FAILED);
    }
    o->threads = o->threads > SKS_MAX_THREADS ? SKS_MAX_THREADS : o->threads;
    opterr = 0; /* getopt's own messages do not escape arguments */
    for (int code, which = -1; (code = getopt_long (argc, argv, ":hqv", longs, &which)) != -1; which = -1) {
        if (which >= 0 && code != '?' && code != ':' && !is_whole (argv, longs[which].name, optarg)) {
            misuse (longs[which].name, "write the option's name in full; did you mean this one?");
            fputs ("try: skillsearch-index --help\n", stderr);
            exit (SKS_INDEXER_EXIT_USAGE);
        }
        if (code == 'h') {
            print_help ();
            exit (SKS_INDEXER_EXIT_PUBLISHED);
        }
        if (code == OPTION_VERSION) {
            puts ("skillsearch-index " SKS_VERSION);
            exit (SKS_INDEXER_EXIT_PUBLISHED);
        }
        if (!apply (o, code, optarg)) {
            if (code == '?' || code == ':')
                misuse (argv[optind - 1],
                        code == ':' ? "the option needs a value" : "unknown option, or an option that takes no value");
            else {
                char text[64];
                snprintf (text, sizeof text, "not a number that --%s takes", longs[which].name);
                misuse (optarg, text);
            }
            fputs ("try: skillsearch-index --help\n", stderr);
            exit (SKS_INDEXER_EXIT_USAGE);
        }
    }
    o->sources = (const char *const *) argv + optind;
    o->source_count = (size_t) (argc - optind);
    if (!find_index (o) || !takes_arguments (o)) {
        fputs ("try: skillsearch-index --help\n", stderr);
        exit (SKS_INDEXER_EXIT_USAGE);
    }
}
