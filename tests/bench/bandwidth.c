/* bandwidth.c - how fast the machine's memory is; one JSON line per size and number of threads.
 *
 * usage: bandwidth [CORES]
 *
 * The kernels of STREAM (McCalpin): copy a[i] = b[i], scale a[i] = q * b[i], triad a[i] = b[i] + q * c[i]; and read, a
 * sum over all three arrays, because the loops of a search mostly read. Sizes are those of the three arrays together:
 * one that fits in the second-level cache, two like an index of 40,640 and one of a million statements, and one beyond
 * the last-level cache. Each of the threads, 1 to CORES, works on a part of its own. A figure is the best of several
 * tries, in GB (10^9 bytes) read and written per second of the slowest thread's processor time: that of the engine is
 * measured, too, and it depends less on other programs than wall time. */
#include "core/base/clones.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB ((size_t) 1 << 20)
#define MAX_CORES 64
#define TRIES 9
/* A try covers at least this many bytes, in several rounds if the arrays are small. */
#define BYTES_PER_TRY (512 * MIB)

typedef double eight __attribute__ ((vector_size (64)));
typedef uint64_t sums __attribute__ ((vector_size (64)));

enum kernel { COPY, SCALE, TRIAD, READ, KERNELS };
static const char *const names[KERNELS] = { "copy", "scale", "triad", "read" };
static const size_t arrays[KERNELS] = { 2, 2, 3, 3 }; /* arrays that a kernel reads or writes */

/* One thread's part of the arrays. */
struct part {
    eight *a, *b, *c;
    size_t count; /* vectors in each */
    size_t rounds;
    enum kernel kernel;
    pthread_barrier_t *barrier;
    uint64_t sum;   /* so that reading is not left out */
    double seconds; /* of its processor time */
};

static double
now (void)
{
    struct timespec t;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

SKS_CLONES
static void
copy (eight *restrict a, const eight *restrict b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        a[i] = b[i];
}

SKS_CLONES
static void
scale (eight *restrict a, const eight *restrict b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        a[i] = 3.0 * b[i];
}

SKS_CLONES
static void
triad (eight *restrict a, const eight *restrict b, const eight *restrict c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        a[i] = b[i] + 3.0 * c[i];
}

/* Four sums, so that an addition does not wait for the one before. */
SKS_CLONES
static uint64_t
read_all (const eight *from, size_t count)
{
    sums sum[4] = { { 0 } };
    for (size_t i = 0; i + 4 <= count; i += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += (sums) from[i + k];
    sum[0] += sum[1] + sum[2] + sum[3];
    uint64_t all = 0;
    for (unsigned k = 0; k < 8; k++)
        all += sum[0][k];
    return all;
}

static void *
work (void *argument)
{
    struct part *part = argument;
    pthread_barrier_wait (part->barrier);
    double start = now ();
    for (size_t i = 0; i < part->rounds; i++) {
        if (part->kernel == COPY)
            copy (part->a, part->b, part->count);
        else if (part->kernel == SCALE)
            scale (part->a, part->b, part->count);
        else if (part->kernel == TRIAD)
            triad (part->a, part->b, part->c, part->count);
        else
            part->sum +=
                read_all (part->a, part->count) + read_all (part->b, part->count) + read_all (part->c, part->count);
    }
    part->seconds = now () - start;
    return NULL;
}

/* Seconds of the slowest thread in one try; below 0 if a thread does not start. */
static double
try_once (struct part *parts, size_t cores)
{
    pthread_t threads[MAX_CORES];
    for (size_t i = 1; i < cores; i++)
        if (pthread_create (&threads[i], NULL, work, &parts[i]))
            return -1;
    work (&parts[0]);
    double slowest = parts[0].seconds;
    for (size_t i = 1; i < cores; i++) {
        pthread_join (threads[i], NULL);
        slowest = parts[i].seconds > slowest ? parts[i].seconds : slowest;
    }
    return slowest;
}

/* Write the line of one size; -1 on failure. */
static int
measure (char *memory, size_t bytes, size_t cores)
{
    pthread_barrier_t barrier;
    struct part parts[MAX_CORES];
    size_t count = bytes / 3 / cores / sizeof (eight) / 4 * 4, each = count * sizeof (eight);
    pthread_barrier_init (&barrier, NULL, (unsigned) cores);
    printf ("{\"cores\":%zu,\"bytes\":%zu", cores, each * 3 * cores);
    for (enum kernel kernel = 0; kernel < KERNELS; kernel++) {
        size_t rounds = 1 + BYTES_PER_TRY / (each * arrays[kernel] * cores);
        double best = 0;
        for (size_t i = 0; i < cores; i++) {
            char *start = memory + 3 * each * i;
            parts[i] = (struct part) { .a = (void *) start,
                                       .b = (void *) (start + each),
                                       .c = (void *) (start + 2 * each),
                                       .count = count,
                                       .rounds = rounds,
                                       .kernel = kernel,
                                       .barrier = &barrier };
        }
        for (int i = 0; i < TRIES; i++) {
            double seconds = try_once (parts, cores);
            double rate = (double) (each * arrays[kernel] * cores * rounds) / seconds / 1e9;
            if (seconds < 0)
                return -1;
            best = rate > best ? rate : best;
        }
        printf (",\"%s_gb_s\":%.1f", names[kernel], best);
    }
    puts ("}");
    pthread_barrier_destroy (&barrier);
    return fflush (stdout);
}

int
main (int argc, char **argv)
{
    static const size_t sizes[] = { 1 * MIB, 12 * MIB, 256 * MIB, 3072 * MIB };
    size_t last = sizes[sizeof sizes / sizeof *sizes - 1];
    size_t cores = argc > 1 ? (size_t) atoi (argv[1]) : 2;
    char *memory = aligned_alloc (2 * MIB, last);
    int code = cores < 1 || cores > MAX_CORES || !memory ? -1 : 0;
    if (!code)
        memset (memory, 1, last);
    for (size_t i = 0; !code && i < sizeof sizes / sizeof *sizes; i++)
        for (size_t n = 1; !code && n <= cores; n++)
            code = measure (memory, sizes[i], n);
    free (memory);
    if (code)
        fputs ("bandwidth: needs 1 to 64 cores, and 3 GiB of memory\n", stderr);
    return code ? 1 : 0;
}
