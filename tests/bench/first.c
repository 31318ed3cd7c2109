/* first.c - how long the first request after opening takes; one JSON line per mode and state.
 *
 * usage: first INDEX FOLDER [COUNT]
 *
 * INDEX and FOLDER as in bench.c; COUNT: 100. Each request is answered with an empty cache, so that it decodes all that
 * it needs ("alone"); with an empty cache while another thread is about to decode the places of frequent stems, as in
 * skillsearchd after opening ("expected"); and with everything decoded ("filled"). Also the time and the bytes of
 * decoding everything, and the stems in at least 2,048 statements, as the daemon does. Times are processor time of the
 * thread in microseconds. */
#include "core/engine/generation.h"
#include "core/engine/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_REQUESTS 1000
#define FREQUENT 2048

enum state { ALONE, EXPECTED, FILLED, STATES };
static const char *const states[STATES] = { "alone", "expected", "filled" };

static const struct mode {
    const char *name, *file;
    int match;
    bool quoted;
} modes[] = {
    { "any", "any.txt", SKS_MATCH_ANY, false },
    { "all", "any.txt", SKS_MATCH_ALL, false },
    { "phrase", "phrase.txt", SKS_MATCH_ALL, true },
};

static sks_generation *generation;
static sks_error err;

static double
clock_us (void)
{
    struct timespec t;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
    return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static int
ascending (const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;
    return (a > b) - (a < b);
}

/* Answer a request with a cache; *us receives its time. */
static int
ask (sks_cache *cache, const struct mode *mode, const char *line, double *us)
{
    char text[1100];
    sks_searcher *searcher;
    sks_result *result;
    sks_query query = SKS_QUERY_INIT;
    snprintf (text, sizeof text, mode->quoted ? "\"%s\"" : "%s", line);
    query.text = text;
    query.match = mode->match;
    query.facet_count = 3;
    query.facets[0] = (sks_facet_ask) { SKS_FACET_LEVEL, 10, NULL, 0 };
    query.facets[1] = (sks_facet_ask) { SKS_FACET_SECTOR, 10, NULL, 0 };
    query.facets[2] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 10, NULL, 0 };
    int code = sks_searcher_open_part (&searcher, generation, sks_generation_snapshot (generation), cache, &err);
    double start = clock_us ();
    if (!code)
        code = sks_searcher_search (searcher, &query, &result, &err);
    *us = clock_us () - start;
    if (!code)
        sks_result_destroy (&result);
    sks_searcher_close (&searcher);
    return code;
}

static int
ask_in_state (enum state state, const struct mode *mode, const char *line, double *us)
{
    sks_cache cache = { 0 };
    if (state == FILLED)
        return ask (sks_generation_cache (generation), mode, line, us);
    int code = sks_cache_open (&cache, sks_generation_snapshot (generation), &err);
    if (state == EXPECTED)
        atomic_store (&cache.expected, FREQUENT);
    if (!code)
        code = ask (&cache, mode, line, us);
    sks_cache_close (&cache);
    return code;
}

static int
measure (const struct mode *mode, enum state state, const char *folder, size_t most)
{
    double times[MAX_REQUESTS];
    char path[4096], line[1024];
    size_t count = 0;
    snprintf (path, sizeof path, "%s/%s", folder, mode->file);
    FILE *file = fopen (path, "r");
    int code = file ? 0 : sks_fail_errno (&err, "%s", path);
    while (!code && count < most && fgets (line, sizeof line, file)) {
        line[strcspn (line, "\n")] = '\0';
        code = ask_in_state (state, mode, line, &times[count++]);
    }
    if (file)
        fclose (file);
    if (code || !count)
        return code;
    qsort (times, count, sizeof *times, ascending);
    printf ("{\"first\":\"%s\",\"state\":\"%s\",\"statements\":%lu,\"requests\":%zu,\"p50_us\":%.0f,\"p99_us\":%.0f,"
            "\"max_us\":%.0f}\n",
            mode->name, states[state], (unsigned long) sks_generation_statements (generation), count,
            times[(count + 1) / 2 - 1], times[(count * 99 + 99) / 100 - 1], times[count - 1]);
    return fflush (stdout);
}

/* Decode ahead; writes a line. */
static int
fill (uint32_t least)
{
    static const sks_stop never;
    double start = clock_us ();
    int code = sks_generation_fill (generation, least, &never, &err);
    printf ("{\"least\":%u,\"ms\":%.0f,\"bytes\":%zu}\n", least, (clock_us () - start) / 1000,
            sks_generation_decoded (generation));
    return code;
}

int
main (int argc, char **argv)
{
    size_t most = argc > 3 && atoi (argv[3]) > 0 && atoi (argv[3]) < MAX_REQUESTS ? (size_t) atoi (argv[3]) : 100;
    if (argc < 3) {
        fputs ("usage: first INDEX FOLDER [COUNT]\n", stderr);
        return 2;
    }
    int code = sks_generation_open (&generation, argv[1], &err);
    if (!code)
        code = fill (FREQUENT);
    if (!code)
        code = fill (1);
    for (enum state state = 0; state < STATES; state++)
        for (size_t i = 0; !code && i < sizeof modes / sizeof *modes; i++)
            code = measure (&modes[i], state, argv[2], most);
    if (code)
        fprintf (stderr, "first: %s\n", err.text);
    sks_generation_release (&generation);
    return code ? 1 : 0;
}
