/* places.c - the rarest list is walked, the others are asked. */
#include "places.h"

#include "generation_parts.h"

#include <stdlib.h>

static uint8_t
place_in (const sks_generation *generation, uint32_t stem, uint32_t statement)
{
    const sks_store *store = sks_generation_store (generation);
    const uint32_t *stem_of_entry = sks_generation_stem_of_entry (generation);
    const uint32_t *form_of_entry = sks_generation_form_of_entry (generation);
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t before = 0, place = SKS_PLACE_UNKNOWN;
    while (at < end) {
        uint32_t entry = sks_token_next (&at);
        if (stem_of_entry[entry] == stem) {
            if (place != SKS_PLACE_UNKNOWN || before >= SKS_PLACE_UNKNOWN)
                return SKS_PLACE_UNKNOWN;
            place = before;
        }
        before += form_of_entry[entry] != store->forms;
    }
    return (uint8_t) place;
}

void
sks_places_read (const sks_generation *generation, uint32_t stem, const sks_postings *postings, uint8_t *out)
{
    for (uint32_t i = 0; i < postings->count; i++)
        out[i] = place_in (generation, stem, postings->statements[i]);
}

/* The posting of a statement, SKS_NONE when there is none; from is the first one
 * that it may be, and moves on. */
static inline uint32_t
find (const sks_postings *p, uint32_t statement, uint32_t *from)
{
    if (p->bits) {
        uint64_t word = p->bits[statement / 64], bit = (uint64_t) 1 << statement % 64;
        return word & bit ? p->before[statement / 64] + (uint32_t) __builtin_popcountll (word & (bit - 1)) : SKS_NONE;
    }
    *from = sks_list_find (p->statements, p->count, *from, statement);
    return *from < p->count && p->statements[*from] == statement ? *from : SKS_NONE;
}

enum { APART, TOGETHER, NOT_KNOWN };

/* Where the phrase would begin, by one of its places; counted from before the
 * first word, as a word may stand too early to belong to it. */
static inline int
compare_place (uint32_t place, uint32_t word, uint32_t *begin, int so_far)
{
    if (place == SKS_PLACE_UNKNOWN)
        return NOT_KNOWN;
    uint32_t its = place + SKS_MAX_QUERY_WORDS - word;
    if (*begin != SKS_NONE && *begin != its)
        return APART;
    *begin = its;
    return so_far;
}

SKS_WITH_POPCOUNT
static void
match (const sks_step *steps, size_t count, uint32_t *from, uint32_t *known, uint32_t *unknown)
{
    const sks_postings *rarest = steps[0].postings;
    uint32_t n_known = 0, n_unknown = 0;
    for (uint32_t i = 0; i < rarest->count; i++) {
        uint32_t statement = rarest->statements[i], begin = SKS_NONE;
        int verdict = TOGETHER;
        for (size_t k = 0; k < count && verdict != APART; k++) {
            uint32_t at = k ? find (steps[k].postings, statement, &from[k]) : i;
            verdict = at == SKS_NONE ? APART
                                     : compare_place (steps[k].places[at], steps[k].word, &begin, verdict);
        }
        known[n_known] = unknown[n_unknown] = statement;
        n_known += verdict == TOGETHER;
        n_unknown += verdict == NOT_KNOWN;
    }
    from[0] = n_known;
    from[1] = n_unknown;
}

static int
rarest_first (const void *left, const void *right)
{
    const sks_step *a = left, *b = right;
    return (a->postings->count > b->postings->count) - (a->postings->count < b->postings->count);
}

bool
sks_places_match (sks_step *steps, size_t count, uint32_t universe, sks_arena *arena, sks_set *known,
                  sks_set *unknown)
{
    qsort (steps, count, sizeof *steps, rarest_first);
    size_t most = steps[0].postings->count + (size_t) 1;
    uint32_t *from = sks_arena_array (arena, count, sizeof *from);
    uint32_t *one = sks_arena_array (arena, most, sizeof *one), *two = sks_arena_array (arena, most, sizeof *two);
    if (!from || !one || !two)
        return false;
    match (steps, count, from, one, two);
    *known = sks_set_of_list (universe, one, from[0]);
    *unknown = sks_set_of_list (universe, two, from[1]);
    return true;
}
