/* places.h - the places of stems in their statements, and which of them form a phrase.
 *
 * In addition to a posting list, four bytes per posting record how many words precede the stem, and which words adjoin
 * it; eight more record the words beside two places where these differ, which few postings have. So most phrases are decided without reading the statements, and without intersecting lists: the postings of one
 * stem are searched for those with the right neighbour, many at once. The bytes are read from the token stream when a
 * phrase first needs the stem. */
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

/* The neighbour of a stem is SKS_NO_STOP where the statement begins or ends, the number of a stop word
 * (sks_snapshot.stop_of_form), or a number that stems share. */
#define SKS_NEIGHBOUR_STEMS (SKS_MAX_STOP + 1)

/* Instead of a neighbour: the two places have different ones (sks_places.differing), or the places are unknown. */
#define SKS_NEIGHBOURS_DIFFER 255

typedef struct sks_stem_place {
    uint8_t first, second; /* words before the stem */
} sks_stem_place;

/* The neighbours of a posting at its two places; SKS_NEIGHBOURS_DIFFER if the places are unknown. */
typedef struct sks_beside {
    uint32_t posting;
    uint8_t before[2], after[2];
} sks_beside;

/* One of each per posting, except `differing`. */
typedef struct sks_places {
    const sks_stem_place *at;
    const uint8_t *before, *after; /* neighbours */
    const sks_beside *differing;   /* the postings with SKS_NEIGHBOURS_DIFFER, ascending */
    uint32_t differing_count;
} sks_places;

/* The neighbour that a stem is. */
static inline uint8_t
sks_places_neighbour (uint32_t stem)
{
    return (uint8_t) (SKS_NEIGHBOUR_STEMS + stem % (SKS_NEIGHBOURS_DIFFER - SKS_NEIGHBOUR_STEMS));
}

/* The maximum size in bytes of the places of `count` postings: how many have different neighbours is not known
 * before. */
size_t sks_places_bytes (uint32_t count);

/* Write the places of a stem's postings into `out`, which has sks_places_bytes; false if the budget was cut before all
 * were written. */
bool sks_places_read (const sks_snapshot *snapshot, uint32_t stem, const sks_postings *postings, sks_budget *budget,
                      sks_places *out);

/* Release the part of the memory that the places of `count` postings do not use: they were allocated by malloc, and may
 * move. Returns their size in bytes. */
size_t sks_places_fit (sks_places **places_p, uint32_t count);

/* A stem as a word of a phrase. */
typedef struct sks_step {
    uint32_t stem;
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
