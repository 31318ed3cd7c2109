/* places.c - finds the statements where a stem of a phrase has the right neighbour, or that contain all stems, then
 * compares positions. */
#include "places.h"

#include <endian.h>
#include <string.h>

static const sks_stem_place unknown_place = { SKS_PLACE_NONE, SKS_PLACE_NONE };
static const sks_stem_place in_compound = { SKS_PLACE_NONE, SKS_PLACE_COMPOUND };

/* Whether an entry is a joined form of the stem. */
static bool
joins_to (const sks_store *store, uint32_t entry, uint32_t stem)
{
    const sks_entry *row = &store->entry[entry];
    return row->word & SKS_ENTRY_JOINED && store->form[row->text].stem == stem;
}

/* Record an occurrence of the stem after `words` words. False if it cannot be stored. */
static bool
note (sks_stem_place *place, uint32_t words)
{
    if (words >= SKS_PLACE_NONE || place->second != SKS_PLACE_NONE)
        return false;
    *(place->first == SKS_PLACE_NONE ? &place->first : &place->second) = (uint8_t) words;
    return true;
}

/* Record a neighbour of the stem, at its first or second place. */
static void
note_neighbour (uint8_t *noted, const sks_stem_place *place, uint8_t neighbour)
{
    *noted = place->second != SKS_PLACE_NONE && *noted != neighbour ? SKS_NEIGHBOURS_DIFFER : neighbour;
}

/* Read the place of a stem in a statement, and its neighbours. */
static sks_stem_place
place_in (const sks_snapshot *snapshot, uint32_t stem, uint32_t statement, uint8_t *before, uint8_t *after)
{
    const sks_store *store = snapshot->store;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t words = 0;
    uint8_t latest = SKS_NO_STOP;
    bool after_stem = false;
    sks_stem_place place = unknown_place;
    while (at < end) {
        uint32_t entry = sks_token_next (&at), form = snapshot->form_of_entry[entry];
        uint32_t other = snapshot->stem_of_entry[entry];
        if (form == store->forms) {
            if (joins_to (store, entry, stem))
                return in_compound;
            continue;
        }
        uint8_t neighbour = other == SKS_NONE ? snapshot->stop_of_form[form] : sks_places_neighbour (other);
        if (after_stem)
            note_neighbour (after, &place, neighbour);
        after_stem = other == stem;
        if (after_stem && !note (&place, words))
            return unknown_place;
        if (after_stem)
            note_neighbour (before, &place, latest);
        latest = neighbour;
        words++;
    }
    if (after_stem)
        note_neighbour (after, &place, SKS_NO_STOP);
    return place;
}

size_t
sks_places_bytes (uint32_t count)
{
    return sizeof (sks_places) + count * (sizeof (sks_stem_place) + 2 * sizeof (uint8_t));
}

bool
sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings, sks_budget *budget,
                 sks_places *out)
{
    const sks_store *store = snapshot->store;
    uint32_t count = postings->count;
    sks_stem_place *at = (sks_stem_place *) (out + 1);
    uint8_t *before = (uint8_t *) (at + count), *after = before + count;
    *out = (sks_places) { at, before, after };
    for (uint32_t i = 0; i < count; i++) {
        if (sks_budget_spend (budget, sks_store_tokens (store, postings->statements[i])))
            return false;
        at[i] = place_in (snapshot, stem, postings->statements[i], &before[i], &after[i]);
        if (at[i].first == SKS_PLACE_NONE)
            before[i] = after[i] = SKS_NEIGHBOURS_DIFFER;
    }
    return true;
}

enum verdict { APART, TOGETHER, NOT_KNOWN };

/* Where a phrase may begin according to the stems compared so far; SKS_NONE before the first one. Positions are
 * offset by SKS_MAX_QUERY_WORDS, because a word may be too early to belong to the phrase. */
struct begin {
    uint32_t one, two;
};

/* Compare a neighbour with the stop word that it must be, if any. */
static inline __attribute__ ((always_inline)) enum verdict
compare_stop (uint8_t wanted, uint8_t neighbour)
{
    return !wanted || wanted == neighbour ? TOGETHER : neighbour == SKS_NEIGHBOURS_DIFFER ? NOT_KNOWN : APART;
}

/* Compare the stop words beside a stem. */
static inline __attribute__ ((always_inline)) enum verdict
compare_stops (const sks_step *step, uint32_t posting)
{
    if (!step->before && !step->after)
        return TOGETHER;
    enum verdict before = compare_stop (step->before, step->places->before[posting]);
    enum verdict after = compare_stop (step->after, step->places->after[posting]);
    return before == APART || after == APART ? APART : before == NOT_KNOWN ? NOT_KNOWN : after;
}

/* Compare one stem of the phrase with the previous ones. */
static inline __attribute__ ((always_inline)) enum verdict
compare_place (const sks_step *step, uint32_t posting, struct begin *begin)
{
    sks_stem_place place = step->places->at[posting];
    if (place.first == SKS_PLACE_NONE)
        return NOT_KNOWN;
    uint32_t one = place.first + SKS_MAX_QUERY_WORDS - step->word;
    uint32_t two = place.second == SKS_PLACE_NONE ? one : place.second + SKS_MAX_QUERY_WORDS - step->word;
    if (begin->one == SKS_NONE)
        *begin = (struct begin) { one, two };
    bool first = begin->one == one || begin->one == two, second = begin->two == one || begin->two == two;
    if (!first && !second)
        return APART;
    *begin = (struct begin) { first ? begin->one : begin->two, second ? begin->two : begin->one };
    return compare_stops (step, posting);
}

/* Neighbours that are compared at once. */
#define BLOCK 32

/* Statements that are compared together: their places are fetched while others are looked up. */
#define BATCH 64

/* Space for more: two blocks of neighbours, and what is written without a branch. */
#define FEW 4
#define ROOM (BATCH + 2 * BLOCK + FEW)

struct batch {
    uint32_t count, statements[ROOM];
    uint32_t *postings; /* ROOM for each stem: the one of the statement */
};

/* Compare all stems of a phrase in a statement of a batch. A compound that is a word of the phrase spans several words,
 * so the places of the other stems do not show whether they are adjacent. `compounds`: there may be one. */
static inline __attribute__ ((always_inline)) enum verdict
compare (const sks_step *steps, size_t count, bool compounds, const uint32_t *postings)
{
    struct begin begin = { SKS_NONE, SKS_NONE };
    enum verdict all = TOGETHER;
    for (size_t k = 0; k < count; k++) {
        uint32_t at = postings[k * ROOM];
        if (at == SKS_NONE)
            return APART;
        sks_stem_place place = steps[k].places->at[at];
        if (compounds && place.first == SKS_PLACE_NONE && place.second == SKS_PLACE_COMPOUND)
            return NOT_KNOWN;
        enum verdict one = all == APART ? APART : compare_place (&steps[k], at, &begin);
        if (one == APART && !compounds)
            return APART;
        all = one == TOGETHER ? all : one;
    }
    return all;
}

/* The statements that are found. */
struct matches {
    uint32_t *known, *unknown;
    uint32_t known_count, unknown_count;
};

static inline void
add_match (struct matches *out, uint32_t statement, enum verdict verdict)
{
    out->known[out->known_count] = out->unknown[out->unknown_count] = statement;
    out->known_count += verdict == TOGETHER;
    out->unknown_count += verdict == NOT_KNOWN;
}

static bool
make_room (struct matches *out, struct batch *batch, size_t stems, sks_arena *arena, uint32_t count)
{
    *out = (struct matches) { .known = sks_arena_room (arena, count + (size_t) 1, sizeof *out->known),
                              .unknown = sks_arena_room (arena, count + (size_t) 1, sizeof *out->unknown) };
    batch->count = 0;
    batch->postings = sks_arena_room (arena, stems, ROOM * sizeof *batch->postings);
    return out->known && out->unknown && batch->postings;
}

/* Compare the statements of a batch, and empty it. */
static inline __attribute__ ((always_inline)) void
end_batch (struct batch *batch, const sks_step *steps, size_t count, bool compounds, struct matches *out)
{
    for (size_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < batch->count; i++) {
            uint32_t at = batch->postings[k * ROOM + i] = sks_postings_find (steps[k].postings, batch->statements[i]);
            __builtin_prefetch (steps[k].places->at + (at == SKS_NONE ? 0 : at));
        }
    for (uint32_t i = 0; i < batch->count; i++)
        add_match (out, batch->statements[i], compare (steps, count, compounds, batch->postings + i));
    batch->count = 0;
}

/* ---------------------------------------------------------------- neighbours */

/* A neighbour that a stem must have. */
struct condition {
    const sks_step *step; /* NULL: there is none */
    const uint8_t *neighbours;
    uint8_t wanted;
    uint64_t cost;
};

/* Far more postings have a certain stop word beside them than a certain stem. */
#define STOP_COST 8

static void
offer_condition (struct condition *best, const sks_step *step, const uint8_t *neighbours, uint8_t wanted)
{
    uint64_t cost = step->postings->count * (uint64_t) (wanted <= SKS_MAX_STOP ? STOP_COST : 1);
    if (wanted != SKS_NO_STOP && (!best->step || cost < best->cost))
        *best = (struct condition) { step, neighbours, wanted, cost };
}

/* Find the condition that takes the fewest comparisons; none if some stem may be that of a compound, whose neighbours
 * are not recorded. */
static struct condition
find_condition (const sks_step *steps, size_t count)
{
    struct condition best = { .step = NULL };
    for (size_t k = 0; k < count; k++) {
        const sks_step *step = &steps[k];
        if (step->joined)
            return (struct condition) { .step = NULL };
        bool follows = k && step[-1].word + 1 == step->word;
        bool precedes = k + 1 < count && step->word + 1 == step[1].word;
        offer_condition (&best, step, step->places->before,
                         follows ? sks_places_neighbour (step[-1].stem) : step->before);
        offer_condition (&best, step, step->places->after,
                         precedes ? sks_places_neighbour (step[1].stem) : step->after);
    }
    return best;
}

typedef uint8_t neighbours __attribute__ ((vector_size (BLOCK)));
typedef uint64_t quarters __attribute__ ((vector_size (BLOCK)));

/* Which of the neighbours in a block are the wanted one or differ, one bit each. */
static inline __attribute__ ((always_inline)) uint32_t
find_wanted (const uint8_t *at, uint8_t wanted)
{
    neighbours block;
    memcpy (&block, at, sizeof block);
    quarters four = (quarters) ((block == wanted) | (block == SKS_NEIGHBOURS_DIFFER));
    uint32_t found = 0;
    /* The product collects the lowest bits of eight bytes in its highest byte. */
    for (unsigned i = 0; i < 4; i++)
        found |= (uint32_t) ((htole64 (four[i]) & UINT64_C (0x0101010101010101)) * UINT64_C (0x0102040810204080) >> 56)
                 << 8 * i;
    return found;
}

/* Add the statements of a block's postings that are found to a batch, which has space for them. Most blocks have few, so
 * as many are written without a branch. */
static inline __attribute__ ((always_inline)) void
add_block (struct batch *batch, const uint32_t *statements, uint32_t found)
{
    uint32_t *out = batch->statements + batch->count;
    batch->count += (uint32_t) __builtin_popcount (found);
    for (unsigned i = 0; i < FEW; i++, found &= found - 1)
        *out++ = statements[__builtin_ctz (found | UINT32_C (1) << (BLOCK - 1))];
    for (; found; found &= found - 1)
        *out++ = statements[__builtin_ctz (found)];
}

/* Compare the stems of a phrase in the statements where one of them has the right neighbour. */
SKS_CLONES
static void
match_neighbours (const sks_step *steps, size_t count, const struct condition *condition, struct batch *batch,
                  sks_budget *budget, struct matches *out)
{
    const sks_postings *postings = condition->step->postings;
    uint32_t i = 0;
    sks_budget_spend (budget, postings->count / BLOCK);
    for (; postings->count - i >= BLOCK; i += BLOCK) {
        if (batch->count > BATCH) {
            if (sks_budget_spend (budget, count * batch->count))
                return;
            end_batch (batch, steps, count, false, out);
        }
        add_block (batch, postings->statements + i, find_wanted (condition->neighbours + i, condition->wanted));
    }
    for (; i < postings->count; i++)
        if (condition->neighbours[i] == condition->wanted || condition->neighbours[i] == SKS_NEIGHBOURS_DIFFER)
            batch->statements[batch->count++] = postings->statements[i];
    end_batch (batch, steps, count, false, out);
}

/* ------------------------------------------------------------ all stems */

SKS_CLONES
static void
match_all (const sks_step *steps, size_t count, const sks_set *all, struct batch *batch, sks_budget *budget,
           struct matches *out)
{
    uint32_t statement;
    bool compounds = false;
    for (size_t k = 0; k < count; k++)
        compounds |= steps[k].joined;
    sks_set_walk walk = { all, 0 };
    while (!sks_budget_spend (budget, count) && sks_set_walk_next (&walk, &statement)) {
        batch->statements[batch->count++] = statement;
        if (batch->count == BATCH)
            end_batch (batch, steps, count, compounds, out);
    }
    end_batch (batch, steps, count, compounds, out);
}

bool
sks_places_match (const sks_step *steps, size_t count, const sks_store *store, sks_arena *arena, sks_budget *budget,
                  sks_set *known, sks_set *unknown)
{
    struct condition condition = find_condition (steps, count);
    sks_set *sets = sks_arena_room (arena, count, sizeof *sets), all;
    struct matches matches;
    struct batch batch;
    for (size_t k = 0; sets && k < count; k++)
        sets[k] = sks_postings_set (steps[k].postings, store);
    if (!sets || (!condition.step && !sks_set_and (&all, arena, sets, count)) ||
        !make_room (&matches, &batch, count, arena, condition.step ? condition.step->postings->count : all.count))
        return false;
    if (condition.step)
        match_neighbours (steps, count, &condition, &batch, budget, &matches);
    else
        match_all (steps, count, &all, &batch, budget, &matches);
    *known = sks_set_of_list (store->statements, matches.known, matches.known_count);
    *unknown = sks_set_of_list (store->statements, matches.unknown, matches.unknown_count);
    return true;
}
