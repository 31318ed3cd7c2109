/* fuzz_replay.c - runs a fuzz target, built with any compiler, on kept inputs and on random inputs.
 *
 * usage: test-replay TARGET [-COUNT[:SEED]] FILE...
 * -COUNT makes COUNT random inputs from SEED (default 1), and prints the number of the input that crashes the
 * program. */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The Makefile gives the function of each target the name of its file, as all are in one program. Weak, because one
 * target is only built with the gateway. */
#define TARGETS(X)                                                                                                     \
    X (body)                                                                                                           \
    X (csv)                                                                                                            \
    X (encoder)                                                                                                        \
    X (export)                                                                                                         \
    X (html)                                                                                                           \
    X (index)                                                                                                          \
    X (near)                                                                                                           \
    X (network)                                                                                                        \
    X (parameters)                                                                                                     \
    X (query)                                                                                                          \
    X (request)                                                                                                        \
    X (text)                                                                                                           \
    X (vectors)
#define DECLARE(name) __attribute__ ((weak)) int fuzz_##name (const uint8_t *data, size_t size);
TARGETS (DECLARE)
#undef DECLARE

#define MOST_BYTES (1 << 20)
#define CHANCE_BYTES 48 /* of a random input */
#define MOST_SECONDS 60 /* for one input; more means an endless loop */

/* xorshift64*, by Sebastiano Vigna. */
static uint64_t
next_number (uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C (2685821657736338717);
}

static uint64_t
make_input (uint8_t bytes[CHANCE_BYTES], uint64_t seed, size_t *size)
{
    uint64_t state = seed * UINT64_C (0x9E3779B97F4A7C15) | 1;
    next_number (&state);
    for (size_t i = 0; i < CHANCE_BYTES; i++)
        bytes[i] = (uint8_t) (next_number (&state) >> 56);
    *size = (next_number (&state) >> 60) % 4 * 12 + 12;
    return seed;
}

static int (*run_target) (const uint8_t *, size_t);
static uint64_t at_work;

static bool
find_target (const char *name)
{
#define FIND(target)                                                                                                   \
    if (strcmp (name, #target) == 0)                                                                                   \
        run_target = fuzz_##target;
    TARGETS (FIND)
#undef FIND
    return run_target != NULL;
}

static void
name_input (void)
{
    fprintf (stderr, "input of seed %llu\n", (unsigned long long) at_work);
}

static void
stop_loop (int number)
{
    (void) number;
    name_input ();
    abort ();
}

#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_set_death_callback (void (*callback) (void));
#endif

static int
replay_chance (const char *option)
{
    char *rest;
    uint8_t bytes[CHANCE_BYTES];
    size_t size;
    unsigned long long count = strtoull (option + 1, &rest, 10),
                       seed = *rest == ':' ? strtoull (rest + 1, NULL, 10) : 1;
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_death_callback (name_input);
#endif
    signal (SIGALRM, stop_loop);
    for (unsigned long long i = 0; i < count; i++) {
        at_work = make_input (bytes, seed + i, &size);
        alarm (MOST_SECONDS);
        run_target (bytes, size);
    }
    alarm (0);
    printf ("%llu inputs made by chance from seed %llu\n", count, seed);
    return 0;
}

static int
replay_file (const char *path, uint8_t *bytes)
{
    FILE *file = fopen (path, "rb");
    if (!file) {
        perror (path);
        return 1;
    }
    size_t size = fread (bytes, 1, MOST_BYTES, file);
    fclose (file);
    run_target (bytes, size);
    return 0;
}

int
main (int argc, char **argv)
{
    if (argc < 2 || !find_target (argv[1])) {
        fprintf (stderr, "test-replay: no target %s\n", argc < 2 ? "is named" : argv[1]);
        return 2;
    }
    uint8_t *bytes = malloc (MOST_BYTES);
    int replayed = 0, code = !bytes;
    for (int i = 2; !code && i < argc; i++) {
        code = argv[i][0] == '-' ? replay_chance (argv[i]) : replay_file (argv[i], bytes);
        replayed += argv[i][0] != '-';
    }
    free (bytes);
    printf ("%d inputs replayed\n", replayed);
    return code;
}
