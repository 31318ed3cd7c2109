/* postings.h - the decoded posting list of one stem, and its context scores.
 *
 * Xapian's list is decoded once and kept, within a budget, as long as the
 * generation is open. Beside it stands what the stem says about occupations
 * and groups; that depends on stem and generation alone, so a query only adds. */
#ifndef SKS_POSTINGS_H
#define SKS_POSTINGS_H

#include "core/base/arena.h"
#include "core/index/lists.h"
#include "set.h"
#include "snapshot.h"

typedef struct sks_postings {
    uint32_t count;
    const uint32_t *statements; /* ascending */
    const uint16_t *wdf;        /* what each carries: weight code and form rank, core/index/posting.h */
    uint64_t *bits;             /* the same statements, of a frequent stem; else NULL. Read only */
    const uint32_t *before;     /* postings below each word of the bits */
    uint32_t context_count;
    const uint32_t *occupations; /* those with a context, ascending; NULL: each has one, if only 0 */
    const float *contexts;       /* their scores */
    const float *groups;         /* score by group row */
    float opening;               /* 0..1: share of the statements that open with it */
} sks_postings;

/* The set of a stem's statements. Borrowed: valid as long as the postings. */
static inline sks_set
sks_postings_set (const sks_postings *postings, const sks_store *store)
{
    return (sks_set) { store->statements, postings->count, postings->statements, postings->bits };
}

/* The posting of a statement, SKS_NONE when there is none. *from is the first one
 * that it may be, 0 at first, and moves on: statements must ascend. */
static inline uint32_t
sks_postings_find (const sks_postings *p, uint32_t statement, uint32_t *from)
{
    if (p->bits) {
        uint64_t word = p->bits[statement / 64], bit = (uint64_t) 1 << statement % 64;
        return word & bit ? p->before[statement / 64] + (uint32_t) __builtin_popcountll (word & (bit - 1)) : SKS_NONE;
    }
    *from = sks_set_list_find (p->statements, p->count, *from, statement);
    return *from < p->count && p->statements[*from] == statement ? *from : SKS_NONE;
}

/* What the stem adds to all statements of an occupation. *from as above, of
 * occupations. */
static inline float
sks_postings_context (const sks_postings *p, uint32_t occupation, uint32_t *from)
{
    if (!p->occupations)
        return p->contexts[occupation];
    *from = sks_set_list_find (p->occupations, p->context_count, *from, occupation);
    return *from < p->context_count && p->occupations[*from] == occupation ? p->contexts[*from] : 0;
}

/* Bytes that the decoded list of a stem takes at most. */
size_t sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem);

/* Decode a stem's list into `list`, which has sks_postings_bytes. lists is the calling
 * thread's own. Returns 0, or a failure of sks_lists_read. */
int sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                         sks_arena *scratch, sks_error *err);

#endif
