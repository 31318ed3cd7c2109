/* pairs.c - learns near words from search texts and the statements judged relevant to them.
 *
 * usage: pairs INDEX QUERIES QRELS [FOLD FOLDS]
 *
 * IBM model 1 (Brown and others, The Mathematics of Statistical Machine Translation,
 * 1993): each word of a search text stands for one of the words of its statement, or for none; expectation maximization
 * finds how often. QUERIES has lines "id<TAB>text", QRELS "id<TAB>SOC/level/position". With FOLD (0..) of FOLDS, the
 * search texts of that fold are left out and can be used for evaluation. Texts whose ids are equal up to the last "."
 * are in one fold; a comment names each text left out.
 *
 * Writes the rows of core/engine/near_words.tsv, source onet. The weight is the square root of the share, which was
 * best in measurements. */
#include "core/base/schema.h"
#include "core/base/text.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/engine/generation.h"
#include "core/engine/thesaurus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 8
#define SMOOTHING 3 /* added to the count of each word of statements: rare words are weak evidence */
#define LEAST 0.16f
#define MOST_OF_WORD 6
#define MAX_WORDS 256 /* of a statement or a search text */

struct query {
    char id[1024];
    uint32_t stems[MAX_WORDS];
    size_t count;
    bool left_out;
};

/* A word of a search text, and a word of a statement that answers it. */
struct pair {
    uint32_t query, statement; /* stems; statement: the number of stems for "none" */
    double share, count;
};

struct learner {
    const sks_store *store;
    struct query *queries;
    size_t query_count;
    uint64_t *cells; /* query stem and statement stem as one number, in text order */
    size_t *starts;  /* first cell of each query word, and the end */
    size_t cell_count, token_count, room;
    struct pair *pairs; /* sorted */
    size_t pair_count;
    uint32_t *pair_of_cell;
    double *sums; /* by statement stem */
};

static void
die (const char *why)
{
    fprintf (stderr, "pairs: %s\n", why);
    exit (1);
}

static void *
room_for (size_t count, size_t size)
{
    void *room = calloc (count + 1, size);
    if (!room)
        die ("out of memory");
    return room;
}

/* ------------------------------------------------------------------ reading */

static void
add_distinct (uint32_t *stems, size_t *count, uint32_t stem)
{
    for (size_t i = 0; i < *count; i++)
        if (stems[i] == stem)
            return;
    if (*count < MAX_WORDS)
        stems[(*count)++] = stem;
}

static unsigned
fold_of (const char *id, unsigned folds)
{
    const char *dot = strrchr (id, '.');
    return (unsigned) (sks_text_hash (id, dot ? (size_t) (dot - id) : strlen (id)) % folds);
}

static void
read_queries (struct learner *l, const char *path, unsigned fold, unsigned folds)
{
    char line[1024];
    FILE *file = fopen (path, "r");
    if (!file)
        die (path);
    l->queries = room_for (100000, sizeof *l->queries);
    while (fgets (line, sizeof line, file) && l->query_count < 100000) {
        char *text = strchr (line, '\t');
        struct query *query = &l->queries[l->query_count++];
        sks_word at = { 0, 0 };
        if (!text)
            die ("a search text without a tab");
        *text++ = '\0';
        snprintf (query->id, sizeof query->id, "%s", line);
        query->left_out = folds && fold_of (line, folds) == fold;
        if (query->left_out)
            printf ("# left out\t%s\n", line);
        while (sks_text_word (text, strlen (text), at.end, &at)) {
            char form[SKS_MAX_WORD_BYTES];
            size_t size = sks_text_fold (text + at.start, at.end - at.start, form);
            uint32_t known = sks_store_form (l->store, form, size);
            if (known != SKS_NONE && !sks_text_stop_word (form, size))
                add_distinct (query->stems, &query->count, l->store->form[known].stem);
        }
    }
    fclose (file);
}

static uint32_t
find_statement (const sks_store *store, const char *soc, const char *level, unsigned position)
{
    for (uint32_t i = 0; i < store->occupations; i++)
        if (strcmp (sks_store_string (store, store->occupation[i].soc), soc) == 0) {
            uint32_t cell = sks_cell (i, sks_schema_level_of (level, strlen (level)));
            for (uint32_t s = store->cells[cell]; s < store->cells[cell + 1]; s++)
                if (sks_store_position (store, s) == position)
                    return s;
        }
    return SKS_NONE;
}

static void
add_cells (struct learner *l, const struct query *query, uint32_t statement, const uint32_t *stem_of_entry)
{
    const sks_store *store = l->store;
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    uint32_t stems[MAX_WORDS];
    size_t count = 0;
    while (at < end) {
        uint32_t stem = stem_of_entry[sks_token_next (&at)];
        if (stem != SKS_NONE)
            add_distinct (stems, &count, stem);
    }
    stems[count] = store->stems;
    if (l->cell_count + query->count * (count + 1) > l->room)
        die ("too many pairs");
    for (size_t q = 0; q < query->count; q++) {
        l->starts[l->token_count++] = l->cell_count;
        for (size_t i = 0; i <= count; i++)
            l->cells[l->cell_count++] = (uint64_t) query->stems[q] << 32 | stems[i];
    }
    l->starts[l->token_count] = l->cell_count;
}

static void
read_judgments (struct learner *l, const char *path, const uint32_t *stem_of_entry)
{
    char id[64], soc[32], level[32];
    unsigned position;
    FILE *file = fopen (path, "r");
    if (!file)
        die (path);
    l->room = 8000000;
    l->cells = room_for (l->room, sizeof *l->cells);
    l->starts = room_for (l->room, sizeof *l->starts);
    while (fscanf (file, "%63s %31[^/]/%31[^/]/%u", id, soc, level, &position) == 4)
        for (size_t i = 0; i < l->query_count; i++) {
            uint32_t statement;
            if (l->queries[i].left_out || strcmp (l->queries[i].id, id) != 0)
                continue;
            if ((statement = find_statement (l->store, soc, level, position)) != SKS_NONE)
                add_cells (l, &l->queries[i], statement, stem_of_entry);
        }
    fclose (file);
}

/* ----------------------------------------------------------------- learning */

static int
by_number (const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *) left, b = *(const uint64_t *) right;
    return (a > b) - (a < b);
}

static void
number_pairs (struct learner *l)
{
    uint64_t *sorted = room_for (l->cell_count, sizeof *sorted);
    memcpy (sorted, l->cells, l->cell_count * sizeof *sorted);
    qsort (sorted, l->cell_count, sizeof *sorted, by_number);
    for (size_t i = 0; i < l->cell_count; i++)
        if (!i || sorted[i] != sorted[l->pair_count - 1])
            sorted[l->pair_count++] = sorted[i];
    l->pairs = room_for (l->pair_count, sizeof *l->pairs);
    l->pair_of_cell = room_for (l->cell_count, sizeof *l->pair_of_cell);
    for (size_t i = 0; i < l->pair_count; i++)
        l->pairs[i] = (struct pair) { (uint32_t) (sorted[i] >> 32), (uint32_t) sorted[i], 1, 1 };
    for (size_t i = 0; i < l->cell_count; i++) {
        uint64_t *found = bsearch (&l->cells[i], sorted, l->pair_count, sizeof *sorted, by_number);
        l->pair_of_cell[i] = (uint32_t) (found - sorted);
    }
    free (sorted);
}

/* For each word of the statements, its shares over the words of the search texts. */
static void
divide (struct learner *l, double smoothing)
{
    memset (l->sums, 0, (l->store->stems + (size_t) 1) * sizeof *l->sums);
    for (size_t i = 0; i < l->pair_count; i++)
        l->sums[l->pairs[i].statement] += l->pairs[i].count;
    for (size_t i = 0; i < l->pair_count; i++) {
        l->pairs[i].share = l->pairs[i].count / (l->sums[l->pairs[i].statement] + smoothing);
        l->pairs[i].count = 0;
    }
}

static void
learn (struct learner *l)
{
    l->sums = room_for (l->store->stems + (size_t) 1, sizeof *l->sums);
    divide (l, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t t = 0; t < l->token_count; t++) {
            double sum = 0;
            for (size_t c = l->starts[t]; c < l->starts[t + 1]; c++)
                sum += l->pairs[l->pair_of_cell[c]].share;
            for (size_t c = l->starts[t]; c < l->starts[t + 1]; c++) {
                struct pair *pair = &l->pairs[l->pair_of_cell[c]];
                pair->count += pair->share / sum;
            }
        }
        divide (l, SMOOTHING);
    }
}

/* ------------------------------------------------------------------ writing */

static int
by_query_and_share (const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->query != b->query)
        return a->query < b->query ? -1 : 1;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return (a->statement > b->statement) - (a->statement < b->statement);
}

/* The most frequent word of a stem. */
static const char *
word_of (const sks_store *store, uint32_t stem, int *size)
{
    uint32_t best = store->stem_forms[store->stem[stem].forms];
    for (uint32_t i = store->stem[stem].forms; i < store->stem[stem + 1].forms; i++)
        if (store->form[store->stem_forms[i]].statements > store->form[best].statements)
            best = store->stem_forms[i];
    *size = (int) store->form[best].size;
    return store->strings + store->form[best].text;
}

static void
write_pairs (struct learner *l)
{
    size_t before = 0;
    qsort (l->pairs, l->pair_count, sizeof *l->pairs, by_query_and_share);
    for (size_t i = 0; i < l->pair_count; i++) {
        const struct pair *pair = &l->pairs[i];
        int query_size, size;
        before = i && pair->query == l->pairs[i - 1].query ? before : 0;
        if (pair->statement == l->store->stems || pair->statement == pair->query || pair->share < LEAST ||
            before == MOST_OF_WORD)
            continue;
        before++;
        const char *query = word_of (l->store, pair->query, &query_size);
        const char *word = word_of (l->store, pair->statement, &size);
        printf ("%.*s\t%.*s\t%.2f\t%s\n", query_size, query, size, word, sqrt (pair->share), SKS_NEAR_LEARNED);
    }
}

int
main (int argc, char **argv)
{
    sks_generation *generation;
    sks_error err;
    struct learner l = { 0 };
    if (argc != 4 && argc != 6) {
        fputs ("usage: pairs INDEX QUERIES QRELS [FOLD FOLDS]\n", stderr);
        return 2;
    }
    if (sks_generation_open (&generation, argv[1], &err))
        die (err.text);
    l.store = sks_generation_snapshot (generation)->store;
    read_queries (&l, argv[2], argc > 4 ? (unsigned) atoi (argv[4]) : 0, argc > 4 ? (unsigned) atoi (argv[5]) : 0);
    read_judgments (&l, argv[3], sks_generation_snapshot (generation)->stem_of_entry);
    number_pairs (&l);
    learn (&l);
    write_pairs (&l);
    sks_generation_release (&generation);
    free (l.queries);
    free (l.cells);
    free (l.starts);
    free (l.pairs);
    free (l.pair_of_cell);
    free (l.sums);
    return 0;
}
