/* places.h - the places of stems in their statements, and which of them form a phrase.
 *
 * Beside a posting list four bytes per posting say how many words come before the
 * stem, and which stop words adjoin it, as these have no postings. So most of a phrase is decided without reading the
 * statements. The bytes are read from the token stream when a phrase first needs the stem. */
#ifndef SKS_PLACES_H
#define SKS_PLACES_H

#include "core/base/budget.h"
#include "postings.h"

/* As first place: unknown, since the stem stands there more than twice, or
 * after more words than a byte counts. As second one: there is none. */
#define SKS_PLACE_NONE 255

/* As second place beside SKS_PLACE_NONE as the first one: the joined form of a compound
 * of the statement is of this stem. It takes several words. */
#define SKS_PLACE_COMPOUND 0

/* Instead of the number of a stop word: one stands beside the first place, and another
 * one beside the second. */
#define SKS_TWO_STOPS 255

/* One per posting. Records the stop word beside either place. */
typedef struct sks_stem_place {
    uint8_t first, second; /* words before the stem */
    uint8_t before, after; /* numbers of the stop words beside it: sks_snapshot.stop_of_form */
} sks_stem_place;

/* Write the places of a stem's postings; false when the budget was cut before all
 * of them were written. */
bool sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings, sks_budget *budget,
                      sks_stem_place *out);

/* A stem as a word of a phrase. */
typedef struct sks_step {
    const sks_postings *postings;
    const sks_stem_place *places;
    uint32_t word;         /* words of the phrase before it */
    uint8_t before, after; /* stop words of the phrase on either side of it, or SKS_NO_STOP */
    bool joined;           /* some place of it may be SKS_PLACE_COMPOUND */
} sks_step;

/* The statements where the stems stand as their words do, and those where that is
 * not known; at least one step. Sets of no use when the budget is cut. False when
 * out of memory. */
bool sks_places_match (const sks_step *steps, size_t count, const sks_store *store, sks_arena *arena,
                       sks_budget *budget, sks_set *known, sks_set *unknown);

#endif
