/* places.h - the places of stems in their statements, and which of them form a phrase.
 *
 * In addition to a posting list, two bytes per posting record how many words precede the stem, and which stop
 * words adjoin it, because stop words have no postings. So most phrases are decided without reading the statements.
 * The bytes are made from the token stream (cache.h says when). Places that do not fit in two bytes are kept beside
 * them: those of a stem that occurs twice, after many words, or beside a rare stop word. */
#ifndef SKS_PLACES_H
#define SKS_PLACES_H

#include "core/base/budget.h"
#include "postings.h"

/* As first place: unknown, because the stem occurs more than twice, or after more words than fit in a byte. As
 * second place: the stem occurs only once. */
#define SKS_PLACE_NONE 255

/* As second place if the first one is SKS_PLACE_NONE: the stem is that of the joined form of a compound in the
 * statement, which spans several words. */
#define SKS_PLACE_COMPOUND 0

/* Instead of the number of a stop word: the two places have different stop words beside them. */
#define SKS_TWO_STOPS 255

/* One per posting. before and after are the stop words beside either place. */
typedef struct sks_stem_place {
    uint8_t first, second; /* words before the stem */
    uint8_t before, after; /* numbers of the stop words beside it: sks_snapshot.stop_of_form */
} sks_stem_place;

/* The places of a stem, by posting. The members are for sks_places_at. */
typedef struct sks_places {
    uint32_t count;              /* of those that are kept beside the others */
    const uint32_t *postings;    /* their postings, ascending */
    const sks_stem_place *place; /* and they themselves */
    const uint16_t *packed;      /* by posting; all others */
} sks_places;

/* The bits of a place in two bytes. */
#define SKS_PLACE_BITS 6
#define SKS_PLACE_STOP_BITS 5
#define SKS_PLACE_BESIDE UINT16_MAX /* it is kept beside them */

/* The place of a posting. The search among those beside starts at *from (0 at first), which is advanced: postings must
 * ascend from call to call. */
static inline sks_stem_place
sks_places_at (const sks_places *places, uint32_t posting, uint32_t *from)
{
    unsigned packed = places->packed[posting], stops = (1u << SKS_PLACE_STOP_BITS) - 1;
    if (__builtin_expect (packed == SKS_PLACE_BESIDE, 0)) {
        *from = sks_set_list_find (places->postings, places->count, *from, posting);
        return places->place[*from];
    }
    return (sks_stem_place) { (uint8_t) (packed & ((1u << SKS_PLACE_BITS) - 1)), SKS_PLACE_NONE,
                              (uint8_t) (packed >> SKS_PLACE_BITS & stops),
                              (uint8_t) (packed >> (SKS_PLACE_BITS + SKS_PLACE_STOP_BITS)) };
}

/* Read the places of a stem's postings. Caller owns the result; free with free(). NULL when out of memory, or if the
 * budget was cut.
 *   *bytes   receives its size. */
sks_places *sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings,
                             sks_budget *budget, size_t *bytes);

/* The maximum size in bytes of the places of this number of postings. */
size_t sks_places_most_bytes (uint32_t postings);

/* A stem as a word of a phrase. */
typedef struct sks_step {
    const sks_postings *postings;
    const sks_places *places;
    uint32_t word;         /* words of the phrase before it */
    uint8_t before, after; /* stop words of the phrase on either side of it, or SKS_NO_STOP */
    bool joined;           /* whether some of its places may be SKS_PLACE_COMPOUND */
} sks_step;

/* The statements where the stems have the positions of their words, and those where that is unknown; count is at
 * least 1. The sets are useless if the budget is cut. False when out of memory. */
bool sks_places_match (const sks_step *steps, size_t count, const sks_store *store, sks_arena *arena,
                       sks_budget *budget, sks_set *known, sks_set *unknown);

#endif
