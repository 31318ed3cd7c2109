/* postings.h - the decoded posting list of one stem, and its context scores.
 *
 * Xapian's list is decoded once and kept, within a budget, as long as the
 * generation is open. Beside it stands what the stem tells about occupations
 * and groups; that depends on stem and generation alone, so a query only adds. */
#ifndef SKS_POSTINGS_H
#define SKS_POSTINGS_H

#include "../../core/arena.h"
#include "../../core/lists.h"
#include "generation.h"
#include "set.h"

/* The stem in one occupation, as a share of the score. */
typedef struct sks_context_score {
    uint32_t occupation;
    float score;
} sks_context_score;

typedef struct sks_postings {
    uint32_t count;
    const uint32_t *statements;  /* ascending */
    const uint8_t *codes;        /* weight codes, core/posting.h */
    const uint8_t *ranks;        /* form ranks */
    uint64_t *bits;              /* the same statements, of a frequent stem; else NULL. Read only */
    const uint32_t *before;      /* postings below each word of the bits */
    uint32_t context_count;
    const sks_context_score *contexts;  /* by occupation */
    const float *groups;         /* score by group row */
    float opening;               /* 0..1: share of the statements that open with it */
} sks_postings;

const sks_store *sks_generation_store (const sks_generation *generation);

/* Path of the generation's folder. Borrowed: valid while it is open. */
const char *sks_generation_folder (const sks_generation *generation);

/* The set of a stem's statements. Borrowed: valid as long as the postings. */
static inline sks_set
sks_postings_set (const sks_postings *postings, const sks_store *store)
{
    return (sks_set) { store->statements, postings->count, postings->statements, postings->bits };
}

/* The postings of a stem. lists is the calling thread's own.
 *   *out   borrowed: valid as long as the generation is open, or, when the
 *          budget is used up, as long as scratch is not cleared. */
int sks_generation_postings (sks_generation *generation, sks_lists *lists, uint32_t stem,
                             sks_arena *scratch, const sks_postings **out, sks_error *err);

#endif
