/* hash.c - XXH3, plain and with a random secret. */
#include "hash.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#ifdef __x86_64__
#include <xxh_x86dispatch.h> /* replaces the names of XXH3 by functions for AVX2 and AVX-512; the hashes are the same */
#endif

#define SECRET_BYTES 192 /* XXH3 requires at least 136; this is the size of its own secret */

static uint8_t secret[SECRET_BYTES];
static pthread_once_t drawn = PTHREAD_ONCE_INIT;

/* A kernel without getrandom, or one that has no entropy yet, gives fewer bytes than
 * asked for. Then values that differ between two runs are used instead; the table still works. */
static void
draw_secret (void)
{
    ssize_t got = getrandom (secret, sizeof secret, GRND_NONBLOCK);
    if (got == (ssize_t) sizeof secret)
        return;
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    uint64_t seed[4] = { (uint64_t) now.tv_nsec, (uint64_t) now.tv_sec, (uint64_t) getpid (), (uintptr_t) &now };
    for (size_t i = 0; i < sizeof secret; i += sizeof (uint64_t)) {
        seed[0] = XXH3_64bits_withSeed (seed, sizeof seed, i);
        memcpy (secret + i, &seed[0], sizeof seed[0]);
    }
}

uint64_t
sks_hash_bytes (const void *bytes, size_t size)
{
    return XXH3_64bits (bytes, size);
}

sks_hash *
sks_hash_begin (void)
{
    XXH3_state_t *state = XXH3_createState ();
    if (state)
        XXH3_64bits_reset (state);
    return (sks_hash *) state;
}

void
sks_hash_add (sks_hash *hash, const void *bytes, size_t size)
{
    XXH3_64bits_update ((XXH3_state_t *) hash, bytes, size);
}

uint64_t
sks_hash_end (sks_hash *hash)
{
    XXH3_state_t *state = (XXH3_state_t *) hash;
    uint64_t found = state ? XXH3_64bits_digest (state) : 0;
    XXH3_freeState (state);
    return found;
}

uint64_t
sks_hash_key (const void *bytes, size_t size)
{
    pthread_once (&drawn, draw_secret);
    return XXH3_64bits_withSecret (bytes, size, secret, sizeof secret);
}
