/* postings.h - the decoded posting list of one stem, and its context scores.
 *
 * Xapian's list is decoded once and kept, within a budget, as long as the generation is open. With it are the
 * scores of the stem for occupations and groups; they depend only on stem and generation, so a query just adds
 * them. */
#ifndef SKS_POSTINGS_H
#define SKS_POSTINGS_H

#include "core/base/arena.h"
#include "contexts.h"
#include "core/index/lists.h"
#include "set.h"
#include "slots.h"
#include "snapshot.h"

typedef struct sks_postings {
    uint32_t count;
    const uint32_t *statements; /* ascending */
    const uint16_t *wdf;        /* what each carries: weight code and form rank, core/index/posting.h */
    uint64_t *bits;             /* the same statements as bits, if the stem is frequent; else NULL. Read only */
    const uint32_t *before;     /* the number of postings before each word of the bits */
    sks_slots slots;            /* of the statements; if there are bits, these are used */
    sks_contexts contexts;      /* its scores for occupations */
    const float *groups;        /* score by group row */
    float opening;              /* 0..1: share of its statements that begin with it */
    float most;                 /* the greatest weight of a posting (rank.h) */
} sks_postings;

/* The set of a stem's statements. Borrowed: valid as long as the postings. */
static inline sks_set
sks_postings_set (const sks_postings *postings, const sks_store *store)
{
    return (sks_set) { store->statements, postings->count, postings->statements, postings->bits, postings->slots };
}

/* The index of a statement's posting, SKS_NONE if there is none. */
static inline uint32_t
sks_postings_find (const sks_postings *p, uint32_t statement)
{
    if (p->bits) {
        uint64_t word = p->bits[statement / 64], bit = (uint64_t) 1 << statement % 64;
        return word & bit ? p->before[statement / 64] + (uint32_t) __builtin_popcountll (word & (bit - 1)) : SKS_NONE;
    }
    uint32_t i = sks_slots_find (p->slots, p->statements, p->count, statement);
    return i < p->count && p->statements[i] == statement ? i : SKS_NONE;
}

/* The maximum size in bytes of the decoded list of a stem, whose number of occupations is not known before. */
size_t sks_postings_bytes (const sks_snapshot *snapshot, uint32_t stem);

/* Decode a stem's list into `list`, which has sks_postings_bytes. lists must belong to the calling thread. Returns
 * 0, or a failure of sks_lists_read. */
int sks_postings_decode (const sks_snapshot *snapshot, sks_lists *lists, uint32_t stem, sks_postings *list,
                         sks_arena *scratch, sks_error *err);

/* Release the part of a decoded list's memory that it does not use: the list was allocated by malloc, and may move.
 * Returns its size in bytes. */
size_t sks_postings_fit (sks_postings **list_p, const sks_snapshot *snapshot, uint32_t stem);

#endif
