/* limits.c - what a perfect engine would have to read and to do for each request; one JSON line per mode.
 *
 * usage: limits INDEX FOLDER [COUNT]
 *
 * INDEX, FOLDER and COUNT as in bench.c. Nothing is estimated: the posting lists, cells and statements of each request
 * are looked up, and their bytes are added. An engine that answers exactly (the best ten with their texts, the number
 * of members, and counts of facets) cannot do without:
 *
 *   postings   any: each posting of each word once, as the number of members is unknown before.
 *              all, phrase: those of the rarest word; of each other word a posting per statement that is left, but
 *              at most all. A phrase also needs the places of its words where all of them are.
 *   scores     of occupations. any: of each word all, as any occupation could have the best statement.
 *              all, phrase: those of the occupations with members.
 *   cells      bound and count of each cell with members.
 *   texts      of ten statements: their tokens, dictionary entries and bytes.
 *
 * "encoded" counts postings as the index has them (as pairs of variable-length numbers), "decoded" as the engine keeps
 * them. An operation is a posting, a score, a cell or a token. Figures are medians over the requests. */
#include "core/base/result.h"
#include "core/engine/generation.h"
#include "core/engine/search.h"
#include "core/engine/set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REQUESTS 2000
#define MAX_WORDS SKS_MAX_QUERY_WORDS

#define DECODED_BYTES 4 /* of a posting: its statement, and weight with form */
#define PLACE_BYTES 4   /* of a posting */
#define SCORE_BYTES 4
#define CELL_BYTES 8
#define LINE_BYTES 64 /* the least that is read from memory at a time */

enum figure { MEMBERS, POSTINGS, SCORES, CELLS, TEXTS, ENCODED, DECODED, OPERATIONS, FIGURES };
static const char *const names[FIGURES] = { "members",    "postings",      "scores",        "cells",
                                            "text_bytes", "encoded_bytes", "decoded_bytes", "operations" };

static struct {
    sks_generation *generation;
    sks_searcher *searcher;
    const sks_store *store;
    double (*needs)[FIGURES];
    size_t count, most;
    sks_error err;
} b = { .most = MAX_REQUESTS };

static size_t
number_bytes (uint32_t value)
{
    uint8_t bytes[5];
    return (size_t) (sks_token_put (bytes, value) - bytes);
}

/* The bytes of a list in the index: the distance from the posting before, and what it carries. */
static double
encoded_bytes (const sks_postings *p)
{
    double sum = 0;
    sks_postings_run run = { 0 };
    for (uint32_t i = 0, next = 0; i < p->count; i++) {
        uint32_t statement = sks_postings_statement (p, b.store, &run, i);
        sum += (double) (number_bytes (statement - next) + number_bytes (sks_postings_wdf (p, i)));
        next = statement + 1;
    }
    return sum;
}

static int
rarest_first (const void *left, const void *right)
{
    const sks_postings *a = *(const sks_postings *const *) left, *c = *(const sks_postings *const *) right;
    return (a->count > c->count) - (a->count < c->count);
}

/* The lists of a search, each once, the rarest first. */
static size_t
list_postings (const sks_search *a, const sks_postings *lists[MAX_WORDS])
{
    size_t count = 0;
    for (size_t w = 0; w < a->scorer.count && count < MAX_WORDS; w++) {
        bool again = false;
        for (size_t i = 0; i < w; i++)
            again |= a->scorer.words[i].stem == a->scorer.words[w].stem;
        if (!again)
            lists[count++] = a->scorer.words[w].postings;
    }
    qsort (lists, count, sizeof *lists, rarest_first);
    return count;
}

/* Add the postings of a search for any of the words. */
static void
need_any (const sks_postings *const *lists, size_t count, double need[FIGURES])
{
    for (size_t i = 0; i < count; i++) {
        need[POSTINGS] += lists[i]->count;
        need[SCORES] += lists[i]->contexts.count;
        need[ENCODED] += encoded_bytes (lists[i]);
        need[DECODED] += (double) lists[i]->count * DECODED_BYTES;
    }
}

/* Add those of a search for all words. */
static int
need_all (sks_search *a, const sks_postings *const *lists, size_t count, bool phrase, double need[FIGURES])
{
    sks_set sets[MAX_WORDS], left;
    for (size_t i = 0; i < count; i++) {
        double postings = lists[i]->count, encoded = encoded_bytes (lists[i]), decoded = postings * DECODED_BYTES;
        if (i && !sks_set_and (&left, a->m.arena, sets, i))
            return sks_fail_memory (&b.err);
        double lines = i ? (double) left.count * LINE_BYTES : decoded;
        need[POSTINGS] += i && left.count < postings ? left.count : postings;
        need[ENCODED] += lines < encoded ? lines : encoded;
        need[DECODED] += lines < decoded ? lines : decoded;
        sets[i] = sks_postings_set (lists[i], b.store);
    }
    if (phrase && count > 1) {
        if (!sks_set_and (&left, a->m.arena, sets, count))
            return sks_fail_memory (&b.err);
        need[ENCODED] += (double) left.count * (double) count * PLACE_BYTES;
        need[DECODED] += (double) left.count * (double) count * PLACE_BYTES;
        need[POSTINGS] += (double) left.count * (double) count;
    }
    return 0;
}

/* Count the cells with members that pass the filters, and their occupations. */
static int
count_cells (const sks_search *a, double need[FIGURES], double *occupations)
{
    uint32_t cells = b.store->occupations * SKS_LEVELS, last = SKS_NONE;
    uint32_t *members = sks_arena_array (a->m.arena, cells + (size_t) 1, sizeof *members);
    if (!members || !sks_set_count_runs (&a->set, a->m.arena, b.store->cells, cells, members))
        return sks_fail_memory (&b.err);
    for (uint32_t cell = 0; cell < cells; cell++) {
        if (!members[cell] || (a->fails.any && sks_cell_fails (&a->fails, cell)))
            continue;
        need[CELLS] += 1;
        need[MEMBERS] += members[cell];
        *occupations += cell / SKS_LEVELS != last;
        last = cell / SKS_LEVELS;
    }
    return 0;
}

/* Add the texts of a page. */
static void
need_texts (const sks_scored *page, size_t count, double need[FIGURES])
{
    char text[SKS_MAX_STATEMENT_BYTES];
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = b.store->tokens + b.store->offsets[page[i].statement];
        const uint8_t *start = at, *end = b.store->tokens + b.store->offsets[page[i].statement + 1];
        double tokens = 0;
        for (; at < end; tokens++)
            sks_token_next (&at);
        need[TEXTS] += (double) (end - start) + tokens * sizeof (sks_entry) +
                       (double) sks_store_put_text (b.store, page[i].statement, text);
        need[OPERATIONS] += tokens;
    }
}

static int
add_needs (sks_search *a, bool any, bool phrase, double need[FIGURES])
{
    const sks_postings *lists[MAX_WORDS];
    sks_scored *page;
    size_t found = 0, count = 0;
    double occupations = 0;
    int code = sks_search_match (a);
    if (!code)
        code = sks_search_count (a);
    if (!code)
        code = sks_search_choose (a, &page, &found);
    if (!code)
        code = count_cells (a, need, &occupations);
    if (code)
        return code;
    count = list_postings (a, lists);
    if (any)
        need_any (lists, count, need);
    else if ((code = need_all (a, lists, count, phrase, need)))
        return code;
    if (!any)
        need[SCORES] = occupations * (double) count;
    need_texts (page, found, need);
    double others = need[SCORES] * SCORE_BYTES + need[CELLS] * CELL_BYTES + need[TEXTS];
    need[ENCODED] += others;
    need[DECODED] += others;
    need[OPERATIONS] += need[POSTINGS] + need[SCORES] + need[CELLS];
    return 0;
}

static const struct mode {
    const char *name, *file;
    int match;
    bool quoted, level;
} modes[] = {
    { "any", "any.txt", SKS_MATCH_ANY, false, false },
    { "all", "any.txt", SKS_MATCH_ALL, false, false },
    { "phrase", "phrase.txt", SKS_MATCH_ALL, true, false },
    { "browse", "browse.txt", SKS_MATCH_ALL, false, true },
};

static int
ask (const struct mode *mode, const char *line)
{
    char quoted[1100];
    const char *const level[] = { line };
    sks_query query = SKS_QUERY_INIT;
    snprintf (quoted, sizeof quoted, mode->quoted ? "\"%s\"" : "%s", line);
    if (mode->level)
        query.filter[SKS_FACET_LEVEL] = (sks_filter) { level, 1, 0, 0 };
    else
        query.text = quoted;
    query.match = mode->match;
    sks_search a = { .m = sks_searcher_matching (b.searcher, &b.err), .query = &query, .result = sks_result_create () };
    int code = a.result ? add_needs (&a, mode->match == SKS_MATCH_ANY, mode->quoted, b.needs[b.count++])
                        : sks_fail_memory (&b.err);
    sks_result_destroy (&a.result);
    return code;
}

static int
ascending (const void *left, const void *right)
{
    double a = *(const double *) left, c = *(const double *) right;
    return (a > c) - (a < c);
}

static double
median (enum figure figure)
{
    double values[MAX_REQUESTS];
    for (size_t i = 0; i < b.count; i++)
        values[i] = b.needs[i][figure];
    qsort (values, b.count, sizeof *values, ascending);
    return values[(b.count + 1) / 2 - 1];
}

static int
measure (const struct mode *mode, const char *folder)
{
    char path[4096], line[1024];
    snprintf (path, sizeof path, "%s/%s", folder, mode->file);
    FILE *file = fopen (path, "r");
    int code = 0;
    b.count = 0;
    memset (b.needs, 0, MAX_REQUESTS * sizeof *b.needs);
    while (file && !code && b.count < b.most && fgets (line, sizeof line, file)) {
        line[strcspn (line, "\n")] = '\0';
        code = ask (mode, line);
    }
    if (file)
        fclose (file);
    if (!code && !b.count)
        code = sks_fail (&b.err, SKS_EIO, "%s: no requests", path);
    if (code)
        return code;
    printf ("{\"limit\":\"%s\",\"statements\":%u,\"file_bytes\":%zu,\"requests\":%zu", mode->name, b.store->statements,
            b.store->file.size + b.store->postings_image.size, b.count);
    for (enum figure figure = 0; figure < FIGURES; figure++)
        printf (",\"%s\":%.0f", names[figure], median (figure));
    puts ("}");
    return fflush (stdout);
}

int
main (int argc, char **argv)
{
    if (argc < 3) {
        fputs ("usage: limits INDEX FOLDER [COUNT]\n", stderr);
        return 2;
    }
    if (argc > 3 && atoi (argv[3]) > 0 && atoi (argv[3]) < MAX_REQUESTS)
        b.most = (size_t) atoi (argv[3]);
    b.needs = calloc (MAX_REQUESTS, sizeof *b.needs);
    int code = b.needs ? sks_generation_open (&b.generation, argv[1], &b.err) : sks_fail_memory (&b.err);
    if (!code)
        code = sks_searcher_open (&b.searcher, b.generation, &b.err);
    if (!code)
        b.store = sks_generation_snapshot (b.generation)->store;
    for (size_t i = 0; !code && i < sizeof modes / sizeof *modes; i++)
        code = measure (&modes[i], argv[2]);
    if (code)
        fprintf (stderr, "limits: %s\n", b.err.text);
    sks_searcher_close (&b.searcher);
    sks_generation_release (&b.generation);
    free (b.needs);
    return code ? 1 : 0;
}
