/* places.c - finds the statements where a stem of a phrase has the right neighbour, or that contain all stems, then
 * compares positions. */
#include "places.h"

#include "core/base/bisect.h"
#include "lanes.h"

#include <stdlib.h>
#include <string.h>

/* A row without a place. */
static sks_place_row
unknown_row (uint8_t second)
{
    const uint8_t none = SKS_NEIGHBOURS_DIFFER;
    return (sks_place_row) { 0, SKS_PLACE_NONE, second, { none, none }, { none, none } };
}

/* Whether an entry is a joined form of the stem. */
static bool
joins_to (const sks_store *store, uint32_t entry, uint32_t stem)
{
    const sks_entry *row = &store->entry[entry];
    return row->word & SKS_ENTRY_JOINED && store->form[row->text].stem == stem;
}

/* Record an occurrence of the stem after `words` words. False if it cannot be stored. */
static bool
note (sks_place_row *row, uint32_t words)
{
    if (words >= SKS_PLACE_NONE || row->second != SKS_PLACE_NONE)
        return false;
    *(row->first == SKS_PLACE_NONE ? &row->first : &row->second) = (uint8_t) words;
    return true;
}

/* Record a neighbour of the stem at its latest place; with one place, it is the neighbour at both. */
static void
note_neighbour (uint8_t noted[2], const sks_place_row *row, uint8_t neighbour)
{
    noted[1] = neighbour;
    if (row->second == SKS_PLACE_NONE)
        noted[0] = neighbour;
}

/* Read the places of a stem in a statement, and its neighbours. */
static sks_place_row
places_in (const sks_snapshot *snapshot, uint32_t stem, uint32_t statement)
{
    const sks_store *store = snapshot->store;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t words = 0;
    uint8_t latest = SKS_NO_STOP;
    bool after_stem = false;
    sks_place_row row = unknown_row (SKS_PLACE_NONE);
    while (at < end) {
        uint32_t entry = sks_token_next (&at), form = snapshot->form_of_entry[entry];
        uint32_t other = snapshot->stem_of_entry[entry];
        if (form == store->forms) {
            if (joins_to (store, entry, stem))
                return unknown_row (SKS_PLACE_COMPOUND);
            continue;
        }
        uint8_t neighbour = other == SKS_NONE ? snapshot->stop_of_form[form] : sks_places_neighbour (other);
        if (after_stem)
            note_neighbour (row.after, &row, neighbour);
        after_stem = other == stem;
        if (after_stem && !note (&row, words))
            return unknown_row (SKS_PLACE_NONE);
        if (after_stem)
            note_neighbour (row.before, &row, latest);
        latest = neighbour;
        words++;
    }
    if (after_stem)
        note_neighbour (row.after, &row, SKS_NO_STOP);
    return row;
}

/* ------------------------------------------------------------------ memory */

static uint32_t
groups_of (uint32_t count)
{
    return count / SKS_PLACES_GROUP + 1;
}

/* Half of the three bytes of each posting, rounded up, as numbers of 16 bits follow. */
static size_t
three_halves (uint32_t count)
{
    return (3 * (size_t) count + 1) / 2;
}

/* The bytes of the places of `count` postings, of which some have rows. */
static size_t
bytes_of (uint32_t count, uint32_t rows)
{
    return sizeof (sks_places) + (groups_of (count) + (size_t) 1) * sizeof (uint32_t) +
           sizeof (uint16_t) * three_halves (count) + rows * sizeof (sks_place_row);
}

size_t
sks_places_bytes (uint32_t count)
{
    return bytes_of (count, count);
}

static void
set_pointers (sks_places *places, uint32_t count)
{
    places->starts = (const void *) (places + 1);
    places->at = (const void *) (places->starts + groups_of (count) + 1);
    places->before = places->at + count;
    places->after = places->before + count;
    places->rows = (const void *) (places->at + sizeof (uint16_t) * three_halves (count));
}

size_t
sks_places_fit (sks_places **places_p, uint32_t count)
{
    size_t bytes = bytes_of (count, (*places_p)->starts[groups_of (count)]);
    sks_places *smaller = realloc (*places_p, bytes);
    if (!smaller)
        return sks_places_bytes (count);
    *places_p = smaller;
    set_pointers (smaller, count);
    return bytes;
}

bool
sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings, sks_budget *budget,
                 sks_places *out)
{
    const sks_store *store = snapshot->store;
    uint32_t count = postings->count, found = 0;
    set_pointers (out, count);
    uint32_t *starts = (uint32_t *) (out + 1);
    uint8_t *at = (uint8_t *) (starts + groups_of (count) + 1), *before = at + count, *after = before + count;
    sks_place_row *rows = (sks_place_row *) (uintptr_t) out->rows;
    sks_postings_run run = { 0 };
    for (uint32_t i = 0; i < count; i++) {
        uint32_t statement = sks_postings_statement (postings, store, &run, i);
        if (sks_budget_spend (budget, sks_store_tokens (store, statement)))
            return false;
        if (i % SKS_PLACES_GROUP == 0)
            starts[i / SKS_PLACES_GROUP] = found;
        sks_place_row row = places_in (snapshot, stem, statement);
        bool has_row = row.first >= SKS_PLACE_LATE || row.second != SKS_PLACE_NONE;
        at[i] = (uint8_t) ((row.first < SKS_PLACE_LATE ? row.first : SKS_PLACE_LATE) | (has_row ? SKS_PLACE_ROW : 0));
        before[i] = row.before[0] == row.before[1] ? row.before[0] : SKS_NEIGHBOURS_DIFFER;
        after[i] = row.after[0] == row.after[1] ? row.after[0] : SKS_NEIGHBOURS_DIFFER;
        row.posting = (uint16_t) i;
        if (has_row)
            rows[found++] = row;
    }
    for (uint32_t group = (count + SKS_PLACES_GROUP - 1) / SKS_PLACES_GROUP; group <= groups_of (count); group++)
        starts[group] = found;
    return true;
}

enum verdict { APART, TOGETHER, NOT_KNOWN };

/* Where a phrase may begin according to the stems compared so far; SKS_NONE before the first one. Positions are
 * offset by SKS_MAX_QUERY_WORDS, because a word may be too early to belong to the phrase. */
struct begin {
    uint32_t one, two;
};

/* The row of a posting; NULL if it has none. */
static inline const sks_place_row *
find_row (const sks_places *places, uint32_t posting)
{
    if (!(places->at[posting] & SKS_PLACE_ROW))
        return NULL;
    uint32_t low = places->starts[posting / SKS_PLACES_GROUP], high = places->starts[posting / SKS_PLACES_GROUP + 1];
    uint16_t wanted = (uint16_t) posting;
    SKS_BISECT (low, high, at, places->rows[at].posting < wanted)
    return &places->rows[low];
}

/* Whether neighbours are the stop words that they must be, if any. */
static inline bool
has_stops (const sks_step *step, uint8_t before, uint8_t after)
{
    return (!step->before || step->before == before) && (!step->after || step->after == after);
}

/* Set *one and *two to the places of a stem that have the right stop words beside them; both are equal if there is only
 * one. False if there is none. `row` is find_row's. */
static inline bool
keep_places (const sks_step *step, uint32_t posting, const sks_place_row *row, uint32_t *one, uint32_t *two)
{
    const sks_places *places = step->places;
    if (!row) {
        *one = *two = places->at[posting];
        return (!step->before && !step->after) || has_stops (step, places->before[posting], places->after[posting]);
    }
    bool first = has_stops (step, row->before[0], row->after[0]);
    bool second = row->second != SKS_PLACE_NONE && has_stops (step, row->before[1], row->after[1]);
    *one = first ? row->first : row->second;
    *two = second ? row->second : row->first;
    return first || second;
}

/* Compare one stem of the phrase with the previous ones. */
static inline __attribute__ ((always_inline)) enum verdict
compare_place (const sks_step *step, uint32_t posting, const sks_place_row *row, struct begin *begin)
{
    uint32_t one, two;
    if (row && row->first == SKS_PLACE_NONE)
        return NOT_KNOWN;
    if (!keep_places (step, posting, row, &one, &two))
        return APART;
    one += SKS_MAX_QUERY_WORDS - step->word;
    two += SKS_MAX_QUERY_WORDS - step->word;
    if (begin->one == SKS_NONE)
        *begin = (struct begin) { one, two };
    bool first = begin->one == one || begin->one == two, second = begin->two == one || begin->two == two;
    if (!first && !second)
        return APART;
    *begin = (struct begin) { first ? begin->one : begin->two, second ? begin->two : begin->one };
    return TOGETHER;
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
    uint32_t *postings;   /* ROOM for each stem: the one of the statement */
    size_t known;         /* the stem whose postings are known, but not the statements; SIZE_MAX: it is the reverse */
    sks_postings_run run; /* of these postings */
    const sks_store *store;
};

/* Compare the first places of all stems of a phrase in a statement of a batch, which most often decides it. */
static inline __attribute__ ((always_inline)) enum verdict
compare_first (const sks_step *steps, size_t count, const uint32_t *postings)
{
    uint32_t begin = 0;
    uint8_t rows = 0;
    bool together = true;
    for (size_t k = 0; k < count; k++) {
        uint32_t at = postings[k * ROOM];
        if (at == SKS_NONE)
            return APART;
        const sks_places *places = steps[k].places;
        uint32_t place = places->at[at], first = (place & SKS_PLACE_LATE) + SKS_MAX_QUERY_WORDS - steps[k].word;
        begin = k ? begin : first;
        rows |= (uint8_t) place;
        together &= begin == first && place != (SKS_PLACE_ROW | SKS_PLACE_LATE);
        if (steps[k].before || steps[k].after)
            together &= has_stops (&steps[k], places->before[at], places->after[at]);
    }
    return together ? TOGETHER : rows & SKS_PLACE_ROW ? NOT_KNOWN : APART;
}

/* Compare all stems of a phrase in a statement of a batch. A compound that is a word of the phrase spans several words,
 * so the places of the other stems do not show whether they are adjacent. `compounds`: there may be one. */
static inline __attribute__ ((always_inline)) enum verdict
compare (const sks_step *steps, size_t count, bool compounds, const uint32_t *postings)
{
    struct begin begin = { SKS_NONE, SKS_NONE };
    enum verdict all = compounds ? NOT_KNOWN : compare_first (steps, count, postings);
    if (all != NOT_KNOWN)
        return all;
    all = TOGETHER;
    for (size_t k = 0; k < count; k++) {
        uint32_t at = postings[k * ROOM];
        if (at == SKS_NONE)
            return APART;
        const sks_place_row *row = find_row (steps[k].places, at);
        if (compounds && row && row->first == SKS_PLACE_NONE && row->second == SKS_PLACE_COMPOUND)
            return NOT_KNOWN;
        enum verdict one = all == APART ? APART : compare_place (&steps[k], at, row, &begin);
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
    batch->run = (sks_postings_run) { 0 };
    *out = (struct matches) { .known = sks_arena_room (arena, count + (size_t) 1, sizeof *out->known),
                              .unknown = sks_arena_room (arena, count + (size_t) 1, sizeof *out->unknown) };
    batch->count = 0;
    batch->postings = sks_arena_room (arena, stems, ROOM * sizeof *batch->postings);
    return out->known && out->unknown && batch->postings;
}

/* Find the postings of a batch's statements. What is read of one is fetched while others are looked up. */
static inline __attribute__ ((always_inline)) void
find_postings (struct batch *batch, const sks_step *steps, size_t count)
{
    uint32_t *known = batch->postings + (batch->known < count ? batch->known : 0) * ROOM;
    for (uint32_t i = 0; batch->known < count && i < batch->count; i++) {
        batch->statements[i] =
            sks_postings_statement (steps[batch->known].postings, batch->store, &batch->run, known[i]);
        __builtin_prefetch (steps[batch->known].places->at + known[i]);
    }
    for (size_t k = 0; k < count; k++)
        for (uint32_t i = 0; k != batch->known && i < batch->count; i++) {
            uint32_t at = batch->postings[k * ROOM + i] = sks_postings_find (steps[k].postings, batch->statements[i]);
            __builtin_prefetch (steps[k].places->at + (at == SKS_NONE ? 0 : at));
        }
}

/* Fetch the rows of a batch's postings, when their places have arrived: most of a phrase's doubtful statements have one. */
static inline __attribute__ ((always_inline)) void
fetch_rows (const struct batch *batch, const sks_step *steps, size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < batch->count; i++) {
            uint32_t at = batch->postings[k * ROOM + i], posting = at == SKS_NONE ? 0 : at;
            const sks_places *places = steps[k].places;
            const sks_place_row *row = places->rows + places->starts[posting / SKS_PLACES_GROUP];
            __builtin_prefetch (places->at[posting] & SKS_PLACE_ROW ? (const void *) row : places->at + posting);
        }
}

/* Compare the statements of a batch, and empty it. */
static inline __attribute__ ((always_inline)) void
end_batch (struct batch *batch, const sks_step *steps, size_t count, bool compounds, struct matches *out)
{
    find_postings (batch, steps, count);
    fetch_rows (batch, steps, count);
    for (uint32_t i = 0; i < batch->count; i++)
        add_match (out, batch->statements[i], compare (steps, count, compounds, batch->postings + i));
    batch->count = 0;
}

/* ---------------------------------------------------------------- neighbours */

/* A neighbour that a stem must have. */
struct condition {
    const sks_step *step; /* NULL: there is none */
    bool after;           /* the neighbour after it, not the one before */
    uint8_t wanted;
    uint64_t cost;
};

/* Far more postings have a certain stop word beside them than a certain stem. */
#define STOP_COST 8

static void
offer_condition (struct condition *best, const sks_step *step, bool after, uint8_t wanted)
{
    uint64_t cost = step->postings->count * (uint64_t) (wanted <= SKS_MAX_STOP ? STOP_COST : 1);
    if (wanted != SKS_NO_STOP && (!best->step || cost < best->cost))
        *best = (struct condition) { step, after, wanted, cost };
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
        offer_condition (&best, step, false, follows ? sks_places_neighbour (step[-1].stem) : step->before);
        offer_condition (&best, step, true, precedes ? sks_places_neighbour (step[1].stem) : step->after);
    }
    return best;
}

typedef uint8_t neighbours __attribute__ ((vector_size (BLOCK)));
typedef uint64_t quarters __attribute__ ((vector_size (BLOCK)));

/* Which of the neighbours in a block are the wanted one, one bit each. */
static inline __attribute__ ((always_inline)) uint32_t
find_wanted (const uint8_t *at, uint8_t wanted)
{
    neighbours block;
    memcpy (&block, at, sizeof block);
    quarters four = (quarters) (block == wanted);
    uint32_t found = 0;
    for (unsigned i = 0; i < 4; i++)
        found |= sks_lanes_bits (four[i]) << 8 * i;
    return found;
}

/* Add the postings of a block that are found to a batch, which has space for them. Most blocks have few, so as many are
 * written without a branch. */
static inline __attribute__ ((always_inline)) void
add_block (struct batch *batch, uint32_t first, uint32_t found)
{
    uint32_t *out = batch->postings + batch->known * ROOM + batch->count;
    batch->count += (uint32_t) __builtin_popcount (found);
    for (unsigned i = 0; i < FEW; i++, found &= found - 1)
        *out++ = first + (uint32_t) __builtin_ctz (found | UINT32_C (1) << (BLOCK - 1));
    for (; found; found &= found - 1)
        *out++ = first + (uint32_t) __builtin_ctz (found);
}

#define GROUPS_OF_BLOCK (SKS_PLACES_BLOCK / SKS_PLACES_GROUP)

/* List the postings with rows of which a neighbour is the wanted one or unknown; UINT32_MAX ends the list. */
static uint32_t *
list_rows (const struct condition *condition, sks_arena *arena)
{
    const sks_places *places = condition->step->places;
    uint32_t groups = groups_of (condition->step->postings->count), i = 0, count = 0;
    uint32_t *out = sks_arena_room (arena, places->starts[groups] + (size_t) 1, sizeof *out);
    for (uint32_t group = 0, end; out && group < groups; group = end) {
        end = groups - group < GROUPS_OF_BLOCK ? groups : group + GROUPS_OF_BLOCK;
        for (; i < places->starts[end]; i++) {
            const sks_place_row *row = &places->rows[i];
            const uint8_t *at = condition->after ? row->after : row->before;
            out[count] = group * SKS_PLACES_GROUP + row->posting;
            count += (at[0] == condition->wanted) | (at[1] == condition->wanted) | (at[0] == SKS_NEIGHBOURS_DIFFER);
        }
    }
    if (out)
        out[count] = UINT32_MAX;
    return out;
}

/* Compare the stems of a phrase in the statements where one of them has the right neighbour. */
SKS_CLONES
static void
match_neighbours (const sks_step *steps, size_t count, const struct condition *condition, const uint32_t *listed,
                  struct batch *batch, sks_budget *budget, struct matches *out)
{
    const sks_step *step = condition->step;
    const uint8_t *beside = condition->after ? step->places->after : step->places->before;
    uint32_t i = 0, all = step->postings->count;
    batch->known = (size_t) (step - steps);
    sks_budget_spend (budget, all / BLOCK);
    for (; all - i >= BLOCK; i += BLOCK) {
        if (batch->count > BATCH) {
            if (sks_budget_spend (budget, count * batch->count))
                return;
            end_batch (batch, steps, count, false, out);
        }
        uint32_t found = find_wanted (beside + i, condition->wanted);
        for (; *listed < i + BLOCK; listed++)
            found |= UINT32_C (1) << (*listed - i);
        add_block (batch, i, found);
    }
    for (; i < all; i++) {
        bool has_row = i == *listed;
        listed += has_row;
        if (has_row || beside[i] == condition->wanted)
            batch->postings[batch->known * ROOM + batch->count++] = i;
    }
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
    batch->known = SIZE_MAX;
    for (size_t k = 0; k < count; k++)
        compounds |= steps[k].joined;
    sks_set_walk walk = { .set = all };
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
    uint32_t *listed = condition.step ? list_rows (&condition, arena) : NULL;
    struct matches matches;
    struct batch batch;
    batch.store = store;
    for (size_t k = 0; sets && k < count; k++)
        sets[k] = sks_postings_set (steps[k].postings, store);
    if (!sets || (condition.step && !listed) || (!condition.step && !sks_set_and (&all, arena, sets, count)) ||
        !make_room (&matches, &batch, count, arena, condition.step ? condition.step->postings->count : all.count))
        return false;
    if (condition.step)
        match_neighbours (steps, count, &condition, listed, &batch, budget, &matches);
    else
        match_all (steps, count, &all, &batch, budget, &matches);
    *known = sks_set_of_list (store->statements, matches.known, matches.known_count);
    *unknown = sks_set_of_list (store->statements, matches.unknown, matches.unknown_count);
    return true;
}
