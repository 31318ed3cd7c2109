/* places.h - where stems stand in their statements, and which of them stand
 * apart as the words of a phrase do.
 *
 * Beside a posting list a byte a posting tells how many words come before the
 * stem; so most of a phrase is decided without a look at the statements. The
 * bytes are read from the token stream when a phrase first asks for the stem. */
#ifndef SKS_PLACES_H
#define SKS_PLACES_H

#include "postings.h"

/* The place is not told: the stem stands there more than once, or behind more
 * words than a byte counts. */
#define SKS_PLACE_UNKNOWN 255

/* Write the places of a stem's postings, one byte each. */
void sks_places_read (const sks_generation *generation, uint32_t stem, const sks_postings *postings, uint8_t *out);

/* The places of a stem. Borrowed: valid as long as the generation is open. NULL
 * when there is no room for them. */
const uint8_t *sks_generation_places (sks_generation *generation, uint32_t stem, const sks_postings *postings);

/* A stem as a word of a phrase. */
typedef struct sks_step {
    const sks_postings *postings;
    const uint8_t *places;
    uint32_t word;  /* words of the phrase before it */
} sks_step;

/* The statements where the stems stand apart as their words do, and those where
 * that is not known; at least two steps, which are put in another order. False
 * when out of memory. */
bool sks_places_match (sks_step *steps, size_t count, uint32_t universe, sks_arena *arena, sks_set *known,
                       sks_set *unknown);

#endif
