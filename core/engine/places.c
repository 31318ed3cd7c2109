/* places.c - finds the statements that contain all stems of a phrase, then compares positions. */
#include "places.h"

#include <stdlib.h>

static const sks_stem_place unknown_place = { SKS_PLACE_NONE, SKS_PLACE_NONE, SKS_NO_STOP, SKS_NO_STOP };
static const sks_stem_place in_compound = { SKS_PLACE_NONE, SKS_PLACE_COMPOUND, SKS_NO_STOP, SKS_NO_STOP };

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

/* Record the word on one side of the stem, if it is a stop word. */
static void
note_stop (uint8_t *noted, uint8_t stop)
{
    if (stop != SKS_NO_STOP)
        *noted = *noted == SKS_NO_STOP || *noted == stop ? stop : SKS_TWO_STOPS;
}

static sks_stem_place
place_in (const sks_snapshot *snapshot, uint32_t stem, uint32_t statement)
{
    const sks_store *store = snapshot->store;
    const uint32_t *stem_of_entry = snapshot->stem_of_entry;
    const uint32_t *form_of_entry = snapshot->form_of_entry;
    const uint8_t *stop_of_form = snapshot->stop_of_form;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t words = 0;
    uint8_t latest = SKS_NO_STOP;
    bool after_stem = false;
    sks_stem_place place = unknown_place;
    while (at < end) {
        uint32_t entry = sks_token_next (&at), form = form_of_entry[entry];
        if (form == store->forms) {
            if (joins_to (store, entry, stem))
                return in_compound;
            continue;
        }
        if (after_stem)
            note_stop (&place.after, stop_of_form[form]);
        after_stem = stem_of_entry[entry] == stem;
        if (after_stem && !note (&place, words))
            return unknown_place;
        if (after_stem)
            note_stop (&place.before, latest);
        latest = stop_of_form[form];
        words++;
    }
    return place;
}

/* The two bytes of a place, or SKS_PLACE_BESIDE. */
static uint16_t
pack (sks_stem_place place)
{
    unsigned words = (1u << SKS_PLACE_BITS) - 1, stops = (1u << SKS_PLACE_STOP_BITS) - 1;
    if (place.first >= words || place.second != SKS_PLACE_NONE || place.before > stops || place.after > stops)
        return SKS_PLACE_BESIDE;
    return (uint16_t) (place.first | (unsigned) place.before << SKS_PLACE_BITS |
                       (unsigned) place.after << (SKS_PLACE_BITS + SKS_PLACE_STOP_BITS));
}

/* One block: head, postings and places of those that are kept beside, two bytes per posting. */
static size_t
bytes_of (size_t beside, size_t postings)
{
    return sizeof (sks_places) + beside * (sizeof (uint32_t) + sizeof (sks_stem_place)) + postings * sizeof (uint16_t);
}

size_t
sks_places_most_bytes (uint32_t postings)
{
    return bytes_of (postings, postings);
}

/* Make the block from the place of each posting. */
static sks_places *
pack_all (const sks_stem_place *place, uint32_t count, size_t *bytes)
{
    size_t beside = 0;
    for (uint32_t i = 0; i < count; i++)
        beside += pack (place[i]) == SKS_PLACE_BESIDE;
    sks_places *places = malloc (*bytes = bytes_of (beside, count));
    if (!places)
        return NULL;
    uint32_t *postings = (uint32_t *) (places + 1);
    sks_stem_place *others = (sks_stem_place *) (postings + beside);
    uint16_t *packed = (uint16_t *) (others + beside);
    *places = (sks_places) { 0, postings, others, packed };
    for (uint32_t i = 0; i < count; i++) {
        packed[i] = pack (place[i]);
        if (packed[i] != SKS_PLACE_BESIDE)
            continue;
        postings[places->count] = i;
        others[places->count++] = place[i];
    }
    return places;
}

sks_places *
sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings, sks_budget *budget,
                 size_t *bytes)
{
    const sks_store *store = snapshot->store;
    sks_stem_place *place = malloc ((postings->count + (size_t) 1) * sizeof *place);
    uint32_t i = 0;
    for (; place && i < postings->count; i++) {
        if (sks_budget_spend (budget, sks_store_tokens (store, postings->statements[i])))
            break;
        place[i] = place_in (snapshot, stem, postings->statements[i]);
    }
    sks_places *places = place && i == postings->count ? pack_all (place, i, bytes) : NULL;
    free (place);
    return places;
}

enum verdict { APART, TOGETHER, NOT_KNOWN };

/* Where a phrase may begin according to the stems compared so far; SKS_NONE before the first one. Positions are
 * offset by SKS_MAX_QUERY_WORDS, because a word may be too early to belong to the phrase. */
struct begin {
    uint32_t one, two;
};

/* Compare the stop words. If the stem occurs twice, it is not known which place the stop word adjoins. */
static inline __attribute__ ((always_inline)) enum verdict
compare_stops (const sks_step *step, sks_stem_place place)
{
    if (step->before && step->before != place.before && place.before != SKS_TWO_STOPS)
        return APART;
    if (step->after && step->after != place.after && place.after != SKS_TWO_STOPS)
        return APART;
    return place.second != SKS_PLACE_NONE && (step->before || step->after) ? NOT_KNOWN : TOGETHER;
}

/* Compare one stem of the phrase with the previous ones. */
static inline __attribute__ ((always_inline)) enum verdict
compare_place (const sks_step *step, sks_stem_place place, struct begin *begin)
{
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
    return compare_stops (step, place);
}

/* Compare all stems of a phrase; `from` has the cursors of their postings, then those of their places. A compound that is a word of the phrase spans several words, so the places of the
 * other stems do not show whether they are adjacent. `compounds`: there may be one. */
static inline __attribute__ ((always_inline)) enum verdict
compare (const sks_step *steps, size_t count, bool compounds, uint32_t statement, uint32_t *from)
{
    struct begin begin = { SKS_NONE, SKS_NONE };
    enum verdict all = TOGETHER;
    for (size_t k = 0; k < count; k++) {
        uint32_t at = sks_postings_find (steps[k].postings, statement, &from[k]);
        sks_stem_place place = sks_places_at (steps[k].places, at, &from[count + k]);
        if (compounds && place.first == SKS_PLACE_NONE && place.second == SKS_PLACE_COMPOUND)
            return NOT_KNOWN;
        enum verdict one = all == APART ? APART : compare_place (&steps[k], place, &begin);
        if (one == APART && !compounds)
            return APART;
        all = one == TOGETHER ? all : one;
    }
    return all;
}

SKS_CLONES
static void
match (const sks_step *steps, size_t count, const sks_set *all, uint32_t *from, sks_budget *budget, sks_set *known,
       sks_set *unknown, uint32_t *lists[2])
{
    uint32_t n_known = 0, n_unknown = 0, statement;
    bool compounds = false;
    for (size_t k = 0; k < count; k++)
        compounds |= steps[k].joined;
    sks_set_walk walk = { all, 0 };
    while (!sks_budget_spend (budget, count) && sks_set_walk_next (&walk, &statement)) {
        enum verdict verdict = compare (steps, count, compounds, statement, from);
        lists[0][n_known] = lists[1][n_unknown] = statement;
        n_known += verdict == TOGETHER;
        n_unknown += verdict == NOT_KNOWN;
    }
    *known = sks_set_of_list (all->universe, lists[0], n_known);
    *unknown = sks_set_of_list (all->universe, lists[1], n_unknown);
}

bool
sks_places_match (const sks_step *steps, size_t count, const sks_store *store, sks_arena *arena, sks_budget *budget,
                  sks_set *known, sks_set *unknown)
{
    sks_set *sets = sks_arena_room (arena, count, sizeof *sets), all;
    uint32_t *from = sks_arena_array (arena, 2 * count, sizeof *from), *lists[2] = { NULL, NULL };
    for (size_t k = 0; sets && k < count; k++)
        sets[k] = sks_postings_set (steps[k].postings, store);
    if (!sets || !from || !sks_set_and (&all, arena, sets, count))
        return false;
    for (int i = 0; i < 2; i++)
        if (!(lists[i] = sks_arena_room (arena, all.count + (size_t) 1, sizeof *lists[i])))
            return false;
    match (steps, count, &all, from, budget, known, unknown, lists);
    return true;
}
