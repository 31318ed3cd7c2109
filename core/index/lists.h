/* lists.h - the posting lists of a generation, whichever of its files hold them.
 *
 * A generation that was built anew has one Xapian file, whose documents are its
 * statements. One that was made from the generation before has that one's file
 * as it was, with a map for what moved or went, and a second file of what was
 * added; a list is then the two merged. Nobody above this room knows the
 * difference. One thread at a time. */
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

/* Documents of both files, those that are gone included. */
uint32_t sks_lists_documents (sks_lists *lists);

/* Write a stem's postings: statements (ascending) and what each carries
 * (posting.h). There is room for as many as the dictionary tells; SKS_EINDEX when
 * they are more or fewer, or are no list of the store's statements. */
int sks_lists_read (sks_lists *lists, uint32_t stem, uint32_t *statements, uint32_t *counts, sks_error *err);

#endif
