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
#include "posting_kinds.h"
#include "set.h"
#include "snapshot.h"

typedef struct sks_postings {
    uint32_t count;
    uint32_t kind_count;           /* 0: the load of a posting is its wdf (core/index/posting.h), else its kind */
    sks_packed packed;             /* the postings, by statement; without slots if there are bits */
    uint64_t *bits;                /* the statements as bits, if the stem is frequent; else NULL. Read only */
    const uint32_t *before;        /* the number of postings before each word of the bits */
    const sks_posting_kind *kinds; /* by load */
    sks_contexts contexts;         /* its scores for occupations */
    const float *groups;           /* score by group row */
    float opening;                 /* 0..1: share of its statements that begin with it */
    float most;                    /* the greatest weight of a posting (rank.h) */
} sks_postings;

/* The set of a stem's statements. Borrowed: valid as long as the postings. */
static inline sks_set
sks_postings_set (const sks_postings *p, const sks_store *store)
{
    sks_set set = { .universe = store->statements, .count = p->count, .bits = p->bits };
    if (!p->bits)
        set.packed = p->packed;
    return set;
}

/* The index of the first posting whose statement is not below `statement`, which is at most the number of all. */
static inline uint32_t
sks_postings_seek (const sks_postings *p, uint32_t statement)
{
    if (!p->bits)
        return sks_packed_seek (&p->packed, p->count, statement);
    uint64_t below = ((uint64_t) 1 << statement % 64) - 1;
    return p->before[statement / 64] + (uint32_t) __builtin_popcountll (p->bits[statement / 64] & below);
}

/* The index of a statement's posting, SKS_NONE if there is none. */
static inline uint32_t
sks_postings_find (const sks_postings *p, uint32_t statement)
{
    if (!p->bits)
        return sks_packed_find (&p->packed, p->count, statement);
    return sks_set_has_bit (p->bits, statement) ? sks_postings_seek (p, statement) : SKS_NONE;
}

static inline uint32_t
sks_postings_wdf (const sks_postings *p, uint32_t i)
{
    uint32_t load = sks_packed_load (p->packed.postings[i]);
    return p->kind_count ? p->kinds[load] >> 8 : load;
}

/* The postings of a block of statements. Those of the next one follow; all are passed from a run of zeros on. */
typedef struct sks_postings_run {
    uint32_t base, end; /* the block's first statement, and the end of its postings */
    uint32_t block;     /* the first statement of the next block */
} sks_postings_run;

/* The statement of a posting, whose index is not below that of the call before. */
static inline uint32_t
sks_postings_statement (const sks_postings *p, const sks_store *store, sks_postings_run *run, uint32_t i)
{
    while (i >= run->end) {
        run->base = run->block;
        run->block =
            store->statements - run->base > SKS_PACKED_BLOCK ? run->base + SKS_PACKED_BLOCK : store->statements;
        run->end = sks_postings_seek (p, run->block);
    }
    return run->base + sks_packed_number (p->packed.postings[i]);
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
