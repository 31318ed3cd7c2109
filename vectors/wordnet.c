/* wordnet.c - reads WordNet's text files, with binary search in the files themselves. */
#include "wordnet.h"

#include "core/base/file.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_FILE_BYTES ((size_t) 64 << 20)
#define MAX_SENSES 100     /* of a lemma; WordNet 3.0 has 75 at most */
#define MAX_LEMMAS 8       /* of a word in one part of speech */
#define MAX_LEMMA_BYTES 80 /* longer ones never match a word of the vectors */

static const char letters[SKS_PARTS_OF_SPEECH] = { 'n', 'v', 'a', 'r' };

/* ----------------------------------------------------------------------- files */
static int
read_file (sks_wordnet_file *out, const char *folder, const char *prefix, const char *name, sks_error *err)
{
    if (asprintf (&out->path, "%s/%s%s", folder, prefix, name) < 0) {
        out->path = NULL;
        return sks_fail_memory (err);
    }
    int code = sks_file_read (out->path, MAX_FILE_BYTES, &out->bytes, &out->size, err);
    if (!code && out->size > MAX_FILE_BYTES)
        code = sks_fail (err, SKS_EINVALID, "%s: not a file of WordNet", out->path);
    return code;
}

int
sks_wordnet_open (sks_wordnet *out, const char *folder, sks_error *err)
{
    static const char *const names[SKS_PARTS_OF_SPEECH] = { "noun", "verb", "adj", "adv" };
    *out = (sks_wordnet) { 0 };
    int code = read_file (&out->counts, folder, "", "cntlist.rev", err);
    for (int p = 0; !code && p < SKS_PARTS_OF_SPEECH; p++) {
        char exceptions[16];
        snprintf (exceptions, sizeof exceptions, "%s.exc", names[p]);
        code = read_file (&out->index[p], folder, "index.", names[p], err);
        if (!code)
            code = read_file (&out->data[p], folder, "data.", names[p], err);
        if (!code)
            code = read_file (&out->exceptions[p], folder, "", exceptions, err);
    }
    return code;
}

static void
close_file (sks_wordnet_file *file)
{
    free (file->bytes);
    free (file->path);
}

void
sks_wordnet_close (sks_wordnet *wordnet)
{
    for (int p = 0; p < SKS_PARTS_OF_SPEECH; p++) {
        close_file (&wordnet->index[p]);
        close_file (&wordnet->data[p]);
        close_file (&wordnet->exceptions[p]);
    }
    close_file (&wordnet->counts);
}

static int
refuse (const sks_wordnet_file *file, const char *at, sks_error *err)
{
    long byte = at - file->bytes;
    return sks_fail_at (err, SKS_EINVALID, byte, "%s: byte %ld: not a line of WordNet", file->path, byte);
}

/* The first line that begins with a key and this sign, by binary search; NULL if there is none. */
static const char *
find_line (const sks_wordnet_file *file, const char *key, size_t size, char sign)
{
    const char *from = file->bytes, *end = file->bytes + file->size;
    while (from < end) {
        const char *line = from + (end - from) / 2;
        while (line > from && line[-1] != '\n')
            line--;
        const char *stop = memchr (line, '\n', (size_t) (end - line));
        size_t length = (size_t) ((stop ? stop : end) - line);
        int order = memcmp (line, key, length < size ? length : size);
        if (!order)
            order = length <= size ? -1 : (unsigned char) line[size] - (unsigned char) sign;
        if (order < 0)
            from = stop ? stop + 1 : end;
        else
            end = line;
    }
    bool found =
        (size_t) (file->bytes + file->size - from) > size && memcmp (from, key, size) == 0 && from[size] == sign;
    return found ? from : NULL;
}

/* The next field of a line: the text before the next blank or line end. */
static bool
next_field (const char **at, const char **field, size_t *size)
{
    while (**at == ' ')
        ++*at;
    *field = *at;
    *at += strcspn (*at, " \n");
    *size = (size_t) (*at - *field);
    return *size > 0;
}

static bool
next_number (const char **at, int base, long most, long *out)
{
    const char *field;
    char *end;
    size_t size;
    if (!next_field (at, &field, &size) || !isxdigit ((unsigned char) *field))
        return false;
    *out = strtol (field, &end, base);
    return end == field + size && *out >= 0 && *out <= most;
}

/* ---------------------------------------------------------------------- lemmas */
/* The endings of each part of speech, and the ending of the lemma in their place. */
static const struct ending {
    int part;
    const char *ending, *lemma;
} endings[] = {
    { SKS_NOUN, "s", "" },        { SKS_NOUN, "ses", "s" },      { SKS_NOUN, "xes", "x" },
    { SKS_NOUN, "zes", "z" },     { SKS_NOUN, "ches", "ch" },    { SKS_NOUN, "shes", "sh" },
    { SKS_NOUN, "men", "man" },   { SKS_NOUN, "ies", "y" },      { SKS_VERB, "s", "" },
    { SKS_VERB, "ies", "y" },     { SKS_VERB, "es", "e" },       { SKS_VERB, "es", "" },
    { SKS_VERB, "ed", "e" },      { SKS_VERB, "ed", "" },        { SKS_VERB, "ing", "e" },
    { SKS_VERB, "ing", "" },      { SKS_ADJECTIVE, "er", "" },   { SKS_ADJECTIVE, "est", "" },
    { SKS_ADJECTIVE, "er", "e" }, { SKS_ADJECTIVE, "est", "e" },
};

/* A lemma in one part of speech, by its line in index.POS. */
struct lemma {
    const char *word, *line;
    size_t size;
};

static void
add_lemma (const sks_wordnet *wn, int part, const char *word, size_t size, struct lemma *lemmas, size_t *count)
{
    const char *line = find_line (&wn->index[part], word, size, ' ');
    for (size_t i = 0; line && i < *count; i++)
        if (lemmas[i].line == line)
            return;
    if (line && *count < MAX_LEMMAS)
        lemmas[(*count)++] = (struct lemma) { line, line, size }; /* a line begins with its lemma */
}

/* Find the lemmas of a word: itself and its irregular lemmas; if there are none, those by its ending. */
static size_t
find_lemmas (const sks_wordnet *wn, int part, const char *word, size_t size, struct lemma lemmas[MAX_LEMMAS])
{
    size_t count = 0;
    add_lemma (wn, part, word, size, lemmas, &count);
    const char *irregular = find_line (&wn->exceptions[part], word, size, ' '), *field;
    size_t length;
    if (irregular)
        for (next_field (&irregular, &field, &length); next_field (&irregular, &field, &length);)
            add_lemma (wn, part, field, length, lemmas, &count);
    for (size_t i = 0; !irregular && !count && i < sizeof endings / sizeof *endings; i++)
        if (endings[i].part == part) {
            char lemma[MAX_LEMMA_BYTES];
            size_t cut = strlen (endings[i].ending), put = strlen (endings[i].lemma);
            if (size <= cut || size - cut + put > sizeof lemma ||
                memcmp (word + size - cut, endings[i].ending, cut) != 0)
                continue;
            memcpy (lemma, word, size - cut);
            memcpy (lemma + size - cut, endings[i].lemma, put);
            add_lemma (wn, part, lemma, size - cut + put, lemmas, &count);
            /* stopped, stopping: the consonant was doubled. */
            size_t stem = size - cut;
            if (part == SKS_VERB && cut > 1 && !put && stem > 3 && word[stem - 1] == word[stem - 2])
                add_lemma (wn, part, lemma, stem - 1, lemmas, &count);
        }
    return count;
}

/* ---------------------------------------------------------------------- senses */
struct senses {
    long synsets[MAX_SENSES];
    double met[MAX_SENSES]; /* how often each sense occurred */
    size_t count;
    double sum;
};

/* Read how often each sense occurred from the lines LEMMA%TYPE:... SENSE COUNT. */
static int
count_senses (const sks_wordnet *wn, int part, const struct lemma *lemma, struct senses *senses, sks_error *err)
{
    static const char *const types[SKS_PARTS_OF_SPEECH] = { "1", "2", "35", "4" };
    const sks_wordnet_file *file = &wn->counts;
    const char *line = find_line (file, lemma->word, lemma->size, '%');
    while (line && (size_t) (file->bytes + file->size - line) > lemma->size + 1 &&
           memcmp (line, lemma->word, lemma->size) == 0 && line[lemma->size] == '%') {
        const char *at = line, *field;
        size_t size;
        long sense, count;
        next_field (&at, &field, &size);
        if (!next_number (&at, 10, 1000, &sense) || !next_number (&at, 10, 1000000, &count))
            return refuse (file, line, err);
        char type = line[lemma->size + 1];
        if (type && strchr (types[part], type) && sense > 0 && (size_t) sense <= senses->count)
            senses->met[sense - 1] = (double) count;
        line = *at == '\n' ? at + 1 : NULL;
    }
    for (size_t i = 0; i < senses->count; i++)
        senses->sum += senses->met[i];
    return 0;
}

/* LEMMA POS SYNSETS POINTERS [POINTER...] SENSES TAGGED OFFSET... */
static int
read_senses (const sks_wordnet *wn, int part, const struct lemma *lemma, struct senses *senses, sks_error *err)
{
    const char *at = lemma->line, *field;
    size_t size;
    long count, pointers, ignored;
    *senses = (struct senses) { .count = 0 };
    next_field (&at, &field, &size);
    if (!next_field (&at, &field, &size) || !next_number (&at, 10, MAX_SENSES, &count) ||
        !next_number (&at, 10, 100, &pointers))
        return refuse (&wn->index[part], lemma->line, err);
    while (pointers--)
        next_field (&at, &field, &size);
    bool good = next_number (&at, 10, 1000, &ignored) && next_number (&at, 10, 1000, &ignored);
    while (good && senses->count < (size_t) count)
        good = next_number (&at, 10, 99999999, &senses->synsets[senses->count++]);
    return good ? count_senses (wn, part, lemma, senses, err) : refuse (&wn->index[part], lemma->line, err);
}

/* --------------------------------------------------------------------- synsets */
/* A synset's line: OFFSET FILE TYPE WORDS [WORD ID]... POINTERS [POINTER...] | GLOSS */
struct synset {
    const sks_wordnet_file *file;
    const char *line, *words; /* at its first word */
    long count;
};

static int
open_synset (struct synset *out, const sks_wordnet *wn, int part, long offset, sks_error *err)
{
    const sks_wordnet_file *file = &wn->data[part];
    if ((size_t) offset >= file->size)
        return sks_fail (err, SKS_EINVALID, "%s: byte %ld, to which another file of WordNet points, does not exist",
                         file->path, offset);
    const char *at = file->bytes + offset, *field;
    size_t size;
    long itself, number;
    *out = (struct synset) { file, at, NULL, 0 };
    bool good = next_number (&at, 10, 99999999, &itself) && itself == offset && next_number (&at, 10, 99, &number) &&
                next_field (&at, &field, &size) && next_number (&at, 16, 255, &out->count);
    out->words = at;
    return good ? 0 : refuse (file, out->line, err);
}

/* The next word of a synset, without the marker of its position, as in galore(ip). */
static bool
next_word (const char **at, const char **word, size_t *size)
{
    const char *id;
    size_t id_size;
    if (!next_field (at, word, size))
        return false;
    const char *marker = memchr (*word, '(', *size);
    *size = marker ? (size_t) (marker - *word) : *size;
    return next_field (at, &id, &id_size);
}

struct relating {
    const sks_wordnet *wn;
    sks_wordnet_visit *visit;
    void *context;
    sks_error *err;
};

/* Visit all words of a synset, or only word number `only`, from 1. */
static int
visit_words (const struct relating *to, const struct synset *synset, long only, int relation, double strength)
{
    const char *at = synset->words, *word;
    for (long i = 1; i <= synset->count; i++) {
        char small[MAX_LEMMA_BYTES];
        size_t size;
        if (!next_word (&at, &word, &size))
            return refuse (synset->file, synset->line, to->err);
        if ((only && only != i) || !size || size > sizeof small || memchr (word, '_', size))
            continue;
        for (size_t k = 0; k < size; k++)
            small[k] = (char) (word[k] >= 'A' && word[k] <= 'Z' ? word[k] | 0x20 : word[k]);
        to->visit (to->context, small, size, relation, strength);
    }
    return 0;
}

/* Whether a pointer is one of the relations. */
static bool
find_relation (const char *symbol, size_t size, int *relation)
{
    static const char symbols[] = "+&@~"; /* @i and ~i are relations of instances */
    static const int relations[] = { SKS_DERIVED, SKS_SIMILAR, SKS_WIDER, SKS_NARROWER };
    const char *found = memchr (symbols, *symbol, sizeof symbols - 1);
    if (!found || (size > 1 && !(size == 2 && symbol[1] == 'i' && found > symbols + 1)))
        return false;
    *relation = relations[found - symbols];
    return true;
}

/* Visit the words of a synset that has the lemma, and of those that it points at: SYMBOL OFFSET POS SSTT. */
static int
relate_synset (const struct relating *to, int part, long offset, const struct lemma *lemma, double strength)
{
    struct synset synset;
    int code = open_synset (&synset, to->wn, part, offset, to->err);
    const char *at = code ? NULL : synset.words, *word;
    long own = 0, pointers = 0;
    size_t size;
    for (long i = 1; !code && i <= synset.count; i++) {
        if (!next_word (&at, &word, &size))
            return refuse (synset.file, synset.line, to->err);
        own = size == lemma->size && strncasecmp (word, lemma->word, size) == 0 ? i : own;
    }
    if (!code)
        code = visit_words (to, &synset, 0, SKS_SAME, strength);
    if (!code && !next_number (&at, 10, 999, &pointers))
        code = refuse (synset.file, synset.line, to->err);
    while (!code && pointers--) {
        const char *symbol, *pos;
        size_t symbol_size, pos_size;
        long target, words;
        int relation;
        if (!next_field (&at, &symbol, &symbol_size) || !next_number (&at, 10, 99999999, &target) ||
            !next_field (&at, &pos, &pos_size) || !next_number (&at, 16, 0xFFFF, &words))
            return refuse (synset.file, synset.line, to->err);
        const char *letter = memchr (letters, *pos == 's' ? 'a' : *pos, sizeof letters);
        /* SS is the word of this synset that a pointer belongs to, TT that of the other
         * one; 0 means all. */
        if (!letter || !find_relation (symbol, symbol_size, &relation) ||
            (relation == SKS_DERIVED && words >> 8 && words >> 8 != own))
            continue;
        struct synset other;
        code = open_synset (&other, to->wn, (int) (letter - letters), target, to->err);
        if (!code)
            code = visit_words (to, &other, words & 0xFF, relation, strength);
    }
    return code;
}

int
sks_wordnet_relate (const sks_wordnet *wordnet, const char *word, size_t size, sks_wordnet_visit *visit, void *context,
                    sks_error *err)
{
    struct relating to = { wordnet, visit, context, err };
    struct lemma lemmas[SKS_PARTS_OF_SPEECH][MAX_LEMMAS];
    size_t counts[SKS_PARTS_OF_SPEECH];
    struct senses senses;
    double all = 0;
    int code = 0;
    /* A lemma's share is how often it occurred with any sense. As most senses were never counted, 1/1, 1/2, 1/3 ...
     * are added for its senses, and one half for the lemma itself. */
    for (int p = 0; p < SKS_PARTS_OF_SPEECH; p++) {
        counts[p] = find_lemmas (wordnet, p, word, size, lemmas[p]);
        for (size_t i = 0; !code && i < counts[p]; i++) {
            code = read_senses (wordnet, p, &lemmas[p][i], &senses, err);
            all += senses.sum + .5;
        }
    }
    for (int p = 0; p < SKS_PARTS_OF_SPEECH; p++)
        for (size_t i = 0; !code && i < counts[p]; i++) {
            code = read_senses (wordnet, p, &lemmas[p][i], &senses, err);
            double share = (senses.sum + .5) / all, smoothed = senses.sum;
            for (size_t s = 0; s < senses.count; s++)
                smoothed += 1 / (double) (s + 1);
            for (size_t s = 0; !code && s < senses.count; s++)
                code = relate_synset (&to, p, senses.synsets[s], &lemmas[p][i],
                                      share * (senses.met[s] + 1 / (double) (s + 1)) / smoothed);
        }
    return code;
}
