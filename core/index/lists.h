/* lists.h - the posting lists of a generation, from one or both of its Xapian files.
 *
 * A generation from a full build has one Xapian file, whose documents are its statements. One that was made from the
 * previous generation has the previous file unchanged, with a map for moved and removed statements, and a second file
 * for added ones; a list then merges both. Callers do not see the difference. One thread at a time. */
#ifndef SKS_LISTS_H
#define SKS_LISTS_H

#include "core/base/budget.h"
#include "store.h"

typedef struct sks_lists sks_lists;

/* Open the lists of the generation in `folder`, whose store is open.
 *   *out    caller owns it; free with sks_lists_close. It borrows the store:
 *           valid until that is closed.
 * Returns 0, SKS_EINDEX, SKS_EIO or SKS_ENOMEM. */
int sks_lists_open (sks_lists **out, const sks_store *store, const char *folder, sks_error *err);
void sks_lists_close (sks_lists **lists_p);

/* End sks_lists_read with SKS_EDEADLINE or SKS_ESHUTTINGDOWN when this budget is
 * cut. Borrowed: valid until the lists are closed. */
void sks_lists_limit (sks_lists *lists, sks_budget *budget);

/* Documents of both files, including deleted ones. */
uint32_t sks_lists_documents (sks_lists *lists);

/* Write a stem's postings: statements (ascending) and their counts (posting.h). The arrays have space for the number
 * in the dictionary; SKS_EINDEX when the list has a different length or is not a valid list of statements. */
int sks_lists_read (sks_lists *lists, uint32_t stem, uint32_t *statements, uint32_t *counts, sks_error *err);

/* Whether a stem has documents, which ascend: rows of store->document, or without these statements. *found becomes the
 * number of those before the first one that it does not have. */
int sks_lists_find (sks_lists *lists, uint32_t stem, const uint32_t *documents, size_t count, size_t *found,
                    sks_error *err);

#endif
