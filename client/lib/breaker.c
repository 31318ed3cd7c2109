/* breaker.c - a table of atomic words by the hash of an endpoint's text. A word has the end of the pause in the
 * milliseconds of the monotonic clock, how often it was prolonged, and bits of the hash; 0 is no pause. A second table
 * has the time of the last answer, with the same bits. */
#include "breaker.h"

#include <stdatomic.h>

#define PLACES 256 /* a power of two */
#define PAUSE_MS 1000
#define MOST_DOUBLINGS 3
#define TIME_BITS 40 /* 34 years */
#define DOUBLING_BITS 4
#define TIME_MASK ((UINT64_C (1) << TIME_BITS) - 1)
#define DOUBLING_MASK ((UINT64_C (1) << DOUBLING_BITS) - 1)

static _Atomic uint64_t table[PLACES], answers[PLACES];

struct entry {
    _Atomic uint64_t *place, *answer;
    uint64_t tag;  /* bits of the hash, where a word has them */
    uint64_t word; /* as read; 0: none of this endpoint */
};

/* FNV-1a. */
static uint64_t
hash_text (const char *text)
{
    uint64_t hash = UINT64_C (14695981039346656037);
    for (; *text; text++)
        hash = (hash ^ (unsigned char) *text) * UINT64_C (1099511628211);
    return hash;
}

static struct entry
find (const sks_endpoint *endpoint)
{
    uint64_t hash = hash_text (endpoint->text);
    uint64_t tag = hash >> (TIME_BITS + DOUBLING_BITS) << (TIME_BITS + DOUBLING_BITS);
    struct entry entry = { &table[hash % PLACES], &answers[hash % PLACES], tag, 0 };
    uint64_t word = atomic_load_explicit (entry.place, memory_order_relaxed);
    if (word >> (TIME_BITS + DOUBLING_BITS) == entry.tag >> (TIME_BITS + DOUBLING_BITS))
        entry.word = word;
    return entry;
}

static uint64_t
now_ms (void)
{
    return (uint64_t) sks_deadline_after (0) & TIME_MASK;
}

/* Replace the word of an entry. False if another thread was first. */
static bool
pause (const struct entry *entry, uint64_t expected, uint64_t doublings)
{
    uint64_t until = (now_ms () + ((uint64_t) PAUSE_MS << doublings)) & TIME_MASK;
    uint64_t word = entry->tag | doublings << TIME_BITS | until;
    return atomic_compare_exchange_strong_explicit (entry->place, &expected, word, memory_order_relaxed,
                                                    memory_order_relaxed);
}

bool
sks_breaker_admits (const sks_endpoint *endpoint)
{
    struct entry entry = find (endpoint);
    if (!entry.word)
        return true;
    if (now_ms () < (entry.word & TIME_MASK))
        return false;
    /* The caller tries it. Until its result is known, or the next pause is over, nobody else does. */
    uint64_t doublings = entry.word >> TIME_BITS & DOUBLING_MASK;
    return pause (&entry, entry.word, doublings < MOST_DOUBLINGS ? doublings + 1 : doublings);
}

bool
sks_breaker_is_open (const sks_endpoint *endpoint)
{
    return find (endpoint).word != 0;
}

void
sks_breaker_trip (const sks_endpoint *endpoint)
{
    struct entry entry = find (endpoint);
    if (!entry.word)
        pause (&entry, atomic_load_explicit (entry.place, memory_order_relaxed), 0);
}

void
sks_breaker_trip_silent (const sks_endpoint *endpoint, sks_deadline since)
{
    struct entry entry = find (endpoint);
    uint64_t answer = atomic_load_explicit (entry.answer, memory_order_relaxed);
    bool known = answer >> (TIME_BITS + DOUBLING_BITS) == entry.tag >> (TIME_BITS + DOUBLING_BITS);
    if (!known || (answer & TIME_MASK) < ((uint64_t) since & TIME_MASK))
        sks_breaker_trip (endpoint);
}

void
sks_breaker_reset (const sks_endpoint *endpoint)
{
    struct entry entry = find (endpoint);
    atomic_store_explicit (entry.answer, entry.tag | now_ms (), memory_order_relaxed);
    if (entry.word)
        atomic_compare_exchange_strong_explicit (entry.place, &entry.word, 0, memory_order_relaxed,
                                                 memory_order_relaxed);
}
