/* reuse.h - what the next generation takes over from the last one: its postings, and the numbers of its words.
 *
 * Writing all postings takes a third of the time of a small change. So a generation may keep the last one's postings
 * file byte for byte, with a map from each of its documents to its present statement, or to none. New statements go
 * into a second, small file. The second file is rebuilt each time; the first one is rebuilt once too many statements
 * are gone or new. */
#ifndef SKS_REUSE_H
#define SKS_REUSE_H

#include "plan.h"

/* A full build is better once more than one in SKS_REUSE_SHARE statements is new, or as many documents are gone
 * (docs/indexing.md). */
#define SKS_REUSE_SHARE 8

/* After at most as many numbers of generations one is built from scratch, as words that no longer occur stay in a
 * dictionary that grows. */
#define SKS_REUSE_RUNS 32

typedef struct sks_reuse {
    const sks_store *last; /* borrowed */
    const char *folder;    /* of the last generation; borrowed */
    uint32_t *document;    /* the statement of each document; documents of the base first */
    uint32_t documents, base;
    bool *covered;        /* a statement: the base file has its postings */
    uint32_t *occupation; /* of the last generation: its number now, SKS_NONE if it is gone */
} sks_reuse;

/* Determine what can be taken over.
 *   last    the current generation, or NULL; folder is its path.
 *   number  of the next generation
 *   *out    caller owns it; free with sks_reuse_destroy. NULL when a full build is better.
 * Returns 0 or SKS_ENOMEM. */
int sks_reuse_make (sks_reuse **out, const sks_plan *plan, const sks_store *last, const char *folder, uint64_t number,
                    sks_error *err);
void sks_reuse_destroy (sks_reuse **reuse_p);

/* Whether a statement's postings must be built. reuse may be NULL. */
static inline bool
sks_reuse_lacks (const sks_reuse *reuse, uint32_t statement)
{
    return !reuse || !reuse->covered[statement];
}

/* Copy the base postings file into another folder, and sync it. */
int sks_reuse_copy (const sks_reuse *reuse, const char *folder, sks_error *err);

#endif
