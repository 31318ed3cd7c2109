/* statement_vectors.c - as many runs of statements as threads. */
#include "statement_vectors.h"

#include "core/base/threads.h"

#include <stdlib.h>

struct run {
    const sks_centroids *centroids;
    const sks_store *store;
    uint32_t first, end;
    int8_t *out;
};

static int
work (void *argument, sks_error *err)
{
    struct run *run = argument;
    (void) err;
    sks_centroids_of_statements (run->centroids, run->store, run->first, run->end, run->out);
    return 0;
}

int
sks_statement_vectors_make (int8_t **out, sks_store *store, const sks_vectors *vectors, unsigned threads,
                            sks_error *err)
{
    struct run runs[SKS_MAX_THREADS];
    size_t count = threads < SKS_MAX_THREADS ? threads : SKS_MAX_THREADS;
    sks_centroids *centroids = NULL;
    *out = malloc ((size_t) store->statements * SKS_CENTROID_DIMENSIONS + 1);
    int code = *out ? sks_centroids_make (&centroids, vectors, store, err) : sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        runs[i] = (struct run) { centroids, store, (uint32_t) (store->statements * (uint64_t) i / count),
                                 (uint32_t) (store->statements * (uint64_t) (i + 1) / count), *out };
        runs[i].out += (size_t) runs[i].first * SKS_CENTROID_DIMENSIONS;
    }
    if (!code)
        code = sks_threads_work (work, runs, count, sizeof *runs, err);
    sks_centroids_free (&centroids);
    if (code) {
        free (*out);
        *out = NULL;
        return code;
    }
    store->vectors = vectors->hash;
    store->vector = *out;
    return 0;
}
