/* bench.c - how long a query takes inside the engine; one JSON line a mode.
 *
 * usage: bench INDEX QUERIES [PASSES]
 *
 * QUERIES has a line "id<TAB>text" each. Modes: any and all (the text's words),
 * phrase (its first two neighbours that occur side by side), browse (a level
 * filter alone). Each request is a ranked top 10 with texts and spans, and exact
 * counts of level, sector and the ten largest occupations. One thread; one pass
 * to warm up; times are the thread's CPU time in microseconds, medians over the
 * passes. */
#include "../core/text.h"
#include "../searchd/engine/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_QUERIES 2000
#define MAX_PASSES 9

enum mode { ANY, ALL, PHRASE, BROWSE, MODES };
static const char *const mode_names[MODES] = { "any", "all", "phrase", "browse" };

struct bench {
    sks_searcher *searcher;
    char *texts[MAX_QUERIES];
    size_t count;
    double times[MAX_QUERIES];
    uint64_t hits;
    sks_error err;
};

static double
cpu_us (void)
{
    struct timespec t;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
    return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static int
ask (struct bench *b, const sks_query *query, uint64_t *total)
{
    sks_result *result;
    int code = sks_searcher_search (b->searcher, query, &result, &b->err);
    if (!code)
        *total = result->total;
    sks_result_destroy (&result);
    return code;
}

static sks_query
query_of (int mode, const char *text)
{
    static const char *const level[] = { "developing" };
    sks_query query = SKS_QUERY_INIT;
    query.text = mode == BROWSE ? "" : text;
    query.match = mode == ANY ? SKS_MATCH_ANY : SKS_MATCH_ALL;
    query.facet_count = 3;
    query.facets[0] = (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 };
    query.facets[1] = (sks_facet_ask) { SKS_FACET_SECTOR, 10, NULL, 0 };
    query.facets[2] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 10, NULL, 0 };
    if (mode == BROWSE)
        query.filter[SKS_FACET_LEVEL] = (sks_filter) { level, 1, 0, 0 };
    return query;
}

/* Put the first two neighbouring words that occur somewhere in quotes; false
 * when there are none. */
static bool
find_phrase (struct bench *b, const char *text, char *out, size_t size)
{
    size_t length = strlen (text);
    sks_word left, right = { 0, 0 };
    for (bool more = sks_text_word (text, length, 0, &left); more; left = right) {
        uint64_t total = 0;
        more = sks_text_word (text, length, left.end, &right);
        if (!more)
            break;
        snprintf (out, size, "\"%.*s\"", (int) (right.end - left.start), text + left.start);
        sks_query query = query_of (PHRASE, out);
        query.limit = 0;
        if (ask (b, &query, &total) == 0 && total)
            return true;
    }
    return false;
}

static int
load (struct bench *b, const char *path)
{
    char line[2048];
    FILE *file = fopen (path, "r");
    while (file && b->count < MAX_QUERIES && fgets (line, sizeof line, file)) {
        char *tab = strchr (line, '\t');
        line[strcspn (line, "\n")] = '\0';
        if (tab && !(b->texts[b->count++] = strdup (tab + 1)))
            return -1;
    }
    if (file)
        fclose (file);
    return b->count ? 0 : -1;
}

static int
ascending (const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;
    return (a > b) - (a < b);
}

/* One pass over the texts; figures of it into out[0..3]: p50, p95, p99, sum. */
static int
pass (struct bench *b, int mode, char *const *texts, size_t count, double out[4])
{
    b->hits = 0;
    out[3] = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t total = 0;
        sks_query query = query_of (mode, texts[i]);
        double start = cpu_us ();
        if (ask (b, &query, &total))
            return -1;
        b->times[i] = cpu_us () - start;
        out[3] += b->times[i];
        b->hits += total;
    }
    qsort (b->times, count, sizeof *b->times, ascending);
    for (int k = 0; k < 3; k++)
        out[k] = b->times[(size_t) ((double) (count - 1) * (k == 0 ? .5 : k == 1 ? .95 : .99))];
    return 0;
}

static int
run_mode (struct bench *b, int mode, char *const *texts, size_t count, int passes)
{
    double figures[MAX_PASSES][4], column[MAX_PASSES], median[4];
    if (!count || pass (b, mode, texts, count, median))
        return -1;
    for (int i = 0; i < passes; i++)
        if (pass (b, mode, texts, count, figures[i]))
            return -1;
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < passes; i++)
            column[i] = figures[i][k];
        qsort (column, (size_t) passes, sizeof *column, ascending);
        median[k] = column[passes / 2];
    }
    printf ("{\"mode\":\"%s\",\"statements\":%llu,\"queries\":%zu,\"mean_hits\":%.1f,\"p50_us\":%.1f,"
            "\"p95_us\":%.1f,\"p99_us\":%.1f,\"qps\":%.0f}\n",
            mode_names[mode], (unsigned long long) sks_generation_statements (sks_searcher_generation (b->searcher)),
            count, (double) b->hits / (double) count, median[0], median[1], median[2],
            (double) count * 1e6 / median[3]);
    return 0;
}

int
main (int argc, char **argv)
{
    static struct bench b;
    static char *phrases[MAX_QUERIES];
    sks_generation *generation = NULL;
    size_t phrase_count = 0;
    int passes = argc > 3 ? atoi (argv[3]) : 3;
    if (argc < 3 || load (&b, argv[2]) || passes < 1 || passes > MAX_PASSES) {
        fputs ("usage: bench INDEX QUERIES [PASSES]\n", stderr);
        return 2;
    }
    int code = sks_generation_open (&generation, argv[1], &b.err);
    if (!code)
        code = sks_searcher_open (&b.searcher, generation, &b.err);
    for (size_t i = 0; !code && i < b.count; i++) {
        char phrase[2048];
        if (find_phrase (&b, b.texts[i], phrase, sizeof phrase))
            phrases[phrase_count++] = strdup (phrase);
    }
    for (int mode = 0; !code && mode < MODES; mode++)
        code = run_mode (&b, mode, mode == PHRASE ? phrases : b.texts, mode == PHRASE ? phrase_count : b.count, passes);
    if (code)
        fprintf (stderr, "bench: %s\n", b.err.text);
    for (size_t i = 0; i < b.count; i++)
        free (b.texts[i]);
    for (size_t i = 0; i < phrase_count; i++)
        free (phrases[i]);
    sks_searcher_close (&b.searcher);
    sks_generation_release (&generation);
    return code ? 1 : 0;
}
