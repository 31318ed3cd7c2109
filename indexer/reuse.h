/* reuse.h - the postings of the last generation that the next one takes over.
 *
 * Feeding Xapian is what a build takes longest for, and Xapian has no way to take
 * a posting out of a file without its term lists, which would double the file.
 * So a generation may keep the last one's postings file byte for byte, with a map
 * that tells which statement each of its documents is now, or that it is gone,
 * and put what is new into a second, small file. The second file is made anew
 * each time, and the first one once too much of it is gone or missing. */
#ifndef SKS_REUSE_H
#define SKS_REUSE_H

#include "plan.h"

/* Building anew is the better choice once more than one in SKS_REUSE_SHARE
 * statements is new, or that many documents are gone (docs/indexing.md). */
#define SKS_REUSE_SHARE 4

typedef struct sks_reuse {
    const sks_store *last; /* borrowed */
    const char *folder;    /* of the last generation; borrowed */
    uint32_t *document;    /* the statement of each document; first the base's */
    uint32_t documents, base;
    bool *covered; /* a statement: the base file has its postings */
} sks_reuse;

/* Work out what can be taken over.
 *   last    the current generation, NULL if there is none; folder is where it is.
 *   *out    caller owns it; free with sks_reuse_destroy. NULL when it is better to
 *           build anew.
 * Returns 0 or SKS_ENOMEM. */
int sks_reuse_make (sks_reuse **out, const sks_plan *plan, const sks_store *last, const char *folder, sks_error *err);
void sks_reuse_destroy (sks_reuse **reuse_p);

/* Whether a statement's postings have to be made. reuse may be NULL. */
static inline bool
sks_reuse_lacks (const sks_reuse *reuse, uint32_t statement)
{
    return !reuse || !reuse->covered[statement];
}

/* Copy the base postings file into another folder, and sync it. */
int sks_reuse_copy (const sks_reuse *reuse, const char *folder, sks_error *err);

#endif
