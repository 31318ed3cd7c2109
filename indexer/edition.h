/* edition.h - what the exports of one edition of a framework have in common:
 * version, attribution, sources, labels of the levels.
 *
 * Every export has this data, and it is the same in hundreds of them. In a collection, consecutive exports with equal
 * editions share one; in a generation each is stored once. */
#ifndef SKS_EDITION_H
#define SKS_EDITION_H

#include "core/base/arena.h"
#include "core/index/store.h"
#include "strings.h"

typedef struct sks_edition {
    const char *version, *description, *attribution; /* "" if missing */
    const char *labels[SKS_LEVELS];                  /* likewise; by enum sks_level */
    const sks_citation *citations;                   /* in the order of the export */
    size_t citation_count;
} sks_edition;

/* Copies an edition into an arena; NULL when out of memory. */
const sks_edition *sks_edition_copy (sks_arena *arena, const sks_edition *edition);

bool sks_edition_equal (const sks_edition *a, const sks_edition *b);

/* An edition of a generation. Its strings are borrowed from the store, its list of
 * citations is the arena's. False when out of memory. */
bool sks_edition_load (sks_edition *out, const sks_store *store, uint32_t row, sks_arena *arena);

/* The editions of a generation that is being built. */
typedef struct sks_editions {
    sks_strings *strings; /* borrowed */
    sks_edition_row *row; /* the last one is not counted: it closes the last range */
    sks_citation_row *citation;
    uint32_t count, citations;
    size_t row_capacity, citation_capacity, mask;
    uint32_t *slots;         /* row + 1; 0: a free slot */
    const sks_edition *last; /* that was added; borrowed */
    uint32_t last_row;
} sks_editions;

/* Make room for at most `most` different editions; free with sks_editions_free. */
int sks_editions_begin (sks_editions *editions, sks_strings *strings, size_t max, sks_error *err);
void sks_editions_free (sks_editions *editions);

/* The row of an edition, which is added when it is new. It is borrowed until the
 * next call. */
int sks_editions_add (sks_editions *editions, const sks_edition *edition, uint32_t *row, sks_error *err);

#endif
