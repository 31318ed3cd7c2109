/* bench.c - how long a request takes inside the engine; one JSON line per mode.
 *
 * usage: bench INDEX FOLDER [MODES [COUNT [PASSES [NEAR-WORDS [VECTORS]]]]]
 *
 * FOLDER holds the requests, one per line: any.txt (words; also for all, map and suggest), phrase.txt (adjacent words)
 * and browse.txt (names of levels); at most COUNT of each are used. MODES are letters of the table below.
 *
 * A search is a ranked top 10 with texts and spans, and exact counts of level, sector and the ten largest occupations.
 * similar, compare and crosswalk take statements and occupations spread evenly over the index; suggest takes the
 * beginning of a line, so that its last word is cut. One thread, which sleeps for $PAUSE_US before each request. Each
 * mode is warmed by whole passes: at least one, and for two seconds (with PASSES 0 none; everything is then requested
 * twice and the second time is measured). NEAR-WORDS is a table of near words, VECTORS the file of word vectors that
 * the index was made with.
 *
 * Times are microseconds, medians over the passes: of the thread's CPU time, and wall_ of as many other passes by the
 * monotonic clock. To read the CPU time takes a call of the kernel of more than a microsecond, which is part of each
 * time and slows down what follows; the monotonic clock takes .03. On a machine with other work, wall_p99_us is of no
 * use. */
#include "core/engine/generation.h"
#include "core/engine/operations.h"
#include "core/engine/thesaurus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_REQUESTS 2000
#define MAX_PASSES 9
#define WARM_US 2e6

struct bench {
    sks_searcher *searcher;
    sks_generation *generation;
    const sks_store *store;
    sks_arena *arena;
    char *lines[MAX_REQUESTS];
    size_t count, most;
    useconds_t pause_us;
    double times[MAX_REQUESTS];
    uint64_t hits;
    sks_error err;
};

/* One request; adds the hits to b->hits. */
typedef int request (struct bench *b, size_t i);

static double
clock_us (clockid_t clock)
{
    struct timespec t;
    clock_gettime (clock, &t);
    return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

/* ----------------------------------------------------------------- requests */

static int
search (struct bench *b, sks_query *query)
{
    sks_result *result;
    query->facet_count = 3;
    query->facets[0] = (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 };
    query->facets[1] = (sks_facet_ask) { SKS_FACET_SECTOR, 10, NULL, 0 };
    query->facets[2] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 10, NULL, 0 };
    int code = sks_searcher_search (b->searcher, query, &result, &b->err);
    b->hits += code ? 0 : result->total;
    sks_result_destroy (&result);
    return code;
}

static int
ask (struct bench *b, const char *text, int match)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    return search (b, &query);
}

static int
ask_any (struct bench *b, size_t i)
{
    return ask (b, b->lines[i], SKS_MATCH_ANY);
}

static int
ask_all (struct bench *b, size_t i)
{
    return ask (b, b->lines[i], SKS_MATCH_ALL);
}

static int
ask_phrase (struct bench *b, size_t i)
{
    char text[1024];
    snprintf (text, sizeof text, "\"%s\"", b->lines[i]);
    return ask (b, text, SKS_MATCH_ALL);
}

static int
ask_browse (struct bench *b, size_t i)
{
    const char *const level[] = { b->lines[i] };
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { level, 1, 0, 0 };
    return search (b, &query);
}

/* The row for request i, so that the requests are spread evenly over `rows` rows. */
static uint32_t
spread (const struct bench *b, size_t i, uint32_t rows)
{
    return (uint32_t) ((uint64_t) rows * i / b->count);
}

static const char *
soc_of (const struct bench *b, uint32_t occupation)
{
    return sks_store_string (b->store, b->store->occupation[occupation % b->store->occupations].soc);
}

static int
ask_similar (struct bench *b, size_t i)
{
    char id[SKS_STATEMENT_ID_BYTES];
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    sks_store_id (b->store, spread (b, i, b->store->statements), id);
    int code = sks_searcher_similar (b->searcher, id, 0, &options, &result, &b->err);
    b->hits += code ? 0 : result->total;
    sks_result_destroy (&result);
    return code;
}

static int
ask_suggest (struct bench *b, size_t i)
{
    char text[1024];
    sks_completions out;
    size_t size = strlen (b->lines[i]);
    snprintf (text, sizeof text, "%.*s", (int) (3 + i % (size > 3 ? size - 2 : 1)), b->lines[i]);
    int code = sks_searcher_suggest (b->searcher, text, 10, b->arena, &out, &b->err);
    b->hits += code ? 0 : out.word_count + out.duty_count + out.occupation_count;
    return code;
}

static int
ask_compare (struct bench *b, size_t i)
{
    sks_comparison out;
    int code = sks_searcher_compare (b->searcher, soc_of (b, spread (b, i, b->store->occupations)), NULL, NULL,
                                     b->arena, &out, &b->err);
    b->hits += code ? 0 : out.row_count;
    return code;
}

static int
ask_crosswalk (struct bench *b, size_t i)
{
    sks_crosswalk out;
    uint32_t occupation = spread (b, i, b->store->occupations);
    int code = sks_searcher_crosswalk (b->searcher, soc_of (b, occupation), soc_of (b, occupation + 1), -1, NULL,
                                       b->arena, &out, &b->err);
    b->hits += code ? 0 : out.pair_count;
    return code;
}

static int
ask_map (struct bench *b, size_t i)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.limit = 3;
    int code = sks_searcher_map (b->searcher, b->lines[i], &options, b->arena, &out, &b->err);
    for (size_t k = 0; !code && k < out.sentence_count; k++)
        b->hits += out.sentences[k].match_count;
    return code;
}

static const struct mode {
    char letter;
    const char *name, *file;
    request *ask;
} modes[] = {
    { 'a', "any", "any.txt", ask_any },          { 'l', "all", "any.txt", ask_all },
    { 'p', "phrase", "phrase.txt", ask_phrase }, { 'b', "browse", "browse.txt", ask_browse },
    { 's', "similar", "any.txt", ask_similar },  { 'u', "suggest", "any.txt", ask_suggest },
    { 'c', "compare", "any.txt", ask_compare },  { 'x', "crosswalk", "any.txt", ask_crosswalk },
    { 'm', "map", "any.txt", ask_map },
};

/* ---------------------------------------------------------------- measuring */

static void
forget_lines (struct bench *b)
{
    while (b->count)
        free (b->lines[--b->count]);
}

static int
load (struct bench *b, const char *folder, const char *name)
{
    char path[4096], line[1024];
    forget_lines (b);
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "r");
    while (file && b->count < b->most && fgets (line, sizeof line, file)) {
        line[strcspn (line, "\n")] = '\0';
        if (!(b->lines[b->count++] = strdup (line)))
            break;
    }
    if (file)
        fclose (file);
    return b->count ? 0 : sks_fail (&b->err, SKS_EIO, "%s: no requests", path);
}

static int
ascending (const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;
    return (a > b) - (a < b);
}

static int
warm (struct bench *b, const struct mode *mode)
{
    for (size_t i = 0; i < b->count; i++) {
        sks_arena_clear (b->arena);
        if (mode->ask (b, i))
            return -1;
    }
    return 0;
}

/* The nearest rank, as in the peers' report. */
static double
percentile (const struct bench *b, size_t percent)
{
    return b->times[(b->count * percent + 99) / 100 - 1];
}

#define FIGURES 4 /* of a pass: p50, p95, p99 and the sum of all times */

/* One pass over the requests, timed by a clock. Never inlined: tests/bench/instructions.sh counts its instructions. */
static __attribute__ ((noinline)) int
measure (struct bench *b, const struct mode *mode, clockid_t clock, double out[FIGURES])
{
    b->hits = 0;
    out[3] = 0;
    for (size_t i = 0; i < b->count; i++) {
        sks_arena_clear (b->arena);
        if (b->pause_us)
            usleep (b->pause_us);
        double start = clock_us (clock);
        if (mode->ask (b, i))
            return -1;
        b->times[i] = clock_us (clock) - start;
        out[3] += b->times[i];
    }
    qsort (b->times, b->count, sizeof *b->times, ascending);
    out[0] = percentile (b, 50);
    out[1] = percentile (b, 95);
    out[2] = percentile (b, 99);
    return 0;
}

/* Some passes; out receives the median of each figure. Its name does not begin with "measure", as what callgrind counts. */
static int
time_passes (struct bench *b, const struct mode *mode, clockid_t clock, size_t passes, double out[FIGURES])
{
    double figures[MAX_PASSES][FIGURES], column[MAX_PASSES];
    for (size_t i = 0; i < passes; i++)
        if (measure (b, mode, clock, figures[i]))
            return -1;
    for (int k = 0; k < FIGURES; k++) {
        for (size_t i = 0; i < passes; i++)
            column[i] = figures[i][k];
        qsort (column, passes, sizeof *column, ascending);
        out[k] = column[passes / 2];
    }
    return 0;
}

static int
run_mode (struct bench *b, const struct mode *mode, size_t passes)
{
    double median[FIGURES], wall[FIGURES] = { 0 }, start = clock_us (CLOCK_MONOTONIC);
    do {
        if (warm (b, mode))
            return -1;
    } while (passes && clock_us (CLOCK_MONOTONIC) - start < WARM_US);
    if (time_passes (b, mode, CLOCK_THREAD_CPUTIME_ID, passes ? passes : 1, median) ||
        (passes && time_passes (b, mode, CLOCK_MONOTONIC, passes, wall)))
        return -1;
    printf ("{\"mode\":\"%s\",\"statements\":%u,\"requests\":%zu,\"mean_hits\":%.1f,\"p50_us\":%.1f,\"p95_us\":%.1f,"
            "\"p99_us\":%.1f,\"wall_p50_us\":%.1f,\"wall_p99_us\":%.1f,\"qps\":%.0f}\n",
            mode->name, b->store->statements, b->count, (double) b->hits / (double) b->count, median[0], median[1],
            median[2], wall[0], wall[2], (double) b->count * 1e6 / median[3]);
    return fflush (stdout);
}

static int
open_index (struct bench *b, const char *index, const char *near_words, const char *vectors_path)
{
    sks_near_words *thesaurus;
    sks_vectors *vectors;
    struct rusage usage;
    double start = clock_us (CLOCK_MONOTONIC);
    b->arena = sks_arena_create ();
    int code = b->arena ? sks_generation_open (&b->generation, index, &b->err) : sks_fail_memory (&b->err);
    if (!code && near_words && !(code = sks_thesaurus_read (&thesaurus, &near_words, 1, &b->err)))
        code = sks_generation_relate (b->generation, &thesaurus, &b->err);
    if (!code && vectors_path && !(code = sks_vectors_open (&vectors, vectors_path, &b->err)))
        code = sks_generation_use_vectors (b->generation, &vectors, &b->err);
    if (!code)
        code = sks_searcher_open (&b->searcher, b->generation, &b->err);
    if (code)
        return code;
    double opened = clock_us (CLOCK_MONOTONIC) - start;
    getrusage (RUSAGE_SELF, &usage);
    b->store = sks_generation_snapshot (b->generation)->store;
    printf ("{\"mode\":\"open\",\"statements\":%u,\"us\":%.0f,\"rss_kb\":%ld}\n", b->store->statements, opened,
            usage.ru_maxrss);
    return 0;
}

int
main (int argc, char **argv)
{
    static struct bench b = { .most = MAX_REQUESTS };
    struct rusage usage;
    const char *letters = argc > 3 && *argv[3] ? argv[3] : "alpb", *pause = getenv ("PAUSE_US");
    size_t passes = argc > 5 ? (size_t) atoi (argv[5]) : 3;
    b.pause_us = pause ? (useconds_t) atoi (pause) : 0;
    if (argc > 4 && atoi (argv[4]) > 0 && atoi (argv[4]) < MAX_REQUESTS)
        b.most = (size_t) atoi (argv[4]);
    if (argc < 3 || passes > MAX_PASSES) {
        fputs ("usage: bench INDEX FOLDER [MODES [COUNT [PASSES]]]\n", stderr);
        return 2;
    }
    int code = open_index (&b, argv[1], argc > 6 ? argv[6] : NULL, argc > 7 ? argv[7] : NULL);
    for (size_t i = 0; !code && i < sizeof modes / sizeof *modes; i++) {
        if (!strchr (letters, modes[i].letter))
            continue;
        code = load (&b, argv[2], modes[i].file);
        if (!code)
            code = run_mode (&b, &modes[i], passes);
    }
    getrusage (RUSAGE_SELF, &usage);
    if (code)
        fprintf (stderr, "bench: %s\n", b.err.text);
    else
        printf ("{\"mode\":\"end\",\"rss_kb\":%ld}\n", usage.ru_maxrss);
    forget_lines (&b);
    sks_arena_destroy (&b.arena);
    sks_searcher_close (&b.searcher);
    sks_generation_release (&b.generation);
    return code ? 1 : 0;
}
