/* places.h - the places of stems in their statements, and which of them form a phrase.
 *
 * In addition to a posting list, three bytes per posting record how many words precede the stem, and which words adjoin
 * it; a stem that occurs twice, as few do, has a row of eight bytes more. So most phrases are decided without reading the
 * statements, and without intersecting lists: the postings of one stem are searched for those with the right neighbour,
 * many at once. The bytes are read from the token stream when a phrase first needs the stem. */
#ifndef SKS_PLACES_H
#define SKS_PLACES_H

#include "core/base/budget.h"
#include "postings.h"

/* As first place of a row: unknown, because the stem occurs more than twice, or after more words than fit in a byte. As
 * second place: the stem occurs only once. */
#define SKS_PLACE_NONE 255

/* As second place if the first one is SKS_PLACE_NONE: the stem is that of the joined form of a compound in the
 * statement, which spans several words. */
#define SKS_PLACE_COMPOUND 0

/* The neighbour of a stem is SKS_NO_STOP where the statement begins or ends, the number of a stop word
 * (sks_snapshot.stop_of_form), or a number that stems share. */
#define SKS_NEIGHBOUR_STEMS (SKS_MAX_STOP + 1)

/* Instead of a neighbour: the two places have different ones (see the row), or the places are unknown. */
#define SKS_NEIGHBOURS_DIFFER 255

/* In the byte of a posting: it has a row. The other bits are the first place, SKS_PLACE_LATE if they have no space for
 * it, or if it is unknown. */
#define SKS_PLACE_ROW 0x80u
#define SKS_PLACE_LATE 0x7Fu

/* A posting whose stem occurs twice, late, or at unknown places. */
typedef struct sks_place_row {
    uint16_t posting;            /* the lower bits of its index */
    uint8_t first, second;       /* words before the stem */
    uint8_t before[2], after[2]; /* the neighbours at each place; SKS_NEIGHBOURS_DIFFER if the places are unknown */
} sks_place_row;

/* Postings whose rows are found together, and postings whose rows have numbers that differ. */
#define SKS_PLACES_GROUP 256
#define SKS_PLACES_BLOCK (UINT32_C (1) << 16)

typedef struct sks_places {
    const uint8_t *at;             /* by posting: words before the stem, and SKS_PLACE_ROW */
    const uint8_t *before, *after; /* by posting: neighbours */
    const uint32_t *starts;        /* by group, and one more: its first row */
    const sks_place_row *rows;     /* ascending by posting */
} sks_places;

/* The neighbour that a stem is. */
static inline uint8_t
sks_places_neighbour (uint32_t stem)
{
    return (uint8_t) (SKS_NEIGHBOUR_STEMS + stem % (SKS_NEIGHBOURS_DIFFER - SKS_NEIGHBOUR_STEMS));
}

/* The maximum size in bytes of the places of `count` postings: how many have rows is not known before. */
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
